"""A text laid out as a page of endless length: where each character stands, whatever is in view.

Page coordinates are pixels from the first row's top left, without gutter, padding or scrolling. Lines are laid
out when somebody asks for them; until then their height is an estimate, so asking may move what is below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QTextCharFormat

from viewer.ui.code_view.buffer import TextBuffer
from viewer.ui.code_view.folding import Folds
from viewer.ui.code_view.highlighters import PlainHighlighter
from viewer.ui.code_view.layout import LaidOut, LayoutCache, Metrics, lay_out
from viewer.ui.code_view.rows import RowMap
from viewer.ui.code_view.segments import LONGEST, SEGMENT, STRIDE, LongLine, cut
from viewer.ui.code_view.tokens import Highlighter, Place, TokenKind
from viewer.ui.code_view.units import visible


class Piece(msgspec.Struct, frozen=True):
    """A laid out segment in its place: where its text starts, and its left top corner on the page."""

    line: int
    start: int
    left: float
    top: float
    laid: LaidOut

    @property
    def end(self) -> int:
        """The offset behind its last character."""
        return self.start + self.laid.length


class Page:
    """A buffer and all that follows from it: rows, folds, layouts. `wrap_width` is None where nothing wraps."""

    def __init__(self, font: QFont) -> None:
        self.metrics = Metrics.of(font)
        self.formats: Mapping[TokenKind, QTextCharFormat] = {}
        self.highlighter: Highlighter = PlainHighlighter()
        self.preedit: tuple[int, str] | None = None
        self.wrap_width: float | None = None
        self.set_text("")

    def set_text(self, text: str) -> None:
        """Show another text; nothing of the old one stays."""
        self.buffer = TextBuffer(text)
        self.folds = Folds()
        self.width = 0.0
        self.rows = RowMap(self.buffer.line_count)
        self._layouts = LayoutCache()
        self._long: dict[int, LongLine] = {}

    def replace(self, start: int, end: int, text: str) -> str:
        """Replace a range of the text and keep everything in step; returns what was there."""
        buffer = self.buffer
        first, last = buffer.line_at(start), buffer.line_at(end)
        column = start - buffer.line_start(first)
        removed = buffer.replace(start, end, text)
        lines, added = last - first + 1, text.count("\n") + 1
        self.highlighter.text_replaced(start, end - start, len(text))
        if not (lines == added == 1 and self._replace_in_long(first, column, len(removed), len(text))):
            self._replace_lines(first, lines, added)
        if self.folds.replace(first, lines, added):
            self.folds_changed()
        return removed

    def set_font(self, font: QFont) -> None:
        """Lay out with another font."""
        self.metrics = Metrics.of(font)
        self.width = 0.0
        self._layouts.clear()
        self._forget_sizes()

    def set_wrap_width(self, width: float | None) -> None:
        """Wrap rows at `width`, or not at all."""
        if width != self.wrap_width:
            self.wrap_width = width
            self.width = 0.0
            self._layouts.clear()
            self._forget_sizes()

    def set_formats(self, formats: Mapping[TokenKind, QTextCharFormat]) -> None:
        """Colour the tokens anew."""
        self.formats = formats
        self._layouts.clear()

    def set_highlighter(self, highlighter: Highlighter) -> None:
        """Find the tokens in another way."""
        self.highlighter = highlighter
        for long in self._long.values():
            del long.states[1:]
        self._layouts.clear()

    def set_preedit(self, preedit: tuple[int, str] | None) -> None:
        """Show an input method's unfinished text at an offset."""
        for changed in (self.preedit, preedit):
            if changed:
                offset = min(changed[0], len(self.buffer))
                self._layouts.drop(self.buffer.line_at(offset), self._segment_at(offset))
        self.preedit = preedit

    def folds_changed(self) -> None:
        """Take over what is folded."""
        self.rows.set_hidden(self.folds.hidden())

    @property
    def height(self) -> int:
        """The height of all rows."""
        return self.rows.total * self.metrics.row_height

    def line_top(self, line: int) -> int:
        """Where the line's first row begins, its filler being above."""
        return self.rows.top(line) * self.metrics.row_height

    def line_at_y(self, y: float) -> int:
        """The line seen at a height; the nearest one outside the page."""
        row = max(0, int(y // self.metrics.row_height))
        return min(self.rows.line_at(row), self.buffer.line_count - 1)

    def lines_between(self, top: float, bottom: float) -> Iterator[int]:
        """The visible lines that touch a stretch of height, measured as they are met."""
        line = self.line_at_y(top)
        while line < self.buffer.line_count:
            filler = self.rows.fillers.get(line, 0) * self.metrics.row_height
            if self.line_top(line) - filler >= bottom:
                return
            yield line
            line = self.rows.next_line(line)

    def pieces(self, line: int, view: QRectF) -> Iterator[Piece]:
        """The line's segments that are seen through `view`, laid out."""
        long = self._long_line(line)
        first = self._segment_near(line, view.left(), view.top())
        for index in range(first, long.count if long else 1):
            piece = self._piece(line, index)
            if piece.left >= view.right() or piece.top >= view.bottom():
                return
            yield piece

    def piece_at(self, offset: int) -> Piece:
        """The segment that holds the character at `offset`."""
        return self._piece(self.buffer.line_at(offset), self._segment_at(offset))

    def caret_rect(self, offset: int, in_preedit: int = 0) -> QRectF:
        """Where a caret before the character at `offset` is drawn, or so many units into unfinished text there."""
        piece = self.piece_at(offset)
        point = offset - piece.start
        x, row = piece.laid.x_at(point, in_preedit), piece.laid.row_at(point)
        top = piece.top + row * self.metrics.row_height
        return QRectF(piece.left + x, top, 1.0, self.metrics.row_height)

    def offset_at(self, x: float, y: float) -> int:
        """The caret position nearest to a point."""
        line = self.line_at_y(y)
        y = max(y, self.line_top(line))
        piece = self._piece(line, self._segment_near(line, x, y))
        row = int((y - piece.top) // self.metrics.row_height)
        point = piece.laid.point_at(x - piece.left, row)
        return min(piece.start + point, self.content_end(line))

    def content_end(self, line: int) -> int:
        """The last caret position of a line: before the CR of a CRLF, else before the newline."""
        end = self.buffer.line_end(line)
        if end < len(self.buffer) and self.buffer.slice(end - 1, end) == "\r":
            return max(end - 1, self.buffer.line_start(line))
        return end

    def note_width(self, line: int, length: int) -> bool:
        """Take over that a line not laid out yet has so many characters; True when that changes the page."""
        width = length * self.metrics.advance
        if self.wrap_width is None:
            wider = width > self.width
            self.width = max(self.width, width)
            return wider
        rows = -int(-width // self.wrap_width)
        return self.rows.rows(line) == 1 and self.rows.set_rows(line, rows)

    def _piece(self, line: int, index: int) -> Piece:
        start, end = self._bounds(line, index)
        laid = self._layouts.get(line, index)
        if laid is None:
            laid = self._lay_out(line, index, start, end)
            self._layouts.put(line, index, laid)
        left, top = self._settle(line, index, laid)
        return Piece(line, start, left, top, laid)

    def _lay_out(self, line: int, index: int, start: int, end: int) -> LaidOut:
        text = self.buffer.slice(start, end)
        tokens = self.highlighter.tokens(text, Place(line, start, self._state_before(line, index)))
        preedit = None
        if self.preedit and self._segment_at(self.preedit[0]) == index and start <= self.preedit[0] <= end:
            preedit = (self.preedit[0] - start, self.preedit[1])
        return lay_out(text, tokens, self.formats, self.metrics, self.wrap_width, preedit)

    def _settle(self, line: int, index: int, laid: LaidOut) -> tuple[float, float]:
        """Note the size of a segment just laid out; returns its left top corner."""
        long = self._long_line(line)
        top = self.line_top(line)
        if long is None:
            self.rows.set_rows(line, laid.rows)
            self.width = max(self.width, laid.width)
            return 0.0, top
        wraps = self.wrap_width is not None
        long.extents[index] = laid.rows if wraps else laid.width
        if wraps:
            self.rows.set_rows(line, int(long.extents.total()))
            return 0.0, top + long.extents.start(index) * self.metrics.row_height
        self.width = max(self.width, long.extents.total())
        return long.extents.start(index), top

    def _bounds(self, line: int, index: int) -> tuple[int, int]:
        """The offsets where a segment starts and ends."""
        start = self.buffer.line_start(line)
        long = self._long_line(line)
        if long is None:
            return start, self.buffer.line_end(line)
        first, last = long.bounds(index)
        return start + first, start + last

    def _segment_at(self, offset: int) -> int:
        """The number of the segment that holds the character at `offset`."""
        line = self.buffer.line_at(offset)
        long = self._long_line(line)
        return long.lengths.at(offset - self.buffer.line_start(line)) if long else 0

    def _segment_near(self, line: int, x: float, y: float) -> int:
        """The number of the segment that a point lies in."""
        long = self._long_line(line)
        if long is None:
            return 0
        if self.wrap_width is None:
            return long.extents.at(x)
        return long.extents.at((y - self.line_top(line)) // self.metrics.row_height)

    def _long_line(self, line: int) -> LongLine | None:
        """What is known of the line if it is very long."""
        start, end = self.buffer.line_bounds(line)
        if end - start <= LONGEST:
            return None
        long = self._long.get(line)
        if long is None:
            long = self._long[line] = LongLine(cut(self.buffer, start, end), self._estimate(line))
            if self.wrap_width is not None:
                self.rows.set_rows(line, int(long.extents.total()))
        return long

    def _estimate(self, line: int) -> float:
        """The size of a segment, judged by the line's first characters."""
        start = self.buffer.line_start(line)
        sample = visible(self.buffer.slice(start, start + 200))
        width = QFontMetricsF(self.metrics.font).horizontalAdvance(sample) * SEGMENT / 200
        return width if self.wrap_width is None else -int(-width // self.wrap_width)

    def _state_before(self, line: int, index: int) -> int:
        """The highlighter's state where a segment begins."""
        long = self._long_line(line)
        if long is None:
            return 0
        while len(long.states) <= index // STRIDE:
            known = len(long.states) - 1
            long.states.append(self._state(line, long, known * STRIDE, (known + 1) * STRIDE))
        return self._state(line, long, index - index % STRIDE, index)

    def _state(self, line: int, long: LongLine, known: int, index: int) -> int:
        """The state before a segment, from the one before segment `known`, a multiple of STRIDE."""
        state = long.states[known // STRIDE]
        if known == index:
            return state
        between = self.buffer.slice(self._bounds(line, known)[0], self._bounds(line, index)[0])
        return self.highlighter.state_after(between, state)

    def _replace_in_long(self, line: int, column: int, removed: int, added: int) -> bool:
        """Take a small change over into a very long line; False where that cannot be done."""
        long = self._long.get(line)
        if long is None or long.lengths.total() + added - removed <= LONGEST:
            return False
        index = long.replaced(column, removed, added)
        if index is not None:
            self._layouts.drop(line, index)
        return index is not None

    def _replace_lines(self, first: int, removed: int, added: int) -> None:
        """Lines made way for others: forget what was known of them, renumber the ones behind."""
        self._layouts.replace(first, removed, added)
        self._long = {
            line if line < first else line - removed + added: long
            for line, long in self._long.items()
            if line < first or line >= first + removed
        }
        if added != removed:
            self.rows.replace(first + 1, removed - 1, added - 1)

    def _forget_sizes(self) -> None:
        self._long = {}
        fillers = self.rows.fillers
        self.rows = RowMap(self.buffer.line_count)
        self.rows.set_fillers(fillers)
        self.folds_changed()
