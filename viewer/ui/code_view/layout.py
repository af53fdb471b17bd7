"""Lays out one piece of a line with Qt, and keeps what was laid out lately."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QTextCharFormat, QTextLayout, QTextLine, QTextOption

from viewer.ui.code_view.tokens import Token, TokenKind
from viewer.ui.code_view.units import CONTROL_PICTURE, Units, symbol_places, visible

TAB_COLUMNS = 4
ENDLESS = 1e7
"""Width of a line that is not wrapped; QTextLayout's fixed point numbers end at some 3e7."""


class Metrics(msgspec.Struct, frozen=True):
    """A font in pixels: the height of a row, the text's place in it, its height over the base line, the width of a
    digit; whether it has pictures of control characters."""

    font: QFont
    row_height: int
    text_top: float
    ascent: float
    advance: float
    pictures: bool

    @classmethod
    def of(cls, font: QFont) -> Metrics:
        """The measures of a font, with some air between the rows."""
        measured = QFontMetricsF(font)
        height = round(measured.height() * 1.3)
        air = height - measured.height()
        pictures = measured.inFontUcs4(CONTROL_PICTURE)
        return cls(font, height, air / 2, measured.ascent(), measured.horizontalAdvance("0"), pictures)


class LaidOut:
    """A piece of a line as Qt lays it out. Positions are code points from the start of the piece."""

    __slots__ = ("_units", "layout", "length", "preedit", "rows", "width")

    def __init__(self, layout: QTextLayout, text: str) -> None:
        self.layout = layout
        self.length = len(text)
        self._units = Units(text)
        self.preedit = layout.preeditAreaPosition(), len(layout.preeditAreaText())
        self.rows = 1
        self.width = 0.0

    def measure(self) -> None:
        """Take the size of the layout when it is done."""
        lines = [self.layout.lineAt(row) for row in range(self.layout.lineCount())]
        self.rows = max(1, len(lines))
        self.width = max((line.x() + line.naturalTextWidth() for line in lines), default=0.0)

    def unit_of(self, point: int) -> int:
        """The position in Qt's layout, which counts an input method's unfinished text."""
        unit = self._units.to_units(point)
        return unit + self.preedit[1] if 0 <= self.preedit[0] < unit else unit

    def point_of(self, unit: int) -> int:
        """The code point at a position in Qt's layout; within unfinished text, the place of that."""
        place, length = self.preedit
        if length and unit > place:
            unit = max(place, unit - length)
        return self._units.to_points(unit)

    def row_at(self, point: int) -> int:
        """The row that a position is drawn in."""
        return max(0, self._line_at(point).lineNumber())

    def x_at(self, point: int, in_preedit: int = 0) -> float:
        """Where the caret stands before the character at `point`."""
        unit = self.unit_of(point) + min(in_preedit, self.preedit[1])
        return _x(self.layout.lineForTextPosition(unit), unit)

    def point_at(self, x: float, row: int) -> int:
        """The caret position nearest to `x` in a row."""
        line = self.layout.lineAt(min(max(row, 0), self.rows - 1))
        unit = line.xToCursor(x)
        if line.lineNumber() < self.rows - 1 and unit == line.textStart() + line.textLength():
            unit = self.layout.previousCursorPosition(unit)
        return self.point_of(unit)

    def row_range(self, row: int) -> tuple[int, int]:
        """(start, end) of a row's characters."""
        line = self.layout.lineAt(min(max(row, 0), self.rows - 1))
        start = line.textStart()
        return self.point_of(start), self.point_of(start + line.textLength())

    def next_point(self, point: int, back: bool = False) -> int:
        """The caret position behind (or before) the cluster at `point`."""
        unit = self.unit_of(point)
        step = self.layout.previousCursorPosition if back else self.layout.nextCursorPosition
        return self.point_of(step(unit))

    def stretches(self, row: int, start: int, end: int) -> list[tuple[float, float]]:
        """(left, right) of what `start` to `end` covers in a row: one stretch, or several in bidirectional text."""
        line = self.layout.lineAt(row)
        first = max(self.unit_of(start), line.textStart())
        last = min(self.unit_of(end), line.textStart() + line.textLength())
        if first >= last:
            return []
        runs = line.glyphRuns(first, last - first)
        if not any(run.isRightToLeft() for run in runs):
            return [(_x(line, first), _x(line, last))]
        return _joined(run.boundingRect() for run in runs)

    def _line_at(self, point: int) -> QTextLine:
        return self.layout.lineForTextPosition(self.unit_of(point))


def _x(line: QTextLine, unit: int) -> float:
    # PySide6 returns the x and the position it was found at; the stubs say float.
    found: object = line.cursorToX(unit)
    return float(found[0]) if isinstance(found, tuple) else float(line.x())


def _joined(rects: Iterable[QRectF]) -> list[tuple[float, float]]:
    joined: list[tuple[float, float]] = []
    for left, right in sorted((rect.left(), rect.right()) for rect in rects):
        if joined and left <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(right, joined[-1][1]))
        else:
            joined.append((left, right))
    return joined


def lay_out(
    text: str,
    tokens: Sequence[Token],
    formats: Mapping[TokenKind, QTextCharFormat],
    metrics: Metrics,
    wrap_width: float | None,
    preedit: tuple[int, str] | None = None,
) -> LaidOut:
    """Lay out one piece of a line; `preedit` is (position, text) of an input method's unfinished text."""
    layout = QTextLayout(visible(text, pictures=metrics.pictures), metrics.font)
    layout.setTextOption(_option(metrics, wrap_width))
    layout.setCacheEnabled(True)
    if preedit:
        layout.setPreeditArea(Units(text).to_units(preedit[0]), preedit[1])
    laid = LaidOut(layout, text)
    layout.setFormats(_ranges(laid, text, tokens, formats))
    layout.beginLayout()
    if wrap_width is None:
        _one_row(layout, metrics)
    else:
        _rows(layout, metrics, wrap_width, _indent(text, metrics, wrap_width))
    layout.endLayout()
    laid.measure()
    return laid


def _option(metrics: Metrics, wrap_width: float | None) -> QTextOption:
    option = QTextOption()
    # Code reads from the left, whatever language its strings are in.
    option.setTextDirection(Qt.LayoutDirection.LeftToRight)
    option.setTabStopDistance(TAB_COLUMNS * metrics.advance)
    option.setFlags(QTextOption.Flag.IncludeTrailingSpaces)
    mode = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
    option.setWrapMode(QTextOption.WrapMode.NoWrap if wrap_width is None else mode)
    return option


def _ranges(
    laid: LaidOut, text: str, tokens: Sequence[Token], formats: Mapping[TokenKind, QTextCharFormat]
) -> list[QTextLayout.FormatRange]:
    symbols = [Token(place, 1, TokenKind.DIM) for place in symbol_places(text)]
    ranges = [
        _range(laid.unit_of(start), laid.unit_of(start + length), formats[kind])
        for start, length, kind in [*tokens, *symbols]
        if kind in formats
    ]
    place, length = laid.preedit
    if length:
        unfinished = QTextCharFormat()
        unfinished.setFontUnderline(True)
        ranges.append(_range(place, place + length, unfinished))
    return ranges


def _range(start: int, end: int, text_format: QTextCharFormat) -> QTextLayout.FormatRange:
    found = QTextLayout.FormatRange()
    found.start, found.length, found.format = start, end - start, text_format
    return found


def _one_row(layout: QTextLayout, metrics: Metrics) -> None:
    line = layout.createLine()
    if line.isValid():
        line.setLineWidth(ENDLESS)
        _place(line, 0.0, 0, metrics)


def _rows(layout: QTextLayout, metrics: Metrics, width: float, indent: float) -> None:
    row = 0
    while (line := layout.createLine()).isValid():
        left = indent if row else 0.0
        line.setLineWidth(width - left)
        _place(line, left, row, metrics)
        row += 1


def _place(line: QTextLine, left: float, row: int, metrics: Metrics) -> None:
    """Rows stand at equal distances, also when a fallback font is taller."""
    top = row * metrics.row_height + metrics.text_top + metrics.ascent - line.ascent()
    line.setPosition(QPointF(left, top))


def _indent(text: str, metrics: Metrics, width: float) -> float:
    """How far the rows behind the first are set in: two columns more than the line, a third of it at most."""
    columns = len(text) - len(text.lstrip(" ")) + 2
    return min(columns * metrics.advance, width / 3)


class LayoutCache:
    """What was laid out lately, by line and segment, up to a number of characters."""

    LIMIT = 400_000

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, int], LaidOut] = OrderedDict()
        self._size = 0

    def get(self, line: int, segment: int) -> LaidOut | None:
        """The piece, if it is kept."""
        found = self._kept.get((line, segment))
        if found:
            self._kept.move_to_end((line, segment))
        return found

    def put(self, line: int, segment: int, laid: LaidOut) -> None:
        """Keep a piece, and let go of those longest unused."""
        self.drop(line, segment)
        self._kept[line, segment] = laid
        self._size += laid.length + 100
        while self._size > self.LIMIT and len(self._kept) > 1:
            _, old = self._kept.popitem(last=False)
            self._size -= old.length + 100

    def drop(self, line: int, segment: int) -> None:
        """Forget one piece."""
        old = self._kept.pop((line, segment), None)
        self._size -= old.length + 100 if old else 0

    def clear(self) -> None:
        """Forget all."""
        self._kept.clear()
        self._size = 0

    def replace(self, first: int, removed: int, added: int) -> None:
        """Lines `first` to `first + removed` made way for `added`: forget those, renumber the ones behind."""
        kept = list(self._kept.items())
        self.clear()
        for (line, segment), laid in kept:
            if line < first:
                self.put(line, segment, laid)
            elif line >= first + removed:
                self.put(line - removed + added, segment, laid)
