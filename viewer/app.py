"""From what is asked for to windows: the only place that builds the parts and connects them.

`viewer.start` has read the command line. Here it goes on in this order: the application with its theme; the window;
a small file is read before the window is shown, so that the first paint holds it, a large one behind it; after that
paint, the listener for later starts, and what else can wait.
"""

from __future__ import annotations

import gc
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSocketNotifier, Qt, Signal, Slot
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication, QMainWindow
from shiboken6 import isValid

from viewer.document.tasks import end_all
from viewer.ui.later import after_first_paint
from viewer.ui.theme import AppTheme, ThemeChoice

# Imported where they are needed first, so that the first paint does not wait for what it does not show.
if TYPE_CHECKING:
    from viewer.document.recovery import Recovery
    from viewer.options import Options
    from viewer.ui.compare.recording import Recording
    from viewer.ui.compare_window import CompareWindow
    from viewer.ui.listener import Listener
    from viewer.ui.main_window import MainWindow
    from viewer.ui.recovery_offer import RecoveryOffer
    from viewer.ui.settings import Settings


class Application(QApplication):
    """The Qt application. `file_opened` carries a file that the desktop asks to open (macOS)."""

    file_opened = Signal(Path)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent):
            self.file_opened.emit(Path(event.file()))
            return True
        return super().event(event)


def run(options: Options) -> int:
    """Does what is asked for, until the last window is closed; returns the exit status of the program."""
    QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = Application(["cassette-viewer"])
    app.setApplicationName("cassette-viewer")
    app.setApplicationDisplayName("Cassette Viewer")
    app.setDesktopFileName("cassette-viewer")
    return _screenshot(app, options) if options.screenshot else _run(app, options)


def _run(app: Application, options: Options) -> int:
    from viewer.ui.crash import install_excepthook
    from viewer.ui.settings import Settings

    settings = Settings()
    theme = AppTheme(app, ThemeChoice(options.theme) if options.theme else settings.theme)
    install_excepthook()
    program = Program(app, settings, theme)
    if options.diff:
        program.compare(*options.diff)
    else:
        program.open_window(options.files)
    after_first_paint(app, partial(_settle, app))
    if not options.new_instance:
        after_first_paint(program, program.listen)
    status = app.exec()
    program.close()
    return status


def _settle(app: Application) -> None:
    """Does what the first paint need not wait for; `viewer.start` has switched off looking for garbage."""
    from viewer.document.large_blocks import map_large_blocks
    from viewer.quick_enums import make_enums_as_ever

    make_enums_as_ever()
    gc.freeze()
    gc.enable()
    map_large_blocks()
    _let_signals_through(app)


def _screenshot(app: Application, options: Options) -> int:
    from viewer.ui.screenshot import take_screenshot

    return take_screenshot(app, options)


class Program(QObject):
    """The running program: its main window, its comparisons, and the files that come in from outside."""

    def __init__(self, app: Application, settings: Settings, theme: AppTheme) -> None:
        super().__init__(app)
        self._settings = settings
        self._theme = theme
        self._comparisons: list[CompareWindow] = []
        self._listener: Listener | None = None
        self._recovery: Recovery | None = None
        self._offer: RecoveryOffer | None = None
        self.window: MainWindow | None = None
        app.file_opened.connect(self._open_path)

    def open_window(self, files: Sequence[Path]) -> MainWindow:
        """Shows the main window, with these files in it."""
        from viewer.ui.main_window import MainWindow

        if self.window is None:
            self.window = MainWindow(self._settings, self._theme)
            self.window.compare_requested.connect(self.compare)
            after_first_paint(self, self._guard)
        self.window.open_paths(files)
        self.window.show()
        return self.window

    @Slot(object, object)
    def compare(self, left: Recording, right: Recording) -> CompareWindow:
        """Shows two recordings side by side."""
        from viewer.ui.compare_window import CompareWindow

        window = CompareWindow(self._settings, self._theme)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.destroyed.connect(self._forget_closed)
        self._comparisons.append(window)
        window.compare(left, right)
        window.show()
        return window

    @Slot()
    def listen(self) -> None:
        """Takes files from later starts of the program."""
        from viewer.ui.listener import Listener

        if self._listener is None:
            self._listener = Listener(self)
            self._listener.received.connect(self._receive)

    def close(self) -> None:
        """Ends what runs beside the windows."""
        if self._listener is not None:
            self._listener.close()
        if self._offer is not None:
            self._offer.close()
        end_all()
        if self._recovery is not None:
            self._recovery.close()

    @Slot()
    def _guard(self) -> None:
        """Keeps unsaved edits from now on, before there can be one, and offers what an earlier run has left."""
        from viewer.document.recovery import Recovery
        from viewer.ui.recovery_offer import RecoveryOffer

        if self.window is None:
            return
        self._recovery = Recovery(self.window.workspace, parent=self)
        self.window.given_up.connect(self._recovery.give_up)
        self._offer = RecoveryOffer(self.window, self._recovery, self._theme)
        self._offer.look()

    @Slot(Path)
    def _open_path(self, path: Path) -> None:
        self._raise(self.open_window([path]))

    @Slot(object)
    def _receive(self, request: dict[str, object]) -> None:
        names = request.get("open")
        paths = [Path(name) for name in names if isinstance(name, str)] if isinstance(names, list) else []
        self._raise(self.open_window(paths))

    @Slot()
    def _forget_closed(self) -> None:
        self._comparisons = [window for window in self._comparisons if isValid(window)]

    def _raise(self, window: QMainWindow) -> None:
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()


def _let_signals_through(app: Application) -> None:
    """Lets Ctrl+C in the terminal end the program as closing its window does: Qt's loop would not look."""
    import signal
    import socket

    ours, theirs = socket.socketpair()
    for end in (ours, theirs):
        end.setblocking(False)
    signal.set_wakeup_fd(theirs.fileno())
    notifier = QSocketNotifier(ours.fileno(), QSocketNotifier.Type.Read, app)
    notifier.activated.connect(lambda: ours.recv(64))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: app.closeAllWindows())
    app.setProperty("signal sockets", [ours, theirs])
