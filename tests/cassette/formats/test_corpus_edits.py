"""Edits of real cassettes: an independent reader finds the new value and nothing else changed; undo gives the file.

A few files of each format, chosen for variety: the first and the last interaction of each is edited.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cassette.formats.independent import Expected, Message, read
from tests.cassette.formats.test_corpus import files
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
from viewer.cassette.model import EditError
from viewer.cassette.source import source_of
from viewer.cassette.structure import DeleteInteractions, DuplicateInteraction, MoveInteraction

FOLDERS = (
    "go-vcr-v1", "go-vcr-v2", "vcrpy-yaml", "vcrpy-json", "vcrpy-gz", "vcrpy-0x", "pydantic-ai", "ruby-vcr",
    "ruby-vcr-json", "betamax-json", "r-vcr", "har", "polly-har",
)  # fmt: skip
FILES = 8
LARGEST = 100_000
URL = "https://x.test/a?q=é&r=%20#: {x}"
TEXT = 'line "one"\n\n  two: é 日本 \U0001f600\n'


def chosen(corpus: Path, folder: str) -> Iterator[tuple[Path, Cassette, int]]:
    """Some files with the positions to edit."""
    found = [path for path in files(corpus, folder) if path.stat().st_size < LARGEST]
    for path in found[:: max(1, len(found) // FILES)]:
        cassette = Cassette.open(path)
        for position in {0, len(cassette) - 1} if len(cassette) else ():
            interaction = cassette.interaction(position)
            is_events = interaction.response is not None and interaction.response.body.recorded_as == "events"
            if interaction.request is not None and not is_events:
                yield path, cassette, position


def after(cassette: Cassette, edit: Edit, path: Path) -> bytes:
    """The file after an edit, which is undone again."""
    exchange = edit.exchange(cassette)
    cassette.apply(exchange)
    result = cassette.to_bytes()
    cassette.apply(exchange.inverse())
    assert cassette.to_bytes() == path.read_bytes(), path
    return result


def check(folder: str, path: Path, new: bytes, expected: list[Expected | None]) -> None:
    """The edited file holds exactly what is expected, and opens as the same format."""
    assert read(new, folder) == expected, path
    assert len(Cassette.of(source_of(new))) == len(expected), path


@pytest.fixture(params=FOLDERS)
def folder(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def original(path: Path, folder: str, position: int) -> tuple[list[Expected | None], Expected]:
    expected = read(path.read_bytes(), folder)
    changed = expected[position]
    assert changed is not None
    return expected, changed


def test_method_url_and_status(corpus: Path, folder: str) -> None:
    for path, cassette, position in chosen(corpus, folder):
        expected, changed = original(path, folder, position)
        changed.request.first = ("PATCH", changed.request.first[1])
        check(folder, path, after(cassette, SetMethod(position, "PATCH"), path), expected)
        changed.request.first = ("PATCH", URL)
        with_method = Cassette.of(source_of(after(cassette, SetMethod(position, "PATCH"), path)))
        with_method.apply(SetUrl(position, URL).exchange(with_method))
        if folder != "vcrpy-0x":
            check(folder, path, with_method.to_bytes(), expected)
        expected, changed = original(path, folder, position)
        if changed.response is not None:
            changed.response.first = (503,)
            check(folder, path, after(cassette, SetStatus(position, 503), path), expected)


@pytest.mark.parametrize("side", Side)
def test_headers(corpus: Path, folder: str, side: Side) -> None:
    for path, cassette, position in chosen(corpus, folder):
        expected, changed = original(path, folder, position)
        message = changed.request if side is Side.REQUEST else changed.response
        if message is None:
            continue
        before = list(message.headers)
        new = after(cassette, AddHeader(position, side, "X-New", "a: 'b' é"), path)
        message.headers = in_place(before, read(new, folder)[position], side, ("X-New", "a: 'b' é"))
        check(folder, path, new, expected)
        for index in sorted({0, len(before) // 2, len(before) - 1}) if before else ():
            name = before[index][0]
            message.headers = [*before[:index], (name, "new"), *before[index + 1 :]]
            check(
                folder, path, after(cassette, SetHeader(position, side, index, name, "new"), path), expected
            )
            message.headers = [*before[:index], *before[index + 1 :]]
            check(folder, path, after(cassette, RemoveHeader(position, side, index), path), expected)


def in_place(
    before: list[tuple[str, str]], found: Expected | None, side: Side, pair: tuple[str, str]
) -> list[tuple[str, str]]:
    """The headers with a new one where the file's own order has it."""
    assert found is not None
    message = found.request if side is Side.REQUEST else found.response
    assert message is not None
    at = message.headers.index(pair)
    return [*before[:at], pair, *before[at:]]


@pytest.mark.parametrize("side", Side)
def test_bodies(corpus: Path, folder: str, side: Side) -> None:
    edited = 0
    for path, cassette, position in chosen(corpus, folder):
        expected, changed = original(path, folder, position)
        message = changed.request if side is Side.REQUEST else changed.response
        interaction = cassette.interaction(position)
        body = (interaction.request if side is Side.REQUEST else interaction.response).body  # type: ignore[union-attr]
        if message is None or body.text is None:
            continue
        text = json.dumps({"new": TEXT}) if body.recorded_as == "tree" else TEXT
        try:
            new = after(cassette, SetBodyText(position, side, text, keep_codings=False), path)
        except UnicodeEncodeError:
            continue
        raw = text.encode("utf-8" if body.recorded_as == "tree" else body.charset)
        follow(message, raw, interaction.request.method == "HEAD" and side is Side.RESPONSE)  # type: ignore[union-attr]
        if "content-encoding" in {name.lower() for name, _ in message.headers}:
            message.headers = [pair for pair in message.headers if pair[0].lower() != "content-encoding"]
        check(folder, path, new, expected)
        edited += 1
    assert edited or folder in ("vcrpy-0x", "vcrpy-gz")


def follow(message: Message, raw: bytes, is_head: bool) -> None:
    """The new body, and a content-length that was right before."""
    old = str(len(message.body or b""))
    message.body = raw
    if not is_head:
        message.headers = [
            (name, str(len(raw)) if name.lower() == "content-length" and value == old else value)
            for name, value in message.headers
        ]


def test_bytes_that_are_no_text(corpus: Path, folder: str) -> None:
    raw = bytes(range(256))
    for path, cassette, position in chosen(corpus, folder):
        expected, changed = original(path, folder, position)
        interaction = cassette.interaction(position)
        if changed.response is None or interaction.response is None or interaction.request is None:
            continue
        if interaction.response.body.codings:
            continue
        edit = SetBodyContent(position, Side.RESPONSE, raw)
        # JSON has no tags, and a tree is JSON.
        if (
            path.suffix == ".json" and folder.startswith("vcrpy")
        ) or interaction.response.body.recorded_as == "tree":
            with pytest.raises(EditError, match=r"no text|JSON"):
                edit.exchange(cassette)
            continue
        new = after(cassette, edit, path)
        follow(changed.response, raw, interaction.request.method == "HEAD")
        check(folder, path, new, expected)


def test_the_list(corpus: Path, folder: str) -> None:
    for path, cassette, position in chosen(corpus, folder):
        expected, _ = original(path, folder, position)
        check(
            folder,
            path,
            after(cassette, DuplicateInteraction(position), path),
            [*expected[: position + 1], copy.deepcopy(expected[position]), *expected[position + 1 :]],
        )
        check_list(
            folder, path, after(cassette, DeleteInteractions((position,)), path), expected, position, None
        )
        to = len(cassette) - 1 - position
        check_list(folder, path, after(cassette, MoveInteraction(position, to), path), expected, position, to)


def check_list(
    folder: str, path: Path, new: bytes, expected: list[Expected | None], position: int, to: int | None
) -> None:
    wanted = list(expected)
    moved = wanted.pop(position)
    if to is not None:
        wanted.insert(to, moved)
    assert read(new, folder) == wanted, path
