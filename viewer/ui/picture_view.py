"""A picture in a body: whole, as large as it is or as the pane has room for, with its edges to be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from viewer.ui.grid import steps

if TYPE_CHECKING:
    from viewer.ui.theme import Theme


class PictureView(QWidget):
    """Shows one picture."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pixmap = QPixmap()
        self.setAccessibleName(self.tr("Image"))

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours."""
        self._theme = theme
        self.update()

    def set_pixmap(self, pixmap: QPixmap) -> None:
        """Shows another picture."""
        self._pixmap = pixmap
        self.setAccessibleDescription(f"{pixmap.width()} × {pixmap.height()}")
        self.update()

    def pixmap(self) -> QPixmap:
        """The picture at its own size."""
        return self._pixmap

    def shown_area(self) -> QRect:
        """Where the picture is drawn: never larger than it is."""
        side = steps(3.5)
        room = self.rect().adjusted(side, steps(2), -side, -steps(2)).size()
        size = self._pixmap.size()
        if size.width() > room.width() or size.height() > room.height():
            size = size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        return QRect(QPoint(side, steps(2)), size.expandedTo(QSize(1, 1)))

    def minimumSizeHint(self) -> QSize:
        """Any size will do."""
        return QSize(steps(8), steps(8))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture, and a line around it: its ground is often that of the pane."""
        if self._pixmap.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = self.shown_area()
        painter.drawPixmap(area, self._pixmap)
        painter.setPen(self._theme.line)
        painter.drawRect(area.adjusted(-1, -1, 0, 0))
