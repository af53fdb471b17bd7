"""One of the two texts of a comparison: the text view without what would put it out of step with the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QMenu, QWidget

from viewer.ui.code_colors import code_colors
from viewer.ui.code_view import CodeView
from viewer.ui.grid import steps
from viewer.ui.theme import Theme, fixed_font

if TYPE_CHECKING:
    from viewer.ui.compare.arrangement import Stop
    from viewer.ui.compare.presentation import PaneContent


class SideView(CodeView):
    """Shows one side, read-only and unfolded. Whether it wraps is for both sides to decide.

    Signals:
        rewrapped(): the width changed, and with it the rows of lines that wrap.
        zoom_wanted(int): larger (1), smaller (-1), usual (0) text; both sides have to follow.
    """

    rewrapped = Signal()
    zoom_wanted = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stop: Stop | None = None
        self.set_code_font(fixed_font())
        self.set_line_numbers(True)
        self.set_folding(False)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours."""
        self.set_colors(code_colors(theme))

    def show_content(self, content: PaneContent, *, keep_place: bool = False) -> None:
        """Shows a side with everything that is marked in it."""
        self._stop = None
        self.set_highlighter(content.highlighter)
        if content.text != self.text() or not keep_place:
            self.set_text(content.text)
        self.set_line_numbers(True, _no_number if not content.text else None)
        self.set_marks(content.marks)
        self.set_line_marks(content.line_marks)

    def set_stop(self, stop: Stop | None) -> None:
        """Marks the rows of the difference that is looked at by a bar at their side."""
        self._stop = stop
        self.viewport().update()

    @property
    def row_height(self) -> int:
        """The height of a row in pixels."""
        return self.page.metrics.row_height

    def rows_in_view(self) -> tuple[float, float]:
        """The row at the top, and how many fit in."""
        return self._view().top() / self.row_height, self.viewport().height() / self.row_height

    def show_rows(self, row: float, rows: float) -> None:
        """Scrolls, unless the rows are in view, so that they are in the middle (a long stretch: near the top)."""
        first, fitting = self.rows_in_view()
        if first <= row and row + rows <= first + fitting:
            return
        above = max((fitting - rows) / 2, min(2.0, fitting / 4))
        self.verticalScrollBar().setValue(round((row - above) * self.row_height) + self._padding())

    def show_sideways(self, offset: int) -> None:
        """Scrolls to the start of the lines where that shows an offset too, else so that it has some text in front."""
        room = self.viewport().width() - self.gutter.width
        x = self.page.caret_rect(offset).x()
        margin = 8 * self.page.metrics.advance
        wanted = 0 if x + margin < room else round(x - room / 3)
        bar = self.horizontalScrollBar()
        if not bar.value() <= x <= bar.value() + room - margin or wanted == 0:
            bar.setMaximum(max(bar.maximum(), wanted))
            bar.setValue(wanted)

    def line_heights(self) -> list[int]:
        """The rows of each line as it wraps now; lays out all of the text."""
        for line in range(self.page.buffer.line_count):
            for _ in self.page.pieces(line, QRectF(0, self.page.line_top(line), 1e9, 1e9)):
                pass
        return [self.page.rows.rows(line) for line in range(self.page.buffer.line_count)]

    def line_at_row(self, row: int) -> int:
        """The line that stands in a row; the next one where the row has none."""
        return self.page.line_at_y(row * self.row_height)

    # --- Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._stop is not None:
            top = self._stop.row * self.row_height + self._origin().y()
            area = QRectF(0, top, max(2, steps(0.5)), self._stop.rows * self.row_height)
            with QPainter(self.viewport()) as painter:
                painter.fillRect(area, self.palette_of_code.accent)

    def resizeEvent(self, event: QResizeEvent) -> None:
        width = self.page.wrap_width
        super().resizeEvent(event)
        if self.page.wrap_width != width:
            self.rewrapped.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            turned = event.angleDelta().y()
            if turned:
                self.zoom_wanted.emit(1 if turned > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(self.tr("&Copy"), self.copy)
        copy.setEnabled(self.has_selection)
        menu.addAction(self.tr("Select &All"), self.select_all)
        menu.addSeparator()
        menu.addAction(self.tr("&Find…"), self.find_requested.emit)
        menu.popup(event.globalPos())

    # The keys of the text view call these; the other side has to follow.

    def zoom_in(self) -> None:
        """Asks for larger text."""
        self.zoom_wanted.emit(1)

    def zoom_out(self) -> None:
        """Asks for smaller text."""
        self.zoom_wanted.emit(-1)

    def reset_zoom(self) -> None:
        """Asks for text of the usual size."""
        self.zoom_wanted.emit(0)


def _no_number(_line: int) -> str:
    """The one empty line that a side without text has is none."""
    return ""
