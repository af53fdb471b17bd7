"""What lists show of cassettes: two of them compared, and rows that a filter narrows."""

from __future__ import annotations

from collections.abc import Iterator

from tests.cassette.samples import GO_VCR_V2
from tests.document.cassettes import text_of
from tests.fuzz.samples import samples
from tests.fuzz.target import Target, ensure
from viewer.cassette.cassette import Cassette, read_interaction
from viewer.cassette.charset import decode_bytes
from viewer.cassette.model import CassetteError
from viewer.cassette.source import source_of
from viewer.compare.comparison import Comparison
from viewer.compare.views import View
from viewer.document.filter import parse
from viewer.document.summary import summarise

_SEPARATOR = b"\xff\xfc\xfb"
_PAIRS = 12


def check_comparison(data: bytes) -> None:
    """Every interaction of two cassettes stands in one pair, and each pair can be shown in every view."""
    left, _, right = data.partition(_SEPARATOR)
    try:
        comparison = Comparison(Cassette.of(source_of(left)), Cassette.of(source_of(right)))
    except CassetteError:
        return
    pairs = comparison.pairs
    lefts = [pair.left for pair in pairs if pair.left is not None]
    rights = [pair.right for pair in pairs if pair.right is not None]
    ensure(sorted(lefts) == list(range(len(comparison.left))), "each on the left is in one pair", pairs)
    ensure(sorted(rights) == list(range(len(comparison.right))), "each on the right is in one pair", pairs)
    for pair in pairs[:_PAIRS]:
        comparison.heading(pair), comparison.summary(pair), comparison.figures(pair)
        comparison.notes(pair), comparison.recorded(pair)
        same = left == right and pair.left == pair.right
        ensure(not same or not comparison.differing(pair), "what is the same does not differ", pair)
        for view in View:
            comparison.sides(pair, view)


_ROWS = [
    (summarise(interaction, 100), interaction)
    for text in (text_of(4), GO_VCR_V2)
    for cassette in [Cassette.of(source_of(text.encode()))]
    for interaction in [read_interaction(cassette, position) for position in range(len(cassette))]
]


def check_filter(data: bytes) -> None:
    """Any text is a filter; one that narrows another matches nothing that the other does not."""
    text = decode_bytes(data)
    wide, narrow = parse(text[: len(text) // 2]), parse(text)
    for row, interaction in _ROWS:
        wide.matches_bodies(interaction), wide.likely_in(text)
        if narrow.narrows(wide) and narrow.matches(row):
            ensure(wide.matches(row), "what narrows matches no more", text, row)


def _pairs() -> Iterator[bytes]:
    go = GO_VCR_V2.encode()
    yield go + _SEPARATOR + go
    yield go + _SEPARATOR + go.replace(b"abc", b"abd").replace(b"404", b"500").replace(b"Ol", b"Hi")
    yield text_of(3).encode() + _SEPARATOR + text_of(5).encode()
    for texts in samples().values():
        yield texts[0] + _SEPARATOR + texts[1]


def _filters() -> Iterator[bytes]:
    yield b'status:4xx -method:post host:"a b" has:tool model:m body:abc -x "'
    yield b"path:/v1 http 200 status:none has:"


TARGETS = (
    Target("comparison", check_comparison, _pairs, ("request", "response", "body", "headers"), 6000),
    Target(
        "filter",
        check_filter,
        _filters,
        ("status:", "method:", "has:stream", "body:", "-", '"'),
        max_length=100,
    ),
)
