"""The filter's words: what they mean, what they match, and when a longer filter can only match less."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.document.cassettes import cassette
from viewer.cassette.model import Kind
from viewer.document.filter import Field, Query, Word, parse
from viewer.document.summary import Summary

ROW = Summary(
    3,
    method="POST",
    url="https://openrouter.ai/api/v1/chat/completions?key=A",
    status=429,
    reason="Too Many Requests",
    model="moonshotai/Kimi-K2",
    has_stream=True,
    has_tool=False,
    note="rate limited",
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("   ", []),
        ("status:500", [Word(Field.STATUS, "500")]),
        ("Status:500 METHOD:Post", [Word(Field.STATUS, "500"), Word(Field.METHOD, "post")]),
        ("-has:tool", [Word(Field.HAS, "tool", True)]),
        ("-free", [Word(Field.ANY, "free", True)]),
        ('body:"two words" x', [Word(Field.BODY, "two words"), Word(Field.ANY, "x")]),
        ('"has:tool"', [Word(Field.ANY, "has:tool")]),
        ('body:"open', [Word(Field.BODY, "open")]),
        ("https://a.b/c", [Word(Field.ANY, "https://a.b/c")]),
        ("status:", []),
        ("-", []),
        ('""', []),
    ],
)
def test_words(text: str, words: list[Word]) -> None:
    assert parse(text) == Query(tuple(words))


@pytest.mark.parametrize(
    "text",
    [
        "status:429",
        "status:4",
        "status:4xx",
        "method:post",
        "method:po",
        "host:openrouter",
        "model:kimi",
        "path:chat",
        "has:stream",
        "has:error",
        "-has:tool",
        "-status:5",
        "completions",
        "limited",
        "too many",
        "429 post kimi",
        '"rate lim"',
    ],
)
def test_a_row_that_matches(text: str) -> None:
    assert parse(text).matches(ROW)


@pytest.mark.parametrize(
    "text",
    [
        "status:200",
        "status:29",
        "method:get",
        "host:api",
        "model:gpt",
        "has:tool",
        "has:what",
        "-kimi",
        "post x9",
    ],
)
def test_a_row_that_does_not_match(text: str) -> None:
    assert not parse(text).matches(ROW)


def test_a_row_without_a_response_has_no_status() -> None:
    row = Summary(0, method="GET", url="/x", status=None)
    assert parse("status:none").matches(row)
    assert not parse("status:2").matches(row)


def test_a_malformed_entry_is_an_error() -> None:
    assert parse("has:error").matches(Summary(0, kind=Kind.OTHER, note="line 3: broken"))


@pytest.mark.parametrize(
    ("text", "matches"), [("body:OF", True), ("body:model-1", True), ("body:none", False)]
)
def test_bodies(text: str, matches: bool) -> None:
    interaction = cassette(2).interaction(1)
    assert parse(text).matches_bodies(interaction) is matches
    assert parse(f"-{text}").matches_bodies(interaction) is not matches


_words = st.lists(
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["", "-"]),
        st.sampled_from(["", "status:", "method:", "host:", "path:", "model:", "has:", "body:"]),
        st.sampled_from(
            ["4", "42", "429", "4x", "p", "post", "o", "open", "none", "s", "stream", "t", "ki", "x", "K"]
        ),
    ),
    max_size=3,
).map(" ".join)
_rows = st.builds(
    msgspec.structs.replace,
    st.just(ROW),
    method=st.sampled_from(["GET", "POST", ""]),
    status=st.sampled_from([None, 200, 429, 500]),
    has_tool=st.booleans(),
    model=st.sampled_from(["", "kimi", "x"]),
)


@given(_words, st.text("42xpost -:sni9", max_size=3), _rows)
def test_what_narrows_matches_nothing_new(before: str, typed: str, row: Summary) -> None:
    """Rows that a filter left out are not asked again while it grows."""
    old, new = parse(before), parse(before + typed)
    if new.narrows(old) and new.matches(row):
        assert old.matches(row)


def test_typing_on_narrows() -> None:
    assert parse("post kim").narrows(parse("post ki"))
    assert parse("status:42").narrows(parse("status:4"))
    assert parse("post x").narrows(parse("post"))
    assert not parse("pos").narrows(parse("post"))
    assert not parse("-kim").narrows(parse("-ki"))
    assert not parse("body:ab").narrows(parse("ab"))
