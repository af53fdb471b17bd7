"""The tree of a JSON entry, of which each part is built when somebody looks at it.

A row of the list needs a method, a URL and a status, and an entry has a hundred header lines and bodies beside. Where
the members of a mapping end, msgspec tells in C, and only whoever asks for a member's own members has them read: those
of the entry and of its two messages one by one, what stands deeper as a whole.
"""

from __future__ import annotations

from typing import Any

import msgspec

from viewer.cassette.json_build import build, decode_string
from viewer.cassette.json_scan import STRING, WS
from viewer.cassette.node import MOST_NODES, AnyNode, Mapping, Scalar, Sequence
from viewer.cassette.patterns import regex

# Levels whose members are taken one by one: those of an entry, of a message, and of what stands in that, as its status.
_LEVELS = 3
# Where a body of megabytes stands, they are read at once, from the bytes that are at hand then: in mappings of so many
# bytes, down to this level, and where the members take so many bytes each.
_LARGE = 1 << 18
_DEEPEST_LARGE = 4
_LONG = 1 << 10
_KEY = regex(rf"{WS}*+,?{WS}*+({STRING}){WS}*+:{WS}*+")
_BLANKS = regex(rf"{WS}*+")
_END = regex(rf"{WS}*+}}")
_NO_SIGNS = bytes(set(range(256)) - set(b",:[{"))
_members = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


class UnreadMapping(Mapping):
    """A mapping in `text`, known to be JSON, whose pairs are read when they are first asked for.

    `level` counts from the entry, which is at 0.
    """

    text: str = ""
    level: int = 0

    def __getattr__(self, name: str) -> Any:
        if name != "pairs":
            raise AttributeError(name)
        self.pairs = self._read()
        return self.pairs

    def _read(self) -> list[tuple[AnyNode, AnyNode]]:
        if self.level < _LEVELS:
            part = self.text[self.start : self.end]
            pairs = _pairs(self.text, self.start, _members(part), self.level + 1)
            if pairs is not None:
                return pairs
        whole = _whole(self)
        assert isinstance(whole, Mapping)
        return whole.pairs


class UnreadSequence(Sequence):
    """A sequence in `text`, known to be JSON, whose items are read when they are first asked for."""

    text: str = ""

    def __getattr__(self, name: str) -> Any:
        if name != "items":
            raise AttributeError(name)
        whole = _whole(self)
        assert isinstance(whole, Sequence)
        self.items = whole.items
        return self.items


def outline(text: str, max_depth: int) -> AnyNode | None:
    """The same tree as `build` gives, of which what is deep inside is built when it is looked at.

    None and errors are those of `build`: the whole text is known to be JSON before anything is left for later.
    """
    try:
        # Given as a string, it would keep its bytes as long as it is there itself.
        data = text.encode()
        # What msgspec takes is nested less deep than its own limit.
        if _may_hold_too_many(data):
            return build(text, max_depth)
        members = _members(data)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return build(text, max_depth)
    blanks = _BLANKS.match(text)
    start = blanks.end() if blanks else 0
    pairs = _pairs(text, start, members, 1)
    if pairs is None:
        return build(text, max_depth)
    return Mapping(start, text.rindex("}") + 1, "", pairs, True)


def _may_hold_too_many(data: bytes) -> bool:
    """Whether there may be more than MOST_NODES values and keys; a guess on the safe side.

    In front of each but the first stands one of these signs; those in strings count as well.
    """
    return len(data) > MOST_NODES and len(data.translate(None, _NO_SIGNS)) >= MOST_NODES


def _pairs(
    text: str, start: int, members: dict[str, msgspec.Raw], level: int
) -> list[tuple[AnyNode, AnyNode]] | None:
    """The pairs of the mapping at `start`, given its members' texts; None where a key occurs twice."""
    pairs: list[tuple[AnyNode, AnyNode]] = []
    add, next_key, stands = pairs.append, _KEY.match, text.startswith
    position = start + 1
    for name, raw in members.items():
        key = next_key(text, position)
        if key is None:
            return None
        at, behind = key.span(1)
        value = key.end()
        token = str(raw, "utf-8")
        # Of a key that occurs twice msgspec has the last value, which stands elsewhere.
        if not stands(token, value) or (text[at + 1 : behind - 1] != name and decode_string(key[1]) != name):
            return None
        add((Scalar(at, behind, "", name, '"'), _value(text, value, token, raw, level)))
        position = value + len(token)
    return pairs if _END.match(text, position) else None


def _value(text: str, start: int, token: str, raw: msgspec.Raw, level: int) -> AnyNode:
    end = start + len(token)
    is_large = len(token) > _LARGE
    if token[0] == "{":
        if is_large and (pairs := _pairs_of_large(text, start, raw, level)) is not None:
            return Mapping(start, end, "", pairs, True)
        mapping = UnreadMapping(start, end, "", [], True, text=text, level=level)
        del mapping.pairs
        return mapping
    if token[0] == "[":
        sequence = UnreadSequence(start, end, "", [], True, text=text)
        del sequence.items
        return sequence
    if token[0] == '"':
        return Scalar(start, end, "", decode_string(token, raw if is_large else None), '"')
    return Scalar(start, end, "", token, "")


def _pairs_of_large(
    text: str, start: int, raw: msgspec.Raw, level: int
) -> list[tuple[AnyNode, AnyNode]] | None:
    """The pairs of a large mapping; None where they are better read as a whole."""
    if level > _DEEPEST_LARGE:
        return None
    members = _members(raw)
    return _pairs(text, start, members, level + 1) if len(members) * _LONG < len(raw) else None


def _whole(node: UnreadMapping | UnreadSequence) -> AnyNode | None:
    return build(node.text, len(node.text), (node.start, node.end))
