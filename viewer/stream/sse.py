"""Server-sent events by the WHATWG rules, keeping what browsers drop.

https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream

One event is one block of lines between blank lines: also a block of comments alone, one without data, and
a last one that no blank line ends. Its span reaches from its first byte to behind its blank line; further
blank lines and the BOM belong to no event.
"""

from __future__ import annotations

from viewer.cassette.patterns import regex
from viewer.stream.event import Event, EventKind

_BOM = b"\xef\xbb\xbf"
_END = rb"(?:\r\n|\n|\r(?!\n))"
_BLANK = regex(_END + _END)
_LINE_END = regex(_END)
_SPACE = regex(rb"[\r\n]*")
_FIELD = regex(rb"[ \t\r\n]*+(?:data|event|id|retry)?[ \t]*+:")


def looks_like_sse(head: bytes) -> bool:
    """Whether a body begins as an event stream does: with a field's name and a colon, or with a comment."""
    return _FIELD.match(head.removeprefix(_BOM)) is not None


def decode(content: bytes) -> list[Event]:
    """All events of a whole body."""
    events = _decode_plain(content)
    return SseDecoder().read(content, 0, is_last=True)[0] if events is None else events


def _decode_plain(content: bytes) -> list[Event] | None:
    """The events of a body whose lines all end alike, as nearly all do: cut at its blank lines in one go.

    None where lines end in several ways.
    """
    has_cr = b"\r" in content
    line_end = b"\r\n" if has_cr else b"\n"
    events: list[Event] = []
    gap = 2 * len(line_end)
    names: dict[bytes, str] = {}
    position = len(_BOM) if content.startswith(_BOM) else 0
    *blocks, last = content[position:].split(line_end * 2)
    for block in blocks:
        start, position = position, position + len(block) + gap
        if block[:6] == b"data: " and b"\n" not in block and not (has_cr and b"\r" in block):
            events.append(Event(len(events), start, position, block[6:].decode("utf-8", "replace")))
            continue
        if has_cr and _has_other_ends(block):
            return None
        named, _, data = block.partition(line_end)
        if named[:7] != b"event: " or data[:6] != b"data: " or b"\n" in data:
            _add_unusual(events, block, start, position, line_end)
            continue
        name = names.get(named)
        if name is None:
            name = names[named] = named[7:].decode("utf-8", "replace")
        events.append(Event(len(events), start, position, data[6:].decode("utf-8", "replace"), name))
    if has_cr and _has_other_ends(last):
        return None
    if last.strip(b"\r\n"):
        _add_unusual(events, last, position, len(content), line_end)
        events[-1] = _replace(events[-1])
    return events


def _has_other_ends(block: bytes) -> bool:
    """Whether a line ends in a CR or LF alone."""
    pairs = block.count(b"\r\n")
    return not pairs == block.count(b"\r") == block.count(b"\n")


def _add_unusual(events: list[Event], block: bytes, start: int, end: int, line_end: bytes) -> None:
    """The event of any block; further blank lines in front of it belong to none."""
    begun = block.lstrip(b"\r\n")
    if begun:
        lines = begun.decode("utf-8", "replace").split(line_end.decode())
        events.append(_event_of_lines(lines, len(events), start + len(block) - len(begun), end))


class SseDecoder:
    """Turns bytes into events as they arrive.

    Call feed() with bytes cut anywhere and flush() at the end: together they give what decode() gives for
    the whole. Offsets count from the first byte fed.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._base = 0
        self._count = 0
        self._searched = 0

    def feed(self, data: bytes) -> list[Event]:
        """The events that `data` completes."""
        self._buffer += data
        return self._take(is_last=False)

    def flush(self) -> list[Event]:
        """The events left at the end; the last of them is not complete."""
        return self._take(is_last=True)

    def _take(self, *, is_last: bool) -> list[Event]:
        events, used = self.read(self._buffer, self._base, is_last=is_last)
        del self._buffer[:used]
        self._base += used
        return events

    def read(self, buffer: bytes | bytearray, base: int, *, is_last: bool) -> tuple[list[Event], int]:
        """The events in `buffer`, which begins at offset `base`, and how many bytes they used up."""
        position = self._skip_bom(buffer, base, is_last=is_last)
        if position is None:
            return [], 0
        events: list[Event] = []
        has_cr = b"\r" in buffer
        blank = _plain_blank(buffer, has_cr)
        find, search = buffer.find, _BLANK.search
        size = len(buffer)
        searched = max(position, self._searched)
        while True:
            if buffer[position : position + 1] in (b"\n", b"\r"):
                position = searched = _after_blank_lines(buffer, position)
            if blank:
                end = find(blank, max(position, searched))
                after = end + len(blank)
            else:
                match = search(buffer, max(position, searched))
                end, after = match.span() if match else (-1, -1)
            if end < 0 or (after == size and not is_last and buffer[-1] == 13):
                break  # a CR at the very end may be half of a CRLF
            events.append(_event(buffer, position, end, base, after, self._count, has_cr))
            self._count += 1
            position = searched = after
        self._searched = max(0, size - position - 3)
        if not is_last:
            return events, position
        if position < size:
            events.append(self._unfinished(buffer, position, base, has_cr))
        return events, size

    def _skip_bom(self, buffer: bytes | bytearray, base: int, *, is_last: bool) -> int | None:
        if base:
            return 0
        if not is_last and len(buffer) < len(_BOM) and _BOM.startswith(bytes(buffer)):
            return None
        return len(_BOM) if buffer.startswith(_BOM) else 0

    def _unfinished(self, buffer: bytes | bytearray, start: int, base: int, has_cr: bool) -> Event:
        size = len(buffer)
        event = _event(buffer, start, size, base, size, self._count, has_cr)
        self._count += 1
        return _replace(event)


def _replace(event: Event) -> Event:
    return Event(
        event.index,
        event.start,
        event.end,
        event.data,
        event.name,
        event.id,
        event.comment,
        event.kind,
        is_complete=False,
        retry=event.retry,
    )


def _plain_blank(buffer: bytes | bytearray, has_cr: bool) -> bytes:
    """What ends every event where all lines end alike, b"" where they do not."""
    if not has_cr:
        return b"\n\n"
    pairs = buffer.count(b"\r\n")
    return b"\r\n\r\n" if pairs == buffer.count(b"\r") == buffer.count(b"\n") else b""


def _after_blank_lines(buffer: bytes | bytearray, position: int) -> int:
    match = _SPACE.match(buffer, position)
    return match.end() if match else position


def _event(
    buffer: bytes | bytearray, start: int, end: int, base: int, after: int, index: int, has_cr: bool
) -> Event:
    """The event of the block `buffer[start:end]`; most are `data: {…}`, alone or below `event: name`."""
    find = buffer.find
    line = start
    name = ""
    if buffer.startswith(b"event: ", start) and not has_cr:
        line = find(b"\n", start, end) + 1
        name = buffer[start + 7 : line - 1].decode("utf-8", "replace") if line else ""
    is_one_line = find(b"\n", line, end) < 0 and (not has_cr or find(b"\r", line, end) < 0)
    if is_one_line and buffer.startswith(b"data: ", line):
        data = buffer[line + 6 : end].decode("utf-8", "replace")
        return Event(index, base + start, base + after, data, name)
    block = buffer[start:end].decode("utf-8", "replace")
    lines = _lines(block) if has_cr else block.split("\n")
    return _event_of_lines(lines, index, base + start, base + after)


def _lines(block: str) -> list[str]:
    """Lines by the three ends that the rules know; str.splitlines knows more."""
    return block.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _event_of_lines(lines: list[str], index: int, start: int, end: int) -> Event:
    data: list[str] = []
    comments: list[str] = []
    name = identity = ""
    retry: int | None = None
    for line in lines:
        field, colon, value = line.partition(":")
        if value[:1] == " ":
            value = value[1:]
        if field == "data":
            data.append(value)
        elif field == "event":
            name = value
        elif not field and colon:
            comments.append(value)
        elif field == "id" and "\0" not in value:
            identity = value
        elif field == "retry" and value.isascii() and value.isdigit() and len(value) < 20:
            retry = int(value)
    kind = EventKind.MESSAGE if data else _kind_without_data(lines, comments)
    text = data[0] if len(data) == 1 else "\n".join(data)
    comment = "\n".join(comments)
    return Event(index, start, end, text, name, identity, comment, kind, retry=retry)


def _kind_without_data(lines: list[str], comments: list[str]) -> EventKind:
    """A block of comments alone, or of other fields."""
    written = sum(1 for line in lines if line)
    return EventKind.COMMENT if comments and len(comments) == written else EventKind.FIELDS
