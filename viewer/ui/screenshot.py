"""`--screenshot`: the window that a person gets, as a picture, once everything in it is loaded."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
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


def take_screenshot(app: QApplication, options: argparse.Namespace) -> int:
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
    window, problem = shown
    if problem:
        print(f"cassette-viewer: {problem}", file=sys.stderr)
    saved = window.grab().save(str(options.screenshot))
    if not saved:
        print(f"cassette-viewer: the picture cannot be written to {options.screenshot}", file=sys.stderr)
    window.close()
    end_all()
    return 0 if saved and not problem else 2


def _pass_on(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Passes Qt's messages on, but for what the platform without a display says of each window."""
    if "propagateSizeHints" not in message:
        print(message, file=sys.stderr)


def _main_window(options: argparse.Namespace, settings: Settings, theme: AppTheme) -> tuple[QWidget, str]:
    from viewer.ui.main_window import MainWindow

    window = MainWindow(settings, theme)
    window.resize(*options.size)
    window.open_paths(options.files)
    window.show()
    _settle(lambda: window.is_settled)
    problem = ""
    document = window.document
    if options.select is not None:
        if document is None or not 0 <= options.select < len(document):
            problem = f"there is no interaction {options.select}"
        else:
            window.select(document, options.select)
            _settle(lambda: window.is_settled)
    for tab in options.tab:
        if not window.select_tab(tab):
            problem = f"there is no tab {tab}"
    _settle(lambda: window.is_settled)
    return window, problem


def _comparison(options: argparse.Namespace, settings: Settings, theme: AppTheme) -> tuple[QWidget, str]:
    from viewer.ui.compare_window import CompareWindow

    window = CompareWindow(settings, theme)
    window.resize(*options.size)
    window.compare(*options.diff)
    window.show()
    _settle(lambda: window.is_settled)
    if options.select is not None:
        window.select_pair(options.select)
    problem = ""
    for tab in options.tab:
        if not window.select_tab(tab):
            problem = f"there is no tab {tab}"
    _settle(lambda: window.is_settled)
    return window, problem


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
