from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QTextCursor

from viewer.ui.line_styles import JsonStyle, LineStyle, MarkdownStyle, PlainStyle
from viewer.ui.part_text import PartText
from viewer.ui.text_flow import TextFlow
from viewer.ui.theme import load_theme

_PIECES = st.sampled_from(
    [
        "word ",
        "**bold** ",
        "*",
        "`code`",
        "\n",
        "\n\n",
        "- item\n",
        "```python\n",
        "x = 1\n",
        "```\n",
        "# Title\n",
    ]
) | st.sampled_from(["é", "日本", "😀", "e\u0301", "\u2028", "\r\n", "\u00a0", "[a](b)", "x" * 700, "שלום "])
_TEXTS = st.lists(_PIECES, max_size=25).map("".join)
_Maker = Callable[[TextFlow], LineStyle]

STYLES: dict[str, _Maker] = {
    "plain": lambda flow: PlainStyle(flow, flow.plain()),
    "markdown": lambda flow: MarkdownStyle(flow, flow.theme),
    "json": lambda flow: JsonStyle(flow),
}


def part_on(flow: TextFlow, text: str, style: str) -> PartText:
    flow.start_over()
    return PartText(flow, QTextCursor(flow.document()), text, STYLES[style](flow))


@pytest.fixture(scope="module")
def flow(qapp: object) -> TextFlow:
    return TextFlow(load_theme("light"))


@pytest.mark.parametrize("style", STYLES)
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=_TEXTS, data=st.data())
def test_any_way_to_a_length_shows_the_same(
    flow: TextFlow, style: str, text: str, data: st.DataObject
) -> None:
    """Appended in pieces, cut off and appended again, the page is as if drawn at once."""
    lengths = data.draw(st.lists(st.integers(0, len(text)), max_size=8))
    lengths.sort() if data.draw(st.booleans()) else None
    part = part_on(flow, text, style)
    for length in [*lengths, len(text)]:
        part.show(length)
    html = flow.toHtml()
    part_on(flow, text, style).show(len(text))
    assert html == flow.toHtml()


@pytest.mark.parametrize("style", STYLES)
@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=_TEXTS)
def test_places_lead_back_to_their_characters(flow: TextFlow, style: str, text: str) -> None:
    part = part_on(flow, text, style)
    part.show(len(text))
    for offset in range(len(text)):
        position = part.position_of(offset)
        assert part.contains(position)
        back = part.offset_at(position)
        # Hidden markup and the ends of lines lead to a neighbour that is shown, never before it.
        assert back == offset or part.position_of(back) == position


def test_plain_text_is_shown_as_it_is(flow: TextFlow) -> None:
    text = "Olá!\nzwei Zeilen, ein 😀\n\nund mehr"
    part = part_on(flow, text, "plain")
    part.show(len(text))
    assert flow.toPlainText() == text
    assert [part.offset_at(part.position_of(offset)) for offset in range(len(text))] == list(range(len(text)))


def test_a_very_long_line_goes_on_in_another_block(flow: TextFlow) -> None:
    text = "word " * 4000
    part = part_on(flow, text, "markdown")
    for length in range(0, len(text) + 1, 37):
        part.show(length)
    part.show(len(text))
    document = flow.document()
    assert document.blockCount() > 8
    assert max(document.findBlockByNumber(n).length() for n in range(document.blockCount())) <= 2001
    assert flow.toPlainText().replace("\n", "") == text


def test_markup_is_hidden_while_it_is_complete(flow: TextFlow) -> None:
    text = "a **bold** word"
    part = part_on(flow, text, "markdown")
    part.show(8)
    assert flow.toPlainText() == "a **bold"
    part.show(len(text))
    assert flow.toPlainText() == "a bold word"
    assert part.offset_at(2) == 4  # the `b` of bold


def test_showing_stops_when_its_time_is_up(flow: TextFlow) -> None:
    part = part_on(flow, "line\n" * 1000, "plain")
    assert not part.show(5000, until=0.0)
    assert 0 < part.shown < 5000
    assert part.show(5000)
