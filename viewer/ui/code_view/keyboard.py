"""What the keys do, as data: standard shortcuts to moves, edits and commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from viewer.ui.code_view.caret import Move

if TYPE_CHECKING:
    from viewer.ui.code_view.code_view import CodeView

_Key = QKeySequence.StandardKey

MOVES = {
    _Key.MoveToNextChar: Move.NEXT,
    _Key.MoveToPreviousChar: Move.PREVIOUS,
    _Key.MoveToNextWord: Move.NEXT_WORD,
    _Key.MoveToPreviousWord: Move.PREVIOUS_WORD,
    _Key.MoveToNextLine: Move.DOWN,
    _Key.MoveToPreviousLine: Move.UP,
    _Key.MoveToNextPage: Move.PAGE_DOWN,
    _Key.MoveToPreviousPage: Move.PAGE_UP,
    _Key.MoveToStartOfLine: Move.ROW_START,
    _Key.MoveToEndOfLine: Move.ROW_END,
    _Key.MoveToStartOfBlock: Move.LINE_START,
    _Key.MoveToEndOfBlock: Move.LINE_END,
    _Key.MoveToStartOfDocument: Move.TEXT_START,
    _Key.MoveToEndOfDocument: Move.TEXT_END,
}
SELECTIONS = {
    _Key.SelectNextChar: Move.NEXT,
    _Key.SelectPreviousChar: Move.PREVIOUS,
    _Key.SelectNextWord: Move.NEXT_WORD,
    _Key.SelectPreviousWord: Move.PREVIOUS_WORD,
    _Key.SelectNextLine: Move.DOWN,
    _Key.SelectPreviousLine: Move.UP,
    _Key.SelectNextPage: Move.PAGE_DOWN,
    _Key.SelectPreviousPage: Move.PAGE_UP,
    _Key.SelectStartOfLine: Move.ROW_START,
    _Key.SelectEndOfLine: Move.ROW_END,
    _Key.SelectStartOfBlock: Move.LINE_START,
    _Key.SelectEndOfBlock: Move.LINE_END,
    _Key.SelectStartOfDocument: Move.TEXT_START,
    _Key.SelectEndOfDocument: Move.TEXT_END,
}
DELETIONS = {
    _Key.Delete: Move.NEXT,
    _Key.DeleteStartOfWord: Move.PREVIOUS_WORD,
    _Key.DeleteEndOfWord: Move.NEXT_WORD,
    _Key.DeleteEndOfLine: Move.LINE_END,
}
SHOWING = {_Key.Copy: "copy", _Key.SelectAll: "select_all", _Key.ZoomIn: "zoom_in", _Key.ZoomOut: "zoom_out"}
EDITING = {_Key.Cut: "cut", _Key.Paste: "paste", _Key.Undo: "undo", _Key.Redo: "redo"}
_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def handle_key(view: CodeView, event: QKeyEvent) -> bool:
    """Do what a key press asks for; False when it is not for the view."""
    if _navigate(view, event) or _command(view, event, SHOWING):
        return True
    if not view.is_editing:
        return _begin(view, event)
    return _end(view, event) or _command(view, event, EDITING) or _delete(view, event) or _type(view, event)


def is_wanted(view: CodeView, event: QKeyEvent) -> bool:
    """Whether a key is the view's own before it is anybody's shortcut."""
    keys = [*SHOWING, *SELECTIONS, *MOVES]
    if view.is_editing:
        keys += [*EDITING, *DELETIONS]
    if any(event.matches(key) for key in keys):
        return True
    typed = _is_plain(event) and (
        bool(_typed(event)) or event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Escape)
    )
    return view.is_editing and typed


def _navigate(view: CodeView, event: QKeyEvent) -> bool:
    for moves, select in ((MOVES, False), (SELECTIONS, True)):
        for key, move in moves.items():
            if event.matches(key):
                view.move_caret(move, select=select)
                return True
    return False


def _command(view: CodeView, event: QKeyEvent, commands: dict[QKeySequence.StandardKey, str]) -> bool:
    for key, name in commands.items():
        if event.matches(key):
            getattr(view, name)()
            return True
    return commands is SHOWING and _zoom(view, event)


def _zoom(view: CodeView, event: QKeyEvent) -> bool:
    """Ctrl+0, and Ctrl+plus however plus is typed: it may need Shift, or be meant by the key without it."""
    if not _with_command(event) or event.modifiers() & Qt.KeyboardModifier.AltModifier:
        return False
    zooms = {Qt.Key.Key_0: view.reset_zoom, Qt.Key.Key_Equal: view.zoom_in, Qt.Key.Key_Plus: view.zoom_in}
    zoom = zooms.get(Qt.Key(event.key()))
    if zoom:
        zoom()
    return zoom is not None


def _begin(view: CodeView, event: QKeyEvent) -> bool:
    """Enter and F2 begin an edit; undo and redo are the document's."""
    if event.matches(_Key.Undo):
        view.undo()
        return True
    if event.matches(_Key.Redo):
        view.redo()
        return True
    begins = event.key() in (*_ENTERS, Qt.Key.Key_F2) and not _with_command(event)
    if begins and not view.is_read_only:
        view.begin_edit()
        return True
    return False


def _end(view: CodeView, event: QKeyEvent) -> bool:
    if event.key() == Qt.Key.Key_Escape:
        view.revert()
        return True
    if event.key() in _ENTERS and _with_command(event):
        view.commit()
        return True
    return False


def _delete(view: CodeView, event: QKeyEvent) -> bool:
    for key, move in DELETIONS.items():
        if event.matches(key):
            view.delete(move)
            return True
    # Most platforms have no standard key for it; with Shift held it is meant all the same.
    if event.key() == Qt.Key.Key_Backspace and _is_plain(event):
        view.delete(Move.PREVIOUS)
        return True
    return False


def _type(view: CodeView, event: QKeyEvent) -> bool:
    if event.key() in _ENTERS:
        view.insert_newline()
    elif event.key() == Qt.Key.Key_Tab and not _with_command(event):
        view.insert_tab()
    elif text := _typed(event):
        view.type_text(text)
    else:
        return False
    return True


def _typed(event: QKeyEvent) -> str:
    """The characters that a key types: none for control characters or together with Ctrl (AltGr is both)."""
    text = event.text()
    if not text or not (text.isprintable() or ord(text[0]) >= 0xA0):
        return ""
    held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    only_control = held == Qt.KeyboardModifier.ControlModifier
    return "" if only_control or event.modifiers() & Qt.KeyboardModifier.MetaModifier else text


def _is_plain(event: QKeyEvent) -> bool:
    return event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)


def _with_command(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
