"""Which interactions an exchange takes out of a cassette and puts into it, for the views' rows."""

from __future__ import annotations

from bisect import bisect_left

import msgspec

from viewer.cassette.pieces import Exchange, Patch, PieceKind, Pieces, Splice


class RowChange(msgspec.Struct, frozen=True):
    """`removed` interactions gone from position `at`, `inserted` ones standing there now."""

    at: int
    removed: int
    inserted: int


def row_changes(pieces: Pieces, exchange: Exchange) -> tuple[RowChange, ...]:
    """The changes of rows that `exchange` will make in `pieces`, in its order; to be asked before it is made.

    A change that swaps an interaction for another counts as one removed and one inserted.
    """
    splices = [step for step in exchange.steps if isinstance(step, Splice)]
    if not splices:
        return ()
    kinds = pieces.kinds()
    return tuple(change for splice in splices if (change := _made(kinds, splice)))


def _made(kinds: bytearray, splice: Splice) -> RowChange | None:
    """The change of one splice, carried out on `kinds`."""
    before = kinds.count(PieceKind.ENTRY, 0, splice.at)
    removed = _entries(bytes(piece.kind for piece in splice.removed))
    inserted = _entries(bytes(piece.kind for piece in splice.inserted))
    kinds[splice.at : splice.at + len(splice.removed)] = bytes(piece.kind for piece in splice.inserted)
    return RowChange(before, removed, inserted) if removed or inserted else None


def _entries(kinds: bytes) -> int:
    return kinds.count(PieceKind.ENTRY)


def patched_positions(pieces: Pieces, exchange: Exchange) -> list[int]:
    """The interactions whose text the exchange patches; for one without splices, which move the indexes."""
    touched = {step.piece for step in exchange.steps if isinstance(step, Patch)}
    found: set[int] = set()
    for kind in (PieceKind.ENTRY, PieceKind.SECOND):
        entries = pieces.entries(kind)
        for piece in touched:
            at = bisect_left(entries, piece)
            if at < len(entries) and entries[at] == piece:
                found.add(at)
    return sorted(found)
