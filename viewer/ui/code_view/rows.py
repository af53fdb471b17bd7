"""Which screen row a line begins at, for 600,000 lines as for ten.

A line is one row unless it is noted otherwise, so only the exceptions are stored: lines that wrap, and lines
with filler above them. The lines stand in blocks with running sums, so that an inserted line shifts one block.
Hidden (folded) lines are taken out on top of that.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from operator import sub

BLOCK = 256


class _Block:
    """Some lines in a row; `extra` holds the rows that a line has beyond its first, by its place in the block."""

    __slots__ = ("count", "extra", "total")

    def __init__(self, count: int) -> None:
        self.count = count
        self.extra: dict[int, int] = {}
        self.total = 0

    def set(self, place: int, extra: int) -> None:
        self.total += extra - self.extra.pop(place, 0)
        if extra:
            self.extra[place] = extra

    def cut(self, place: int, removed: int, added: int) -> None:
        """Replace some of its lines by lines of one row."""
        kept = self.extra.items()
        self.extra = {at: extra for at, extra in kept if at < place} | {
            at - removed + added: extra for at, extra in kept if at >= place + removed
        }
        self.total = sum(self.extra.values())
        self.count += added - removed

    def before(self, place: int) -> int:
        return place + sum(extra for at, extra in self.extra.items() if at < place)


class Heights:
    """The rows of every line, none hidden."""

    def __init__(self, line_count: int) -> None:
        self._blocks = [_Block(min(BLOCK, line_count - at)) for at in range(0, line_count, BLOCK)]
        self._lines: list[int] | None = None
        self._rows: list[int] | None = None

    def extra(self, line: int) -> int:
        """The rows of the line beyond its first."""
        index, place = self._find(line)
        return self._blocks[index].extra.get(place, 0)

    def set_extra(self, line: int, extra: int) -> bool:
        """Note the rows of a line beyond its first; True when that is news."""
        index, place = self._find(line)
        if self._blocks[index].extra.get(place, 0) == extra:
            return False
        self._blocks[index].set(place, extra)
        self._rows = None
        return True

    def row_of(self, line: int) -> int:
        """The first row of the line; for the number of lines, the number of rows."""
        rows, count = self._rows_before(), self._lines_before()[-1]
        if line >= count:
            return rows[-1]
        if rows[-1] == count:
            return line
        index, place = self._find(line)
        return rows[index] + self._blocks[index].before(place)

    def rows_of(self, lines: Iterable[int]) -> list[int]:
        """The first row of each of these lines, which ascend: a tenth of what asking for each alone takes."""
        starts, rows = self._lines_before(), self._rows_before()
        if rows[-1] == starts[-1]:
            return [min(line, starts[-1]) for line in lines]
        found: list[int] = []
        index, behind, passed = -1, 0, 0
        extras: list[tuple[int, int]] = []
        for line in lines:
            if line >= starts[-1]:
                found.append(rows[-1])
                continue
            if line >= behind:
                index = bisect_right(starts, line) - 1
                behind, passed = starts[index + 1], 0
                extras = sorted(self._blocks[index].extra.items(), reverse=True)
            place = line - starts[index]
            while extras and extras[-1][0] < place:
                passed += extras.pop()[1]
            found.append(rows[index] + place + passed)
        return found

    def line_at(self, row: int) -> int:
        """The line that the row belongs to; the last one for rows behind the end."""
        rows = self._rows_before()
        index = min(bisect_right(rows, max(row, 0)) - 1, len(self._blocks) - 1)
        block, left = self._blocks[index], max(row, 0) - rows[index]
        passed = 0
        for place in sorted(block.extra):
            if left - passed <= place:
                break
            passed += min(block.extra[place], left - passed - place)
        return self._lines_before()[index] + min(left - passed, block.count - 1)

    def replace(self, first: int, removed: int, added: int) -> None:
        """Lines `first` to `first + removed` made way for `added` lines of one row each."""
        index, place = self._find(first)
        while removed:
            block = self._blocks[index]
            taken = min(removed, block.count - place)
            block.cut(place, taken, 0)
            removed -= taken
            index, place = index + 1, 0
        self._blocks = [block for block in self._blocks if block.count]
        self._lines = self._rows = None
        self._insert(first, added)
        self._lines = self._rows = None

    def _insert(self, first: int, added: int) -> None:
        index, place = self._find(first) if self._blocks else (0, 0)
        if self._blocks and added + self._blocks[index].count <= 2 * BLOCK:
            self._blocks[index].cut(place, 0, added)
        elif added:
            self._split(index, place)
            fresh = [_Block(min(BLOCK, added - at)) for at in range(0, added, BLOCK)]
            self._blocks[index + 1 : index + 1] = fresh
            self._blocks = [block for block in self._blocks if block.count]

    def _split(self, index: int, place: int) -> None:
        if not self._blocks:
            return
        block = self._blocks[index]
        rest = _Block(block.count - place)
        for at in [at for at in block.extra if at >= place]:
            rest.set(at - place, block.extra[at])
            block.set(at, 0)
        block.count = place
        self._blocks.insert(index + 1, rest)

    def _find(self, line: int) -> tuple[int, int]:
        """The block of a line and its place there; the end of the last block for the number of lines."""
        lines = self._lines_before()
        index = min(bisect_right(lines, line) - 1, len(self._blocks) - 1)
        return index, line - lines[index]

    def _lines_before(self) -> list[int]:
        """The number of lines before each block, and that of all."""
        if self._lines is None:
            self._lines = list(accumulate((block.count for block in self._blocks), initial=0))
        return self._lines

    def _rows_before(self) -> list[int]:
        """The number of rows before each block, and that of all."""
        if self._rows is None:
            rows = (block.count + block.total for block in self._blocks)
            self._rows = list(accumulate(rows, initial=0))
        return self._rows


class RowMap:
    """Rows as they are seen: with filler above lines, without hidden ones. A filler is part of the line under it."""

    def __init__(self, line_count: int) -> None:
        self.line_count = line_count
        self.fillers: dict[int, int] = {}
        self._heights = Heights(line_count)
        self._hidden: Sequence[tuple[int, int]] = ()
        self._hidden_tops: list[int] | None = None
        self._hidden_rows: list[int] = []

    @property
    def total(self) -> int:
        """All rows, those of a filler behind the last line included."""
        return self._visible(self._heights.row_of(self.line_count)) + self.fillers.get(self.line_count, 0)

    def set_rows(self, line: int, rows: int) -> bool:
        """Note how many rows the line's own text takes; True when that is news."""
        return self._extra_set(line, rows - 1 + self.fillers.get(line, 0))

    def rows(self, line: int) -> int:
        """How many rows the line's own text takes, as far as is known."""
        return 1 + self._heights.extra(line) - self.fillers.get(line, 0)

    def set_fillers(self, fillers: Mapping[int, int]) -> None:
        """Put empty rows above lines (line: rows); the number of lines stands for the end."""
        for line in self.fillers.keys() | fillers.keys():
            if line < self.line_count:
                rows = self.rows(line)
                self._extra_set(line, rows - 1 + fillers.get(line, 0))
        self.fillers = {line: rows for line, rows in fillers.items() if rows > 0}

    def set_hidden(self, ranges: Sequence[tuple[int, int]]) -> None:
        """Hide lines: (first, last) in order, neither overlapping nor touching line 0."""
        self._hidden = ranges
        self._hidden_tops = None

    def top(self, line: int) -> int:
        """The first row of the line's own text; for a hidden line, the row where it would follow."""
        filler = self.fillers.get(line, 0)
        return self._visible(self._heights.row_of(line) + filler)

    def line_at(self, row: int) -> int:
        """The line that is seen in a row; its filler counts as its own."""
        self._sum_hidden()
        assert self._hidden_tops is not None
        index = bisect_right(self._hidden_tops, row)
        return self._heights.line_at(row + self._hidden_rows[index])

    def next_line(self, line: int) -> int:
        """The visible line behind this one."""
        hidden = self._range_at(line + 1)
        return hidden[1] + 1 if hidden else line + 1

    def previous_line(self, line: int) -> int:
        """The visible line before this one; -1 before the first."""
        hidden = self._range_at(line - 1)
        return hidden[0] - 1 if hidden else line - 1

    def replace(self, first: int, removed: int, added: int) -> None:
        """Lines `first` to `first + removed` made way for `added` others; fillers move along."""
        kept = {line: rows for line, rows in self.fillers.items() if line < first}
        moved = {
            line - removed + added: rows for line, rows in self.fillers.items() if line >= first + removed
        }
        self.fillers = kept | moved
        self._heights.replace(first, removed, added)
        self.line_count += added - removed
        self._hidden_tops = None

    def _extra_set(self, line: int, extra: int) -> bool:
        news = self._heights.set_extra(line, extra)
        if news:
            self._hidden_tops = None
        return news

    def _visible(self, row: int) -> int:
        """A row counted with hidden lines, as it is seen."""
        self._sum_hidden()
        index = bisect_right(self._hidden, row, key=lambda hidden: self._heights.row_of(hidden[0])) - 1
        if index < 0:
            return row
        first, last = self._hidden[index]
        top, bottom = self._heights.row_of(first), self._heights.row_of(last + 1)
        return row - self._hidden_rows[index] - (min(row, bottom) - top)

    def _range_at(self, line: int) -> tuple[int, int] | None:
        index = bisect_right(self._hidden, line, key=lambda hidden: hidden[0]) - 1
        if index >= 0 and self._hidden[index][1] >= line:
            return self._hidden[index]
        return None

    def _sum_hidden(self) -> None:
        """Where each hidden range would be seen, and how many rows are hidden before it."""
        if self._hidden_tops is not None:
            return
        starts = self._heights.rows_of(first for first, _ in self._hidden)
        ends = self._heights.rows_of(last + 1 for _, last in self._hidden)
        self._hidden_rows = list(accumulate(map(sub, ends, starts), initial=0))
        self._hidden_tops = list(map(sub, starts, self._hidden_rows))
