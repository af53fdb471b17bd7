"""The slow way to a YAML cassette's layout: every event of the whole file, nothing kept but the bounds.

Used where the fast way cannot tell (layout.py): flow lists, several documents, anchors, a marker in a quoted
scalar. libyaml reads the file by slices (`slices.py`), and progress is told at each of them: so the walk can be
stopped in the middle of a scalar too, and other threads get the interpreter's lock. Beside the file's bytes there
are only the bounds in memory.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import pairwise, zip_longest
from typing import Any

import msgspec
import yaml

from viewer.cassette.layout import LIST_KEYS, NESTED_LIST, SECOND_LIST_KEY, Layout, Syntax
from viewer.cassette.model import ParseError
from viewer.cassette.node import MOST_NODES, TOO_MANY
from viewer.cassette.patterns import regex
from viewer.cassette.pieces import PieceKind, Pieces
from viewer.cassette.shadow import shadow_of, without_surrogate_escapes
from viewer.cassette.slices import Slices
from viewer.cassette.yaml_text import MAX_DEPTH, TOO_DEEP, events, index_of

# An item takes some 200 bytes here, and `1,` is one.
_MOST_ITEMS = 1_000_000
_ITEM_LINE = regex(rb"(?:^|(?<=\r))[ \t]*-(?=[ \t\r\n]|\Z)", re.M)


class _Item(msgspec.Struct):
    start: int
    end: int
    kind: PieceKind
    flow: bool
    path: tuple[str, ...]


class _Level(msgspec.Struct):
    """An open collection: whether a mapping, the key whose value comes next, and which list it is, if one."""

    is_mapping: bool
    flow: bool
    is_list: PieceKind | None
    path: tuple[str, ...] = ()
    key: str | None = None
    expects_key: bool = True


class _Walk(msgspec.Struct):
    """What the events told; all offsets are code points."""

    levels: list[_Level] = msgspec.field(default_factory=list)
    items: list[_Item] = msgspec.field(default_factory=list)
    anchors: dict[str, int] = msgspec.field(default_factory=dict)
    links: dict[tuple[int, str], int] = msgspec.field(default_factory=dict)
    outside: array[int] = msgspec.field(default_factory=lambda: array("q"))
    lists: dict[tuple[str, ...], tuple[int, int]] = msgspec.field(default_factory=dict)
    token_end: int = 0
    lists_open: int = 0

    def see(self, event: Any) -> None:
        if isinstance(event, yaml.NodeEvent):
            self._see_node(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close(event)
        elif isinstance(event, yaml.DocumentStartEvent | yaml.DocumentEndEvent):
            self.lists.clear()
            self.outside.append(index_of(event.start_mark))

    def _close(self, event: Any) -> None:
        level = self.levels.pop()
        if level.flow:
            self.token_end = event.end_mark.index
        if level.is_list is not None:
            self.lists_open -= 1
            self.lists[level.path] = (self.lists[level.path][0], len(self.items))
        self._end_value()

    def _see_node(self, event: Any) -> None:
        level = self.levels[-1] if self.levels else None
        if not self.lists_open:
            if len(self.outside) >= MOST_NODES:
                raise ParseError(f"{TOO_MANY} around its interactions", line=event.start_mark.line + 1)
            self.outside.append(index_of(event.start_mark))
            self._notice_list_again()
        if level and level.is_list is not None:
            start, end = event.start_mark.index, event.end_mark.index
            if len(self.items) >= _MOST_ITEMS:
                raise ParseError(f"more than {_MOST_ITEMS:,} interactions", line=event.start_mark.line + 1)
            self.items.append(_Item(start, end, level.is_list, level.flow, level.path))
        self._note_anchor(event)
        if isinstance(event, yaml.CollectionStartEvent):
            self._open(event)
            return
        self.token_end = event.end_mark.index
        if level and level.is_mapping and level.expects_key:
            level.key = event.value if isinstance(event, yaml.ScalarEvent) else None
            level.expects_key = False
            return
        self._end_value()

    def _open(self, event: Any) -> None:
        if len(self.levels) >= MAX_DEPTH:
            raise ParseError(TOO_DEEP, line=event.start_mark.line + 1)
        path = tuple(open_.key or "" for open_ in self.levels)
        kind = None
        if isinstance(event, yaml.SequenceStartEvent) and all(open_.is_mapping for open_ in self.levels):
            kind = _list_kind(path)
        if kind is not None:
            self.lists_open += 1
            self.lists[path] = (len(self.items), len(self.items))
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        self.levels.append(_Level(is_mapping, bool(event.flow_style), kind, path))

    def _notice_list_again(self) -> None:
        """Before a value: if it stands where there was a list already, that one's items do not count.

        Of equal keys loaders keep the last.
        """
        if self.lists and not self.levels[-1].expects_key:
            first, end = self.lists.pop(tuple(level.key or "" for level in self.levels), (0, 0))
            if first < end:
                self._drop(first, end)

    def _drop(self, first: int, end: int) -> None:
        """Takes items for text around entries."""
        self.outside.extend(item.start for item in self.items[first:end])
        del self.items[first:end]
        gone = range(first, end)
        self.anchors = {name: _moved(item, gone) for name, item in self.anchors.items()}
        self.links = {
            (_moved(item, gone), name): _moved(definer, gone)
            for (item, name), definer in self.links.items()
            if item not in gone
        }

    def _end_value(self) -> None:
        if not self.levels:
            return
        level = self.levels[-1]
        # A complex key (`? [a]`) ends here too; it has no name, and its value follows.
        level.expects_key = not (level.is_mapping and level.expects_key)
        if level.is_list is not None:
            self.items[-1].end = self.token_end

    def _note_anchor(self, event: Any) -> None:
        if not event.anchor:
            return
        here = len(self.items) - 1 if self.lists_open else -1
        if not isinstance(event, yaml.AliasEvent):
            self.anchors[event.anchor] = here
        elif self.anchors.get(event.anchor, here) != here:
            self.links[here, event.anchor] = self.anchors[event.anchor]


def _moved(item: int, gone: range) -> int:
    """An item's number without those that are gone; -1 for these, as for all that stands around the items."""
    return item - len(gone) if item >= gone.stop else -1 if item in gone else item


def _list_kind(path: tuple[str, ...]) -> PieceKind | None:
    if path == () or path == NESTED_LIST or (len(path) == 1 and path[0] in LIST_KEYS):
        return PieceKind.ENTRY
    return PieceKind.SECOND if path == (SECOND_LIST_KEY,) else None


def walk_yaml(data: bytes, progress: Callable[[float], None] = lambda fraction: None) -> Layout:
    """The layout of YAML text from all its events.

    `progress` is told the fraction done, from 0 to 1, and may raise to stop the walk. Raises ParseError for
    malformed YAML and for nesting deeper than MAX_DEPTH.
    """
    try:
        return _layout(data, *_walk(Slices(data, shadow_of, progress)))
    except ParseError as err:
        # libyaml alone refuses an escaped surrogate pair in double quotes, which is how JSON writes an emoji.
        if "invalid Unicode character escape code" not in err.message:
            raise
    shadow = lambda text: without_surrogate_escapes(shadow_of(text))  # noqa: E731
    return _layout(data, *_walk(Slices(data, shadow, progress)))


def _walk(slices: Slices) -> tuple[_Walk, Slices]:
    walk = _Walk()
    for event in events(slices):
        slices.pending = 0
        walk.see(event)
    return walk, slices


def _layout(data: bytes, walk: _Walk, slices: Slices) -> Layout:
    _to_bytes(walk, slices)
    if any(one > other for one, other in pairwise(walk.outside)):
        walk.outside = array("q", sorted(walk.outside))
    bounds = array("q", [0])
    kinds = bytearray()
    previous_end = 0
    for item, following in slices.unhurried(zip_longest(walk.items, walk.items[1:])):
        start = item.start if item.flow else _entry_start(data, previous_end, item.start)
        end = item.end if item.flow else _entry_end(data, walk.outside, item, following)
        if start > bounds[-1]:
            bounds.append(start)
            kinds.append(PieceKind.GLUE)
        bounds.append(end)
        kinds.append(item.kind)
        previous_end = end if item.flow else item.end
    if len(data) > bounds[-1] or not kinds:
        bounds.append(len(data))
        kinds.append(PieceKind.GLUE)
    flow = any(item.flow for item in walk.items)
    path = walk.items[0].path if walk.items else ()
    return Layout(Syntax.YAML, path, Pieces(data, bounds, kinds), exact=True, flow=flow, links=walk.links)


def _to_bytes(walk: _Walk, slices: Slices) -> None:
    """Turns the offsets of a finished walk from code points into bytes."""
    for item in slices.unhurried(walk.items):
        item.start, item.end = slices.byte_offset(item.start), slices.byte_offset(item.end)
    walk.outside = array("q", map(slices.byte_offset, slices.unhurried(walk.outside)))


def _entry_start(data: bytes, previous_end: int, start: int) -> int:
    """The start of the line of the dash before an item.

    An item's mark stands behind its dash, which may stand on a line before. In front of that there may be other
    lists.
    """
    dash = None
    for dash in _ITEM_LINE.finditer(data, previous_end, start):  # noqa: B007 - the last one counts
        pass
    return dash.start() if dash else _line_start(data, 0, start)


def _entry_end(data: bytes, outside: Sequence[int], item: _Item, following: _Item | None) -> int:
    """Where an entry of a block list ends: at the next entry, else at the next thing of the top level."""
    top = _next(outside, item.end, len(data))
    # An empty one at the very end stands where the document ends.
    if following is not None and following.start <= top:
        return _entry_start(data, item.end, following.start)
    head = _line_start(data, item.end, top)
    return top if data[head:top].strip() else head


def _line_start(data: bytes, start: int, end: int) -> int:
    """Where the line begins on which `end` stands, but not before `start`."""
    return max(data.rfind(b"\n", start, end) + 1, data.rfind(b"\r", start, end) + 1, start)


def _next(offsets: Sequence[int], start: int, default: int) -> int:
    at = bisect_left(offsets, start)
    return offsets[at] if at < len(offsets) else default
