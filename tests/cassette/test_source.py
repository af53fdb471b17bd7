"""Files as they were found, and written as they were found."""

from __future__ import annotations

import codecs
import gzip
import itertools
import os
import tracemalloc
import zlib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile import at_once
from viewer.cassette.model import ReadError
from viewer.cassette.source import FileState, read_front, read_source, source_of

WRAPPINGS = [
    pytest.param(lambda text: text.encode(), id="plain"),
    pytest.param(lambda text: codecs.BOM_UTF8 + text.encode(), id="bom"),
    pytest.param(lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"), id="utf-16-le"),
    pytest.param(lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"), id="utf-16-be"),
    pytest.param(lambda text: gzip.compress(text.encode(), 6, mtime=1234), id="gzip"),
    pytest.param(lambda text: zlib.compress(text.encode(), 9), id="zlib"),
]


@pytest.mark.parametrize("wrap", WRAPPINGS)
def test_a_file_is_unwrapped_and_an_edit_is_wrapped_alike(wrap) -> None:  # type: ignore[no-untyped-def]
    raw = wrap("a: é😀\n")
    source = source_of(raw)
    assert source.data == "a: é😀\n".encode()
    assert source.wrap(source.data) == raw
    assert source.wrap("b: ü\n".encode()) == wrap("b: ü\n")


@given(st.binary())
def test_plain_bytes_are_their_own_text(data: bytes) -> None:
    try:
        source = source_of(data)
    except ReadError:
        return
    assert source.wrap(source.data) == data


def test_an_edited_gzip_keeps_header_fields_and_level() -> None:
    raw = gzip.compress(b"x" * 1000, 1, mtime=77)
    named = raw[:3] + b"\x08" + raw[4:10] + b"name.yaml\0" + raw[10:]
    edited = source_of(named).wrap(b"y" * 1000)
    assert edited[:20] == named[:20]
    assert gzip.decompress(edited) == b"y" * 1000


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (gzip.compress(b"x" * 100, mtime=0)[:-10], "cut short"),
        (b"\x1f\x8b\x08\x00" + bytes(6) + b"\xff" * 50, "broken"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8a\x00", "UTF-16-LE"),
    ],
)
def test_broken_wrappings_are_refused_with_the_reason(raw: bytes, said: str) -> None:
    with pytest.raises(ReadError, match=said):
        source_of(raw)


def test_a_compressed_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewer.cassette.source.MAX_INFLATED", 1000)
    with pytest.raises(ReadError, match="inflates to more than 0 MiB"):
        source_of(gzip.compress(b"\0" * 100_000))


def test_a_compressed_file_may_not_swell_as_no_text_does() -> None:
    """A megabyte was a gigabyte, which was held twice."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    raw = b"".join([*(packer.compress(b"a" * (1 << 20)) for _ in range(80)), packer.flush()])
    with pytest.raises(ReadError, match="inflates to more than 64 MiB"):
        source_of(raw)


def test_a_compressed_bomb_is_measured_before_it_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two megabytes took half a gigabyte until they were refused."""
    monkeypatch.setattr("viewer.cassette.source._ALWAYS_ALLOWED", 1 << 20)
    raw = gzip.compress(b"a" * (200 << 20))
    tracemalloc.start()
    try:
        with pytest.raises(ReadError, match="inflates to more than 38 MiB"):
            source_of(raw)
        assert tracemalloc.get_traced_memory()[1] < 20 << 20
    finally:
        tracemalloc.stop()


def test_text_that_swells_but_is_none_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewer.cassette.source._ALWAYS_ALLOWED", 1000)
    text = b"- request: {method: GET}\n" * 5000
    assert source_of(gzip.compress(text, 1) + gzip.compress(b"x")).data == text + b"x"


@pytest.mark.parametrize("wrap", WRAPPINGS)
def test_the_front_of_a_file_is_read_alone(wrap, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "front.yaml"
    path.write_bytes(wrap("a: é😀\n" * 1000))
    assert read_front(path, 10_000_000) == "a: é😀\n".encode() * 1000
    front = read_front(path, 90)
    assert 30 <= len(front) <= 200
    assert ("a: é😀\n".encode() * 1000).startswith(front[:30])


def test_the_front_of_what_is_broken_behind_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "front.yaml.gz"
    path.write_bytes(gzip.compress(b"a: b\n" * 100)[:-8])
    assert read_front(path, 1000) == b"a: b\n" * 100
    path.write_bytes(b"\x1f\x8b\x08\x00" + bytes(6) + b"\xff" * 50)
    for wrong in (path, tmp_path, tmp_path / "missing"):
        with pytest.raises(ReadError):
            read_front(wrong, 1000)


def test_what_is_no_file_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"no such file.*Check the name"):
        read_source(tmp_path / "missing.yaml")
    with pytest.raises(ReadError, match="folder"):
        read_source(tmp_path)
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    writer = os.open(fifo, os.O_RDWR)
    try:
        with pytest.raises(ReadError, match="no regular file"):
            read_source(fifo)
    finally:
        os.close(writer)


def test_a_file_is_read_by_blocks_that_report_progress(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.cassette.source._BLOCK", 7)
    path = tmp_path / "cassette.yaml"
    data = bytes(range(100))
    path.write_bytes(data)
    seen: list[float] = []
    assert read_source(path, seen.append).data == data
    assert len(seen) == 15
    assert seen == sorted(seen)
    assert seen[-1] == 1

    def stop(fraction: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_source(path, stop)


@pytest.mark.parametrize("change", [b"", b"0123456789", bytes(range(100)) + b"more"])
def test_a_file_that_changes_its_size_while_it_is_read_is_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: bytes
) -> None:
    """Neither zeros in place of what is gone, nor an end cut off."""
    path = tmp_path / "cassette.yaml"
    path.write_bytes(bytes(range(100)))
    fstat = os.fstat

    def rewrite(descriptor: int) -> os.stat_result:
        status = fstat(descriptor)
        path.write_bytes(change)
        return status

    monkeypatch.setattr("viewer.cassette.source.os.fstat", rewrite)
    assert read_source(path).data == change


def test_a_file_that_is_rewritten_while_it_is_read_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of the old file and half of the new one are no file."""
    monkeypatch.setattr("viewer.cassette.source._BLOCK", 10)
    path = tmp_path / "cassette.yaml"
    path.write_bytes(b"o" * 100)
    changes = [b"n" * 100]

    def rewrite(fraction: float) -> None:
        if changes and fraction > 0.5:
            path.write_bytes(changes.pop())
            os.utime(path, ns=(1, 1))

    source = read_source(path, rewrite)
    assert source.data == b"n" * 100
    assert source.state == FileState.of(path.stat())


def test_a_file_that_is_written_all_the_time_is_not_taken_for_what_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is shown, and never saved over: the state that it was read in is not its state any more."""
    monkeypatch.setattr("viewer.cassette.source._BLOCK", 10)
    path = tmp_path / "cassette.yaml"
    path.write_bytes(b"x" * 100)
    appended = itertools.count()

    def append(fraction: float) -> None:
        with path.open("ab") as file:
            file.write(b"%d" % next(appended))

    source = read_source(path, append)
    assert source.data.startswith(b"x" * 100)
    assert source.state != FileState.of(path.stat())


def test_an_unreadable_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret.yaml"
    path.write_text("a: 1\n")

    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(ReadError, match="may not read"):
        read_source(path)


def test_every_file_of_the_corpus_is_wrapped_as_it_was(corpus: Path) -> None:
    for path in sorted(corpus.rglob("*")):
        if path.is_file():
            source = read_source(path)
            raw = source.raw or source.data
            assert source.wrap(source.data) == raw
            if source.wrapping:
                # The same text, pushed through the compressor again, gives the old bytes.
                fresh = msgspec.structs.replace(source_of(raw), data=b"")
                assert fresh.wrap(source.data) == raw, path


def test_a_file_of_very_many_empty_members_is_read_at_once() -> None:
    """What followed each member was copied: the square of their number."""
    with at_once():
        assert source_of(gzip.compress(b"") * 100_000).data == b""


def test_members_behind_each_other_are_one_text() -> None:
    lines = [f"line {number}\n".encode() * 1000 for number in range(20)]
    raw = b"".join(gzip.compress(line) for line in lines)
    assert source_of(raw).data == b"".join(lines)
    with pytest.raises(ReadError, match="cut short"):
        source_of(raw[:-3])


def test_a_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    path = tmp_path / "pipe.yaml"
    os.mkfifo(path)
    with pytest.raises(ReadError, match="no regular file"):
        read_source(path)


def test_a_file_beyond_the_memory_is_refused(tmp_path: Path) -> None:
    """One that is a hole takes no room on the disk, and raised MemoryError."""
    path = tmp_path / "hole.yaml"
    with path.open("wb") as file:
        file.truncate(1 << 42)
    with pytest.raises(ReadError, match="too large"):
        read_source(path)
