"""A JSON array sent item by item (Gemini's streamGenerateContent without `alt=sse`): one event an item.

Only strings and brackets are looked at, so an array that stops in the middle, or holds a broken item, still
gives the items around it. An event's span is the item's own, without the comma.
"""

from __future__ import annotations

from viewer.cassette.patterns import regex
from viewer.stream.event import Event

_OUTSIDE = regex(rb'["\[\]{},]')
_INSIDE = regex(rb'["\\]')
_SPACE = b" \t\r\n"


def decode(content: bytes) -> list[Event]:
    """All events of a whole body."""
    decoder = JsonArrayDecoder()
    return decoder.feed(content) + decoder.flush()


class JsonArrayDecoder:
    """Turns bytes into events as they arrive; feed() cut anywhere, then flush()."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._base = 0
        self._position = 0
        self._start = 0
        self._depth = 0
        self._in_string = False
        self._count = 0

    def feed(self, data: bytes) -> list[Event]:
        """The events that `data` completes."""
        self._buffer += data
        events: list[Event] = []
        while True:
            pattern = _INSIDE if self._in_string else _OUTSIDE
            match = pattern.search(self._buffer, self._position)
            if match is None:
                self._position = max(self._position, len(self._buffer))
                break
            if self._buffer[match.start()] == 0x5C:  # a backslash: its character may not have come yet
                self._position = match.end() + 1
            else:
                self._position = match.end()
                self._step(match[0], match.start(), events)
        del self._buffer[: self._start]
        self._base += self._start
        self._position -= self._start
        self._start = 0
        return events

    def flush(self) -> list[Event]:
        """An item that the body's end cuts short."""
        events: list[Event] = []
        if self._depth > 0:
            self._emit(len(self._buffer), events, is_complete=False)
        self._buffer.clear()
        return events

    def _step(self, token: bytes, place: int, events: list[Event]) -> None:
        if token == b'"':
            self._in_string = not self._in_string
        elif token in b"[{":
            self._depth += 1
            if self._depth == 1:
                self._start = place + 1
        elif token == b",":
            if self._depth == 1:
                self._emit(place, events)
        else:
            if self._depth == 1:
                self._emit(place, events)
            self._depth -= 1

    def _emit(self, end: int, events: list[Event], *, is_complete: bool = True) -> None:
        """The item between the last border and `end`, without the white space around it."""
        item = bytes(self._buffer[self._start : end])
        start = self._base + self._start + len(item) - len(item.lstrip(_SPACE))
        item = item.strip(_SPACE)
        self._start = end + 1 if is_complete else end
        if item:
            text = item.decode("utf-8", "replace")
            events.append(Event(self._count, start, start + len(item), text, is_complete=is_complete))
            self._count += 1
