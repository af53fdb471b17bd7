"""A file as it was found: its bytes, and the facts about them that saving must restore.

Reading goes in this order: the file's bytes; off comes a gzip or zlib wrapping; off comes the byte order mark;
what is left is UTF-8 (possibly with invalid bytes, which stay). A UTF-16 file is held as UTF-8 and goes back
to UTF-16 when it is written. Writing goes the same way back, and an unedited file gives its own bytes.
"""

from __future__ import annotations

import codecs
import os
import stat
import struct
import zlib
from collections.abc import Callable, Iterator
from io import SEEK_END, BytesIO, FileIO
from pathlib import Path

import msgspec

from viewer.cassette.model import ReadError

# A bomb of a few kilobytes inflates to gigabytes; no recorder writes a cassette of this size compressed.
MAX_INFLATED = 1 << 30
# Text shrinks to a fifth, a thousand times the same entry to a hundredth.
_MAX_RATIO = 200
_ALWAYS_ALLOWED = 64 << 20

# A file that somebody writes while it is read is read so many times.
_ATTEMPTS = 3

# What swells so much is measured before it is kept.
_SUSPICIOUS_RATIO = 50

# Compressed bytes that are taken at once, of each member; deflate makes at most a thousand times as many of them.
_FIRST_BITE, _LAST_BITE = 1 << 9, 1 << 12

# Where the system does not tell how much memory there is.
_MOST_BYTES = 1 << 32

# So much is read between two reports of progress.
_BLOCK = 1 << 25

_UTF16_MARKS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_GZIP_MAGIC = b"\x1f\x8b"
_ZLIB_MAGICS = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")


class FileState(msgspec.Struct, frozen=True):
    """What tells one version of a file on disk from another."""

    device: int
    inode: int
    size: int
    modified_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> FileState:
        """The state that a stat call answered."""
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)

    def is_still(self, other: FileState | None) -> bool:
        """Whether this is `other`, from before the machine was started anew, which may number its devices anew."""
        return other is not None and msgspec.structs.replace(other, device=self.device) == self


class Source(msgspec.Struct, frozen=True):
    """A file's text as UTF-8 bytes in `data`, and how the file wraps them.

    `raw` is the file's own bytes where they differ from `data` (else empty). `wrapping` is "", "gzip" or
    "zlib"; `bom` the byte order mark; `encoding` that of the unwrapped file ("utf-8", "utf-16-le", "utf-16-be").
    """

    data: bytes
    raw: bytes = b""
    wrapping: str = ""
    bom: bytes = b""
    encoding: str = "utf-8"
    state: FileState | None = None

    def original(self) -> bytes:
        """The file's bytes as they were read."""
        return self.raw or self.data

    def is_plain(self) -> bool:
        """True where the file is its text and nothing else, so that it can be written piece by piece."""
        return not self.wrapping and self.encoding == "utf-8"

    def wrap(self, data: bytes) -> bytes:
        """The bytes of a file of this kind that holds `data` (UTF-8) instead."""
        if data is self.data or data == self.data:
            return self.original()
        if self.encoding != "utf-8":
            data = data.decode("utf-8").encode(self.encoding)
        data = self.bom + data
        if self.wrapping == "gzip":
            return _gzip_like(self.raw, data)
        if self.wrapping == "zlib":
            return _zlib_like(self.raw, data)
        return data


def read_source(path: Path, progress: Callable[[float], None] = lambda fraction: None) -> Source:
    """Reads the file at `path`.

    `progress` is told the fraction read, and may raise to stop. Raises ReadError for what is
    missing, no file, unreadable, broken inside its compression, or too large for the memory, or when decompressed.
    """
    raw, state = _read_bytes(path, progress)
    return msgspec.structs.replace(source_of(raw, path), state=state)


def source_of(raw: bytes, path: Path | None = None) -> Source:
    """The source that these bytes of a file make; raises ReadError as `read_source` does."""
    wrapping, data = _unwrap(raw, path)
    bom, encoding = b"", "utf-8"
    if data.startswith(codecs.BOM_UTF8):
        bom = codecs.BOM_UTF8
    for mark, name in _UTF16_MARKS:
        if data.startswith(mark):
            bom, encoding = mark, name
    if bom:
        data = data[len(bom) :]
    if encoding != "utf-8":
        data = _utf8(data, encoding, path)
    return Source(data, b"" if data is raw else raw, wrapping, bom, encoding)


def read_front(path: Path, most: int) -> bytes:
    """The first `most` bytes of a file's text, as UTF-8, whatever the rest is; raises ReadError where there is none."""
    try:
        with open(path, "rb", buffering=0, opener=_open_without_waiting) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise ReadError("This is no regular file.", path=path)
            raw = file.read(most) or b""
    except OSError as err:
        raise ReadError(f"The file cannot be read: {err.strerror or err}.", path=path) from err
    window = 31 if raw.startswith(_GZIP_MAGIC) else 15 if raw.startswith(_ZLIB_MAGICS) else 0
    if window:
        try:
            raw = zlib.decompressobj(window).decompress(raw, most)
        except zlib.error as err:
            raise ReadError(f"The compressed file is broken: {err}.", path=path) from err
    for mark, encoding in _UTF16_MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace").encode("utf-8", "replace")
    return raw.removeprefix(codecs.BOM_UTF8)


def _read_bytes(path: Path, progress: Callable[[float], None]) -> tuple[bytes, FileState]:
    """The file's bytes, and its state before they were read.

    Where somebody goes on writing, the state is not that of the file any more: nothing will be saved over it, and
    a look at the file tells that it has to be read again.
    """
    try:
        with open(path, "rb", buffering=0, opener=_open_without_waiting) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise ReadError("This is no regular file.", path=path, remedy="Choose a cassette file.")
            if status.st_size > _most_bytes():
                raise _too_large(path)
            raw = _read_all(file, status.st_size, progress)
            for _ in range(1, _ATTEMPTS):
                now = os.fstat(file.fileno())
                if FileState.of(now) == FileState.of(status):
                    break
                # What was read is half the old file and half the new one.
                status = now
                file.seek(0)
                raw = _read_all(file, status.st_size, progress)
    except FileNotFoundError as err:
        raise ReadError("There is no such file.", path=path, remedy="Check the name and the folder.") from err
    except IsADirectoryError as err:
        raise ReadError("This is a folder.", path=path, remedy="Choose a cassette file inside it.") from err
    except PermissionError as err:
        raise ReadError(
            "You may not read this file.", path=path, remedy="Ask its owner, or change its permissions."
        ) from err
    except OSError as err:
        raise ReadError(f"The file cannot be read: {err.strerror or err}.", path=path) from err
    except MemoryError as err:
        raise _too_large(path) from err
    return raw, FileState.of(status)


def _open_without_waiting(path: str, flags: int) -> int:
    """Opens a file; a pipe that nobody writes to would else keep us waiting for ever."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _most_bytes() -> int:
    """Half of this machine's memory; a file that is mostly a hole may claim to be any size."""
    if not hasattr(os, "sysconf"):
        return _MOST_BYTES
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2


def _too_large(path: Path) -> ReadError:
    return ReadError("The file is too large for this machine's memory.", path=path)


def _read_all(file: FileIO, size: int, progress: Callable[[float], None]) -> bytes:
    """All that is in `file`, whose size was `size` a moment ago, without ever holding it twice.

    The blocks go straight into the object that is returned: a BytesIO made from bytes that nobody else holds
    lends them out for writing, and gives them back as its value.
    """
    buffer = BytesIO(bytes(size))
    done = 0
    with buffer.getbuffer() as view:
        while count := file.readinto(view[done : done + _BLOCK]):
            done += count
            progress(done / size)
    # Somebody may be writing it just now.
    buffer.truncate(done)
    buffer.seek(0, SEEK_END)
    buffer.write(file.readall() or b"")
    return buffer.getvalue()


def _unwrap(raw: bytes, path: Path | None) -> tuple[str, bytes]:
    if raw.startswith(_GZIP_MAGIC):
        return "gzip", _inflate(raw, 31, path)
    if raw.startswith(_ZLIB_MAGICS):
        return "zlib", _inflate(raw, 15, path)
    return "", raw


def _inflate(raw: bytes, window: int, path: Path | None) -> bytes:
    """Every member of a compressed file, one after the other, as long as they do not swell as no text does."""
    parts: list[bytes] = []
    size = 0
    for part, eaten in _inflated(raw, window, path):
        parts.append(part)
        size += len(part)
        if size > min(MAX_INFLATED, max(_ALWAYS_ALLOWED, _SUSPICIOUS_RATIO * eaten)):
            parts.clear()
            _ensure_modest(raw, window, path)
            return b"".join(part for part, _ in _inflated(raw, window, path))
    return b"".join(parts)


def _ensure_modest(raw: bytes, window: int, path: Path | None) -> None:
    """Raises ReadError where a compressed file swells too much."""
    most = min(MAX_INFLATED, max(_ALWAYS_ALLOWED, _MAX_RATIO * len(raw)))
    size = 0
    for part, _ in _inflated(raw, window, path):
        size += len(part)
        if size > most:
            why = f"The compressed file inflates to more than {most >> 20} MiB."
            remedy = "Decompress it with another program to look at it."
            raise ReadError(why, path=path, remedy=remedy)


def _inflated(raw: bytes, window: int, path: Path | None) -> Iterator[tuple[bytes, int]]:
    """What a compressed file holds, piece by piece, and how many of its bytes that took."""
    position = 0
    while position < len(raw):
        stream = zlib.decompressobj(window)
        bite = _FIRST_BITE
        while not stream.eof:
            # What is left over of a bite is copied, and a file may consist of a million empty members.
            eaten = raw[position : position + bite]
            if not eaten:
                raise ReadError("The compressed file is cut short.", path=path)
            try:
                part = stream.decompress(eaten)
            except zlib.error as err:
                raise ReadError(f"The compressed file is broken: {err}.", path=path) from err
            position += len(eaten)
            bite = min(2 * bite, _LAST_BITE)
            yield part, position
        position -= len(stream.unused_data)


def _utf8(data: bytes, encoding: str, path: Path | None) -> bytes:
    try:
        return data.decode(encoding).encode("utf-8")
    except UnicodeDecodeError as err:
        raise ReadError(f"The file is not valid {encoding.upper()}: {err.reason}.", path=path) from err


def _gzip_like(old: bytes, data: bytes) -> bytes:
    """`data` compressed behind the gzip header of `old`, at the level that reproduces `old`'s own deflate bytes.

    RFC 1952: ten bytes, then optional fields by the flags in byte 3; CRC-32 and length modulo 2^32 behind.
    """
    import gzip  # with the first edited file of that kind

    header = old[: _gzip_header_length(old)]
    level = _deflate_level(old[len(header) :], gzip.decompress(old))
    stream = zlib.compressobj(level, zlib.DEFLATED, -15)
    body = stream.compress(data) + stream.flush()
    return header + body + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)


def _gzip_header_length(old: bytes) -> int:
    flags, at = old[3], 10
    if flags & 4:
        at += 2 + int.from_bytes(old[at : at + 2], "little")
    for flag in (8, 16):
        if flags & flag:
            at = old.index(b"\0", at) + 1
    return at + 2 if flags & 2 else at


def _deflate_level(deflated: bytes, data: bytes) -> int:
    for level in (9, 6, 1, 8, 7, 5, 4, 3, 2):
        stream = zlib.compressobj(level, zlib.DEFLATED, -15)
        if deflated.startswith(stream.compress(data) + stream.flush()):
            return level
    return 9


def _zlib_like(old: bytes, data: bytes) -> bytes:
    plain = zlib.decompress(old)
    for level in (6, 9, 1):
        if zlib.compress(plain, level) == old:
            return zlib.compress(data, level)
    return zlib.compress(data, 9 if old.startswith(b"\x78\xda") else 6)
