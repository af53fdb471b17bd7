"""Bytes of a body: each framing, the content codings, charsets, multipart and forms."""

from __future__ import annotations

import gzip
import itertools
import json
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from zlib import crc32

import brotli
import zstandard

from tests.fuzz.target import Choices, Target, ensure
from tests.fuzz.texts import text
from tests.stream import samples
from tests.stream.cuts import Decoder, fed
from viewer.cassette.body import Body
from viewer.cassette.charset import decode_bytes, decode_text, encode_text
from viewer.cassette.codings import apply_codings, undo_codings
from viewer.cassette.form import form_items, with_name, with_value
from viewer.cassette.headers import Headers
from viewer.cassette.hex_view import hex_line_count, hex_lines
from viewer.cassette.media_type import media_type_of
from viewer.cassette.multipart import split_parts
from viewer.cassette.transports import BASE64, HEX, POLLY_CHUNKS, RAW_GZIP
from viewer.stream import eventstream, json_array, ndjson, sse
from viewer.stream.event import Event, EventKind, TextOffsets, event_at
from viewer.stream.framing import decode, framing_of, note_of

_CHOICES = 8
_TAIL = bytes(range(3, 3 + _CHOICES))
_TYPES = (
    "", "text/event-stream", "application/x-ndjson", "application/json", "text/html; charset=iso-8859-1",
    "text/plain; charset=utf-16", "text/plain; charset=shift_jis", "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded", "image/png", "application/vnd.amazon.eventstream", "text/xml; charset=utf-7",
    "multipart/mixed; boundary=\"a b\"", "text/plain; charset=hz", "audio/pcm; rate=24000",
    "text/plain; charset=euc-kr",
)  # fmt: skip
_CODINGS: tuple[tuple[str, ...], ...] = (
    (), ("gzip",), ("br",), ("deflate",), ("zstd",), ("gzip, br",), ("aws-chunked",), ("br", "br"), ("x-gzip",), ("?",),
)  # fmt: skip


def check_events(
    decode_whole: Callable[[bytes], list[Event]], make: Callable[[], Decoder], data: bytes
) -> None:
    """Whole and cut anywhere give the same events; they are in order, inside the body, and apart."""
    choices = Choices(data, _CHOICES)
    content = choices.rest
    events = decode_whole(content)
    _ensure_in_order(content, events)
    places = sorted(choices.number(65536) % (len(content) + 1) for _ in range(4))
    pieces = [content[start:end] for start, end in itertools.pairwise([0, *places, len(content)])]
    ensure(fed(make, pieces) == events, "cut anywhere a body has the same events", content, places, events)


def _ensure_in_order(content: bytes, events: list[Event]) -> None:
    end = 0
    for number, event in enumerate(events):
        ensure(event.index == number, "events are counted", events)
        ensure(end <= event.start <= event.end <= len(content), "events are in order", event, end)
        end = event.end
    offsets = TextOffsets(content)
    length = len(content.decode("utf-8", "replace"))
    for event in events[:50]:
        ensure(event_at(events, event.start) is not None, "an event is found where it begins", event)
        ensure(
            0 <= offsets.to_text(event.start) <= offsets.to_text(event.end) <= length, "offsets fit", event
        )


def check_event_stream(data: bytes) -> None:
    """AWS messages: the bytes themselves, and messages with right checksums made of them."""
    check = partial(check_events, eventstream.decode, eventstream.EventStreamDecoder)
    check(data)
    choices = Choices(data, _CHOICES)
    made = b"".join(_messages(choices.rest))
    check(made + data[-_CHOICES:])
    kinds = {event.kind for event in eventstream.decode(made)}
    ensure(EventKind.BROKEN not in kinds, "messages with right checksums are whole", made)


def _messages(data: bytes) -> Iterator[bytes]:
    for part in data.split(b"\xff\xff")[:20]:
        headers, _, payload = part.partition(b"\xfe")
        prelude = struct.pack(">II", 16 + len(headers) + len(payload), len(headers))
        head = prelude + struct.pack(">I", crc32(prelude)) + headers + payload
        yield head + struct.pack(">I", crc32(head))


def check_framing(data: bytes) -> None:
    """Whatever the headers say, a body has a framing, and its events are in order."""
    choices = Choices(data, _CHOICES)
    content = choices.rest
    kind = _TYPES[choices.number(len(_TYPES))]
    framing = framing_of(content, kind, ("", "/v1/models/x:streamGenerateContent")[choices.number(2)])
    note_of(content, kind, framing)
    _ensure_in_order(content, decode(content, framing))


def check_body(data: bytes) -> None:
    """A body's three levels and back: unchanged text gives the recorded bytes, changed text is read again."""
    choices = Choices(data, _CHOICES)
    raw = choices.rest
    if choices.number(3) == 0:
        raw = _compressed(raw, choices.number(5))
    declared = _CODINGS[choices.number(len(_CODINGS))]
    headers = Headers.of(
        [("Content-Type", _TYPES[choices.number(len(_TYPES))])] + [("Content-Encoding", c) for c in declared]
    )
    body = Body(raw, headers)
    _ensure_shown(body)
    ensure(body.encode_content(body.content) == raw, "unchanged content gives the recorded bytes", raw)
    if body.text is None:
        return
    ensure(body.encode(body.text) == raw, "unchanged text gives the recorded bytes", raw, body.charset)
    new = body.text + text(choices)
    if new.startswith("\ufeff") or any("\ud800" <= character <= "\udfff" for character in new):
        return  # In front of a text it is a mark, which is no part of it; the others stand for invalid bytes.
    try:
        encoded = body.encode(new)
    except UnicodeEncodeError:
        return
    again = Body(encoded, headers)
    if again.codings == body.codings and again.charset == body.charset and not again.note:
        ensure(again.text == new, "changed text is read again", raw, new, again.text, body.charset)


def _ensure_shown(body: Body) -> None:
    text_, kind = body.text, body.media_type
    ensure(isinstance(kind, str), "a body has a media type")
    ensure((text_ is None) == (body.charset == ""), "text has a charset")
    count = hex_line_count(body.content)
    ensure(len(hex_lines(body.content, 0, count)) == count, "every line of the dump is there")
    end = 0
    for part in body.parts():
        ensure(end <= part.start <= part.end <= len(body.content), "parts are in order", body.raw, part)
        end = part.end
        ensure(isinstance(part.name + part.filename, str), "a part has a name")


def _compressed(content: bytes, kind: int) -> bytes:
    match kind:
        case 0:
            return gzip.compress(content, mtime=0)
        case 1:
            return zlib.compress(content)
        case 2:
            return bytes(brotli.compress(content, quality=1))
        case 3:
            return zstandard.compress(content)
        case _:
            return gzip.compress(zlib.compress(content, 9), mtime=0)


def check_codings(data: bytes) -> None:
    """Codings are undone within bounds and done again: the same content gives the same bytes."""
    choices = Choices(data, _CHOICES)
    raw, declared = choices.rest, _CODINGS[choices.number(len(_CODINGS))]
    decoded = undo_codings(raw, declared)
    ensure(apply_codings(decoded.content, decoded) == raw, "the same content gives the same bytes", raw)
    if decoded.note or not decoded.layers:
        return
    new = decoded.content[:100] + b"changed"
    again = undo_codings(apply_codings(new, decoded), declared)
    if [layer.name for layer in again.layers] == [layer.name for layer in decoded.layers]:
        ensure(again.content == new, "changed content comes back", raw, declared, again)


def check_charset(data: bytes) -> None:
    """Text gives its bytes back, in whatever charset it was found to be."""
    choices = Choices(data, _CHOICES)
    content = choices.rest
    ensure(encode_text(decode_bytes(content)) == content, "bytes survive being a string", content)
    found = decode_text(content, _TYPES[choices.number(len(_TYPES))])
    if found is not None:
        ensure(found.encode(found.text) == content, "text gives its bytes back", content, found)
    media_type_of(content, _TYPES[choices.number(len(_TYPES))])


def check_multipart(data: bytes) -> None:
    """Parts are in order and inside the content."""
    choices = Choices(data, _CHOICES)
    end = 0
    for part in split_parts(choices.rest, _TYPES[choices.number(len(_TYPES))]):
        ensure(end <= part.start <= part.end <= len(choices.rest), "parts are in order", choices.rest, part)
        end = part.end
        ensure(isinstance(part.name + part.filename, str), "a part has a name")


def check_form(data: bytes) -> None:
    """A changed field is read again as it was set, and the others stay."""
    choices = Choices(data, _CHOICES)
    body = decode_bytes(choices.rest)
    items = form_items(body)
    for item in items:
        ensure(with_value(body, item, item.value) == body, "the same value changes nothing", body, item)
    if not items:
        return
    number = choices.number(len(items))
    item, new = items[number], text(choices)
    renamed = bool(choices.number(2))
    changed = with_name(body, item, new) if renamed else with_value(body, item, new)
    meant = [(each.name, each.value) for each in items]
    meant[number] = (new, item.value) if renamed else (item.name, new)
    again = [(each.name, each.value) for each in form_items(changed)]
    if meant[number] != ("", ""):
        ensure(again == meant, "a changed field is read again", body, changed, meant, again)


def check_transports(data: bytes) -> None:
    """What a transport decodes it encodes again to what it decodes to the same."""
    body = decode_bytes(data)
    for transport in (BASE64, RAW_GZIP, POLLY_CHUNKS, HEX):
        try:
            decoded = transport.decode(body)
        except ValueError:
            continue
        for new in (decoded, decoded + b"more", b""):
            encoded = transport.encode(new, body)
            try:
                again = transport.decode(encoded)
            except ValueError as err:
                raise AssertionError(f"{transport.name}: {encoded!r} for {new!r} like {body!r}") from err
            ensure(again == new, "what was encoded is decoded", transport.name, body, new, encoded)


def _streams() -> Iterator[bytes]:
    for sample in samples.ALL:
        yield sample.body + _TAIL
    yield b': c\nevent: a\ndata: {"a":1}\ndata: 2\nid: 3\nretry: 10\n\n\r\n\r\ndata: [DONE]\r\r' + _TAIL
    yield b'[{"candidates": [1]},\r\n{"a": "]"} , 3]' + _TAIL
    yield b'{"a": 1}\n{"b": "\\n"}\r\n\n{"c"' + _TAIL


def _event_streams() -> Iterator[bytes]:
    header = b"\x0b:event-type\x07\x00\x05chunk"
    made = header + b'\xfe{"bytes":"eyJhIjoxfQ=="}'
    yield made + b"\xff\xff" + header + b"\xfe{}" + _TAIL
    yield b"\x01a\x00\x01b\x09" + bytes(16) + b"\x01c\x08" + bytes(8) + b"\x01d\x06\x00\x01x\xfe{}" + _TAIL
    yield b"".join(_messages(made)) + _TAIL


def _raw_bodies() -> Iterator[bytes]:
    plain = json.dumps({"a": "é😀" * 5}).encode()
    for kind in range(5):
        yield _compressed(plain, kind) + bytes([kind]) + _TAIL[1:]
    yield b"4;chunk-signature=0\r\nabcd\r\n0;chunk-signature=1\r\n\r\n" + _TAIL
    for encoding in ("utf-8-sig", "utf-16", "utf-32", "latin-1", "shift_jis", "utf-16-le", "cp1252"):
        yield "<meta charset='x'>é abc ".encode(encoding, "replace") * 3 + _TAIL
    yield b"\x89PNG\r\n\x1a\n" + _TAIL
    yield from _multiparts()
    yield from _forms()


def _multiparts() -> Iterator[bytes]:
    part = b'Content-Disposition: form-data; name="a"; filename="b\\"c"\r\n\r\nvalue\r\n'
    yield b"--x\r\n" + part + b"--x\r\n" + part + b"--x--\r\n" + b"\x07" * _CHOICES
    yield b"--a b\n\n--a b--" + b"\x0c" * _CHOICES
    yield b"--unnamed\r\n" + part + b"--unnamed" + _TAIL


def _forms() -> Iterator[bytes]:
    for body in (b"a=1&b=%C3%A9+x&c&=d&a=%7e~", b"q=a%20b&&x=%zz%f", "é=ü".encode()):
        yield body + _TAIL


def _transported() -> Iterator[bytes]:
    yield b"aGVsbG8gd29ybGQ=\n"
    yield b"_-8="
    yield b"H4sIAAAAAAAAA0vMAAD5WRswAgAAAA=="
    yield b'["H4sI", "AAAA"]'
    yield b'["1f8b0800","aa"]'
    yield b"1f8bAB"


_SSE_WORDS = (
    "data: ",
    "event: ",
    "id: ",
    "retry: ",
    ": ",
    "\n\n",
    "\r\n\r\n",
    "\r",
    "[DONE]",
    '{"',
    "}",
    "]",
    ",\n",
    "\\",
)
_BODY_WORDS = (
    "--x\r\n",
    "--x--",
    "\r\n\r\n",
    "Content-Disposition: form-data; name=",
    "%C3%A9",
    "&",
    "=",
    "+",
    "%",
    "charset",
)

TARGETS = (
    Target("sse", partial(check_events, sse.decode, sse.SseDecoder), _streams, _SSE_WORDS),
    Target("ndjson", partial(check_events, ndjson.decode, ndjson.NdjsonDecoder), _streams, _SSE_WORDS),
    Target(
        "json-array",
        partial(check_events, json_array.decode, json_array.JsonArrayDecoder),
        _streams,
        _SSE_WORDS,
    ),
    Target("aws-event-stream", check_event_stream, _event_streams),
    Target("framing", check_framing, _streams, _SSE_WORDS),
    Target("body", check_body, _raw_bodies, _BODY_WORDS),
    Target("codings", check_codings, _raw_bodies),
    Target("charset", check_charset, _raw_bodies, _BODY_WORDS),
    Target("multipart", check_multipart, _multiparts, _BODY_WORDS),
    Target("form", check_form, _forms, _BODY_WORDS),
    Target("transports", check_transports, _transported),
)
