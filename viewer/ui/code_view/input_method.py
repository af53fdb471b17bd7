"""Input methods: unfinished text at the caret, and what a method asks about its surroundings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QInputMethodEvent

from viewer.ui.code_view.units import Units

if TYPE_CHECKING:
    from viewer.ui.code_view.code_view import CodeView

_SURROUNDING = 1024


def handle_input(view: CodeView, event: QInputMethodEvent) -> None:
    """Put finished text into the field and show the unfinished one."""
    if event.replacementLength() or event.commitString():
        _replace(view, event)
    if event.preeditString() or view.page.preedit:
        text = event.preeditString()
        if text and view.has_selection:
            view.insert_text("")
        view.set_preedit(text, _cursor_in_preedit(event))


def _replace(view: CodeView, event: QInputMethodEvent) -> None:
    view.set_preedit("", 0)
    if event.replacementLength():
        start = _moved(view, view.position, event.replacementStart())
        view.select(start, _moved(view, start, event.replacementLength()))
    view.type_text(event.commitString())


def _moved(view: CodeView, offset: int, units: int) -> int:
    """An offset moved by so many UTF-16 units."""
    begin = max(0, offset - _SURROUNDING)
    local = Units(view.page.buffer.slice(begin, offset + _SURROUNDING))
    return begin + local.to_points(local.to_units(offset - begin) + units)


def _cursor_in_preedit(event: QInputMethodEvent) -> int:
    for attribute in event.attributes():
        if attribute.type == QInputMethodEvent.AttributeType.Cursor:
            return int(attribute.start)
    return len(event.preeditString())


def answer(view: CodeView, query: Qt.InputMethodQuery) -> Any:
    """What an input method asks; None for questions that are the widget's own."""
    questions = Qt.InputMethodQuery
    if query == questions.ImEnabled:
        return view.is_editing
    if query == questions.ImCursorRectangle:
        return QRectF(view.caret_area())
    if query == questions.ImFont:
        return view.page.metrics.font
    if query in (questions.ImCursorPosition, questions.ImAnchorPosition, questions.ImSurroundingText):
        return _surroundings(view, query)
    if query == questions.ImCurrentSelection:
        return view.selected_text()[:_SURROUNDING]
    return None


def _surroundings(view: CodeView, query: Qt.InputMethodQuery) -> str | int:
    """The caret's line, or as much of it as is near, and the caret's place in it in UTF-16 units."""
    buffer, offset = view.page.buffer, view.position
    line = buffer.line_at(offset)
    begin = max(buffer.line_start(line), offset - _SURROUNDING)
    text = buffer.slice(begin, min(buffer.line_end(line), offset + _SURROUNDING))
    if query == Qt.InputMethodQuery.ImSurroundingText:
        return text
    place = offset if query == Qt.InputMethodQuery.ImCursorPosition else view.anchor
    return Units(text).to_units(min(max(place - begin, 0), len(text)))
