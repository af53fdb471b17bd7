"""From arguments to windows: the only place that builds the parts and connects them.

Starting goes in this order: arguments; a running program, if there is one, gets the files and this one ends;
the application with its theme; the window; a small file is read before the window is shown, so that the first
paint holds it, a large one behind it; after that paint, the listener for later starts, and what else can wait.
"""

from __future__ import annotations

import argparse
import builtins
import gc
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSocketNotifier, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication, QMainWindow
from shiboken6 import isValid

from viewer.document.tasks import end_all
from viewer.ui.theme import AppTheme, ThemeChoice

# Imported where they are needed first, so that the first paint does not wait for what it does not show.
if TYPE_CHECKING:
    from viewer.cassette.cassette import Cassette
    from viewer.document.recovery import Recovery
    from viewer.ui.compare_window import CompareWindow
    from viewer.ui.main_window import MainWindow
    from viewer.ui.recovery_offer import RecoveryOffer
    from viewer.ui.settings import Settings
    from viewer.ui.single_instance import Listener

_AFTER_FIRST_PAINT = 300


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the program with these arguments (those of the process without them); returns its exit status."""
    options = _parser().parse_args(arguments)
    _import_plainly()
    if options.screenshot:
        # A picture needs no display, and none may be there.
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        return _with_application(options, _screenshot)
    if not options.diff and not options.new_instance:
        from viewer.ui.single_instance import hand_over

        if hand_over({"open": [str(path.absolute()) for path in options.files]}):
            return 0
    return _with_application(options, _run)


def _import_plainly() -> None:
    """Takes shiboken's wrapper off `import`.

    WORKAROUND: it reads the source of each module that is imported, to see whether that wants `from __feature__`
    (https://doc.qt.io/qtforpython-6/developer/feature-motivation.html). No module here does, and reading them
    all takes a tenth of the start.
    """
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cassette-viewer",
        description="Opens, replays, edits and compares recorded HTTP cassettes.",
        allow_abbrev=False,
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="a cassette, or a folder of them")
    parser.add_argument(
        "--diff", nargs=2, type=Path, metavar=("A", "B"), help="open two recordings side by side"
    )
    parser.add_argument(
        "--theme", choices=[choice.value for choice in ThemeChoice], help="the theme to start with"
    )
    parser.add_argument(
        "--new-instance", action="store_true", help="do not hand the files to a program that is running"
    )
    picture = parser.add_argument_group("pictures", "render the window without a display, and end")
    picture.add_argument("--screenshot", type=Path, metavar="OUT.png")
    picture.add_argument(
        "--size", type=_size, default=(1280, 800), metavar="WxH", help="in pixels (1280x800)"
    )
    picture.add_argument("--select", type=int, metavar="N", help="the interaction, counted from 0")
    picture.add_argument(
        "--tab", action="append", default=[], metavar="TAB", help="request/body, response/events …"
    )
    return parser


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal() and int(width) and int(height)):
        raise argparse.ArgumentTypeError(f"{text!r} is not WIDTHxHEIGHT")
    return int(width), int(height)


class Application(QApplication):
    """The Qt application. `file_opened` carries a file that the desktop asks to open (macOS)."""

    file_opened = Signal(Path)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent):
            self.file_opened.emit(Path(event.file()))
            return True
        return super().event(event)


def _with_application(
    options: argparse.Namespace, run: Callable[[Application, argparse.Namespace], int]
) -> int:
    QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = Application(["cassette-viewer"])
    app.setApplicationName("cassette-viewer")
    app.setApplicationDisplayName("Cassette Viewer")
    app.setDesktopFileName("cassette-viewer")
    return run(app, options)


def _run(app: Application, options: argparse.Namespace) -> int:
    from viewer.ui.crash import install_excepthook
    from viewer.ui.settings import Settings

    # Next to nothing of what a start makes is garbage; looking for it again and again takes 10 ms.
    gc.disable()
    settings = Settings()
    theme = AppTheme(app, ThemeChoice(options.theme) if options.theme else settings.theme)
    install_excepthook()
    program = Program(app, settings, theme)
    if options.diff:
        program.compare(*options.diff)
    else:
        program.open_window(options.files)
    QTimer.singleShot(_AFTER_FIRST_PAINT, app, partial(_settle, app))
    if not options.new_instance:
        QTimer.singleShot(_AFTER_FIRST_PAINT, program.listen)
    status = app.exec()
    program.close()
    return status


def _settle(app: Application) -> None:
    """Does what the first paint need not wait for."""
    gc.freeze()
    gc.enable()
    _let_signals_through(app)


def _screenshot(app: Application, options: argparse.Namespace) -> int:
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
            QTimer.singleShot(_AFTER_FIRST_PAINT, self._guard)
        self.window.open_paths(files)
        self.window.show()
        return self.window

    @Slot(Path, Path)
    def compare(self, left: Path | Cassette, right: Path | Cassette) -> CompareWindow:
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
        from viewer.ui.single_instance import Listener

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
