"""One save of a cassette as it stands, at once or in a worker.

What is saved is settled when the save is made: the pieces as they are then. So it may run in any thread. It can be
stopped up to the moment in which the new file takes the old one's place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING

from viewer.cassette import storage
from viewer.cassette.model import SaveError

if TYPE_CHECKING:
    from viewer.cassette.cassette import Cassette
    from viewer.cassette.source import FileState, Source
    from viewer.document.tasks import Job

Progress = Callable[[float], None]

_BLOCK = 1 << 22
# What waiting for the disk takes behind writing, as progress goes.
_WRITING = 0.9


class SavingStoppedError(SaveError):
    """The user stopped the save; the file on disk is the old one."""


class Save:
    """A save to `path`; `about_to_replace` is told the path and the new file's state just before it counts."""

    def __init__(
        self,
        cassette: Cassette,
        path: Path,
        expected: FileState | None,
        about_to_replace: Callable[[Path, FileState], None],
    ) -> None:
        self.path = path
        self._source = cassette.source
        self._parts = tuple(cassette.pieces.chunks())
        self._expected = expected
        self._about_to_replace = about_to_replace
        self._stopped = Event()
        self._running = Lock()

    def run(self, progress: Progress) -> FileState:
        """Saves, and returns what then stands there; raises as `storage.save` does, and SavingStoppedError."""
        with self._running:
            return storage.save(
                self._blocks(progress), self.path, expected=self._expected, about_to_replace=self._tell
            )

    def stop(self) -> None:
        """Has the save stop at the next block; one that has not begun does nothing any more."""
        self._stopped.set()

    def wait(self) -> None:
        """Waits until a `run` that has begun in another thread has ended."""
        with self._running:
            pass

    def _blocks(self, progress: Progress) -> Iterator[memoryview]:
        self._check()
        parts = wrapped(self._source, self._parts)
        total = max(1, sum(map(len, parts)))
        done = 0
        for part in parts:
            view = memoryview(part)
            for at in range(0, len(view), _BLOCK):
                self._check()
                block = view[at : at + _BLOCK]
                yield block
                done += len(block)
                progress(_WRITING * done / total)

    def _tell(self, state: FileState) -> None:
        self._check()
        self._about_to_replace(self.path, state)

    def _check(self) -> None:
        if self._stopped.is_set():
            raise SavingStoppedError("Saving was stopped. The old file is unchanged.", path=self.path)


def run_save(save: Save, job: Job) -> FileState:
    """A save as the work of a background job."""
    return save.run(job.report)


def wrapped(source: Source, parts: tuple[bytes | memoryview, ...]) -> tuple[bytes | memoryview, ...]:
    """The file's bytes that make these parts of its text; as `Cassette.chunks`, for text as it was a while ago."""
    if source.is_plain():
        return (source.bom, *parts)
    return (source.wrap(b"".join(parts)),)
