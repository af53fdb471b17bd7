"""Which row each line stands in, so that lines that belong together stand beside each other.

Rows are what both panes have in common: row N of the left stands beside row N of the right, with a filler where
one of them has no line, or fewer rows because its line wraps less often.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from viewer.compare.hunks import Change, Hunk


@dataclass(frozen=True, slots=True)
class Stop:
    """A difference to walk to: its first row, and how many rows it takes."""

    row: int
    rows: int


@dataclass(slots=True)
class Arrangement:
    """Fillers for each side (rows without a line, by the line below them), and where the differences are.

    `stops` are those to walk to; `muted` those that are noise and dimmed; `rows` is the height of it all.
    """

    left: dict[int, int] = field(default_factory=dict)
    right: dict[int, int] = field(default_factory=dict)
    stops: list[Stop] = field(default_factory=list)
    muted: list[Stop] = field(default_factory=list)
    rows: int = 0


def arrange(
    hunks: Sequence[Hunk],
    *,
    mute: bool,
    heights: tuple[Sequence[int], Sequence[int]] | None = None,
) -> Arrangement:
    """Arranges two texts. `heights` has the rows of each line of the left and of the right; without, each has one."""
    result = Arrangement()
    index = 0
    while index < len(hunks):
        hunk = hunks[index]
        first = result.rows
        if hunk.change is Change.REMOVED and _is_added(hunks, index + 1):
            # Lines that made way for others stand beside them, though they are not alike.
            index += 1
            _place_block(result, hunk, hunks[index], heights)
        elif hunk.change in (Change.REMOVED, Change.ADDED):
            _place_block(result, hunk, hunk, heights)
        else:
            _place_lines(result, hunk, heights)
        if hunk.change is not Change.EQUAL:
            _note(result.muted if mute and hunk.is_noise else result.stops, first, result.rows)
        index += 1
    return result


def _is_added(hunks: Sequence[Hunk], index: int) -> bool:
    return index < len(hunks) and hunks[index].change is Change.ADDED


def _place_lines(
    result: Arrangement, hunk: Hunk, heights: tuple[Sequence[int], Sequence[int]] | None
) -> None:
    """Line beside line."""
    count = hunk.left_end - hunk.left_start
    if heights is None:
        result.rows += count
        return
    for at in range(count):
        left, right = hunk.left_start + at, hunk.right_start + at
        _stand(result, left + 1, heights[0][left], right + 1, heights[1][right])


def _place_block(
    result: Arrangement, removed: Hunk, added: Hunk, heights: tuple[Sequence[int], Sequence[int]] | None
) -> None:
    """All lines of the left beside all lines of the right."""
    left, right = slice(removed.left_start, removed.left_end), slice(added.right_start, added.right_end)
    sizes = left.stop - left.start, right.stop - right.start
    if heights is not None:
        sizes = sum(heights[0][left]), sum(heights[1][right])
    _stand(result, left.stop, sizes[0], right.stop, sizes[1])


def _stand(result: Arrangement, left_below: int, left_rows: int, right_below: int, right_rows: int) -> None:
    """Gives both sides the rows of the higher one."""
    rows = max(left_rows, right_rows)
    for fillers, below, missing in (
        (result.left, left_below, rows - left_rows),
        (result.right, right_below, rows - right_rows),
    ):
        if missing:
            fillers[below] = fillers.get(below, 0) + missing
    result.rows += rows


def _note(stops: list[Stop], first: int, end: int) -> None:
    """Notes a difference; one that follows another without a line between them is a part of it."""
    if stops and stops[-1].row + stops[-1].rows == first:
        stops[-1] = Stop(stops[-1].row, end - stops[-1].row)
    else:
        stops.append(Stop(first, end - first))
