"""What a file is: its language, where its entries stand, and which recorder wrote it; by content alone.

The readers of JSON and the walk for odd YAML are imported with the first file that needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from viewer.cassette.formats.base import Format, Probe
from viewer.cassette.formats.registry import recognise
from viewer.cassette.layout import Layout, Syntax, split_yaml
from viewer.cassette.model import ParseError, TooLargeError, UnknownFormatError
from viewer.cassette.patterns import regex
from viewer.cassette.pieces import PieceKind, Pieces
from viewer.cassette.tree import ensure_readable, parse_entry
from viewer.cassette.wire import MAGIC as WIRE_MAGIC
from viewer.cassette.wire import split_wire
from viewer.cassette.yaml_text import parse_all

if TYPE_CHECKING:
    from viewer.cassette.node import AnyNode

Progress = Callable[[float], None]

# So many entries are looked at for one that can be read.
_TRIES = 20

# What YAML in flow style has behind its brackets is mostly no quote; JSON has nothing else there.
_JSON_START = regex(rb"""\s*[{\[](?:[\s{\[]*"|[\s{\[]*[}\]]|[\s\[]*[-\d]|\s*\Z)""")


def lay_out(data: bytes, progress: Progress = lambda fraction: None) -> Layout:
    """The row of pieces of a file's text; raises ParseError for malformed YAML or JSON."""
    return _laid_out(data, progress)[0]


def detect(data: bytes, progress: Progress = lambda fraction: None) -> tuple[Layout, Format]:
    """The row of pieces of a file's text, and its format.

    Raises UnknownFormatError where no recorder is known to write such a file, and ParseError where it is malformed,
    or its entries are, so that the format cannot be told.
    """
    layout, first = _laid_out(data, progress)
    return layout, _recognised(data, layout, first)


def _laid_out(data: bytes, progress: Progress) -> tuple[Layout, AnyNode | ParseError | None]:
    """The row of pieces, and what the first of its entries is, where that was looked at."""
    if data.startswith(WIRE_MAGIC):
        return split_wire(data), None
    if _JSON_START.match(data):
        from viewer.cassette.json_layout import split_json

        return split_json(data, progress), None
    layout = split_yaml(data, progress)
    first = _first(layout.pieces.entries()[:1], layout) if layout is not None else None
    is_entry = _is_tree(first) or isinstance(first, TooLargeError)
    if layout is not None and is_entry and _has_whole_head(layout):
        return layout, first
    from viewer.cassette.walk import walk_yaml

    try:
        return walk_yaml(data, progress), None
    except ParseError:
        # The fast split was wrong there, or the file is malformed there and opens for the rest.
        if layout is None:
            raise
        return layout, first


def _has_whole_head(layout: Layout) -> bool:
    """Whether what stands in front of the first entry parses alone: else that may begin in a quoted scalar."""
    try:
        parse_all(layout.pieces.text(0) if layout.pieces.entries()[0] else "")
    except ParseError:
        return False
    return True


def _recognised(data: bytes, layout: Layout, first: AnyNode | ParseError | None) -> Format:
    entries = layout.pieces.entries()[:_TRIES]
    if not _is_tree(first):
        found = _first(entries[0 if first is None else 1 :], layout)
        first = found if first is None or _is_tree(found) else first
    format_ = recognise(Probe(layout, tuple(_outside(layout)), _tree(first), data))
    if format_ is not None:
        return format_
    if isinstance(first, ParseError):
        first.line = layout.pieces.newlines_before(entries[0]) + (first.line or 1)
        raise first
    raise UnknownFormatError(
        f"This is a {layout.syntax.value} file, but no cassette of a recorder known here.",
        line=1,
        remedy="A cassette has a list of interactions, each with a request and a response.",
    )


def probe_of(data: bytes, layout: Layout) -> Probe:
    """What the formats look at."""
    first = _first(layout.pieces.entries()[:_TRIES], layout)
    return Probe(layout, tuple(_outside(layout)), _tree(first), data)


def _outside(layout: Layout) -> list[AnyNode]:
    """The trees of what stands around the entries.

    In block style each piece of glue parses alone; in flow style the head and the tail, without what stands
    between entries, are the file with an empty list.
    """
    if layout.syntax is Syntax.WIRE:
        return []
    if layout.syntax is Syntax.JSON:
        # All that stands at the ends is glue there; which pieces in the middle are need not be looked for.
        return _trees(_joined(layout.pieces, sorted({0, len(layout.pieces) - 1})), _json_tree)
    glue = layout.pieces.entries(PieceKind.GLUE)
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


def _first(pieces: Sequence[int], layout: Layout) -> AnyNode | ParseError | None:
    """The first of these entries that parses alone; what is wrong with the first where none does, None for none."""
    error: ParseError | None = None
    for piece in pieces:
        try:
            return _parsed(layout, piece)
        except ParseError as err:
            error = error or err
    return error


def _is_tree(found: AnyNode | ParseError | None) -> bool:
    return _tree(found) is not None


def _tree(found: AnyNode | ParseError | None) -> AnyNode | None:
    return None if isinstance(found, ParseError) else found


def _parsed(layout: Layout, piece: int) -> AnyNode:
    ensure_readable(layout.pieces.size(piece))
    return parse_entry(layout.pieces.text(piece), layout)
