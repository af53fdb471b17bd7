"""What was typed into a field since its text was set: undo, redo, and the sum of it all.

A step is a list of small changes that are undone together. The history stores what was removed and inserted,
never the text itself.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from viewer.ui.code_view.buffer import TextBuffer


class Change(msgspec.Struct, frozen=True):
    """At `start`, `removed` made way for `inserted`."""

    start: int
    removed: str
    inserted: str

    def inverse(self) -> Change:
        """The change that takes this one back."""
        return Change(self.start, self.inserted, self.removed)


class History:
    """Steps done and undone. Typing on in one place is one step until a word ends or the caret moves."""

    def __init__(self) -> None:
        self._done: list[list[Change]] = []
        self._undone: list[list[Change]] = []
        self._open = False

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether a step taken back can be done again."""
        return bool(self._undone)

    def record(self, change: Change, *, joins: bool = False) -> None:
        """Remember a change that was made; with `joins` it goes to the step before, if that is still open."""
        self._undone.clear()
        if joins and self._open and self._done:
            self._append(self._done[-1], change)
        else:
            self._done.append([change])
        self._open = True

    def close_step(self) -> None:
        """The next change begins a step of its own."""
        self._open = False

    def undo(self) -> list[Change]:
        """The changes that take the last step back, in the order to make them."""
        self.close_step()
        step = self._done.pop()
        self._undone.append(step)
        return [change.inverse() for change in reversed(step)]

    def redo(self) -> list[Change]:
        """The changes that do the last step again."""
        self.close_step()
        step = self._undone.pop()
        self._done.append(step)
        return list(step)

    def changes(self) -> Iterable[Change]:
        """Every change that stands, oldest first."""
        return (change for step in self._done for change in step)

    def _append(self, step: list[Change], change: Change) -> None:
        last = step[-1]
        if not change.removed and change.start == last.start + len(last.inserted):
            step[-1] = Change(last.start, last.removed, last.inserted + change.inserted)
        else:
            step.append(change)


class _Region(msgspec.Struct):
    """A stretch of the original text (`was`) and what stands there now (`now`)."""

    was_start: int
    was_end: int
    now_start: int
    now_end: int


def net_edits(original: str, changes: Iterable[Change], buffer: TextBuffer) -> list[tuple[int, int, str]]:
    """The changes summed up: (start, end, replacement) against `original`, in order and not overlapping.

    `buffer` holds the text after the changes. What was changed and changed back leaves no edit.
    """
    regions: list[_Region] = []
    for change in changes:
        _add(regions, change)
    edits = (_trimmed(original, buffer, region) for region in regions)
    return [edit for edit in edits if edit[0] < edit[1] or edit[2]]


def _add(regions: list[_Region], change: Change) -> None:
    """Bring one change into the regions, joining those that it touches."""
    start, end = change.start, change.start + len(change.removed)
    first = bisect_left(regions, start, key=lambda region: region.now_end)
    last = first
    while last < len(regions) and regions[last].now_start <= end:
        last += 1
    before = regions[first - 1] if first else _Region(0, 0, 0, 0)
    joined = _Region(start - before.now_end + before.was_end, 0, start, end)
    behind = regions[last - 1] if last else before
    joined.was_end = max(behind.was_end, end - behind.now_end + behind.was_end)
    if last > first:
        joined.was_start = min(joined.was_start, regions[first].was_start)
        joined.now_start = min(start, regions[first].now_start)
        joined.now_end = max(end, regions[last - 1].now_end)
    growth = len(change.inserted) - len(change.removed)
    joined.now_end += growth
    regions[first:last] = [joined]
    for region in regions[first + 1 :]:
        region.now_start += growth
        region.now_end += growth


def _trimmed(original: str, buffer: TextBuffer, region: _Region) -> tuple[int, int, str]:
    """The region's edit without what both texts have in common at its ends."""
    was = original[region.was_start : region.was_end]
    now = buffer.slice(region.now_start, region.now_end)
    head = _common(was, now)
    tail = _common(was[head:][::-1], now[head:][::-1])
    return region.was_start + head, region.was_end - tail, now[head : len(now) - tail]


def _common(one: str, other: str) -> int:
    """How many characters two texts have in common at their starts."""
    same, differs = 0, min(len(one), len(other)) + 1
    while differs - same > 1:
        middle = (same + differs) // 2
        if one[same:middle] == other[same:middle]:
            same = middle
        else:
            differs = middle
    return same
