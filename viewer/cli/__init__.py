"""The `cassette` command: what the window shows and does, for scripts and terminals. Imports no Qt.

Exit status: 0 where all is well, 1 where `check` found something, 2 for an error, told on standard error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from viewer.cassette.model import CassetteError
from viewer.cli.arguments import read_options


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command with these arguments (those of the process without them) and returns its exit status."""
    options = read_options(arguments)
    # A recording may hold any character, and a terminal's encoding must not stop it from being shown.
    for name in ("stdout", "stderr"):
        # A process may be started without them (`>&-`).
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - it stays open
        getattr(sys, name).reconfigure(errors="backslashreplace")
    try:
        # Only what is asked for is imported.
        status: int = import_module(f"viewer.cli.{options.command}").run(options)
        sys.stdout.flush()
    except CassetteError as err:
        print(f"cassette: {err}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader went away (`| head`); Python would complain again when it closes the stream.
        _forget_output()
        return 2
    except OSError as err:
        # Reading and saving tell theirs as a CassetteError: this is the output, on a full disk.
        _forget_output()
        print(f"cassette: The output cannot be written: {err.strerror or err}.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return status


def _forget_output() -> None:
    """Sends what is still to be written nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
