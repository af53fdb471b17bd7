"""Where the interactions stand in a file's text: what opening a cassette is.

The fast way looks for the list's own marker, `bytes.find` of newline, indent, dash and first key, and parses
nothing but the end of the last entry. It is a guess: each entry has to parse alone as one mapping, which whoever
reads an entry checks. Where the guess fails, or cannot be made (flow lists, several documents, aliases, CR
only), `walk.py` finds the same from the whole file's events.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable
from collections.abc import Mapping as MappingType
from enum import Enum

import msgspec

from viewer.cassette.model import ParseError
from viewer.cassette.node import MOST_BYTES, Mapping, Sequence
from viewer.cassette.patterns import regex
from viewer.cassette.pieces import PieceKind, Pieces, decode
from viewer.cassette.yaml_text import parse


class Syntax(Enum):
    """The language that a file is written in."""

    YAML = "YAML"
    JSON = "JSON"
    WIRE = "HTTP wire text"


class Layout(msgspec.Struct, frozen=True):
    """The row of pieces, and how it was found.

    `path` is the way from the top to the list of interactions, () for a list at the top. `exact` says that the
    whole file was parsed. `links` tells for an entry (counted from 0) in which earlier entry an anchor stands
    that it refers to.
    """

    syntax: Syntax
    path: tuple[str, ...]
    pieces: Pieces
    exact: bool
    flow: bool = False
    links: MappingType[tuple[int, str], int] = msgspec.field(default_factory=dict)


# Where recorders put their lists; the two of langchain stand beside each other.
LIST_KEYS = ("interactions", "http_interactions", "requests")
SECOND_LIST_KEY = "responses"
NESTED_LIST = ("log", "entries")

_HEAD = 1 << 20
# So many bytes are searched by one call, which holds the interpreter's lock.
_WINDOW = 1 << 25
# So much of the last entry is parsed, over and over, in search of its end; libyaml does it in half a second.
_TAIL_BUDGET = 1 << 23
_LIST_KEY = regex(rb"^(" + "|".join(LIST_KEYS).encode() + rb""")[ \t]*:[ \t]*(?:#[^\n]*)?\r?\n""", re.M)
_LIST_KEY_AGAIN = regex(rb"^(" + "|".join(LIST_KEYS).encode() + rb""")[ \t]*:""", re.M)
_NESTED_KEY = regex(rb"^( +)entries[ \t]*:[ \t]*\r?\n", re.M)
_NESTED_KEY_AGAIN = regex(rb"^ +entries[ \t]*:", re.M)
# A line end could be taken in two ways, of forty of them in 2^40: hence nothing is ever given back.
_LINE_END = rb"[ \t]*+(?:#[^\n]*+)?\r?\n"
_BLANK = rb"(?:" + _LINE_END + rb")*+"
_TOP_LIST = regex(rb"(?:%[^\n]*+\n|---" + _LINE_END + rb"|" + _LINE_END + rb")*+(?=- |-\r?\n)")
_MARKER = regex(_BLANK + rb"""(?P<marker>[ ]*-(?:[ ]+|[ \t]*\r?\n[ ]+)(?:!\S+|["']?[\w.-]+["']?[ ]*:))""")
# What may stand in front of the first document: comments and directives.
_NO_DOCUMENT = regex(rb"(?:[ \t]*+(?:[#%][^\n]*+)?\r?\n)*+")
_DOCUMENT_MARK = regex(rb"^---(?:\s|\Z)", re.M)


def split_yaml(data: bytes, progress: Callable[[float], None] = lambda fraction: None) -> Layout | None:
    """The layout by the fast way; None where only the whole file's events can tell.

    `progress` is told the fraction searched, and may raise to stop.
    """
    found = _find_list(data)
    if found is None:
        return None
    path, start, indent = found
    first = _MARKER.match(data, start)
    if first is None or _is_behind_a_document(data[:start]):
        return None
    second = data.find(f"\n{SECOND_LIST_KEY}:".encode(), first.end()) if path == ("requests",) else -1
    if path == ("requests",) and second < 0:
        return None
    row = _Row(data, indent, progress)
    if not row.add_list(first, second + 1 if second >= 0 else len(data), PieceKind.ENTRY):
        return None
    again = _NESTED_KEY_AGAIN if path == NESTED_LIST else _LIST_KEY_AGAIN
    if path and again.search(data, row.end):
        return None  # Named again, the list is another one.
    if second >= 0:
        key_end = data.find(b"\n", second + 1) + 1
        marker = _MARKER.match(data, key_end) if key_end else None
        if marker is None or not row.add_list(marker, len(data), PieceKind.SECOND):
            return None
    return Layout(Syntax.YAML, path, row.pieces(), exact=False)


def _find_list(data: bytes) -> tuple[tuple[str, ...], int, int] | None:
    """The path of the list, the offset behind its key's line, and that key's indent."""
    top = _TOP_LIST.match(data)
    if top and not data.startswith(b"-", top.end() + 1):
        return (), top.end(), 0
    hit = _LIST_KEY.search(data, 0, _HEAD)
    if hit:
        return (hit[1].decode(),), hit.end(), 0
    if re.search(rb"^log[ \t]*:[ \t]*\r?\n", data[:_HEAD], re.M):
        hit = _NESTED_KEY.search(data, 0, _HEAD)
        if hit:
            return NESTED_LIST, hit.end(), len(hit[1])
    return None


def _is_behind_a_document(head: bytes) -> bool:
    """Whether another document stands in front of the one that a list was found in."""
    marks = list(_DOCUMENT_MARK.finditer(head))
    return bool(marks) and (len(marks) > 1 or not _NO_DOCUMENT.fullmatch(head[: marks[0].start()]))


class _Row:
    """The bounds and kinds of pieces, as they are found from the front to the back."""

    def __init__(self, data: bytes, indent: int, progress: Callable[[float], None]) -> None:
        self._data = data
        self._progress = progress
        self._outside = re.compile(rb"^ {0,%d}(?:[^\s#-]|---|\.\.\.)" % indent, re.M)
        self._bounds = array("q", [0])
        self._kinds = bytearray()

    def add_list(self, first: re.Match[bytes], limit: int, kind: PieceKind) -> bool:
        """Adds the entries of one list that ends before `limit`; False where its end cannot be told."""
        start = first.start("marker")
        self._close(start, PieceKind.GLUE)
        bounds = _find_all(self._data, b"\n" + first["marker"], (start, limit), self._progress)
        last = bounds[-1] if bounds else start
        end = self._end_of_last(last, limit)
        if end is None:
            return False
        if bounds:
            self._bounds.extend(bounds)
            self._kinds.extend(bytes([kind]) * len(bounds))
        self._close(end, kind)
        return True

    @property
    def end(self) -> int:
        """Where the last piece so far ends."""
        return self._bounds[-1]

    def pieces(self) -> Pieces:
        self._close(len(self._data), PieceKind.GLUE)
        return Pieces(self._data, self._bounds, self._kinds)

    def _end_of_last(self, start: int, limit: int) -> int | None:
        """Where the last entry of a list ends: at the first line outside the list before which it parses alone.

        A line with less indent is not enough, since quoted scalars have such lines. A large entry with many of
        them would be parsed too often; its end is left to the slow way.
        """
        spent = 0
        for hit in self._outside.finditer(self._data, start + 1, limit):
            if spent > _TAIL_BUDGET or hit.start() - start > MOST_BYTES:
                return None
            spent += hit.start() - start
            if _is_one_entry(self._data[start : hit.start()]):
                several = _DOCUMENT_MARK.search(self._data, hit.start(), limit)
                return None if several else hit.start()
        return limit

    def _close(self, end: int, kind: PieceKind) -> None:
        if end == self._bounds[-1]:
            return
        self._bounds.append(end)
        self._kinds.append(kind)


def _find_all(
    data: bytes, marker: bytes, span: tuple[int, int], progress: Callable[[float], None]
) -> array[int]:
    """Where entries behind the first begin: one behind each newline that a marker follows."""
    start, limit = span
    bounds = array("q")
    find, append = data.find, bounds.append
    for window in range(start, limit, _WINDOW):
        progress(window / limit)
        end = min(window + _WINDOW + len(marker) - 1, limit)
        at = find(marker, window, end)
        while at >= 0:
            append(at + 1)
            at = find(marker, at + 1, end)
    return bounds


def _is_one_entry(data: bytes) -> bool:
    try:
        root = parse(decode(data))
    except ParseError:
        return False
    return isinstance(root, Sequence) and len(root.items) == 1 and isinstance(root.items[0], Mapping)


def link_depths(links: MappingType[tuple[int, str], int], deepest: int) -> dict[int, int]:
    """How many entries stand one behind the other behind each that refers to an earlier one.

    A link to an entry behind which `deepest` or more stand is not followed, and does not count.
    """
    depths: dict[int, int] = {}
    for (position, _), definer in sorted(links.items()):
        depth = depths.get(definer, 0)
        if depth < deepest:
            depths[position] = max(depths.get(position, 0), depth + 1)
    return depths
