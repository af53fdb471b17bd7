"""Well-formed JSON to the tree of node.py, fast.

One match takes a whole member or item, `"key": value,` as far as its comma: three times as fast as token by
token. Broken text gives None; json_scan.py's `walk` then says what is wrong with it.
"""

from __future__ import annotations

import json
import re

from viewer.cassette.json_scan import LITERAL, NUMBER, STRING, WS
from viewer.cassette.node import MOST_NODES, AnyNode, Mapping, Scalar, Sequence
from viewer.cassette.patterns import regex

# Groups: 1 key, 2 scalar, 3 comma behind it, 4 opening bracket.
_VALUE = rf"(?:({STRING}|{NUMBER}|{LITERAL}){WS}*+(,)?|([{{\[]))"
_MEMBER = regex(rf"{WS}*+({STRING}){WS}*+:{WS}*+{_VALUE}")
_ITEM = regex(rf"(){WS}*+{_VALUE}")
# Groups: 1 closing bracket, 2 comma behind it.
_CLOSE = regex(rf"{WS}*+([}}\]]){WS}*+(,)?")
_REST = regex(rf"{WS}*+\Z")
_decode = json.JSONDecoder(strict=False).decode


class TooDeepError(Exception):
    """Raised for nesting over the limit; `offset` is that of the bracket too many."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"nested too deep at {offset}")
        self.offset = offset


class TooManyError(Exception):
    """Raised for more than MOST_NODES values; `offset` is that of the first one too many."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"too many values at {offset}")
        self.offset = offset


def build(text: str, max_depth: int) -> AnyNode | None:
    """The tree of `text`; None where it is no JSON. Raises TooDeepError and TooManyError."""
    room = MOST_NODES
    root = Sequence(0, len(text), "", [], True)
    container: Mapping | Sequence = root
    outer: list[Mapping | Sequence] = []
    position = 1 if text.startswith("\ufeff") else 0
    while match := (_MEMBER if type(container) is Mapping else _ITEM).match(text, position):
        position = match.end()
        room -= 1
        if room < 0:
            raise TooManyError(match.start())
        node = _value(text, match)
        if type(container) is Mapping:
            container.pairs.append((_scalar(text, *match.span(1)), node))
        else:
            container.items.append(node)  # type: ignore[union-attr]
        if match[3]:
            if not outer:
                return None
            continue
        if match[4]:
            outer.append(container)
            container = node  # type: ignore[assignment]
            if len(outer) > max_depth:
                raise TooDeepError(node.start)
            if not (closing := _CLOSE.match(text, position)):
                continue
        else:
            closing = _CLOSE.match(text, position)
        while closing and outer and (closing[1] == "}") is (type(container) is Mapping):
            position = closing.end()
            container.end = closing.end(1)
            container = outer.pop()
            if closing[2]:
                break
            closing = _CLOSE.match(text, position)
        else:
            done = not closing and not outer and _REST.match(text, position)
            return root.items[0] if done else None
        if not outer:
            return None
    return None


def decode_string(token: str) -> str:
    """The value of a string token with its quotes; an escape cut from its pair gives a lone surrogate."""
    return token[1:-1] if "\\" not in token else str(_decode(token))


def _value(text: str, match: re.Match[str]) -> AnyNode:
    start, end = match.span(2)
    if start >= 0:
        return _scalar(text, start, end)
    start, end = match.span(4)
    if text[start] == "{":
        return Mapping(start, end, "", [], True)
    return Sequence(start, end, "", [], True)


def _scalar(text: str, start: int, end: int) -> Scalar:
    token = text[start:end]
    if token[0] != '"':
        return Scalar(start, end, "", token, "")
    return Scalar(start, end, "", token[1:-1] if "\\" not in token else decode_string(token), '"')
