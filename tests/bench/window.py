"""The assembled window for the benches: opened off screen with settings of its own, pumped, and watched.

Times are CPU time of the process, so that other work on the machine counts little: `work` also counts what threads
do meanwhile, `Holds` only how long the interface's thread is kept from its next event.
"""

from __future__ import annotations

import gc
import os
import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from tests.bench.cassettes import GO_VCR, Exchange, Recorder
from viewer.document.large_blocks import map_large_blocks
from viewer.document.tasks import pending_jobs
from viewer.ui.main_window import MainWindow
from viewer.ui.settings import Settings
from viewer.ui.theme import AppTheme, ThemeChoice

_PATIENCE = 900


def make_window(folder: Path) -> MainWindow:
    """A window on the (off-screen) screen, painted, which keeps its settings in `folder`."""
    app = QApplication.instance() or QApplication(["cassette-viewer"])
    assert isinstance(app, QApplication)
    settings = Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
    window = MainWindow(settings, AppTheme(app, ThemeChoice.LIGHT))
    window.resize(1280, 800)
    window.show()
    app.processEvents()
    map_large_blocks()  # as the program does behind its first paint
    return window


def open_in(window: MainWindow, *paths: Path, checked: bool = True) -> None:
    """Opens cassettes and waits until the window is idle."""
    window.open_paths(paths)
    settle(window, checked=checked)


def settle(window: MainWindow, *, checked: bool = True) -> Holds:
    """Runs the event loop until everything asked for is shown and painted; how long its turns took.

    Where it is to be `checked`, until problems were looked for everywhere, too: that takes a large cassette minutes.
    """
    holds = Holds()
    until = time.monotonic() + _PATIENCE
    while True:
        holds.turn()
        if window.is_settled and not pending_jobs() and not (checked and window.problems.is_busy):
            break
        if time.monotonic() > until:
            raise TimeoutError("the window does not come to rest")
        time.sleep(0.003)  # or looking costs more than what is looked at, on a busy machine
    holds.turn()
    return holds


class Holds:
    """How long the interface was kept from its next event, in seconds, at the longest.

    Counted from one turn of the loop to the next, so that a worker which holds the interpreter's lock counts too.
    Of the clock and the processor time of all threads the smaller counts: neither other programs nor workers that
    let go of the lock lengthen it.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self._since = _clocks()

    def turn(self) -> None:
        """Lets the loop do what waits: deliver, lay out, paint."""
        self.count(run_loop)

    def count(self, call: Callable[[], object]) -> None:
        """Takes the time of something that is done within the interface's thread, and the wait before it."""
        call()
        before, self._since = self._since, _clocks()
        self.longest = max(self.longest, min(self._since[0] - before[0], self._since[1] - before[1]))

    def begin(self) -> None:
        """From here on; what was until now does not count."""
        self.longest = 0.0
        self._since = _clocks()


def _clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def run_loop() -> None:
    """One turn of the event loop, with what `exec` would also do: deleting what was to be deleted later."""
    QApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def work(call: Callable[[], object]) -> float:
    """Seconds of CPU that a call takes in all threads; rubbish is collected before."""
    gc.collect()
    begun = time.process_time()
    call()
    return time.process_time() - begun


def press(widget: QWidget, text: str, key: Qt.Key = Qt.Key.Key_unknown) -> None:
    """Sends one key to a widget, as the platform does."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))


def resident() -> float:
    """Megabytes of memory in use now."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def write_exchanges(
    path: Path,
    bodies: Sequence[tuple[str, str]],
    content_type: str,
    *,
    seconds: int = 1,
    recorder: Recorder = GO_VCR,
) -> None:
    """Writes a cassette of these request and response bodies, each answer of which took some seconds."""
    with path.open("w", encoding="utf-8") as file:
        file.write(recorder.head)
        for number, (asked, answered) in enumerate(bodies):
            exchange = Exchange(
                f"https://api.example.com/v1/projects/{number}/chat/completions",
                {"Content-Type": "application/json", "Accept": "application/json"},
                asked,
                {"Content-Type": content_type, "X-Request-Id": f"{number:032x}"},
                answered,
            )
            entry = recorder.entry(exchange).replace("967.754833ms", f"{seconds}s")
            file.write(recorder.between + entry if number else entry)
        file.write(recorder.tail)
