"""JSON text: its tree (node.py), what is wrong with it, its pretty view and the way back.

The parts: json_scan.py has the tokens, json_build.py the tree, json_outline.py the same tree part by part,
json_pretty.py the pretty view, json_back.py and json_blanks.py the way back from it, json_entries.py the entries of a
JSON cassette.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from viewer.cassette.json_back import unpretty
from viewer.cassette.json_build import TooDeepError, TooManyError, decode_string
from viewer.cassette.json_entries import EntrySpans, split_entries
from viewer.cassette.json_outline import outline
from viewer.cassette.json_pretty import Pretty, pretty
from viewer.cassette.json_scan import BrokenJsonError, JsonError, Token, TokenKind, error_at, scan, walk
from viewer.cassette.model import ParseError
from viewer.cassette.node import TOO_MANY

if TYPE_CHECKING:
    from viewer.cassette.node import AnyNode

__all__ = [
    "EntrySpans",
    "JsonError",
    "Pretty",
    "Token",
    "TokenKind",
    "decode_string",
    "find_error",
    "parse",
    "pretty",
    "scan",
    "split_entries",
    "unpretty",
]

MAX_DEPTH = 2000


def parse(text: str) -> AnyNode:
    """The tree of `text`, with spans in its code points; of an entry's depths, when they are looked at.

    Raises ParseError, with line and column in `text`, where it is no JSON or nested deeper than MAX_DEPTH.
    """
    try:
        tree = outline(text, MAX_DEPTH)
    except TooDeepError as too_deep:
        message = f"The JSON is nested deeper than {MAX_DEPTH} levels."
        raise _parse_error(error_at(text, too_deep.offset, message)) from too_deep
    except TooManyError as too_many:
        raise _parse_error(error_at(text, too_many.offset, f"The JSON {TOO_MANY}.")) from too_many
    if tree is None:
        raise _parse_error(find_error(text) or error_at(text, 0, "This is no JSON."))
    return tree


def find_error(text: str) -> JsonError | None:
    """The first mistake that keeps `text` from being JSON, or None where there is none."""
    try:
        msgspec.json.decode(text, type=msgspec.Raw)
        return None
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        pass  # It refuses more than JSON does: see json_pretty.py.
    try:
        for _ in walk(text):
            pass
    except BrokenJsonError as broken:
        return broken.error
    return None


def _parse_error(error: JsonError) -> ParseError:
    return ParseError(error.message, line=error.line, column=error.column)
