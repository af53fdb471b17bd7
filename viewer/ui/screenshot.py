"""`--screenshot`: the window that a person gets, as a picture, once everything in it is loaded."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QCoreApplication,
    QEventLoop,
    QMessageLogContext,
    QSettings,
    QtMsgType,
    qInstallMessageHandler,
)

from viewer.document.tasks import end_all, pending_jobs
from viewer.ui.settings import Settings
from viewer.ui.theme import AppTheme, ThemeChoice

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

_PATIENCE = 120.0
# Timers that start other timers, such as the tree's filling rows, come to rest within this time.
_REST = 0.25


def take_screenshot(app: QApplication, options: SimpleNamespace) -> int:
    """Shows the window, waits until it is settled, and writes the picture; returns the exit status."""
    qInstallMessageHandler(_pass_on)
    # A picture should not depend on, nor change, what the user's own window remembers.
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    settings = Settings(QSettings("", QSettings.Format.IniFormat))
    theme = AppTheme(app, ThemeChoice(options.theme or ThemeChoice.LIGHT.value))
    if options.diff:
        shown = _comparison(options, settings, theme)
    else:
        shown = _main_window(options, settings, theme)
    window, problems = shown
    for problem in problems:
        print(f"cassette-viewer: {problem}", file=sys.stderr)
    saved = window.grab().save(str(options.screenshot))
    if not saved:
        print(f"cassette-viewer: the picture cannot be written to {options.screenshot}", file=sys.stderr)
    window.close()
    end_all()
    return 0 if saved and not problems else 2


def _pass_on(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Passes Qt's messages on, but for what the platform without a display says of each window."""
    if "propagateSizeHints" not in message:
        print(message, file=sys.stderr)


def _main_window(options: SimpleNamespace, settings: Settings, theme: AppTheme) -> tuple[QWidget, list[str]]:
    """The window, and what of that which was asked for is not in it."""
    from viewer.ui.main_window import MainWindow

    problems: list[str] = []
    window = MainWindow(settings, theme)
    window.workspace.failed.connect(lambda path, error: problems.append(_told(path, error)))
    window.resize(*options.size)
    window.open_paths(options.files)
    window.show()
    _settle(lambda: window.is_settled)
    document = window.document
    if options.select is not None:
        if document is None or not 0 <= options.select < len(document):
            problems.append(f"there is no interaction {options.select}")
        else:
            window.select(document, options.select)
            _settle(lambda: window.is_settled)
    problems += [f"there is no tab {tab}" for tab in options.tab if not window.select_tab(tab)]
    _settle(lambda: window.is_settled)
    return window, problems


def _comparison(options: SimpleNamespace, settings: Settings, theme: AppTheme) -> tuple[QWidget, list[str]]:
    """As `_main_window`, for two recordings side by side."""
    from viewer.ui.compare_window import CompareWindow

    window = CompareWindow(settings, theme)
    window.resize(*options.size)
    window.compare(*options.diff)
    window.show()
    _settle(lambda: window.is_settled)
    problems = [_told(path, error) for path, error in window.failures]
    if options.select is not None:
        try:
            window.select_pair(options.select)
        except IndexError:
            problems.append(f"there is no pair {options.select}")
    problems += [f"there is no tab {tab}" for tab in options.tab if not window.select_tab(tab)]
    _settle(lambda: window.is_settled)
    return window, problems


def _told(path: Path, error: Exception) -> str:
    """What is wrong with a file; the errors of cassettes name theirs themselves."""
    text = str(error)
    return text if path.name in text else f"{path}: {text}"


def _settle(is_settled: Callable[[], bool]) -> None:
    """Runs the event loop until the window and its background work have come to rest."""
    end = time.monotonic() + _PATIENCE
    quiet_since = time.monotonic()
    while time.monotonic() < end:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        if pending_jobs() or not is_settled():
            quiet_since = time.monotonic()
        elif time.monotonic() - quiet_since > _REST:
            return
        time.sleep(0.002)
