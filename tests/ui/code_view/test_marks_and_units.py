"""Marks asked by range and moved with the text; positions between code points and UTF-16."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from viewer.ui.code_view import DARK, LIGHT, CodeColors, Mark, MarkKind
from viewer.ui.code_view.marks import Marks
from viewer.ui.code_view.units import Units, visible

RANGES = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)), max_size=10)


@given(RANGES, st.integers(0, 60), st.integers(0, 20))
def test_marks_within_a_range(ranges: list[tuple[int, int]], start: int, length: int) -> None:
    marks = [Mark(at, at + size, MarkKind.CHANGED) for at, size in ranges]
    found = list(Marks(marks).within(start, start + length))
    wanted = [mark for mark in marks if mark.start <= start + length and mark.end > start]
    assert sorted(found) == sorted(wanted) if not found else {*found} == {*wanted}


def test_marks_move_with_the_text() -> None:
    marks = Marks([Mark(2, 4, MarkKind.ADDED), Mark(10, 12, MarkKind.ERROR), Mark(20, 22, MarkKind.EVENT)])
    moved = list(marks.replaced(9, 5, 1).within(0, 100))
    assert moved == [Mark(2, 4, MarkKind.ADDED), Mark(16, 18, MarkKind.EVENT)]
    assert next(iter(marks.replaced(3, 0, 5).within(0, 5))) == Mark(2, 9, MarkKind.ADDED)


@given(st.text(alphabet="aé🎉你\U0001f469\u200d"))
def test_units_are_those_of_utf_16(text: str) -> None:
    units = Units(text)
    for point in range(len(text) + 1):
        unit = len(text[:point].encode("utf-16-le")) // 2
        assert units.to_units(point) == unit
        assert units.to_points(unit) == point


@given(st.text(alphabet="a\t\r\x00\x1b\x7f\x85\u2028\u2029\ufeff\ud800\ufffc🎉"))
def test_every_character_is_drawn_as_one(text: str) -> None:
    for shown in (visible(text), visible(text, pictures=True)):
        assert len(shown) == len(text)
        assert shown.replace("\t", "").isprintable()


def luminance(color: str) -> float:
    parts = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_text_is_readable_on_every_background() -> None:
    """WCAG 2.1, 1.4.3: at least 4.5:1."""
    backgrounds = [
        name for name in CodeColors.__struct_fields__ if name.endswith("_bg") or name == "background"
    ]
    texts = ["text", "dim", "string", "number", "key", "keyword", "comment"]
    for colors in (LIGHT, DARK):
        for background in backgrounds:
            for text in texts:
                ratio = contrast(getattr(colors, text), getattr(colors, background))
                assert ratio >= 4.5, (text, background, ratio)
