"""NDJSON, JSON arrays, AWS event streams, and telling them apart."""

from __future__ import annotations

import base64
import json
import struct
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stream.cuts import by_bytes, cut_anywhere, fed
from viewer.stream import eventstream, json_array, ndjson
from viewer.stream.event import EventKind, Framing, TextOffsets, event_at
from viewer.stream.eventstream import EventStreamDecoder
from viewer.stream.framing import decode, framing_of, note_of
from viewer.stream.json_array import JsonArrayDecoder
from viewer.stream.ndjson import NdjsonDecoder

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


def message(payload: bytes, **headers: str) -> bytes:
    """One AWS message with string headers; names are given with `_` for `-`."""
    block = b""
    for name, value in headers.items():
        key = b":" + name.replace("_", "-").encode()
        block += bytes([len(key)]) + key + b"\x07" + struct.pack(">H", len(value)) + value.encode()
    prelude = struct.pack(">II", 16 + len(block) + len(payload), len(block))
    head = prelude + struct.pack(">I", crc32(prelude)) + block + payload
    return head + struct.pack(">I", crc32(head))


_ARRAYS = st.lists(_JSON, max_size=4).map(lambda items: json.dumps(items, indent=1).encode())
_LINES = st.lists(_JSON, max_size=4).map(lambda items: b"\r\n".join(json.dumps(x).encode() for x in items))
_MESSAGES = st.lists(st.binary(max_size=20), max_size=3).map(
    lambda payloads: b"".join(message(payload, event_type="chunk") for payload in payloads)
)
_SCRAPS = st.lists(st.sampled_from([b"[", b"]", b"{", b"}", b",", b'"', b"\\", b"a", b"\n", b" "])).map(
    b"".join
)


@given(cut_anywhere(_ARRAYS | _SCRAPS))
def test_arrays_cut_anywhere(body_and_pieces: tuple[bytes, list[bytes]]) -> None:
    """Whole, byte by byte and cut at random, also where it is no JSON at all."""
    body, pieces = body_and_pieces
    assert fed(JsonArrayDecoder, pieces) == fed(JsonArrayDecoder, by_bytes(body)) == json_array.decode(body)


@given(st.lists(_JSON, max_size=5), st.sampled_from([None, 1, 4]))
def test_array_items(items: list[object], indent: int | None) -> None:
    """Each item is an event, its data the item's own text, at its span."""
    body = json.dumps(items, indent=indent).encode()
    events = json_array.decode(body)
    assert [json.loads(event.data) for event in events] == items
    assert all(body[event.start : event.end].decode() == event.data for event in events)


def test_array_cut_short() -> None:
    """The item in which the body stops is kept, and is not complete."""
    events = json_array.decode(b'[{"a": 1},\r\n{"a": "x]')
    assert [(event.data, event.is_complete) for event in events] == [('{"a": 1}', True), ('{"a": "x]', False)]


@given(cut_anywhere(_LINES | _SCRAPS))
def test_lines_cut_anywhere(body_and_pieces: tuple[bytes, list[bytes]]) -> None:
    """Whole, byte by byte and cut at random."""
    body, pieces = body_and_pieces
    assert fed(NdjsonDecoder, pieces) == fed(NdjsonDecoder, by_bytes(body)) == ndjson.decode(body)


def test_lines() -> None:
    """CRLF and blank lines; a last line needs no newline when its JSON is whole."""
    events = ndjson.decode(b'\xef\xbb\xbf{"a":1}\r\n\r\n{"b":2}\n{"c":3}')
    assert [event.data for event in events] == ['{"a":1}', '{"b":2}', '{"c":3}']
    assert [event.is_complete for event in events] == [True, True, True]
    assert events[0].start == 3
    assert not ndjson.decode(b'{"a":1}\n{"b":')[1].is_complete


@given(cut_anywhere(_MESSAGES | st.binary(max_size=60)))
def test_messages_cut_anywhere(body_and_pieces: tuple[bytes, list[bytes]]) -> None:
    """Whole, byte by byte and cut at random, also where it is anything."""
    body, pieces = body_and_pieces
    assert (
        fed(EventStreamDecoder, pieces) == fed(EventStreamDecoder, by_bytes(body)) == eventstream.decode(body)
    )


def test_messages() -> None:
    """Names, headers, spans; a payload wrapped by InvokeModel is unwrapped."""
    inner = b'{"type":"ping"}'
    wrapped = b'{"bytes":"' + base64.b64encode(inner) + b'","p":"abc"}'
    first = message(b'{"role":"assistant"}', event_type="messageStart", message_type="event")
    events = eventstream.decode(first + message(wrapped, event_type="chunk"))
    assert [(event.name, event.data) for event in events] == [
        ("messageStart", '{"role":"assistant"}'),
        ("chunk", inner.decode()),
    ]
    assert events[0].headers == ((":event-type", "messageStart"), (":message-type", "event"))
    assert (events[0].end, events[1].start) == (len(first), len(first))


def test_wrong_checksums() -> None:
    """A message's own is a comment; a prelude's ends the stream with one broken event."""
    good = message(b"{}", event_type="a")
    bad_body = good[:-1] + bytes([good[-1] ^ 1])
    bad_head = good[:8] + bytes([good[8] ^ 1]) + good[9:]
    first, second, rest = eventstream.decode(good + bad_body + bad_head + good)
    assert (first.comment, second.comment) == ("", "the message's checksum is wrong")
    assert (rest.kind, rest.start, rest.is_complete) == (EventKind.BROKEN, 2 * len(good), False)


def test_message_cut_short() -> None:
    """Half a message is one broken event that says so."""
    good = message(b"{}", event_type="a")
    _, half = eventstream.decode(good + good[:20])
    assert (half.kind, half.comment) == (EventKind.BROKEN, "the message is cut short")


def test_every_type_of_header() -> None:
    """Booleans, integers, bytes, text, time and UUID, as text."""
    block = b""
    values = [
        b"\x00",
        b"\x01",
        b"\x02\xff",
        b"\x03\x00\x07",
        b"\x04\x00\x00\x00\x09",
        b"\x05" + bytes(7) + b"\x0b",
    ]
    values += [b"\x06\x00\x02\xab\xcd", b"\x07\x00\x02hi", b"\x08" + bytes(7) + b"\x0c", b"\x09" + bytes(16)]
    for number, value in enumerate(values):
        block += b"\x01" + str(number).encode() + value
    prelude = struct.pack(">II", 16 + len(block), len(block))
    head = prelude + struct.pack(">I", crc32(prelude)) + block
    (event,) = eventstream.decode(head + struct.pack(">I", crc32(head)))
    assert [value for _, value in event.headers] == [
        "true",
        "false",
        "-1",
        "7",
        "9",
        "11",
        "abcd",
        "hi",
        "12",
        "00000000-0000-0000-0000-000000000000",
    ]


@pytest.mark.parametrize(
    ("body", "media_type", "path", "expected"),
    [
        (b"data: {}\n\n", "", "", Framing.SSE),
        (b": hello\n\n", "**REDACTED**", "", Framing.SSE),
        (b'\xef\xbb\xbfevent: x\ndata: {"a":1}\n\n', "application/json", "", Framing.SSE),
        (b'{\n  "error": 1\n}', "text/event-stream", "", Framing.JSON),
        (b'{"a":1}\n{"b":2}\n', "application/json", "", Framing.NDJSON),
        (b'{"a":1}\n', "application/x-ndjson", "", Framing.NDJSON),
        (b'{"a":1}\n', "application/json", "", Framing.JSON),
        (b'[{\n  "candidates": []}]', "application/json", "", Framing.JSON_ARRAY),
        (b"[", "application/json", "/v1/models/x:streamGenerateContent", Framing.JSON_ARRAY),
        (b"[[0.1, 0.2]]", "application/json", "", Framing.JSON),
        (message(b"{}", event_type="a"), "**REDACTED**", "", Framing.EVENT_STREAM),
        (b"<html></html>", "text/event-stream", "", Framing.NONE),
        (b"!data: {}\n\ndata: {}\n\n", "text/event-stream", "", Framing.SSE),
        (b"!data: {}\n\ndata: {}\n\n", "text/plain", "", Framing.NONE),
        (b"<p>\ndata: {}\n\n", "text/event-stream", "", Framing.NONE),
        (b"", "text/event-stream", "", Framing.NONE),
        (b"dataset: none of ours", "text/plain", "", Framing.NONE),
    ],
)
def test_framing(body: bytes, media_type: str, path: str, expected: Framing) -> None:
    """Bytes first; header and URL where the bytes leave it open."""
    assert framing_of(body, media_type, path) is expected
    if expected is Framing.NONE:
        assert decode(body, expected) == []


def test_a_page_that_claims_to_be_a_stream() -> None:
    """HTML under `text/event-stream` is said to be HTML."""
    note = note_of(b"<!doctype html>", "text/event-stream", Framing.NONE)
    assert note == "The response says it is text/event-stream, but its body is HTML."


@given(st.text(max_size=300), st.integers(0, 1200))
def test_offsets_of_text(text: str, offset: int) -> None:
    """Bytes to code points and back, for every border of a character."""
    text *= 20
    content = text.encode("utf-8", "replace")
    offsets = TextOffsets(content)
    place = min(offset, len(content))
    while place and place < len(content) and content[place] & 0xC0 == 0x80:
        place -= 1
    assert offsets.to_text(offset) == len(content[:place].decode())
    assert offsets.to_bytes(offsets.to_text(place)) == place


def test_event_at_a_byte() -> None:
    """The event that holds a byte, or the last before it."""
    events = decode(b"data: a\n\n\ndata: b\n\n", Framing.SSE)
    assert [event_at(events, offset) for offset in (0, 8, 9, 10, 99)] == [0, 0, 0, 1, 1]
    assert event_at([], 0) is None
