"""Each content coding by itself: recognised, undone within bounds, and done again as it was done before.

Recognising: gzip and zstd have a magic number, zlib a checked header; br and raw deflate have nothing, so they
are tried only where a header names them. Doing again: the level that reproduces the recorded bytes is looked
for, and the header of the old data is kept (gzip: RFC 1952, section 2.3; zlib: RFC 1950, section 2.2).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

import msgspec

from viewer.cassette.patterns import regex

# Looking for the level costs a compression per try; larger bodies get the default.
_SEARCH_LIMIT = 4 << 20
_BR_SEARCH_LIMIT = 1 << 18
# brotli before 1.2 cannot bound its output. A metablock of 16 MiB takes some bytes, hence small bites.
_BR_BITE = 32
_BR_PIECE = 1 << 18
_BR_HEAD = 1 << 12
_ZSTD_MAX_WINDOW = 1 << 27
# Nor does zstandard bound its output: four bytes may be a block of 128 KiB.
_ZSTD_BITE = 1 << 10
# Deflate makes at most a thousand times as many bytes of it.
_ZLIB_BITE = 1 << 14
_FIRST_BITE = 1 << 9
_PADDING = regex(rb"\0*+")
_AWS_CHUNK = regex(rb"([0-9a-fA-F]{1,8})(;[^\r\n]*)?\r\n")


class CodingError(Exception):
    """The data cannot be decompressed; the message says why, as the end of a sentence."""


class TooLargeError(CodingError):
    """More would come out than is allowed."""


class Coding(msgspec.Struct, frozen=True):
    """A content coding.

    `found` tells whether data begins with it, as far as its first bytes show; `needs_header` that only a
    header can tell. `decode(data, limit)` raises CodingError, also where more than `limit` bytes would come
    out. `encode(content, old_data, old_content)` compresses as old_data was compressed from old_content.
    `is_certain`: `found` is never wrong, so that a failure to decode is the data's own fault.
    """

    name: str
    found: Callable[[bytes], bool]
    decode: Callable[[bytes, int], bytes]
    encode: Callable[[bytes, bytes, bytes], bytes]
    needs_header: bool = False
    is_certain: bool = False


class _Inflater(Protocol):
    """What zlib and zstandard give to decompress one stream with."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...


def _first_stream(
    data: bytes,
    start: int,
    decoder: _Inflater,
    decompress: Callable[[bytes, int], bytes],
    bite: int,
    limit: int,
) -> tuple[bytes, int]:
    """The content of the stream at `start`, and the place behind it; CodingError for more than `limit` bytes.

    It is fed in bites that grow to `bite` bytes: what is left over of one is copied, and a body may consist of a
    million empty streams.
    """
    pieces: list[bytes] = []
    size, position, step = 0, start, _FIRST_BITE
    while not decoder.eof:
        eaten = data[position : position + step]
        if not eaten:
            raise CodingError("is cut off")
        piece = decompress(eaten, limit - size + 1)
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            raise _too_large(limit)
        position += len(eaten)
        if step < bite:
            step *= 2
    return b"".join(pieces), position - len(decoder.unused_data)


def _inflate(data: bytes, window_bits: int, limit: int, start: int = 0) -> tuple[bytes, int]:
    """The content of the zlib, gzip or raw stream at `start`, and the place behind it."""
    inflater = zlib.decompressobj(window_bits)
    try:
        return _first_stream(data, start, inflater, inflater.decompress, _ZLIB_BITE, limit)
    except zlib.error as error:
        raise CodingError(f"is damaged ({error})") from error


def _too_large(limit: int) -> TooLargeError:
    return TooLargeError(f"would decompress to more than {limit >> 20} MiB")


def _gunzip(data: bytes, limit: int) -> bytes:
    """All members, one behind the other; zero bytes behind them are padding."""
    pieces: list[bytes] = []
    position, end = 0, len(data.rstrip(b"\0"))
    while position < end:
        content, position = _inflate(data, 31, limit, position)
        limit -= len(content)
        pieces.append(content)
        if position < end and data[position] == 0:
            position = _behind_padding(data, position)
    return b"".join(pieces)


def _behind_padding(data: bytes, position: int) -> int:
    padding = _PADDING.match(data, position)
    return padding.end() if padding else position


def _gzip(content: bytes, old: bytes, old_content: bytes) -> bytes:
    header = old[: _gzip_header_length(old)]
    likely = {2: 9, 4: 1}.get(header[8], 6)
    deflated = _deflate_like(content, old[len(header) :], old_content, 15, likely)
    size = (len(content) & 0xFFFFFFFF).to_bytes(4, "little")
    return header + deflated + zlib.crc32(content).to_bytes(4, "little") + size


def _gzip_header_length(data: bytes) -> int:
    flags, position = data[3], 10
    if flags & 4:
        position += 2 + int.from_bytes(data[10:12], "little")
    for flag in (8, 16):
        if flags & flag:
            position = data.index(b"\0", position) + 1
    return position + (2 if flags & 2 else 0)


def _unzlib(data: bytes, limit: int) -> bytes:
    content, end = _inflate(data, 15, limit)
    if end < len(data):
        raise CodingError("has something else behind it")
    return content


def _zlib(content: bytes, old: bytes, old_content: bytes) -> bytes:
    window_bits = (old[0] >> 4) + 8
    likely = (1, 5, 6, 9)[old[1] >> 6]
    deflated = _deflate_like(content, old[2:], old_content, window_bits, likely)
    return old[:2] + deflated + zlib.adler32(content).to_bytes(4, "big")


def _is_zlib(data: bytes) -> bool:
    if len(data) < 8 or data[0] & 15 != 8 or data[0] >> 4 > 7:
        return False
    return (data[0] << 8 | data[1]) % 31 == 0 and not data[1] & 32


def _undeflate(data: bytes, limit: int) -> bytes:
    content, end = _inflate(data, -15, limit)
    if end < len(data):
        raise CodingError("has something else behind it")
    return content


def _raw_deflate(content: bytes, old: bytes, old_content: bytes) -> bytes:
    return _deflate_like(content, old, old_content, 15, 6)


def _deflate_like(content: bytes, old: bytes, old_content: bytes, window_bits: int, likely: int) -> bytes:
    """Raw deflate data of `content`, at the level whose output `old` begins with; else at the likely one."""
    levels = [likely, *(level for level in (6, 9, 1, 5, 4, 3, 2, 7, 8, 0) if level != likely)]
    bits = max(window_bits, 9)
    if len(old_content) <= _SEARCH_LIMIT:
        likely = next(
            (level for level in levels if old.startswith(_deflate(old_content, level, bits))), likely
        )
    return _deflate(content, likely, bits)


def _deflate(content: bytes, level: int, window_bits: int) -> bytes:
    deflater = zlib.compressobj(level, zlib.DEFLATED, -window_bits)
    return deflater.compress(content) + deflater.flush()


def _unbrotli(data: bytes, limit: int) -> bytes:
    import brotli

    decompressor = brotli.Decompressor()
    is_bounded = hasattr(decompressor, "can_accept_more_data")
    pieces: list[bytes] = []
    size, claim = 0, _brotli_claim(data)
    if is_bounded and claim > limit and _begins_with_little_memory(data):
        raise _too_large(limit)
    try:
        for piece in (
            _unbrotli_bounded(data, decompressor) if is_bounded else _unbrotli_all(data, decompressor)
        ):
            pieces.append(piece)
            size += len(piece)
            # Told by what begins as brotli does, since text may be labelled so; its first bytes would claim anything.
            if size > limit or (piece and claim > limit):
                raise _too_large(limit)
    except brotli.error as error:
        raise CodingError("is damaged") from error
    if not decompressor.is_finished():
        raise CodingError("is cut off")
    return b"".join(pieces)


def _brotli_claim(data: bytes) -> int:
    """How many bytes of content the first meta-block holds, as its header has it (RFC 7932, sections 9.1 and 9.2).

    0 where it holds none. To decompress as many as are allowed, to find that there are more, takes a hundred times
    as long as to read this.
    """
    bits = int.from_bytes(data[:8], "little")
    bits >>= _brotli_window_bits(bits)
    is_last = bits & 1
    bits >>= 1
    if is_last:
        if bits & 1:
            return 0
        bits >>= 1
    nibbles = 4 + (bits & 3)
    return 0 if nibbles == 7 else (bits >> 2 & (1 << 4 * nibbles) - 1) + 1


def _brotli_window_bits(bits: int) -> int:
    """How many bits tell the window's size; a single 0 stands for 64 KiB (RFC 7932, section 9.1)."""
    return 1 if not bits & 1 else 4 if bits & 0b1110 else 7


def _begins_with_little_memory(data: bytes) -> bool:
    """Whether something comes out of the data where a window of 64 KiB stands in the place of its own.

    Nothing comes out before a window is full, and to fill one of 16 MiB takes 30 ms: too long for each of a thousand
    bodies. What refers to something farther back than 64 KiB counts as damaged here.
    """
    import brotli

    head = data[:_BR_HEAD]
    bits = int.from_bytes(head, "little")
    narrow = (bits >> _brotli_window_bits(bits) << 1).to_bytes(len(head), "little")
    try:
        return bool(brotli.Decompressor().process(narrow, output_buffer_limit=1))
    except brotli.error:
        return False


def _unbrotli_bounded(data: bytes, decompressor: Any) -> Iterator[bytes]:
    """The content, some hundred kilobytes at a time; nothing more comes where the data is cut off."""
    piece = decompressor.process(data, output_buffer_limit=_BR_PIECE)
    while piece:
        yield piece
        piece = (
            b"" if decompressor.is_finished() else decompressor.process(b"", output_buffer_limit=_BR_PIECE)
        )


def _unbrotli_all(data: bytes, decompressor: Any) -> Iterator[bytes]:
    """The content as older versions give it."""
    for start in range(0, len(data), _BR_BITE):
        yield decompressor.process(data[start : start + _BR_BITE])


def _brotli(content: bytes, old: bytes, old_content: bytes) -> bytes:
    import brotli

    quality = 5
    if len(old_content) <= _BR_SEARCH_LIMIT:
        tries: Iterable[int] = (4, 5, 6, 1, 3, 11)
        quality = next((q for q in tries if brotli.compress(old_content, quality=q) == old), 5)
    return bytes(brotli.compress(content, quality=quality))


def _unzstd(data: bytes, limit: int) -> bytes:
    """All frames, one behind the other."""
    import zstandard

    decompressor = zstandard.ZstdDecompressor(max_window_size=_ZSTD_MAX_WINDOW)
    pieces: list[bytes] = []
    position = 0
    try:
        while position < len(data):
            frame = decompressor.decompressobj()
            decompress = lambda bite, room, frame=frame: frame.decompress(bite)  # noqa: E731
            content, position = _first_stream(data, position, frame, decompress, _ZSTD_BITE, limit)
            limit -= len(content)
            pieces.append(content)
    except zstandard.ZstdError as error:
        raise CodingError(f"is damaged ({error})") from error
    return b"".join(pieces)


def _zstd(content: bytes, old: bytes, old_content: bytes) -> bytes:
    import zstandard

    def compressed(value: bytes, level: int) -> bytes:
        parameters = zstandard.ZstdCompressionParameters.from_level(
            level, write_checksum=frame.has_checksum, write_content_size=frame.content_size < 1 << 63
        )
        return zstandard.ZstdCompressor(compression_params=parameters).compress(value)

    frame = zstandard.get_frame_parameters(old)
    level = 3
    if len(old_content) <= _SEARCH_LIMIT:
        level = next((level for level in (3, 1, 6, 9, 19) if compressed(old_content, level) == old), 3)
    return compressed(content, level)


def _unaws(data: bytes, limit: int) -> bytes:
    """The data of the chunks that AWS signs one by one (SigV4, "Transferring payload in multiple chunks")."""
    pieces: list[bytes] = []
    position = 0
    while chunk := _AWS_CHUNK.match(data, position):
        size = int(chunk[1], 16)
        if size == 0:
            return b"".join(pieces)
        pieces.append(data[chunk.end() : chunk.end() + size])
        position = chunk.end() + size + 2
        if data[position - 2 : position] != b"\r\n":
            break
    raise CodingError("is cut off or damaged")


def _aws(content: bytes, old: bytes, old_content: bytes) -> bytes:
    """One chunk with the old signature, which nothing here could renew, and the old end."""
    first = _AWS_CHUNK.match(old)
    end = re.search(rb"\r\n(0+(?:;[^\r\n]*)?\r\n(?s:.)*)\Z", old[-2000:])
    extension = (first[2] or b"") if first else b""
    tail = end[1] if end else b"0\r\n\r\n"
    chunk = b"%x%s\r\n%s\r\n" % (len(content), extension, content) if content else b""
    return chunk + tail


def _is_signed_chunk(data: bytes) -> bool:
    chunk = _AWS_CHUNK.match(data[:300])
    return bool(chunk and chunk[2] and chunk[2].startswith(b";chunk-signature="))


def _is_chunk(data: bytes) -> bool:
    return bool(_AWS_CHUNK.match(data[:300]))


# In the order in which they are tried.
CODINGS = (
    Coding("gzip", lambda data: data.startswith(b"\x1f\x8b\x08"), _gunzip, _gzip, is_certain=True),
    Coding("zstd", lambda data: data.startswith(b"\x28\xb5\x2f\xfd"), _unzstd, _zstd, is_certain=True),
    Coding("deflate", _is_zlib, _unzlib, _zlib),
    Coding("aws-chunked", _is_signed_chunk, _unaws, _aws, is_certain=True),
    Coding("aws-chunked", _is_chunk, _unaws, _aws, needs_header=True),
    Coding("br", lambda data: True, _unbrotli, _brotli, needs_header=True),
    Coding("deflate", lambda data: True, _undeflate, _raw_deflate, needs_header=True),
)
