"""The strip at the left: line numbers and the signs that fold blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPen, QPolygonF

from viewer.ui.code_view.folding import can_fold

if TYPE_CHECKING:
    from viewer.ui.code_view.page import Page
    from viewer.ui.code_view.palette import Palette


def plain_number(line: int) -> str:
    """Lines counted from 1."""
    return str(line + 1)


class Gutter:
    """Line numbers by `number(line)`, and a fold sign where a block begins."""

    def __init__(self) -> None:
        self.number: Callable[[int], str] = plain_number
        self.numbers = True
        self.folding = True
        self.width = 0.0
        self._fold_left = 0.0

    def fit(self, page: Page) -> bool:
        """Take the width that the page's numbers need; True when that is a change."""
        advance = page.metrics.advance
        digits = max(2, len(self.number(page.buffer.line_count - 1)))
        numbers = (digits + 1.2) * advance if self.numbers else 0.3 * advance
        width = round(numbers + (page.metrics.row_height * 1.1 if self.folding else advance))
        changed = width != self.width
        self._fold_left = numbers
        self.width = width
        return changed

    def is_fold_sign(self, x: float) -> bool:
        """Whether a point of the gutter is over the column of fold signs."""
        return self.folding and self._fold_left - 2 <= x < self.width

    def paint(
        self, painter: QPainter, palette: Palette, page: Page, lines: Sequence[int], origin_y: float
    ) -> None:
        """Draw the numbers and signs of these lines."""
        painter.setFont(page.metrics.font)
        painter.setPen(palette.dim)
        tops = [page.line_top(line) + origin_y for line in lines]
        if self.numbers:
            for line, top in zip(lines, tops, strict=True):
                self._number(painter, page, self.number(line), top)
        if self.folding:
            self._signs(painter, palette, page, lines, tops)

    def _signs(
        self,
        painter: QPainter,
        palette: Palette,
        page: Page,
        lines: Sequence[int],
        tops: Sequence[float],
    ) -> None:
        row = page.metrics.row_height
        pens = {folded: QPen(palette.accent if folded else palette.dim, 1.3) for folded in (True, False)}
        for line, top in zip(lines, tops, strict=True):
            if can_fold(page.buffer, line):
                is_folded = line in page.folds
                painter.setPen(pens[is_folded])
                center = QPointF(self._fold_left + row * 0.4, top + row / 2)
                painter.drawPolyline(_sign(center, row / 6, is_folded))

    def _number(self, painter: QPainter, page: Page, number: str, top: float) -> None:
        """At the right; by a point, since to align it within an area takes Qt several times as long."""
        metrics = page.metrics
        left = self._fold_left - metrics.advance * (0.2 + len(number))
        painter.drawText(QPointF(left, top + metrics.text_top + metrics.ascent), number)


def _sign(center: QPointF, size: float, folded: bool) -> QPolygonF:
    """An angle: pointing down over an open block, to the right before a folded one."""
    half = size / 2
    down = [QPointF(-size, -half), QPointF(0, half), QPointF(size, -half)]
    right = [QPointF(-half, -size), QPointF(half, 0), QPointF(-half, size)]
    return QPolygonF([center + point for point in (right if folded else down)])
