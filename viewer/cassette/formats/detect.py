"""What a file is: its language, where its entries stand, and which recorder wrote it; by content alone."""

from __future__ import annotations

from collections.abc import Callable

from viewer.cassette.formats.base import Format, Probe
from viewer.cassette.formats.registry import recognise
from viewer.cassette.layout import Layout, split_yaml
from viewer.cassette.model import ParseError, UnknownFormatError
from viewer.cassette.node import AnyNode, Mapping, Scalar
from viewer.cassette.pieces import PieceKind
from viewer.cassette.tree import parse_entry
from viewer.cassette.walk import walk_yaml
from viewer.cassette.yaml_text import parse_all

_HEAD = 1 << 16


def lay_out(data: bytes, progress: Callable[[float], None] = lambda fraction: None) -> Layout:
    """The row of pieces of a file's text; raises ParseError for malformed YAML or JSON."""
    return split_yaml(data) or walk_yaml(data, progress)


def recognised(data: bytes, layout: Layout) -> Format:
    """The format of a file; raises UnknownFormatError where no recorder is known to write such a file."""
    found = recognise(probe_of(data, layout))
    if found is None:
        raise UnknownFormatError(
            f"This is a {layout.syntax.value} file, but no cassette of a recorder known here.",
            line=1,
            remedy="A cassette has a list of interactions, each with a request and a response.",
        )
    return found


def probe_of(data: bytes, layout: Layout) -> Probe:
    """What the formats look at."""
    top: dict[str, str] = {}
    keys: set[str] = set()
    for root in _outside(layout):
        if isinstance(root, Mapping):
            for key, value in root.items():
                keys.add(key)
                if isinstance(value, Scalar):
                    top[key] = value.value
    return Probe(layout, top, frozenset(keys), _first(layout), data[:_HEAD])


def _outside(layout: Layout) -> list[AnyNode]:
    """The trees of what stands around the entries: head and tail each parse alone."""
    roots: list[AnyNode] = []
    pieces = layout.pieces
    for index in range(len(pieces)):
        if pieces.piece(index).kind is PieceKind.GLUE:
            try:
                roots.extend(parse_all(pieces.text(index)))
            except ParseError:
                continue
    return roots


def _first(layout: Layout) -> AnyNode | None:
    entries = layout.pieces.entries()
    if not entries:
        return None
    try:
        return parse_entry(layout.pieces.text(entries[0]), layout)
    except ParseError:
        return None
