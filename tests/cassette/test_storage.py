"""Saving: the old file or the new one, whole; never anything else."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from viewer.cassette.model import SaveError
from viewer.cassette.source import FileState
from viewer.cassette.storage import ChangedOnDiskError, save, state_of


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cassette.yaml"
    path.write_bytes(b"old")
    return path


def only_file(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_and_its_mode_stays(file: Path) -> None:
    file.chmod(0o640)
    state = save([b"ne", memoryview(b"w")], file, expected=state_of(file))
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert state == state_of(file)
    assert only_file(file.parent) == ["cassette.yaml"]


def test_a_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    mask = os.umask(0o022)
    try:
        save([b"x"], tmp_path / "new.yaml")
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "new.yaml").stat().st_mode) == 0o644


def test_a_symbolic_link_stays_and_a_hard_link_keeps_the_old_contents(file: Path) -> None:
    link, other = file.with_name("link.yaml"), file.with_name("other.yaml")
    link.symlink_to(file.name)
    other.hardlink_to(file)
    save([b"new"], link, expected=state_of(link))
    assert link.is_symlink()
    assert (file.read_bytes(), other.read_bytes()) == (b"new", b"old")


def test_extended_attributes_stay(file: Path) -> None:
    try:
        os.setxattr(file, "user.note", b"kept")
    except OSError:
        pytest.skip("this file system has no extended attributes")
    save([b"new"], file)
    assert os.getxattr(file, "user.note") == b"kept"


@pytest.mark.parametrize("change", ["rewritten", "replaced", "deleted"])
def test_a_file_that_somebody_else_changed_is_not_overwritten(file: Path, change: str) -> None:
    expected = state_of(file)
    if change == "rewritten":
        file.write_bytes(b"theirs")
    elif change == "replaced":
        other = file.with_name("other")
        other.write_bytes(b"old")
        other.replace(file)
    else:
        file.unlink()
    before = file.read_bytes() if file.exists() else None
    with pytest.raises(ChangedOnDiskError, match="changed since it was opened"):
        save([b"new"], file, expected=expected)
    assert (file.read_bytes() if file.exists() else None) == before
    assert not [name for name in only_file(file.parent) if name.endswith(".tmp")]


def test_a_read_only_file_is_left_alone(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write everything
    with pytest.raises(SaveError, match="read-only"):
        save([b"new"], file)
    assert file.read_bytes() == b"old"


def test_chunks_that_fail_half_way_leave_the_old_file(file: Path) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"half"
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        save(chunks(), file)
    assert file.read_bytes() == b"old"
    assert only_file(file.parent) == ["cassette.yaml"]


def test_a_folder_is_no_place_to_save(tmp_path: Path) -> None:
    with pytest.raises(SaveError):
        save([b"x"], tmp_path)
    with pytest.raises(SaveError, match="No such file"):
        save([b"x"], tmp_path / "missing" / "x.yaml")


ROOT = Path(__file__).resolve().parents[2]
# Everything that a save asks of the system; `open` makes the temporary file and opens the folder.
OPERATIONS = (
    *("access", "close", "fchmod", "fchown", "fstat", "fsync", "getxattr", "listxattr", "lstat", "open"),
    *("readlink", "replace", "setxattr", "stat", "umask", "unlink", "write"),
)
FAULTS = (errno.EIO, errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EDQUOT, errno.EINTR)
NEW = b"new" * 1000


class Faults:
    """Counts what is asked of the system, and has the one with the number `fails_at` fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, fails_at: int = -1, error: int = errno.EIO) -> None:
        self.asked: list[str] = []
        self._fails_at = fails_at
        self._error = error
        for name in OPERATIONS:
            monkeypatch.setattr(os, name, self._watched(name, getattr(os, name)))

    def _watched(self, name: str, operation: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **kwargs: Any) -> Any:
            self.asked.append(name)
            if len(self.asked) - 1 == self._fails_at:
                if name == "close":
                    # Whatever close says, the descriptor is gone.
                    operation(*args, **kwargs)
                raise OSError(self._error, os.strerror(self._error))
            return operation(*args, **kwargs)

        return watched


def prepared(folder: Path, kind: str) -> tuple[Path, bytes | None]:
    """A place to save to, and what stands there."""
    path = folder / "cassette.yaml"
    if kind == "new file":
        return path, None
    path.write_bytes(b"old")
    with contextlib.suppress(OSError):
        os.setxattr(path, "user.note", b"kept")
    if kind == "another owner" and os.geteuid() == 0:
        os.chown(path, 1234, 1234)
    if kind == "symbolic link":
        link = folder / "link.yaml"
        link.symlink_to(path.name)
        return link, b"old"
    return path, b"old"


KINDS = ("plain file", "new file", "symbolic link", "another owner")


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_fails_the_old_file_or_the_new_one_stands_there(tmp_path: Path, kind: str) -> None:
    """Every file operation of a save fails once in each way: 6 faults at some 25 operations."""
    survived = 0
    for number in range(operations_of_a_save(tmp_path, kind)):
        for error in FAULTS:
            folder = tmp_path / f"{number}-{error}"
            folder.mkdir()
            with pytest.MonkeyPatch.context() as patch:
                path, old = prepared(folder, kind)
                expected = state_of(path)
                faults = Faults(patch, number, error)
                said = outcome(path, expected)
            failed, saved = faults.asked[number], not said
            assert saved or any(word in said for word in ("is unchanged", "changed since", "read-only"))
            assert path.is_symlink() == (kind == "symbolic link"), (failed, error)
            stands = path.read_bytes() if path.exists() else None
            assert stands == (NEW if saved else old), (failed, error)
            if failed != "unlink":
                assert not list(folder.glob(".*.tmp")), (failed, error)
            survived += 1
    assert survived >= 6 * 10


def outcome(path: Path, expected: FileState | None) -> str:
    """What a save says; "" where it is done."""
    try:
        save([NEW[:100], NEW[100:]], path, expected=expected)
    except SaveError as err:
        return str(err)
    return ""


def operations_of_a_save(tmp_path: Path, kind: str) -> int:
    """How much a save asks of the system; and a check that all of it is watched."""
    folder = tmp_path / "counted"
    folder.mkdir()
    path, _ = prepared(folder, kind)
    with pytest.MonkeyPatch.context() as patch:
        expected = state_of(path)
        faults = Faults(patch)
        save([NEW[:100], NEW[100:]], path, expected=expected)
    assert path.read_bytes() == NEW
    assert {"stat", "open", "write", "fchmod", "fsync", "fstat", "close", "replace"} <= set(faults.asked)
    return len(faults.asked)


@pytest.mark.parametrize("error", [errno.EPERM, errno.ENOTSUP, errno.EINVAL])
def test_an_owner_and_attributes_that_cannot_be_kept_are_passed_over(
    file: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    """Saving another user's file, or on a file system without attributes, is no reason to refuse."""
    if os.geteuid() == 0:
        os.chown(file, 1234, 1234)

    def refuse(*_: object) -> None:
        raise OSError(error, os.strerror(error))

    for name in ("fchown", "listxattr"):
        monkeypatch.setattr(os, name, refuse)
    save([b"new"], file)
    assert file.read_bytes() == b"new"


def test_a_system_that_writes_a_few_bytes_at_a_time_gets_all_of_them(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    sizes = iter(range(1, 1 << 20))
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[: next(sizes) % 7 + 1]))
    save([NEW, memoryview(NEW)], file)
    assert file.read_bytes() == NEW * 2


@pytest.mark.parametrize("stage", ["fsync", "replace"])
def test_a_save_that_is_interrupted_leaves_the_old_file(
    file: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, stage, interrupt)
    with pytest.raises(KeyboardInterrupt):
        save([b"new"], file)
    assert file.read_bytes() == b"old"
    assert only_file(file.parent) == ["cassette.yaml"]


def test_the_new_files_state_is_told_before_it_counts(file: Path) -> None:
    told = []
    state = save([b"new"], file, about_to_replace=lambda state: told.append((state, file.read_bytes())))
    assert told == [(state, b"old")]
    assert state == state_of(file)


def test_whoever_is_told_may_stop_the_save(file: Path) -> None:
    def stop(_: object) -> None:
        raise SaveError("stopped")

    with pytest.raises(SaveError, match="stopped"):
        save([b"new"], file, about_to_replace=stop)
    assert file.read_bytes() == b"old"
    assert only_file(file.parent) == ["cassette.yaml"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 kB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting a small file system takes root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a tmpfs")
def test_a_full_disk_leaves_the_old_file(small_disk: Path) -> None:
    path = small_disk / "cassette.yaml"
    path.write_bytes(b"o" * 40_000)
    with pytest.raises(SaveError, match=r"No space left on device.*unchanged.*Save As"):
        save([b"n" * 40_000], path)
    assert path.read_bytes() == b"o" * 40_000
    assert only_file(small_disk) == ["cassette.yaml"]
    save([b"n" * 10_000], path)
    assert path.read_bytes() == b"n" * 10_000


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forks of a program")
def test_a_killed_program_leaves_a_whole_file_and_its_journal() -> None:
    """As `tests/bench/kills.py`, which kills a thousand."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.kills", "30"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("30 of 30 whole"), done.stdout + done.stderr


@pytest.mark.skipif(not hasattr(os, "posix_fadvise"), reason="the system has no posix_fadvise")
def test_a_large_file_is_written_in_small_blocks_and_flushed_on_the_way(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Large blocks took Linux six times as long; a file system that cannot flush ahead is no failure."""
    monkeypatch.setattr("viewer.cassette.storage._BLOCK", 100)
    monkeypatch.setattr("viewer.cassette.storage._FLUSHED", 1000)
    written: list[int] = []
    flushed: list[tuple[int, int]] = []
    write = os.write

    def write_noted(descriptor: int, data: memoryview) -> int:
        written.append(len(data))
        return write(descriptor, data)

    def refuse(descriptor: int, start: int, length: int, advice: int) -> None:
        flushed.append((start, length))
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(os, "write", write_noted)
    monkeypatch.setattr(os, "posix_fadvise", refuse)
    save([b"ab" * 1250, b"c" * 50], file)
    monkeypatch.undo()
    assert file.read_bytes() == b"ab" * 1250 + b"c" * 50
    assert set(written) == {100, 50}
    assert flushed == [(0, 1000), (1000, 1000)]
