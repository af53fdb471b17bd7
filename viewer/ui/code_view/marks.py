"""What is marked in a text: ranges with a background, and whole lines."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from enum import Enum
from itertools import accumulate
from typing import NamedTuple


class MarkKind(Enum):
    """What a range is marked as. Errors are underlined as well, muted text loses its colours."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    EVENT = "event"
    ERROR = "error"
    MUTED = "muted"
    FOUND = "found"
    FOUND_CURRENT = "found current"


class LineMark(Enum):
    """What a whole line is marked as; PLACEHOLDER hatches it, as filler is hatched."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    EVENT = "event"
    ERROR = "error"
    PLACEHOLDER = "placeholder"


class Mark(NamedTuple):
    """A marked range, offsets in code points."""

    start: int
    end: int
    kind: MarkKind


class Marks:
    """Marks in order of their starts, asked by range. They move with the text."""

    def __init__(self, marks: Iterable[Mark] = ()) -> None:
        self._marks = sorted(marks, key=lambda mark: mark.start)
        self._reach = list(accumulate((mark.end for mark in self._marks), max))

    def within(self, start: int, end: int) -> Iterator[Mark]:
        """The marks that share a character with the range; of an empty mark, its place counts."""
        first = bisect_left(self._reach, start)
        last = bisect_right(self._marks, end, key=lambda mark: mark.start)
        return (mark for mark in self._marks[first:last] if mark.end > start or mark.start == start)

    def replaced(self, start: int, removed: int, added: int) -> Marks:
        """The marks after a replacement; one that was removed is gone."""
        if not self._marks or self._reach[-1] <= start:
            return self
        moved = (_moved(mark, start, removed, added - removed) for mark in self._marks)
        return Marks(mark for mark in moved if mark is not None)


def _moved(mark: Mark, start: int, removed: int, growth: int) -> Mark | None:
    end = start + removed
    if mark.end <= start:
        return mark
    if mark.start >= end:
        return Mark(mark.start + growth, mark.end + growth, mark.kind)
    if removed and start <= mark.start and mark.end <= end:
        return None
    return Mark(min(mark.start, start), max(start, mark.end + growth), mark.kind)
