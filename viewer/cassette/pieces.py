"""The row of pieces that a file's text is made of, and the exchanges that change it.

A piece is glue or an entry (see `PieceKind`). Pieces that nobody changed are only a span of the source's bytes:
the row of a gigabyte with 300,000 entries takes 6 MB. A changed piece holds its own bytes.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterator, Sequence
from enum import IntEnum
from itertools import accumulate, compress

import msgspec


class PieceKind(IntEnum):
    """What a piece is: text around entries, an interaction's entry, or its second one (`responses:`)."""

    GLUE = 0
    ENTRY = 1
    SECOND = 2


class Piece(msgspec.Struct, frozen=True):
    """A piece as a value, to be put into a row or back into it."""

    kind: PieceKind
    data: bytes


class Patch(msgspec.Struct, frozen=True, gc=False):
    """One replacement inside a piece: `old` stands at code point `start` of its text, `new` replaces it."""

    piece: int
    start: int
    old: str
    new: str

    def inverse(self) -> Patch:
        """The patch that takes this one back."""
        return Patch(self.piece, self.start, self.new, self.old)


class Splice(msgspec.Struct, frozen=True):
    """Pieces taken out of the row at index `at`, and others put in their place."""

    at: int
    removed: tuple[Piece, ...]
    inserted: tuple[Piece, ...]

    def inverse(self) -> Splice:
        """The splice that takes this one back."""
        return Splice(self.at, self.inserted, self.removed)


class Exchange(msgspec.Struct, frozen=True):
    """Patches and splices that are done, and undone, as one; each counts from where the one before it left."""

    steps: tuple[Patch | Splice, ...]

    def inverse(self) -> Exchange:
        """The exchange that takes this one back."""
        return Exchange(tuple(step.inverse() for step in reversed(self.steps)))

    def __bool__(self) -> bool:
        return bool(self.steps)


def decode(data: bytes) -> str:
    """A piece's text; invalid bytes become lone surrogates U+DC80 to U+DCFF, and come back by `encode`."""
    return data.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """The bytes of a piece's text."""
    return text.encode("utf-8", "surrogateescape")


class Pieces:
    """The row itself. `bounds` are the ascending offsets where pieces of `data` begin and the last one ends."""

    def __init__(self, data: bytes, bounds: Sequence[int], kinds: bytes | bytearray) -> None:
        if len(bounds) != len(kinds) + 1:
            raise ValueError("a row of n pieces has n + 1 bounds")
        self._data = data
        self._starts = array("q", bounds[:-1])
        self._ends = array("q", bounds[1:])
        self._kinds = bytearray(kinds)
        self._changed: dict[int, bytes] = {}
        self._next_key = 0
        self._entries: dict[PieceKind, array[int]] = {}
        # How many newlines stand before each piece, as far as somebody asked.
        self._newlines = array("q", [0])

    def __len__(self) -> int:
        return len(self._kinds)

    def copy(self) -> Pieces:
        """A row of its own that holds the same; the bytes are shared."""
        copied = Pieces(self._data, array("q", [0]), b"")
        copied._starts, copied._ends = self._starts[:], self._ends[:]
        copied._kinds, copied._newlines = self._kinds[:], self._newlines[:]
        copied._changed, copied._next_key = dict(self._changed), self._next_key
        return copied

    def take_over(self, other: Pieces) -> None:
        """Becomes what a copy of this row is by now."""
        self._starts, self._ends, self._kinds = other._starts, other._ends, other._kinds
        self._changed, self._next_key = other._changed, other._next_key
        self._entries, self._newlines = other._entries, other._newlines

    def data(self, index: int) -> bytes:
        """The bytes of the piece at `index`."""
        start = self._starts[index]
        return self._data[start : self._ends[index]] if start >= 0 else self._changed[-1 - start]

    def reader(self, index: int) -> Callable[[], bytes]:
        """What gives the bytes of the piece at `index` as they are now, in any thread; they are not copied yet."""
        start, end, source = self._starts[index], self._ends[index], self._data
        if start < 0:
            changed = self._changed[-1 - start]
            return lambda: changed
        return lambda: source[start:end]

    def text(self, index: int) -> str:
        """The decoded text of the piece at `index`."""
        return decode(self.data(index))

    def size(self, index: int) -> int:
        """The length of the piece at `index`, in bytes."""
        start = self._starts[index]
        return self._ends[index] - start if start >= 0 else len(self._changed[-1 - start])

    def piece(self, index: int) -> Piece:
        """The piece at `index` as a value."""
        return Piece(PieceKind(self._kinds[index]), self.data(index))

    def entries(self, kind: PieceKind = PieceKind.ENTRY) -> array[int]:
        """The indexes of the pieces of this kind, ascending."""
        if kind not in self._entries:
            chosen = self._kinds.translate(bytes(other == kind for other in range(256)))
            self._entries[kind] = array("q", list(compress(range(len(chosen)), chosen)))
        return self._entries[kind]

    def kinds(self) -> bytearray:
        """The kind of each piece, in a copy."""
        return self._kinds[:]

    def newlines_before(self, index: int) -> int:
        """How many newlines stand in front of the piece at `index`.

        Each piece is counted once: asking for all of them costs no more than asking for the last.
        """
        counts = self._newlines
        for piece in range(len(counts) - 1, index):
            counts.append(counts[-1] + self._newlines_in(piece))
        return counts[index]

    def _newlines_in(self, index: int) -> int:
        start = self._starts[index]
        if start < 0:
            return self._changed[-1 - start].count(b"\n")
        return self._data.count(b"\n", start, self._ends[index])

    def chunks(self) -> Iterator[bytes | memoryview]:
        """All pieces in order; runs of unchanged neighbours come as one."""
        view = memoryview(self._data)
        start = end = 0
        for index in range(len(self._kinds)):
            at = self._starts[index]
            if at == end and at >= 0:
                end = self._ends[index]
                continue
            if end > start:
                yield from _blocks(view[start:end])
            if at < 0:
                yield self._changed[-1 - at]
                start = end = 0
            else:
                start, end = at, self._ends[index]
        if end > start:
            yield from _blocks(view[start:end])

    def whole(self) -> bytes:
        """All pieces as one: the source's own bytes where nothing is changed, without a copy."""
        in_place = self._starts[1:] == self._ends[:-1] and self._starts[:1] == array("q", [0])
        if in_place and self._ends[-1] == len(self._data):
            return self._data
        return b"".join(self.chunks())

    def only(self, kept: Collection[int]) -> Pieces:
        """A row of the same bytes in which no pieces but these are entries."""
        bounds = list(accumulate((self.size(index) for index in range(len(self))), initial=0))
        kinds = [kind if index in kept else PieceKind.GLUE for index, kind in enumerate(self._kinds)]
        return Pieces(self.whole(), bounds, bytes(kinds))

    def apply(self, exchange: Exchange) -> None:
        """Carries out the exchange.

        Raises ValueError, with nothing changed, where an `old` text is not what stands there.
        """
        done: list[Patch | Splice] = []
        try:
            for step in exchange.steps:
                self._apply_step(step)
                done.append(step)
        except ValueError:
            for step in reversed(done):
                self._apply_step(step.inverse())
            raise

    def _apply_step(self, step: Patch | Splice) -> None:
        if isinstance(step, Patch):
            self._patch(step)
        else:
            self._splice(step)

    def _patch(self, patch: Patch) -> None:
        data, start, old = self.data(patch.piece), patch.start, encode(patch.old)
        if patch.old.isascii() and data[:start].isascii():
            fits = data.startswith(old, start)
        else:
            text = decode(data)
            fits = text.startswith(patch.old, start)
            start = len(encode(text[:start]))
        if not fits:
            raise ValueError(f"piece {patch.piece} does not hold the patch's old text at {patch.start}")
        rest = memoryview(data)[start + len(old) :]
        self._set(patch.piece, b"".join((data[:start], encode(patch.new), rest)))

    def _set(self, index: int, data: bytes) -> None:
        if self._starts[index] >= 0:
            self._starts[index] = -1 - self._next_key
            self._next_key += 1
        self._changed[-1 - self._starts[index]] = data
        del self._newlines[index + 1 :]

    def _splice(self, splice: Splice) -> None:
        end = splice.at + len(splice.removed)
        if any(self.piece(splice.at + i) != piece for i, piece in enumerate(splice.removed)):
            raise ValueError(f"the row does not hold the splice's old pieces at {splice.at}")
        for start in self._starts[splice.at : end]:
            if start < 0:
                del self._changed[-1 - start]
        keys = range(self._next_key, self._next_key + len(splice.inserted))
        self._next_key = keys.stop
        self._starts[splice.at : end] = array("q", (-1 - key for key in keys))
        self._ends[splice.at : end] = array("q", (0 for _ in keys))
        self._kinds[splice.at : end] = bytes(piece.kind for piece in splice.inserted)
        self._changed.update(zip(keys, (piece.data for piece in splice.inserted), strict=True))
        self._entries.clear()
        del self._newlines[splice.at + 1 :]


def _blocks(view: memoryview, size: int = 1 << 24) -> Iterator[memoryview]:
    """A long view by blocks: who writes them can report progress and be stopped."""
    for at in range(0, len(view), size):
        yield view[at : at + size]
