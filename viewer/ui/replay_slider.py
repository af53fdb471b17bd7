"""The replay's slider: a line, a tick for each event in the colour of its kind, and a knob."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from operator import attrgetter
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from viewer.ui.event_kinds import EventTint, tick_color
from viewer.ui.grid import steps

if TYPE_CHECKING:
    from viewer.stream.timeline import Timeline
    from viewer.ui.theme import Theme

UNITS = 1000  # of the slider's value, a second
# A tenth of what `value` costs, which is a property written in Python.
_value_of = attrgetter("_value_")


class ReplaySlider(QAbstractSlider):
    """Its value is the time in milliseconds. The ticks are drawn once for a width, however many events there are."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._timeline: Timeline | None = None
        self._tints = b""
        self._ticks: QPixmap | None = None
        self._held = False
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours."""
        self._theme = theme
        self._redraw()

    def set_events(self, timeline: Timeline | None, tints: list[EventTint]) -> None:
        """Shows another answer's events."""
        self._timeline, self._tints = timeline, bytes(map(_value_of, tints))
        self.setRange(0, max(1, round(timeline.duration * UNITS)) if timeline else 1)
        self.setPageStep(max(1, self.maximum() // 10))
        self.setSingleStep(max(1, self.maximum() // 100))
        self._redraw()

    @property
    def is_held(self) -> bool:
        """Whether the person drags the knob right now."""
        return self._held

    def sizeHint(self) -> QSize:
        """A line's height, as wide as there is room."""
        return QSize(steps(40), steps(7))

    def minimumSizeHint(self) -> QSize:
        """Enough to aim at."""
        return QSize(steps(15), steps(7))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line and ticks from the picture of them, and the knob."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._ticks is None or self._ticks.deviceIndependentSize().toSize() != self.size():
            self._ticks = self._drawn_ticks()
        painter.drawPixmap(0, 0, self._ticks)
        theme = self._theme
        center = QPointF(self._x_of(self.value() / UNITS), self.height() / 2)
        radius = steps(1.4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.pane)
        painter.drawEllipse(center, radius + 1.5, radius + 1.5)
        painter.setBrush(theme.accent if self.isEnabled() else theme.disabled)
        painter.drawEllipse(center, radius, radius)
        if self.hasFocus():
            painter.setPen(theme.accent)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(center, radius + 3, radius + 3)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Goes where it was clicked."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = True
            self._go(event.position().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follows the mouse."""
        if self._held:
            self._go(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lets go."""
        self._held = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draws the ticks for another width."""
        super().resizeEvent(event)
        self._redraw()

    def _go(self, point: QPoint) -> None:
        left, width = self._span()
        value = round((point.x() - left) / width * self.maximum())
        self.sliderMoved.emit(max(0, min(value, self.maximum())))

    def _redraw(self) -> None:
        self._ticks = None
        self.update()

    def _span(self) -> tuple[float, float]:
        """Where the line begins, and how long it is."""
        margin = steps(2)
        return float(margin), max(1.0, self.width() - 2.0 * margin)

    def _x_of(self, seconds: float) -> float:
        left, width = self._span()
        return left + width * min(1.0, seconds * UNITS / max(1, self.maximum()))

    def _drawn_ticks(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        image = QImage(self.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        left, width = self._span()
        middle = self.height() / 2
        painter.fillRect(QRectF(left, round(middle) - 1, width, 2), self._theme.line)
        tall, thin = steps(1.5), max(2.0, steps(0.6))
        for x, tint in self._columns(thin + 1):
            painter.fillRect(QRectF(x, round(middle - tall / 2), thin, tall), tick_color(tint, self._theme))
        painter.end()
        return QPixmap.fromImage(image)

    def _columns(self, grid: float) -> Iterator[tuple[float, EventTint]]:
        """One tick for each place that has an event; the most telling kind where several share one."""
        if self._timeline is None or not self._tints:
            return
        starts, tints = self._timeline.starts, self._tints
        left, width = self._span()
        seconds = self.maximum() / UNITS * grid / width
        first = 0
        for column in range(int(width / grid) + 2):
            behind = bisect_right(starts, (column + 0.5) * seconds, first)
            if behind > first:
                yield left + column * grid - grid / 2, EventTint(max(tints[first:behind]))
            first = behind
