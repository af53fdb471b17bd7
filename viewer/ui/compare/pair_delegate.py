"""Paints a pair on two lines.

    ●  POST  chat/completions                  0 ↔ 0
    answer differs · 3 headers

All lengths come from the font, all colours from the theme; a mark differs in its sign, not only in its colour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from viewer.compare.comparison import Mark
from viewer.document.plain_text import shortened
from viewer.ui.compare.pair_model import PairLine, Role
from viewer.ui.grid import bold, steps

if TYPE_CHECKING:
    from viewer.ui.theme import Theme

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_State = QStyle.StateFlag


class PairDelegate(QStyledItemDelegate):
    """Paints the lines of the list of pairs."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        line = index.data(Role.LINE)
        if isinstance(line, PairLine):
            painter.save()
            _Painting(painter, option, self.theme).paint(line)
            painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(steps(30), 2 * option.fontMetrics.height() + steps(3.5))


class _Painting:
    """One line being painted."""

    def __init__(self, painter: QPainter, option: QStyleOptionViewItem, theme: Theme) -> None:
        self._painter = painter
        self._option = option
        self._theme = theme
        self._height = option.fontMetrics.height()
        area = option.rect.adjusted(steps(3), steps(1.5), -steps(3), -steps(1.5))
        self._upper = QRect(area.left(), area.top(), area.width(), self._height)
        self._lower = QRect(area.left(), area.bottom() + 1 - self._height, area.width(), self._height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def paint(self, line: PairLine) -> None:
        """The ground, then both lines."""
        self._paint_ground()
        font, theme = self._option.font, self._theme
        self._paint_mark(line.summary.mark if line.summary else None)
        self._draw(self._upper, _RIGHT, line.numbers, font, theme.dim)
        numbers = self._option.fontMetrics.horizontalAdvance(line.numbers)
        self._upper.setRight(self._upper.right() - numbers - steps(2))
        self._text(self._upper, line.method, bold(font), theme.text)
        self._text(self._upper, line.path, font, theme.text)
        self._text(self._lower, line.summary.text if line.summary else "…", font, theme.dim)

    def _paint_ground(self) -> None:
        rect, state = self._option.rect, self._option.state
        if state & _State.State_Selected:
            self._painter.fillRect(rect, self._theme.accent_bg)
        elif state & _State.State_MouseOver:
            self._painter.fillRect(rect, self._theme.block)
        if state & _State.State_HasFocus:
            self._painter.fillRect(
                QRect(rect.left(), rect.top(), max(2, steps(0.5)), rect.height()), self._theme.accent
            )

    def _paint_mark(self, mark: Mark | None) -> None:
        """The sign in a column of its own, so that methods stand below each other."""
        width = steps(4)
        column = QRect(self._upper.left(), self._upper.top(), width, self._height)
        self._upper.setLeft(self._upper.left() + width)
        if mark is Mark.CHANGED:
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(self._theme.marker)
            radius = self._height * 0.28
            center = QPointF(column.left() + radius, column.center().y() + 0.5)
            self._painter.drawEllipse(center, radius, radius)
        elif mark is not None:
            self._draw(column, _LEFT, mark.value, bold(self._option.font), self._mark_color(mark))

    def _mark_color(self, mark: Mark) -> QColor:
        theme = self._theme
        return {Mark.ADDED: theme.ok, Mark.REMOVED: theme.error, Mark.MOVED: theme.accent}.get(
            mark, theme.dim
        )

    def _text(self, area: QRect, text: str, font: QFont, color: QColor) -> None:
        """Text at the left of `area`, which then begins behind it."""
        if text and area.width() > 0:
            metrics = QFontMetrics(font)
            shown = metrics.elidedText(shortened(text), Qt.TextElideMode.ElideRight, area.width())
            self._draw(area, _LEFT, shown, font, color)
            area.setLeft(area.left() + metrics.horizontalAdvance(shown) + steps(1.5))

    def _draw(self, area: QRect, alignment: Qt.AlignmentFlag, text: str, font: QFont, color: QColor) -> None:
        self._painter.setFont(font)
        self._painter.setPen(color)
        self._painter.drawText(area, alignment, text)
