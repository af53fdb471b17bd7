"""The events of an event stream as Chrome keeps them in a HAR file: `_eventSourceMessages`; and a WebSocket's.

Each has a time (seconds since 1970), its name, id and data. Chrome often leaves the content itself out, and then
the stream is put together again from them (https://html.spec.whatwg.org/multipage/server-sent-events.html).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import accumulate

import msgspec

from viewer.cassette.charset import encode_text
from viewer.cassette.model import ChunkTime
from viewer.cassette.node import AnyNode, Sequence, find, finite_number, followed, text_of
from viewer.cassette.patterns import regex

_BLANK_LINE = regex(rb"(?:\r\n|\n|\r)(?:\r\n|\n|\r)+")


class EventStream(msgspec.Struct, frozen=True):
    """An event stream put together from its events; `ends` are the offsets behind each of them."""

    content: bytes
    ends: tuple[int, ...]

    def __bool__(self) -> bool:
        return bool(self.ends)


def event_stream(entry: AnyNode) -> EventStream:
    """The stream that an entry's events make; empty where there are none."""
    return _joined(encode_text(_event_text(message)) for message in _messages(entry))


def received_messages(entry: AnyNode) -> EventStream:
    """What a WebSocket received, a message a line; empty where the entry is none.

    Chrome keeps the messages of a connection as `_webSocketMessages`, each with its time; those that were sent
    are none of the answer.
    """
    texts = (text_of(find(message, "data")).rstrip("\n") for message in _received(entry))
    return _joined(encode_text(text) + b"\n" for text in texts)


def message_times(entry: AnyNode, ends: tuple[int, ...]) -> tuple[ChunkTime, ...]:
    """When the messages that end at `ends` were received, in seconds from the request."""
    return _times(entry, _received(entry), ends)


def chunk_times(entry: AnyNode, content: bytes) -> tuple[ChunkTime, ...]:
    """When the events of `content` arrived, in seconds from the request; () where they cannot be told apart."""
    ends = tuple(hit.end() for hit in _BLANK_LINE.finditer(content))
    return _times(entry, _messages(entry), ends)


def _joined(pieces: Iterable[bytes]) -> EventStream:
    found = list(pieces)
    return EventStream(b"".join(found), tuple(accumulate(map(len, found))))


def _times(entry: AnyNode, messages: list[AnyNode], ends: tuple[int, ...]) -> tuple[ChunkTime, ...]:
    started = _seconds(text_of(find(entry, "startedDateTime")))
    if started is None or len(ends) != len(messages):
        return ()
    times: list[ChunkTime] = []
    for end, message in zip(ends, messages, strict=True):
        seconds = finite_number(text_of(find(message, "time")))
        if seconds is None:
            return ()
        times.append(ChunkTime(end, max(0.0, seconds - started)))
    return tuple(times)


def _received(entry: AnyNode) -> list[AnyNode]:
    found = followed(find(entry, "_webSocketMessages"))
    messages = found.items if isinstance(found, Sequence) else []
    return [message for message in messages if text_of(find(message, "type")) == "receive"]


def _messages(entry: AnyNode) -> list[AnyNode]:
    found = followed(find(entry, "_eventSourceMessages"))
    return found.items if isinstance(found, Sequence) else []


def _event_text(message: AnyNode) -> str:
    name, number = text_of(find(message, "eventName")), text_of(find(message, "eventId"))
    lines = [f"event: {name}\n"] if name and name != "message" else []
    lines += [f"id: {number}\n"] if number else []
    lines += [f"data: {line}\n" for line in text_of(find(message, "data")).split("\n")]
    return "".join(lines) + "\n"


def _seconds(moment: str) -> float | None:
    try:
        return datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp()
    except ValueError:
        return None
