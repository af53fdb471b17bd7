"""AWS event streams: binary messages with typed headers and two checksums (Bedrock).

https://smithy.io/2.0/aws/amazon-eventstream.html: total length, length of the headers, CRC-32 of these eight
bytes, headers, payload, CRC-32 of everything before. InvokeModelWithResponseStream wraps each payload as
`{"bytes": "<base64>"}`; an event's `data` is then what is wrapped, and its headers stay the message's.
"""

from __future__ import annotations

import binascii
import struct
import uuid
from base64 import b64decode
from zlib import crc32

from viewer.cassette.patterns import regex
from viewer.stream.event import Event, EventKind

_PRELUDE = struct.Struct(">III")
_SMALLEST = 16
_LARGEST = 24 * 1024 * 1024
_WRAPPED = regex(rb'\s*\{[^{}]*?"bytes"\s*:\s*"([A-Za-z0-9+/=]*)"')
_FIXED = {2: ">b", 3: ">h", 4: ">i", 5: ">q", 8: ">q"}

Fields = tuple[tuple[str, str], ...]


def looks_like_event_stream(head: bytes) -> bool:
    """Whether `head` begins with a message's prelude whose checksum is right."""
    return len(head) >= _PRELUDE.size and _prelude(head, 0) is not None


def decode(content: bytes) -> list[Event]:
    """All events of a whole body."""
    decoder = EventStreamDecoder()
    return decoder.feed(content) + decoder.flush()


class EventStreamDecoder:
    """Turns bytes into events as they arrive; feed() cut anywhere, then flush().

    A prelude with a wrong checksum ends the stream: nothing tells where the next message begins. All that
    follows is one BROKEN event. A message whose own checksum is wrong is read, and its comment says so.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._base = 0
        self._count = 0
        self._is_lost = False

    def feed(self, data: bytes) -> list[Event]:
        """The events that `data` completes."""
        self._buffer += data
        events: list[Event] = []
        position = 0
        while not self._is_lost and len(self._buffer) - position >= _PRELUDE.size:
            lengths = _prelude(self._buffer, position)
            if lengths is None:
                self._is_lost = True
            elif len(self._buffer) - position < lengths[0]:
                break
            else:
                message = bytes(self._buffer[position : position + lengths[0]])
                events.append(_message(message, lengths[1], self._count, self._base + position))
                self._count += 1
                position += lengths[0]
        del self._buffer[:position]
        self._base += position
        return events

    def flush(self) -> list[Event]:
        """What is left: half a message, or what follows a wrong checksum."""
        if not self._buffer:
            return []
        why = (
            "the checksum of the message's lengths is wrong" if self._is_lost else "the message is cut short"
        )
        end = self._base + len(self._buffer)
        data = bytes(self._buffer[:200]).decode("utf-8", "replace")
        self._buffer.clear()
        kind = EventKind.BROKEN
        return [Event(self._count, self._base, end, data, comment=why, kind=kind, is_complete=False)]


def _prelude(buffer: bytes | bytearray, position: int) -> tuple[int, int] | None:
    """The message's length and its headers', None where the checksum or the lengths cannot be right."""
    total, headers, checksum = _PRELUDE.unpack_from(buffer, position)
    if crc32(buffer[position : position + 8]) != checksum:
        return None
    if not _SMALLEST + headers <= total <= _LARGEST:
        return None
    return total, headers


def _message(message: bytes, headers_length: int, index: int, start: int) -> Event:
    payload_start = _PRELUDE.size + headers_length
    fields, note = _headers(message[_PRELUDE.size : payload_start])
    if crc32(message[:-4]) != int.from_bytes(message[-4:], "big"):
        note = "the message's checksum is wrong"
    named = dict(fields)
    name = named.get(":event-type") or named.get(":exception-type") or named.get(":error-code", "")
    data = _unwrapped(message[payload_start:-4]).decode("utf-8", "replace")
    return Event(index, start, start + len(message), data, name, comment=note, headers=fields)


def _unwrapped(payload: bytes) -> bytes:
    match = _WRAPPED.match(payload)
    if match is None:
        return payload
    try:
        return b64decode(match[1], validate=True)
    except binascii.Error:
        return payload


def _headers(block: bytes) -> tuple[Fields, str]:
    """The headers' names and values as text, and a note where they stop making sense."""
    fields: list[tuple[str, str]] = []
    position = 0
    try:
        while position < len(block):
            length = block[position]
            name = block[position + 1 : position + 1 + length].decode("utf-8", "replace")
            value, position = _value(block, position + 1 + length)
            fields.append((name, value))
    except (IndexError, struct.error, ValueError):
        return tuple(fields), "the message's headers are damaged"
    return tuple(fields), ""


def _value(block: bytes, position: int) -> tuple[str, int]:
    kind = block[position]
    position += 1
    if kind in (0, 1):
        return ("true" if kind == 0 else "false"), position
    if kind in _FIXED:
        layout = struct.Struct(_FIXED[kind])
        return str(layout.unpack_from(block, position)[0]), position + layout.size
    if kind == 9:
        return str(uuid.UUID(bytes=block[position : position + 16])), position + 16
    if kind not in (6, 7):
        raise ValueError(kind)
    (length,) = struct.unpack_from(">H", block, position)
    value = block[position + 2 : position + 2 + length]
    text = value.decode("utf-8", "replace") if kind == 7 else value.hex()
    return text, position + 2 + length
