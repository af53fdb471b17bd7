"""Pictures in a page of text."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage, QTextCursor
from pytestqt.qtbot import QtBot

from viewer.ui.text_flow import TextFlow
from viewer.ui.theme import load_theme


@pytest.fixture
def page(qtbot: QtBot) -> TextFlow:
    made = TextFlow(load_theme("light"))
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.show()
    return made


def add(page: TextFlow, name: str, width: int, height: int) -> None:
    picture = QImage(width, height, QImage.Format.Format_RGB32)
    page.insert_picture(page.add_line([("Above it", page.plain())], page.block(0)), name, picture)


def sizes(page: TextFlow) -> list[tuple[int, int]]:
    """What the document gives each picture; 0 where that is the picture's own."""
    found = []
    cursor = QTextCursor(page.document())
    while cursor.movePosition(QTextCursor.MoveOperation.NextCharacter):
        image = cursor.charFormat().toImageFormat()
        if image.name():
            found.append((round(image.width()), round(image.height())))
    return found


def test_one_that_is_wide_becomes_as_narrow_as_the_page_and_wide_again(page: TextFlow) -> None:
    """It was cut off where the page became narrower, and where it was shown before the page had its size."""
    add(page, "wide", 800, 400)
    add(page, "small", 40, 20)
    assert sizes(page) == [(0, 0), (0, 0)]
    page.resize(420, 400)
    (width, height), small = sizes(page)
    assert 200 < width < 420
    assert height == pytest.approx(width / 2, abs=1)
    assert small == (0, 0)
    assert page.document().idealWidth() <= page.viewport().width()
    page.resize(900, 400)
    assert sizes(page) == [(0, 0), (0, 0)]


def test_a_picture_that_makes_the_page_scroll_comes_to_rest(page: TextFlow, qtbot: QtBot) -> None:
    """With a width that left no place for the scroll bar, the two would make each other come and go."""
    add(page, "tall", 3000, 1500)
    seen = set()
    for height in range(395, 460):
        page.resize(900, height)
        qtbot.wait(1)
        seen.add(sizes(page)[0])
    assert len(seen) == 1


def test_what_was_shown_before_is_let_go_of(page: TextFlow) -> None:
    add(page, "first", 800, 400)
    page.start_over()
    add(page, "second", 800, 400)
    page.resize(420, 400)
    assert len(sizes(page)) == 1


def test_text_that_took_the_place_of_one_stays_text(page: TextFlow) -> None:
    add(page, "wide", 800, 400)
    cursor = page.end_cursor()
    cursor.movePosition(QTextCursor.MoveOperation.PreviousCharacter, QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText("gone")
    page.resize(420, 400)
    assert sizes(page) == []
    assert page.toPlainText() == "Above itgone"
