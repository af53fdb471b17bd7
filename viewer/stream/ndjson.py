"""Newline-delimited JSON: one event a line (Ollama, Cohere v1). Blank lines are no events."""

from __future__ import annotations

from viewer.stream.event import Event

_BOM = b"\xef\xbb\xbf"


def decode(content: bytes) -> list[Event]:
    """All events of a whole body."""
    decoder = NdjsonDecoder()
    return decoder.feed(content) + decoder.flush()


class NdjsonDecoder:
    """Turns bytes into events as they arrive; feed() cut anywhere, then flush()."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._base = 0
        self._searched = 0
        self._count = 0

    def feed(self, data: bytes) -> list[Event]:
        """The events that `data` completes."""
        self._buffer += data
        events: list[Event] = []
        start = 0
        while (end := self._buffer.find(b"\n", max(start, self._searched))) >= 0:
            self._take(start, end, end + 1, events, is_complete=True)
            start = self._searched = end + 1
        del self._buffer[:start]
        self._base += start
        self._searched = len(self._buffer)
        return events

    def flush(self) -> list[Event]:
        """The last line, where no newline ends it; whole JSON lines need none."""
        events: list[Event] = []
        size = len(self._buffer)
        self._take(0, size, size, events, is_complete=self._buffer.rstrip().endswith((b"}", b"]")))
        self._buffer.clear()
        return events

    def _take(self, start: int, end: int, after: int, events: list[Event], *, is_complete: bool) -> None:
        line = self._buffer[start:end]
        if self._base + start == 0 and line.startswith(_BOM):
            line, start = line[len(_BOM) :], len(_BOM)
        line = line.rstrip(b"\r")
        if not line.strip():
            return
        text = line.decode("utf-8", "replace")
        place = self._base + start, self._base + after
        events.append(Event(self._count, *place, text, is_complete=is_complete))
        self._count += 1
