"""What a screen reader is told."""

from __future__ import annotations

import gc

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QPoint
from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot

from viewer.ui.code_view import CodeView

TEXT = "first line\nsecond\ud800 line"


@pytest.fixture
def view(qtbot: QtBot) -> CodeView:
    view = CodeView()
    qtbot.addWidget(view)
    view.setAccessibleName("Response body")
    view.set_text(TEXT)
    view.show()
    return view


def test_name_role_and_state(view: CodeView) -> None:
    found = QAccessible.queryAccessibleInterface(view)
    assert found.text(QAccessible.Text.Name) == "Response body"
    assert found.role() == QAccessible.Role.EditableText
    assert found.state().readOnly
    view.set_read_only(False)
    view.begin_edit()
    assert found.state().editable
    assert not found.state().readOnly


def test_text_caret_and_selection(view: CodeView) -> None:
    text = QAccessible.queryAccessibleInterface(view).textInterface()
    assert text.characterCount() == len(TEXT)
    assert text.text(6, 17) == "line\nsecond"
    assert text.text(17, 18) == "\ufffd"
    text.setCursorPosition(4)
    assert text.cursorPosition() == view.position == 4
    text.setSelection(0, 0, 5)
    assert view.selected_text() == "first"
    text.removeSelection(0)
    assert not view.has_selection


def test_other_interfaces_are_absent(view: CodeView) -> None:
    """A screen reader asks for every kind; returning None from Python crashed the process."""
    found = QAccessible.queryAccessibleInterface(view)
    assert found.actionInterface() is None
    assert found.valueInterface() is None
    assert found.selectionInterface() is None


def test_places_on_the_screen(view: CodeView) -> None:
    text = QAccessible.queryAccessibleInterface(view).textInterface()
    place = text.characterRect(13)
    assert text.offsetAtPoint(place.center() - QPoint(2, 0)) == 13


def test_typing_from_outside_needs_an_edit(view: CodeView) -> None:
    edit = QAccessible.queryAccessibleInterface(view).editableTextInterface()
    edit.insertText(0, "x")
    assert view.text() == TEXT
    view.set_read_only(False)
    view.begin_edit()
    edit.insertText(0, "x")
    edit.deleteText(1, 7)
    assert view.text() == "xline" + TEXT[10:]


def test_an_interface_goes_with_its_view(qtbot: QtBot) -> None:
    view = CodeView()
    found = QAccessible.queryAccessibleInterface(view)
    assert found.isValid()
    view.deleteLater()
    QCoreApplication.sendPostedEvents(view, QEvent.Type.DeferredDelete.value)
    assert not shiboken6.isValid(view)
    del found, view
    gc.collect()
    other = CodeView()
    qtbot.addWidget(other)
    assert QAccessible.queryAccessibleInterface(other).isValid()
