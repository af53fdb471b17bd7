"""The mouse: carets, selections by character, word and line, scrolling while dragging, and dragging of text."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, QTimer, Slot
from PySide6.QtGui import QDrag, QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication

from viewer.ui.code_view.caret import word_at

if TYPE_CHECKING:
    from viewer.ui.code_view.code_view import CodeView


class _By(Enum):
    CHARACTER = auto()
    WORD = auto()
    LINE = auto()


class Mouse(QObject):
    """What the left button is doing in a view."""

    SCROLL_EVERY = 30
    """Milliseconds between two steps while the mouse is dragged past the edge."""

    def __init__(self, view: CodeView) -> None:
        super().__init__(view)
        self._view = view
        self._by: _By | None = None
        self._origin = (0, 0)
        self._drag_from: QPoint | None = None
        self._last_double: tuple[int, QPoint] = (0, QPoint())
        self._at = QPointF()
        self._scrolling = QTimer(self)
        self._scrolling.setInterval(self.SCROLL_EVERY)
        self._scrolling.timeout.connect(self._scroll_on)

    def press(self, event: QMouseEvent) -> None:
        """Place the caret, extend the selection, or get ready to drag it."""
        view, point = self._view, event.position()
        if view.gutter.is_fold_sign(point.x()):
            view.toggle_fold(view.line_at(point))
            return
        if point.x() < view.gutter.width or self._is_triple(event):
            self._start(_By.LINE, point)
            return
        offset = view.offset_at(point)
        start, end = view.selection
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if start <= offset < end and not shifted:
            self._drag_from = point.toPoint()
            return
        self._by = _By.CHARACTER
        self._origin = (view.anchor, view.anchor) if shifted else (offset, offset)
        view.select(self._origin[0], offset)

    def double_click(self, event: QMouseEvent) -> None:
        """Select a word, and begin an edit where that is possible."""
        view = self._view
        if event.position().x() < view.gutter.width:
            self.press(event)
            return
        self._drag_from = None
        self._last_double = (event.timestamp(), event.position().toPoint())
        if not view.is_editing and not view.is_read_only:
            view.begin_edit()
        self._start(_By.WORD, event.position())

    def move(self, event: QMouseEvent) -> None:
        """Extend the selection to the mouse, or begin to drag the selected text."""
        self._at = event.position()
        if not event.buttons() & Qt.MouseButton.LeftButton:
            self._hover(event.position())
            return
        if self._drag_from is not None:
            far = (event.position().toPoint() - self._drag_from).manhattanLength()
            if far >= QApplication.startDragDistance():
                self._drag()
        elif self._by:
            self._extend(self._at)
            self._scroll_if_outside()

    def release(self, event: QMouseEvent) -> None:
        """End the selection; a click into it without a drag clears it."""
        self._scrolling.stop()
        if self._drag_from is not None:
            offset = self._view.offset_at(event.position())
            self._view.select(offset, offset)
            self._drag_from = None
        elif self._by and self._view.has_selection:
            self._view.offer_selection()
        self._by = None

    def cancel(self) -> None:
        """Forget a press whose release will not come."""
        self._scrolling.stop()
        self._by = self._drag_from = None

    def _start(self, by: _By, point: QPointF) -> None:
        self._by = by
        self._origin = self._unit(point)
        self._view.select(*self._origin)

    def _unit(self, point: QPointF) -> tuple[int, int]:
        """(start, end) of what a point selects."""
        view = self._view
        offset = view.offset_at(point)
        if self._by is _By.WORD:
            return word_at(view.page.buffer, view.offset_under(point))
        if self._by is _By.LINE:
            line = view.line_at(point)
            return view.page.buffer.line_start(line), view.page.buffer.line_start(line + 1)
        return offset, offset

    def _extend(self, point: QPointF) -> None:
        start, end = self._unit(point)
        if start < self._origin[0]:
            self._view.select(self._origin[1], start, reveal=False)
        else:
            self._view.select(self._origin[0], max(end, self._origin[1]), reveal=False)

    def _is_triple(self, event: QMouseEvent) -> bool:
        when, where = self._last_double
        near = (event.position().toPoint() - where).manhattanLength() < QApplication.startDragDistance()
        interval = QGuiApplication.styleHints().mouseDoubleClickInterval()
        return near and 0 < event.timestamp() - when < interval

    def _scroll_if_outside(self) -> None:
        inside = self._view.viewport().rect().contains(self._at.toPoint())
        if inside:
            self._scrolling.stop()
        elif not self._scrolling.isActive():
            self._scrolling.start()

    @Slot()
    def _scroll_on(self) -> None:
        """Scroll the faster the farther the mouse is outside, and select what comes into view."""
        area = self._view.viewport().rect()
        down = _beyond(self._at.y(), area.top(), area.bottom())
        right = _beyond(self._at.x(), int(self._view.gutter.width), area.right())
        vertical, horizontal = self._view.verticalScrollBar(), self._view.horizontalScrollBar()
        vertical.setValue(vertical.value() + round(down))
        horizontal.setValue(horizontal.value() + round(right))
        self._extend(self._at)

    def _hover(self, point: QPointF) -> None:
        over_gutter = point.x() < self._view.gutter.width
        shape = Qt.CursorShape.ArrowCursor if over_gutter else Qt.CursorShape.IBeamCursor
        if self._view.gutter.is_fold_sign(point.x()):
            shape = Qt.CursorShape.PointingHandCursor
        self._view.viewport().setCursor(shape)

    def _drag(self) -> None:
        """Drag the selected text; moved text is taken away here unless it was dropped here."""
        view = self._view
        self._drag_from = None
        drag = QDrag(view)
        drag.setMimeData(view.selection_data())
        copy, move = Qt.DropAction.CopyAction, Qt.DropAction.MoveAction
        done = drag.exec(copy | move, move) if view.is_editing else drag.exec(copy)
        if done == move and drag.target() not in (view, view.viewport()) and view.is_editing:
            view.insert_text("")


def _beyond(value: float, low: float, high: float) -> float:
    return value - low if value < low else max(0.0, value - high)
