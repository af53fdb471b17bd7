from __future__ import annotations

from pathlib import Path

from viewer.cassette.cassette import Cassette
from viewer.cassette.yaml_text import parse
from viewer.ui.code_view import JsonHighlighter, Place, PlainHighlighter, TokenKind
from viewer.ui.entry_colors import colored_entry, entry_highlighter, entry_spans

_TEXT = """- id: 0 # first
  body: |
    data: {"id": 1}
    key: no key # no comment
  url: 'https://e.test/#a'
  flag: true
  n: -1
"""


def spans(text: str) -> list[tuple[str, TokenKind]]:
    return [(text[start:end], kind) for start, end, kind in entry_spans(text, parse(text))]


def test_keys_scalars_and_comments_have_their_colours() -> None:
    assert spans(_TEXT) == [
        ("id", TokenKind.KEY),
        ("0", TokenKind.NUMBER),
        ("# first", TokenKind.COMMENT),
        ("body", TokenKind.KEY),
        ('|\n    data: {"id": 1}\n    key: no key # no comment\n', TokenKind.STRING),
        ("url", TokenKind.KEY),
        ("'https://e.test/#a'", TokenKind.STRING),
        ("flag", TokenKind.KEY),
        ("true", TokenKind.KEYWORD),
        ("n", TokenKind.KEY),
        ("-1", TokenKind.NUMBER),
    ]


def test_malformed_text_stays_plain_and_json_is_json() -> None:
    assert type(entry_highlighter("a: [")) is PlainHighlighter
    assert isinstance(entry_highlighter(' {"a": 1}'), JsonHighlighter)


def test_spans_of_real_entries_are_in_order(corpus: Path) -> None:
    for path in sorted((corpus / "go-vcr-v2").rglob("*.yaml"))[::40]:
        cassette = Cassette.open(path)
        text = cassette.entry_text(0)
        at = 0
        for start, end, _ in entry_spans(text, parse(text)):
            assert at <= start < end <= len(text), path
            at = end
        assert entry_highlighter(text).tokens(text[:200], Place(0, 0, 0))


def test_a_mistake_is_placed() -> None:
    assert colored_entry("- a: 1\n  b: c: d\n")[1] == 2
    assert colored_entry("- a: 1\n")[1] is None
