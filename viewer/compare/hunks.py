"""Two texts line by line: which lines are equal, which changed, and in a changed line which words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from rapidfuzz.distance import Indel
from rapidfuzz.fuzz import ratio

# Above this many pairs of lines to weigh, a block is taken as changed as a whole: the time is quadratic.
_MOST_CELLS = 400_000_000
_MOST_WORDS = 4_000
_ALIKE = 40.0
_WORD = re.compile(r"\w+|\s+|[^\w\s]")


class Change(Enum):
    """What happened to a block of lines."""

    EQUAL = "equal"
    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text, in code points from its beginning, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hunk:
    """A block of lines, counted from 0, end exclusive; one side is empty where lines were added or removed.

    In a CHANGED block both sides have the same number of lines, and `left_words` and `right_words` are the
    stretches that differ, in the whole text.
    """

    change: Change
    left_start: int
    left_end: int
    right_start: int
    right_end: int
    left_words: tuple[Span, ...] = ()
    right_words: tuple[Span, ...] = ()


def hunks(left: str, right: str) -> list[Hunk]:
    r"""The blocks of two texts, in order and without gaps; lines end at "\n"."""
    return _Comparison(left, right).hunks()


def lines_of(text: str) -> list[str]:
    r"""The lines of a text without their "\n"; a text of n newlines has n + 1 lines."""
    return text.split("\n")


class _Comparison:
    def __init__(self, left: str, right: str) -> None:
        self._left = lines_of(left)
        self._right = lines_of(right)
        self._left_starts = _starts(self._left)
        self._right_starts = _starts(self._right)
        self._hunks: list[Hunk] = []

    def hunks(self) -> list[Hunk]:
        front, back = _common_ends(self._left, self._right)
        left_end, right_end = len(self._left) - back, len(self._right) - back
        self._equal(0, front, 0)
        self._middle(front, left_end, front, right_end)
        self._equal(left_end, len(self._left), right_end)
        return self._hunks

    def _equal(self, start: int, end: int, right_start: int) -> None:
        if end > start:
            self._hunks.append(Hunk(Change.EQUAL, start, end, right_start, right_start + end - start))

    def _middle(self, left_start: int, left_end: int, right_start: int, right_end: int) -> None:
        if (left_end - left_start) * (right_end - right_start) > _MOST_CELLS:
            self._replaced(left_start, left_end, right_start, right_end)
            return
        blocks = Indel.opcodes(self._left[left_start:left_end], self._right[right_start:right_end])
        pending: list[int] = []
        for op in blocks:
            spans = [
                left_start + op.src_start,
                left_start + op.src_end,
                right_start + op.dest_start,
                right_start + op.dest_end,
            ]
            if op.tag != "equal":
                # A deletion and the insertion beside it are one replacement.
                pending = [pending[0], spans[1], pending[2], spans[3]] if pending else spans
                continue
            if pending:
                self._replaced(*pending)
                pending = []
            self._equal(spans[0], spans[1], spans[2])
        if pending:
            self._replaced(*pending)

    def _replaced(self, left_start: int, left_end: int, right_start: int, right_end: int) -> None:
        """Lines for lines: pairs lines that are alike, in order; the rest was removed or added."""
        at_left, at_right = left_start, right_start
        for left, right in self._alike(left_start, left_end, right_start, right_end):
            self._alone(at_left, left, at_right, right)
            self._changed(left, right)
            at_left, at_right = left + 1, right + 1
        self._alone(at_left, left_end, at_right, right_end)

    def _alike(
        self, left_start: int, left_end: int, right_start: int, right_end: int
    ) -> list[tuple[int, int]]:
        if left_end - left_start == right_end - right_start:
            return list(zip(range(left_start, left_end), range(right_start, right_end), strict=True))
        pairs: list[tuple[int, int]] = []
        at = right_start
        budget = 2_000
        for left in range(left_start, left_end):
            for right in range(at, right_end):
                budget -= 1
                if budget < 0:
                    return pairs
                if _similar(self._left[left], self._right[right]):
                    pairs.append((left, right))
                    at = right + 1
                    break
        return pairs

    def _alone(self, left_start: int, left_end: int, right_start: int, right_end: int) -> None:
        if left_end > left_start:
            self._hunks.append(Hunk(Change.REMOVED, left_start, left_end, right_start, right_start))
        if right_end > right_start:
            self._hunks.append(Hunk(Change.ADDED, left_end, left_end, right_start, right_end))

    def _changed(self, left: int, right: int) -> None:
        left_words, right_words = changed_words(self._left[left], self._right[right])
        left_at, right_at = self._left_starts[left], self._right_starts[right]
        left_spans = tuple(Span(left_at + span.start, left_at + span.end) for span in left_words)
        right_spans = tuple(Span(right_at + span.start, right_at + span.end) for span in right_words)
        last = self._hunks[-1] if self._hunks else None
        if last and last.change is Change.CHANGED and (last.left_end, last.right_end) == (left, right):
            self._hunks[-1] = Hunk(
                Change.CHANGED,
                last.left_start,
                left + 1,
                last.right_start,
                right + 1,
                last.left_words + left_spans,
                last.right_words + right_spans,
            )
        else:
            self._hunks.append(
                Hunk(Change.CHANGED, left, left + 1, right, right + 1, left_spans, right_spans)
            )


def changed_words(left: str, right: str) -> tuple[list[Span], list[Span]]:
    """The stretches of two lines that differ, by words; between two differences a lone blank is not shown."""
    left_words, right_words = _WORD.findall(left), _WORD.findall(right)
    if len(left_words) + len(right_words) > _MOST_WORDS:
        front, back = _common_ends(left, right)
        return [Span(front, len(left) - back)], [Span(front, len(right) - back)]
    left_spans: list[Span] = []
    right_spans: list[Span] = []
    left_at, right_at = _starts(left_words, 0), _starts(right_words, 0)
    for op in Indel.opcodes(left_words, right_words):
        if op.tag != "equal":
            _add(left_spans, left_at[op.src_start], left_at[op.src_end], left)
            _add(right_spans, right_at[op.dest_start], right_at[op.dest_end], right)
    return left_spans, right_spans


def _add(spans: list[Span], start: int, end: int, text: str) -> None:
    if start == end:
        return
    if spans and not text[spans[-1].end : start].strip():
        spans[-1] = Span(spans[-1].start, end)
    else:
        spans.append(Span(start, end))


def _similar(left: str, right: str) -> bool:
    """Whether two lines are likely one that changed; a JSON line goes by its key."""
    key, right_key = left.partition('":')[0], right.partition('":')[0]
    if key != left and right_key != right:
        return key == right_key
    return ratio(left[:2000], right[:2000]) >= _ALIKE


def _starts(parts: Sequence[str], separator: int = 1) -> list[int]:
    """Where each part begins in the whole, and where the whole ends."""
    starts = [0]
    for part in parts:
        starts.append(starts[-1] + len(part) + separator)
    return starts


def _common_ends(left: Sequence[str], right: Sequence[str]) -> tuple[int, int]:
    limit = min(len(left), len(right))
    front = 0
    while front < limit and left[front] == right[front]:
        front += 1
    back = 0
    while back < limit - front and left[-1 - back] == right[-1 - back]:
        back += 1
    return front, back
