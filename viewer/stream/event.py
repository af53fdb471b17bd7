"""One event of a stream, whatever framed it: an SSE block, an NDJSON line, an array item, an AWS message.

Spans are bytes of the body's content (after content-encoding), end exclusive; `TextOffsets` gives the code
points of the decoded text. Events of a body are in order and never overlap.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from enum import Enum

import msgspec


class Framing(Enum):
    """How the bytes of a body are divided into events; the value is shown to people."""

    SSE = "server-sent events"
    NDJSON = "NDJSON"
    JSON_ARRAY = "JSON array stream"
    EVENT_STREAM = "AWS event stream"
    JSON = "JSON"
    NONE = "no events"

    @property
    def is_stream(self) -> bool:
        """Whether the body came as several events that can be replayed."""
        return self not in (Framing.JSON, Framing.NONE)


class EventKind(Enum):
    """What an event is before anyone looks into its payload."""

    MESSAGE = "message"
    COMMENT = "comment"  # SSE lines starting with a colon and nothing else; browsers drop it
    FIELDS = "fields"  # SSE fields without any data; browsers drop it too
    BROKEN = "broken"  # bytes that are no event of this framing; `comment` says why


class Event(msgspec.Struct, frozen=True, gc=False):
    """One event. A struct rather than a dataclass, because a body may hold a hundred thousand.

    `start`, `end`: bytes of the content, from the event's first byte to behind the blank line (newline,
    comma) that ends it. `data` is the payload's text: an SSE block's data lines joined by newlines, invalid
    UTF-8 replaced. `name` is the `event:` field or the AWS `:event-type`. `id` is the block's own `id:`
    field. `comment` holds the comment lines, joined by newlines. `is_complete` is False for a last event
    that nothing terminates: a browser would drop it.
    """

    index: int
    start: int
    end: int
    data: str = ""
    name: str = ""
    id: str = ""
    comment: str = ""
    kind: EventKind = EventKind.MESSAGE
    is_complete: bool = True
    retry: int | None = None
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def type(self) -> str:
        """The event's type as a browser would report it: its name, or `message`."""
        return self.name or "message"


def event_at(events: Sequence[Event], offset: int) -> int | None:
    """The index in `events` of the one holding byte `offset` of the content, or of the last before it."""
    position = bisect_right(events, offset, key=lambda event: event.start) - 1
    return position if position >= 0 else None


class TextOffsets:
    """Turns offsets in the content's bytes into code points of its UTF-8 text, and back.

    Invalid bytes count as bytes.decode(errors="replace") counts them. Linear once, then a step of 4 kB.
    """

    STEP = 4096

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._is_ascii = content.isascii()
        self._bytes: list[int] = [0]
        self._points: list[int] = [0]
        if not self._is_ascii:
            self._mark()

    def to_text(self, offset: int) -> int:
        """The code point at which byte `offset` stands; inside a character, that character's place."""
        offset = max(0, min(offset, len(self._content)))
        if self._is_ascii:
            return offset
        mark = bisect_right(self._bytes, offset) - 1
        return self._points[mark] + _length(self._content[self._bytes[mark] : self._lead(offset)])

    def to_bytes(self, point: int) -> int:
        """The byte at which code point `point` begins; exact where the content is valid UTF-8."""
        if self._is_ascii:
            return max(0, min(point, len(self._content)))
        mark = bisect_right(self._points, max(0, point)) - 1
        start = self._bytes[mark]
        end = self._bytes[mark + 1] if mark + 1 < len(self._bytes) else len(self._content)
        text = self._content[start:end].decode("utf-8", "replace")
        return start + len(text[: point - self._points[mark]].encode("utf-8"))

    def _mark(self) -> None:
        position, points = 0, 0
        while position + self.STEP < len(self._content):
            following = self._lead(position + self.STEP)
            points += _length(self._content[position:following])
            position = following
            self._bytes.append(position)
            self._points.append(points)

    def _lead(self, offset: int) -> int:
        """The first byte of the character around `offset`: at most three continuation bytes back."""
        if offset >= len(self._content):
            return offset
        for place in range(offset, max(-1, offset - 4), -1):
            if self._content[place] & 0xC0 != 0x80:
                return place
        return offset


def _length(data: bytes) -> int:
    return len(data.decode("utf-8", "replace"))
