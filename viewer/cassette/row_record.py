"""A row of pieces as a record in a recovery journal: the kinds and the sizes of its pieces, without their text.

Edits leave a row that opening the saved file would not find again (a text with a marker in it, pieces of glue side
by side), and exchanges count on the row that they were made in.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from itertools import accumulate
from typing import TYPE_CHECKING

import msgspec

from viewer.cassette.pieces import PieceKind, Pieces

if TYPE_CHECKING:
    from viewer.cassette.layout import Layout

_SIZE = 8
_KINDS = frozenset(PieceKind)
_MOST = 1 << 40


class RowRecord(msgspec.Struct, frozen=True):
    """`kinds` holds a byte a piece, `sizes` a little-endian 64-bit number a piece; both deflated."""

    count: int
    kinds: bytes
    sizes: bytes

    @classmethod
    def of(cls, pieces: Pieces) -> RowRecord:
        """The record of a row as it stands."""
        kinds = bytearray(len(pieces))
        for kind in (PieceKind.ENTRY, PieceKind.SECOND):
            for index in pieces.entries(kind):
                kinds[index] = kind
        sizes = array("q", map(pieces.size, range(len(pieces))))
        return cls(len(pieces), zlib.compress(kinds, 1), zlib.compress(_little_endian(sizes), 1))

    def lay_out(self, layout: Layout, data: bytes) -> Layout:
        """`layout` with this row in it; raises ValueError where `data` is not what the row parts."""
        if not 0 <= self.count < _MOST:
            raise ValueError(f"a row of {self.count} pieces")
        sizes = _little_endian_array(array("q", _inflate(self.sizes, self.count * _SIZE)))
        kinds = _inflate(self.kinds, self.count)
        # Summed up as Python's numbers, which do not overflow.
        if min(sizes, default=0) < 0 or sum(sizes) != len(data) or not set(kinds) <= _KINDS:
            raise ValueError("the row of pieces is that of another text")
        return msgspec.structs.replace(
            layout, pieces=Pieces(data, array("q", accumulate(sizes, initial=0)), kinds)
        )


def _little_endian(numbers: array[int]) -> bytes:
    return _little_endian_array(numbers).tobytes()


def _little_endian_array(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers


def _inflate(data: bytes, size: int) -> bytes:
    """Exactly `size` bytes; raises ValueError for more, fewer or broken ones."""
    try:
        inflated = zlib.decompressobj().decompress(data, size + 1)
    except zlib.error as err:
        raise ValueError(str(err)) from err
    if len(inflated) != size:
        raise ValueError(f"{len(inflated)} bytes where {size} were recorded")
    return inflated
