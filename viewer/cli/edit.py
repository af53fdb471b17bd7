"""`cassette edit`: changes to one interaction, named alike in every format."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from viewer.cassette.cassette import Cassette
from viewer.cassette.edits import (
    AddHeader,
    Edit,
    RemoveHeader,
    SetBodyContent,
    SetBodyText,
    SetHeader,
    SetMethod,
    SetStatus,
    SetUrl,
)
from viewer.cassette.formats.base import Side
from viewer.cassette.model import CassetteError, EditError, ReadError, Request, Response
from viewer.cassette.patterns import regex
from viewer.cassette.storage import save
from viewer.cassette.structure import DeleteInteractions, InsertInteraction, texts_of
from viewer.cli.arguments import NAMES
from viewer.cli.counted import ensure_there
from viewer.cli.progress import Progress

_HEADER = regex(r"(request|response)\.headers\.(.+)", re.S)


def run(options: argparse.Namespace) -> int:
    """Makes the edits and saves; returns the exit status."""
    with Progress(f"reading {options.file.name}") as progress:
        cassette = Cassette.open(options.file, progress=progress)
    position = options.i or 0
    try:
        _edit(cassette, position, options)
    except CassetteError as err:
        err.path = err.path or options.file
        if isinstance(err, EditError) and err.path == options.file and 0 <= position < len(cassette):
            err.line = err.line or cassette.line_of(position)
        raise
    target = options.o or options.file
    same = options.o is None or options.o.resolve() == options.file.resolve()
    with Progress(f"saving {target.name}") as progress:
        chunks = _told(cassette.chunks(), len(cassette.source.data), progress)
        save(chunks, target, expected=cassette.source.state if same else None)
    return 0


def _edit(cassette: Cassette, position: int, options: argparse.Namespace) -> None:
    """Makes the edits in their order: what is set, then what comes in, then what goes."""
    is_named = options.i is not None or any((options.unset, options.set, options.body, options.delete))
    if is_named:
        ensure_there(cassette, position)
    for name in options.unset:
        cassette.apply(_unset(cassette, position, name).exchange(cassette))
    for assignment in options.set:
        cassette.apply(_set(cassette, position, assignment).exchange(cassette))
    for assignment in options.body:
        cassette.apply(_body(position, assignment).exchange(cassette))
    if options.insert_after:
        at = min(position + 1, len(cassette))
        cassette.apply(_insertion(cassette, at, options.insert_after).exchange(cassette))
    if options.delete:
        cassette.apply(DeleteInteractions((position,)).exchange(cassette))


def _told(
    chunks: Iterator[bytes | memoryview], size: int, progress: Progress
) -> Iterator[bytes | memoryview]:
    """The chunks, while `progress` is told how much of about `size` bytes they have been."""
    done = 0
    for chunk in chunks:
        progress(done / (size or 1))
        yield chunk
        done += len(chunk)


def _insertion(cassette: Cassette, at: int, source: str) -> Edit:
    name, separator, number = source.rpartition(":")
    if not separator or not number.isdecimal():
        raise EditError(
            f"{source!r} is no FILE:N", remedy="Name a cassette and an interaction, counted from 0."
        )
    other = Cassette.open(Path(name))
    if int(number) >= len(other):
        raise EditError(f"there is no interaction {number}; there are {len(other)}", path=other.path)
    if other.format.name != cassette.format.name:
        raise EditError(
            f"an interaction of {other.format.name} cannot be put into a {cassette.format.name} cassette",
            path=other.path,
            remedy="Choose a recording of the same recorder.",
        )
    return InsertInteraction(at, texts_of(other, int(number)))


def _split(assignment: str) -> tuple[str, str]:
    name, separator, value = assignment.partition("=")
    if not separator:
        raise EditError(f"{assignment!r} is no NAME=VALUE")
    return name, value


def _set(cassette: Cassette, position: int, assignment: str) -> Edit:
    name, value = _split(assignment)
    if name == "request.method":
        return SetMethod(position, value)
    if name == "request.url":
        return SetUrl(position, value)
    if name == "response.code":
        if not value.isdecimal():
            raise EditError(f"{value!r} is no HTTP status", remedy="Give three digits.")
        return SetStatus(position, int(value))
    if name == "response.reason":
        return SetStatus(position, _status(cassette, position), value)
    hit = _HEADER.fullmatch(name)
    if hit is None:
        raise EditError(f"there is no {name!r} to change", remedy=f"The names are {NAMES}.")
    side = Side(hit[1])
    index = _header_index(cassette, position, side, hit[2])
    if index is None:
        return AddHeader(position, side, hit[2], value)
    return SetHeader(
        position, side, index, _message(cassette, position, side).headers.items[index].name, value
    )


def _unset(cassette: Cassette, position: int, name: str) -> Edit:
    hit = _HEADER.fullmatch(name)
    index = _header_index(cassette, position, Side(hit[1]), hit[2]) if hit else None
    if hit is None or index is None:
        raise EditError(f"there is no header {name!r} to delete")
    return RemoveHeader(position, Side(hit[1]), index)


def _body(position: int, assignment: str) -> Edit:
    name, value = _split(assignment)
    if name not in ("request", "response"):
        raise EditError(f"{name!r} has no body", remedy="Give request=… or response=….")
    if not value.startswith("@"):
        return SetBodyText(position, Side(name), value)
    try:
        content = sys.stdin.buffer.read() if value == "@-" else Path(value[1:]).read_bytes()
    except OSError as err:
        raise ReadError(f"The body cannot be read: {err.strerror}.", path=Path(value[1:])) from err
    return SetBodyContent(position, Side(name), content)


def _status(cassette: Cassette, position: int) -> int:
    response = cassette.interaction(position).response
    if response is None or response.status is None:
        raise EditError("there is no status whose reason could be changed")
    return response.status


def _message(cassette: Cassette, position: int, side: Side) -> Request | Response:
    interaction = cassette.interaction(position)
    message = interaction.request if side is Side.REQUEST else interaction.response
    if message is None:
        raise EditError(f"there is no {side.value} here")
    return message


def _header_index(cassette: Cassette, position: int, side: Side, name: str) -> int | None:
    headers = _message(cassette, position, side).headers
    return next((i for i, header in enumerate(headers) if header.name.lower() == name.lower()), None)
