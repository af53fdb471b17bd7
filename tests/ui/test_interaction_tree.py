"""The list at the left, by what a person does with it: pick, filter, open and close, sort, edit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot

from tests.document.cassettes import cassette, cassette_of, entry, text_of
from tests.document.test_document import Delete
from viewer.cassette.cassette import Cassette
from viewer.cassette.edits import SetStatus
from viewer.cassette.model import CassetteError
from viewer.document.document import CassetteDocument
from viewer.document.interaction_model import Column, Place
from viewer.ui.interaction_delegate import Sizes
from viewer.ui.interaction_tree import InteractionTree
from viewer.ui.theme import load_theme

LIGHT = load_theme("light")


@pytest.fixture
def tree(qtbot: QtBot) -> Iterator[InteractionTree]:
    tree = InteractionTree(LIGHT)
    qtbot.addWidget(tree)
    tree.resize(320, 600)
    with qtbot.waitExposed(tree):
        tree.show()
    yield tree
    for document in tree.model.documents:
        tree.remove_document(document)
        document.close()


def add(tree: InteractionTree, count: int) -> CassetteDocument:
    document = CassetteDocument(cassette(count))
    tree.add_document(document)
    return document


def shown(tree: InteractionTree) -> list[int | None]:
    places = [tree.model.place(line) for line in range(tree.model.rowCount())]
    return [place.position for place in places if place]


def settle(qtbot: QtBot, tree: InteractionTree) -> None:
    qtbot.waitUntil(lambda: not tree.model.is_working)


class Heard:
    """Notes where the cursor went."""

    def __init__(self, tree: InteractionTree) -> None:
        self.places: list[tuple[object, object]] = []
        tree.current_changed.connect(lambda document, position: self.places.append((document, position)))


def click(
    tree: InteractionTree,
    line: int,
    x: int = 100,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    rect = tree.view.visualRect(tree.model.index(line, 0))
    point = QPoint(rect.left() + x, rect.center().y())
    QTest.mouseClick(tree.view.viewport(), Qt.MouseButton.LeftButton, modifiers, point)


# --- picking


def test_a_click_makes_an_interaction_current(tree: InteractionTree) -> None:
    document = add(tree, 4)
    heard = Heard(tree)
    click(tree, 3)
    assert heard.places == [(document, 2)]
    assert tree.current == Place(document, 2)
    assert tree.selected() == [Place(document, 2)]
    click(tree, 0)
    assert heard.places[-1] == (document, None)


def test_the_keyboard_goes_through_everything(tree: InteractionTree) -> None:
    document = add(tree, 3)
    heard = Heard(tree)
    activated: list[tuple[object, object]] = []
    tree.activated.connect(lambda document, position: activated.append((document, position)))
    tree.select(document, 0)
    for key in ("Down", "Down", "Home", "End", "Left", "Left"):
        QTest.keyClick(tree.view, getattr(Qt.Key, f"Key_{key}"))
    assert [position for _, position in heard.places] == [0, 1, 2, None, 2, None]
    assert shown(tree) == [None]
    QTest.keyClick(tree.view, Qt.Key.Key_Right)
    assert shown(tree) == [None, 0, 1, 2]
    QTest.keyClick(tree.view, Qt.Key.Key_Return)
    assert shown(tree) == [None]
    QTest.keyClick(tree.view, Qt.Key.Key_Enter)
    QTest.keyClick(tree.view, Qt.Key.Key_Down)
    QTest.keyClick(tree.view, Qt.Key.Key_Return)
    assert activated == [(document, 0)]


def test_home_and_end_select_what_they_lead_to(tree: InteractionTree) -> None:
    """The cursor went alone, so that what was deleted next was not what was shown."""
    document = add(tree, 4)
    tree.select(document, 1)
    QTest.keyClick(tree.view, Qt.Key.Key_End)
    assert tree.selected() == [Place(document, 3)]
    QTest.keyClick(tree.view, Qt.Key.Key_Home, Qt.KeyboardModifier.ShiftModifier)
    assert tree.selected() == [Place(document, position) for position in (None, 0, 1, 2, 3)]
    QTest.keyClick(tree.view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert len(tree.selected()) == 5
    QTest.keyClick(tree.view, Qt.Key.Key_Home)
    assert tree.selected() == [Place(document)]


def test_the_arrow_opens_and_closes_without_selecting(tree: InteractionTree) -> None:
    document = add(tree, 2)
    tree.select(document, 1)
    second = add(tree, 1)
    click(tree, 3, x=6)
    assert not tree.model.is_open(second)
    assert tree.current == Place(document, 1)
    click(tree, 3, x=6)
    assert shown(tree) == [None, 0, 1, None, 0]


def test_several_at_once(tree: InteractionTree) -> None:
    document = add(tree, 5)
    click(tree, 1)
    click(tree, 3, modifiers=Qt.KeyboardModifier.ShiftModifier)
    click(tree, 5, modifiers=Qt.KeyboardModifier.ControlModifier)
    assert tree.selected() == [Place(document, position) for position in (0, 1, 2, 4)]


def test_a_shortcut_with_ctrl_does_not_add_to_the_selection(tree: InteractionTree) -> None:
    """Duplicating and then deleting with the keyboard deleted two interactions."""
    document = add(tree, 3)
    tree.select(document, 0)
    QTest.keyPress(tree.view, Qt.Key.Key_Control, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(tree.view, Qt.Key.Key_F20, Qt.KeyboardModifier.ControlModifier)
    tree.select(document, 2)
    selected = tree.selected()
    QTest.keyRelease(tree.view, Qt.Key.Key_Control, Qt.KeyboardModifier.NoModifier)
    QTest.keyClick(tree.view, Qt.Key.Key_F20)
    assert [place.position for place in selected] == [2]


def test_a_context_menu_is_asked_for_with_the_selection(tree: InteractionTree) -> None:
    document = add(tree, 3)
    asked: list[tuple[QPoint, list[Place]]] = []
    tree.menu_requested.connect(lambda point, places: asked.append((point, places)))
    tree.select(document, 1)
    for reason in (QContextMenuEvent.Reason.Keyboard, QContextMenuEvent.Reason.Mouse):
        event = QContextMenuEvent(reason, QPoint(5, 5), QPoint(7, 7))
        QApplication.sendEvent(tree.view.viewport(), event)
    assert [places for _, places in asked] == [[Place(document, 1)]] * 2
    assert asked[1][0] == QPoint(7, 7)


def test_lines_are_as_high_as_their_text(tree: InteractionTree) -> None:
    first, second = add(tree, 2), add(tree, 1)
    line = tree.view.fontMetrics().height()
    heads = [tree.view.rowHeight(tree.model.line_of(document) or 0) for document in (first, second)]
    assert heads[0] == heads[1]
    assert line < heads[0] < 2 * line
    assert 2 * line < tree.view.rowHeight(1) < 4 * line
    tree.model.set_open(first, False)
    assert tree.view.rowHeight(1) == heads[1]


# --- filter


def test_typing_filters_and_the_selection_comes_back(qtbot: QtBot, tree: InteractionTree) -> None:
    document = add(tree, 9)
    tree.select(document, 4)
    heard = Heard(tree)
    tree.focus_filter()
    QTest.keyClicks(tree.filter_field, "method:get")
    settle(qtbot, tree)
    assert shown(tree) == [None, 0, 3, 6]
    assert tree.selected() == []
    assert not tree.view.currentIndex().isValid()
    # The panes keep showing what they showed.
    assert tree.current == Place(document, 4)
    QTest.keyClick(tree.filter_field, Qt.Key.Key_Escape)
    assert shown(tree) == [None, *range(9)]
    assert tree.selected() == [Place(document, 4)]
    assert heard.places == []


def test_what_stays_in_sight_stays_selected(qtbot: QtBot, tree: InteractionTree) -> None:
    document = add(tree, 9)
    tree.select(document, 4)
    heard = Heard(tree)
    for words in ("method:post", "method:post things/4", ""):
        tree.filter_field.setText(words)
        settle(qtbot, tree)
        assert tree.selected() == [Place(document, 4)]
        assert tree.current == Place(document, 4)
    assert heard.places == []


def test_no_match_says_so(qtbot: QtBot, tree: InteractionTree) -> None:
    add(tree, 3)
    tree.filter_field.setText("nowhere")
    settle(qtbot, tree)
    notes = [label for label in tree.findChildren(QLabel) if label.isVisible()]
    assert [label.text() for label in notes] == ["No interaction matches"]
    tree.filter_field.clear()
    assert not notes[0].isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_keys_that_leave_the_filter_field(qtbot: QtBot, tree: InteractionTree, key: Qt.Key) -> None:
    add(tree, 3)
    tree.activateWindow()
    tree.focus_filter()
    qtbot.waitUntil(tree.filter_field.hasFocus)
    QTest.keyClick(tree.filter_field, key)
    assert tree.view.hasFocus()


# --- edits


def test_the_cursor_follows_its_interaction(tree: InteractionTree) -> None:
    document = add(tree, 5)
    tree.select(document, 3)
    heard = Heard(tree)
    document.edit(Delete(0))
    assert tree.current == Place(document, 2)
    document.undo_stack.undo()
    assert tree.current == Place(document, 3)
    assert heard.places == [(document, 2), (document, 3)]


def test_a_deleted_interaction_gives_the_cursor_to_the_next(tree: InteractionTree) -> None:
    document = add(tree, 3)
    tree.select(document, 1)
    document.edit(Delete(1))
    assert tree.current == Place(document, 1)
    assert tree.view.currentIndex().row() == 2
    document.edit(Delete(1))
    assert tree.current == Place(document, 0)
    document.edit(Delete(0))
    assert tree.current == Place(document)


def test_removing_the_current_document_leaves_the_other(tree: InteractionTree) -> None:
    first, second = add(tree, 2), add(tree, 2)
    tree.select(first, 1)
    heard = Heard(tree)
    tree.remove_document(first)
    assert heard.places
    assert heard.places[-1][0] is second
    tree.remove_document(second)
    assert tree.current is None
    assert heard.places[-1] == (None, None)


def test_a_cassette_read_again_takes_its_place(qtbot: QtBot, tree: InteractionTree) -> None:
    first, old, last = add(tree, 1), add(tree, 4), add(tree, 1)
    tree.view.select_all([Place(old, 1)])
    tree.view.set_cursor(Place(old, 3))
    heard = Heard(tree)
    new = CassetteDocument(cassette(3))
    tree.replace_document(old, new)
    old.close()
    assert tree.model.documents == (first, new, last)
    assert tree.current == Place(new, 2)
    assert tree.selected() == [Place(new, 1), Place(new, 2)]
    assert heard.places == [(new, 2)]
    tree.filter_field.setText("method:get")
    settle(qtbot, tree)
    again = CassetteDocument(cassette(3))
    tree.replace_document(new, again)
    new.close()
    settle(qtbot, tree)
    assert tree.current == Place(again, 2)
    tree.filter_field.clear()
    assert tree.view.currentIndex().row() == tree.model.line_of(again, 2)


# --- columns


def test_columns_can_be_sorted_and_hidden(qtbot: QtBot, tree: InteractionTree) -> None:
    document = add(tree, 6)
    tree.select(document, 4)
    tree.set_columns_shown(True)
    header = tree.view.horizontalHeader()
    assert header.isVisible()
    assert tree.view.rowHeight(1) < 2 * tree.view.fontMetrics().height()
    x = header.sectionViewportPosition(Column.STATUS) + 5
    for expected in ([0, 3, 1, 4, 2, 5], [2, 5, 1, 4, 0, 3]):
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, 5))
        settle(qtbot, tree)
        assert shown(tree) == [None, *expected]
        assert tree.selected() == [Place(document, 4)]
    menu = QMenu()
    qtbot.addWidget(menu)
    tree.view.fill_columns_menu(menu)
    model = next(action for action in menu.actions() if action.text() == "Model")
    assert model.isChecked()
    model.trigger()
    assert tree.view.isColumnHidden(Column.MODEL)
    assert not tree.view.isColumnHidden(Column.PATH)
    tree.set_columns_shown(False)
    assert not header.isVisible()
    settle(qtbot, tree)
    assert shown(tree) == [None, 0, 1, 2, 3, 4, 5]


def test_columns_are_sorted_by_keys_too(qtbot: QtBot, tree: InteractionTree) -> None:
    add(tree, 6)
    tree.set_columns_shown(True)
    menu = QMenu()
    qtbot.addWidget(menu)
    tree.view.fill_columns_menu(menu)
    sorts = menu.findChild(QMenu)
    assert sorts is not None
    status = next(action for action in sorts.actions() if action.text() == "Status")
    for expected in ([0, 3, 1, 4, 2, 5], [2, 5, 1, 4, 0, 3]):
        status.trigger()
        settle(qtbot, tree)
        assert shown(tree) == [None, *expected]


@pytest.mark.parametrize("width", [200, 320, 1200])
def test_columns_have_room_for_what_they_show(tree: InteractionTree, width: int) -> None:
    """In a narrow list numbers were left out, and the path was given nothing at all."""
    add(tree, 3)
    tree.resize(width, 400)
    tree.set_columns_shown(True)
    view, header = tree.view, tree.view.horizontalHeader()
    digit = view.fontMetrics().horizontalAdvance("0")
    assert header.sectionSize(Column.NUMBER) > Sizes.of(view.font()).number_left + 4 * digit
    assert header.sectionSize(Column.PATH) >= 20 * digit
    assert header.length() >= view.viewport().width()
    assert (header.length() == view.viewport().width()) == (width == 1200)


def test_columns_are_remembered(qtbot: QtBot, tree: InteractionTree) -> None:
    add(tree, 3)
    tree.set_columns_shown(True)
    tree.view.setColumnHidden(Column.SIZE, True)
    tree.view.horizontalHeader().resizeSection(Column.MODEL, 77)
    tree.set_columns_shown(False)
    state = tree.view.columns_state()
    other = InteractionTree(LIGHT)
    qtbot.addWidget(other)
    other.view.set_columns_state(state)
    assert not other.view.columns_shown
    other.set_columns_shown(True)
    assert other.view.isColumnHidden(Column.SIZE)
    assert other.view.columnWidth(Column.MODEL) == 77
    assert not other.view.isColumnHidden(Column.PATH)


# --- painting


def colors_of(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


@pytest.mark.parametrize("name", ["light", "dark"])
def test_lines_are_painted_in_the_themes_colours(qtbot: QtBot, name: str) -> None:
    theme = load_theme(name)
    tree = InteractionTree(LIGHT)
    qtbot.addWidget(tree)
    tree.set_theme(theme)
    tree.resize(320, 400)
    document = CassetteDocument(cassette_of(f"{text_of(3)}{entry(3, method='[')}"))
    tree.add_document(document)
    with qtbot.waitExposed(tree):
        tree.show()
    tree.select(document, 0)
    qtbot.waitUntil(lambda: document.summaries.known == 4)
    document.edit(SetStatus(0, 201))
    colors = colors_of(tree.view.viewport().grab().toImage())
    wanted = (
        theme.ok_bg,
        theme.error_bg,
        theme.accent_bg,
        theme.text,
        theme.dim,
        theme.accent,
        theme.warning,
    )
    assert {color.name() for color in wanted} <= colors
    tree.remove_document(document)
    document.close()


def test_every_real_cassette_can_be_painted(qtbot: QtBot, corpus: Path) -> None:
    """Odd URLs, kinds and notes of real recordings paint without a word from Qt."""
    tree = InteractionTree(LIGHT)
    qtbot.addWidget(tree)
    tree.resize(320, 600)
    tree.show()
    painted = 0
    for path in sorted((corpus / "go-vcr-v2").rglob("*.yaml"))[::9]:
        try:
            document = CassetteDocument(Cassette.open(path))
        except CassetteError:
            continue
        tree.add_document(document)
        tree.view.viewport().grab()
        tree.remove_document(document)
        document.close()
        painted += 1
    assert painted > 5
