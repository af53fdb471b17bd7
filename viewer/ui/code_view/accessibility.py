"""The text view for screen readers: its text, caret and selection.

PySide6 offers no QAccessibleWidget to derive from, so the interface is written out. Offsets are the view's own,
code points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import QObject, QPoint, QPointF, QRect
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEditableTextInterface,
    QAccessibleInterface,
    QAccessibleTextCursorEvent,
    QAccessibleTextInsertEvent,
    QAccessibleTextInterface,
    QAccessibleTextRemoveEvent,
    QAccessibleTextSelectionEvent,
    QWindow,
)

from viewer.ui.code_view.units import SURROGATES

if TYPE_CHECKING:
    from viewer.ui.code_view.code_view import CodeView
    from viewer.ui.code_view.history import Change

_SHOWN = 10_000
"""Characters given as the value of the view as a whole; the text interface has the rest."""


# WORKAROUND: PySide6 6.11 takes the address of whatever an interface_cast returns, that of None or 0 too, and
# crashes with the first screen reader; a VoidPtr of 0 arrives as the null pointer that is meant.
_NO_PART = shiboken6.VoidPtr(0)


class CodeViewText(QAccessibleTextInterface):
    """Text, caret and selection."""

    def __init__(self, view: CodeView) -> None:
        super().__init__()
        self._view = view

    def characterCount(self) -> int:
        """The length of the text."""
        return len(self._view.page.buffer)

    def text(self, startOffset: int, endOffset: int) -> str:
        """A part of the text."""
        end = self.characterCount() if endOffset < 0 else endOffset
        return self._view.page.buffer.slice(startOffset, end).translate(SURROGATES)

    def cursorPosition(self) -> int:
        """The caret's offset."""
        return self._view.position

    def setCursorPosition(self, position: int) -> None:
        """Put the caret somewhere."""
        self._view.select(position, position)

    def selectionCount(self) -> int:
        """None, always: PySide6 has no way to give the range, and Qt would pass on what is in memory by chance.

        That a selection changed is told by events all the same.
        """
        return 0

    def addSelection(self, startOffset: int, endOffset: int) -> None:
        """Select a range."""
        self._view.select(startOffset, endOffset)

    def setSelection(self, selectionIndex: int, startOffset: int, endOffset: int) -> None:
        """Select a range."""
        self._view.select(startOffset, endOffset)

    def removeSelection(self, selectionIndex: int) -> None:
        """Select nothing."""
        self._view.select(self._view.position, self._view.position)

    def characterRect(self, offset: int) -> QRect:
        """Where a character is on the screen."""
        area = self._view.area_of(min(max(offset, 0), self.characterCount())).toAlignedRect()
        area.setWidth(max(area.width(), round(self._view.page.metrics.advance)))
        return QRect(self._view.viewport().mapToGlobal(area.topLeft()), area.size())

    def offsetAtPoint(self, point: QPoint) -> int:
        """The offset under a point of the screen."""
        return self._view.offset_at(QPointF(self._view.viewport().mapFromGlobal(point)))

    def scrollToSubstring(self, startIndex: int, endIndex: int) -> None:
        """Bring a range into view."""
        self._view.show_offset(startIndex)


class CodeViewEdit(QAccessibleEditableTextInterface):
    """Changes to the text, made while it is edited."""

    def __init__(self, view: CodeView) -> None:
        super().__init__()
        self._view = view

    def deleteText(self, startOffset: int, endOffset: int) -> None:
        """Delete a range."""
        self.replaceText(startOffset, endOffset, "")

    def insertText(self, offset: int, text: str) -> None:
        """Insert a text."""
        self.replaceText(offset, offset, text)

    def replaceText(self, startOffset: int, endOffset: int, text: str) -> None:
        """Replace a range."""
        if self._view.is_editing:
            self._view.select(startOffset, endOffset)
            self._view.insert_text(text)


class CodeViewInterface(QAccessibleInterface):
    """The view itself: a text of many lines, with its name, state and place."""

    def __init__(self, view: CodeView) -> None:
        super().__init__()
        self._view = view
        self._parts: dict[QAccessible.InterfaceType, Any] = {
            QAccessible.InterfaceType.TextInterface: CodeViewText(view),
            QAccessible.InterfaceType.EditableTextInterface: CodeViewEdit(view),
        }

    def interface_cast(self, arg__1: QAccessible.InterfaceType) -> Any:
        """The text interface, or the editable one."""
        return self._parts.get(arg__1, _NO_PART)

    def isValid(self) -> bool:
        """Whether the view still exists."""
        return shiboken6.isValid(self._view)

    def object(self) -> QObject:
        """The view."""
        return self._view

    def window(self) -> QWindow:
        """The window that the view is in."""
        return self._view.window().windowHandle()

    def parent(self) -> QAccessibleInterface:
        """The widget around."""
        return QAccessible.queryAccessibleInterface(self._view.parentWidget() or self._view.window())

    def childCount(self) -> int:
        """The text has no parts of its own."""
        return 0

    def child(self, index: int) -> QAccessibleInterface:
        """No child."""
        return None  # type: ignore[return-value]

    def childAt(self, x: int, y: int) -> QAccessibleInterface:
        """No child."""
        return None  # type: ignore[return-value]

    def indexOfChild(self, arg__1: QAccessibleInterface) -> int:
        """No child."""
        return -1

    def rect(self) -> QRect:
        """Where the view is on the screen."""
        return QRect(self._view.mapToGlobal(QPoint(0, 0)), self._view.size())

    def role(self) -> QAccessible.Role:
        """A text to be read or edited."""
        return QAccessible.Role.EditableText

    def state(self) -> QAccessible.State:
        """Focus and whether it can be edited."""
        state = QAccessible.State()
        # The generated classes take whole numbers for these bits.
        for name, value in self._states().items():
            setattr(state, name, int(value))
        return state

    def text(self, t: QAccessible.Text) -> str:
        """The view's name and description as set by whoever uses it; its beginning as the value."""
        if t == QAccessible.Text.Name:
            return self._view.accessibleName()
        if t == QAccessible.Text.Description:
            return self._view.accessibleDescription() or self._view.toolTip()
        if t == QAccessible.Text.Value:
            return self._view.page.buffer.slice(0, _SHOWN).translate(SURROGATES)
        return ""

    def setText(self, t: QAccessible.Text, text: str) -> None:
        """Nothing is set this way."""

    def _states(self) -> dict[str, bool]:
        view = self._view
        return {
            "focusable": True,
            "focused": view.hasFocus(),
            "multiLine": True,
            "selectableText": True,
            "readOnly": not view.is_editing,
            "editable": view.is_editing,
            "invisible": not view.isVisible(),
            "disabled": not view.isEnabled(),
        }


_kept: list[CodeViewInterface] = []
"""Qt owns the interfaces by its cache; Python must not free one before Qt does."""


def _make(key: str, made_for: QObject) -> QAccessibleInterface | None:
    from viewer.ui.code_view.code_view import CodeView

    if not isinstance(made_for, CodeView):
        return None
    _kept[:] = [interface for interface in _kept if shiboken6.isValid(interface)]
    _kept.append(CodeViewInterface(made_for))
    return _kept[-1]


QAccessible.installFactory(_make)


def tell_moved(view: CodeView) -> None:
    """Tell screen readers, if there are any, where the caret and the selection are."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleTextCursorEvent(view, view.position))
        if view.has_selection:
            QAccessible.updateAccessibility(QAccessibleTextSelectionEvent(view, *view.selection))


def tell_changed(view: CodeView, change: Change) -> None:
    """Tell screen readers, if there are any, what was typed or deleted."""
    if not QAccessible.isActive():
        return
    if change.removed:
        gone = change.removed.translate(SURROGATES)
        QAccessible.updateAccessibility(QAccessibleTextRemoveEvent(view, change.start, gone))
    if change.inserted:
        new = change.inserted.translate(SURROGATES)
        QAccessible.updateAccessibility(QAccessibleTextInsertEvent(view, change.start, new))
