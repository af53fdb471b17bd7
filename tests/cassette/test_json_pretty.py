"""The pretty view differs from the recorded text by blanks between tokens alone."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cassette.json_samples import broken_texts, texts
from viewer.cassette import json_pretty
from viewer.cassette.json_back import unpretty
from viewer.cassette.json_pretty import Pretty, pretty, pretty_quickly, pretty_slowly
from viewer.cassette.json_text import TokenKind, find_error, scan


def significant(text: str) -> list[str]:
    return [
        text[t.start : t.end] for t in scan(text.removeprefix("\ufeff")) if t.kind is not TokenKind.WHITESPACE
    ]


def pretty_text(text: str) -> str:
    found = pretty(text)
    assert found is not None
    return found.text


@given(texts())
def test_both_ways_give_the_same(text: str) -> None:
    assert pretty_slowly(text) == Pretty(msgspec.json.format(text, indent=2))


@given(texts())
def test_bytes_at_hand_change_nothing(text: str) -> None:
    assert pretty(text, text.encode()) == pretty(text)


@given(texts(odd=True))
def test_only_blanks_change(text: str) -> None:
    shown = pretty(text)
    assert shown is not None
    assert shown.error is None
    assert significant(shown.text) == significant(text)
    assert pretty(shown.text) == shown


@given(st.one_of(broken_texts, st.builds(lambda a, b: a + b, texts(odd=True), broken_texts)))
def test_broken_text_keeps_its_tokens(text: str) -> None:
    shown = pretty(text)
    if shown is None:
        return
    assert significant(shown.text) == significant(text)
    assert (shown.error is None) == (find_error(text) is None)
    assert shown.error == find_error(shown.text)


def test_spellings_survive() -> None:
    assert pretty_text('{"n":1.50e+05,"n":"\\u00e9\\/"}') == '{\n  "n": 1.50e+05,\n  "n": "\\u00e9\\/"\n}'


@pytest.mark.parametrize("text", ['["\\ud83d"]', "[NaN]", "\ufeff[1]", "[" * 1500 + "]" * 1500])
def test_what_msgspec_refuses_is_pretty_too(text: str) -> None:
    with pytest.raises((msgspec.DecodeError, RecursionError)):
        msgspec.json.format(text)
    assert "\n  " in pretty_text(text)


def test_the_rest_behind_a_mistake_stays_as_it_is() -> None:
    shown = pretty('{"a":[1,2],"b":tru,  "c":1}')
    assert shown is not None
    assert shown.text == '{\n  "a": [\n    1,\n    2\n  ],\n  "b": tru,  "c":1}'
    assert shown.error is not None
    assert (shown.error.line, shown.error.column) == (6, 8)


def test_text_behind_the_value_stays_as_it_is() -> None:
    assert pretty_text('{"a":1}\n trailing') == '{\n  "a": 1\n}\n trailing'


@pytest.mark.parametrize("text", ['{"a":1}\n{"b":2}', '{"a":1}\r\n\n[2]\n', '[1] \n{"a":'])
def test_json_lines_stay_lines(text: str) -> None:
    assert pretty(text) is None


@pytest.mark.parametrize(
    "text", ["", "  ", "hello", "[INFO] started", "{a: 1}", "12 apples", "<html>", "data: {}"]
)
def test_other_text_is_not_json(text: str) -> None:
    assert pretty(text) is None


def test_a_million_brackets_stay_in_memory() -> None:
    shown = pretty("[" * 1_000_000)
    assert shown is not None
    assert len(shown.text) < 1_200_000


def test_behind_very_many_tokens_the_rest_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """A million objects, each in another one, took five seconds."""
    monkeypatch.setattr(json_pretty, "_MOST_TOKENS", 6)
    text = '[1,2,"\\ud83d",{"a":1}]\n'
    found = pretty_slowly(text)
    assert found is not None
    assert found.text == '[\n  1,\n  2,\n  "\\ud83d",{"a":1}]'
    assert unpretty(text, found.text, found.text.replace("1}", "22}")) == '[1,2,"\\ud83d",{"a":22}]\n'


def test_ten_megabytes() -> None:
    text = "[" + ",".join(f'{{"id":{i},"text":"some words"}}' for i in range(280_000)) + "]"
    shown = pretty(text)
    assert shown is not None
    assert shown.text.count("\n") == 4 * 280_000 + 1
    assert shown.text.replace("\n", "").replace("  ", "").replace('": ', '":') == text


@pytest.mark.parametrize("said", ["see [1", "]{", '\\"[', "\\", '[\\\\"', '""]', "\n[\n"])
def test_a_bracket_in_a_string_makes_nothing_deep(said: str) -> None:
    """One bracket without its partner, and ten megabytes took the slow way: two and a half seconds."""
    text = msgspec.json.encode(
        [{"id": number, said: said, "s": "", "t": "["} for number in range(20_000)]
    ).decode()
    assert pretty_quickly(text) == Pretty(msgspec.json.format(text, indent=2))


@given(st.lists(st.text('[]{}"\\a\n', max_size=5), max_size=6))
def test_brackets_outside_strings(said: list[str]) -> None:
    text = msgspec.json.encode([said, {word: [word] for word in said}])
    brackets = b"".join(
        text[token.start : token.end]
        for token in scan(text.decode())
        if token.kind is TokenKind.PUNCTUATION and text[token.start : token.end] in b"[]{}"
    )
    with pytest.MonkeyPatch.context() as patch:
        assert json_pretty._brackets_outside_strings(text) == brackets
        patch.setattr(json_pretty, "_WINDOW", 2)
        assert json_pretty._brackets_outside_strings(text) == brackets


@pytest.mark.parametrize("items", [2_000, 200_000])
def test_items_at_a_great_depth_are_not_each_indented(items: int) -> None:
    """A megabyte of items at depth 990 was two gigabytes of blanks."""
    text = "[" * 990 + "1," * items + "1" + "]" * 990
    shown = pretty_text(text)
    assert significant(shown) == significant(text)
    assert len(shown) < 2_000_000 + 15 * len(text)
    assert unpretty(text, shown, shown.replace("1]", "2]", 1)) == text.replace("1]", "2]", 1)


def test_usual_json_is_indented_whatever_its_size() -> None:
    value = [{"id": number, "tags": ["a", {"b": [number]}]} for number in range(30_000)]
    text = msgspec.json.encode(value).decode()
    assert pretty_text(text) == msgspec.json.format(text, indent=2)


def test_what_takes_long_is_left_to_who_has_the_time() -> None:
    assert pretty_quickly('{"a":[1]}') == pretty('{"a":[1]}')
    for text in ("[" * 5000 + "]" * 5000, '{"a": tru}', "[" * 990 + "1," * 500_000 + "1" + "]" * 990):
        assert pretty_quickly(text) is None
