"""Two texts line by line: which lines are equal, which changed, and in a changed line which words.

Lines are matched by their keys: the line itself, or what is left of it when its noise is masked. Two lines with
one key that are not the same text are a changed block of their own, told apart by `is_noise`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate

from rapidfuzz.distance import Indel
from rapidfuzz.fuzz import ratio

from viewer.cassette.patterns import regex
from viewer.compare.runs import Check, Run, common_ends, runs

# Beyond these, a changed line is marked from its first to its last difference, and then as a whole.
_MOST_WORDS = 4_000
_LONGEST_LINE = 40_000
_MOST_CHANGED_LINES = 20_000
_ALIKE = 40.0
_CONTEXT = 40
_WORD = regex(r"\w+|\s+|[^\w\s]")

Key = Callable[[Sequence[str], Check], Sequence[str]]


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
    stretches that differ, in the whole text. `is_noise` says that its lines differ but not in their keys.
    """

    change: Change
    left_start: int
    left_end: int
    right_start: int
    right_end: int
    left_words: tuple[Span, ...] = ()
    right_words: tuple[Span, ...] = ()
    is_noise: bool = False


def hunks(left: str, right: str, key: Key | None = None, check: Check = lambda: None) -> list[Hunk]:
    r"""The blocks of two texts, in order and without gaps; lines end at "\n".

    An empty text has no line in common with another, not even an empty one. `key` gives a key for each of some
    lines. `check` is called now and then, and may raise to stop.
    """
    if left != right and not (left and right):
        left_size, right_size = left.count("\n") + 1, right.count("\n") + 1
        return [
            Hunk(Change.REMOVED, 0, left_size, 0, 0),
            Hunk(Change.ADDED, left_size, left_size, 0, right_size),
        ]
    return _Comparison(left, right, key, check).hunks()


def lines_of(text: str) -> list[str]:
    r"""The lines of a text without their "\n"; a text of n newlines has n + 1 lines."""
    return text.split("\n")


def line_starts(text: str) -> list[int]:
    """Where each line begins, and where a line behind the last one would."""
    return _starts(lines_of(text))


class _Comparison:
    def __init__(self, left: str, right: str, key: Key | None, check: Check) -> None:
        self._left = lines_of(left)
        self._right = lines_of(right)
        self._left_starts = _starts(self._left)
        self._right_starts = _starts(self._right)
        self._key = key
        self._check = check
        self._hunks: list[Hunk] = []
        self._words_left = _MOST_CHANGED_LINES

    def hunks(self) -> list[Hunk]:
        for run in runs(self._left, self._right, self._check):
            if run.same:
                self._equal(run.left_start, run.left_end, run.right_start)
            else:
                self._differing(run)
        return self._hunks

    def _equal(self, start: int, end: int, right_start: int) -> None:
        last = self._hunks[-1] if self._hunks else None
        if last and last.change is Change.EQUAL:
            self._hunks.pop()
            start, right_start = last.left_start, last.right_start
        self._hunks.append(Hunk(Change.EQUAL, start, end, right_start, right_start + end - start))

    def _differing(self, block: Run) -> None:
        """Lines that are not equal; by their keys some of them may be the same. Only such lines need a key."""
        self._check()
        one_sided = block.left_start == block.left_end or block.right_start == block.right_end
        if self._key is None or one_sided:
            self._replaced(block)
            return
        left_keys = self._keys(self._left, block.left_start, block.left_end)
        right_keys = self._keys(self._right, block.right_start, block.right_end)
        for run in runs(left_keys, right_keys, self._check):
            moved = Run(
                run.same,
                block.left_start + run.left_start,
                block.left_start + run.left_end,
                block.right_start + run.right_start,
                block.right_start + run.right_end,
            )
            if run.same:
                self._same_keys(moved.left_start, moved.left_end, moved.right_start)
            else:
                self._replaced(moved)

    def _keys(self, lines: list[str], start: int, end: int) -> Sequence[str]:
        """The keys of some lines; items of a list are seen together with what they are listed under."""
        assert self._key is not None
        first = start
        while first > 0 and start - first < _CONTEXT and lines[first].lstrip().startswith("- "):
            first -= 1
        return self._key(lines[first:end], self._check)[start - first :]

    def _same_keys(self, start: int, end: int, right_start: int) -> None:
        """Lines with the same keys: equal ones, and between them runs that differ in noise."""
        shift = right_start - start
        at = start
        while at < end:
            same = self._left[at] == self._right[at + shift]
            run = at
            while at < end and (self._left[at] == self._right[at + shift]) is same:
                at += 1
            if same:
                self._equal(run, at, run + shift)
            else:
                for line in range(run, at):
                    self._changed(line, line + shift, is_noise=True)

    def _replaced(self, run: Run) -> None:
        """Lines for lines: pairs lines that are alike, in order; the rest was removed or added."""
        at_left, at_right = run.left_start, run.right_start
        for left, right in self._alike(run.left_start, run.left_end, run.right_start, run.right_end):
            self._alone(at_left, left, at_right, right)
            self._changed(left, right)
            at_left, at_right = left + 1, right + 1
        self._alone(at_left, run.left_end, at_right, run.right_end)

    def _alike(
        self, left_start: int, left_end: int, right_start: int, right_end: int
    ) -> Iterator[tuple[int, int]]:
        if left_end - left_start == right_end - right_start:
            yield from zip(range(left_start, left_end), range(right_start, right_end), strict=True)
            return
        at = right_start
        budget = 2_000
        for left in range(left_start, left_end):
            for right in range(at, right_end):
                budget -= 1
                if budget < 0:
                    return
                if _similar(self._left[left], self._right[right]):
                    yield left, right
                    at = right + 1
                    break

    def _alone(self, left_start: int, left_end: int, right_start: int, right_end: int) -> None:
        if left_end > left_start:
            self._hunks.append(Hunk(Change.REMOVED, left_start, left_end, right_start, right_start))
        if right_end > right_start:
            self._hunks.append(Hunk(Change.ADDED, left_end, left_end, right_start, right_end))

    def _changed(self, left: int, right: int, *, is_noise: bool = False) -> None:
        left_words, right_words = self._words(left, right)
        last = self._hunks[-1] if self._hunks else None
        continues = (
            last is not None
            and last.change is Change.CHANGED
            and (last.left_end, last.right_end, last.is_noise) == (left, right, is_noise)
        )
        if continues and last is not None:
            self._hunks.pop()
            left_words, right_words = last.left_words + left_words, last.right_words + right_words
        first_left, first_right = (last.left_start, last.right_start) if continues and last else (left, right)
        self._hunks.append(
            Hunk(
                Change.CHANGED,
                first_left,
                left + 1,
                first_right,
                right + 1,
                left_words,
                right_words,
                is_noise,
            )
        )

    def _words(self, left: int, right: int) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
        """The words that differ in a pair of lines, as spans of the whole texts."""
        self._words_left -= 1
        if self._words_left < 0:
            return (), ()
        if self._words_left % 256 == 0:
            self._check()
        left_at, right_at = self._left_starts[left], self._right_starts[right]
        left_words, right_words = changed_words(self._left[left], self._right[right])
        return (
            tuple(Span(left_at + span.start, left_at + span.end) for span in left_words),
            tuple(Span(right_at + span.start, right_at + span.end) for span in right_words),
        )


def changed_words(left: str, right: str) -> tuple[list[Span], list[Span]]:
    """The stretches of two lines that differ, by words; between two differences a lone blank is not shown."""
    if len(left) + len(right) > _LONGEST_LINE:
        return _betweencommon_ends(left, right)
    left_words, right_words = _WORD.findall(left), _WORD.findall(right)
    if len(left_words) + len(right_words) > _MOST_WORDS:
        return _betweencommon_ends(left, right)
    left_spans: list[Span] = []
    right_spans: list[Span] = []
    left_at, right_at = _starts(left_words, 0), _starts(right_words, 0)
    for op in Indel.opcodes(left_words, right_words):
        if op.tag != "equal":
            _add(left_spans, left_at[op.src_start], left_at[op.src_end], left)
            _add(right_spans, right_at[op.dest_start], right_at[op.dest_end], right)
    return left_spans, right_spans


def _betweencommon_ends(left: str, right: str) -> tuple[list[Span], list[Span]]:
    front, back = common_ends(left, right)
    spans = Span(front, len(left) - back), Span(front, len(right) - back)
    return [spans[0]] if spans[0].end > front else [], [spans[1]] if spans[1].end > front else []


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
    return list(accumulate((len(part) + separator for part in parts), initial=0))
