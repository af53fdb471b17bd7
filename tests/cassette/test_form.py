"""Form bodies: fields with their places; an edit changes one of them."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.cassette.form import form_items, with_name, with_value

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5)


@given(st.lists(st.tuples(NAMES, NAMES), max_size=4))
def test_fields_are_those_of_the_standard_library(pairs: list[tuple[str, str]]) -> None:
    text = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs)
    assert (
        [(item.name, item.value) for item in form_items(text)]
        == parse_qsl(text, keep_blank_values=True)
        == pairs
    )


@given(
    st.lists(
        st.sampled_from(["a", "=", "&", "+", "%20", "%7e", "%ff", "%", "é", "b=c", ";"]), max_size=12
    ).map("".join),
    NAMES,
)
def test_an_edit_changes_one_field(text: str, new: str) -> None:
    before = form_items(text)
    for index, item in enumerate(before):
        changed = with_value(text, item, new)
        after = form_items(changed)
        assert [item.name for item in after] == [item.name for item in before]
        assert [item.value for item in after] == [
            new if i == index else old.value for i, old in enumerate(before)
        ]
        assert with_value(text, item, item.value) == text
        renamed = form_items(with_name(text, item, new))
        assert [field.name for field in renamed] == [
            new if i == index else old.name for i, old in enumerate(before)
        ]
        start, end = item.value_span
        assert changed.startswith(text[:start])
        assert changed.endswith(text[end:])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a=x+y&b=1", "a=x+y&b=p+q%2F%C3%A9~".replace("~", "%7E")),
        ("a=x%20y&b=1", "a=x%20y&b=p%20q%2F%C3%A9%7E"),
        ("a=x%2fy~&b=1", "a=x%2fy~&b=p+q%2f%c3%a9~"),
        ("a=x/y&b=1", "a=x/y&b=p+q/%C3%A9%7E"),
    ],
)
def test_new_values_are_escaped_as_their_neighbours(text: str, expected: str) -> None:
    assert with_value(text, form_items(text)[1], "p q/é~") == expected


def test_a_field_without_a_value() -> None:
    (item,) = form_items("flag")
    assert (item.name, item.value, item.value_span) == ("flag", "", (4, 4))
    assert with_value("flag", item, "on") == "flag=on"
