"""Where the interactions stand in a JSON file.

Entries are the elements of the recorder's list; glue is what stands between and around them, commas and
brackets included. The whole file has been read by then, so the layout is exact.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable

import msgspec

from viewer.cassette.json_entries import EntrySpans, first_key, split_fast, split_slowly
from viewer.cassette.json_scan import BrokenJsonError, walk
from viewer.cassette.layout import LIST_KEYS, NESTED_LIST, Layout, Syntax
from viewer.cassette.model import ParseError
from viewer.cassette.pieces import PieceKind, Pieces, decode

# Tokens between two reports of progress.
_EVERY = 4096


def split_json(data: bytes, progress: Callable[[float], None] = lambda fraction: None) -> Layout:
    """The row of pieces of a JSON file; one piece of glue where it has no list of interactions, or an empty one.

    `progress` is told the fraction done, and may raise to stop. Raises ParseError, with line and column, for text
    that is no JSON.
    """
    path = _list_path(data)
    spans = split_fast(data, path, progress) if path is not None else None
    if spans is None:
        # msgspec refuses more than is wrong (half a surrogate pair, NaN), so the tolerant reader decides.
        _check(data, progress)
        spans = split_slowly(data, path, progress) if path is not None else None
    found = path if path is not None and spans is not None else ()
    return Layout(Syntax.JSON, found, _row(data, spans), exact=True, flow=True)


def _list_path(data: bytes) -> tuple[str, ...] | None:
    """The way to the list, by the first key at the top that recorders put it under."""
    if data.lstrip().startswith(b"["):
        return ()
    key = first_key(data, {*LIST_KEYS, NESTED_LIST[0]})
    if key is None:
        return None
    return NESTED_LIST if key == NESTED_LIST[0] else (key,)


def _check(data: bytes, progress: Callable[[float], None]) -> None:
    try:
        msgspec.json.decode(data, type=msgspec.Raw)
        return
    except (msgspec.DecodeError, RecursionError):
        pass
    text = decode(data)
    try:
        for count, (_, start, _) in enumerate(walk(text)):
            if count % _EVERY == 0:
                progress(start / len(text))
    except BrokenJsonError as broken:
        error = broken.error
        raise ParseError(error.message, line=error.line, column=error.column) from broken


def _row(data: bytes, spans: EntrySpans | None) -> Pieces:
    bounds = array("q", [0])
    if spans is not None:
        bounds.extend(spans.spans)
    bounds.append(len(data))
    kinds = bytes([PieceKind.GLUE, PieceKind.ENTRY]) * (len(bounds) // 2 - 1) + bytes([PieceKind.GLUE])
    return Pieces(data, bounds, kinds)
