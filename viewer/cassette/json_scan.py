"""JSON as tokens: tolerant, without recursion, and with the place of everything.

`scan` keeps every character and never fails. `walk` follows the grammar and stops at the first mistake.
Both read the same tokens, and no token holds a line break: JSON forbids it, so a string whose end is missing
ends with its line, and the rest of the text still makes sense.

Beyond RFC 8259, `NaN`, `Infinity` and `-Infinity` count as numbers (Python and JavaScript tools write them),
and a byte order mark in front counts as white space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple, NoReturn

import msgspec

from viewer.cassette.patterns import regex

WS = r"[ \t\n\r]"
# Its escapes stand in a loop of their own: twice as fast as one loop over both, where there are many.
STRING = r'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+"'
NUMBER = r"-?(?:(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?|Infinity)(?![\w.+-])|NaN\b"
LITERAL = r"(?:true|false|null)(?![\w.+-])"
# A string with something in it that JSON forbids, or without its end.
_BAD_STRING = r'"(?:[^"\\\r\n]++|\\[^\r\n])*+\\?+"?'
_BAD_WORD = r'[^\s,:\[\]{}"]++|[^ \t\r\n]'
_BOM = "\ufeff"

_STRING_GROUP, _OPEN_GROUP, _CLOSE_GROUP, _COMMA_GROUP, _COLON_GROUP, _PLAIN_GROUP, _BAD_GROUP = range(1, 8)
# White space in front of a token is eaten with it. `\Z` stops the search from trying again at each of many
# trailing blanks.
_SIGNIFICANT = regex(
    rf"{WS}*+(?:({STRING})|([{{\[])|([}}\]])|(,)|(:)|({NUMBER}|{LITERAL})|({_BAD_STRING}|{_BAD_WORD})|\Z)"
)
_STRING_TOKEN = regex(STRING)
_ALL = regex(
    rf"(?P<WHITESPACE>\A{_BOM}{WS}*+|{WS}++)|(?P<KEY>{STRING}(?={WS}*+:))|(?P<STRING>{STRING})"
    rf"|(?P<PUNCTUATION>[{{}}\[\],:])|(?P<NUMBER>{NUMBER})|(?P<LITERAL>{LITERAL})"
    rf"|(?P<ERROR>{_BAD_STRING}|{_BAD_WORD})"
)


class TokenKind(Enum):
    """What a token is. A string in front of a colon is a key; an error is whatever JSON does not know."""

    PUNCTUATION = "punctuation"
    STRING = "string"
    KEY = "key"
    NUMBER = "number"
    LITERAL = "literal"
    WHITESPACE = "whitespace"
    ERROR = "error"


class Token(NamedTuple):
    """A token and its span in code points."""

    kind: TokenKind
    start: int
    end: int


def scan(text: str) -> Iterator[Token]:
    """Every token of `text`, white space included, one behind the other without a hole. Never fails."""
    kinds = {kind.name: kind for kind in TokenKind}
    for match in _ALL.finditer(text):
        yield Token(kinds[match.lastgroup or ""], match.start(), match.end())


def split_blanks(text: str) -> tuple[list[str], list[str]]:
    """The tokens of `text` that are not white space, and the blanks before, between and behind them.

    There is one more of the blanks than of the tokens. Never fails.
    """
    tokens: list[str] = []
    blanks: list[str] = []
    position = 0
    for match in _SIGNIFICANT.finditer(text):
        if match.lastindex is None:
            break
        start, end = match.span(match.lastindex)
        blanks.append(text[position:start])
        tokens.append(text[start:end])
        position = end
    blanks.append(text[position:])
    return tokens, blanks


def is_string(token: str) -> bool:
    """Whether the token is a whole string that JSON allows."""
    return bool(_STRING_TOKEN.fullmatch(token))


class Event(Enum):
    """What `walk` meets on its way."""

    OPEN = "open"
    CLOSE = "close"
    KEY = "key"
    STRING = "string"
    PLAIN = "plain"
    COMMA = "comma"
    COLON = "colon"


class JsonError(msgspec.Struct, frozen=True):
    """A mistake in JSON text: `offset` in code points, `line` and `column` from 1, and what is wrong."""

    offset: int
    line: int
    column: int
    message: str


class BrokenJsonError(Exception):
    """Raised by `walk` where the text stops being JSON; `error` says where and why."""

    def __init__(self, error: JsonError) -> None:
        super().__init__(error.message)
        self.error = error


# What may come next. The order matters: both of the first two take a value, both of the next two a key.
_VALUE, _FIRST_ITEM, _FIRST_KEY, _NEXT_KEY, _COLON, _SEPARATOR, _END = range(7)
_EXPECTED = {
    _VALUE: "a value",
    _FIRST_ITEM: "a value or ]",
    _FIRST_KEY: "a key in double quotes or }",
    _NEXT_KEY: "a key in double quotes",
    _COLON: "a colon behind the key",
}


def walk(text: str) -> Iterator[tuple[Event, int, int]]:
    """The grammar's events with their spans, in order; white space is passed over.

    Raises BrokenJsonError at the first token that the grammar does not allow there.
    """
    state = _VALUE
    stack: list[str] = []
    position = 1 if text.startswith(_BOM) else 0
    for match in _SIGNIFICANT.finditer(text, position):
        group = match.lastindex
        if group is None:
            break
        start, end = match.span(group)
        if group == _STRING_GROUP:
            if state <= _FIRST_ITEM:
                yield Event.STRING, start, end
                state = _SEPARATOR if stack else _END
            elif state <= _NEXT_KEY:
                yield Event.KEY, start, end
                state = _COLON
            else:
                _fail(text, start, state, stack)
        elif group == _COLON_GROUP and state == _COLON:
            yield Event.COLON, start, end
            state = _VALUE
        elif group == _COMMA_GROUP and state == _SEPARATOR:
            yield Event.COMMA, start, end
            state = _NEXT_KEY if stack[-1] == "{" else _VALUE
        elif group == _PLAIN_GROUP and state <= _FIRST_ITEM:
            yield Event.PLAIN, start, end
            state = _SEPARATOR if stack else _END
        elif group == _OPEN_GROUP and state <= _FIRST_ITEM:
            yield Event.OPEN, start, end
            stack.append(text[start])
            state = _FIRST_KEY if stack[-1] == "{" else _FIRST_ITEM
        elif group == _CLOSE_GROUP and _closes(text[start], state, stack):
            yield Event.CLOSE, start, end
            stack.pop()
            state = _SEPARATOR if stack else _END
        else:
            _fail(text, start, state, stack)
    if state != _END:
        _fail(text, len(text), state, stack)


def error_at(text: str, offset: int, message: str) -> JsonError:
    """The error with its line and column; lines end at a newline."""
    line_start = text.rfind("\n", 0, offset) + 1
    return JsonError(offset, text.count("\n", 0, offset) + 1, offset - line_start + 1, message)


def _closes(bracket: str, state: int, stack: list[str]) -> bool:
    if not stack or state not in (_SEPARATOR, _FIRST_ITEM, _FIRST_KEY):
        return False
    return (stack[-1] == "{") == (bracket == "}")


def _fail(text: str, offset: int, state: int, stack: list[str]) -> NoReturn:
    message = _complaint(text, offset, state, stack)
    raise BrokenJsonError(error_at(text, offset, message))


def _complaint(text: str, offset: int, state: int, stack: list[str]) -> str:
    """What is wrong at `offset`, as a sentence; the token's own fault comes before the grammar's."""
    match = _SIGNIFICANT.match(text, offset)
    found = text[offset : match.end()] if match else ""
    if found.startswith('"') and match and match.lastindex == _BAD_GROUP:
        return _string_complaint(found)
    if state == _SEPARATOR:
        expected = f"a comma or {'}' if stack[-1] == '{' else ']'}"
    elif state == _END:
        return f"There is text behind the end of the JSON value: {_excerpt(found)}."
    else:
        expected = _EXPECTED[state]
    if not found:
        return f"The text ends where {expected} is expected." if text.strip() else "There is no JSON value."
    if found in "}]" and text[:offset].rstrip().endswith(","):
        return f"{expected.capitalize()} is expected here, found {found}; is there a comma too many?"
    return f"{expected.capitalize()} is expected here, found {_excerpt(found)}."


def _string_complaint(found: str) -> str:
    if len(found) < 2 or not found.endswith('"') or re.search(r'(?<!\\)(?:\\\\)*\\"\Z', found):
        return "The string has no closing quote on its line."
    control = re.search(r"[\x00-\x1f]", found)
    if control:
        return f"The string holds the control character U+{ord(control[0]):04X}; it has to be escaped."
    escape = re.search(r'\\(?:u(?![0-9a-fA-F]{4}).{0,4}|[^"\\/bfnrtu])', re.sub(r"\\\\", "  ", found))
    return f"The string holds an unknown escape: {escape[0] if escape else found}."


def _excerpt(found: str) -> str:
    return found if len(found) <= 20 else f"{found[:20]}…"
