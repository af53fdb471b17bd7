"""Fuzzing: `python -m tests.fuzz.run TARGET|all [--seconds N] [--jobs N] [--rounds N] [--work FOLDER]`.

Each target runs for N seconds in a process of its own, and what it learned stays in the folder for the next time.
`figures` prints what all runs in the folder came to: processor time as the system counted it, executions, findings.
`replay TARGET FILE` runs one input, `minimise TARGET FILE OUT` makes it small.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

from tests.fuzz import seeds
from tests.fuzz.counts import counted
from tests.fuzz.findings import failure_of, minimised
from tests.fuzz.target import Target
from tests.fuzz.targets import FAMILIES, TARGETS

# The one that Hypothesis makes, see `sequences.py`.
SEQUENCES = "sequences"
_LOG = "log.jsonl"


def main() -> int:
    """Runs what the arguments say; 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.run")
    parser.add_argument(
        "target", help=f"all, figures, replay, minimise, {SEQUENCES}, or one of {', '.join(TARGETS)}"
    )
    parser.add_argument("more", nargs="*")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--work", type=Path, default=Path("build/fuzz"))
    arguments = parser.parse_args()
    match arguments.target, arguments.more:
        case "figures", []:
            print_figures(arguments.work)
            return 0
        case "replay", [name, file]:
            print(failure_of(TARGETS[name].check, Path(file).read_bytes()) or "every rule holds")
            return 0
        case "minimise", [name, file, out]:
            Path(out).write_bytes(minimised(TARGETS[name].check, Path(file).read_bytes()))
            return 0
    names = [*TARGETS, SEQUENCES] if arguments.target == "all" else [arguments.target]
    for name in names:
        if name in TARGETS:
            prepare(TARGETS[name], arguments.work)
    queue = iter(names * arguments.rounds)
    run(queue, arguments.work, arguments.seconds, arguments.jobs)
    print_figures(arguments.work)
    return int(any(_found(arguments.work / "findings" / name) for name in names))


def prepare(target: Target, work: Path) -> None:
    """Puts the seeds and the words where libFuzzer looks for them."""
    corpus = work / "corpus" / target.name
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in target.seeds():
        _keep(corpus, seed)
    if target.words:
        words = work / "words" / target.name
        words.parent.mkdir(parents=True, exist_ok=True)
        words.write_text("".join(f'"{_escaped(word)}"\n' for word in target.words))
    taken = work / "taken" / target.name
    if not taken.exists():
        taken.parent.mkdir(parents=True, exist_ok=True)
        for seed in seeds.of_corpus(target.name):
            _keep(corpus, seed)
        taken.touch()


def run(queue: Iterator[str], work: Path, seconds: int, jobs: int) -> None:
    """Runs the targets of the queue, `jobs` at a time, and writes a line of the log for each run."""
    running: dict[int, tuple[str, subprocess.Popen[bytes], float]] = {}

    def stop(number: int, frame: object) -> None:
        nonlocal queue
        queue = iter(())
        for _, process, _ in running.values():
            process.terminate()

    signal.signal(signal.SIGTERM, stop)
    while True:
        while len(running) < jobs and (name := next(queue, None)) is not None:
            process = _start(name, work, seconds)
            running[process.pid] = (name, process, time.time())
        if not running:
            return
        pid, status, usage = os.wait4(-1, 0)
        if pid in running:
            name, process, started = running.pop(pid)
            process.returncode = os.waitstatus_to_exitcode(status)
            _log(work, name, started, process.returncode, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)


def _start(name: str, work: Path, seconds: int) -> subprocess.Popen[bytes]:
    output = work / "output" / name
    output.parent.mkdir(parents=True, exist_ok=True)
    module = ["tests.fuzz.sequence_worker"] if name == SEQUENCES else ["tests.fuzz.worker", name]
    command = [sys.executable, "-m", *module, "--work", str(work), "--seconds", str(seconds)]
    with output.open("wb") as file:
        return subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, start_new_session=True)


def _log(work: Path, name: str, started: float, code: int, cpu: float, memory: int) -> None:
    entry = {
        "target": name,
        "started": round(started),
        "exit": code,
        "cpu": round(cpu, 2),
        "memory_mb": memory >> 10,
        "executions": counted(work / "counts" / name),
    }
    with (work / _LOG).open("a") as file:
        file.write(json.dumps(entry) + "\n")


def print_figures(work: Path) -> None:
    """Prints what was run, target by target and in all."""
    lines = [json.loads(line) for line in (work / _LOG).read_text().splitlines()]
    print(f"{'target':34} {'runs':>5} {'executions':>12} {'CPU':>9} {'memory':>8} {'kept':>6} found")
    for name in [*TARGETS, *sorted({line["target"] for line in lines} - TARGETS.keys())]:
        own = [line for line in lines if line["target"] == name]
        if own:
            corpus = len(list((work / "corpus" / name).glob("*")))
            _print_row(name, own, corpus, len(_found(work / "findings" / name)))
    print("\n| what | targets | executions | CPU | peak memory |\n|---|---|---|---|---|")
    families = {name: {target.name for target in targets} for name, targets in FAMILIES.items()}
    families["sequences of steps (executions are edits)"] = {SEQUENCES}
    for family, names in {**families, "all": {line["target"] for line in lines}}.items():
        own = [line for line in lines if line["target"] in names]
        if own:
            print(_family_row(family, own))


def _print_row(name: str, lines: list[dict[str, Any]], corpus: int, found: int) -> None:
    executions, cpu, memory = _sums(lines)
    print(f"{name:34} {len(lines):5} {executions:12,} {cpu / 60:5.1f} min {memory:5} MB {corpus:6} {found}")


def _family_row(family: str, lines: list[dict[str, Any]]) -> str:
    executions, cpu, memory = _sums(lines)
    count = len({line["target"] for line in lines})
    return f"| {family} | {count} | {executions:,} | {cpu / 3600:.2f} h | {memory} MB |"


def _sums(lines: list[dict[str, Any]]) -> tuple[int, float, int]:
    """Executions, seconds of processor time, and the most memory."""
    return (
        sum(line["executions"] for line in lines),
        sum(line["cpu"] for line in lines),
        max(line["memory_mb"] for line in lines),
    )


def _found(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*") if path.suffix != ".txt"]


def _keep(folder: Path, data: bytes) -> None:
    (folder / blake2b(data, digest_size=10).hexdigest()).write_bytes(data)


def _escaped(word: str) -> str:
    return "".join(
        chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02x}"
        for byte in word.encode("utf-8", "surrogateescape")
    )


if __name__ == "__main__":
    sys.exit(main())
