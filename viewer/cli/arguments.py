"""What the `cassette` command can be asked; nothing of what it then does is imported for that."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    _Commands = argparse._SubParsersAction[argparse.ArgumentParser]

VIEWS = ("conversation", "events", "request", "response", "summary", "text", "transcript", "yaml")
"""What `show` can show."""
NAMES = (
    "request.method, request.url, request.headers.NAME, response.code, response.reason, response.headers.NAME"
)
"""What `edit` can change."""


def read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What the command line (the process's own without one) asks for; `command` names the module that does it.

    Raises SystemExit where it cannot be read, or asks for help or the version alone.
    """
    parser = argparse.ArgumentParser(
        prog="cassette", description="Show, check and edit recorded HTTP cassettes.", allow_abbrev=False
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and end")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for add in (_add_show, _add_check, _add_edit):
        add(commands)
    return parser.parse_args(arguments)


class _Version(argparse.Action):
    """Looks the version up when it is asked for: the package's metadata takes longer than showing a cassette."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            found = version("cassette-viewer")
        except PackageNotFoundError:
            found = "(not installed)"
        print(f"{parser.prog} {found}")
        parser.exit()


def _add_show(commands: _Commands) -> None:
    parser = commands.add_parser("show", help="show what is in a cassette", allow_abbrev=False)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("-i", type=int, metavar="N", help="one interaction, counted from 0, instead of all")
    parser.add_argument("--as", dest="view", choices=VIEWS, default="summary", help="what to show (summary)")
    parser.add_argument(
        "--json", action="store_true", help="one JSON value an interaction, on a line of its own"
    )
    parser.set_defaults(command="show")


def _add_check(commands: _Commands) -> None:
    parser = commands.add_parser(
        "check",
        help="load cassettes and say what would not replay",
        description="Loads each cassette and says, with line numbers, what cannot be read or would not replay. "
        "A folder stands for the cassettes in it. Exit status 1 where something was found, "
        "2 where a file is no cassette or cannot be read.",
        allow_abbrev=False,
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="FILE|FOLDER")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.set_defaults(command="check")


def _add_edit(commands: _Commands) -> None:
    parser = commands.add_parser(
        "edit",
        help="change one interaction",
        description=f"Changes one interaction and saves the file. The names are {NAMES}. "
        "An empty header value deletes the header with --unset.",
        allow_abbrev=False,
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("-i", type=int, metavar="N", help="the interaction, counted from 0 (0)")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="change a value")
    parser.add_argument("--unset", action="append", default=[], metavar="NAME", help="delete a header")
    parser.add_argument(
        "--body",
        action="append",
        default=[],
        metavar="SIDE=TEXT|SIDE=@FILE",
        help="change the body of the request or the response",
    )
    parser.add_argument(
        "--delete", action="store_true", help="delete the interaction, after the other changes"
    )
    parser.add_argument(
        "--insert-after", metavar="FILE2:N", help="insert interaction N of another cassette behind this one"
    )
    parser.add_argument("-o", type=Path, metavar="OUT", help="write here instead of changing the file")
    parser.set_defaults(command="edit")
