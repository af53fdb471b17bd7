"""How large cassettes open, read and save, as ratios measured in one run.

    python -m tests.bench.size [--sizes 10 100 1000] [--rounds 5] [--no-yaml-load]

It writes cassettes below a temporary folder (3 GB of disk and 3 GB of memory for the gigabyte) and deletes them. Ours
and what it is compared with take turns, so that a busy machine slows both; figures are medians. The exit code is 1
where a figure is missed by more than twice.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import yaml
from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

from tests.bench.cassettes import (
    GO_VCR,
    JSON_RECORDERS,
    YAML_RECORDERS,
    Recorder,
    expected_row,
    write_cassette,
    write_parsed_bodies,
)
from viewer.cassette import storage
from viewer.cassette.cassette import Cassette
from viewer.cassette.edits import SetStatus
from viewer.cassette.walk import walk_yaml
from viewer.document.summaries import Summaries

MB = 1_000_000
ROWS = 100
# Opens the file and reads the first rows; the most memory that its process had since it was started, in kB. Not
# `ru_maxrss`, which begins with that of the process that started it.
_MEMORY = f"""
import re, sys
from pathlib import Path
from viewer.cassette.cassette import Cassette
cassette = Cassette.open(Path(sys.argv[1]))
rows = [cassette.interaction(position) for position in range({ROWS})]
print(re.search(r"VmHWM:\\s*(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""


@dataclass(slots=True)
class Table:
    """What was measured; a line for each figure, printed as it comes."""

    missed_twice: bool = False
    missed: list[str] = field(default_factory=list)

    def head(self, title: str) -> None:
        print(f"\n{title}\n{'':44}{'ours':>11}{'against':>11}{'figure':>10}{'at most':>9}")

    def ratio(self, name: str, ours: float, against: float, limit: float) -> None:
        """Ours as a multiple of what it is held against, both in seconds."""
        self._line(name, f"{ours * 1e3:.1f} ms", f"{against * 1e3:.1f} ms", ours / against, limit)

    def value(self, name: str, figure: float, limit: float, against: str = "") -> None:
        """A figure by itself, in the unit that `name` tells."""
        self._line(name, "", against, figure, limit)

    def _line(self, name: str, ours: str, against: str, figure: float, limit: float) -> None:
        mark = "" if figure <= limit else "  MISSED"
        print(f"{name:44}{ours:>11}{against:>11}{figure:10.2f}{limit:9.2f}{mark}", flush=True)
        if mark:
            self.missed.append(name)
            self.missed_twice |= figure > 2 * limit


def seconds(call: Callable[[], object]) -> float:
    """How long one call takes; rubbish is collected before."""
    gc.collect()
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def medians(rounds: int, *calls: Callable[[], object]) -> list[float]:
    """The middle time of each call, in seconds; they take turns."""
    times = [[seconds(call) for call in calls] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*times, strict=True)]


# --- opening


def first_rows(path: Path) -> list[tuple[str, str, int | None]]:
    """Method, URL and status of the first rows, from nothing."""
    return rows_of(Cassette.open(path), range(ROWS))


def rows_of(cassette: Cassette, positions: Sequence[int]) -> list[tuple[str, str, int | None]]:
    """Method, URL and status of the interactions at these positions."""
    rows = []
    for position in positions:
        interaction = cassette.interaction(position)
        assert interaction.request is not None
        assert interaction.response is not None
        rows.append((interaction.request.method, interaction.request.url, interaction.response.status))
    return rows


def read_and_find(path: Path, marker: bytes) -> int:
    """Reads a file and passes over it once with `bytes.find`; how often the marker stands there."""
    data = path.read_bytes()
    found, at = 0, data.find(marker)
    while at >= 0:
        found += 1
        at = data.find(marker, at + 1)
    return found


def measure_opening(table: Table, path: Path, recorder: Recorder, rounds: int) -> None:
    """The first rows of a YAML cassette against reading the file and searching it once."""
    assert first_rows(path) == [expected_row(recorder, position) for position in range(ROWS)]
    marker = recorder.marker.encode()
    ours, base = medians(rounds, lambda: first_rows(path), lambda: read_and_find(path, marker))
    name = f"{recorder.name}, {path.stat().st_size / MB:,.0f} MB"
    if path.stat().st_size < 50 * MB:
        table.value(f"{name}: ms more than read + find", (ours - base) * 1e3, 60, f"{base * 1e3:.1f} ms")
    else:
        table.ratio(f"{name}: to read + find", ours, base, 1.5)


def measure_json(table: Table, path: Path, recorder: Recorder, rounds: int) -> None:
    """The first rows of a JSON cassette, reading the file included, against decoding alone."""
    assert first_rows(path) == [expected_row(recorder, position) for position in range(ROWS)]
    key = "http_interactions" if "Betamax" in recorder.name else "interactions"
    shape: Any = msgspec.defstruct("Shape", [(key, list[msgspec.Raw])])
    decoder, data = msgspec.json.Decoder(shape), path.read_bytes()
    ours, base = medians(rounds, lambda: first_rows(path), lambda: decoder.decode(data))
    table.ratio(f"{recorder.name}, {len(data) / MB:,.0f} MB: to list[Raw]", ours, base, 3)


def measure_yaml_load(table: Table, path: Path, rounds: int) -> None:
    """How many times faster the first rows are there than the whole file is loaded, once."""
    (ours,) = medians(rounds, lambda: first_rows(path))
    with path.open("rb") as file:
        whole = seconds(lambda: yaml.load(file, yaml.CSafeLoader))
    table.value("1/60 of yaml.load with CSafeLoader", ours * 60 / whole, 1, f"{whole:.1f} s")


def measure_memory(table: Table, path: Path) -> None:
    """The peak of a process that opens the file, less the file's size."""
    command = [sys.executable, "-c", _MEMORY, str(path)]
    peak = 1024 * int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    table.value("memory beside the file's bytes, MB", (peak - path.stat().st_size) / MB, 150)


def measure_distance(table: Table, path: Path, rounds: int) -> None:
    """Reading the 100,000th interaction and its neighbours against the first ones, which are alike."""
    cassette = Cassette.open(path)
    # The pool of entries has 60; both ranges hold each of them once.
    near, far = range(60), range(min(99_960, len(cassette) // 60 * 60 - 60), len(cassette))[:60]
    assert rows_of(cassette, far) == [expected_row(GO_VCR, position) for position in far]

    def read(positions: Sequence[int]) -> None:
        for position in positions:
            cassette.reader(position)()

    ours, base = medians(rounds * 3, lambda: read(far), lambda: read(near))
    table.ratio(f"interactions from {far[0]:,} to the first ones", ours, base, 1.2)


# --- rows that take long


def measure_slow_rows(table: Table, path: Path) -> None:
    """The longest that the interface's thread is held while rows with trees of 100 kB are read."""
    app = QCoreApplication.instance() or QCoreApplication([])
    cassette = Cassette.open(path)
    summaries = Summaries(cassette)
    start = time.perf_counter()
    for position in range(30):
        summaries.ask(position)
    asked = time.perf_counter() - start
    gaps = _Gaps()
    beat = QTimer(interval=0)
    beat.timeout.connect(gaps.beat)
    beat.start()
    until = time.perf_counter() + 60
    while summaries.known < 30 and time.perf_counter() < until:
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
    beat.stop()
    assert summaries.known >= 30
    one = statistics.median(seconds(lambda: cassette.reader(1)()) for _ in range(5))
    table.value("asking for the rows, before the paint, ms", asked * 1e3, 100)
    table.value(
        "longest hold of the interface's thread, ms", gaps.longest * 1e3, 100, f"{one * 1e3:.0f} ms each"
    )


class _Gaps:
    """The longest time between two beats, in seconds."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self.longest = 0.0

    def beat(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now


# --- the slow way


class _Stopped(Exception):  # noqa: N818 - no error
    """Raised out of a walk."""


def measure_walk(table: Table, name: str, data: bytes) -> None:
    """How finely the slow way tells its progress, how soon it stops, and how long it keeps others waiting."""
    reports: list[float] = []
    whole = seconds(lambda: walk_yaml(data, lambda fraction: reports.append(time.perf_counter())))
    reports.append(time.perf_counter())
    between = max(later - earlier for earlier, later in pairwise(reports))
    table.value(f"{name}: between two reports, ms", between * 1e3, 100, f"{whole:.2f} s")
    table.value(
        f"{name}: stopped after, ms",
        max(_stop_after(data, whole * part) for part in (0.1, 0.5, 0.9)) * 1e3,
        100,
    )
    table.value(f"{name}: other threads wait, ms", _longest_wait(lambda: walk_yaml(data)) * 1e3, 100)


def _stop_after(data: bytes, delay: float) -> float:
    """How long a walk in another thread goes on once it was told to stop."""
    stop = threading.Event()

    def progress(fraction: float) -> None:
        if stop.is_set():
            raise _Stopped

    def walk() -> None:
        with contextlib.suppress(_Stopped):
            walk_yaml(data, progress)

    thread = threading.Thread(target=walk)
    thread.start()
    time.sleep(delay)
    stop.set()
    return seconds(thread.join)


def _longest_wait(work: Callable[[], object]) -> float:
    """The longest that this thread waits for the interpreter's lock while another one works."""
    gaps = _Gaps()
    thread = threading.Thread(target=work)
    thread.start()
    while thread.is_alive():
        time.sleep(0.001)
        gaps.beat()
    return gaps.longest


# --- saving


def measure_saving(table: Table, path: Path, rounds: int) -> None:
    """Saving one edit in place against `cp`, and against `cp` with `sync`, since a save is on disk when it returns."""
    cassette = Cassette.open(path)
    cassette.apply(SetStatus(len(cassette) // 2, 503).exchange(cassette))
    copy = path.with_name("copy")
    times: list[tuple[float, float, float]] = []
    for _ in range(rounds):
        _settle()
        cp = seconds(lambda: subprocess.run(["cp", path, copy], check=True))
        sync = seconds(lambda: subprocess.run(["sync", copy], check=True))
        copy.unlink()
        _settle()
        times.append((seconds(lambda: storage.save(cassette.chunks(), path)), cp, cp + sync))
    save, cp, cp_sync = (statistics.median(column) for column in zip(*times, strict=True))
    saved = Cassette.open(path)
    assert rows_of(saved, [len(saved) // 2])[0][2] == 503
    table.ratio("save with fsync to cp", save, cp, 1.5)
    table.ratio("save with fsync to cp && sync FILE", save, cp_sync, 1.5)


def _settle() -> None:
    """Lets the disk rest, and a virtual machine's host take back freed memory, so that both begin alike."""
    subprocess.run(["sync"], check=True)
    time.sleep(2)


# --- all


def measure(folder: Path, options: argparse.Namespace) -> Table:
    """All figures, each cassette deleted behind its own."""
    table = Table()
    for size in options.sizes:
        table.head(f"{size:,} MB: from the call to the first {ROWS} rows")
        for recorder in YAML_RECORDERS:
            with _Written(folder, recorder, size) as path:
                measure_opening(table, path, recorder, options.rounds)
                if recorder is GO_VCR and size == 100 and options.yaml_load:
                    measure_yaml_load(table, path, options.rounds)
                if recorder is GO_VCR and size >= 100:
                    measure_memory(table, path)
                    measure_distance(table, path, options.rounds)
                    measure_saving(table, path, options.rounds)
        for recorder in JSON_RECORDERS if size <= 100 else ():
            with _Written(folder, recorder, size) as path:
                measure_json(table, path, recorder, options.rounds)
    table.head("rows with a parsed_body of 100 kB")
    path = folder / "trees.yaml"
    write_parsed_bodies(path, 60)
    measure_slow_rows(table, path)
    table.head("the slow way")
    write_cassette(path, GO_VCR, 10 * MB)
    measure_walk(table, "two documents, 20 MB", path.read_bytes() * 2)
    scalar = b'interactions:\n- request: {url: x}\n  body: "' + b"word " * (2 * MB) + b'"\n'
    measure_walk(table, "one scalar of 10 MB", scalar)
    return table


class _Written:
    """A cassette of so many megabytes, deleted at the end."""

    def __init__(self, folder: Path, recorder: Recorder, megabytes: int) -> None:
        self._path = folder / f"cassette{recorder.suffix}"
        self._recorder = recorder
        self._size = megabytes * MB

    def __enter__(self) -> Path:
        write_cassette(self._path, self._recorder, self._size)
        return self._path

    def __exit__(self, *error: Any) -> None:
        self._path.unlink()


def main() -> int:
    """Measures and prints; 1 where a figure is missed by more than twice."""
    parser = argparse.ArgumentParser(description="Large cassettes: opening, memory, saving.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 1000], help="megabytes")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-yaml-load", dest="yaml_load", action="store_false")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cassette-bench-") as folder:
        table = measure(Path(folder), options)
    print("\nmissed: " + (", ".join(table.missed) or "nothing"))
    return int(table.missed_twice)


if __name__ == "__main__":
    sys.exit(main())
