"""The places of a tree's scalars: what a writer may know of each, read off the file's text."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from viewer.cassette.node import AnyNode, Mapping, Scalar, Sequence
from viewer.cassette.spelling.base import PLAIN_TAGS, Place
from viewer.cassette.yaml_text import resolved_tag


class Found(msgspec.Struct, frozen=True):
    """A scalar with its place, its text (a tag included) and the key that it, or its list, stands under."""

    scalar: Scalar
    place: Place
    key: str
    text: str

    @property
    def tag(self) -> str:
        """What Writer.spell takes for its tag: as written, one of PLAIN_TAGS, or "" for a string.

        The non-specific tag `!` only says "a string": whether it is written is the writer's business.
        """
        if self.scalar.tag == "!":
            return ""
        if self.scalar.tag:
            return self.scalar.tag
        resolved = resolved_tag(self.scalar)
        return resolved if resolved in PLAIN_TAGS else ""


def scalars(text: str, root: AnyNode) -> Iterator[Found]:
    """Every scalar below `root`, keys included, in the order of `text`."""
    return _walk(text, root, Place(0, 0), "")


def _walk(text: str, node: AnyNode, owner: Place, key: str) -> Iterator[Found]:
    if isinstance(node, Scalar):
        written = text[_first(node) : node.end] if node.tag else text[node.start : node.end]
        yield Found(node, msgspec.structs.replace(owner, column=_column(text, _first(node))), key, written)
    elif isinstance(node, Mapping):
        yield from _pairs(text, node, owner)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _walk(text, item, _item_place(text, node, item, owner), key)


def _pairs(text: str, node: Mapping, owner: Place) -> Iterator[Found]:
    for name, value in node.pairs:
        if node.flow:
            place = msgspec.structs.replace(owner, flow=owner.flow + 1)
        else:
            place = Place(_column(text, _first(name)), 0)
        yield from _walk(text, name, msgspec.structs.replace(place, is_key=True), "")
        yield from _walk(text, value, place, name.value if isinstance(name, Scalar) else "")


def _item_place(text: str, node: Sequence, item: AnyNode, owner: Place) -> Place:
    if node.flow:
        return msgspec.structs.replace(owner, flow=owner.flow + 1)
    marker = text.rfind("-", 0, _first(item))
    return Place(_column(text, marker), 0, in_list=True)


def _first(node: AnyNode) -> int:
    """Where a node begins, a scalar's tag included."""
    if isinstance(node, Mapping) and not node.flow and node.pairs:
        return _first(node.pairs[0][0])
    return node.start - len(node.tag) - 1 if isinstance(node, Scalar) and node.tag else node.start


def _column(text: str, offset: int) -> int:
    return offset - text.rfind("\n", 0, offset) - 1
