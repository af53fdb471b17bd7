"""The `cassette` command: what the window shows and does, for scripts and terminals. Imports no Qt.

Exit status: 0 where all is well, 1 where `check` found something, 2 for an error, told on standard error.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from viewer.cassette.model import CassetteError
from viewer.cli.check import add_to as add_check
from viewer.cli.edit import add_to as add_edit
from viewer.cli.show import add_to as add_show


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command with these arguments (those of the process without them) and returns its exit status."""
    options = _parser().parse_args(arguments)
    # A recording may hold any character, and a terminal's encoding must not stop it from being shown.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except CassetteError as err:
        print(f"cassette: {err}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader went away (`| head`); Python would complain again when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except KeyboardInterrupt:
        return 130
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cassette", description="Show, check and edit recorded HTTP cassettes.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {_version()}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for add in (add_show, add_check, add_edit):
        add(commands)
    return parser


def _version() -> str:
    try:
        return version("cassette-viewer")
    except PackageNotFoundError:
        return "(not installed)"
