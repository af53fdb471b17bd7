"""A small bar chart of a vector's first numbers, so that an embedding has a face."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.document.plain_text import plain
from viewer.ui.grid import steps

if TYPE_CHECKING:
    from viewer.ui.theme import Theme


class Sparkline(QWidget):
    """Draws numbers as bars above and below a line at zero; the largest fills the height."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._numbers: tuple[float, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours."""
        self._theme = theme
        self.update()

    def show_numbers(self, numbers: Sequence[float], label: str) -> None:
        """Shows other numbers; `label` says to screen readers what they are."""
        self._numbers = tuple(numbers)
        self.setAccessibleName(label)
        self.setToolTip(plain(label))
        self.update()

    def bars(self) -> list[QRectF]:
        """Where each number's bar is drawn: from zero, in the middle, upwards or downwards."""
        largest = max(map(abs, self._numbers), default=0.0) or 1.0
        middle = self.height() / 2
        wide = min(self.width() / max(1, len(self._numbers)), steps(4))
        return [
            QRectF(index * wide, middle, max(1.0, wide - 1), -number / largest * (middle - 1)).normalized()
            for index, number in enumerate(self._numbers)
        ]

    def sizeHint(self) -> QSize:
        return QSize(steps(64), steps(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(QRectF(0, self.height() / 2, self.width(), 1), self._theme.line)
        for bar in self.bars():
            painter.fillRect(bar, self._theme.accent)
