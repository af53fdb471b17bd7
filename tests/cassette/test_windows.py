"""What is found window by window is what is found in one go."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viewer.cassette import windows
from viewer.cassette.spelling import libyaml
from viewer.cassette.spelling.base import Place
from viewer.cassette.spelling.go_yaml import GoYaml, go_yaml_v2, go_yaml_v3

_TEXTS = st.text("ab: #\n\r\t'\"\\á\u2028\U0001f600", max_size=40)


@pytest.mark.parametrize("width", [1, 2, 3, 7])
@given(text=_TEXTS)
@settings(max_examples=100)
def test_the_same_is_found(width: int, text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(windows, "_WINDOW", width)
        for pattern, around in (
            (libyaml._ANY_BREAK, 0),
            (libyaml._SPACE_BREAK, 1),
            (libyaml._BREAK_SPACE, 1),
            (libyaml._BLOCK_INDICATOR, 3),
            (libyaml._FLOW_INDICATOR, 0),
            (libyaml._BMP, 0),
        ):
            assert windows.is_in(pattern, text, around) == (pattern.search(text) is not None)
        found = [match.span() for match in windows.finditer(libyaml._BMP, text)]
        assert found == [match.span() for match in libyaml._BMP.finditer(text)]
        assert windows.split_at(libyaml._BREAK_RUN, text) == libyaml._BREAK_RUN.split(text)
        escape = re.compile('["á]')
        assert windows.substitute(escape, lambda hit: f"<{hit[0]}>", text) == escape.sub(r"<\g<0>>", text)


@pytest.mark.parametrize("writer", [go_yaml_v2(), go_yaml_v3()], ids=lambda writer: writer.name)
@given(text=_TEXTS)
@settings(max_examples=100)
def test_a_value_is_spelled_as_in_one_go(writer: GoYaml, text: str) -> None:
    """One search of a body of 10 MB held the window for a tenth of a second."""
    place = Place(4, 10)
    expected = writer.spell(text, "", place)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(windows, "_WINDOW", 3)
        assert writer.spell(text, "", place) == expected
