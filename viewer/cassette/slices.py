"""UTF-8 text that libyaml reads by slices.

A text given to it whole is copied twice before the first event, and a single scalar of 10 MB holds the
interpreter's lock for an eighth of a second. Read by slices it comes back into Python at each of them: there other
threads get their turn, progress is told, and whoever is told may stop it all by raising. libyaml counts code
points; the slices know at which bytes they stand.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from viewer.cassette.model import ParseError
from viewer.cassette.patterns import regex
from viewer.cassette.pieces import decode, encode

_T = TypeVar("_T")

MOST_PENDING = 256 << 20
# libyaml takes one to three milliseconds for so many bytes.
_SLICE = 1 << 15
# So many things that take some microseconds each.
_AT_ONCE = 1 << 10
# The longest escape is `\\U0001F600`, of ten characters; a slice does not end in or just behind one.
_ESCAPE = 10
# So many bytes of nothing but escapes are read beyond a slice's end.
_MOST_ESCAPES = 1 << 15
_NO_ESCAPE = regex(rb"[^\\]{%d}" % _ESCAPE)


class Slices:
    """Something to read from, as PyYAML's loaders take it.

    `shadow` makes of a slice's text another one of the same length: what libyaml may see of it. `progress` is
    told the fraction of `data` read, and may raise to stop. `pending` are the bytes read since somebody set it to 0,
    as whoever gets an event does: libyaml keeps all that it has read of a value, several times over, so ParseError ends
    one of more than MOST_PENDING.
    """

    def __init__(
        self,
        data: bytes,
        shadow: Callable[[str], str],
        progress: Callable[[float], None] = lambda fraction: None,
    ) -> None:
        self.pending = 0
        self._data = data
        self._shadow = shadow
        self._progress = progress
        self._byte_starts = array("q", [0])
        self._starts = array("q", [0])
        self._shown: tuple[int, str] = (-1, "")
        # Code points of the slice shown, and how many bytes they are.
        self._counted = (0, 0)

    def read(self, size: int = -1) -> str:
        """The next slice, "" at the end; how much libyaml asks for does not matter, PyYAML keeps the rest."""
        start = self._byte_starts[-1]
        self._progress(start / (len(self._data) or 1))
        end = self._cut(start + _SLICE)
        text = decode(self._data[start:end])
        self.pending += end - start
        if self.pending > MOST_PENDING:
            raise ParseError(f"a value takes more than {MOST_PENDING >> 20} MiB, and is not read")
        if text:
            self._byte_starts.append(end)
            self._starts.append(self._starts[-1] + len(text))
        return self._shadow(text)

    def unhurried(self, things: Iterable[_T]) -> Iterator[_T]:
        """Gives `things` back; `progress` is told now and then that all is read, and may stop this."""
        for number, thing in enumerate(things):
            if number % _AT_ONCE == 0:
                self._progress(1.0)
            yield thing

    def byte_offset(self, offset: int) -> int:
        """The byte at which a code point stands that has been read; cheapest in ascending order."""
        at = min(bisect_right(self._starts, offset), len(self._starts) - 1) - 1
        if at < 0:
            return 0
        start, end = self._byte_starts[at], self._byte_starts[at + 1]
        inside = offset - self._starts[at]
        if end - start == self._starts[at + 1] - self._starts[at]:
            return start + inside
        return start + self._bytes_inside(at, inside)

    def _bytes_inside(self, at: int, inside: int) -> int:
        """How many bytes so many code points of a slice are; counted on from the last asked for, if fewer."""
        if self._shown[0] != at:
            self._shown = at, decode(self._data[self._byte_starts[at] : self._byte_starts[at + 1]])
            self._counted = 0, 0
        before, count = self._counted if self._counted[0] <= inside else (0, 0)
        self._counted = inside, count + len(encode(self._shown[1][before:inside]))
        return self._counted[1]

    def _cut(self, end: int) -> int:
        """Where a slice may end: neither inside a character nor near an escape, which a shadow has to see whole."""
        data = self._data
        if end < len(data):
            limit = min(end + _MOST_ESCAPES, len(data))
            clear = _NO_ESCAPE.search(data, max(0, end - _ESCAPE), limit)
            end = clear.end() if clear else limit
        for _ in range(3):
            end += end < len(data) and data[end] & 0xC0 == 0x80
        return min(end, len(data))
