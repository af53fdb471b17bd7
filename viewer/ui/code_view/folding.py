"""Which lines can be folded, and which are.

A line can be folded when the next one that is not blank is set in more. Its block reaches to the line before
the first that is set in no more; a line that only closes brackets belongs to it. That is right for pretty JSON
and for YAML, and needs no parsing.
"""

from __future__ import annotations

import re

from viewer.ui.code_view.buffer import TextBuffer

_WINDOW = 262_144
_HEAD = 400
"""Characters of a line that are looked at; a line with more white space in front is taken as blank."""


def indent_of(buffer: TextBuffer, line: int) -> int | None:
    """The columns that a line is set in; None for a blank line."""
    start = buffer.line_start(line)
    head = buffer.slice(start, min(buffer.line_end(line), start + _HEAD))
    bare = head.lstrip(" \t\r")
    return len(head) - len(bare) if bare else None


def can_fold(buffer: TextBuffer, line: int) -> bool:
    """Whether lines below this one belong to it."""
    indent = indent_of(buffer, line)
    if indent is None:
        return False
    for below in range(line + 1, min(line + 20, buffer.line_count)):
        deeper = indent_of(buffer, below)
        if deeper is not None:
            return deeper > indent
    return False


def block_end(buffer: TextBuffer, line: int) -> int:
    """The last line of the block that `line` heads."""
    indent = indent_of(buffer, line) or 0
    ends = re.compile(rf"^[ \t]{{0,{indent}}}[^\s]", re.MULTILINE)
    for offset, text in buffer.windows(buffer.line_start(line + 1), _WINDOW):
        found = ends.search(text)
        if found:
            return _with_closing(buffer, buffer.line_at(offset + found.start()))
    return buffer.line_count - 1


def _with_closing(buffer: TextBuffer, behind: int) -> int:
    """The last line of a block, the line behind it being `behind`."""
    start = buffer.line_start(behind)
    head = buffer.slice(start, min(buffer.line_end(behind), start + _HEAD))
    if re.fullmatch(r"\s*[\])}]+[,;]?\s*", head):
        return behind
    while behind > 1 and indent_of(buffer, behind - 1) is None:
        behind -= 1
    return behind - 1


class Folds:
    """The folded blocks: by their heading line, the last line that is hidden."""

    def __init__(self) -> None:
        self._last: dict[int, int] = {}

    def __contains__(self, line: int) -> bool:
        return line in self._last

    def __bool__(self) -> bool:
        return bool(self._last)

    def last(self, line: int) -> int:
        """The last line hidden under a folded one."""
        return self._last[line]

    def fold(self, line: int, last: int) -> None:
        """Hide the lines behind `line`, up to `last`."""
        self._last[line] = last

    def unfold(self, line: int) -> None:
        """Show the lines under `line` again; folded blocks among them stay folded."""
        self._last.pop(line, None)

    def unfold_all(self) -> None:
        """Show every line."""
        self._last.clear()

    def hiding(self, line: int) -> list[int]:
        """The headings under which a line is hidden."""
        return [head for head, last in self._last.items() if head < line <= last]

    def hidden(self) -> list[tuple[int, int]]:
        """The hidden ranges (first, last), in order, those within others left out."""
        ranges: list[tuple[int, int]] = []
        for head in sorted(self._last):
            if not ranges or head > ranges[-1][1]:
                ranges.append((head + 1, self._last[head]))
        return ranges

    def replace(self, first: int, removed: int, added: int) -> bool:
        """Lines `first` to `first + removed` became `added` lines; True when there is a fold to take over.

        A fold that an edit reaches into is opened.
        """
        if not self._last:
            return False
        growth, end = added - removed, first + removed
        kept = {head: last for head, last in self._last.items() if last < first}
        if removed == added == 1 and first in self._last:
            kept[first] = self._last[first]
        moved = {head + growth: last + growth for head, last in self._last.items() if head >= end}
        self._last = kept | moved
        return True
