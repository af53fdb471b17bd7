"""Where the entries of a JSON cassette stand in its bytes, without building anything of them.

msgspec gives the entries' texts in C (15 MB in 0.08 s); between two of them there is nothing but a comma and
blanks, so each place follows from the one before. A large file is given to it by windows, since it holds the
interpreter's lock: a window is cut where an entry seems to end, and if what is in it reads as whole values it
was cut right, since a text that begins with a value can be read in one way only. What msgspec refuses (NaN, half
a surrogate pair, a BOM, a mistake inside an entry) is split by brackets and strings alone.
"""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Callable, Collection, Iterator
from collections.abc import Sequence as SequenceType
from functools import lru_cache
from itertools import accumulate, repeat
from operator import add
from typing import Any, cast

import msgspec

from viewer.cassette.model import ParseError
from viewer.cassette.patterns import regex

_BOM = b"\xef\xbb\xbf"
_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_KEY = regex(rb"[ \t\n\r]*+,?[ \t\n\r]*+(" + _STRING + rb")[ \t\n\r]*+:[ \t\n\r]*+", re.DOTALL)
_SCALAR = regex(_STRING + rb"|[^\s,:\[\]{}\"]++", re.DOTALL)
# The brackets that matter while a value is skipped; strings are matched so that those in them do not count.
# A quote alone is a string without an end.
_NESTING = regex(_STRING + rb'|[{}\[\]"]', re.DOTALL)
_OPENING, _CLOSING = (b"{", b"["), (b"}", b"]")
_SEPARATOR = regex(rb"[ \t\n\r]*+,[ \t\n\r]*+")
_LIST_END = regex(rb"[ \t\n\r]*+\]")
_BLANKS = regex(rb"[ \t\n\r]*+")
# What an entry begins with, as far as the others will begin alike.
_OPENING_KEY = regex(rb"\{[ \t\n\r]*+(?:" + _STRING + rb"[ \t\n\r]*+:)?", re.DOTALL)

# No recorder puts its list behind so many other members.
_MOST_MEMBERS = 100_000

Progress = Callable[[float], None]

# msgspec reads so many bytes in a millisecond or two, out of the nearest memory. A smaller file is read at once: it
# holds the interpreter's lock for some ten milliseconds, and no part of it is copied.
_WINDOW = 1 << 20
_AT_ONCE = 1 << 24


class EntrySpans(msgspec.Struct, frozen=True):
    """The byte spans of a list's entries.

    `spans` holds start, end, start, end …; `list_start` is the place behind the list's `[`, `list_end` that
    of its `]`. All count from the start of the data, a byte order mark included.
    """

    spans: array[int]
    list_start: int
    list_end: int

    def __len__(self) -> int:
        return len(self.spans) // 2

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(self.spans[::2], self.spans[1::2], strict=True)


def split_entries(data: bytes, path: tuple[str, ...] = ()) -> EntrySpans | None:
    """The entries of the list under the keys `path` (`("log", "entries")`); () is a list at the top.

    None where there is no such list. Of a key that occurs twice the last counts, as for every JSON reader.
    Raises ParseError where the list is not closed, or there is text in it that belongs to no entry.
    """
    return split_fast(data, path) or split_slowly(data, path)


def first_key(data: bytes, wanted: Collection[str]) -> str | None:
    """The first key of the mapping at the top that is one of `wanted`, as far as the text can be followed."""
    for name, _ in _members(data, _behind_blanks(data, _value_start(data))):
        key = name[1:-1].decode("utf-8", "surrogateescape")
        if key in wanted:
            return key
    return None


def split_fast(
    data: bytes, path: tuple[str, ...], progress: Progress = lambda fraction: None
) -> EntrySpans | None:
    """The entries as msgspec finds them; None where it refuses the file, or there is no such list.

    `progress` is told the fraction done, and may raise to stop.
    """
    start = next(_values_at(data, path), None)
    if start is None or data[start : start + 1] != b"[":
        return None
    spans = array("q")
    first = _behind_blanks(data, start + 1)
    position = _read_windows(data, first, spans, progress)
    try:
        texts = _decoded(_without(data, first, position), path)
    except (msgspec.DecodeError, RecursionError):
        return None
    if not _locate(data, texts, position, spans):
        return None
    closing = _LIST_END.match(data, spans[-1] if texts else position)
    if closing is None:
        return None
    if (
        path
        and _is_named(data, path[-1], closing.end())
        and (position > first or not _are(texts, data, spans))
    ):
        return None
    return EntrySpans(spans, start + 1, closing.end() - 1)


def _read_windows(data: bytes, first: int, spans: array[int], progress: Progress) -> int:
    """Adds the entries of a large list up to its last window; where the entry behind them stands."""
    position = first
    for cut, behind in _cuts(data, first):
        progress(position / len(data))
        try:
            texts = _decoded([b"[", memoryview(data)[position:cut], b"]"], ())
        except (msgspec.DecodeError, RecursionError):
            break  # cut in the middle of an entry, or broken: reading the rest as one tells
        _locate(data, texts, position, spans)
        position = behind
    return position


def _cuts(data: bytes, first: int) -> Iterator[tuple[int, int]]:
    """Where to cut a large list into windows: the end of an entry, and the start of the next one."""
    if len(data) <= _AT_ONCE:
        return
    end = _behind_value(data, first)
    separator = _SEPARATOR.match(data, end) if end else None
    opening = _OPENING_KEY.match(data, separator.end()) if separator else None
    if separator is None or opening is None:
        return
    seam = b"}" + separator[0]
    cut = data.find(seam + opening[0], first + _WINDOW)
    while cut >= 0:
        yield cut + 1, cut + len(seam)
        cut = data.find(seam + opening[0], cut + _WINDOW)


def _is_named(data: bytes, key: str, start: int) -> bool:
    """Whether a key is named again behind its list: what msgspec found is then perhaps another list's."""
    return data.find(json.dumps(key, ensure_ascii=False).encode(), start) >= 0


def _are(texts: list[msgspec.Raw], data: bytes, spans: array[int]) -> bool:
    """Whether the texts are what stands at the spans."""
    places = zip(spans[::2], spans[1::2], strict=True)
    return all(data[start:end] == bytes(text) for text, (start, end) in zip(texts, places, strict=True))


def _without(data: bytes, first: int, position: int) -> list[memoryview]:
    """The parts of the file without the entries from `first` to `position`, which have been read."""
    view = memoryview(data)
    start = _value_start(data)
    return [view[start:]] if first == position else [view[start:first], view[position:]]


def _locate(data: bytes, texts: list[msgspec.Raw], position: int, spans: array[int]) -> bool:
    """Adds the places of `texts`, of which the first stands at `position`, by their lengths.

    False where there is something else than a comma between two of them.
    """
    sizes = [len(memoryview(raw)) for raw in texts]
    return _locate_alike(data, sizes, position, spans) or _locate_one_by_one(data, sizes, position, spans)


def _locate_alike(data: bytes, sizes: list[int], position: int, spans: array[int]) -> bool:
    """The same, where between all of them stands what stands between the first two; else False, and nothing added."""
    separator = _SEPARATOR.match(data, position + sizes[0]) if len(sizes) > 1 else None
    if separator is None:
        return False
    gap = len(separator[0])
    starts = list(accumulate([size + gap for size in sizes[:-1]], initial=position))
    ends = list(map(add, starts, sizes))
    if not all(map(data.startswith, repeat(separator[0] + b"{"), ends[:-1])):
        return False
    places = [0] * (2 * len(sizes))
    places[::2], places[1::2] = starts, ends
    spans.extend(places)
    return True


def _locate_one_by_one(data: bytes, sizes: list[int], position: int, spans: array[int]) -> bool:
    places: list[int] = []
    for number, size in enumerate(sizes):
        places += position, position + size
        position += size
        if number < len(sizes) - 1:
            separator = _SEPARATOR.match(data, position)
            if separator is None:
                return False
            position = separator.end()
    spans.extend(places)
    return True


def _decoded(parts: SequenceType[bytes | memoryview], path: tuple[str, ...]) -> list[msgspec.Raw]:
    value: Any = _decoder(path).decode(parts[0] if len(parts) == 1 else b"".join(parts))
    for _ in path:
        value = value.value
    return cast("list[msgspec.Raw]", value)


@lru_cache
def _decoder(path: tuple[str, ...]) -> msgspec.json.Decoder[Any]:
    """Reads the list at `path` as texts, and passes over everything else."""
    shape: Any = list[msgspec.Raw]
    for key in reversed(path):
        shape = msgspec.defstruct("Holder", [("value", shape)], rename={"value": key})
    return msgspec.json.Decoder(shape)


def split_slowly(
    data: bytes, path: tuple[str, ...], progress: Progress = lambda fraction: None
) -> EntrySpans | None:
    """The entries as brackets and strings give them; raises as `split_entries` does.

    `progress` is told the fraction done, and may raise to stop.
    """
    start = None
    for start in _values_at(data, path):  # noqa: B007 - the last one counts
        pass
    if start is None or data[start : start + 1] != b"[":
        return None
    spans = array("q")
    position = _behind_blanks(data, start + 1)
    while not (closing := _LIST_END.match(data, position)):
        progress(position / len(data))
        if spans:
            separator = _SEPARATOR.match(data, position)
            if separator is None:
                raise _broken(data, position, "A comma or ] is expected behind the entry.")
            position = separator.end()
        end = _behind_value(data, position)
        if end is None:
            message = "The entry that begins here has no end; the file seems to be cut off or broken."
            raise _broken(data, position, message)
        spans.extend((position, end))
        position = end
    return EntrySpans(spans, start + 1, closing.end() - 1)


def _values_at(data: bytes, path: tuple[str, ...]) -> Iterator[int]:
    """Where the values under `path` begin, as far as the text can be followed; more than one for double keys."""
    starts: Iterator[int] = iter([_behind_blanks(data, _value_start(data))])
    for key in path:
        starts = _values_of(data, starts, json.dumps(key, ensure_ascii=False).encode())
    return starts


def _values_of(data: bytes, mappings: Iterator[int], key: bytes) -> Iterator[int]:
    for mapping in mappings:
        yield from (value for name, value in _members(data, mapping) if name == key)


def _members(data: bytes, start: int) -> Iterator[tuple[bytes, int]]:
    """Each key of the mapping at `start`, with its quotes, and where its value begins; of very many the first."""
    position: int | None = start + 1 if data[start : start + 1] == b"{" else None
    for _ in range(_MOST_MEMBERS):
        if position is None:
            return
        key = _KEY.match(data, position)
        if key is None:
            return
        yield key[1], key.end()
        position = _behind_value(data, key.end())


def _behind_value(data: bytes, start: int) -> int | None:
    """The place behind the value at `start`; None where there is none or it has no end."""
    scalar = _SCALAR.match(data, start)
    if scalar:
        return scalar.end()
    if data[start : start + 1] not in (b"{", b"["):
        return None
    depth = 0
    for match in _NESTING.finditer(data, start):
        token = match[0]
        if token in _OPENING:
            depth += 1
        elif token in _CLOSING:
            depth -= 1
            if depth == 0:
                return match.end()
        elif token == b'"':
            return None
    return None


def _value_start(data: bytes) -> int:
    return len(_BOM) if data.startswith(_BOM) else 0


def _behind_blanks(data: bytes, position: int) -> int:
    match = _BLANKS.match(data, position)
    return match.end() if match else position


def _broken(data: bytes, offset: int, message: str) -> ParseError:
    line_start = data.rfind(b"\n", 0, offset) + 1
    column = len(data[line_start:offset].decode("utf-8", "surrogateescape")) + 1
    return ParseError(message, line=data.count(b"\n", 0, offset) + 1, column=column)
