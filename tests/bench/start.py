"""How long until the answer can be read: the program beside a bare PySide6 window with one text field.

    python -m tests.bench.start [--pairs 10] [--platform offscreen] [--limit 2.5] [--imports] [FILE --answer TEXT]

Each pair starts one process of each kind and takes the time from just before the start to the end of the first
paint of a widget that holds the text. The figures are medians; the exit code is 1 where the ratio exceeds the
limit. The processor time of the same starts says more on a busy machine. `--imports` lists the modules that the
program takes longest to import and the bare window does not import at all.

Both run from compiled modules, as an installed program does: a pair before the first compiles them.

The program has no hook for this. The child below calls `viewer.start.main` as the installed command does, and only
puts `QApplication.exec` behind a function that first installs an event filter, on every widget that Python knows.
(On the application it would also be handed objects that only Qt knows, and for the first of those PySide sets up
a hundred classes to find its own: 15 ms that neither window spends by itself.) What a widget holds is asked in
this order: `toPlainText()`, `text()`, its accessible text. A view that paints its text itself is seen by the last,
which people who use a screen reader need as well.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "resources" / "examples" / "say-hi-in-portuguese.yaml"

# What both children do. `run(answer)` takes the place of QApplication.exec.
WATCH = """
import os, sys, time
def watch(answer):
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtGui import QAccessible
    from PySide6.QtWidgets import QApplication, QWidget
    from shiboken6 import Shiboken

    def text_of(widget):
        for name in ("toPlainText", "text"):
            if callable(method := getattr(widget, name, None)):
                return str(method())
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is None:
            return ""
        texts = interface.textInterface()
        whole = texts.text(0, texts.characterCount()) if texts else ""
        return whole + interface.text(QAccessible.Text.Name) + interface.text(QAccessible.Text.Value)

    def holds_answer(widget):
        # What scrolls paints its viewport; the text is its parent's.
        return any(part and answer in text_of(part) for part in (widget, widget.parentWidget()))

    def stop():
        print(time.monotonic_ns(), flush=True)
        os._exit(0)

    class Watcher(QObject):
        def eventFilter(self, target, event):
            if event.type() == QEvent.Type.Paint and holds_answer(target):
                QTimer.singleShot(0, stop)  # once this paint has ended
            return False

    original = QApplication.exec
    def exec_watched(*_):
        watcher = Watcher()
        app = QApplication.instance()
        for known in Shiboken.getAllValidWrappers():
            if isinstance(known, QWidget):
                known.installEventFilter(watcher)
        for window in app.topLevelWidgets():
            window.update()  # where show() painted at once, the next paint counts: never to our advantage
        return original()
    QApplication.exec = exec_watched
"""

BARE = """
watch(sys.argv[2])
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
app = QApplication([])
window = QWidget()
QVBoxLayout(window).addWidget(QLineEdit(sys.argv[2]))
window.resize(1280, 800)
window.show()
app.exec()
"""

# The program loads Qt in its own way; who watches comes in behind that.
PROGRAM = """
class WatchBehindQt:
    def find_spec(self, name, path, target=None):
        if name == "viewer.app":
            sys.meta_path.remove(self)
            watch(answer)
        return None

answer = sys.argv[2]
sys.meta_path.insert(0, WatchBehindQt())
sys.argv[:] = ["cassette-viewer", sys.argv[1]]
from viewer.start import main
sys.exit(main())
"""


class Start(NamedTuple):
    """One start in seconds: until the answer was painted, and of processor time."""

    painted: float
    processor: float


def start(child: str, file: Path, answer: str, env: dict[str, str]) -> Start:
    """Starts `child` and times it to the end of its first paint with the answer, when it ends.

    Raises RuntimeError where it ends without, or does not get there within a minute.
    """
    before = _processor_time_of_children()
    begin = time.monotonic_ns()
    ended = _run(["-c", WATCH + child, str(file), answer], answer, env)
    painted = (int(ended.stdout.split()[-1]) - begin) / 1e9
    return Start(painted, _processor_time_of_children() - before)


def _processor_time_of_children() -> float:
    """In seconds, to the microsecond; os.times() counts in hundredths of a second."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _run(arguments: list[str], answer: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    try:
        ended = subprocess.run(
            command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=60
        )
    except subprocess.TimeoutExpired as err:
        raise RuntimeError(f"no widget that holds {answer!r} was painted within a minute") from err
    if ended.returncode or not ended.stdout:
        raise RuntimeError(f"the child ended without a paint that holds {answer!r}\n{ended.stderr}")
    return ended


def compare(file: Path, answer: str, pairs: int, env: dict[str, str]) -> tuple[Start, Start]:
    """Medians of `pairs` starts each: the bare window's, the program's. One pair before warms up."""
    bare, program = [], []
    for number in range(pairs + 1):
        bare.append(start(BARE, file, answer, env))
        program.append(start(PROGRAM, file, answer, env))
        if number:
            print(
                f"pair {number}: bare {bare[-1].painted:.3f} s, program {program[-1].painted:.3f} s",
                flush=True,
            )
    return median(bare[1:]), median(program[1:])


def median(starts: list[Start]) -> Start:
    """The median of each figure."""
    return Start(
        statistics.median(one.painted for one in starts), statistics.median(one.processor for one in starts)
    )


def slowest_imports(file: Path, answer: str, env: dict[str, str], most: int = 20) -> list[tuple[str, float]]:
    """The modules that the program alone imports, with the milliseconds that each took by itself."""
    own, others = (_imports(child, file, answer, env) for child in (PROGRAM, BARE))
    alone = [(name, took) for name, took in own.items() if name not in others]
    return sorted(alone, key=lambda pair: -pair[1])[:most]


def _imports(child: str, file: Path, answer: str, env: dict[str, str]) -> dict[str, float]:
    ended = _run(["-X", "importtime", "-c", WATCH + child, str(file), answer], answer, env)
    lines = re.findall(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)", ended.stderr)
    return {name: int(microseconds) / 1000 for microseconds, name in lines}


def environment(platform: str, home: str) -> dict[str, str]:
    """This process's, with settings, state and compiled modules in `home`: no earlier session is restored.

    The runtime folder too, where a program that is running already would take the file over.
    """
    places = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "PYTHONPYCACHEPREFIX")
    elsewhere = {place: f"{home}/{place}" for place in places}
    env = {**os.environ, **elsewhere, "XDG_RUNTIME_DIR": home, "QT_QPA_PLATFORM": platform}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return env


def main() -> int:
    """Measures, prints, and returns 1 where the program took more than the limit allows."""
    parser = argparse.ArgumentParser(description="Time to the first paint that holds the answer.")
    parser.add_argument("file", nargs="?", type=Path, default=EXAMPLE)
    parser.add_argument("--answer", default="Olá!")
    parser.add_argument("--pairs", type=int, default=10)
    parser.add_argument("--platform", default=os.environ.get("QT_QPA_PLATFORM", "offscreen"))
    parser.add_argument("--limit", type=float, default=2.5)
    parser.add_argument("--imports", action="store_true", help="list what takes longest to import")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        env = environment(options.platform, home)
        file = options.file.resolve()
        bare, program = compare(file, options.answer, options.pairs, env)
        if options.imports:
            for name, took in slowest_imports(file, options.answer, env):
                print(f"{took:6.1f} ms {name}")
    ratio = program.painted / bare.painted
    print(
        f"{options.platform}: bare {bare.painted:.3f} s, program {program.painted:.3f} s, ratio {ratio:.2f}"
    )
    print(
        f"processor time: bare {bare.processor:.3f} s, program {program.processor:.3f} s, "
        f"ratio {program.processor / bare.processor:.2f}"
    )
    return int(ratio > options.limit)


if __name__ == "__main__":
    sys.exit(main())
