"""A window in which nothing happens does nothing: it lays nothing out, paints nothing, and lets the processor rest."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QSettings
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from viewer.resources import resource
from viewer.ui.compare_window import CompareWindow
from viewer.ui.main_window import MainWindow
from viewer.ui.settings import Settings
from viewer.ui.theme import AppTheme, ThemeChoice

EXAMPLE = resource("examples/say-hi-in-portuguese.yaml")
OTHER = resource("examples/weather-tool.yaml")
TABS = [
    *(f"request/{name}" for name in ("conversation", "body", "headers", "yaml")),
    *(f"response/{name}" for name in ("transcript", "events", "body", "headers", "yaml")),
]


class Work(QObject):
    """Counts the events that laying out, painting and calls between objects cause."""

    KINDS = (QEvent.Type.LayoutRequest, QEvent.Type.Paint, QEvent.Type.Resize, QEvent.Type.MetaCall)

    def __init__(self) -> None:
        super().__init__()
        self.seen: Counter[tuple[str, str]] = Counter()

    def eventFilter(self, target: QObject, event: QEvent) -> bool:
        if event.type() in self.KINDS:
            self.seen[type(target).__name__, event.type().name] += 1
        return False


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


def comes_to_rest(qtbot: QtBot, qapp: QApplication) -> bool:
    """Whether the event loop has nothing of all that to do for a twentieth of a second, within five seconds."""
    work = Work()
    qapp.installEventFilter(work)
    for _ in range(100):
        work.seen.clear()
        qtbot.wait(50)
        if not work.seen:
            break
    qapp.removeEventFilter(work)
    return not work.seen


@pytest.mark.parametrize("width", [1280, 620])
def test_the_main_window(qtbot: QtBot, qapp: QApplication, settings: Settings, width: int) -> None:
    """The replay bar invalidated its layout when asked for its size, and so was laid out again without end."""
    window = MainWindow(settings, AppTheme(qapp, ThemeChoice.LIGHT))
    qtbot.addWidget(window)
    window.resize(width, 700)
    window.show()
    assert comes_to_rest(qtbot, qapp)
    window.open_paths([EXAMPLE])
    for tab in TABS:
        window.select_tab(tab)
        assert comes_to_rest(qtbot, qapp), tab
    _close(window)


def test_the_comparison(qtbot: QtBot, qapp: QApplication, settings: Settings) -> None:
    window = CompareWindow(settings, AppTheme(qapp, ThemeChoice.LIGHT))
    qtbot.addWidget(window)
    window.show()
    window.compare(EXAMPLE, OTHER)
    qtbot.waitUntil(lambda: window.is_settled)
    for tab in window.tabs:
        window.select_tab(tab)
        qtbot.waitUntil(lambda: window.is_settled)
        assert comes_to_rest(qtbot, qapp), tab
    _close(window)


def _close(window: QWidget) -> None:
    assert window.close()
