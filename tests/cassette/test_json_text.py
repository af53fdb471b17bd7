"""The tokens and the tree of JSON text: everything kept, every place right, every mistake named."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cassette.json_samples import broken_texts, texts
from viewer.cassette.json_build import build
from viewer.cassette.json_scan import BrokenJsonError, walk
from viewer.cassette.json_text import MAX_DEPTH, TokenKind, decode_string, find_error, parse, scan
from viewer.cassette.model import ParseError
from viewer.cassette.node import AnyNode, Mapping, Scalar, Sequence


def meaning(node: AnyNode) -> Any:
    """The value as json.loads gives it, but mappings as pairs and numbers as they are spelt."""
    if isinstance(node, Mapping):
        return ("mapping", [(meaning(key), meaning(value)) for key, value in node.pairs])
    if isinstance(node, Sequence):
        return [meaning(item) for item in node.items]
    assert isinstance(node, Scalar)
    return node.value if node.style == '"' else ("plain", node.value)


def loaded(text: str) -> Any:
    """The same from the standard library."""
    constants = {"null": None, "true": True, "false": False}

    def plain(value: Any) -> Any:
        for word, constant in constants.items():
            if value is constant:
                return ("plain", word)
        return value

    def pairs(found: list[tuple[str, Any]]) -> Any:
        return ("mapping", [(key, deep(value)) for key, value in found])

    def deep(value: Any) -> Any:
        return [deep(item) for item in value] if isinstance(value, list) else plain(value)

    number = lambda spelling: ("plain", spelling)  # noqa: E731
    return deep(
        json.loads(text, object_pairs_hook=pairs, parse_int=number, parse_float=number, parse_constant=number)
    )


def spans(node: AnyNode) -> list[AnyNode]:
    """The node and all below it."""
    found = [node]
    if isinstance(node, Mapping):
        for key, value in node.pairs:
            found += spans(key) + spans(value)
    elif isinstance(node, Sequence):
        for item in node.items:
            found += spans(item)
    return found


@given(st.one_of(texts(odd=True), broken_texts, st.text(max_size=40)))
def test_tokens_cover_the_text(text: str) -> None:
    tokens = list(scan(text))
    assert "".join(text[token.start : token.end] for token in tokens) == text
    assert all(token.start < token.end for token in tokens)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ('{"a" :1}', "punctuation key whitespace punctuation number punctuation"),
        ('["a",true]', "punctuation string punctuation literal punctuation"),
        ("\ufeff [NaN]", "whitespace punctuation number punctuation"),
        ('"open\n"b"', "error whitespace string"),
        ('"bad \\x"', "error"),
        ("truely 01 -", "error whitespace error whitespace error"),
    ],
)
def test_token_kinds(text: str, kinds: str) -> None:
    assert " ".join(token.kind.value for token in scan(text)) == kinds


def test_a_million_brackets_are_a_million_tokens() -> None:
    assert sum(token.kind is TokenKind.PUNCTUATION for token in scan("[" * 1_000_000)) == 1_000_000
    error = find_error("[" * 1_000_000)
    assert error is not None
    assert error.offset == 1_000_000


@given(texts(odd=True))
def test_the_tree_means_what_json_means(text: str) -> None:
    tree = parse(text)
    assert meaning(tree) == loaded(text)
    for node in spans(tree):
        assert meaning(parse(text[node.start : node.end])) == meaning(node)
        assert text[node.start : node.end].strip() == text[node.start : node.end]


@given(st.one_of(broken_texts, texts(odd=True), st.text(max_size=30)))
def test_both_readers_agree_on_what_is_json(text: str) -> None:
    """The fast builder and the explaining walk are two programs for one grammar."""
    fine = True
    try:
        for _ in walk(text):
            pass
    except BrokenJsonError:
        fine = False
    assert (build(text, MAX_DEPTH) is not None) is fine
    error = find_error(text)
    assert (error is None) is fine
    assert error is None or 0 <= error.offset <= len(text)


def test_half_a_surrogate_pair_stays_half() -> None:
    assert meaning(parse('"\\ud83d"')) == "\ud83d"
    assert meaning(parse('"\\ud83d\\ude00"')) == "😀"
    assert decode_string('"a\\n"') == "a\n"


def test_a_byte_order_mark_is_no_part_of_the_value() -> None:
    tree = parse("\ufeff[1]")
    assert (tree.start, tree.end) == (1, 4)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ('{"a": 1,\n "b": tru}', (2, 7), "found tru"),
        ('{"a": 1,}', (1, 9), "a comma too many"),
        ('{"a": }', (1, 7), "A value is expected"),
        ("[1, 2", (1, 6), "The text ends where a comma or ] is expected"),
        ('[1 2]', (1, 4), "A comma or ] is expected"),
        ('{"a" 1}', (1, 6), "A colon"),
        ("{a: 1}", (1, 2), "A key in double quotes"),
        ('{"a": "b\nc"}', (1, 7), "no closing quote"),
        ('["a\\"]', (1, 2), "no closing quote"),
        ('["a\tb"]', (1, 2), "U+0009"),
        ('["a\\qb"]', (1, 2), "unknown escape: \\q"),
        ('["a\\u12"]', (1, 2), "unknown escape: \\u12"),
        ('{} {}', (1, 4), "behind the end"),
        ("  ", (1, 3), "no JSON value"),
        ('{"a": [}', (1, 8), "A value or ] is expected"),
        ("[01]", (1, 2), "found 01"),
    ],
)  # fmt: skip
def test_mistakes_are_named_with_their_place(text: str, place: tuple[int, int], words: str) -> None:
    error = find_error(text)
    assert error is not None
    assert (error.line, error.column) == place
    assert words in error.message
    with pytest.raises(ParseError) as caught:
        parse(text)
    assert (caught.value.line, caught.value.column) == place


def test_nesting_has_a_limit_with_a_name() -> None:
    parse("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    with pytest.raises(ParseError, match="deeper than 2000 levels") as caught:
        parse("[" * 100_000)
    assert caught.value.column == MAX_DEPTH + 1


def test_many_trailing_blanks_take_no_time() -> None:
    """The search for a token behind the last one tried again at each blank, which took hours."""
    text = "[1]" + " " * 1_000_000
    parse(text)
    assert find_error(text + "x") is not None


@given(st.text(st.characters(exclude_categories=()), max_size=12), st.booleans())
def test_a_string_is_what_the_standard_library_reads(text: str, ascii_only: bool) -> None:
    """Surrogates in halves and pairs included; the decoder in C refuses some of them."""
    token = json.dumps(text, ensure_ascii=ascii_only)
    assert decode_string(token) == json.loads(token)
