"""Saving so that at every moment the file on disk is the old one, whole, or the new one, whole.

In this order: the old file is held, so that a program that locks it waits, and one that has locked it is heeded;
the new bytes go to a temporary file in the same folder; mode, owner and extended attributes of the old file are
given to it; it is synced; the file on disk is looked at once more, whether it is still the one that was opened;
the temporary file is renamed over it; the folder is synced.

A symbolic link stays, and the file it points to is replaced, on whichever disk that is. A file with several hard
links is replaced under this name alone: the other names keep the old contents, as with every save by renaming.
Where no file can be made beside the old one, or the old one cannot be renamed over, nothing is written: writing
into the old file would leave half of it where that fails.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from viewer.cassette.model import SaveError, UnconfirmedError
from viewer.cassette.source import FileState

_REFUSALS = {
    errno.EPERM,
    errno.EACCES,
    errno.ENOTSUP,
    errno.EOPNOTSUPP,
    errno.ENOSYS,
    errno.EINVAL,
    errno.ENODATA,
}
# Where Linux keeps who else may read and write a file (acl(5)).
_ACCESS_LIST = "system.posix_acl_access"

# So much is written at once. Linux looks for a stretch of free memory as large as what it is given: a gigabyte in
# blocks of 16 MB took it 3 s, in blocks of this size half a second, as long as `cp` takes.
_BLOCK = 1 << 18
# So much is written before the disk is set to work on it, which takes half a second off a gigabyte's sync.
_FLUSHED = 1 << 24


class ChangedOnDiskError(SaveError):
    """Somebody else changed or replaced the file since it was read."""


class DeletedOnDiskError(ChangedOnDiskError):
    """Somebody else deleted or renamed the file since it was read."""


def state_of(path: Path) -> FileState | None:
    """What stands at `path` now; None where there is no file."""
    try:
        return FileState.of(path.stat())
    except OSError:
        return None


def save(
    chunks: Iterable[bytes | memoryview],
    path: Path,
    *,
    expected: FileState | None = None,
    about_to_replace: Callable[[FileState], None] = lambda state: None,
) -> FileState:
    """Writes the chunks to the file at `path` and returns what then stands there.

    `expected` is the state of the file that the contents came from: where another one stands at `path`,
    ChangedOnDiskError is raised. Without it a file that is there is replaced. `about_to_replace` is told the state
    of the new file just before it takes the old one's place, and may raise to stop. Raises SaveError where
    writing fails; the file at `path` is then the old one, but for UnconfirmedError.
    """
    try:
        target = _behind_links(path)
        old = _status(target)
        if old is not None and not stat.S_ISREG(old.st_mode):
            raise SaveError("This is no regular file.", path=path, remedy="Save under another name.")
        with _held(target, old, path), _temporary_file(target, old, path) as (descriptor, temporary):
            state = _fill(descriptor, chunks, target, old)
            _ensure_unchanged(target, expected, path)
            about_to_replace(state)
            _replace(temporary, target, path)
    except OSError as err:
        raise _failure("Saving failed", err, path) from err
    try:
        sync_folder(target.parent)
    except OSError as err:
        raise UnconfirmedError(path, state, err) from err
    return state


def _failure(what: str, err: OSError, path: Path) -> SaveError:
    return SaveError(
        f"{what}: {err.strerror or err}. The old file is unchanged.",
        path=path,
        remedy="Save a copy elsewhere with Save As.",
    )


@contextlib.contextmanager
def _held(target: Path, old: os.stat_result | None, path: Path) -> Iterator[None]:
    """Holds the lock of the old file meanwhile.

    A rename would replace even a file that its owner made read-only, or that another program has locked; neither
    is ours to decide.
    """
    if old is None:
        yield
        return
    from viewer.cassette.file_lock import is_locked_elsewhere

    try:
        descriptor = os.open(target, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0))
    except PermissionError as err:
        raise SaveError(
            "The file is read-only.", path=path, remedy="Change its permissions, or use Save As for a copy."
        ) from err
    try:
        if is_locked_elsewhere(descriptor):
            raise SaveError(
                "Another program has locked the file.",
                path=path,
                remedy="Wait until it has finished, or use Save As for a copy.",
            )
        if sys.platform != "win32":
            yield
    finally:
        with contextlib.suppress(OSError):
            os.close(descriptor)
    if sys.platform == "win32":
        # There nobody can replace a file that somebody has open, ourselves included.
        yield


@contextlib.contextmanager
def _temporary_file(target: Path, old: os.stat_result | None, path: Path) -> Iterator[tuple[int, Path]]:
    """A new, empty file beside the target, open; if anything goes wrong with it, it is taken away again."""
    # Until it has the old one's mode nobody else may read it; a new one gets the usual mode.
    descriptor, temporary = _make_beside(target, 0o666 if old is None else 0o600, path)
    try:
        yield descriptor, temporary
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _make_beside(target: Path, mode: int, path: Path) -> tuple[int, Path]:
    # A name may have 255 bytes, of which one character takes up to four.
    stem = target.name.encode(errors="ignore")[:200].decode(errors="ignore")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    while True:
        temporary = target.with_name(f".{stem}.{os.urandom(4).hex()}.tmp")
        try:
            return os.open(temporary, flags, mode), temporary
        except FileExistsError:
            continue
        except OSError as err:
            raise _failure(f"No new file can be made in the folder {target.parent}", err, path) from err


def _fill(
    descriptor: int, chunks: Iterable[bytes | memoryview], target: Path, old: os.stat_result | None
) -> FileState:
    """Writes the chunks, gives the file what the old one had, waits for the disk, closes it; its state then."""
    try:
        reserved = _reserve(descriptor, old)
        written = _write_all(descriptor, chunks)
        if written < reserved:
            os.ftruncate(descriptor, written)
        if old is not None and sys.platform != "win32":
            _take_over(descriptor, target, old)
        os.fsync(descriptor)
        return FileState.of(os.fstat(descriptor))
    finally:
        # A file system may tell only now that it could not write (NFS).
        os.close(descriptor)


def _replace(temporary: Path, target: Path, path: Path) -> None:
    try:
        temporary.replace(target)
    except OSError as err:
        raise _failure("The file cannot be replaced by a new one", err, path) from err


def _ensure_unchanged(target: Path, expected: FileState | None, path: Path) -> None:
    if expected is None:
        return
    now = _status(target)
    if now is None:
        raise DeletedOnDiskError(
            "The file was deleted or renamed since it was opened.",
            path=path,
            remedy="Save it anew, or under another name.",
        )
    if FileState.of(now) != expected:
        raise ChangedOnDiskError(
            "The file on disk has changed since it was opened.",
            path=path,
            remedy="Reload it, compare, or save under another name.",
        )


def _behind_links(path: Path) -> Path:
    """The file that a symbolic link leads to; the one that it would lead to where there is none yet."""
    try:
        # Not strict, it would take a link that cannot be read for a file, which would then be replaced.
        return Path(os.path.realpath(path, strict=True))
    except FileNotFoundError:
        return Path(os.path.realpath(path))


def _status(target: Path) -> os.stat_result | None:
    try:
        return target.stat()
    except FileNotFoundError:
        return None


def _reserve(descriptor: int, old: os.stat_result | None) -> int:
    """Has room for a large file set aside at once, which takes a fifth off its save; gives how much.

    An edited file is about as large as the old one. Where that cannot be done, or there is no such room, the file
    grows as it is written: it may have become smaller.
    """
    size = old.st_size if old is not None else 0
    if size < _FLUSHED or not hasattr(os, "posix_fallocate"):
        return 0
    try:
        os.posix_fallocate(descriptor, 0, size)
    except OSError:
        # What was set aside before it failed goes too.
        os.ftruncate(descriptor, 0)
        return 0
    return size


def _write_all(descriptor: int, chunks: Iterable[bytes | memoryview]) -> int:
    """Writes the chunks; how many bytes they were."""
    written = flushed = 0
    for chunk in chunks:
        view = memoryview(chunk)
        while view:
            count = os.write(descriptor, view[:_BLOCK])
            view = view[count:]
            written += count
            if written - flushed >= _FLUSHED:
                _begin_flush(descriptor, flushed, written - flushed)
                flushed = written
    return written


def _begin_flush(descriptor: int, start: int, length: int) -> None:
    """Has the disk begin with what was written, without waiting for it; the sync at the end is then short.

    Linux has no other call for this that Python knows. It drops from memory only what is on the disk already,
    which this is not.
    """
    if hasattr(os, "posix_fadvise"):
        with contextlib.suppress(OSError):
            os.posix_fadvise(descriptor, start, length, os.POSIX_FADV_DONTNEED)


def _take_over(descriptor: int, target: Path, old: os.stat_result) -> None:
    """Gives the new file the old one's owner, mode and extended attributes."""
    kept = _attributes(target)
    _drop_inherited(descriptor, kept)
    os.fchmod(descriptor, _give_to(descriptor, old))
    for name in kept:
        with _unless_refused():
            os.setxattr(descriptor, name, os.getxattr(target, name))


def _drop_inherited(descriptor: int, kept: list[str]) -> None:
    """Takes away the access list that a folder gives to every new file, where the old file had none.

    The mode would let it in: of a file with a list the group's bits are what the list may grant at most.
    """
    if _ACCESS_LIST not in kept and _ACCESS_LIST in _attributes(descriptor):
        os.removexattr(descriptor, _ACCESS_LIST)


def _give_to(descriptor: int, old: os.stat_result) -> int:
    """Gives the file to the old one's owner and group, as far as that is allowed; returns the mode for it.

    Only root may give a file away; for others the new file is theirs, in the old group where they are in it. Where
    they are not, their own group may do no more than everybody.
    """
    mode = stat.S_IMODE(old.st_mode)
    new = os.fstat(descriptor)
    if new.st_uid != old.st_uid:
        with _unless_refused():
            os.fchown(descriptor, old.st_uid, -1)
    if new.st_gid != old.st_gid:
        with _unless_refused():
            os.fchown(descriptor, -1, old.st_gid)
            return mode
        return mode & ~stat.S_IRWXG | (mode & stat.S_IRWXO) << 3
    return mode


def _attributes(file: Path | int) -> list[str]:
    if hasattr(os, "listxattr"):
        with _unless_refused():
            return os.listxattr(file)
    return []


@contextlib.contextmanager
def _unless_refused() -> Iterator[None]:
    """Passes over what the user may not do or the file system cannot; a full or a broken disk stays an error.

    EINVAL is said to an owner whom a container does not know, ENODATA of an attribute that is gone meanwhile.
    """
    try:
        yield
    except OSError as err:
        if err.errno not in _REFUSALS:
            raise


def sync_folder(folder: Path) -> None:
    """Waits until the folder is on the disk, without which a rename in it is not; raises OSError.

    Some file systems cannot do it, which is no failure.
    """
    with _unless_refused():
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
