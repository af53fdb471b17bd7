"""Compressed bodies that are made to swell, or to be slow."""

from __future__ import annotations

import gzip
import random
import tracemalloc
import zlib
from collections.abc import Iterator

import brotli
import pytest
import zstandard

from tests.hostile import at_once
from viewer.cassette import compression
from viewer.cassette.body import Body
from viewer.cassette.codings import undo_codings
from viewer.cassette.headers import Headers

ZSTD = zstandard.ZstdCompressor()
MB = 1 << 20


def _br(size: int) -> bytes:
    return bytes(brotli.compress(b"a" * size, quality=5))


def _deflate(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(b"a" * size) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "bomb"),
    [
        ("gzip", gzip.compress(b"a" * 40 * MB)),
        ("deflate", zlib.compress(b"a" * 40 * MB, 9)),
        ("deflate", _deflate(40 * MB)),
        ("br", _br(40 * MB)),
        ("zstd", ZSTD.compress(b"a" * 40 * MB)),
    ],
    ids=["gzip", "zlib", "deflate", "br", "zstd"],
)
def test_a_bomb_is_left_as_it_is_and_said_to_be_one(coding: str, bomb: bytes) -> None:
    found = undo_codings(bomb, (coding,))
    assert found.content == bomb
    assert found.is_too_large
    assert "would decompress to more than" in found.note
    body = Body(bomb, Headers.of([("content-encoding", coding)]))
    assert body.is_binary


@pytest.mark.skipif(
    not hasattr(brotli.Decompressor, "can_accept_more_data"), reason="this brotli cannot bound its output"
)
def test_of_a_brotli_bomb_little_is_held() -> None:
    """A few bytes of it are a block of 16 MB, which came out as a whole."""
    bomb = _br(40 * MB)
    tracemalloc.start()
    try:
        assert undo_codings(bomb, ("br",), limit=MB).is_too_large
        assert tracemalloc.get_traced_memory()[1] < 3 * MB
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("size", [0, 1, 3 * MB])
def test_brotli_gives_all_of_a_large_body_and_nothing_of_half_of_one(size: int) -> None:
    content = random.Random(1).randbytes(size)
    data = brotli.compress(content, quality=1)
    assert undo_codings(data, ("br",)).content == content
    for cut in (data[:-1], data[: size // 2]):
        assert not undo_codings(cut, ("br",)).layers


def test_layers_share_what_may_come_out() -> None:
    """Each of six layers could take the limit for itself."""
    data = b"a" * 9 * MB
    for _ in range(3):
        packer = zlib.compressobj(0, zlib.DEFLATED, 31)
        data = packer.compress(data) + packer.flush()
    found = undo_codings(data, limit=20 * MB)
    assert len(found.layers) == 2
    assert found.is_too_large


@pytest.mark.parametrize("empty", [gzip.compress(b""), ZSTD.compress(b"")], ids=["gzip", "zstd"])
def test_very_many_empty_streams_take_no_time(empty: bytes) -> None:
    """What followed each was copied: the square of their number."""
    with at_once():
        assert undo_codings(empty * 100_000).content == b""


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(b"one ") + gzip.compress(b"two ") + b"\0" * 600 + gzip.compress(b"three") + b"\0" * 9,
        ZSTD.compress(b"one ")
        + b"\x50\x2a\x4d\x18\x01\0\0\0x"
        + ZSTD.compress(b"two ")
        + ZSTD.compress(b"three"),
    ],
    ids=["gzip", "zstd"],
)
def test_streams_behind_each_other_are_one_content(data: bytes) -> None:
    assert undo_codings(data).content == b"one two three"


@pytest.mark.parametrize("cut", [1, 9, 4000])
def test_a_cut_off_stream_is_told(cut: int) -> None:
    words = b" ".join(b"%d" % number for number in range(100_000))
    for packed in (gzip.compress(words), ZSTD.compress(words)):
        assert undo_codings(packed).content == words
        assert "is cut off" in undo_codings(packed[:-cut]).note


def test_whether_a_body_swells_is_found_without_decoding_all_of_it() -> None:
    body = Body(gzip.compress(b"a" * 8 * MB), Headers())
    assert body.swells(MB)
    assert "_decoded" not in body.__dict__
    small = Body(gzip.compress(b"a" * 100), Headers())
    assert not small.swells(MB)
    assert small.content == b"a" * 100
    assert not Body(None).swells(MB)


@pytest.mark.parametrize("window", [10, 16, 17, 18, 22, 24])
@pytest.mark.parametrize("quality", [0, 1, 5, 11])
@pytest.mark.parametrize("size", [1, 15, 70_000, 1_100_000])
def test_brotli_tells_how_much_its_first_block_holds(size: int, quality: int, window: int) -> None:
    content = random.Random(size).randbytes(size // 2) + b"a" * (size - size // 2)
    claim = compression._brotli_claim(brotli.compress(content, quality=quality, lgwin=window))
    assert 0 < claim <= size
    assert compression._brotli_claim(brotli.compress(b"")) == 0


@pytest.mark.skipif(
    not hasattr(brotli.Decompressor, "can_accept_more_data"), reason="this brotli cannot bound its output"
)
def test_a_brotli_bomb_is_told_by_its_header(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "_BR_PIECE", 1 << 10)
    taken: list[int] = []
    bounded = compression._unbrotli_bounded

    def counted(data: bytes, decompressor: object) -> Iterator[bytes]:
        for piece in bounded(data, decompressor):
            taken.append(len(piece))
            yield piece

    monkeypatch.setattr(compression, "_unbrotli_bounded", counted)
    # Text that says nothing of its own size in a block, and refers to what is far back: it has to be decompressed.
    far = random.Random(1).randbytes(MB // 8)
    for content, most in ((b"a" * 8 * MB, 0), (far * 64, MB // 4)):
        assert undo_codings(brotli.compress(content, quality=5, lgwin=24), ("br",), limit=MB).is_too_large
        assert sum(taken) <= most


@pytest.mark.skipif(
    not hasattr(brotli.Decompressor, "can_accept_more_data"), reason="this brotli cannot bound its output"
)
@pytest.mark.parametrize("window", [10, 16, 17, 18, 22, 24])
@pytest.mark.parametrize("quality", [0, 1, 5, 11])
def test_the_narrow_window_is_read_as_the_own_one_is(window: int, quality: int) -> None:
    packed = brotli.compress(b"some words, some more words, " * 10_000, quality=quality, lgwin=window)
    assert compression._begins_with_little_memory(packed)
    assert not compression._begins_with_little_memory(b'{"id": 1}' * 1000)
    assert not compression._begins_with_little_memory(packed[:1])


@pytest.mark.parametrize("text", [b'{"id": 1}', b"data: {}\n\n", b"Hello, hello", b"\x0f\xff\xff\xff" * 9])
def test_what_is_labelled_brotli_and_is_none_claims_nothing(text: bytes) -> None:
    found = undo_codings(text, ("br",))
    assert found.content == text
    assert not found.is_too_large
