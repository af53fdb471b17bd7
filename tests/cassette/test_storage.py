"""Saving: the old file or the new one, whole; never anything else."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from viewer.cassette.model import SaveError
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


@pytest.mark.parametrize("operation", ["write", "fsync", "fchmod", "fstat"])
def test_a_failing_operation_leaves_the_old_file_and_nothing_else(
    file: Path, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    def fail(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(f"viewer.cassette.storage.os.{operation}", fail)
    with pytest.raises(SaveError, match=r"No space left on device.*unchanged"):
        save([b"new"], file)
    monkeypatch.undo()
    assert file.read_bytes() == b"old"
    assert only_file(file.parent) == ["cassette.yaml"]


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
