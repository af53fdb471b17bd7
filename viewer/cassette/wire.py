r"""The layout of httprr traces: HTTP messages as they go over the wire, each record led by its two lengths.

    httprr trace v1
    <bytes of the request> <bytes of the response>
    <request><response>…

Source: golang.org/x/oscar/internal/httprr, and its copy in langchaingo. Nothing separates the records, so the
lengths alone tell where each one ends.
"""

from __future__ import annotations

from viewer.cassette.layout import Layout, Syntax
from viewer.cassette.model import ParseError
from viewer.cassette.node import Mapping, Scalar
from viewer.cassette.patterns import regex
from viewer.cassette.pieces import PieceKind, Pieces, decode, encode

MAGIC = b"httprr trace v1\n"
_LENGTHS = regex(rb"(\d{1,12}) (\d{1,12})\n")


def split_wire(data: bytes) -> Layout:
    """The row of pieces of a trace: its first line, then its records.

    Raises ParseError, with the line, where a record's lengths are missing or say more than there is.
    """
    bounds = [0, len(MAGIC)]
    kinds = bytearray([PieceKind.GLUE])
    while bounds[-1] < len(data):
        bounds.append(_end_of_record(data, bounds[-1]))
        kinds.append(PieceKind.ENTRY)
    return Layout(Syntax.WIRE, (), Pieces(data, bounds, kinds), exact=True)


def _end_of_record(data: bytes, start: int) -> int:
    lengths = _LENGTHS.match(data, start)
    end = lengths.end() + int(lengths[1]) + int(lengths[2]) if lengths else 0
    if not lengths or end > len(data):
        what = "the record is longer than the file" if lengths else "two lengths are expected here"
        raise ParseError(what, line=data.count(b"\n", 0, start) + 1, column=1)
    return end


def parse_record(text: str) -> Mapping:
    """A record as a tree: `request` and `response`, each a scalar of wire text.

    Raises ParseError where the lengths are not those of the text.
    """
    data = encode(text)
    lengths = _LENGTHS.match(data)
    if lengths is None or lengths.end() + int(lengths[1]) + int(lengths[2]) != len(data):
        raise ParseError("the lengths of this record are wrong", line=1, column=1)
    middle = lengths.end() + int(lengths[1])
    request = _message("request", decode(data[lengths.end() : middle]), len(decode(data[: lengths.end()])))
    response = _message("response", decode(data[middle:]), request[1].end)
    return Mapping(0, len(text), "", [request, response], True)


def _message(name: str, text: str, start: int) -> tuple[Scalar, Scalar]:
    # The key stands nowhere in the file; its span is empty.
    return Scalar(start, start, "", name, ""), Scalar(start, start + len(text), "", text, "|")
