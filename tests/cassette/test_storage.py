"""Saving: the old file or the new one, whole; never anything else."""

from __future__ import annotations

import errno
import itertools
import os
import stat
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cassette.faults import ERRORS, KINDS, NEW, operations_of_a_save, save_with_fault
from viewer.cassette.model import SaveError
from viewer.cassette.storage import ChangedOnDiskError, DeletedOnDiskError, save, state_of


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
    with pytest.raises(ChangedOnDiskError, match="since it was opened"):
        save([b"new"], file, expected=expected)
    assert (file.read_bytes() if file.exists() else None) == before
    assert not [name for name in only_file(file.parent) if name.endswith(".tmp")]


def test_a_deleted_file_is_told_apart(file: Path) -> None:
    expected = state_of(file)
    file.rename(file.with_name("elsewhere"))
    with pytest.raises(DeletedOnDiskError, match="deleted or renamed"):
        save([b"new"], file, expected=expected)
    assert only_file(file.parent) == ["elsewhere"]


def as_nobody(work: Callable[[Path], object], file: Path, *, groups: tuple[int, ...] = ()) -> str:
    """Does something with a file as the user 1234 in the group 1234; what it says where it fails, else "done".

    The file's folder is the root folder meanwhile: those above it are closed to everybody.
    """
    if os.geteuid() != 0:
        pytest.skip("becoming somebody else takes root")
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.chroot(file.parent)
            os.setgroups(groups)
            os.setgid(1234)
            os.setuid(1234)
            work(Path("/", file.name))
            said = "done"
        except BaseException as err:
            said = str(err)
        os.write(write, said.encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return said


def save_new(path: Path) -> None:
    save([b"new"], path)


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A file in a folder that everybody may write to."""
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o777)
    path = folder / "cassette.yaml"
    path.write_bytes(b"old")
    return path


def test_a_read_only_file_is_left_alone(shared: Path) -> None:
    shared.chmod(0o644)
    assert "The file is read-only." in as_nobody(save_new, shared)
    assert shared.read_bytes() == b"old"


def test_a_folder_that_takes_no_new_file_leaves_the_old_one(shared: Path) -> None:
    """Writing into the file itself would be allowed, and would lose it where that fails half way."""
    shared.chmod(0o666)
    shared.parent.chmod(0o755)
    said = as_nobody(save_new, shared)
    assert said.startswith("/cassette.yaml: No new file can be made in the folder /: Permission denied.")
    assert "The old file is unchanged. Save a copy elsewhere" in said
    assert shared.read_bytes() == b"old"


def test_a_file_that_may_not_be_replaced_is_left_alone(shared: Path) -> None:
    """In a folder like /tmp everybody may make files and nobody may rename over another's."""
    shared.chmod(0o666)
    shared.parent.chmod(0o1777)
    said = as_nobody(save_new, shared)
    assert "The file cannot be replaced by a new one: Operation not permitted." in said
    assert shared.read_bytes() == b"old"
    assert only_file(shared.parent) == ["cassette.yaml"]


@pytest.mark.parametrize("mode", [0o660, 0o664, 0o666])
def test_another_users_file_stays_in_its_group(shared: Path, mode: int) -> None:
    os.chown(shared, -1, 4321)
    shared.chmod(mode)
    assert as_nobody(save_new, shared, groups=(4321,)) == "done"
    status = shared.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (1234, 4321, mode)


def test_a_group_that_cannot_be_kept_lets_no_other_one_in(shared: Path) -> None:
    """The saver's own group got what the file's group was allowed."""
    os.chown(shared, 1234, 4321)
    shared.chmod(0o660)
    assert as_nobody(save_new, shared) == "done"
    status = shared.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (1234, 1234, 0o600)


# acl(5) as Linux keeps it: a version, then tag, permissions and number of each entry.
_LIST = struct.pack("<I", 2) + b"".join(
    struct.pack("<HHI", *entry)
    for entry in [
        (1, 6, 0xFFFFFFFF),
        (2, 6, 1234),
        (4, 4, 0xFFFFFFFF),
        (16, 6, 0xFFFFFFFF),
        (32, 0, 0xFFFFFFFF),
    ]
)


def give_list(path: Path, name: str) -> None:
    try:
        os.setxattr(path, name, _LIST)
    except OSError:
        pytest.skip("this file system has no access lists")


def test_an_access_list_stays(shared: Path) -> None:
    give_list(shared, "system.posix_acl_access")
    save([b"new"], shared)
    assert os.getxattr(shared, "system.posix_acl_access") == _LIST
    assert as_nobody(Path.read_bytes, shared) == "done"


def test_the_folders_access_list_lets_nobody_into_a_file_without_one(shared: Path) -> None:
    """The temporary file inherited the list, and the old file's mode made it count."""
    shared.chmod(0o640)
    give_list(shared.parent, "system.posix_acl_default")
    save([b"new"], shared)
    assert stat.S_IMODE(shared.stat().st_mode) == 0o640
    assert "system.posix_acl_access" not in os.listxattr(shared)
    assert "Permission denied" in as_nobody(Path.read_bytes, shared)


def test_a_new_file_takes_the_folders_access_list(shared: Path) -> None:
    give_list(shared.parent, "system.posix_acl_default")
    path = shared.with_name("new.yaml")
    save([b"new"], path)
    other = shared.with_name("other.yaml")
    other.write_bytes(b"new")
    assert os.getxattr(path, "system.posix_acl_access") == os.getxattr(other, "system.posix_acl_access")


_LOCKING = """
import fcntl, sys
file = open(sys.argv[1], "r+b")
getattr(fcntl, sys.argv[2])(file, fcntl.LOCK_EX)
print("locked", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no advisory locks")
@pytest.mark.parametrize("way", ["flock", "lockf"])
def test_a_file_that_another_program_has_locked_is_left_alone(file: Path, way: str) -> None:
    """What that program writes afterwards would go to a file without a name."""
    locking = subprocess.Popen(
        [sys.executable, "-c", _LOCKING, str(file), way], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert locking.stdout is not None
    assert locking.stdout.readline() == b"locked\n"
    with pytest.raises(SaveError, match="Another program has locked the file"):
        save([b"new"], file)
    assert file.read_bytes() == b"old"
    assert only_file(file.parent) == ["cassette.yaml"]
    locking.communicate()
    save([b"new"], file)
    assert file.read_bytes() == b"new"


@pytest.mark.parametrize("name", ["\u5f55" * 83, "\U00020000" * 62, "x" * 255])
def test_a_name_as_long_as_a_name_can_be_is_saved(tmp_path: Path, name: str) -> None:
    """Of characters of several bytes the temporary file's name became too long."""
    path = tmp_path / name
    path.write_bytes(b"old")
    save([b"new"], path)
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("kind", ["pipe", "device", "link to a device", "folder"])
def test_only_files_are_saved_over(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "target"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "device":
        path = Path(os.devnull)
    else:
        path.symlink_to(os.devnull)
    with pytest.raises(SaveError, match=r"no regular file.*another name"):
        save([b"new"], path)
    assert not Path(os.devnull).is_file()


def test_chunks_that_fail_half_way_leave_the_old_file(file: Path) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"half"
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        save(chunks(), file)
    assert file.read_bytes() == b"old"
    assert only_file(file.parent) == ["cassette.yaml"]


def test_a_missing_folder_is_no_place_to_save(tmp_path: Path) -> None:
    with pytest.raises(SaveError, match="No such file"):
        save([b"x"], tmp_path / "missing" / "x.yaml")


ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("stays", [False, True], ids=["once", "for good"])
def test_whatever_fails_the_old_file_or_the_new_one_stands_there(
    tmp_path: Path, kind: str, stays: bool
) -> None:
    """Every file operation of a save fails in each way; `python -m tests.bench.faults` has the figures."""
    counted = tmp_path / "counted"
    counted.mkdir()
    operations = operations_of_a_save(counted, kind)
    needed = {"stat", "open", "write", "fsync", "fstat", "close", "replace"}
    assert needed | (set() if kind == "new file" else {"fchmod", "flock", "lockf"}) <= set(operations)
    for number, error in itertools.product(range(len(operations)), ERRORS):
        folder = tmp_path / f"{number}-{error}"
        folder.mkdir()
        failed, wrong = save_with_fault(folder, kind, number, error, stays=stays)
        assert failed == operations[number]
        assert not wrong, f"{failed}, {os.strerror(error)}: {wrong}"


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
        [sys.executable, "-m", "tests.bench.kills", "12"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("12 of 12 whole"), done.stdout + done.stderr


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


@pytest.mark.parametrize("size", [50, 100, 150])
@pytest.mark.parametrize("refusal", [0, errno.ENOSPC, errno.EOPNOTSUPP])
def test_room_that_is_set_aside_leaves_no_trace(
    file: Path, monkeypatch: pytest.MonkeyPatch, size: int, refusal: int
) -> None:
    """A file that became smaller must not end in zeros, and where there is no room for the old size it is tried."""

    def refuse(descriptor: int, offset: int, length: int) -> None:
        os.write(descriptor, b"half")
        os.lseek(descriptor, 0, os.SEEK_SET)
        raise OSError(refusal, os.strerror(refusal))

    monkeypatch.setattr("viewer.cassette.storage._FLUSHED", 100)
    if refusal:
        monkeypatch.setattr(os, "posix_fallocate", refuse)
    file.write_bytes(b"o" * 100)
    state = save([b"n" * size], file)
    assert file.read_bytes() == b"n" * size
    assert state == state_of(file)
