"""Saving so that at every moment the file on disk is the old one, whole, or the new one, whole.

In this order: the new bytes go to a temporary file in the same folder; mode, owner and extended attributes of
the old file are given to it; it is synced; the file on disk is looked at once more, whether it is still the one
that was opened; the temporary file is renamed over it; the folder is synced.

A symbolic link stays, and the file it points to is replaced. A file with several hard links is replaced under
this name alone: the other names keep the old contents, as with every save by renaming.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from viewer.cassette.model import SaveError
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


# So much is written at once. Linux looks for a stretch of free memory as large as what it is given: a gigabyte in
# blocks of 16 MB took it 3 s, in blocks of this size half a second, as long as `cp` takes.
_BLOCK = 1 << 18
# So much is written before the disk is set to work on it, which takes half a second off a gigabyte's sync.
_FLUSHED = 1 << 24


class ChangedOnDiskError(SaveError):
    """Somebody else changed, replaced or deleted the file since it was read."""


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
    writing fails; the file at `path` is then the old one.
    """
    try:
        target = _behind_links(path)
        old = _status(target)
        if old is not None and not stat.S_ISREG(old.st_mode):
            raise SaveError("This is no regular file.", path=path, remedy="Save under another name.")
        _ensure_writable(target, old, path)
        with _temporary_file(target) as (descriptor, temporary):
            state = _fill(descriptor, chunks, target, old)
            if expected is not None and state_of(target) != expected:
                raise _changed_on_disk(path)
            about_to_replace(state)
            temporary.replace(target)
        sync_folder(target.parent)
        return state
    except OSError as err:
        raise SaveError(
            f"Saving failed: {err.strerror or err}. The old file is unchanged.",
            path=path,
            remedy="Save a copy elsewhere with Save As.",
        ) from err


def _ensure_writable(target: Path, old: os.stat_result | None, path: Path) -> None:
    """A rename would replace even a file that its owner made read-only; that is not ours to decide."""
    if old is not None and not os.access(target, os.W_OK):
        raise SaveError(
            "The file is read-only.", path=path, remedy="Change its permissions, or use Save As for a copy."
        )


@contextlib.contextmanager
def _temporary_file(target: Path) -> Iterator[tuple[int, Path]]:
    """A new, empty file beside the target, open; if anything goes wrong with it, it is taken away again."""
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".tmp", dir=target.parent)
    temporary = Path(name)
    try:
        yield descriptor, temporary
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _fill(
    descriptor: int, chunks: Iterable[bytes | memoryview], target: Path, old: os.stat_result | None
) -> FileState:
    """Writes the chunks, gives the file what the old one had, waits for the disk, closes it; its state then."""
    try:
        _write_all(descriptor, chunks)
        _take_over(descriptor, target, old)
        os.fsync(descriptor)
        return FileState.of(os.fstat(descriptor))
    finally:
        # A file system may tell only now that it could not write (NFS).
        os.close(descriptor)


def _changed_on_disk(path: Path) -> ChangedOnDiskError:
    return ChangedOnDiskError(
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


def _write_all(descriptor: int, chunks: Iterable[bytes | memoryview]) -> None:
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


def _begin_flush(descriptor: int, start: int, length: int) -> None:
    """Has the disk begin with what was written, without waiting for it; the sync at the end is then short.

    Linux has no other call for this that Python knows. It drops from memory only what is on the disk already,
    which this is not.
    """
    if hasattr(os, "posix_fadvise"):
        with contextlib.suppress(OSError):
            os.posix_fadvise(descriptor, start, length, os.POSIX_FADV_DONTNEED)


def _take_over(descriptor: int, target: Path, old: os.stat_result | None) -> None:
    """Gives the new file the old one's mode, owner and extended attributes; a new one the usual mode."""
    if sys.platform == "win32":
        return
    if old is None:
        mask = os.umask(0)
        os.umask(mask)
        os.fchmod(descriptor, 0o666 & ~mask)
        return
    _give_to(descriptor, old)
    os.fchmod(descriptor, stat.S_IMODE(old.st_mode))
    if hasattr(os, "listxattr"):
        for name in _attributes(target):
            with _unless_refused():
                os.setxattr(descriptor, name, os.getxattr(target, name))


def _give_to(descriptor: int, old: os.stat_result) -> None:
    """Gives the file to the old one's owner and group, as far as that is allowed.

    Only root may give a file away; for others the new file is theirs, in the old group where they are in it.
    """
    new = os.fstat(descriptor)
    if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        with _unless_refused():
            os.fchown(descriptor, old.st_uid, old.st_gid)


def _attributes(target: Path) -> list[str]:
    with _unless_refused():
        return os.listxattr(target)
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
    """Waits until the folder is on the disk, without which a rename in it is not.

    Some file systems cannot do it, which is no failure.
    """
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
