"""What hostile cassettes cost: memory, time, and how long the window does not answer.

    python -m tests.bench.bombs [NAME ...] [--keep FOLDER]

Each bomb (hostile_files.py) is written below a temporary folder (1 GB of disk at a time), opened by `cassette show`, by
`cassette check` and by the assembled window off screen, each in a process of its own, and deleted. In the window every
tab of both panes is shown, everything is searched for by a pattern that backtracks, filtered for and replayed; a
search is ended after two seconds. NAME is any part of a bomb's name.

Memory is the peak of the process less that of an idle one. Times are CPU time of all threads, `hold` is how long one
turn of the event loop kept the interface's thread, `wait` how long it took by the clock, which also counts threads that
keep the interpreter to themselves, and whatever else the machine does. Opening a file, running something or connecting
to anything that is none of the program's business is noted by an audit hook and fails the bomb, as does a process that
ends by a signal, with a traceback, or later than it should. The exit code is 1 where anything failed.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.hostile_files import BOMBS, CANARY, CPU_PER_MB, MB, MEMORY_PER_MB, SECRET, Bomb

ROOT = Path(__file__).resolve().parents[2]
# Seconds by the clock, of a machine that does other things too, and of CPU.
_PATIENCE = 1500
_MOST_CPU = 240
# Behind this there is nothing to learn, and other people need the memory.
_MOST_MEMORY = 12 << 30
_WAYS = ("show", "check", "window")
# Seconds of a hold that are worth telling what held.
_WORTH_TELLING = 0.1
_MORE_WAYS = ("response", "transcript")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a process ended: what it said, MB and seconds it took, and what went wrong ("" if nothing did)."""

    said: str
    memory: float
    cpu: float
    wall: float
    hold: float = 0.0
    wait: float = 0.0
    wrong: str = ""


def main() -> int:
    """Runs the bombs that are named, all by default; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="write the bombs there, and leave them")
    parser.add_argument("--way", choices=_WAYS + _MORE_WAYS, action="append", help="open in this way alone")
    parser.add_argument("--within", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.within:
        from tests.bench.bombs_in_window import run_window

        return run_window(options.within)
    wanted = [bomb for bomb in BOMBS if not options.names or any(name in bomb.name for name in options.names)]
    failed = 0
    with tempfile.TemporaryDirectory(prefix="bombs-") as temporary:
        folder = options.keep or Path(temporary)
        idle = _idle(Path(temporary))
        print(f"idle: {idle}", flush=True)
        print(_row("bomb", "way", "ended in", "MB", "CPU s", "wall s", "hold s", "wait s"))
        for bomb in wanted:
            failed += sum(_try(bomb, folder, idle, options.way or _WAYS, keep=bool(options.keep)))
    print(f"{len(wanted)} bombs, {failed} failures")
    return 1 if failed else 0


def _idle(folder: Path) -> dict[str, float]:
    """The memory of each way with a cassette of one empty interaction."""
    path = folder / "idle.yaml"
    path.write_text("interactions:\n- request: {method: GET, uri: /}\n  response: {}\nversion: 1\n")
    return {way: round(_open(path, way).memory) for way in _WAYS + _MORE_WAYS}


def _try(
    bomb: Bomb, folder: Path, idle: dict[str, float], ways: tuple[str, ...], *, keep: bool
) -> Iterator[bool]:
    """Opens a bomb in all ways and tells of it; yields whether each failed."""
    (folder / SECRET).write_text("secret")
    path = bomb.make(folder)
    try:
        for way in ways:
            if not bomb.window and way == "window":
                continue
            found = _open(path, way)
            wrongs = [found.wrong] if found.wrong else []
            if (folder / CANARY).exists():
                wrongs.append("it ran code")
                (folder / CANARY).unlink()
            memory, size = found.memory - idle[way], path.stat().st_blocks * 512 / MB
            most, longest = bomb.memory + size * MEMORY_PER_MB, bomb.cpu + size * CPU_PER_MB
            for value, limit, unit in (
                (memory, most, "MB"), (found.cpu, longest, "s"), (found.hold, bomb.hold, "s held"),
            ):  # fmt: skip
                if value > limit:
                    wrongs.append(f"over {limit:.3g} {unit}")
            figures = [
                f"{memory:.0f}",
                *(f"{v:.2f}" for v in (found.cpu, found.wall, found.hold, found.wait)),
            ]
            print(_row(bomb.name if way == ways[0] else "", way, found.said, *figures), end="")
            print(f"  FAILED: {'; '.join(wrongs)}" if wrongs else "", flush=True)
            yield bool(wrongs)
    finally:
        if not keep:
            path.unlink()


def _row(name: str, way: str, said: str, *figures: str) -> str:
    return f"{name:45} {way:10} {said[:70]:70}" + "".join(f"{figure:>8}" for figure in figures)


def _open(path: Path, way: str) -> Outcome:
    """Opens a file in one way, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="bombs-home-") as home:
        out, err = Path(home) / "out", Path(home) / "err"
        begun = time.monotonic()
        with out.open("wb") as stdout, err.open("wb") as stderr:
            process = subprocess.Popen(
                _command(path, way, home), cwd=ROOT, stdout=stdout, stderr=stderr, stdin=subprocess.DEVNULL,
                env=_environment(home, path), preexec_fn=_limit,
            )  # fmt: skip
            status, usage = _wait(process, begun)
        wall = time.monotonic() - begun
        return _outcome(way, status, usage, wall, _head(out), err.read_text(errors="replace"))


def _wait(process: subprocess.Popen[bytes], begun: float) -> tuple[int | None, resource.struct_rusage]:
    """The exit status, None for a process that had to be killed, and what it used."""
    killed = False
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = 0
            return (None if killed else os.waitstatus_to_exitcode(status)), usage
        if time.monotonic() - begun > _PATIENCE and not killed:
            process.kill()
            killed = True
        time.sleep(0.02)


def _outcome(
    way: str, status: int | None, usage: resource.struct_rusage, wall: float, said: str, errors: str
) -> Outcome:
    memory, cpu = usage.ru_maxrss * 1024 / 1e6, usage.ru_utime + usage.ru_stime
    wrong = _wrong(status, errors)
    told: dict[str, object] = {}
    if way == "window" and said.startswith("{"):
        told = json.loads(said)
        said = str(told["said"]) + (
            f" (held by {told['slowest']})" if float(str(told["hold"])) > _WORTH_TELLING else ""
        )
    elif errors and not wrong:
        said = next((line for line in errors.splitlines() if not line.startswith("audit:")), said)
    hold, wait = float(str(told.get("hold", 0))), float(str(told.get("wait", 0)))
    return Outcome(" ".join(said.split("bombs-", 1)[-1].split()), memory, cpu, wall, hold, wait, wrong)


def _wrong(status: int | None, errors: str) -> str:
    if status is None or status in (-signal.SIGXCPU, -signal.SIGKILL):
        return f"killed after {_PATIENCE} s, or {_MOST_CPU} s of CPU"
    audited = [line for line in errors.splitlines() if line.startswith("audit:")]
    if audited:
        return audited[0]
    if "Traceback" in errors:
        return errors.strip().splitlines()[-1][:200]
    return "" if status in (0, 1, 2) else f"ended with {status}"


def _head(path: Path) -> str:
    with path.open("rb") as file:
        lines = file.read(20_000).decode(errors="replace").splitlines() or [""]
    return lines[1] if len(lines) > 1 and not lines[0].startswith("{") else lines[0]


def _command(path: Path, way: str, home: str) -> list[str]:
    if way == "window":
        run = (
            f"from tests.bench.bombs_in_window import run_window; raise SystemExit(run_window({str(path)!r}))"
        )
    else:
        asked = [way, str(path)] if way in ("show", "check") else ["show", str(path), "-i", "0", "--as", way]
        run = f"from viewer.cli import main; raise SystemExit(main({asked!r}))"
    return [
        sys.executable,
        "-c",
        f"from tests.bench.audit import watch; watch({str(path)!r}, {home!r}); {run}",
    ]


def _environment(home: str, path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LD_LIBRARY_PATH")}
    folders = {f"XDG_{name}_HOME": home for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    return kept | folders | {
        "HOME": home, "XDG_RUNTIME_DIR": home, "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8", "TMPDIR": home,
    }  # fmt: skip


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_CPU, _MOST_CPU + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    raise SystemExit(main())
