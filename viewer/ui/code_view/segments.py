"""Cuts very long lines, so that a line of 10 MB is laid out as little as a short one.

A line longer than LONGEST falls into segments of some SEGMENT characters. Unwrapped they stand side by side,
wrapped each begins a row. Their widths and rows are estimates until they are laid out. Typing changes the length
of one segment, so the ones behind it stay laid out.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from viewer.ui.code_view.buffer import TextBuffer

SEGMENT = 2048
"""Characters of a segment. Fewer would show more rows that end early where a wrapped segment ends."""

LONGEST = 2 * SEGMENT
STRIDE = 64
"""Segments from one known state of the highlighter to the next."""

_JOINER = "\u200d"
_SKIN_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"


class Sizes:
    """Sizes in a row, with their running sum."""

    def __init__(self, sizes: Sequence[float]) -> None:
        self._sizes = list(sizes)
        self._sums: list[float] | None = None

    def __len__(self) -> int:
        return len(self._sizes)

    def __getitem__(self, index: int) -> float:
        return self._sizes[index]

    def __setitem__(self, index: int, size: float) -> None:
        if self._sizes[index] != size:
            self._sizes[index] = size
            self._sums = None

    def start(self, index: int) -> float:
        """The sum of all sizes before one."""
        return self._summed()[index]

    def total(self) -> float:
        """The sum of all."""
        return self._summed()[-1]

    def at(self, position: float) -> int:
        """The one that holds a position; the first or last for one outside."""
        index = bisect_right(self._summed(), position) - 1
        return min(max(index, 0), len(self._sizes) - 1)

    def _summed(self) -> list[float]:
        if self._sums is None:
            self._sums = list(accumulate(self._sizes, initial=0))
        return self._sums


class LongLine:
    """What is known of a very long line: its segments' lengths in characters and `extents` in pixels or rows, and
    the highlighter's state before every STRIDE-th."""

    def __init__(self, lengths: Sequence[int], estimate: float) -> None:
        self.lengths = Sizes(lengths)
        self.extents = Sizes([estimate] * len(lengths))
        self.states = [0]

    @property
    def count(self) -> int:
        """How many segments there are."""
        return len(self.lengths)

    def bounds(self, index: int) -> tuple[int, int]:
        """(start, end) of a segment in the line."""
        return int(self.lengths.start(index)), int(self.lengths.start(index + 1))

    def replaced(self, start: int, removed: int, added: int) -> int | None:
        """Take over a replacement within the line; the segment changed, or None if it must be cut anew."""
        index = self.lengths.at(start)
        length = self.lengths[index] + added - removed
        if start + removed > self.bounds(index)[1] or not 0 < length <= LONGEST:
            return None
        self.lengths[index] = length
        del self.states[index // STRIDE + 1 :]
        return index


def cut(buffer: TextBuffer, start: int, end: int) -> list[int]:
    """The lengths of the segments of a line from `start` to `end`."""
    cuts = [_between(buffer, at) for at in range(start + SEGMENT, end - SEGMENT // 2, SEGMENT)]
    return [behind - at for at, behind in pairwise([start, *cuts, end])]


def _between(buffer: TextBuffer, offset: int) -> int:
    """The offset, or one shortly before it, such that a cut there tears nothing that is seen as one."""
    near = offset
    while near > offset - 32 and _joins(buffer.slice(near - 1, near + 1)):
        near -= 1
    return near


def _joins(pair: str) -> bool:
    if pair.isascii():
        return False
    char = pair[-1]
    return _JOINER in pair or unicodedata.category(char)[0] == "M" or char in _SKIN_TONES
