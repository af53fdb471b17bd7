"""Well-formed JSON to the tree of node.py, fast.

One match takes a whole member or item, `"key": value,` as far as its comma: three times as fast as token by
token. Broken text gives None; json_scan.py's `walk` then says what is wrong with it.
"""

from __future__ import annotations

import json

import msgspec

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
_decode = msgspec.json.Decoder(str).decode
_decode_slowly = json.JSONDecoder(strict=False).decode


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


def build(text: str, max_depth: int, span: tuple[int, int] | None = None) -> AnyNode | None:
    """The tree of `text`, or of the value at `span` in it; None where it is no JSON.

    Raises TooDeepError and TooManyError.
    """
    room = MOST_NODES
    position, end = span or (1 if text.startswith("\ufeff") else 0, len(text))
    root = Sequence(0, len(text), "", [], True)
    container: Mapping | Sequence = root
    in_mapping = False
    outer: list[Mapping | Sequence] = []
    member, item, close = _MEMBER.match, _ITEM.match, _CLOSE.match
    # The hot loop of opening JSON: what it does for each value stands here and is not called.
    while match := (member if in_mapping else item)(text, position, end):
        position = match.end()
        room -= 1
        if room < 0:
            raise TooManyError(match.start())
        name, token, comma, bracket = match.groups()
        if token is not None:
            start = match.start(2)
            if token[0] == '"':
                value = token[1:-1] if "\\" not in token else decode_string(token)
                node: AnyNode = Scalar(start, start + len(token), "", value, '"')
            else:
                node = Scalar(start, start + len(token), "", token, "")
        else:
            start = match.start(4)
            node = (Mapping if bracket == "{" else Sequence)(start, start + 1, "", [], True)
        if in_mapping:
            room -= 1  # the key is a node too
            start = match.start(1)
            value = name[1:-1] if "\\" not in name else decode_string(name)
            container.pairs.append((Scalar(start, start + len(name), "", value, '"'), node))  # type: ignore[union-attr]
        else:
            container.items.append(node)  # type: ignore[union-attr]
        if comma:
            if not outer:
                return None
            continue
        if bracket:
            outer.append(container)
            container = node  # type: ignore[assignment]
            in_mapping = bracket == "{"
            if len(outer) > max_depth:
                raise TooDeepError(node.start)
            if not (closing := close(text, position, end)):
                continue
        else:
            closing = close(text, position, end)
        while closing and outer and (closing[1] == "}") is in_mapping:
            position = closing.end()
            container.end = closing.end(1)
            container = outer.pop()
            in_mapping = type(container) is Mapping
            if closing[2]:
                break
            closing = close(text, position, end)
        else:
            done = not closing and not outer and _REST.match(text, position, end)
            return root.items[0] if done else None
        if not outer:
            return None
    return None


def decode_string(token: str, encoded: msgspec.Raw | None = None) -> str:
    """The value of a string token with its quotes; an escape cut from its pair gives a lone surrogate.

    Whoever has it in UTF-8 as well gives it as `encoded`, for a long one.
    """
    if "\\" not in token:
        return token[1:-1]
    try:
        return _decode(token if encoded is None else encoded)
    except (msgspec.DecodeError, UnicodeEncodeError):
        # Half a surrogate pair: an escape, or an invalid byte of the file.
        return str(_decode_slowly(token))
