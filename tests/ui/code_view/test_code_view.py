"""The view as a user meets it: keys, mouse, clipboard, and the edit's beginning and end."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from viewer.ui.code_view import CodeView, JsonHighlighter

TEXT = json.dumps({"name": "Olá", "list": [1, 2, {"deep": True}], "end": None}, indent=2, ensure_ascii=False)
EXACT = "a\r\nb\rc\u2028d\u0085e\u00a0f\ufeffg\x00h\ud800i\n"


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[CodeView]:
    view = CodeView()
    qtbot.addWidget(view)
    view.resize(500, 300)
    view.set_highlighter(JsonHighlighter())
    view.set_read_only(False)
    view.set_text(TEXT)
    view.show()
    view.setFocus()
    yield view
    view.hide()


def click_at(view: CodeView, offset: int, *, double: bool = False) -> QPoint:
    point = view.area_of(offset).center().toPoint() + QPoint(1, 0)
    (QTest.mouseDClick if double else QTest.mouseClick)(view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    return point


def test_text_survives_exactly(view: CodeView, qtbot: QtBot) -> None:
    view.set_text(EXACT)
    assert view.text() == EXACT
    view.grab()
    view.select_all()
    view.copy()
    view.begin_edit()
    view.select(len(EXACT), len(EXACT))
    view.paste()
    assert view.text() == EXACT * 2
    assert view.edits() == [(len(EXACT), len(EXACT), EXACT)]


def test_typing_needs_an_edit(view: CodeView, qtbot: QtBot) -> None:
    QTest.keyClicks(view, "x")
    assert view.text() == TEXT
    with qtbot.waitSignal(view.edit_begun):
        QTest.keyClick(view, Qt.Key.Key_Return)
    QTest.keyClicks(view, "xy z")
    assert view.text() == "xy z" + TEXT
    with qtbot.waitSignal(view.edit_committed) as committed:
        QTest.keyClick(view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert committed.args == ["xy z" + TEXT]
    assert not view.is_editing


def test_escape_reverts(view: CodeView, qtbot: QtBot) -> None:
    QTest.keyClick(view, Qt.Key.Key_F2)
    QTest.keyClicks(view, "abc")
    with qtbot.waitSignal(view.edit_reverted):
        QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.text() == TEXT


def test_undo_in_the_field_then_outside(view: CodeView, qtbot: QtBot) -> None:
    view.begin_edit()
    QTest.keyClicks(view, "one two")
    QTest.keyClick(view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert view.text() == "one " + TEXT
    QTest.keyClick(view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert view.text() == TEXT
    with qtbot.waitSignal(view.undo_requested):
        QTest.keyClick(view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def test_double_click_selects_a_word_and_edits(view: CodeView) -> None:
    at = TEXT.index("Olá")
    click_at(view, at, double=True)
    assert view.selected_text() == "Olá"
    assert view.is_editing


def test_copy_and_select_all(view: CodeView) -> None:
    QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == TEXT


def test_a_level_is_folded_at_once(view: CodeView, monkeypatch: pytest.MonkeyPatch) -> None:
    view.set_text('{\n  "a": [\n    1\n  ],\n  "b": {\n    "c": 2\n  }\n}')
    assert view.fold_level(2)
    assert [line in view.page.folds for line in range(8)] == [line in (1, 4) for line in range(8)]
    assert view.fold_level(1)
    assert [line in view.page.folds for line in range(8)] == [line == 0 for line in range(8)]
    assert view.fold_level(3)  # there is none: nothing changes
    assert 0 in view.page.folds
    monkeypatch.setattr("viewer.ui.code_view.scrolled_page.MOST_FOLDS", 1)
    assert not view.fold_level(2)
    assert [line in view.page.folds for line in (1, 4)] == [True, False]


def test_the_carets_block_is_folded_and_unfolded(view: CodeView) -> None:
    view.set_text('{\n  "a": [\n    1\n  ],\n  "b": 2\n}')
    at = view.text().index("1")
    view.select(at, at)
    view.fold_block()
    assert 1 in view.page.folds
    assert view.position == view.page.buffer.line_start(1)
    view.unfold_block()
    assert not view.page.folds


def test_fold_hides_and_find_unfolds(view: CodeView) -> None:
    line = view.page.buffer.line_at(TEXT.index('"list"'))
    full = view.page.height
    view.fold(line)
    assert view.page.height < full
    view.show_offset(TEXT.index("deep"))
    assert view.page.height == full
