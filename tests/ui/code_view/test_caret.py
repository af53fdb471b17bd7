"""Where the caret goes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from viewer.ui.code_view.buffer import TextBuffer
from viewer.ui.code_view.caret import Caret, Move, moved, next_word, previous_word, word_at
from viewer.ui.code_view.page import Page
from viewer.ui.code_view.scrolled_page import default_font

TEXT = '{\n  "key": "Olá, mundo",\r\n\tx🎉y\n}'


@pytest.fixture(autouse=True)
def application(qapp: QApplication) -> QApplication:
    return qapp


def page_of(text: str, wrap: float | None = None) -> Page:
    page = Page(default_font())
    page.set_wrap_width(wrap)
    page.set_text(text)
    return page


def walk(page: Page, start: int, move: Move) -> list[int]:
    """Every place on the way until nothing moves any more."""
    caret = Caret()
    caret.place(start)
    places = [start]
    while (target := moved(page, caret, move, 5)) != caret.position:
        goal = caret.goal
        caret.place(target)
        caret.goal = goal
        places.append(target)
    return places


def test_steps_cross_the_whole_text_and_come_back() -> None:
    page = page_of(TEXT)
    forth = walk(page, 0, Move.NEXT)
    assert forth[-1] == len(TEXT)
    assert TEXT.index("\r") + 1 not in forth
    assert walk(page, len(TEXT), Move.PREVIOUS) == forth[::-1]


def test_clusters_are_one_step() -> None:
    page = page_of("ae\u0301🎉\U0001f469\u200d\U0001f467b")
    assert walk(page, 0, Move.NEXT) == [0, 1, 3, 4, 7, 8]


@pytest.mark.parametrize(
    ("move", "start", "end"),
    [
        (Move.ROW_START, 9, 4),
        (Move.ROW_START, 4, 2),
        (Move.ROW_START, 2, 4),
        (Move.ROW_END, 4, TEXT.index("\r")),
        (Move.LINE_START, 9, 2),
        (Move.LINE_END, 9, TEXT.index("\r")),
        (Move.TEXT_START, 9, 0),
        (Move.TEXT_END, 9, len(TEXT)),
        (Move.UP, 0, 0),
        (Move.PAGE_DOWN, 0, len(TEXT)),
        (Move.NEXT_WORD, 5, 8),
        (Move.PREVIOUS_WORD, 8, 5),
    ],
)
def test_moves(move: Move, start: int, end: int) -> None:
    caret = Caret()
    caret.place(start)
    assert moved(page_of(TEXT), caret, move, 5) == end


def test_up_and_down_keep_the_column() -> None:
    page = page_of("longer line\nab\nlonger line")
    assert walk(page, 8, Move.DOWN) == [8, 14, 23, 26]


def test_rows_of_a_wrapped_line_are_rows() -> None:
    page = page_of("word " * 100, wrap=200.0)
    rows = page.piece_at(0).laid.rows
    assert rows > 5
    assert len(walk(page, 0, Move.DOWN)) == rows + 1
    caret = Caret()
    end = moved(page, caret, Move.ROW_END, 5)
    assert page.caret_rect(end).y() == 0
    assert page.caret_rect(end + 1).y() > 0


def test_folded_lines_are_passed_over() -> None:
    page = page_of("a\n  b\n  c\nd")
    page.folds.fold(0, 2)
    page.folds_changed()
    assert walk(page, 0, Move.DOWN) == [0, 10, 11]
    assert walk(page, 1, Move.NEXT) == [1, 10, 11]


@given(st.text(alphabet="ab1 .,\n\té"))
def test_words_cover_the_text(text: str) -> None:
    buffer = TextBuffer(text)
    at, places = 0, [0]
    while at < len(text):
        behind = next_word(buffer, at)
        assert behind > at
        places.append(at := behind)
    while at > 0:
        before = previous_word(buffer, at)
        assert before < at
        at = before
    for offset in range(len(text)):
        start, end = word_at(buffer, offset)
        assert start <= offset <= end


def test_word_under_a_click() -> None:
    buffer = TextBuffer('"Olá, mundo_1"')
    assert word_at(buffer, 2) == (1, 4)
    assert word_at(buffer, 6) == (6, 13)
    assert word_at(buffer, 13) == (13, 14)
