"""One target under Atheris for some seconds: `python -m tests.fuzz.worker TARGET --work FOLDER --seconds N`.

Only modules of the program are instrumented, and none of those that need Qt. A broken rule does not end the run: its
input is kept once for each place where it broke, and the next one is tried, so that one finding does not hide
others. What ends it (a crash of the interpreter, a hang, too much memory) libFuzzer keeps itself.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import resource
import sys
import time
from pathlib import Path

import atheris

from tests.fuzz.counts import Count

# An input of a few kilobytes that takes longer, in processor time, or more memory, is a finding.
_SLOW = 2.0
_LARGE = 300 << 10
_TIMEOUT = 30
_MEMORY_LIMIT_MB = 1500


def main() -> None:
    """Fuzzes the target; libFuzzer ends the process."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.worker")
    parser.add_argument("target")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--seconds", type=int, required=True)
    arguments = parser.parse_args()
    _instrument()
    targets = importlib.import_module("tests.fuzz.targets")
    target = targets.TARGETS[arguments.target]
    keeper = importlib.import_module("tests.fuzz.findings").Findings(
        arguments.work / "findings" / target.name
    )
    corpus = arguments.work / "corpus" / target.name
    words = arguments.work / "words" / target.name
    count = Count(arguments.work / "counts" / target.name)

    def run(data: bytes) -> None:
        count.add()
        memory, started = _peak(), time.process_time()
        try:
            target.check(data)
        except Exception as err:  # whatever it is, it is what we are looking for
            keeper.keep(data, err)
        if time.process_time() - started > _SLOW:
            keeper.keep(data, TimeoutError(f"{time.process_time() - started:.1f} s"))
        if _peak() - memory > _LARGE:
            keeper.keep(data, MemoryError(f"{(_peak() - memory) >> 10} MB"))

    options = [
        f"-max_total_time={arguments.seconds}",
        f"-timeout={_TIMEOUT}",
        f"-rss_limit_mb={_MEMORY_LIMIT_MB}",
        f"-max_len={target.max_length}",
        f"-artifact_prefix={keeper.folder}/",
        *([f"-dict={words}"] if words.exists() else []),
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], run)
    atheris.Fuzz()


def _instrument() -> None:
    """Imports the program's modules without Qt, so that Atheris sees which branches an input takes."""
    with atheris.instrument_imports(include=["viewer"], enable_loader_override=False):
        for name in ("cassette", "stream", "checks", "compare"):
            package = importlib.import_module(f"viewer.{name}")
            for module in pkgutil.walk_packages(package.__path__, f"viewer.{name}."):
                importlib.import_module(module.name)
        for name in ("summary", "row_text", "filter"):
            importlib.import_module(f"viewer.document.{name}")


def _peak() -> int:
    """The most memory that the process ever held, in kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
