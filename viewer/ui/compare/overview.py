"""The strip at the right: where in the whole text the differences are, and what of it is in view."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.ui.grid import steps

if TYPE_CHECKING:
    from viewer.ui.compare.arrangement import Stop
    from viewer.ui.theme import Theme


class Overview(QWidget):
    """Marks the differences at their places. A click, or dragging, scrolls there.

    Signals:
        row_wanted(float): a place was clicked: scroll so that this row is in the middle.
    """

    row_wanted = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._stops: Sequence[Stop] = ()
        self._muted: Sequence[Stop] = ()
        self._current: Stop | None = None
        self._rows = 1
        self._view = (0.0, 0.0)
        self._top = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Where the differences are"))

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours."""
        self._theme = theme
        self.update()

    def set_top(self, top: int) -> None:
        """Begins the rows so many pixels below the strip's own top, where the panes begin."""
        self._top = top
        self.update()

    def set_stops(self, stops: Sequence[Stop], muted: Sequence[Stop], rows: int) -> None:
        """Marks other differences, in a text of so many rows."""
        self._stops, self._muted, self._rows, self._current = stops, muted, max(rows, 1), None
        self.setToolTip(
            self.tr("{0} differences").format(len(stops)) if len(stops) != 1 else self.tr("1 difference")
        )
        self.update()

    def set_current(self, stop: Stop | None) -> None:
        """Marks one difference as the one that is looked at."""
        self._current = stop
        self.update()

    def set_view(self, first: float, rows: float) -> None:
        """Shows which rows are in view."""
        if (first, rows) != self._view:
            self._view = (first, rows)
            self.update()

    def row_at(self, y: float) -> float:
        """The row that a height of the strip stands for."""
        return (y - self._top) / self._scale()

    def y_of(self, row: float) -> float:
        """The height at which a row is marked."""
        return self._top + row * self._scale()

    def _scale(self) -> float:
        """Pixels a row; a short text is marked where its rows are, a long one is squeezed into the strip."""
        return max(1, self.height() - self._top) / max(self._rows, self._view[1], 1)

    # --- Qt overrides

    def sizeHint(self) -> QSize:
        return QSize(steps(3), steps(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            theme = self._theme
            painter.fillRect(self.rect(), theme.window)
            painter.fillRect(0, 0, 1, self.height(), theme.line)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            if self._view[1] < self._rows:
                painter.fillRect(self._area(*self._view, inset=1.0), theme.line)
            painter.setBrush(theme.line if self._view[1] >= self._rows else theme.disabled)
            self._paint(painter, self._muted)
            painter.setBrush(theme.marker)
            self._paint(painter, self._stops)
            if self._current is not None:
                painter.setBrush(theme.accent)
                self._paint(painter, [self._current])

    def _paint(self, painter: QPainter, stops: Sequence[Stop]) -> None:
        """Draws marks; of a hundred thousand, those that would lie upon each other are drawn as one."""
        radius, inset = steps(0.5), steps(0.5)
        nearest = 1 / self._scale()
        at = 0
        while at < len(stops):
            stop = stops[at]
            painter.drawRoundedRect(self._area(stop.row, stop.rows, inset=inset), radius, radius)
            at = bisect_left(stops, stop.row + nearest, at + 1, key=lambda other: other.row)

    def _area(self, row: float, rows: float, *, inset: float) -> QRectF:
        top, height = self.y_of(row), max(rows * self._scale(), steps(1))
        top = min(top, self.height() - height)
        return QRectF(1 + inset, top, self.width() - 1 - 2 * inset, height)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.row_wanted.emit(self.row_at(event.position().y()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.row_wanted.emit(self.row_at(event.position().y()))
