"""The line under the panes: duration, events, tokens, cost and finish reason of both sides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.document.plain_text import plain
from viewer.ui.grid import bold, steps

if TYPE_CHECKING:
    from viewer.ui.theme import Theme

Figure = tuple[str, str, str]


class FiguresLine(QWidget):
    """Draws "Duration 1.43 s → 1.71 s": one value where both sides have it, "–" where a side has none."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._figures: Sequence[Figure] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours."""
        self._theme = theme
        self.update()

    def set_figures(self, figures: Sequence[Figure]) -> None:
        """Shows other figures: (name, left, right)."""
        self._figures = figures
        text = ", ".join(f"{name} {told(left, right)}" for name, left, right in figures)
        self.setAccessibleName(text)
        self.setToolTip(plain(text))
        self.setVisible(bool(figures))
        self.update()

    @property
    def text(self) -> str:
        """What it says."""
        return self.accessibleName()

    # --- Qt overrides

    def sizeHint(self) -> QSize:
        return QSize(steps(40), self.fontMetrics().height() + steps(4.5))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._theme.pane)
            painter.fillRect(0, 0, self.width(), 1, self._theme.line)
            left = steps(3.5)
            for name, *values in self._figures:
                left = self._paint(painter, left, name, told(*values)) + steps(5)

    def _paint(self, painter: QPainter, left: int, name: str, value: str) -> int:
        """Draws one figure, as far as there is room; returns where it ends."""
        for text, font, color in (
            (name, self.font(), self._theme.dim),
            (value, bold(self.font()), self._theme.text),
        ):
            metrics = QFontMetrics(font)
            room = self.width() - left - steps(2)
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(room, 0))
            painter.setFont(font)
            painter.setPen(color)
            painter.drawText(left, (self.height() + metrics.ascent() - metrics.descent()) // 2, shown)
            left += metrics.horizontalAdvance(shown) + steps(1)
        return left - steps(1)


def told(left: str, right: str) -> str:
    """Both values, or the one that both sides have."""
    return left if left == right else f"{left or '–'} → {right or '–'}"
