"""The row of pieces and its exchanges."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.cassette.pieces import Exchange, Patch, Piece, PieceKind, Pieces, Splice, decode, encode

texts = st.lists(st.text(max_size=8), min_size=1, max_size=6)


def row_of(parts: list[str]) -> Pieces:
    datas = [encode(part) for part in parts]
    bounds = [0]
    for data in datas:
        bounds.append(bounds[-1] + len(data))
    return Pieces(b"".join(datas), bounds, bytes(PieceKind.ENTRY for _ in parts))


def joined(row: Pieces) -> str:
    return decode(b"".join(row.chunks()))


@given(texts, st.data())
def test_any_sequence_of_exchanges_does_what_lists_of_text_do_and_undoes(
    parts: list[str], data: st.DataObject
) -> None:
    row, model = row_of(parts), list(parts)
    done: list[Exchange] = []
    for _ in range(data.draw(st.integers(0, 6))):
        if data.draw(st.booleans()) and model:
            piece = data.draw(st.integers(0, len(model) - 1))
            start = data.draw(st.integers(0, len(model[piece])))
            end = data.draw(st.integers(start, len(model[piece])))
            new = data.draw(st.text(max_size=5))
            step: Patch | Splice = Patch(piece, start, model[piece][start:end], new)
            model[piece] = model[piece][:start] + new + model[piece][end:]
        else:
            at = data.draw(st.integers(0, len(model)))
            end = data.draw(st.integers(at, len(model)))
            new_parts = data.draw(st.lists(st.text(max_size=5), max_size=3))
            step = Splice(
                at,
                tuple(row.piece(index) for index in range(at, end)),
                tuple(Piece(PieceKind.ENTRY, encode(part)) for part in new_parts),
            )
            model[at:end] = new_parts
        exchange = Exchange((step,))
        row.apply(exchange)
        done.append(exchange)
        assert joined(row) == "".join(model)
        assert [row.text(index) for index in row.entries()] == model
        assert row.whole() == encode("".join(model))
        place = data.draw(st.integers(0, len(model)))
        assert row.newlines_before(place) == "".join(model[:place]).count("\n")
    for exchange in reversed(done):
        row.apply(exchange.inverse())
    assert joined(row) == "".join(parts)


def test_an_exchange_that_does_not_fit_changes_nothing() -> None:
    row = row_of(["one", "two"])
    with pytest.raises(ValueError, match="old text"):
        row.apply(Exchange((Patch(0, 0, "o", "O"), Patch(1, 0, "xx", "y"))))
    assert joined(row) == "onetwo"


def test_bytes_that_are_no_utf8_come_back() -> None:
    data = b"a\xff\xfeb\xed\xa0\x80"
    row = Pieces(data, [0, len(data)], bytes([PieceKind.ENTRY]))
    row.apply(Exchange((Patch(0, 0, "a", "A"),)))
    assert b"".join(row.chunks()) == b"A" + data[1:]


def test_entries_are_counted_by_kind() -> None:
    kinds = bytes([PieceKind.GLUE, PieceKind.ENTRY, PieceKind.SECOND, PieceKind.ENTRY, PieceKind.GLUE])
    row = Pieces(b"abcde", range(6), kinds)
    assert list(row.entries()) == [1, 3]
    assert list(row.entries(PieceKind.SECOND)) == [2]
    row.apply(Exchange((Splice(1, (row.piece(1),), ()),)))
    assert list(row.entries()) == [2]


def test_bounds_must_fit_the_kinds() -> None:
    with pytest.raises(ValueError, match="n \\+ 1"):
        Pieces(b"", [0], b"\0")


def test_an_unchanged_row_is_its_source_and_no_copy() -> None:
    data = b"one two"
    row = Pieces(data, [0, 4, 7], bytes([PieceKind.ENTRY, PieceKind.ENTRY]))
    assert row.whole() is data
    row.apply(Exchange((Splice(1, (row.piece(1),), ()),)))
    assert row.whole() == b"one "


def test_a_reader_gives_the_bytes_of_when_it_was_made() -> None:
    pieces = Pieces(b"abcdef", [0, 2, 6], bytes([PieceKind.ENTRY, PieceKind.ENTRY]))
    before = pieces.reader(1)
    pieces.apply(Exchange((Patch(1, 1, "de", "DE"),)))
    changed = pieces.reader(1)
    pieces.apply(Exchange((Patch(1, 0, "c", "C"), Splice(0, (pieces.piece(0),), ()))))
    assert (before(), changed(), pieces.reader(0)()) == (b"cdef", b"cDEf", b"CDEf")
