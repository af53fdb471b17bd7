"""`cassette check`: loads each file, and says what would not load or replay."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from viewer.cassette.cassette import Cassette
from viewer.cassette.model import CassetteError, UnknownFormatError
from viewer.checks.problem import Severity
from viewer.checks.replayability import problems
from viewer.cli.progress import Progress

# A file in a folder that is no cassette says nothing, unless its name says that it should be one: then it is broken.
_ENDINGS = {".yaml", ".yml", ".json", ".har", ".gz", ".zz", ".httprr"}


def run(options: argparse.Namespace) -> int:
    """Checks every file; returns the exit status."""
    worst = 0
    for path, named in _files(options.paths):
        worst = max(worst, _check(path, named, options.json))
    return worst


def _files(paths: list[Path]) -> Iterator[tuple[Path, bool]]:
    """The files, and whether each was named itself or found in a folder."""
    for path in paths:
        if path.is_dir():
            for found in sorted(path.rglob("*")):
                if found.is_file() and not any(
                    part.startswith(".") for part in found.relative_to(path).parts
                ):
                    yield found, False
        else:
            yield path, True


def _check(path: Path, named: bool, as_json: bool) -> int:
    try:
        with Progress(f"reading {path.name}") as progress:
            cassette = Cassette.open(path, progress=progress)
    except CassetteError as err:
        is_meant = named or (path.suffix.lower() in _ENDINGS and not isinstance(err, UnknownFormatError))
        return _refused(path, err, as_json) if is_meant else 0
    status = 0
    with Progress(f"checking {path.name}") as progress:
        for problem in problems(cassette):
            progress((problem.position or 0) / (len(cassette) or 1))
            status = 1
            found = {
                "file": str(path),
                "line": problem.line,
                "interaction": problem.position,
                "severity": problem.severity.value,
                "message": problem.message,
            }
            _say(found, as_json)
    if not status and not as_json:
        count = len(cassette)
        print(
            f"{path}: {cassette.format.name}, {count} interaction{'' if count == 1 else 's'}, no problem found"
        )
    return status


def _refused(path: Path, err: CassetteError, as_json: bool) -> int:
    found = {
        "file": str(path),
        "line": err.line,
        "interaction": None,
        "severity": Severity.ERROR.value,
        "message": f"{err.message} {err.remedy}".rstrip(),
    }
    _say(found, as_json, sys.stdout if as_json else sys.stderr)
    return 2


def _say(found: dict[str, Any], as_json: bool, stream: Any = None) -> None:
    if as_json:
        print(json.dumps(found, ensure_ascii=False), file=stream)
        return
    line = f":{found['line']}" if found["line"] else ""
    print(f"{found['file']}{line}: {found['severity']}: {found['message']}", file=stream)
