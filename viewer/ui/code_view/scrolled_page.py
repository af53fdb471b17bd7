"""A page in a scroll area: what is in view, how it got there, and how it is coloured. Read-only, without a caret."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFont, QFontDatabase, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QStyle, QWidget

from viewer.ui.code_view.colors import LIGHT, CodeColors
from viewer.ui.code_view.folding import MOST_FOLDS, block_end, blocks_at, can_fold, levels
from viewer.ui.code_view.gutter import Gutter, plain_number
from viewer.ui.code_view.marks import LineMark, Mark, Marks
from viewer.ui.code_view.page import Page
from viewer.ui.code_view.palette import Palette
from viewer.ui.code_view.survey import Survey

if TYPE_CHECKING:
    from viewer.ui.code_view.tokens import Highlighter

SMALLEST_FONT = 5.0
_LOOKS = 5


def default_font() -> QFont:
    """The system's fixed font."""
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)


class ScrolledPage(QAbstractScrollArea):
    """Shows a page.

    Signals:
        scrolled(int): the vertical scroll position changed, in pixels.
        folded(): a block was folded or unfolded.
        zoomed(int): somebody asked for text of another size here, in points more than its own.
    """

    scrolled = Signal(int)
    folded = Signal()
    zoomed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page = Page(default_font())
        self.gutter = Gutter()
        self.palette_of_code = Palette(LIGHT)
        self.page.set_formats(self.palette_of_code.formats)
        self._font = default_font()
        self._zoom = 0
        self._wraps = False
        self._marks = Marks()
        self._line_marks: dict[int, LineMark] = {}
        self._place: tuple[int, float] | None = None
        self._survey = Survey(self.page, self, self._hold_place, self._take_place)
        self._fit_later = QTimer(self, singleShot=True)
        self._fit_later.timeout.connect(self._fit_bars)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().valueChanged.connect(self.scrolled)

    def set_colors(self, colors: CodeColors) -> None:
        """Take over the colours of a theme."""
        self.palette_of_code = Palette(colors)
        self.page.set_formats(self.palette_of_code.formats)
        self.viewport().update()

    def set_highlighter(self, highlighter: Highlighter) -> None:
        """Colour the text in another way."""
        self.page.set_highlighter(highlighter)
        self.viewport().update()

    def set_code_font(self, font: QFont) -> None:
        """Use another font; zooming starts from its size."""
        self._font = QFont(font)
        self._zoom_to(self._zoom)

    def set_wrap(self, wraps: bool) -> None:
        """Wrap lines at the width of the view, or let them run on."""
        if wraps != self._wraps:
            self._wraps = wraps
            self._relayout()

    @property
    def wraps(self) -> bool:
        """Whether lines wrap."""
        return self._wraps

    def set_line_numbers(self, visible: bool, number: Callable[[int], str] | None = None) -> None:
        """Show line numbers or not; `number` gives the text for a line counted from 0."""
        self.gutter.numbers = visible
        self.gutter.number = number or plain_number
        self._relayout()

    def set_folding(self, visible: bool) -> None:
        """Offer folding or not."""
        self.gutter.folding = visible
        if not visible:
            self.unfold_all()
        self._relayout()

    def set_marks(self, marks: Iterable[Mark]) -> None:
        """Mark ranges of the text, in the place of those marked before."""
        self._marks = Marks(marks)
        self.viewport().update()

    def set_line_marks(self, marks: Mapping[int, LineMark]) -> None:
        """Mark whole lines, in the place of those marked before."""
        self._line_marks = dict(marks)
        self.viewport().update()

    def set_fillers(self, fillers: Mapping[int, int]) -> None:
        """Put hatched empty rows above lines (line: rows); the number of lines stands for the end."""
        self.page.rows.set_fillers(fillers)
        self._fit_bars()
        self.viewport().update()

    @property
    def first_visible_line(self) -> int:
        """The line at the top of the view."""
        return self.page.line_at_y(self._view().top() + self.page.metrics.row_height / 2)

    def scroll_to_line(self, line: int, offset: float = 0.0) -> None:
        """Bring a line's first row to the top of the view, `offset` pixels above it cut off."""
        self.verticalScrollBar().setValue(round(self.page.line_top(line) + offset + self._padding()))

    def fold(self, line: int) -> None:
        """Hide the block that a line heads, if it heads one."""
        if self.gutter.folding and can_fold(self.page.buffer, line):
            self.page.folds.fold(line, block_end(self.page.buffer, line))
            self._folds_changed()

    def unfold(self, line: int) -> None:
        """Show the block under a folded line again."""
        self.page.folds.unfold(line)
        self._folds_changed()

    def toggle_fold(self, line: int) -> None:
        """Fold or unfold the block that a line heads."""
        if line in self.page.folds:
            self.unfold(line)
        else:
            self.fold(line)

    def fold_level(self, level: int) -> bool:
        """Fold the blocks of a level, 1 for the outermost, in the place of what was folded.

        False where there are more than MOST_FOLDS: the first so many are folded then.
        """
        buffer, folds = self.page.buffer, self.page.folds
        found = levels(buffer)
        if not self.gutter.folding or level > len(found):
            return True
        blocks = list(islice(blocks_at(buffer, found[level - 1]), MOST_FOLDS + 1))
        folds.unfold_all()
        for line, last in blocks[:MOST_FOLDS]:
            folds.fold(line, last)
        self._folds_changed()
        return len(blocks) <= MOST_FOLDS

    def unfold_all(self) -> None:
        """Show every line."""
        if self.page.folds:
            self.page.folds.unfold_all()
            self._folds_changed()

    def zoom_in(self) -> None:
        """Make the text a point larger."""
        self._ask_zoom(self._zoom + 1)

    def zoom_out(self) -> None:
        """Make the text a point smaller."""
        self._ask_zoom(self._zoom - 1)

    def reset_zoom(self) -> None:
        """Show the text in its own size."""
        self._ask_zoom(0)

    def set_zoom(self, points: int) -> None:
        """Show the text so many points larger than its own size; says nothing."""
        if points != self._zoom:
            self._zoom_to(points)

    def _ask_zoom(self, points: int) -> None:
        """Zoom, and tell whoever has texts that should be as large."""
        self._zoom_to(points)
        self.zoomed.emit(self._zoom)

    def line_at(self, point: QPointF) -> int:
        """The line under a point of the viewport."""
        return self.page.line_at_y(point.y() - self._origin().y())

    def offset_at(self, point: QPointF) -> int:
        """The caret position nearest to a point of the viewport."""
        origin = self._origin()
        return self.page.offset_at(point.x() - origin.x(), point.y() - origin.y())

    def area_of(self, offset: int) -> QRectF:
        """Where a caret at an offset stands in the viewport."""
        return self.page.caret_rect(offset).translated(self._origin())

    def _padding(self) -> int:
        return self.page.metrics.row_height // 3

    def _origin(self) -> QPointF:
        """Where the page's corner lies in the viewport."""
        left = self.gutter.width - self.horizontalScrollBar().value()
        return QPointF(left, self._padding() - self.verticalScrollBar().value())

    def _view(self) -> QRectF:
        """What the viewport shows of the page."""
        origin = self._origin()
        width = self.viewport().width() - self.gutter.width
        left = self.gutter.width - origin.x()
        return QRectF(left, -origin.y(), width, self.viewport().height())

    def _reveal(self, offset: int, *, center: bool = False) -> None:
        """Unfold and scroll so that an offset is in view."""
        line = self.page.buffer.line_at(offset)
        hiding = self.page.folds.hiding(line)
        for heading in hiding:
            self.page.folds.unfold(heading)
        if hiding:
            self._folds_changed()
        # Laying out what comes into view may move what was estimated: look again until nothing moves.
        for _ in range(_LOOKS):
            before = self._view()
            self._scroll_to(self.page.caret_rect(offset), center)
            if self._view() == before:
                return
            self._lay_out_view()

    def _lay_out_view(self) -> None:
        view = self._view()
        for line in self.page.lines_between(view.top(), view.bottom()):
            list(self.page.pieces(line, view))

    def _scroll_to(self, rect: QRectF, center: bool) -> None:
        self._fit_bars()
        view, bar = self._view(), self.verticalScrollBar()
        inside = view.top() <= rect.top() and rect.bottom() <= view.bottom()
        if center and not inside:
            bar.setValue(round(rect.center().y() - view.height() / 2))
        elif rect.top() < view.top():
            bar.setValue(int(rect.top()) + (self._padding() if rect.top() > 0 else 0))
        elif rect.bottom() > view.bottom():
            bar.setValue(round(rect.bottom() - view.height() + 2 * self._padding()))
        self._scroll_aside(rect, view)

    def _scroll_aside(self, rect: QRectF, view: QRectF) -> None:
        margin, bar = 4 * self.page.metrics.advance, self.horizontalScrollBar()
        if rect.left() < view.left():
            bar.setValue(round(rect.left() - margin))
        elif rect.right() > view.right() - margin:
            bar.setMaximum(max(bar.maximum(), round(rect.right() - view.width() + margin)))
            bar.setValue(round(rect.right() - view.width() + margin))

    def _zoom_to(self, steps: int) -> None:
        size = self._font.pointSizeF() + steps
        if size < SMALLEST_FONT or size > 72:
            return
        self._zoom = steps
        font = QFont(self._font)
        font.setPointSizeF(size)
        self._hold_place()
        self.page.set_font(font)
        self._relayout()
        self._take_place()

    def _folds_changed(self) -> None:
        self.page.folds_changed()
        self._fit_bars()
        self.viewport().update()
        self.folded.emit()

    def _relayout(self) -> None:
        """The width, the font or the text changed: wrap anew, keeping what is at the top."""
        self._hold_place()
        self.gutter.fit(self.page)
        self.page.set_wrap_width(self._wrap_width())
        self._survey.start()
        self._take_place()

    def _wrap_width(self) -> float | None:
        """Where rows end. Room for the scroll bar is kept, so that its coming and going changes nothing."""
        if not self._wraps:
            return None
        bar = self.verticalScrollBar()
        transient = self.style().styleHint(QStyle.StyleHint.SH_ScrollBar_Transient, None, bar)
        room = 0 if transient else bar.sizeHint().width()
        advance = self.page.metrics.advance
        return max(self.width() - room - self.gutter.width - advance, 10 * advance)

    def _hold_place(self) -> None:
        """Remember the line at the top and how far it is scrolled out."""
        top = self._view().top()
        line = self.page.line_at_y(top)
        self._place = line, (top - self.page.line_top(line)) / self.page.metrics.row_height

    def _take_place(self) -> None:
        """Go back to the line remembered, wherever it is by now."""
        self._fit_bars()
        if self._place and self.verticalScrollBar().value() > 0:
            line, rows = self._place
            top = self.page.line_top(line) + rows * self.page.metrics.row_height
            self.verticalScrollBar().setValue(round(top + self._padding()))
        self.viewport().update()

    @Slot()
    def _fit_bars(self) -> None:
        """Give the scroll bars the page's size."""
        viewport, row = self.viewport(), self.page.metrics.row_height
        height = self.page.height + 2 * self._padding()
        bars = self.verticalScrollBar(), self.horizontalScrollBar()
        bars[0].setRange(0, max(0, height - viewport.height()))
        bars[0].setPageStep(max(row, viewport.height() - row))
        bars[0].setSingleStep(row)
        width = 0 if self._wraps else self.page.width + 2 * self.page.metrics.advance
        visible = viewport.width() - self.gutter.width
        bars[1].setRange(0, max(0, round(width - visible)))
        bars[1].setPageStep(round(visible))
        bars[1].setSingleStep(round(4 * self.page.metrics.advance))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap at the new width."""
        super().resizeEvent(event)
        if self._wrap_width() != self.page.wrap_width:
            self._relayout()
        else:
            self._fit_bars()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Paint what is in view now: laid out lines are kept, so that is as quick as moving pixels."""
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """Room for 80 columns and 24 rows."""
        metrics = self.page.metrics
        return QSize(round(self.gutter.width + 81 * metrics.advance), 24 * metrics.row_height)
