"""Which lines can be folded, and which are.

A line can be folded when the next one that is not blank is set in more. Its block reaches to the line before
the first that is set in no more; a line that only closes brackets belongs to it. That is right for pretty JSON
and for YAML, and needs no parsing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from viewer.cassette.patterns import regex

if TYPE_CHECKING:
    from viewer.ui.code_view.buffer import TextBuffer

MOST_FOLDS = 5_000
"""More folded blocks take longer to lay out than anybody waits for, and more than anybody reads."""
_WINDOW = 262_144
_HEAD = 400
"""Characters of a line that are looked at; a line with more white space in front is taken as blank."""
_SURVEYED = 2000
"""Lines that are looked at to tell the levels, or what a line belongs to."""

_BLANKS = " \t\r"
_CLOSING = regex(r"[\])}]+[,;]?[ \t\r]*")
# What a key that is the first of its list item stands behind: it is set in as the keys below it are.
_MARKERS = regex(r"(?:-[ \t]+)*")


def indent_of(buffer: TextBuffer, line: int) -> int | None:
    """The columns that a line is set in; None for a blank line."""
    head = _head(buffer, line)
    bare = head.lstrip(_BLANKS)
    return len(head) - len(bare) if bare else None


def can_fold(buffer: TextBuffer, line: int, markers: int = 0) -> bool:
    """Whether lines below this one belong to it, or to what stands behind so many columns of dashes in it."""
    indent = indent_of(buffer, line)
    if indent is None:
        return False
    indent += markers
    for below in range(line + 1, min(line + 20, buffer.line_count)):
        deeper = indent_of(buffer, below)
        if deeper is not None:
            return deeper > indent
    return False


def block_end(buffer: TextBuffer, line: int) -> int:
    """The last line of the block that `line` heads."""
    indent = indent_of(buffer, line) or 0
    # From the newline on: a search for "^" would stop at every character of ten megabytes.
    ends = re.compile(rf"\n[ \t]{{0,{indent}}}(?=\S)")
    behind = _behind(buffer, line, ends)
    if behind is None:
        behind = buffer.line_count
    elif indent_of(buffer, behind) == indent and _closes(buffer, behind):
        return behind
    return max(line, _last_filled(buffer, behind))


def blocks_at(buffer: TextBuffer, columns: int) -> Iterator[tuple[int, int]]:
    """(heading, last line) of every block whose heading is set in by so many columns, in one pass.

    A key behind a list's dash is set in as far as the key is.
    """
    head = -1
    for line, indent, markers, closes in _outer_lines(buffer, columns):
        is_level = columns in (indent, indent + markers)
        if 0 <= head < (last := _last_filled(buffer, line)):
            yield head, line if is_level and closes else last
        head = line if is_level and not closes else -1
    if 0 <= head < (last := _last_filled(buffer, buffer.line_count)):
        yield head, last


def levels(buffer: TextBuffer) -> list[int]:
    """The columns that headings are set in, ascending, as far as the first lines show."""
    lines = range(min(_SURVEYED, buffer.line_count))
    return sorted(
        {
            (indent_of(buffer, line) or 0) + columns
            for line in lines
            for columns in (0, _markers(buffer, line))
            if can_fold(buffer, line, columns)
        }
    )


def heading_of(buffer: TextBuffer, line: int) -> int | None:
    """The line that heads the innermost block that a line is in; None where none is near."""
    if can_fold(buffer, line):
        return line
    indent = indent_of(buffer, line)
    for above in range(line - 1, max(-1, line - _SURVEYED), -1):
        outer = indent_of(buffer, above)
        if outer is None:
            continue
        if indent is None or outer < indent or (outer == indent and _closes(buffer, line)):
            return above if can_fold(buffer, above) else None
    return None


def _markers(buffer: TextBuffer, line: int) -> int:
    """The columns of the dashes that a line begins with, and of the blanks behind them."""
    found = _MARKERS.match(_head(buffer, line).lstrip(_BLANKS))
    return found.end() if found else 0


def _outer_lines(buffer: TextBuffer, columns: int) -> Iterator[tuple[int, int, int, bool]]:
    """The lines that are not blank and set in by so many columns at the most.

    Each as (line, columns, columns of the dashes it begins with, whether it closes a block).
    """
    # From the newline on: a search for "^" would stop at every character of ten megabytes.
    starts = re.compile(rf"\n[ \t]{{0,{columns}}}(?=\S)({_MARKERS.pattern})({_CLOSING.pattern}(?:\n|\Z))?")
    first, before = 0, "\n"
    for _, text in buffer.windows(0, _WINDOW):
        lines = before + text
        line, done = first - len(before), 0
        at = 0
        while found := starts.search(lines, at):
            line += lines.count("\n", done, found.start() + 1)
            done = at = found.start() + 1
            markers, closing = found.groups()
            indent = found.start(1) - done
            yield line, indent, len(markers), closing is not None
        first += text.count("\n")
        before = "\n" if text.endswith("\n") else ""


def _last_filled(buffer: TextBuffer, line: int) -> int:
    """The last line before this one that is not blank; -1 where there is none."""
    line -= 1
    while line >= 0 and indent_of(buffer, line) is None:
        line -= 1
    return line


def _behind(buffer: TextBuffer, line: int, ends: re.Pattern[str]) -> int | None:
    """The first line below another that `ends` finds. Most blocks are short, so little is looked at first."""
    if line + 1 >= buffer.line_count:
        return None
    start, size = buffer.line_start(line + 1) - 1, _HEAD
    while start < len(buffer):
        text = buffer.slice(start, start + size)
        found = ends.search(text)
        if found:
            return buffer.line_at(start + found.start() + 1)
        # The last line may be cut within its indentation: it is looked at again, unless it is all there is.
        last = text.rfind("\n")
        start = start + last if last > 0 else buffer.line_end(buffer.line_at(start + 1))
        size = min(8 * size, _WINDOW)
        if start + 1 >= len(buffer):
            return None
    return None


def _closes(buffer: TextBuffer, line: int) -> bool:
    """Whether a line has nothing but closing brackets."""
    return _CLOSING.fullmatch(_head(buffer, line).lstrip(_BLANKS)) is not None


def _head(buffer: TextBuffer, line: int) -> str:
    """What is looked at of a line."""
    start, end = buffer.line_bounds(line)
    return buffer.slice(start, min(end, start + _HEAD))


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
