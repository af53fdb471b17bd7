"""A file layer that fails where it is told to: everything that saves and journals ask of the system goes through it."""

from __future__ import annotations

import contextlib
import errno
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from viewer.cassette.model import SaveError, UnconfirmedError
from viewer.cassette.source import FileState
from viewer.cassette.storage import save, state_of

ERRORS = (errno.EIO, errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EDQUOT, errno.EINTR)
# `open` makes files and opens folders.
OPERATIONS = (
    *(
        "chmod",
        "close",
        "dup",
        "fchmod",
        "fchown",
        "fstat",
        "fsync",
        "ftruncate",
        "getxattr",
        "link",
        "listxattr",
        "lseek",
    ),
    *(
        "lstat",
        "mkdir",
        "open",
        "posix_fadvise",
        "posix_fallocate",
        "readlink",
        "removexattr",
        "rename",
        "replace",
        "scandir",
    ),
    *("setxattr", "stat", "unlink", "write"),
)
LOCKS = ("flock", "lockf")


class Faults:
    """Counts what is asked of the system, and has the one with the number `fails_at` fail.

    With `stays` everything from there on fails.
    """

    def __init__(self, fails_at: int = -1, error: int = errno.EIO, *, stays: bool = False) -> None:
        self.asked: list[str] = []
        self._fails_at = fails_at
        self._error = error
        self._stays = stays
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def at_work(self) -> Iterator[Faults]:
        """Stands between the program and the system meanwhile."""
        with pytest.MonkeyPatch.context() as patch:
            self._patch(patch, os, OPERATIONS)
            with contextlib.suppress(ImportError):
                import fcntl

                self._patch(patch, fcntl, LOCKS)
            yield self

    @property
    def failed(self) -> str:
        """What was made to fail first; "" as long as nothing was."""
        return self.asked[self._fails_at] if 0 <= self._fails_at < len(self.asked) else ""

    def _patch(self, patch: pytest.MonkeyPatch, module: ModuleType, names: tuple[str, ...]) -> None:
        for name in names:
            if hasattr(module, name):
                patch.setattr(module, name, self._watched(name, getattr(module, name)))

    def _watched(self, name: str, operation: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **kwargs: Any) -> Any:
            with self._lock:
                number = len(self.asked)
                self.asked.append(name)
            if number == self._fails_at or (self._stays and 0 <= self._fails_at < number):
                if name == "close":
                    # Whatever close says, the descriptor is gone.
                    operation(*args, **kwargs)
                raise OSError(self._error, os.strerror(self._error))
            return operation(*args, **kwargs)

        return watched


# --- a save, at each of whose operations something fails

KINDS = ("plain file", "new file", "symbolic link", "another owner")
NEW = b"new" * 1000


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


def outcome(path: Path, expected: FileState | None) -> str:
    """What a save says; "" where the new file stands there."""
    try:
        save([NEW[:100], NEW[100:]], path, expected=expected)
    except UnconfirmedError:
        return ""
    except SaveError as err:
        return str(err)
    return ""


def save_with_fault(
    folder: Path, kind: str, number: int, error: int, *, stays: bool = False
) -> tuple[str, str]:
    """Saves once in an empty folder; the operation that failed, and what is wrong afterwards ("" for nothing)."""
    path, old = prepared(folder, kind)
    expected = state_of(path)
    with Faults(number, error, stays=stays).at_work() as faults:
        said = outcome(path, expected)
    stands = path.read_bytes() if path.exists() else None
    wrong = ""
    if stands != (old if said else NEW):
        wrong = f"said {said!r}, and the file holds {stands!r}"
    elif said and "unchanged" not in said and "read-only" not in said and "locked" not in said:
        wrong = f"said {said!r}"
    elif path.is_symlink() != (kind == "symbolic link"):
        wrong = "the symbolic link is gone"
    elif list(folder.glob(".*.tmp")) and faults.failed != "unlink" and not stays:
        wrong = "the temporary file is left"
    return faults.failed, wrong


def operations_of_a_save(folder: Path, kind: str) -> list[str]:
    """What a save asks of the system when nothing fails."""
    path, _ = prepared(folder, kind)
    expected = state_of(path)
    with Faults().at_work() as faults:
        said = outcome(path, expected)
    assert not said
    assert path.read_bytes() == NEW
    return faults.asked
