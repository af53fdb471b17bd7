"""What the two panes of a comparison draw: plain values, made in the background.

Rows are what both panes have in common: row N of the left stands beside row N of the right, a filler where one
of them has no line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from viewer.compare.comparison import Comparison, Sides
from viewer.compare.hunks import Change, Check, Hunk, Span, line_starts
from viewer.compare.views import View
from viewer.ui.code_view import Highlighter, LineMark, Mark, MarkKind
from viewer.ui.compare.highlighting import highlighter_of


@dataclass(frozen=True, slots=True)
class Stop:
    """A difference to walk to: its first row, and how many rows it takes."""

    row: int
    rows: int


@dataclass(slots=True)
class PaneContent:
    """One side: its text and colours, what is marked in it, and the rows without a line (line below: rows).

    `is_missing` says that this side has no such interaction at all.
    """

    text: str
    highlighter: Highlighter
    is_missing: bool = False
    marks: list[Mark] = field(default_factory=list)
    line_marks: dict[int, LineMark] = field(default_factory=dict)
    fillers: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Presentation:
    """A pair under a view. `stops` are the differences, `muted` those that are noise and dimmed.

    `notes` say what could not be read on a side, `days` when it was recorded ("" where nothing is known).
    """

    index: int
    view: View
    views: tuple[View, ...]
    left: PaneContent
    right: PaneContent
    stops: tuple[Stop, ...]
    muted: tuple[Stop, ...]
    rows: int
    figures: tuple[tuple[str, str, str], ...]
    notes: tuple[str, str]
    days: tuple[str, str]


def present(
    comparison: Comparison, index: int, wanted: View | None, check: Check = lambda: None, *, mute: bool
) -> Presentation:
    """The pair at `index` under the wanted view; else under the first that differs, else under the first."""
    pair = comparison.pairs[index]
    views = comparison.views(pair)
    view = wanted if wanted in views else None
    if view is None:
        view = next(iter([*comparison.differing(pair, check, with_noise=not mute), *views]), View.YAML)
    sides = comparison.sides(pair, view, check)
    left = PaneContent(sides.left, highlighter_of(sides.left, view), pair.left is None)
    right = PaneContent(sides.right, highlighter_of(sides.right, view), pair.right is None)
    muted = sides.muted if mute else frozenset[int]()
    rows = _Rows(sides, muted, left, right)
    rows.lay_out()
    return Presentation(
        index,
        view,
        tuple(views),
        left,
        right,
        tuple(rows.stops),
        tuple(rows.muted_stops),
        rows.row,
        tuple(comparison.figures(pair)),
        comparison.notes(pair),
        comparison.recorded(pair),
    )


class _Rows:
    """Walks the blocks of two texts, counts rows, and notes what is to be drawn on both sides."""

    def __init__(self, sides: Sides, muted: frozenset[int], left: PaneContent, right: PaneContent) -> None:
        self._sides = sides
        self._muted = muted
        self._left = left
        self._right = right
        self.row = 0
        self.stops: list[Stop] = []
        self.muted_stops: list[Stop] = []

    @cached_property
    def _starts(self) -> tuple[list[int], list[int]]:
        return line_starts(self._sides.left), line_starts(self._sides.right)

    def lay_out(self) -> None:
        blocks = self._sides.hunks
        index = 0
        while index < len(blocks):
            hunk = blocks[index]
            if hunk.change is Change.EQUAL:
                self.row += hunk.left_end - hunk.left_start
            elif index in self._muted:
                self._mute(hunk)
            elif hunk.change is Change.REMOVED and _is_added(blocks, index + 1):
                # Lines that made way for others stand beside them, though they are not alike.
                index += 1
                self._replace(hunk, blocks[index])
            else:
                self._replace(hunk, hunk)
            index += 1

    def _mute(self, hunk: Hunk) -> None:
        rows = hunk.left_end - hunk.left_start
        left, right = self._starts
        for pane, first, last in (
            (self._left, left[hunk.left_start], left[hunk.left_end]),
            (self._right, right[hunk.right_start], right[hunk.right_end]),
        ):
            pane.marks.append(Mark(first, last - 1, MarkKind.MUTED))
        self.muted_stops.append(Stop(self.row, rows))
        self.row += rows

    def _replace(self, removed: Hunk, added: Hunk) -> None:
        """Lines of the left and lines of the right that differ, side by side."""
        left_count = removed.left_end - removed.left_start
        right_count = added.right_end - added.right_start
        rows = max(left_count, right_count)
        self._paint(self._left, removed.left_start, removed.left_end, removed.left_words, added=False)
        self._paint(self._right, added.right_start, added.right_end, added.right_words, added=True)
        _fill(self._left, removed.left_end, rows - left_count)
        _fill(self._right, added.right_end, rows - right_count)
        last = self.stops[-1] if self.stops else None
        if last and last.row + last.rows == self.row:
            self.stops[-1] = Stop(last.row, last.rows + rows)
        else:
            self.stops.append(Stop(self.row, rows))
        self.row += rows

    def _paint(
        self, pane: PaneContent, start: int, end: int, words: tuple[Span, ...], *, added: bool
    ) -> None:
        if not pane.text:
            pane.line_marks[0] = LineMark.PLACEHOLDER
            return
        line_mark = LineMark.ADDED if added else LineMark.REMOVED
        kind = MarkKind.ADDED if added else MarkKind.REMOVED
        pane.line_marks.update(dict.fromkeys(range(start, end), line_mark))
        pane.marks.extend(Mark(word.start, word.end, kind) for word in words)


def _is_added(blocks: tuple[Hunk, ...], index: int) -> bool:
    return index < len(blocks) and blocks[index].change is Change.ADDED


def _fill(pane: PaneContent, line: int, rows: int) -> None:
    if rows:
        pane.fillers[line] = pane.fillers.get(line, 0) + rows
