"""What comes from the platform: input methods, the mouse, drags, focus, and what a painted view looks like."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QColor,
    QDropEvent,
    QGuiApplication,
    QImage,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from viewer.ui.code_view import DARK, LIGHT, CodeView, JsonHighlighter, LineMark, Mark, MarkKind

TEXT = "{\n" + "".join(f'  "key{number}": {number},\n' for number in range(100)) + "}"


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[CodeView]:
    window = QWidget()
    qtbot.addWidget(window)
    view = CodeView()
    view.set_highlighter(JsonHighlighter())
    view.set_read_only(False)
    view.set_text(TEXT)
    layout = QVBoxLayout(window)
    layout.addWidget(view)
    layout.addWidget(QLineEdit())
    window.resize(500, 300)
    window.show()
    view.setFocus()
    yield view
    window.hide()


def point_of(view: CodeView, offset: int) -> QPoint:
    return view.area_of(offset).center().toPoint() + QPoint(1, 0)


def picture(view: CodeView) -> QImage:
    return view.viewport().grab().toImage()


def colors_in(view: CodeView, offset: int) -> set[str]:
    """The colours of the row that an offset is in."""
    image, y = picture(view), int(view.area_of(offset).center().y())
    return {QColor(image.pixel(x, y)).name() for x in range(image.width())}


def test_an_input_method_shows_and_commits(view: CodeView) -> None:
    view.begin_edit()
    view.select(2, 2)
    QApplication.sendEvent(view, QInputMethodEvent("にほ", []))
    assert view.text() == TEXT
    piece = view.page.piece_at(2)
    assert piece.laid.layout.preeditAreaText() == "にほ"
    assert any(found.format.fontUnderline() for found in piece.laid.layout.formats())
    assert view.offset_at(QPointF(point_of(view, 5))) == 5
    done = QInputMethodEvent()
    done.setCommitString("日本")
    QApplication.sendEvent(view, done)
    assert view.text() == TEXT[:2] + "日本" + TEXT[2:]
    assert view.page.piece_at(2).laid.layout.preeditAreaText() == ""


def test_an_input_method_replaces_around_the_caret(view: CodeView) -> None:
    view.begin_edit()
    view.set_text("a🎉bc")
    view.begin_edit()
    view.select(3, 3)
    event = QInputMethodEvent()
    event.setCommitString("x", -3, 3)
    QApplication.sendEvent(view, event)
    assert view.text() == "axc"


def test_an_input_method_learns_the_surroundings(view: CodeView) -> None:
    view.set_text("one\n🎉two")
    view.begin_edit()
    view.select(5, 6)
    questions = Qt.InputMethodQuery
    assert view.inputMethodQuery(questions.ImSurroundingText) == "🎉two"
    assert view.inputMethodQuery(questions.ImCursorPosition) == 3
    assert view.inputMethodQuery(questions.ImAnchorPosition) == 2
    assert view.inputMethodQuery(questions.ImCurrentSelection) == "t"
    assert view.inputMethodQuery(questions.ImEnabled)
    view.commit()
    assert not view.inputMethodQuery(questions.ImEnabled)


def test_typed_characters_beyond_ascii(view: CodeView) -> None:
    view.begin_edit()
    press = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, "é🎉")
    QApplication.sendEvent(view, press)
    assert view.text() == "é🎉" + TEXT


def test_dragging_selects_and_scrolls(view: CodeView, qtbot: QtBot) -> None:
    area = view.viewport()
    QTest.mousePress(area, Qt.MouseButton.LeftButton, pos=point_of(view, 4))
    QTest.mouseMove(area, QPoint(100, area.height() + 60))
    move = QPoint(100, area.height() + 60)
    QApplication.sendEvent(area, mouse_move(area, move))
    qtbot.waitUntil(lambda: view.verticalScrollBar().value() > 100)
    QTest.mouseRelease(area, Qt.MouseButton.LeftButton, pos=move)
    before = view.verticalScrollBar().value()
    assert view.anchor == 4
    assert view.position > 200
    qtbot.wait(80)
    assert view.verticalScrollBar().value() == before


def mouse_move(area: QWidget, point: QPoint) -> QEvent:
    return QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(point),
        QPointF(area.mapToGlobal(point)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )


def test_a_click_in_the_gutter_selects_the_line(view: CodeView) -> None:
    point = point_of(view, TEXT.index('"key2"'))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(3, point.y()))
    assert view.selected_text() == '  "key2": 2,\n'


def test_a_click_on_the_sign_folds(view: CodeView) -> None:
    height = view.page.height
    sign = QPoint(int(view.gutter.width) - 10, point_of(view, 0).y())
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=sign)
    assert view.page.height == view.page.metrics.row_height < height
    picture(view)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=sign)
    assert view.page.height == height


def drop(view: CodeView, data: QMimeData, offset: int) -> QDropEvent:
    point = QPointF(point_of(view, offset))
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDropEvent(point, Qt.DropAction.CopyAction, data, buttons, keys)
    view.dropEvent(event)
    return event


def test_dropped_text_is_inserted_and_selected(view: CodeView) -> None:
    view.begin_edit()
    data = QMimeData()
    data.setText("dropped")
    drop(view, data, 1)
    assert view.text() == "{dropped" + TEXT[1:]
    assert view.selected_text() == "dropped"


class OwnDrop(QDropEvent):
    """A drop of text dragged from the same view; Qt knows that only while it drags."""

    view: CodeView

    def source(self) -> CodeView:
        return self.view


def test_text_moved_within_the_field_is_one_step(view: CodeView) -> None:
    view.set_text("one two three")
    view.begin_edit()
    view.select(0, 4)
    point = QPointF(point_of(view, 8))
    data = view.selection_data()
    event = OwnDrop(
        point, Qt.DropAction.MoveAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    event.view = view
    view.dropEvent(event)
    assert view.text() == "two one three"
    assert view.selected_text() == "one "
    view.undo()
    assert view.text() == "one two three"


def test_leaving_the_field_commits(view: CodeView, qtbot: QtBot) -> None:
    view.begin_edit()
    QTest.keyClicks(view, "x")
    other = view.window().findChild(QLineEdit)
    assert isinstance(other, QLineEdit)
    with qtbot.waitSignal(view.edit_committed):
        other.setFocus()
    assert view.text() == "x" + TEXT


def test_hiding_the_field_commits(view: CodeView, qtbot: QtBot) -> None:
    view.begin_edit()
    QTest.keyClicks(view, "x")
    with qtbot.waitSignal(view.edit_committed):
        view.hide()


def test_lone_surrogates_survive_a_commit(view: CodeView, qtbot: QtBot) -> None:
    view.set_text("\ud83d")
    view.begin_edit()
    QTest.keyClicks(view, "x")
    with qtbot.waitSignal(view.edit_committed) as committed:
        view.commit()
    assert committed.args == ["x\ud83d"]


def test_newlines_are_those_of_the_text(view: CodeView) -> None:
    view.set_text('  "a"\r\nb')
    view.begin_edit()
    view.select(5, 5)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert view.text() == '  "a"\r\n  \r\nb'


def test_backspace_takes_a_crlf_as_one(view: CodeView) -> None:
    view.set_text("a\r\nb")
    view.begin_edit()
    view.select(3, 3)
    QTest.keyClick(view, Qt.Key.Key_Backspace)
    assert view.text() == "ab"


def test_colours_follow_the_theme(view: CodeView) -> None:
    assert LIGHT.background in colors_in(view, 20)
    view.set_colors(DARK)
    assert DARK.background in colors_in(view, 20)
    assert LIGHT.background not in colors_in(view, 20)


def test_marks_are_seen(view: CodeView) -> None:
    at = TEXT.index('"key5"')
    view.set_marks([Mark(at, at + 6, MarkKind.CHANGED)])
    view.set_line_marks({2: LineMark.REMOVED})
    assert LIGHT.changed_word_bg in colors_in(view, at)
    assert LIGHT.removed_bg in colors_in(view, TEXT.index('"key1"'))
    view.set_marks([])
    assert LIGHT.changed_word_bg not in colors_in(view, at)


def test_muted_text_has_one_colour(view: CodeView) -> None:
    at = TEXT.index('"key5"')
    assert LIGHT.key in colors_in(view, at)
    view.set_marks([Mark(at, at + 10, MarkKind.MUTED)])
    assert LIGHT.key not in colors_in(view, at)


def test_an_edit_moves_marks(view: CodeView) -> None:
    at = TEXT.index('"key5"')
    view.set_marks([Mark(at, at + 6, MarkKind.CHANGED)])
    view.begin_edit()
    view.insert_text("x\ny")
    assert LIGHT.changed_word_bg in colors_in(view, at + 3)


def test_wrapping_keeps_the_line_at_the_top(view: CodeView, qtbot: QtBot) -> None:
    view.set_text("\n".join(f"{number} " + "word " * 60 for number in range(300)))
    view.scroll_to_line(200)
    assert view.first_visible_line == 200
    view.set_wrap(True)
    assert view.first_visible_line == 200
    qtbot.wait(20)
    assert view.first_visible_line == 200
    view.window().resize(400, 300)
    assert view.first_visible_line == 200
    view.set_wrap(False)
    assert view.first_visible_line == 200


def test_views_can_be_linked(view: CodeView, qtbot: QtBot) -> None:
    other = CodeView()
    qtbot.addWidget(other)
    other.resize(view.size())
    other.set_text(TEXT)
    view.scrolled.connect(other.verticalScrollBar().setValue)
    view.scroll_to_line(50)
    assert other.first_visible_line == view.first_visible_line == 50


def test_ctrl_and_wheel_zoom(view: CodeView) -> None:
    row = view.page.metrics.row_height
    QTest.keyClick(view, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(view, Qt.Key.Key_Equal, Qt.KeyboardModifier.ControlModifier)
    larger = view.page.metrics.row_height
    assert larger > row
    wheel = QWheelEvent(
        QPointF(50, 50),
        QPointF(50, 50),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    view.wheelEvent(wheel)
    assert view.page.metrics.row_height < larger
    QTest.keyClick(view, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert view.page.metrics.row_height == row


def test_ten_megabytes_are_copied_whole(view: CodeView) -> None:
    text = '      "key": 123,\n' * 600_000
    view.set_text(text)
    view.select_all()
    view.copy()
    assert QGuiApplication.clipboard().text() == text
    QGuiApplication.clipboard().clear()


def test_a_reload_keeps_the_place(view: CodeView) -> None:
    view.scroll_to_line(50)
    view.select(700, 710)
    view.scroll_to_line(50)
    view.set_text(TEXT.replace("99", "98"), keep_place=True)
    assert view.first_visible_line == 50
    assert view.selection == (700, 710)
