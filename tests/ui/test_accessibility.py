"""Whoever cannot see the window hears what everything in it is called."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from viewer.document.tasks import pending_jobs
from viewer.resources import resource
from viewer.ui.compare_window import CompareWindow
from viewer.ui.main_window import MainWindow
from viewer.ui.settings import Settings
from viewer.ui.theme import AppTheme, ThemeChoice


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def theme(qapp: QApplication) -> AppTheme:
    return AppTheme(qapp, ThemeChoice.LIGHT)


def nameless(window: QWidget) -> list[QWidget]:
    """What the keyboard can come to without hearing a name."""
    found = []
    for widget in window.findChildren(QWidget):
        by_keys = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
        if by_keys and widget.isVisible() and not widget.objectName().startswith("qt_"):
            interface = QAccessible.queryAccessibleInterface(widget)
            if not interface.text(QAccessible.Text.Name):
                found.append(widget)
    return found


def test_everything_in_the_main_window_has_a_name(
    qtbot: QtBot, settings: Settings, theme: AppTheme, tmp_path: Path
) -> None:
    window = MainWindow(settings, theme)
    qtbot.addWidget(window)
    settings.add_recent(tmp_path / "a.yaml")
    window.welcome.show_recent(settings.recent)
    window.show()
    assert nameless(window) == []
    window.open_paths([resource("examples/weather-tool.yaml")])
    assert window.document is not None
    window.select(window.document, 1)
    window.actions_by_name["problems"].trigger()
    for pane in window.panes:
        for tab in pane.tab_names():
            pane.select_tab(tab)
            assert nameless(window) == [], tab
    window.response_pane.select_tab("body")
    window.response_pane.find()
    assert nameless(window) == []
    window.open_paths([tmp_path / "missing.yaml"])
    assert window.error_page is not None
    assert nameless(window) == []


def test_everything_beside_each_other_has_a_name(qtbot: QtBot, settings: Settings, theme: AppTheme) -> None:
    window = CompareWindow(settings, theme)
    qtbot.addWidget(window)
    window.show()
    example = resource("examples/weather-tool.yaml")
    window.compare(example, resource("examples/say-hi-in-portuguese.yaml"))
    qtbot.waitUntil(lambda: window.is_settled and not pending_jobs(), timeout=10_000)
    for tab in window.tabs:
        window.select_tab(tab)
        assert nameless(window) == [], tab
