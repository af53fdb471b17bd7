"""Recovery journals on disk: writing one, and finding those whose program has died.

A journal is locked by the program that writes it, for as long as that lives. One without a lock is an orphan,
which the next start offers; whoever looks at an orphan holds its lock meanwhile, so that two programs never offer
the same one. A journal that is just being made has another ending until its beginning is written.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Lock

from viewer.cassette.file_lock import try_lock
from viewer.cassette.journal import Baseline, Journal, JournalError, Record, frame, parse_journal, title
from viewer.cassette.storage import sync_folder

_ENDING = ".journal"
_UNFINISHED = ".journal-new"
_DAMAGED = ".damaged"
_OLD = 24 * 3600.0
_UNUSUAL = re.compile(r"[^\w.-]")


class JournalWriter:
    """Writes one journal. All methods may be called in any thread.

    A record is with the system when `append` returns, and survives the program; behind `sync` it is on the disk,
    and survives the machine. What could not be written is kept and written with the next record.
    """

    def __init__(self, folder: Path, baseline: Baseline) -> None:
        self._folder = folder
        self._name = _UNUSUAL.sub("_", os.path.basename(os.fsdecode(baseline.path)))[:60]  # noqa: PTH119
        self._lock = Lock()
        self._descriptor = -1
        self._end = 0
        self._unwritten = bytearray(title() + frame(baseline))
        self._removed = False
        self._is_new = True
        self.path: Path | None = None

    def append(self, record: Record) -> None:
        """Adds a record; raises OSError where it cannot be written. Nothing happens once the journal is removed."""
        data = frame(record)
        with self._lock:
            if self._removed:
                return
            self._unwritten += data
            self._flush()

    def flush(self) -> None:
        """Writes what could not be written before; raises OSError where it still cannot."""
        with self._lock:
            if not self._removed:
                self._flush()

    def sync(self) -> None:
        """Waits until everything so far is on the disk; raises OSError."""
        with self._lock:
            if self._removed or self._descriptor < 0:
                return
            descriptor = os.dup(self._descriptor)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        sync_folder(self._folder)
        if self._is_new:
            # The folder may have been made for this journal.
            sync_folder(self._folder.parent)
            self._is_new = False

    def remove(self) -> None:
        """Takes the journal away: what it holds is saved, or given up."""
        with self._lock:
            if self.path is not None and not self._removed:
                with contextlib.suppress(OSError):
                    self.path.unlink()
            self._removed = True
            self._close()

    def abandon(self) -> None:
        """Stops writing, and leaves the journal to the next start."""
        with self._lock:
            self._removed = True
            self._close()

    def _create(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # mkstemp gives the mode 0600.
        self._descriptor, name = tempfile.mkstemp(f"{_UNFINISHED}", f"{self._name}-", self._folder)
        try_lock(self._descriptor)
        self.path = Path(name)

    def _flush(self) -> None:
        if self._descriptor < 0:
            self._create()
        os.lseek(self._descriptor, self._end, os.SEEK_SET)
        view = memoryview(bytes(self._unwritten))
        while view:
            view = view[os.write(self._descriptor, view) :]
        self._end += len(self._unwritten)
        self._unwritten = bytearray()
        self._publish()

    def _publish(self) -> None:
        if self.path is not None and self.path.suffix == _UNFINISHED:
            finished = self.path.with_suffix(_ENDING)
            self.path.rename(finished)
            self.path = finished

    def _close(self) -> None:
        _close(self._descriptor)
        self._descriptor = -1


class Orphan:
    """A journal whose program has died. Its lock is ours until `release`, `remove` or `put_aside`."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor

    def read(self) -> Journal:
        """What it holds; raises JournalError, which names the journal."""
        try:
            return parse_journal(self.path.read_bytes())
        except JournalError as err:
            err.path = self.path
            raise
        except OSError as err:
            raise JournalError(
                f"The recovery journal cannot be read: {err.strerror or err}.", path=self.path
            ) from err

    def remove(self) -> None:
        """Takes it away."""
        with contextlib.suppress(OSError):
            self.path.unlink()
        self.release()

    def put_aside(self) -> None:
        """Keeps it under a name under which it is not offered again."""
        with contextlib.suppress(OSError):
            self.path.rename(self.path.with_name(self.path.name + _DAMAGED))
        self.release()

    def release(self) -> None:
        """Leaves it to the next start."""
        _close(self._descriptor)
        self._descriptor = -1


def orphans(folder: Path) -> Iterator[Orphan]:
    """The journals in `folder` that nobody writes, oldest first, each one locked."""
    for path in sorted(_files(folder), key=_age, reverse=True):
        descriptor = _lock(path)
        if descriptor is None:
            continue
        if path.suffix == _ENDING:
            yield Orphan(path, descriptor)
            continue
        # Its program died before the first record was written.
        if _age(path) > _OLD:
            with contextlib.suppress(OSError):
                path.unlink()
        _close(descriptor)


def is_edited_elsewhere(folder: Path, cassette: Path, own: Path | None) -> bool:
    """Whether another living program has unsaved edits of this cassette; `own` is the journal of this one."""
    wanted = os.path.realpath(cassette)
    for path in _files(folder):
        if path == own or path.suffix != _ENDING:
            continue
        descriptor = _lock(path)
        if descriptor is not None:
            _close(descriptor)
            continue
        with contextlib.suppress(OSError, JournalError):
            if os.path.realpath(parse_journal(path.read_bytes()).cassette_path) == wanted:
                return True
    return False


def _files(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if path.suffix in (_ENDING, _UNFINISHED)]
    except OSError:
        return []


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return 0.0


def _lock(path: Path) -> int | None:
    """A descriptor that holds the journal's lock; None where another program has it, or took it away just now."""
    try:
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return None
    try:
        alone = try_lock(descriptor) and os.fstat(descriptor).st_nlink > 0
    except OSError:
        alone = False
    if alone:
        return descriptor
    _close(descriptor)
    return None


def _close(descriptor: int) -> None:
    """Closes a descriptor, unless it is -1; whatever the system says to that, the descriptor is gone."""
    if descriptor >= 0:
        with contextlib.suppress(OSError):
            os.close(descriptor)
