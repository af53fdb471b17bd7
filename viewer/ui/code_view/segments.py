"""Cuts very long lines, so that a line of 10 MB is laid out as little as a short one.

A line longer than LONGEST falls into segments of SEGMENT characters. Unwrapped they stand side by side, wrapped
each begins a row. Their widths and rows are estimates until they are laid out.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from itertools import accumulate

from viewer.ui.code_view.buffer import TextBuffer

SEGMENT = 4096
LONGEST = 2 * SEGMENT
_JOINER = "\u200d"


class Extents:
    """Sizes in a row, estimated at first, with their running sum."""

    def __init__(self, count: int, estimate: float) -> None:
        self._sizes = [estimate] * count
        self._known: set[int] = set()
        self._sums: list[float] | None = None

    def set(self, index: int, size: float) -> None:
        """Put a measured size in the place of the estimate."""
        self._known.add(index)
        if self._sizes[index] != size:
            self._sizes[index] = size
            self._sums = None

    def resize(self, count: int) -> None:
        """Keep the sizes known, with as many as there are now."""
        middle = self._sizes[len(self._sizes) // 2]
        self._sizes = self._sizes[:count] + [middle] * (count - len(self._sizes))
        self._sums = None

    def start(self, index: int) -> float:
        """The sum of all sizes before one."""
        return self._summed()[index]

    def total(self) -> float:
        """The sum of all."""
        return self._summed()[-1]

    def at(self, position: float) -> int:
        """The size that holds a position."""
        index = bisect_right(self._summed(), position) - 1
        return min(max(index, 0), len(self._sizes) - 1)

    def _summed(self) -> list[float]:
        if self._sums is None:
            self._sums = list(accumulate(self._sizes, initial=0))
        return self._sums


class LongLine:
    """What is known of a very long line: the size of each segment, and the highlighter's state before it."""

    def __init__(self, count: int, estimate: float) -> None:
        self.count = count
        self.extents = Extents(count, estimate)
        self.states = [0]

    def edited(self, segment: int, count: int) -> None:
        """The text changed in a segment: what was measured stays as an estimate, later states are unknown."""
        self.count = count
        self.extents.resize(count)
        del self.states[max(1, segment) :]


def segment_count(length: int) -> int:
    """How many segments a line of so many characters has."""
    return 1 if length <= LONGEST else -(-length // SEGMENT)


def cut(buffer: TextBuffer, line_start: int, length: int, index: int) -> int:
    """The offset in the line where segment `index` begins; near a multiple of SEGMENT, between two clusters."""
    if index <= 0 or length <= LONGEST:
        return 0
    near = index * SEGMENT
    if near >= length:
        return length
    window = buffer.slice(line_start + near - 32, line_start + near + 1)
    back = 0
    while back < 31 and _joins(window[-2 - back], window[-1 - back]):
        back += 1
    return near - back


def _joins(before: str, char: str) -> bool:
    """Whether a cut between the two would tear what is seen as one."""
    if char.isascii():
        return before == _JOINER
    return (
        before == _JOINER or char == _JOINER or unicodedata.category(char)[0] == "M" or char >= "\U0001f3fb"
    )
