"""A scrolled page with a caret: selecting, moving, copying, and painting all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPointF, QRect, QRectF, Signal
from PySide6.QtGui import QClipboard, QGuiApplication, QPainter, QPaintEvent

from viewer.ui.code_view.blink import Blink
from viewer.ui.code_view.caret import Caret, Move, moved
from viewer.ui.code_view.clipboard import to_mime
from viewer.ui.code_view.finder import Finder
from viewer.ui.code_view.folding import heading_of
from viewer.ui.code_view.painting import Scene, paint, paint_focus
from viewer.ui.code_view.scrolled_page import ScrolledPage

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class CaretView(ScrolledPage):
    """Shows a page, a caret and a selection. Offsets are code points.

    Signals:
        cursor_moved(int): the caret is at another offset.
        selection_changed(): another range is selected.
    """

    cursor_moved = Signal(int)
    selection_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caret = Caret()
        self._blink = Blink(self)
        self._preedit_cursor = 0
        self._drop_at: int | None = None
        self.finder = Finder(self.page, self)
        self.finder.changed.connect(self.viewport().update)

    @property
    def is_editing(self) -> bool:
        """Whether the text can be typed into right now."""
        return False

    @property
    def position(self) -> int:
        """The caret's offset."""
        return self._caret.position

    @property
    def anchor(self) -> int:
        """Where the selection began; the caret's own offset without one."""
        return self._caret.anchor

    @property
    def selection(self) -> tuple[int, int]:
        """(start, end) of what is selected."""
        return self._caret.selection

    @property
    def has_selection(self) -> bool:
        """Whether anything is selected."""
        return self._caret.has_selection

    def selected_text(self) -> str:
        """The exact text selected."""
        return self.page.buffer.slice(*self._caret.selection)

    @property
    def fold_line(self) -> int | None:
        """The line that heads the innermost block in which the caret is; None where that cannot be folded."""
        buffer = self.page.buffer
        return heading_of(buffer, buffer.line_at(self.position)) if self.gutter.folding else None

    def fold_block(self) -> None:
        """Fold the block in which the caret is, and put the caret before it."""
        line = self.fold_line
        if line is not None:
            start = self.page.buffer.line_start(line)
            self.select(start, start)
            self.fold(line)

    def unfold_block(self) -> None:
        """Show the block again that is folded under the caret's line."""
        line = self.page.buffer.line_at(self.position)
        if line in self.page.folds:
            self.unfold(line)

    def select(self, anchor: int, position: int, *, reveal: bool = True) -> None:
        """Select from one offset to another, the caret being at the second."""
        size = len(self.page.buffer)
        before = self._caret.position, self._caret.selection
        self._caret.place(min(max(anchor, 0), size))
        self._caret.place(min(max(position, 0), size), select=True)
        self._tell_moved(before)
        if reveal:
            self._reveal(self._caret.position)

    def select_all(self) -> None:
        """Select the whole text, without scrolling."""
        self.select(0, len(self.page.buffer), reveal=False)

    def show_offset(self, offset: int, end: int | None = None) -> None:
        """Bring an offset to the middle of the view, unless it is seen already, and select up to `end`."""
        self.select(offset if end is None else end, offset, reveal=False)
        self._reveal(self._caret.position, center=True)

    def move_caret(self, move: Move, *, select: bool = False) -> None:
        """Move the caret; without `select`, a step from a selection leads to its edge."""
        before = self._caret.position, self._caret.selection
        start, end = self._caret.selection
        if not select and start != end and move in (Move.NEXT, Move.PREVIOUS):
            self._caret.place(end if move is Move.NEXT else start)
        else:
            self._step(move, select)
        self._tell_moved(before)
        self._reveal(self._caret.position)

    def copy(self) -> None:
        """Put the selected text on the clipboard."""
        if self.has_selection:
            QGuiApplication.clipboard().setMimeData(self.selection_data())

    def offer_selection(self) -> None:
        """Offer the selected text to a middle click, where the platform has that."""
        clipboard = QGuiApplication.clipboard()
        if clipboard.supportsSelection():
            clipboard.setMimeData(self.selection_data(), QClipboard.Mode.Selection)

    def selection_data(self) -> QMimeData:
        """The selected text for the clipboard or a drag."""
        return to_mime(self.selected_text())

    def caret_area(self) -> QRect:
        """Where the caret stands in the viewport."""
        return self.area_of(self._caret.position).toAlignedRect()

    def offset_under(self, point: QPointF) -> int:
        """The character that a point of the viewport lies on, where `offset_at` may be the one behind."""
        offset = self.offset_at(point)
        before = offset > 0 and self.area_of(offset).left() > point.x()
        return offset - 1 if before and self.page.buffer.slice(offset - 1, offset) != "\n" else offset

    def update_caret(self) -> None:
        """Paint the caret's surroundings anew."""
        self.viewport().update(self.caret_area().adjusted(-2, 0, 4, 0))

    def _step(self, move: Move, select: bool) -> None:
        rows = max(1, self.viewport().height() // self.page.metrics.row_height - 1)
        target = moved(self.page, self._caret, move, rows)
        goal = self._caret.goal
        self._caret.place(target, select=select)
        if move in (Move.UP, Move.DOWN, Move.PAGE_UP, Move.PAGE_DOWN):
            self._caret.goal = goal

    def _tell_moved(self, before: tuple[int, tuple[int, int]]) -> None:
        """Emit what changed since `before`: (position, selection)."""
        self._blink.restart()
        self.viewport().update()
        if before[0] != self._caret.position:
            self.cursor_moved.emit(self._caret.position)
        selected = self._caret.selection
        if before[1] != selected and (selected[0] != selected[1] or before[1][0] != before[1][1]):
            self.selection_changed.emit()

    def _scene(self) -> Scene:
        focused = self.hasFocus()
        position = self._caret.position
        return Scene(
            page=self.page,
            palette=self.palette_of_code,
            gutter=self.gutter,
            marks=self._marks,
            found=self.finder.marks_near(self._view_offsets()),
            line_marks=self._line_marks,
            selection=self._caret.selection,
            origin=self._origin(),
            view=self._view(),
            active=focused,
            caret=self._caret_seen(),
            preedit_cursor=self._preedit_cursor,
            current_line=self.page.buffer.line_at(position) if focused else None,
        )

    def _caret_seen(self) -> int | None:
        """The offset to draw a caret at: where a drop would go, else its own while it is to be seen."""
        if self._drop_at is not None:
            return self._drop_at
        return self._caret.position if self.hasFocus() and self._blink.is_on else None

    def _view_offsets(self) -> tuple[int, int]:
        """The offsets of the lines in view; of a very long line, the whole of it."""
        view, buffer = self._view(), self.page.buffer
        first, last = self.page.line_at_y(view.top()), self.page.line_at_y(view.bottom())
        return buffer.line_start(first), buffer.line_end(last)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Lay out and draw what is in view."""
        area = self.viewport().rect()
        before = self.page.height, self.page.width
        # A painter left open by an error would take the process with it.
        with QPainter(self.viewport()) as painter:
            painter.fillRect(event.rect(), self.palette_of_code.background)
            paint(painter, self._scene(), area.width())
            if self.hasFocus():
                paint_focus(painter, self.palette_of_code, QRectF(area), self.is_editing)
        if (self.page.height, self.page.width) != before:
            self._fit_later.start(0)
