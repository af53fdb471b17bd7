"""The one text view of the program: shows a text of any size, and edits it in place when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPointF, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QHideEvent,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QMenu, QMenuBar, QWidget

from viewer.ui.code_view import accessibility, input_method, keyboard
from viewer.ui.code_view.caret import Move, moved
from viewer.ui.code_view.caret_view import CaretView
from viewer.ui.code_view.clipboard import from_mime
from viewer.ui.code_view.context_menu import context_menu
from viewer.ui.code_view.editing import Editing
from viewer.ui.code_view.marks import Marks
from viewer.ui.code_view.mouse import Mouse

if TYPE_CHECKING:
    from viewer.ui.code_view.history import Change


class CodeView(CaretView):
    """Shows text until an edit begins (Enter, F2, double click, `begin_edit`) and edits it until it ends.

    Offsets are code points of the text. The text is never normalised.

    Signals, beside those of CaretView and ScrolledPage:
        edited(): the text changed within an edit.
        edit_begun(): the text can be typed into from now on.
        edit_committed(object): with the text, a str: an edit ended and the text differs from the one set.
        edit_reverted(): an edit ended without a change.
        undo_requested(), redo_requested(): Undo or Redo, and nothing is left to do in the field.
        find_requested(): the context menu's Find was chosen.
    """

    edited = Signal()
    edit_begun = Signal()
    # As an object: a QString would lose lone surrogates.
    edit_committed = Signal(object)
    edit_reverted = Signal()
    undo_requested = Signal()
    redo_requested = Signal()
    find_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editing = Editing(self.page, self._caret, self._text_changed)
        self._read_only = True
        self._companions: list[QWidget] = []
        self._mouse = Mouse(self)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_moved)

    def set_text(self, text: str, *, keep_place: bool = False) -> None:
        """Show another text, unmarked and unfolded. An edit under way ends without a signal.

        It is shown from its start; with `keep_place`, from the line that was at the top, with the same selection.
        """
        bars = self.verticalScrollBar(), self.horizontalScrollBar()
        places = [bar.value() if keep_place else 0 for bar in bars]
        selected = (self.anchor, self.position) if keep_place else (0, 0)
        self.page.set_text(text)
        self._editing.reset(text)
        self._marks, self._line_marks = Marks(), {}
        self._editing_changed()
        self._relayout()
        for bar, place in zip(bars, places, strict=True):
            bar.setValue(place)
        self.select(*selected, reveal=False)
        self.finder.restart()

    def text(self) -> str:
        """The exact text, edits included."""
        return self.page.buffer.text()

    def edits(self) -> list[tuple[int, int, str]]:
        """What was changed in the field: (start, end, replacement) against the text set, in order."""
        return self._editing.edits()

    @property
    def is_read_only(self) -> bool:
        """Whether no edit can begin. A view is read-only at first."""
        return self._read_only

    def set_read_only(self, read_only: bool) -> None:
        """Allow edits or not; an edit under way is reverted when they are no longer allowed."""
        self._read_only = read_only
        if read_only:
            self.revert()

    @property
    def is_editing(self) -> bool:
        """Whether an edit is under way."""
        return self._editing.active

    def begin_edit(self) -> None:
        """Let the user type, if the view is not read-only."""
        if self._read_only or self.is_editing:
            return
        self._editing.active = True
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._editing_changed()
        self.edit_begun.emit()

    def commit(self) -> None:
        """End the edit and hand over its text; without a change, that is a revert."""
        if not self.is_editing:
            return
        modified = bool(self.edits())
        text = self._editing.accept()
        self._editing_changed()
        if modified:
            self.edit_committed.emit(text)
        else:
            self.edit_reverted.emit()

    def revert(self) -> None:
        """End the edit and show the text that was set."""
        if self.is_editing:
            self._change(self._editing.revert)
            self._editing_changed()
            self.edit_reverted.emit()

    def undo(self) -> None:
        """Take back the last step in the field, or ask for it elsewhere."""
        if self.is_editing and self._editing.history.can_undo:
            self._change(self._editing.undo)
        else:
            self.undo_requested.emit()

    def redo(self) -> None:
        """Do the last step again in the field, or ask for it elsewhere."""
        if self.is_editing and self._editing.history.can_redo:
            self._change(self._editing.redo)
        else:
            self.redo_requested.emit()

    def insert_text(self, text: str) -> None:
        """Put text in the place of the selection, as a step of its own. Only within an edit."""
        self._editing.history.close_step()
        self._change(self._editing.insert, text)

    def type_text(self, text: str) -> None:
        """Insert text as if typed. Only within an edit."""
        self._change(self._editing.type, text)

    def insert_newline(self) -> None:
        """Begin a line that ends and is set in as the caret's line is."""
        self._change(self._editing.break_line)

    def insert_tab(self) -> None:
        """Insert what indents here."""
        self._change(self._editing.indent)

    def delete(self, move: Move) -> None:
        """Delete the selection, or up to where a move would lead."""
        if not self.has_selection:
            self._caret.place(moved(self.page, self._caret, move, 1), select=True)
        self.insert_text("")

    def cut(self) -> None:
        """Copy the selection and delete it."""
        if self.has_selection and self.is_editing:
            self.copy()
            self.insert_text("")

    def paste(self) -> None:
        """Insert the clipboard's text, exactly."""
        if self.is_editing and (text := from_mime(QGuiApplication.clipboard().mimeData())):
            self.insert_text(text)

    def set_preedit(self, text: str, cursor: int) -> None:
        """Show an input method's unfinished text at the caret; "" for none."""
        self._preedit_cursor = cursor
        self.page.set_preedit((self.position, text) if text else None)
        self.viewport().update()

    def add_companion(self, widget: QWidget) -> None:
        """Focus in this widget (a find bar) does not end an edit."""
        self._companions.append(widget)

    def _change(self, action: Any, *arguments: Any) -> None:
        """Run an action of the editor and tell what it moved."""
        before = self._caret.position, self._caret.selection
        revision = self.page.buffer.revision
        action(*arguments)
        if self.page.buffer.revision != revision:
            self.edited.emit()
        self._tell_moved(before)
        self._reveal(self.position)

    def _text_changed(self, change: Change) -> None:
        removed, added = len(change.removed), len(change.inserted)
        self._marks = self._marks.replaced(change.start, removed, added)
        accessibility.tell_changed(self, change)
        if self.gutter.fit(self.page) and self._wraps:
            self._relayout()
        self.finder.restart()

    def _tell_moved(self, before: tuple[int, tuple[int, int]]) -> None:
        super()._tell_moved(before)
        accessibility.tell_moved(self)

    def _editing_changed(self) -> None:
        self.set_preedit("", 0)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, self.is_editing)
        self._blink.restart()
        self.viewport().update()

    @Slot(QWidget, QWidget)
    def _focus_moved(self, old: QWidget | None, now: QWidget | None) -> None:
        """Commit when the focus leaves for another widget; not for a menu, nor when the whole window loses it."""
        if not self.is_editing or now is None or isinstance(now, (QMenu, QMenuBar)):
            return
        stays = (self, *self._companions)
        if not any(now is widget or widget.isAncestorOf(now) for widget in stays):
            self.commit()

    def event(self, event: QEvent) -> bool:
        """Claim keys that would otherwise be shortcuts, and Tab while it is typed."""
        if isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and keyboard.is_wanted(self, event):
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Tab and self.is_editing:
                self.keyPressEvent(event)
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what the key asks for, or leave it to the parents."""
        event.setAccepted(keyboard.handle_key(self, event))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to select; the middle button pastes the selection of the platform."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._mouse.press(event)
        elif event.button() == Qt.MouseButton.MiddleButton and self.is_editing:
            self._paste_selection(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Select a word."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._mouse.double_click(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Select on."""
        self._mouse.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End selecting."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._mouse.release(event)

    def _paste_selection(self, point: QPointF) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard.supportsSelection():
            offset = self.offset_at(point)
            self.select(offset, offset)
            self.insert_text(from_mime(clipboard.mimeData(clipboard.Mode.Selection)))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, or zoom while Ctrl is held."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            steps = event.angleDelta().y()
            if steps:
                self._ask_zoom(self._zoom + (1 if steps > 0 else -1))
            event.accept()
        else:
            super().wheelEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done here."""
        menu = context_menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Take text from an input method."""
        if self.is_editing:
            input_method.handle_input(self, event)
            event.accept()
        else:
            event.ignore()

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> Any:
        """Tell an input method about the caret's surroundings."""
        found = input_method.answer(self, query)
        return super().inputMethodQuery(query) if found is None else found

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take text while editing; leave files to the window."""
        if self._takes(event):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where the text would go."""
        if self._takes(event):
            self._show_drop(self.offset_at(event.position()))
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Show the caret in its own place again."""
        self._show_drop(None)

    def dropEvent(self, event: QDropEvent) -> None:
        """Insert dropped text; text of this very field is moved unless it is copied."""
        self._show_drop(None)
        offset, text = self.offset_at(event.position()), from_mime(event.mimeData())
        start, end = self.selection
        self._editing.history.close_step()
        if event.source() is self and event.dropAction() == Qt.DropAction.MoveAction:
            if not start <= offset <= end:
                self._change(self._editing.move, start, end, offset)
        else:
            self._change(self._editing.replace, offset, offset, text)
            self.select(offset, offset + len(text))
        event.acceptProposedAction()

    def _show_drop(self, offset: int | None) -> None:
        """Draw the caret where dragged text would go."""
        self._drop_at = offset
        self.viewport().update()

    def _takes(self, event: QDropEvent) -> bool:
        data = event.mimeData()
        return self.is_editing and data.hasText() and not data.hasUrls()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the caret and the frame."""
        super().focusInEvent(event)
        self._blink.restart()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide them."""
        super().focusOutEvent(event)
        self._mouse.cancel()
        self._blink.restart()
        self.viewport().update()

    def hideEvent(self, event: QHideEvent) -> None:
        """A field that goes out of sight is left."""
        self.commit()
        super().hideEvent(event)
