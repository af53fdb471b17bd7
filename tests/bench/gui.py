"""How fast the assembled window is with large bodies and large cassettes, as ratios measured in one run.

    python -m tests.bench.gui [--row NAME ...] [--pairs 10] [--check]

Each row runs in a process of its own, so that memory is that row's alone. The cassettes are written below a temporary
folder (1 GB of disk) and deleted. Times are CPU time, so that other work on the machine counts little; "hold" is the
longest that an event was kept waiting, by the interface's thread or by a worker that had the interpreter's lock.

The exit code is 1 where a figure exceeds its bound, with `--check` (the steady rows alone, a minute of CPU) where it
exceeds the bound twice over. The soak of random clicks and keys is `tests.bench.soak`.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from tests.bench import replay_frames, start
from tests.bench.cassettes import (
    BETAMAX,
    GO_VCR,
    RUBY_VCR,
    VCRPY,
    VCRPY_JSON,
    Recorder,
    write_cassette,
)
from tests.bench.code_view import one_line
from tests.bench.size import read_and_find
from tests.bench.window import Holds, make_window, open_in, press, resident, settle, work, write_exchanges
from tests.ui.samples import answer_in
from viewer.ui.code_view import CodeView
from viewer.ui.main_window import MainWindow

MB = 1_000_000
# Opening the same 100 MB by hand beside this machine took geany 6.7 s, Kate 4.6 s (and 466 MB), gedit over 90 s.
FASTEST_EDITOR = 4.6
_SEARCHED = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value and the most it may be; `aside` says what it was measured from."""

    name: str
    value: float
    unit: str
    limit: float
    aside: str = ""


Row = Callable[[Path], Iterator[Figure]]


# --- opening

OPENED = """
import os, resource, sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
original = QApplication.exec
def exec_watched(*_):
    window = next(w for w in QApplication.topLevelWidgets() if hasattr(w, "is_settled"))
    def look():
        if window.is_settled and window.interaction is not None:
            timer.stop()
            QTimer.singleShot(0, tell)  # what was asked to paint has painted by then
    def tell():
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(time.monotonic(), time.process_time(), peak, flush=True)
        os._exit(0)
    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(5)
    return original()
QApplication.exec = exec_watched
sys.argv[:] = ["cassette-viewer", "--new-instance", sys.argv[1]]
from viewer.start import main
sys.exit(main())
"""


def opened(path: Path, home: Path) -> tuple[float, float, float]:
    """Starts the program with a cassette: wall and CPU seconds to the painted, idle window; its peak memory in MB."""
    begun = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-c", OPENED, str(path)],
        cwd=start.ROOT,
        env=start.environment("offscreen", str(home)),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    wall, cpu, peak = map(float, ended.stdout.split())
    return wall - begun, cpu, peak / MB


def open_100_mb(folder: Path) -> Iterator[Figure]:
    """From the start of the process to the painted window, three times."""
    path = folder / "large.yaml"
    write_cassette(path, GO_VCR, 100 * MB)
    runs = [opened(path, folder) for _ in range(3)]
    wall, cpu, peak = (statistics.median(column) for column in zip(*runs, strict=True))
    aside = f"{cpu:.2f} s of {FASTEST_EDITOR} s; {wall:.2f} s by the clock"
    yield Figure("100 MB: to a painted, idle window", cpu / FASTEST_EDITOR, "times", 0.25, aside)
    yield Figure("100 MB: memory", peak, "MB", 250)


def open_1_gb(folder: Path) -> Iterator[Figure]:
    """First rows of a gigabyte in a window that is there, against reading it once; they take turns."""
    path = folder / "huge.yaml"
    write_cassette(path, GO_VCR, 1000 * MB)
    window = make_window(folder)
    ours, base, hold = [], [], 0.0
    for _ in range(3):
        base.append(work(lambda: read_and_find(path, GO_VCR.marker.encode())))
        begun = time.process_time()
        window.open_paths([path])
        hold = max(hold, settle(window, checked=False).longest)
        ours.append(time.process_time() - begun)
        window.files.close_current()
        settle(window)
        gc.collect()
    ratio = statistics.median(ours) / statistics.median(base)
    aside = f"{statistics.median(ours):.2f} s of {statistics.median(base):.2f} s"
    yield Figure("1 GB: to the first rows, to read + find", ratio, "times", 1.5, aside)
    yield Figure("1 GB: hold", hold * 1e3, "ms", 100)
    yield from _act_in_1_gb(window, path)


def _act_in_1_gb(window: MainWindow, path: Path) -> Iterator[Figure]:
    """Edits in the middle of a gigabyte, which number half of its entries anew; then a search of all bodies."""
    window.open_paths([path])
    settle(window, checked=False)
    assert window.document is not None
    window.select(window.document, len(window.document) // 2)
    settle(window, checked=False)
    held = {}
    for label, action in (
        ("duplicate", window.commands.duplicate),
        ("undo that", window.undo),
        ("redo", window.redo),
        ("save", window.files.save),
        ("delete", window.commands.delete),
        ("undo", window.undo),
        ("move", window.commands.move_up),
    ):
        held[label] = _held(window, action, checked=False) * 1e3
    worst = sorted(held, key=lambda label: -held[label])[:3]
    aside = ", ".join(f"{label} {held[label]:.0f}" for label in worst)
    yield Figure(f"1 GB: longest hold of {len(held)} edits", max(held.values()), "ms", 100, aside)
    holds = Holds()
    holds.count(partial(window.tree.filter_field.setText, "body:nowhere"))
    until = time.monotonic() + _SEARCHED
    while time.monotonic() < until:
        holds.turn()
    yield Figure("1 GB: hold of a search in bodies", holds.longest * 1e3, "ms", 100, f"{_SEARCHED} s of it")


# --- selecting


def select_median(folder: Path) -> Iterator[Figure]:
    """Selecting one interaction after another with bodies of 8 kB, each tab."""
    words = answer_in([f" word-{number}" for number in range(60)])
    asked = json.dumps({"model": "m-1", "messages": [{"role": "user", "content": "word " * 1600}]})
    answer = json.dumps({"items": [{"id": i, "name": f"Olá {i}"} for i in range(270)]}, ensure_ascii=False)
    for name, body, content_type in (
        ("stream", words, "text/event-stream"),
        ("JSON", answer, "application/json"),
    ):
        path = folder / f"{name}.yaml"
        write_exchanges(path, [(asked, body)] * 60, content_type)
        window = make_window(folder)
        open_in(window, path)
        for tab in ("transcript", "body") if name == "stream" else ("body",):
            window.select_tab(f"response/{tab}")
            window.select_tab(f"request/{'conversation' if tab == 'transcript' else tab}")
            settle(window)
            times = [work(partial(_select, window, number)) * 1e3 for number in range(1, 50)]
            aside = f"worst {max(times):.1f} ms, {len(body) / 1e3:.0f} kB"
            yield Figure(f"8 kB {name}, {tab}: selected", statistics.median(times), "ms", 16, aside)
        window.files.close_current()


def _select(window: MainWindow, position: int) -> None:
    assert window.document is not None
    window.select(window.document, position)
    QApplication.processEvents()
    assert window.interaction is not None
    assert window.interaction.position == position


def large_json(size: int) -> str:
    """JSON of so many bytes as services send it, in one line; pretty, 10 MB have 600,000 lines."""
    item = {"id": 12345, "ok": True, "s": "Olá, some text that is fifty letters long as is usual"}
    text = json.dumps(item, ensure_ascii=False, separators=(",", ":"))
    return "[" + ",".join([text] * (size // (len(text.encode()) + 1))) + "]"


def _window_beside(folder: Path, body: str, content_type: str, recorder: Recorder = GO_VCR) -> MainWindow:
    """A window that shows a small body, with a large one in the next interaction."""
    path = folder / f"body{recorder.suffix}"
    bodies = [("{}", '{"a": 1}'), ('{"b": 2}', body), ("{}", '{"c": 3}')]
    write_exchanges(path, bodies, content_type, recorder=recorder)
    window = make_window(folder)
    open_in(window, path)
    window.select_tab("response/body")
    window.select_tab("request/body")
    settle(window)
    return window


def select_large(folder: Path, name: str, body: str, content_type: str) -> Iterator[Figure]:
    """Selecting an interaction with a large body, its first screen painted, against QPlainTextEdit."""
    window = _window_beside(folder, body, content_type)
    times, hold, grown, shown = _selected(window)
    plain = plain_text(shown)
    ours = statistics.median(times)
    aside = f"{ours:.2f} s of {plain:.2f} s"
    yield Figure(f"10 MB {name}: first screen, to QPlainTextEdit", ours / plain, "times", 0.1, aside)
    yield Figure(f"10 MB {name}: hold", hold * 1e3, "ms", 100)
    yield Figure(f"10 MB {name}: memory", grown, "MB", 120)


def _selected(window: MainWindow) -> tuple[list[float], float, float, str]:
    """Selects the large one three times: seconds of CPU, the longest hold, megabytes of memory, what it shows."""
    document = window.document
    assert document is not None
    times, holds, grown = [], [], 0.0
    before = resident()
    for round_ in range(3):
        hold = Holds()
        begun = time.process_time()
        hold.count(lambda: window.select(document, 1))
        holds += [settle(window).longest, hold.longest]
        times.append(time.process_time() - begun)
        if not round_:
            grown = resident() - before
        shown = window.response_pane.body.panel.view.text()
        window.select(document, 0)
        settle(window)
    return times, max(holds), grown, shown


def select_json(folder: Path) -> Iterator[Figure]:
    """10 MB of JSON, pretty."""
    return select_large(folder, "JSON", large_json(10 * MB), "application/json")


def select_recorded(folder: Path) -> Iterator[Figure]:
    """The same JSON as other recorders write it: in lines with escapes, as a literal block, in a string of JSON."""
    body = large_json(10 * MB)
    lines = json.dumps(json.loads(body), ensure_ascii=False, indent=1) + "\n"
    plain = 0.0
    for recorder, recorded in ((VCRPY, body), (RUBY_VCR, lines), (VCRPY_JSON, body), (BETAMAX, body)):
        window = _window_beside(folder, recorded, "application/json", recorder)
        times, hold, _, shown = _selected(window)
        plain = plain or plain_text(shown)
        ours = statistics.median(times)
        aside = f"{ours:.2f} s of {plain:.2f} s, hold {hold * 1e3:.0f} ms"
        yield Figure(f"10 MB JSON by {recorder.name}: the same", ours / plain, "times", 0.1, aside)
        window.files.close_current()


def select_line(folder: Path) -> Iterator[Figure]:
    """One line of 10 MB as it was recorded."""
    line = "plain " + one_line(10 * MB)
    return select_large(folder, "line", line, "text/plain")


def plain_text(text: str) -> float:
    """Seconds that QPlainTextEdit takes to show a text."""
    field = QPlainTextEdit()
    field.resize(480, 700)
    field.show()
    QApplication.processEvents()

    def show() -> None:
        field.setPlainText(text)
        field.viewport().repaint()

    return work(show)


# --- in a large body


def type_in_large(folder: Path) -> Iterator[Figure]:
    """Keys typed into the middle of 10 MB, to their paint; and what undo of one keeps."""
    for name, body, content_type in (
        ("JSON", large_json(10 * MB), "application/json"),
        ("line", "plain " + one_line(10 * MB), "text/plain"),
    ):
        window = _window_beside(folder, body, content_type)
        assert window.document is not None
        window.select(window.document, 1)
        settle(window)
        view = window.response_pane.body.panel.view
        view.begin_edit()
        view.select(len(view.text()) // 2, len(view.text()) // 2)
        settle(window)
        times = [work(partial(_key, view, "x")) * 1e3 for _ in range(30)]
        aside = f"worst {max(times):.1f} ms"
        yield Figure(f"10 MB {name}: a key to its paint", statistics.median(times), "ms", 16, aside)
        yield Figure(f"10 MB {name}: undo of a character keeps", _kept_by_undo(view), "bytes", 1000)
        view.revert()
        window.files.close_current()


def _key(view: CodeView, text: str) -> None:
    press(view, text)
    QApplication.processEvents()


def _kept_by_undo(view: CodeView) -> float:
    """Bytes that the history of the field takes for each of 50 steps of one character."""
    steps, middle = 50, 5 * MB
    tracemalloc.start()
    for number in range(steps):
        view.select(middle + number * 7, middle + number * 7)
        view.insert_text("x")
    history = [tracemalloc.Filter(True, f"*/code_view/{name}.py") for name in ("history", "editing")]
    kept = sum(trace.size for trace in tracemalloc.take_snapshot().filter_traces(history).traces)
    tracemalloc.stop()
    return kept / steps


def scroll_large(folder: Path) -> Iterator[Figure]:
    """Frames of 600,000 highlighted lines, each a page never seen before."""
    window = _window_beside(folder, large_json(10 * MB), "application/json")
    assert window.document is not None
    window.select(window.document, 1)
    settle(window)
    view = window.response_pane.body.panel.view
    bar = view.verticalScrollBar()
    holds, times = Holds(), []
    for step in range(300):
        bar.setValue(bar.maximum() * step // 300)
        holds.longest = 0.0
        holds.turn()
        times.append(holds.longest * 1e3)
    aside = f"median {statistics.median(times):.1f} ms, {len(view.text().splitlines()):,} lines"
    yield Figure("600,000 lines: slowest scrolled frame", max(times), "ms", 33, aside)


def act_in_large(folder: Path) -> Iterator[Figure]:
    """What is asked for in a body of 10 MB: how long it holds the window, while workers do what takes long."""
    for name, body in (("JSON", large_json(10 * MB)), ("tokens", one_line(10 * MB))):
        window = _window_beside(folder, body, "application/json")
        assert window.document is not None
        window.select(window.document, 1)
        settle(window)
        held = {label: _held(window, action) * 1e3 for label, action in _actions(window, folder)}
        worst = sorted(held, key=lambda label: -held[label])[:3]
        aside = ", ".join(f"{label} {held[label]:.0f}" for label in worst)
        yield Figure(
            f"10 MB {name}: longest hold of {len(held)} actions", max(held.values()), "ms", 100, aside
        )
        window.files.close_current()


def _held(window: MainWindow, action: Callable[[], object], *, checked: bool = True) -> float:
    """How long an action, and what it sets off, keeps the window at the longest, in seconds."""
    holds = Holds()
    holds.count(action)
    return max(holds.longest, settle(window, checked=checked).longest)


def _actions(window: MainWindow, folder: Path) -> list[tuple[str, Callable[[], object]]]:
    """In the order in which they are done; each finds what the ones before it left."""
    page = window.response_pane.body
    view, bar = page.panel.view, page.panel.find_bar
    middle = len(view.text()) // 2

    def type_in_middle() -> None:
        view.begin_edit()
        at = view.text().find("12345", middle)
        view.select(at, at)
        view.insert_text("9")

    def find_pattern() -> None:
        bar.pattern.setChecked(True)
        bar.field.setText(r"(a+)+ \d$")

    def paste() -> None:
        view.begin_edit()
        view.select(0, 0)
        view.paste()

    return [
        ("raw", lambda: page.set_pretty(False)),
        ("pretty", lambda: page.set_pretty(True)),
        ("no wrap", lambda: page.set_wrap(False)),
        ("wrap", lambda: page.set_wrap(True)),
        ("zoom", view.zoom_in),
        ("fold", lambda: view.fold(0)),
        ("unfold", view.unfold_all),
        ("select all", view.select_all),
        ("copy", view.copy),
        ("copy body", page.copy_body),
        ("save body", lambda: page.save_body(folder / "body")),
        ("find", page.open_find_bar),
        ("find a letter", lambda: bar.field.setText("a")),
        ("find a pattern", find_pattern),
        ("find nothing", bar.close_bar),
        ("type", type_in_middle),
        ("commit", view.commit),
        ("undo", window.undo),
        ("redo", window.redo),
        ("paste 10 MB", paste),
        ("revert", view.revert),
        ("YAML", lambda: window.select_tab("response/yaml")),
        ("duplicate", window.commands.duplicate),
        ("undo that", window.undo),
        ("save", window.files.save),
    ]


# --- lists and replays


def filter_100_000(folder: Path) -> Iterator[Figure]:
    """Keys typed into the filter of 100,000 interactions, before and after their rows are known."""
    path = folder / "many.yaml"
    body = json.dumps({"model": "m-1", "choices": [{"message": {"content": "Olá"}}]}, ensure_ascii=False)
    write_exchanges(path, [("{}", body)] * 100_000, "application/json")
    window = make_window(folder)
    open_in(window, path, checked=False)
    field = window.tree.filter_field
    for state in ("unread", "read"):
        times, holds = [], Holds()
        for letter in "status:200 99":
            begun = time.thread_time()
            holds.count(partial(_typed, field, letter))
            times.append((time.thread_time() - begun) * 1e3)
            for _ in range(5):
                holds.turn()
        shown = window.tree.model.shown
        between = settle(window, checked=False).longest
        aside = f"median {statistics.median(times):.1f} ms, {shown} shown at once, {window.tree.model.shown} at last"
        yield Figure(f"100,000 {state}: slowest key in the filter", max(times), "ms", 50, aside)
        yield Figure(f"100,000 {state}: hold", max(holds.longest, between) * 1e3, "ms", 50)
        field.clear()
        settle(window, checked=False)
    held = max(
        _held(window, partial(window.tree.model.sort, column), checked=False)
        for column in range(window.tree.model.columnCount())
    )
    yield Figure("100,000: hold while sorted by each column", held * 1e3, "ms", 100)


def _typed(field: QWidget, letter: str) -> None:
    press(field, letter)
    QApplication.processEvents()


def replay_50_000(folder: Path) -> Iterator[Figure]:
    """Frames of the replay of 50,000 events in the window."""
    path = folder / "stream.yaml"
    texts = list(replay_frames.texts(50_000, 2 * MB, "markdown"))
    write_exchanges(path, [("{}", answer_in(texts))], "text/event-stream", seconds=60)
    window = make_window(folder)
    open_in(window, path)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    window.response_pane.player.set_idle_limit(None)
    frames = list(replay_frames.play(app, window.response_pane, 1.0))
    # The first replay lays the answer out; from then on nothing may come to it.
    before = resident()
    frames += replay_frames.play(app, window.response_pane, 1.0)
    grown = resident() - before
    slow = sum(frame > 33 for frame in frames)
    aside = f"median {statistics.median(frames):.1f} ms, {len(frames)} frames, {slow} over 33 ms"
    yield Figure("50,000 events: slowest frame of the replay", max(frames), "ms", 33, aside)
    yield Figure("50,000 events: memory of a second replay", grown, "MB", 20)


# --- all

ROWS: dict[str, Row] = {
    "100-mb": open_100_mb,
    "1-gb": open_1_gb,
    "select": select_median,
    "json": select_json,
    "recorded": select_recorded,
    "line": select_line,
    "type": type_in_large,
    "scroll": scroll_large,
    "act": act_in_large,
    "filter": filter_100_000,
    "replay": replay_50_000,
}
# Steady enough on a busy machine, and quick.
STEADY = ("select", "json", "line", "type", "scroll")


def started(pairs: int) -> Figure:
    """The example's first paint against a bare window's."""
    with tempfile.TemporaryDirectory() as home:
        bare, program = start.compare(start.EXAMPLE, "Olá!", pairs, start.environment("offscreen", home))
    return Figure(
        "start to the example painted, to a bare window",
        program.painted / bare.painted,
        "times",
        1.6,
        f"{program.painted:.2f} s of {bare.painted:.2f} s",
    )


def measured(row: str) -> Iterator[Figure]:
    """A row's figures, from a process of its own."""
    command = [sys.executable, "-m", "tests.bench.gui", "--child", row]
    quiet = {**os.environ, "QT_LOGGING_RULES": "*=false"}
    ended = subprocess.run(command, check=False, capture_output=True, text=True, cwd=start.ROOT, env=quiet)
    if ended.returncode:
        raise RuntimeError(f"row {row}:\n{ended.stderr}")
    for line in ended.stdout.splitlines():
        if line.startswith("{"):
            yield Figure(**json.loads(line))


def show(figure: Figure, factor: float) -> bool:
    """Prints a line of the table; whether the figure keeps within `factor` times its bound."""
    is_kept = figure.value <= figure.limit
    is_good = figure.value <= figure.limit * factor
    mark = "" if is_kept else "  MISSED" if not is_good or factor == 1 else "  over"
    value = f"{figure.value:.3f}" if figure.unit == "times" else f"{figure.value:,.1f}"
    limit = f"{figure.limit:g}"
    print(f"{figure.name:48}{value:>10}{limit:>7} {figure.unit:6}{mark:8} {figure.aside}", flush=True)
    return is_good


def main() -> int:
    """Measures and prints; 1 where a bound is exceeded."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--row", action="append", choices=["start", *ROWS], help="this one alone")
    parser.add_argument("--pairs", type=int, default=10, help="of starts")
    parser.add_argument("--check", action="store_true", help="the steady rows, with twice their bounds")
    parser.add_argument("--child", choices=ROWS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        gc.freeze()  # as the program does behind its first paint
        with tempfile.TemporaryDirectory(prefix="cassette-bench-") as folder:
            for figure in ROWS[options.child](Path(folder)):
                print(json.dumps(asdict(figure)), flush=True)
        os._exit(0)  # the windows need no farewell
    rows = options.row or (STEADY if options.check else ["start", *ROWS])
    print(f"{'':48}{'figure':>10}{'limit':>7}")
    good = True
    for row in rows:
        figures = [started(options.pairs)] if row == "start" else measured(row)
        for figure in figures:
            good &= show(figure, 2 if options.check else 1)
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
