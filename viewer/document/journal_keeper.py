"""Keeps the recovery journal of one document.

The journal begins with the first edit after opening or saving. Each exchange is handed to the system at once, in
the interface's thread (microseconds a kilobyte), so that it survives the program; a worker then waits for the disk,
so that it survives the machine. When the document holds what its file holds, the journal goes.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal, SignalInstance, Slot

from viewer.cassette.edits import Edit
from viewer.cassette.journal import (
    Record,
    Replacing,
    TextDigest,
    Walked,
    baseline_of,
    digest_of,
)
from viewer.cassette.journal_file import JournalWriter, is_edited_elsewhere
from viewer.cassette.pieces import Exchange
from viewer.cassette.row_record import RowRecord
from viewer.cassette.source import FileState
from viewer.document.document import CassetteDocument
from viewer.document.tasks import Job, run_in_background

# The digest of so many bytes takes some milliseconds; that of more is computed by a worker.
_DIGESTED_AT_ONCE = 1 << 22


class JournalKeeper(QObject):
    """Keeps the journal of one document. `failed` and `shared` as `Recovery`'s."""

    failed = Signal(object, object)
    shared = Signal(object)

    def __init__(self, document: CassetteDocument, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self._folder = folder
        self._writer: JournalWriter | None = None
        self._job: Job | None = None
        self._work: list[Callable[[], None]] = []
        self._has_failed = False
        self._has_looked = False
        # Whether the rows are still those that opening the file finds.
        self._is_as_opened = document.undo_stack.count() == 0
        # A step that clears the undo stack makes it clean for a moment: so this is looked at a little later.
        self._look = QTimer(self, singleShot=True, interval=0)
        self._look.timeout.connect(self._remove_if_clean)
        self._connections: tuple[tuple[SignalInstance, Callable[..., None]], ...] = (
            (document.about_to_change, self._begin),
            (document.carried_out, self._note),
            (document.rows_reset, self._note_rows),
            (document.modified_changed, self._look_soon),
            # The next start sees whether the new file has stayed.
            (document.unconfirmed, self.leave),
            (document.saved, self._remove),
        )
        for signal, slot in self._connections:
            signal.connect(slot)
        document.about_to_replace.connect(self._note_replacing, Qt.ConnectionType.DirectConnection)

    def stop(self) -> None:
        """Lets go of the document, whose edits are saved or given up."""
        for signal, slot in (*self._connections, (self._document.about_to_replace, self._note_replacing)):
            signal.disconnect(slot)
        self._look.stop()
        self._remove()

    @Slot()
    def leave(self) -> None:
        """Leaves the journal to the next start."""
        if self._writer is not None:
            self._writer.abandon()
            self._writer = None

    def give_up(self) -> None:
        """Takes the journal away, whose edits the user has given up."""
        self._remove()

    def secure(self) -> bool:
        """As `Recovery.secure`."""
        if self._writer is None:
            return False
        try:
            self._writer.flush()
            self._writer.sync()
        except OSError as err:
            self._tell(err)
            return False
        return True

    @Slot(object)
    def _begin(self, _edit: Edit) -> None:
        """Begins a journal, where there is none and the document still is what its file holds."""
        document = self._document
        if self._writer is not None or document.path is None or document.is_modified:
            return
        chunks = tuple(document.cassette.pieces.chunks())
        at_once = sum(map(len, chunks)) <= _DIGESTED_AT_ONCE
        self._writer = JournalWriter(
            self._folder,
            baseline_of(
                document.cassette,
                state=document.file_state,
                program=program_version(),
                digest=digest_of(chunks) if at_once else b"",
                row=None if self._is_as_opened else RowRecord.of(document.cassette.pieces),
            ),
        )
        self._has_failed = self._has_looked = False
        if not at_once:
            self._queue(partial(_append_digest, self._writer, chunks))

    @Slot(object, object)
    def _note(self, edit: Edit, exchange: Exchange) -> None:
        self._is_as_opened = False
        self._append(self._document.record_of(edit, exchange))

    @Slot()
    def _note_rows(self) -> None:
        self._is_as_opened = False
        self._append(Walked())

    @Slot(object, object)
    def _note_replacing(self, path: Path, state: FileState) -> None:
        """Comes in the thread that saves; a mark that cannot be written only makes the next start ask too much.

        It has to be on the disk before the new file is: a power failure may bring a removed journal back, and
        nothing else tells that its edits are saved.
        """
        writer = self._writer
        if writer is not None:
            try:
                writer.append(Replacing(os.fsencode(path.absolute()), state))
                writer.sync()
            except OSError:
                return

    def _append(self, record: Record) -> None:
        if self._writer is None:
            return
        try:
            self._writer.append(record)
        except OSError as err:
            self._tell(err)
            return
        self._has_failed = False
        self._queue(self._writer.sync)
        if not self._has_looked and self._document.path is not None:
            self._has_looked = True
            look = partial(_is_edited_elsewhere, self._folder, self._document.path, self._writer.path)
            run_in_background(look, self._tell_shared, self._work_failed)

    def _queue(self, work: Callable[[], None]) -> None:
        """Has a worker do something for the journal, one thing after the other."""
        if work not in self._work:
            self._work.append(work)
        if self._job is None:
            self._next()

    def _next(self) -> None:
        self._job = None
        if self._work:
            work = self._work.pop(0)
            self._job = run_in_background(lambda job: work(), self._worked, self._work_failed)

    def _worked(self, _nothing: None) -> None:
        self._next()

    def _work_failed(self, error: Exception) -> None:
        self._next()
        if not isinstance(error, OSError):
            raise error
        self._tell(error)

    def _tell(self, error: OSError) -> None:
        if not self._has_failed:
            self._has_failed = True
            self.failed.emit(self._document.path, error)

    def _tell_shared(self, is_shared: bool) -> None:
        if is_shared:
            self.shared.emit(self._document.path)

    @Slot(bool)
    def _look_soon(self, _modified: bool) -> None:
        self._look.start()

    @Slot()
    def _remove_if_clean(self) -> None:
        if not self._document.is_modified:
            self._remove()

    @Slot()
    def _remove(self) -> None:
        if self._writer is not None:
            self._writer.remove()
            self._writer = None


def _append_digest(writer: JournalWriter, chunks: tuple[bytes | memoryview, ...]) -> None:
    writer.append(TextDigest(digest_of(chunks)))
    writer.sync()


def _is_edited_elsewhere(folder: Path, cassette: Path, own: Path | None, job: Job) -> bool:
    return is_edited_elsewhere(folder, cassette, own)


@cache
def program_version() -> str:
    """The version that a journal is signed with; it takes some milliseconds, so the first edit asks for it."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("cassette-viewer")
    except PackageNotFoundError:
        return ""
