"""What the command line of the window asks for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

# Only where there is something to read.
if TYPE_CHECKING:
    import argparse


class Options(SimpleNamespace):
    """What is asked for on the command line; made without arguments, what is asked for by none."""

    files: Sequence[Path] = ()
    diff: Sequence[Path] | None = None
    theme: str | None = None
    new_instance = False
    screenshot: Path | None = None
    size = (1280, 800)
    select: int | None = None

    def __init__(self) -> None:
        super().__init__()
        self.tab: list[str] = []


def read_options(arguments: Sequence[str]) -> Options:
    """What the command line asks for. Raises SystemExit where it cannot be read, or asks for help alone."""
    options = Options()
    if any(argument.startswith("-") for argument in arguments):
        parser = _parser()
        parser.parse_args(arguments, options)
        _check(parser, options)
        return options
    # A plain start goes without the parser, which takes 6 ms.
    options.files = [Path(argument) for argument in arguments]
    return options


def _parser() -> argparse.ArgumentParser:
    import argparse

    parser = argparse.ArgumentParser(
        prog="cassette-viewer",
        description="Opens, replays, edits and compares recorded HTTP cassettes.",
        allow_abbrev=False,
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="a cassette, or a folder of them")
    parser.add_argument(
        "--diff", nargs=2, type=Path, metavar=("A", "B"), help="open two recordings side by side"
    )
    parser.add_argument("--theme", choices=("system", "light", "dark"), help="the theme to start with")
    parser.add_argument(
        "--new-instance", action="store_true", help="do not hand the files to a program that is running"
    )
    picture = parser.add_argument_group("pictures", "render the window without a display, and end")
    picture.add_argument("--screenshot", type=Path, metavar="OUT.png")
    picture.add_argument("--size", type=_size, metavar="WxH", help="in pixels (1280x800)")
    picture.add_argument("--select", type=int, metavar="N", help="the interaction, counted from 0")
    picture.add_argument("--tab", action="append", metavar="TAB", help="request/body, response/events …")
    return parser


def _check(parser: argparse.ArgumentParser, options: Options) -> None:
    """Ends with a message where options do not go together."""
    if options.diff and options.files:
        parser.error(f"--diff compares two recordings; what is {options.files[0]} for?")
    asked = (options.size != Options.size, options.select is not None, bool(options.tab))
    for name, is_asked in zip(("--size", "--select", "--tab"), asked, strict=True):
        if is_asked and options.screenshot is None:
            parser.error(f"{name} is for a picture: --screenshot OUT.png")


def _size(text: str) -> tuple[int, int]:
    from argparse import ArgumentTypeError

    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal() and int(width) and int(height)):
        raise ArgumentTypeError(f"{text!r} is not WIDTHxHEIGHT")
    return int(width), int(height)
