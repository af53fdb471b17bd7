"""A row of pieces in a journal: laid out again over the text it parts, and over no other."""

from __future__ import annotations

import zlib
from array import array

import pytest

from tests.cassette.samples import GO_VCR_V2
from viewer.cassette.cassette import Cassette
from viewer.cassette.row_record import RowRecord
from viewer.cassette.source import source_of

DATA = GO_VCR_V2.encode()


def record(kinds: bytes, sizes: list[int], count: int | None = None) -> RowRecord:
    return RowRecord(
        len(kinds) if count is None else count,
        zlib.compress(kinds),
        zlib.compress(array("q", sizes).tobytes()),
    )


def test_a_row_survives_its_record() -> None:
    cassette = Cassette.of(source_of(DATA))
    again = RowRecord.of(cassette.pieces).lay_out(cassette.layout, DATA).pieces
    assert [again.piece(index) for index in range(len(again))] == [
        cassette.pieces.piece(index) for index in range(len(cassette.pieces))
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        record(b"\0", [len(DATA) - 1]),
        record(b"\0\1", [len(DATA) + 5, -5]),
        record(b"\0\1\1", [(1 << 63) - 1, (1 << 63) - 1, len(DATA)]),
        record(b"\7", [len(DATA)]),
        record(b"\0", [len(DATA)], count=-1),
        record(b"\0", [len(DATA)], count=1 << 62),
        RowRecord(1, b"no zlib", b""),
    ],
)
def test_a_row_of_another_text_is_refused(wrong: RowRecord) -> None:
    """Sizes that together go beyond 64 bits, or a count that does, raised OverflowError; some were taken."""
    layout = Cassette.of(source_of(DATA)).layout
    with pytest.raises(ValueError, match=r"row of|bytes where|check"):
        wrong.lay_out(layout, DATA)
