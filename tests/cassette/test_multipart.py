"""Multipart bodies fall into their parts, each with its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.cassette import multipart
from viewer.cassette.body import Body, Part
from viewer.cassette.headers import Headers

UPLOAD = (
    b'--X-y\r\nContent-Disposition: form-data; name="model"\r\n\r\nwhisper\r\n'
    b'--X-y\r\nContent-Disposition: form-data; name="file"; filename="a \\"b\\".wav"\r\n'
    b"Content-Type: audio/wav\r\n\r\nRIFF\r\n\0\xff\r\n--X-y--\r\n"
)


def parts(content: bytes, content_type: str = "multipart/form-data; boundary=X-y") -> tuple[Part, ...]:
    return Body(content, Headers.of([("Content-Type", content_type)])).parts()


def contents(content: bytes, found: tuple[Part, ...]) -> list[bytes]:
    return [content[part.start : part.end] for part in found]


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data; boundary=X-y", 'multipart/form-data; boundary="X-y"', "**"]
)
def test_an_upload(content_type: str) -> None:
    model, file = parts(UPLOAD, content_type)
    assert (model.name, model.filename) == ("model", "")
    assert (file.name, file.filename) == ("file", 'a "b".wav')
    assert file.headers.get("content-type") == "audio/wav"
    assert contents(UPLOAD, (model, file)) == [b"whisper", b"RIFF\r\n\0\xff"]


def test_recorders_turn_line_ends_into_newlines() -> None:
    content = UPLOAD.replace(b"\r\n", b"\n")
    assert contents(content, parts(content)) == [b"whisper", b"RIFF\n\0\xff"]


def test_a_missing_end_keeps_the_last_part() -> None:
    content = UPLOAD.removesuffix(b"\r\n--X-y--\r\n")
    assert contents(content, parts(content)) == [b"whisper", b"RIFF\r\n\0\xff"]


@pytest.mark.parametrize("content", [b"", b"text", b"--X-y--", b"--other\r\n\r\ntext"])
def test_no_parts(content: bytes) -> None:
    assert parts(content) == ()
    assert parts(content, "text/plain") == ()


def test_a_part_may_be_empty() -> None:
    content = b"--X-y\r\n\r\n\r\n--X-y\r\nA: b\r\n\r\n\r\n--X-y\r\n--X-y--"
    assert contents(content, parts(content)) == [b"", b"", b""]


def test_a_delimiter_at_the_very_end_begins_an_empty_part() -> None:
    """The part began one byte behind the content's end."""
    content = b"--X-y\r\nA: b\r\n\r\nc\r\n--X-y"
    assert [(part.start, part.end) for part in parts(content)] == [(15, 16), (len(content), len(content))]


def test_more_parts_than_anybody_looks_at_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """300,000 parts held the window for five seconds, to make a menu of them."""
    monkeypatch.setattr(multipart, "_MOST_PARTS", 10)
    assert len(parts(b"--X-y\r\n\r\na\r\n" * 9 + b"--X-y--\r\n")) == 9
    assert parts(b"--X-y\r\n\r\na\r\n" * 20 + b"--X-y--\r\n") == ()


@given(st.lists(st.binary(max_size=20).filter(lambda data: b"X-y" not in data), max_size=4))
def test_what_is_joined_falls_apart(pieces: list[bytes]) -> None:
    content = b"".join(b"--X-y\r\nA: b\r\n\r\n" + piece + b"\r\n" for piece in pieces) + b"--X-y--\r\n"
    assert contents(content, parts(content)) == pieces
