"""The colours of an entry's own text, from the spans of its tree.

A lexer restarted inside a block scalar would colour a recorded body as keys; the parsed tree knows better.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from viewer.cassette import yaml_text
from viewer.cassette.model import ParseError
from viewer.cassette.node import Alias, AnyNode, Mapping, Scalar, Sequence
from viewer.cassette.patterns import regex
from viewer.ui.code_view import Highlighter, JsonHighlighter, PlainHighlighter, SpanHighlighter, TokenKind

Span = tuple[int, int, TokenKind]

_NUMBER = regex(r"[-+]?(\d[\d_]*(\.\d*)?([eE][-+]?\d+)?|0x[0-9a-fA-F]+|0o[0-7]+|\.inf|\.nan)$", re.IGNORECASE)
_WORDS = frozenset({"true", "false", "null", "~", "yes", "no", "on", "off"})
_COMMENT = regex(r"(?:^|(?<=\s))#[^\n]*", re.MULTILINE)


def entry_highlighter(text: str) -> Highlighter:
    """Colours an entry's text, YAML or JSON; one that is malformed or neither stays plain."""
    return colored_entry(text)[0]


def colored_entry(text: str) -> tuple[Highlighter, int | None]:
    """The same, with the line, from 1, of the mistake in YAML that is malformed."""
    if text.lstrip()[:1] in ("{", "["):
        return JsonHighlighter(), None
    try:
        root = yaml_text.parse(text)
    except ParseError as err:
        return PlainHighlighter(), err.line
    return SpanHighlighter(entry_spans(text, root)), None


def entry_spans(text: str, root: AnyNode | None) -> list[Span]:
    """(start, end, kind) of keys, scalars and comments, in order; offsets are code points."""
    scalars = sorted(_scalars(root)) if root is not None else []
    return list(_with_comments(text, scalars))


def _scalars(root: AnyNode) -> Iterator[Span]:
    stack: list[tuple[AnyNode, bool]] = [(root, False)]
    while stack:
        node, is_key = stack.pop()
        if isinstance(node, Mapping):
            for key, value in node.pairs:
                stack.append((key, True))
                stack.append((value, False))
        elif isinstance(node, Sequence):
            stack.extend((item, False) for item in node.items)
        elif isinstance(node, Alias):
            yield node.start, node.end, TokenKind.KEYWORD
        elif node.end > node.start:
            yield node.start, node.end, TokenKind.KEY if is_key else _kind(node)


def _kind(node: Scalar) -> TokenKind:
    if node.style:
        return TokenKind.STRING
    if _NUMBER.match(node.value):
        return TokenKind.NUMBER
    return TokenKind.KEYWORD if node.value.lower() in _WORDS else TokenKind.STRING


def _with_comments(text: str, scalars: list[Span]) -> Iterator[Span]:
    """The scalars, and the comments in the gaps between them."""
    at = 0
    for span in scalars:
        if span[0] < at:
            continue
        yield from _comments(text, at, span[0])
        yield span
        at = span[1]
    yield from _comments(text, at, len(text))


def _comments(text: str, start: int, end: int) -> Iterator[Span]:
    if "#" not in text[start:end]:
        return
    for found in _COMMENT.finditer(text, start, end):
        yield found.start(), found.end(), TokenKind.COMMENT
