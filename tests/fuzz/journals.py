"""Bytes of a recovery journal: read or refused, and carried out or refused, whatever it says."""

from __future__ import annotations

import struct
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from tests.document.cassettes import text_of
from tests.fuzz.target import Target, ensure
from viewer.cassette.cassette import Cassette
from viewer.cassette.edits import SetMethod, SetUrl
from viewer.cassette.journal import (
    CarriedOut,
    Journal,
    Walked,
    baseline_of,
    digest_of,
    frame,
    parse_journal,
    title,
)
from viewer.cassette.model import CassetteError
from viewer.cassette.rebuild import rebuild
from viewer.cassette.row_record import RowRecord
from viewer.cassette.structure import DeleteInteractions

_FRAME = struct.Struct("<II")
_folder = tempfile.TemporaryDirectory(prefix="fuzz-journal-")
_cassette = Path(_folder.name) / "cassette.yaml"


def check(data: bytes) -> None:
    """A journal's own bytes, and the same with right checksums."""
    _check(data)
    _check(_with_right_frames(data))


def _check(data: bytes) -> None:
    try:
        journal = parse_journal(data)
    except CassetteError as err:
        ensure(str(err), "an error says something")
        return
    ensure(journal.count >= 0, "exchanges are counted")
    if not _cassette.exists():
        _cassette.write_text(text_of(3))
    here = msgspec.structs.replace(journal.baseline, path=bytes(_cassette))
    for digest in (journal.digest, digest_of([_cassette.read_bytes()])):
        _carry_out(msgspec.structs.replace(journal, baseline=here, digest=digest))


def _carry_out(journal: Journal) -> None:
    try:
        rebuilt = rebuild(journal)
    except CassetteError as err:
        ensure(str(err), "an error says something")
        return
    rebuilt.cassette.to_bytes()


def _with_right_frames(data: bytes) -> bytes:
    """Records that the input parts at each frame's length, each framed anew."""
    line, newline, rest = data.partition(b"\n")
    made = [line + newline]
    while len(rest) > _FRAME.size:
        length = min(_FRAME.unpack_from(rest)[0], len(rest) - _FRAME.size)
        payload = rest[_FRAME.size : _FRAME.size + length]
        made.append(_FRAME.pack(len(payload), zlib.crc32(payload)) + payload)
        rest = rest[_FRAME.size + length :]
    return b"".join(made)


def _seeds() -> Iterator[bytes]:
    _cassette.write_text(text_of(3))
    cassette = Cassette.open(_cassette)
    baseline = baseline_of(
        cassette,
        state=cassette.source.state,
        program="test",
        digest=b"x" * 32,
        row=RowRecord.of(cassette.pieces),
    )
    records = [frame(msgspec.structs.replace(baseline, path=b"/x", state=None))]
    for edit in (SetUrl(1, "https://é.test/"), DeleteInteractions((0,)), SetMethod(0, "PUT")):
        exchange = edit.exchange(cassette)
        cassette.apply(exchange)
        records.append(frame(CarriedOut.of(edit.label, edit.position, exchange)))
        yield title() + b"".join(records)
    yield title() + b"".join([*records, frame(Walked())])
    yield title(2)


TARGETS = (Target("journal", check, _seeds),)
