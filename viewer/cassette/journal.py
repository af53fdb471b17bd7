"""The recovery journal of a cassette with unsaved edits: the list of its exchanges, in a file of its own.

A journal is one line that tells its version, and then records, each behind its length and its CRC-32 (two
little-endian 32-bit numbers), in msgpack. The first record is the `Baseline`: which file it was, and what stood in
it. Then everything comes in the order in which it happened: exchanges as they were carried out (an undo is an
exchange too), and whatever else moved the row of pieces that they count on. Where the program or the machine died
while it wrote, the last record is cut short, which its length or its CRC shows, and it is dropped.

What stood in the file is told by a digest of its text, the UTF-8 behind compression and byte order mark, so that
a file which was only compressed anew still counts as the same.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from viewer.cassette.model import CassetteError
from viewer.cassette.pieces import Exchange, Patch, Piece, PieceKind, Splice

# msgspec reads these two from the annotations of what it decodes.
from viewer.cassette.row_record import RowRecord
from viewer.cassette.source import FileState
from viewer.cassette.storage import state_of

if TYPE_CHECKING:
    from viewer.cassette.cassette import Cassette

VERSION = 1
_TITLE = b"cassette-viewer recovery journal "
_FRAME = struct.Struct("<II")
_MOST_TITLE = 80


class JournalError(CassetteError):
    """A journal that cannot be read or applied; it is kept."""


class JournalVersionError(JournalError):
    """A journal of another version of the program."""


class PatchRecord(msgspec.Struct, frozen=True, array_like=True, tag="patch", gc=False):
    """A `Patch`. Texts are bytes, since msgpack's texts hold no lone surrogates (see `pieces.decode`)."""

    piece: int
    start: int
    old: bytes
    new: bytes


class SpliceRecord(msgspec.Struct, frozen=True, array_like=True, tag="splice"):
    """A `Splice`, its pieces as (kind, bytes)."""

    at: int
    removed: tuple[tuple[int, bytes], ...]
    inserted: tuple[tuple[int, bytes], ...]


class Baseline(msgspec.Struct, frozen=True, tag="baseline"):
    """What the exchanges start from.

    `path` is the cassette's, absolute, as the system's bytes. `digest` is empty where a later `TextDigest` tells
    it. `walked` says that the row of pieces was found by walking the whole file; `row` is the row itself where
    opening the file would not find the same.
    """

    path: bytes
    state: FileState | None
    format: str
    program: str = ""
    digest: bytes = b""
    walked: bool = False
    row: RowRecord | None = None


class TextDigest(msgspec.Struct, frozen=True, tag="digest"):
    """The digest of the baseline's text, where it took too long to wait for it."""

    digest: bytes


class CarriedOut(msgspec.Struct, frozen=True, tag="exchange"):
    """One exchange: a step done, undone or redone. `label` and `position` are those of its edit."""

    label: str
    position: int
    steps: tuple[PatchRecord | SpliceRecord, ...]

    @classmethod
    def of(cls, label: str, position: int, exchange: Exchange) -> CarriedOut:
        """The record of an exchange."""
        return cls(label, position, tuple(map(_recorded, exchange.steps)))

    def exchange(self) -> Exchange:
        """The exchange again."""
        return Exchange(tuple(map(_read, self.steps)))


class Walked(msgspec.Struct, frozen=True, tag="walked"):
    """The rows were found again, by a walk through the text as it stood then."""


class Replacing(msgspec.Struct, frozen=True, tag="replacing"):
    """A new file, with everything so far in it, was about to be renamed to `path`.

    Whether that happened tells the file there: it has this state then.
    """

    path: bytes
    state: FileState


Record = Baseline | TextDigest | CarriedOut | Walked | Replacing
Change = CarriedOut | Walked

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Record)


class Journal(msgspec.Struct, frozen=True):
    """A journal as it was read. `is_damaged` says that something behind its last record cannot be read."""

    baseline: Baseline
    changes: tuple[Change, ...]
    digest: bytes
    replacing: tuple[Replacing, ...] = ()
    is_damaged: bool = False

    @property
    def cassette_path(self) -> Path:
        """The cassette that it belongs to."""
        return Path(os.fsdecode(self.baseline.path))

    @property
    def count(self) -> int:
        """How many exchanges it holds."""
        return sum(isinstance(change, CarriedOut) for change in self.changes)

    def is_saved(self) -> bool:
        """Whether the program died after a save had done its work, and before the journal was removed."""
        return any(
            mark.state.is_still(state_of(Path(os.fsdecode(mark.path)))) for mark in self.replacing[-1:]
        )


def title(version: int = VERSION) -> bytes:
    """The first line of a journal."""
    return _TITLE + b"%d\n" % version


def frame(record: Record) -> bytes:
    """A record as it stands in a journal."""
    payload = _encoder.encode(record)
    return _FRAME.pack(len(payload), zlib.crc32(payload)) + payload


def digest_of(chunks: Iterable[bytes | memoryview]) -> bytes:
    """What tells a text from every other one."""
    # Loads OpenSSL, which takes as long as much else at the start.
    from hashlib import blake2b

    digest = blake2b(digest_size=32)
    for chunk in chunks:
        digest.update(chunk)
    return digest.digest()


def parse_journal(data: bytes) -> Journal:
    """Reads a journal's bytes, up to a record that was cut short or damaged.

    Raises JournalVersionError for another version's, JournalError for what is none or has no beginning.
    """
    records, end = _records(data, _end_of_title(data))
    baseline = records[0] if records else None
    if not isinstance(baseline, Baseline):
        raise JournalError("The beginning of this recovery journal is damaged.")
    digests = [record.digest for record in records if isinstance(record, Baseline | TextDigest)]
    return Journal(
        baseline,
        tuple(record for record in records if isinstance(record, CarriedOut | Walked)),
        next(filter(None, digests), b""),
        tuple(record for record in records if isinstance(record, Replacing)),
        is_damaged=not _is_cut_short(data, end),
    )


def _end_of_title(data: bytes) -> int:
    line, newline, _ = data[:_MOST_TITLE].partition(b"\n")
    version = line.removeprefix(_TITLE)
    if not newline or version == line or not version.isdigit():
        raise JournalError("This is no recovery journal, or its beginning is damaged.")
    if int(version) != VERSION:
        raise JournalVersionError(
            f"This recovery journal was written by another version of Cassette Viewer (version {int(version)} "
            f"of the journal, this one reads version {VERSION}).",
            remedy="Start that version to recover it.",
        )
    return len(line) + 1


def _records(data: bytes, at: int) -> tuple[list[Record], int]:
    """The records from offset `at`, and where the last good one ends."""
    records: list[Record] = []
    while True:
        payload = _payload(data, at)
        if payload is None:
            return records, at
        try:
            records.append(_decoder.decode(payload))
        except (msgspec.DecodeError, UnicodeDecodeError):  # the latter for a text that is no UTF-8
            return records, at
        at += _FRAME.size + len(payload)


def _payload(data: bytes, at: int) -> memoryview | None:
    if at + _FRAME.size > len(data):
        return None
    length, checksum = _FRAME.unpack_from(data, at)
    payload = memoryview(data)[at + _FRAME.size : at + _FRAME.size + length]
    return payload if length and len(payload) == length and zlib.crc32(payload) == checksum else None


def _is_cut_short(data: bytes, end: int) -> bool:
    """Whether what stands behind the last good record is nothing, or no more than one record's beginning.

    After a power failure blocks that never reached the disk read as zeros.
    """
    rest = data[end:]
    if len(rest) < _FRAME.size or not rest.strip(b"\0"):
        return True
    length, _ = _FRAME.unpack_from(rest)
    return bool(_FRAME.size + length >= len(rest))


def _recorded(step: Patch | Splice) -> PatchRecord | SpliceRecord:
    if isinstance(step, Patch):
        return PatchRecord(step.piece, step.start, _bytes(step.old), _bytes(step.new))
    return SpliceRecord(step.at, _pairs(step.removed), _pairs(step.inserted))


def _pairs(pieces: Iterable[Piece]) -> tuple[tuple[int, bytes], ...]:
    return tuple((int(piece.kind), piece.data) for piece in pieces)


def _read(record: PatchRecord | SpliceRecord) -> Patch | Splice:
    if isinstance(record, PatchRecord):
        return Patch(record.piece, record.start, _text(record.old), _text(record.new))
    return Splice(record.at, tuple(_pieces(record.removed)), tuple(_pieces(record.inserted)))


def _pieces(pairs: Iterable[tuple[int, bytes]]) -> Iterator[Piece]:
    for kind, data in pairs:
        yield Piece(PieceKind(kind), data)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")


def baseline_of(
    cassette: Cassette, *, state: FileState | None, program: str, digest: bytes, row: RowRecord | None
) -> Baseline:
    """The baseline of a cassette as it stands, which is what its file holds."""
    path = cassette.path
    if path is None:
        raise ValueError("a cassette without a file has no baseline")
    return Baseline(
        os.fsencode(path.absolute()), state, cassette.format.name, program, digest, cassette.layout.exact, row
    )
