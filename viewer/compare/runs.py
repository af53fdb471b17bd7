"""Which items of two sequences are the same, in order: a longest common subsequence, of lines or of interactions.

Above a size the sequences are first cut where an item is there once on both sides, so that two recordings of a
hundred thousand interactions, or two bodies of a million lines, take neither the memory nor the time of all pairs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

# Above this many pairs of items to weigh, items that are there once on both sides cut a stretch in parts first:
# the time, and the memory of one bit for each pair, are quadratic.
_MOST_CELLS = 400_000_000

Check = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Run:
    """Items of the left and items of the right: `same` item by item, or the ones in the place of the others."""

    same: bool
    left_start: int
    left_end: int
    right_start: int
    right_end: int


def runs(left: Sequence[str], right: Sequence[str], check: Check = lambda: None) -> Iterator[Run]:
    """What is the same and what is not, in order, without gaps, in turns.

    `check` is called now and then, and may raise to stop.
    """
    pending: Run | None = None
    for run in _parts(left, right, check):
        if pending is None:
            pending = run
        elif pending.same is run.same:
            pending = Run(run.same, pending.left_start, run.left_end, pending.right_start, run.right_end)
        else:
            yield pending
            pending = run
    if pending is not None:
        yield pending


def _parts(left: Sequence[str], right: Sequence[str], check: Check) -> Iterator[Run]:
    """The same in smaller parts: the common ends, and what lies between."""
    front, back = common_ends(left, right)
    left_end, right_end = len(left) - back, len(right) - back
    if front:
        yield Run(True, 0, front, 0, front)
    check()
    if (left_end - front) * (right_end - front) > _MOST_CELLS:
        yield from _large_parts(left, right, front, left_end, right_end, check)
    else:
        yield from _opcodes(left, right, Run(False, front, left_end, front, right_end))
    if back:
        yield Run(True, left_end, len(left), right_end, len(right))


def _opcodes(left: Sequence[str], right: Sequence[str], area: Run) -> Iterator[Run]:
    """Each item weighed against each."""
    lefts, rights = left[area.left_start : area.left_end], right[area.right_start : area.right_end]
    if not lefts or not rights:
        if lefts or rights:
            yield area
        return
    for op in Indel.opcodes(lefts, rights):
        yield Run(
            op.tag == "equal",
            area.left_start + op.src_start,
            area.left_start + op.src_end,
            area.right_start + op.dest_start,
            area.right_start + op.dest_end,
        )


def _large_parts(
    left: Sequence[str], right: Sequence[str], start: int, left_end: int, right_end: int, check: Check
) -> Iterator[Run]:
    """A stretch too large to weigh each item against each: cut where one is there once on both sides."""
    at_left, at_right = start, start
    for number, anchor in enumerate(_anchors(left[start:left_end], right[start:right_end])):
        if number % 1000 == 0:
            check()
        anchor_left, anchor_right = start + anchor[0], start + anchor[1]
        yield from _between(left, right, Run(False, at_left, anchor_left, at_right, anchor_right))
        yield Run(True, anchor_left, anchor_left + 1, anchor_right, anchor_right + 1)
        at_left, at_right = anchor_left + 1, anchor_right + 1
    yield from _between(left, right, Run(False, at_left, left_end, at_right, right_end))


def _between(left: Sequence[str], right: Sequence[str], area: Run) -> Iterator[Run]:
    """What lies between two anchors: often the same items again, or items on one side only."""
    lefts, rights = left[area.left_start : area.left_end], right[area.right_start : area.right_end]
    if not lefts and not rights:
        return
    if lefts == rights:
        yield Run(True, area.left_start, area.left_end, area.right_start, area.right_end)
    elif len(lefts) * len(rights) > _MOST_CELLS:
        # Nothing is there once: halves are weighed alone, which may miss what moved from one to the other.
        left_middle, right_middle = area.left_start + len(lefts) // 2, area.right_start + len(rights) // 2
        yield from _between(
            left, right, Run(False, area.left_start, left_middle, area.right_start, right_middle)
        )
        yield from _between(left, right, Run(False, left_middle, area.left_end, right_middle, area.right_end))
    else:
        yield from _opcodes(left, right, area)


def _anchors(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """The longest row of items in the same order on both sides, of those that are there once on each."""
    left_counts, right_counts = Counter(left), Counter(right)
    places = {line: at for at, line in enumerate(right) if right_counts[line] == 1}
    pairs = [(at, places[line]) for at, line in enumerate(left) if left_counts[line] == 1 and line in places]
    return _longest_increasing(pairs)


def _longest_increasing(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence whose second numbers increase (patience sorting)."""
    tails: list[int] = []
    tops: list[int] = []
    before: list[int] = []
    for index, (_, place) in enumerate(pairs):
        pile = bisect_left(tails, place)
        before.append(tops[pile - 1] if pile else -1)
        tails[pile : pile + 1] = [place]
        tops[pile : pile + 1] = [index]
    found = []
    at = tops[-1] if tops else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def common_ends(left: Sequence[str], right: Sequence[str]) -> tuple[int, int]:
    """How many items are the same at the beginnings, and how many of the rest at the ends."""
    limit = min(len(left), len(right))
    front = 0
    while front < limit and left[front] == right[front]:
        front += 1
    back = 0
    while back < limit - front and left[-1 - back] == right[-1 - back]:
        back += 1
    return front, back
