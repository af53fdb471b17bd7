"""What is coloured: a line alone as in the whole, a segment as in the line, spans wherever the text moved."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from viewer.ui.code_view import JsonHighlighter, Place, SpanHighlighter, TokenKind

VALUES = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
START = Place(0, 0, 0)


def colours(highlighter: JsonHighlighter, text: str, state: int = 0) -> list[TokenKind]:
    """The kind of every character."""
    found = [TokenKind.TEXT] * len(text)
    for start, length, kind in highlighter.tokens(text, Place(0, 0, state)):
        found[start : start + length] = [kind] * length
    return found


@given(VALUES)
def test_a_pretty_line_alone_is_as_in_the_whole(value: object) -> None:
    highlighter = JsonHighlighter()
    text = json.dumps(value, indent=2, ensure_ascii=False)
    alone = [kind for line in text.split("\n") for kind in [*colours(highlighter, line), TokenKind.TEXT]]
    assert alone[:-1] == colours(highlighter, text)


@given(VALUES, st.data())
def test_a_segment_is_as_in_the_line(value: object, data: st.DataObject) -> None:
    """Only whether a cut string is a key cannot be told."""
    highlighter = JsonHighlighter()
    text = json.dumps(value)
    cut = data.draw(st.integers(0, len(text)))
    state = highlighter.state_after(text[:cut], 0)
    assert highlighter.state_after(text, 0) == 0
    assert highlighter.state_after(text[cut:], state) == 0
    behind = colours(highlighter, text[cut:], state)
    strings = {TokenKind.KEY: TokenKind.STRING}
    whole = [strings.get(kind, kind) for kind in colours(highlighter, text)[cut:]]
    if state:
        assert [strings.get(kind, kind) for kind in behind] == whole


def test_kinds() -> None:
    text = '{"key": ["s\\"t", 12.5e3, true, null]}'
    found = {
        text[start : start + length]: kind for start, length, kind in JsonHighlighter().tokens(text, START)
    }
    assert found['"key"'] is TokenKind.KEY
    assert found['"s\\"t"'] is TokenKind.STRING
    assert found["12.5e3"] is TokenKind.NUMBER
    assert found["true"] is found["null"] is TokenKind.KEYWORD


def test_spans_are_cut_to_the_line() -> None:
    highlighter = SpanHighlighter([(2, 12, TokenKind.STRING), (14, 16, TokenKind.KEY)])
    assert highlighter.tokens("01234", Place(0, 0, 0)) == [(2, 3, TokenKind.STRING)]
    assert highlighter.tokens("0123456789", Place(1, 10, 0)) == [
        (0, 2, TokenKind.STRING),
        (4, 2, TokenKind.KEY),
    ]


def test_spans_move_with_the_text() -> None:
    highlighter = SpanHighlighter([(2, 5, TokenKind.STRING), (8, 9, TokenKind.KEY)])
    highlighter.text_replaced(3, 0, 2)
    assert highlighter.tokens("x" * 12, START) == [(2, 5, TokenKind.STRING), (10, 1, TokenKind.KEY)]
