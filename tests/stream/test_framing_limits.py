"""Streams of more events than anybody can look at: the first are shown, and the rest is said to be there."""

from __future__ import annotations

import struct
import zlib

import pytest

from viewer.stream import framing
from viewer.stream.event import EventKind, Framing

_PRELUDE = struct.pack(">II", 16, 0)
_HEAD = _PRELUDE + struct.pack(">I", zlib.crc32(_PRELUDE))
MESSAGE = _HEAD + struct.pack(">I", zlib.crc32(_HEAD))

STREAMS = [
    (Framing.SSE, b"data: {}\n\n"),
    (Framing.SSE, b"data: {}\r\n\r\n"),
    (Framing.SSE, b"data\r\r"),
    (Framing.SSE, b"data\n\r\n"),
    (Framing.NDJSON, b"{}\n"),
    (Framing.JSON_ARRAY, b"{},"),
    (Framing.EVENT_STREAM, MESSAGE),
]


@pytest.mark.parametrize(("kind", "event"), STREAMS)
def test_the_rest_of_too_many_events_is_one_that_says_so(
    kind: Framing, event: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(framing, "MOST_EVENTS", 100)
    head = b"[" if kind is Framing.JSON_ARRAY else b""
    few, many = head + event * 99, head + event * 5000
    assert len(framing.decode(few, kind)) == 99
    found = framing.decode(many, kind)
    assert len(found) == 101
    assert [event.index for event in found] == list(range(101))
    assert found[:99] == framing.decode(few, kind)[:99]
    rest = found[-1]
    assert rest.kind is EventKind.BROKEN
    assert "more than 100 events" in rest.comment
    assert rest.start == found[-2].end or kind is Framing.JSON_ARRAY
    assert rest.end == len(many)


@pytest.mark.parametrize(("kind", "event"), STREAMS)
def test_as_many_as_may_be_are_all_there(
    kind: Framing, event: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(framing, "MOST_EVENTS", 100)
    head, tail = (b"[", b"]") if kind is Framing.JSON_ARRAY else (b"", b"")
    found = framing.decode(head + event * 100 + tail, kind)
    assert len(found) == 100
    assert all(event.kind is not EventKind.BROKEN for event in found)
