"""What the two panes of a comparison draw: plain values, made in the background."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from viewer.compare.hunks import Change, Hunk, Span, line_starts
from viewer.compare.runs import Check
from viewer.compare.views import View
from viewer.ui.code_view import Highlighter, LineMark, Mark, MarkKind
from viewer.ui.compare.arrangement import Arrangement, arrange
from viewer.ui.compare.highlighting import highlighter_of

if TYPE_CHECKING:
    from viewer.compare.comparison import Comparison, Sides

_REMOVED = LineMark.REMOVED, MarkKind.REMOVED
_ADDED = LineMark.ADDED, MarkKind.ADDED


@dataclass(slots=True)
class PaneContent:
    """One side: its text and colours, and what is marked in it.

    `is_missing` says that this side has no such interaction at all.
    """

    text: str
    highlighter: Highlighter
    is_missing: bool = False
    marks: list[Mark] = field(default_factory=list)
    line_marks: dict[int, LineMark] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Presentation:
    """A pair under a view. `arrangement` is that of lines that do not wrap; `mute` says whether noise is dimmed.

    `notes` say what could not be read on a side, `days` when it was recorded ("" where nothing is known).
    """

    index: int
    view: View
    views: tuple[View, ...]
    left: PaneContent
    right: PaneContent
    hunks: tuple[Hunk, ...]
    mute: bool
    arrangement: Arrangement
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
    _mark(sides, left, right, mute=mute)
    return Presentation(
        index,
        view,
        tuple(views),
        left,
        right,
        sides.hunks,
        mute,
        arrange(sides.hunks, mute=mute),
        tuple(comparison.figures(pair)),
        comparison.notes(pair),
        comparison.recorded(pair),
    )


def _mark(sides: Sides, left: PaneContent, right: PaneContent, *, mute: bool) -> None:
    """Notes on both sides what is to be marked in them."""
    starts = line_starts(sides.left), line_starts(sides.right)
    for hunk in sides.hunks:
        if hunk.change is Change.EQUAL:
            continue
        if hunk.is_noise and mute:
            _dim(left, starts[0][hunk.left_start], starts[0][hunk.left_end])
            _dim(right, starts[1][hunk.right_start], starts[1][hunk.right_end])
        else:
            _paint(left, range(hunk.left_start, hunk.left_end), hunk.left_words, _REMOVED)
            _paint(right, range(hunk.right_start, hunk.right_end), hunk.right_words, _ADDED)


def _dim(pane: PaneContent, start: int, end: int) -> None:
    """Mutes lines, the last one without its newline."""
    pane.marks.append(Mark(start, end - 1, MarkKind.MUTED))


def _paint(
    pane: PaneContent, lines: range, words: tuple[Span, ...], marks: tuple[LineMark, MarkKind]
) -> None:
    if not pane.text:
        pane.line_marks[0] = LineMark.PLACEHOLDER
        return
    pane.line_marks.update(dict.fromkeys(lines, marks[0]))
    pane.marks.extend(Mark(word.start, word.end, marks[1]) for word in words)
