"""An edit in the pretty view changes the edited tokens of the recorded text and nothing else."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cassette.json_samples import broken_texts, texts
from viewer.cassette.json_back import unpretty
from viewer.cassette.json_pretty import pretty
from viewer.cassette.json_scan import split_blanks
from viewer.cassette.json_text import TokenKind, scan


def shown(text: str) -> str:
    found = pretty(text)
    return found.text if found else text


def edit(original: str, old: str, new: str) -> str:
    """`original` after the first `old` in its pretty view has become `new`."""
    before = shown(original)
    assert old in before
    return unpretty(original, before, before.replace(old, new, 1))


def with_token(text: str, number: int, token: str) -> str:
    """`text` with another `number`-th token, blanks kept."""
    tokens, blanks = split_blanks(text)
    tokens[number] = token
    return "".join(blank + each for blank, each in zip(blanks, [*tokens, ""], strict=True))


@given(st.one_of(texts(odd=True), broken_texts))
def test_no_edit_changes_nothing(text: str) -> None:
    assert unpretty(text, shown(text), shown(text)) == text


@given(texts(odd=True), st.data())
def test_an_edited_token_changes_its_span_alone(text: str, data: st.DataObject) -> None:
    tokens, _ = split_blanks(text)
    values = [number for number, token in enumerate(tokens) if token not in "{}[],:"]
    if not values:
        return
    number = data.draw(st.sampled_from(values))
    new = data.draw(st.sampled_from(['"new"', '"a, b: {"', '"\\ud83d"', '""']))
    edited = with_token(shown(text), number, new)
    assert unpretty(text, shown(text), edited) == with_token(text, number, new)


@given(texts(odd=True), texts(odd=True))
def test_any_edit_has_the_edited_tokens(text: str, other: str) -> None:
    """Even when everything is replaced, the result means what the edited view means."""
    edited = shown(other)
    result = unpretty(text, shown(text), edited)
    assert split_blanks(result)[0] == split_blanks(edited)[0]


@given(texts(odd=True), st.data())
def test_typing_anything_anywhere_has_the_edited_tokens(text: str, data: st.DataObject) -> None:
    before = shown(text)
    start = data.draw(st.integers(0, len(before)))
    end = data.draw(st.integers(start, min(len(before), start + 6)))
    typed = data.draw(st.sampled_from(["", '"', ",", "{", "]", ' "x": 1,', "tru", "\\", "\n", "1 2"]))
    edited = before[:start] + typed + before[end:]
    result = unpretty(text, before, edited)
    try:
        meant = json.loads(edited, parse_constant=str)
    except ValueError:
        return
    assert split_blanks(result)[0] == split_blanks(edited)[0]
    assert json.loads(result, parse_constant=str) == meant


COMPACT = '{"a":1,"b":[1,2],"c":{"d":"x"}}'
SPACED = '{"a": 1, "b": [1, 2], "c": {"d": "x"}}'
INDENTED = (
    '{\n    "a": 1,\n    "b": [\n        1,\n        2\n    ],\n    "c": {\n        "d": "x"\n    }\n}\n'
)
MIXED = '{ "a" : 1 ,\r\n\t"b" : [ 1,2 ] ,\r\n\t"c" : {"d": "x"}\r\n}'


@pytest.mark.parametrize(
    ("original", "expected"),
    [
        (COMPACT, '{"a":1,"new":true,"b":[1,2],"c":{"d":"x"}}'),
        (SPACED, '{"a": 1, "new": true, "b": [1, 2], "c": {"d": "x"}}'),
        (INDENTED, INDENTED.replace('"a": 1,', '"a": 1,\n    "new": true,')),
        (MIXED, '{ "a" : 1 ,\r\n\t"new" : true ,\r\n\t"b" : [ 1,2 ] ,\r\n\t"c" : {"d": "x"}\r\n}'),
    ],
)
def test_a_new_member_is_spaced_as_its_neighbours(original: str, expected: str) -> None:
    assert edit(original, '"a": 1,', '"a": 1,\n"new":true,') == expected


@pytest.mark.parametrize(
    ("original", "expected"),
    [
        (COMPACT, '{"a":1,"b":[1,2,3],"c":{"d":"x"}}'),
        (SPACED, '{"a": 1, "b": [1, 2, 3], "c": {"d": "x"}}'),
        (INDENTED, INDENTED.replace("2\n", "2,\n        3\n")),
        (MIXED, MIXED.replace("1,2 ", "1,2,3 ")),
    ],
)
def test_a_new_last_item_is_spaced_as_its_neighbours(original: str, expected: str) -> None:
    assert edit(original, "2\n", "2, 3\n") == expected


@pytest.mark.parametrize(
    ("original", "expected"),
    [
        (COMPACT, '{"a":1,"b":[1,2],"c":{"d":"x","e":{"f":[0]}}}'),
        (SPACED, '{"a": 1, "b": [1, 2], "c": {"d": "x", "e": {"f": [0]}}}'),
        (
            INDENTED,
            INDENTED.replace(
                '"x"',
                '"x",\n        "e": {\n            "f": [\n                0\n            ]\n        }',
            ),
        ),
    ],
)
def test_a_new_container_goes_on_in_the_style(original: str, expected: str) -> None:
    assert edit(original, '"x"', '"x", "e": {"f": [0]}') == expected


@pytest.mark.parametrize(
    ("original", "expected"),
    [
        (COMPACT, '{"b":[1,2],"c":{"d":"x"}}'),
        (SPACED, '{"b": [1, 2], "c": {"d": "x"}}'),
        (INDENTED, INDENTED.replace('"a": 1,\n    ', "")),
        (MIXED, MIXED.replace('"a" : 1 ,\r\n\t', "")),
    ],
)
def test_a_removed_first_member_takes_its_blanks_along(original: str, expected: str) -> None:
    assert edit(original, '"a": 1,', "") == expected


@pytest.mark.parametrize(
    ("original", "expected"),
    [
        (COMPACT, '{"a":1,"b":[1,2]}'),
        (SPACED, '{"a": 1, "b": [1, 2]}'),
        (INDENTED, INDENTED.replace(',\n    "c": {\n        "d": "x"\n    }', "")),
        (MIXED, '{ "a" : 1 ,\r\n\t"b" : [ 1,2 ]\r\n}'),
    ],
)
def test_a_removed_last_member_takes_its_blanks_along(original: str, expected: str) -> None:
    before = shown(original)
    edited = re.sub(r',\s*"c": \{\s*"d": "x"\s*\}', "", before)
    assert unpretty(original, before, edited) == expected


def test_emptied_and_filled() -> None:
    assert edit(INDENTED, '\n    "d": "x"\n  ', "") == INDENTED.replace('\n        "d": "x"\n    ', "")
    filled = INDENTED.replace('"x"', '{\n            "y": 1\n        }')
    assert edit(INDENTED.replace('"x"', "{}"), "{}", '{"y": 1}') == filled


def test_outer_blanks_survive() -> None:
    assert edit('\r\n {"a":1}\n\n', "1", "2") == '\r\n {"a":2}\n\n'
    assert edit('\ufeff{"a":1}', "1", "2") == '\ufeff{"a":2}'
    assert unpretty(" [1]\n", "[\n  1\n]", '{"b":2}') == ' {"b":2}\n'
    assert unpretty(" [1]\n", "[\n  1\n]", " ") == ""


def test_spellings_beside_the_edit_survive() -> None:
    original = '{"n":1.50e+05,"n":"\\u00e9","x":0.000022,"y":"\\/"}'
    assert edit(original, "0.000022", "1") == original.replace("0.000022", "1")


def test_edited_blanks_do_not_count() -> None:
    before = shown(SPACED)
    assert unpretty(SPACED, before, before.replace("\n", "\n\n\t")) == SPACED


def test_an_edit_that_breaks_the_json_is_kept_and_can_be_mended() -> None:
    """A string without its end would swallow what follows it, so the typed line break stays behind it."""
    broken = edit(COMPACT, '"x"', '"x')
    assert broken == '{"a":1,"b":[1,2],"c":{"d":"x\n  }}'
    mended = edit(broken, '"x', '"x"')
    assert json.loads(mended) == json.loads(COMPACT)


def test_a_word_replaced_everywhere_changes_its_tokens_alone() -> None:
    original = json.dumps([{"id": number, "text": "some, words"} for number in range(6_000)]) + "\n"
    before = shown(original)
    assert unpretty(original, before, before.replace("words", "text")) == original.replace("words", "text")


def test_another_text_is_refused() -> None:
    with pytest.raises(ValueError, match="not that of the original"):
        unpretty('{"a": 1}', '{"b": 1}', '{"b": 2}')


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
def test_ten_megabytes(separators: tuple[str, str]) -> None:
    """A token in the middle of a large body is edited, a member inserted too."""
    original = json.dumps(
        [{"id": i, "text": "some, words", "n": [1, 2]} for i in range(190_000)], separators=separators
    )
    before = shown(original)
    old, new = '"id": 95000,', '"id": -1,'
    edited = before.replace(old, new, 1)
    result = unpretty(original, before, edited)
    colon = separators[1]
    assert result == original.replace(f'"id"{colon}95000{separators[0]}', f'"id"{colon}-1{separators[0]}')


def test_every_recorded_body(corpus: Path) -> None:
    """In real cassettes: each string edited changes its span alone, whatever the style."""
    chosen = random.Random(4)
    tried = 0
    for file in sorted([*corpus.rglob("*.json"), *corpus.rglob("*.har")]):
        if file.stat().st_size > 200_000 or "malformed" in file.parts:
            continue
        original = file.read_bytes().decode("utf-8", "surrogateescape")
        before = shown(original)
        assert unpretty(original, before, before) == original
        strings = [t for t in scan(before) if t.kind is TokenKind.STRING]
        for token in chosen.sample(strings, min(3, len(strings))):
            number = len(split_blanks(before[: token.start])[0])
            edited = before[: token.start] + '"edited"' + before[token.end :]
            assert unpretty(original, before, edited) == with_token(original, number, '"edited"')
            tried += 1
    assert tried > 50
