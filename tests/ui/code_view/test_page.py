"""Where characters stand: there and back, wrapped or not, in short lines and in very long ones."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QApplication

from viewer.ui.code_view import LIGHT, JsonHighlighter
from viewer.ui.code_view.layout import LaidOut
from viewer.ui.code_view.page import Page
from viewer.ui.code_view.palette import Palette
from viewer.ui.code_view.scrolled_page import default_font
from viewer.ui.code_view.segments import LONGEST, SEGMENT

LINES = st.lists(st.text(alphabet="abc 你é\t", max_size=60), min_size=1, max_size=8)
LONG = '{"id":12345,"name":"a \\"quoted\\" näme"},' * 300


@pytest.fixture(autouse=True)
def application(qapp: QApplication) -> QApplication:
    return qapp


def page_of(text: str, wrap: float | None = None) -> Page:
    page = Page(default_font())
    page.set_formats(Palette(LIGHT).formats)
    page.set_highlighter(JsonHighlighter())
    page.set_wrap_width(wrap)
    page.set_text(text)
    return page


def assert_there_and_back(page: Page, offsets: range) -> None:
    for offset in offsets:
        rect = page.caret_rect(offset)
        found = page.offset_at(rect.x() + 0.5, rect.center().y())
        # White space hangs over the edge where a row is wrapped: there, offsets share a place.
        hangs = page.wrap_width is not None and page.buffer.slice(offset - 1, offset).isspace()
        assert found == offset or hangs


@settings(deadline=None)
@given(LINES, st.sampled_from([None, 150.0]))
def test_a_point_leads_back_to_its_offset(lines: list[str], wrap: float | None) -> None:
    text = "\n".join(lines)
    assert_there_and_back(page_of(text, wrap), range(len(text) + 1))


@pytest.mark.parametrize("wrap", [None, 400.0])
def test_a_point_in_a_very_long_line_leads_back(wrap: float | None) -> None:
    page = page_of("x\n" + LONG + "\ny", wrap)
    assert len(LONG) > 2 * LONGEST
    assert_there_and_back(page, range(2, len(LONG), 97))
    assert_there_and_back(page, range(SEGMENT - 3, SEGMENT + 6))


def shown(page: Page) -> str:
    """The text of all pieces of all lines, as far as they are laid out in a view that shows everything."""
    view = QRectF(0, 0, 1e9, 1e9)
    lines = page.lines_between(0, 1e9)
    return "\n".join("".join(piece.laid.layout.text() for piece in page.pieces(line, view)) for line in lines)


@settings(deadline=None, max_examples=20)
@given(st.data(), st.sampled_from([None, 300.0]))
def test_pages_edited_are_as_pages_set(data: st.DataObject, wrap: float | None) -> None:
    text = data.draw(st.sampled_from(["short\nlines\n\nhere", "x\n" + LONG + "\ny", LONG]))
    page = page_of(text, wrap)
    shown(page)
    for _ in range(4):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.sampled_from([0, 0, 1, 3, 3000])))
        new = data.draw(st.sampled_from(["", "a", "b\nc", "\n", "wide " * 2000]))
        page.replace(start, end, new)
        text = text[:start] + new + text[end:]
        assert shown(page) == text
        assert page.buffer.text() == text
    fresh = page_of(text, wrap)
    shown(fresh)
    if wrap is None:
        assert page.height == fresh.height
    for line in range(page.buffer.line_count):
        view = QRectF(0, 0, 1e9, 1e9)
        formats = [len(piece.laid.layout.formats()) for piece in page.pieces(line, view)]
        assert len(formats) == len(list(page.pieces(line, view)))


def test_colours_in_a_long_line_survive_typing() -> None:
    page = page_of(LONG)
    page.replace(100, 100, '"')
    page.replace(100, 101, "")
    fresh = page_of(LONG)
    view = QRectF(0, 0, 1e9, 100)
    for mine, its in zip(page.pieces(0, view), fresh.pieces(0, view), strict=True):
        ranges = [(found.start, found.length) for found in mine.laid.layout.formats()]
        assert ranges == [(found.start, found.length) for found in its.laid.layout.formats()]


def test_clusters_are_not_cut() -> None:
    family = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
    page = page_of(family * 3000)
    starts = [piece.start for piece in page.pieces(0, QRectF(0, 0, 1e9, 100))]
    assert len(starts) > 3
    assert all(start % len(family) == 0 for start in starts)


def test_the_caret_stays_before_crlf() -> None:
    page = page_of("ab\r\ncd")
    assert page.content_end(0) == 2
    assert page.offset_at(1e6, 1) == 2


def test_filler_and_folds_move_what_is_below() -> None:
    page = page_of(json.dumps({"a": [1, 2], "b": 3}, indent=2))
    row = page.metrics.row_height
    assert page.line_top(5) == 5 * row
    page.rows.set_fillers({2: 3})
    assert page.line_top(5) == 8 * row
    page.folds.fold(1, 4)
    page.folds_changed()
    assert page.line_top(5) == 2 * row
    assert page.line_at_y(2.5 * row) == 5


def test_only_what_is_seen_is_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    laid_out = []

    def noted(self: Page, line: int, *rest: int) -> LaidOut:
        laid_out.append(line)
        return original(self, line, *rest)

    original = Page._lay_out
    monkeypatch.setattr(Page, "_lay_out", noted)
    page = page_of('  "key": 12345,\n' * 600_000)
    seen = list(page.lines_between(page.height - 500, page.height))
    for line in seen:
        list(page.pieces(line, QRectF(0, page.height - 500, 500, 500)))
    assert 0 < len(laid_out) <= len(seen) < 60
    assert set(laid_out) <= set(seen)
