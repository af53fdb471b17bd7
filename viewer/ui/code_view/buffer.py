"""The text of a view, kept exactly and changed in place, however large it is.

The text is a row of chunks, each a range of an immutable str with its count of newlines. Opening copies
nothing; an edit copies one chunk; finding a line or an offset is a search in two running sums. Only "\\n"
ends a line here: CR, U+2028 and all the others are characters like any other.

Offsets are code points from the start of the text; lines count from 0. A text of n newlines has n + 1 lines.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate
from operator import add

CHUNK = 16_384
"""Characters a chunk has when it is made. Small enough that its line breaks are found in about 0.1 ms."""


class Chunk:
    """A range of a str, with its newlines counted at once and located when somebody asks."""

    __slots__ = ("_breaks", "newlines", "source", "start", "stop")

    def __init__(self, source: str, start: int, stop: int) -> None:
        self.source = source
        self.start = start
        self.stop = stop
        self.newlines = source.count("\n", start, stop)
        self._breaks: array[int] | None = None

    def __len__(self) -> int:
        return self.stop - self.start

    def part(self, start: int, stop: int) -> str:
        """The characters from `start` to `stop`, counted within the chunk."""
        return self.source[self.start + start : self.start + stop]

    def breaks(self) -> array[int]:
        """Where the chunk's newlines are, counted within the chunk."""
        if self._breaks is None:
            lengths = map(len, self.part(0, len(self)).split("\n"))
            ends = array("L", map(add, accumulate(lengths), range(self.newlines + 1)))
            self._breaks = ends[:-1]
        return self._breaks


def _chunks(text: str) -> list[Chunk]:
    return [Chunk(text, at, min(at + CHUNK, len(text))) for at in range(0, len(text), CHUNK)]


class TextBuffer:
    """A text with fast lines, slices and replacements. `revision` counts the replacements."""

    def __init__(self, text: str = "") -> None:
        self.revision = 0
        self._whole: str | None = text
        self._chunks = _chunks(text) or [Chunk("", 0, 0)]
        self._starts: list[int] = []
        self._lines: list[int] = []
        self._asked: tuple[int, int, int] = (-1, 0, 0)
        self._sum()

    def __len__(self) -> int:
        return self._starts[-1]

    @property
    def line_count(self) -> int:
        """How many lines there are: at least one."""
        return self._lines[-1] + 1

    def text(self) -> str:
        """The whole text. Until the first replacement it is the very str that was given."""
        return self._whole if self._whole is not None else self.slice(0, len(self))

    def slice(self, start: int, end: int) -> str:
        """The characters from `start` to `end`; offsets outside the text are brought to its ends."""
        start, end = max(0, start), min(end, len(self))
        if start >= end:
            return ""
        first = self._chunk_at(start)
        begin = start - self._starts[first]
        if end <= self._starts[first + 1]:
            return self._chunks[first].part(begin, end - self._starts[first])
        return "".join(self._parts(first, begin, end))

    def line_start(self, line: int) -> int:
        """The offset of the line's first character; that of the end of the text for a line behind the last."""
        return self.line_bounds(line)[0]

    def line_end(self, line: int) -> int:
        """The offset behind the line's last character, its newline left out."""
        return self.line_bounds(line)[1]

    def line_bounds(self, line: int) -> tuple[int, int]:
        """(start, end) of a line, its newline left out. Asked again for the same line, it answers at once."""
        if self._asked[0] != line:
            behind = self._start_of(line + 1)
            end = behind if line >= self._lines[-1] else behind - 1
            self._asked = line, self._start_of(line), end
        return self._asked[1], self._asked[2]

    def line_text(self, line: int) -> str:
        """The line without its newline."""
        return self.slice(*self.line_bounds(line))

    def line_at(self, offset: int) -> int:
        """The line that `offset` is in; a newline belongs to the line it ends."""
        index = self._chunk_at(min(max(offset, 0), len(self)))
        return self._lines[index] + bisect_left(self._chunks[index].breaks(), offset - self._starts[index])

    def windows(self, start: int, size: int) -> Iterator[tuple[int, str]]:
        """(offset, text) of slices of about `size` characters from `start` on, cut behind a newline where there
        is one, so that a line falls apart only when it is longer than `size` itself."""
        while start < len(self):
            text = self.slice(start, start + size)
            cut = text.rfind("\n") + 1
            if cut and start + len(text) < len(self):
                text = text[:cut]
            yield start, text
            start += len(text)

    def replace(self, start: int, end: int, text: str) -> str:
        """Put `text` in the place of `start` to `end`; returns what was there.

        Raises IndexError when the range does not lie in the text.
        """
        if not 0 <= start <= end <= len(self):
            raise IndexError(f"no range {start}-{end} in a text of {len(self)} characters")
        removed = self.slice(start, end)
        first, last = self._chunk_at(start), self._chunk_at(end)
        head = self._chunks[first].part(0, start - self._starts[first])
        tail = self._chunks[last].part(end - self._starts[last], len(self._chunks[last]))
        joined = head + text + tail
        if len(joined) < CHUNK // 4 and last + 1 < len(self._chunks):
            last += 1
            joined += self._chunks[last].part(0, len(self._chunks[last]))
        self._chunks[first : last + 1] = _rechunk(joined)
        self._changed()
        return removed

    def _changed(self) -> None:
        if not self._chunks:
            self._chunks = [Chunk("", 0, 0)]
        self._whole = None
        self.revision += 1
        self._sum()

    def _start_of(self, line: int) -> int:
        if line <= 0:
            return 0
        if line > self._lines[-1]:
            return len(self)
        index = bisect_left(self._lines, line) - 1
        return self._starts[index] + self._chunks[index].breaks()[line - self._lines[index] - 1] + 1

    def _sum(self) -> None:
        self._asked = (-1, 0, 0)
        self._starts = list(accumulate(map(len, self._chunks), initial=0))
        self._lines = list(accumulate((chunk.newlines for chunk in self._chunks), initial=0))

    def _chunk_at(self, offset: int) -> int:
        """The chunk holding the character at `offset`; for the end of the text, the last one."""
        return min(bisect_right(self._starts, offset) - 1, len(self._chunks) - 1)

    def _parts(self, index: int, begin: int, end: int) -> Iterator[str]:
        while index < len(self._chunks) and self._starts[index] < end:
            chunk = self._chunks[index]
            yield chunk.part(begin, min(len(chunk), end - self._starts[index]))
            begin = 0
            index += 1


def _rechunk(text: str) -> list[Chunk]:
    if not text:
        return []
    return [Chunk(text, 0, len(text))] if len(text) <= 2 * CHUNK else _chunks(text)
