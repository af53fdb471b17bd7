"""What a file is: its language, where its entries stand, and which recorder wrote it; by content alone.

The readers of JSON and the walk for odd YAML are imported with the first file that needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from viewer.cassette.formats.base import Format, Probe
from viewer.cassette.formats.registry import recognise
from viewer.cassette.layout import Layout, Syntax, split_yaml
from viewer.cassette.model import ParseError, UnknownFormatError
from viewer.cassette.patterns import regex
from viewer.cassette.pieces import PieceKind, Pieces
from viewer.cassette.tree import ensure_readable, parse_entry
from viewer.cassette.wire import MAGIC as WIRE_MAGIC
from viewer.cassette.wire import split_wire
from viewer.cassette.yaml_text import parse_all

if TYPE_CHECKING:
    from viewer.cassette.node import AnyNode

# So many entries are looked at for one that can be read.
_TRIES = 20

# What YAML in flow style has behind its brackets is mostly no quote; JSON has nothing else there.
_JSON_START = regex(rb"""\s*[{\[](?:[\s{\[]*"|[\s{\[]*[}\]]|[\s\[]*[-\d]|\s*\Z)""")


def lay_out(data: bytes, progress: Callable[[float], None] = lambda fraction: None) -> Layout:
    """The row of pieces of a file's text; raises ParseError for malformed YAML or JSON."""
    if data.startswith(WIRE_MAGIC):
        return split_wire(data)
    if _JSON_START.match(data):
        from viewer.cassette.json_layout import split_json

        return split_json(data, progress)
    layout = split_yaml(data, progress)
    if layout is not None and _first(layout, 1) is not None:
        return layout
    from viewer.cassette.walk import walk_yaml

    try:
        return walk_yaml(data, progress)
    except ParseError:
        # The fast split was wrong there, or the file is malformed there and opens for the rest.
        if layout is None:
            raise
        return layout


def recognised(data: bytes, layout: Layout) -> Format:
    """The format of a file.

    Raises UnknownFormatError where no recorder is known to write such a file, and ParseError where that cannot
    be told since its entries are malformed.
    """
    found = recognise(probe_of(data, layout))
    if found is not None:
        return found
    _check_first(layout)
    raise UnknownFormatError(
        f"This is a {layout.syntax.value} file, but no cassette of a recorder known here.",
        line=1,
        remedy="A cassette has a list of interactions, each with a request and a response.",
    )


def probe_of(data: bytes, layout: Layout) -> Probe:
    """What the formats look at."""
    return Probe(layout, tuple(_outside(layout)), _first(layout), data)


def _outside(layout: Layout) -> list[AnyNode]:
    """The trees of what stands around the entries.

    In block style each piece of glue parses alone; in flow style the head and the tail, without what stands
    between entries, are the file with an empty list.
    """
    glue = layout.pieces.entries(PieceKind.GLUE)
    if layout.syntax is Syntax.WIRE:
        return []
    if layout.syntax is Syntax.JSON:
        return _trees(_joined(layout.pieces, glue), _json_tree)
    texts = (
        [_flow_ends(layout.pieces, glue)] if layout.flow else [layout.pieces.text(index) for index in glue]
    )
    return [root for text in texts for root in _trees(text, parse_all)]


def _json_tree(text: str) -> list[AnyNode]:
    from viewer.cassette import json_text

    return [json_text.parse(text)]


def _joined(pieces: Pieces, glue: Sequence[int]) -> str:
    """The first and the last piece of glue."""
    ends = [*glue[:1], *glue[1:][-1:]]
    return "".join(pieces.text(index) for index in ends)


def _flow_ends(pieces: Pieces, glue: Sequence[int]) -> str:
    """The same of YAML, which allows a comma behind the last entry."""
    ends = [pieces.text(index) for index in (*glue[:1], *glue[1:][-1:])]
    return ends[0] + ends[1].lstrip().removeprefix(",") if len(ends) > 1 else ends[0]


def _trees(text: str, parse: Callable[[str], list[AnyNode]]) -> list[AnyNode]:
    try:
        return parse(text)
    except ParseError:
        return []


def _first(layout: Layout, tries: int = _TRIES) -> AnyNode | None:
    """The first entry that parses alone."""
    for piece in layout.pieces.entries()[:tries]:
        try:
            return _parsed(layout, piece)
        except ParseError:
            continue
    return None


def _parsed(layout: Layout, piece: int) -> AnyNode:
    ensure_readable(layout.pieces.size(piece))
    return parse_entry(layout.pieces.text(piece), layout)


def _check_first(layout: Layout) -> None:
    """Raises the ParseError of the first entry, placed in the file."""
    entries = layout.pieces.entries()
    if not entries or _first(layout) is not None:
        return
    try:
        _parsed(layout, entries[0])
    except ParseError as err:
        err.line = layout.pieces.newlines_before(entries[0]) + (err.line or 1)
        raise
