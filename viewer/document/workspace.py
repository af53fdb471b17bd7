"""The cassettes that are open: opening them, small ones at once and large ones in the background, and watching
their files for what other programs do to them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal, Slot

from viewer.cassette.cassette import Cassette
from viewer.cassette.model import CassetteError, UnknownFormatError
from viewer.cassette.source import FileState
from viewer.document.document import CassetteDocument
from viewer.document.opening_queue import Asked, OpeningQueue
from viewer.document.tasks import Job, run_in_background

if TYPE_CHECKING:
    from viewer.cassette.formats.base import Format

# Files up to this size are read within the time of a paint.
_AT_ONCE = 1 << 18
# A recorder writes in several steps; what it has written is looked at when it has been quiet for so long.
_QUIET = 150


class Workspace(QObject):
    """The open documents, in the order in which they were opened.

    Signals:
        opened(CassetteDocument): a cassette was opened (again, after a reload).
        failed(Path, Exception): a file could not be opened; a CassetteError says why.
        closed(CassetteDocument): a document was closed; it is deleted soon.
        progressed(Path, float): how much of a large file is read, or of many files, 0 to 1.
        rested(): nothing is being opened any more that took a while.
        about_to_reload(CassetteDocument): somebody changed its file; what is being typed into it has to become an
            edit now, or it is lost.
        changed_outside(CassetteDocument): somebody changed its file while it has unsaved edits.
        deleted_outside(CassetteDocument): its file is not there any more.
        reloaded(CassetteDocument, CassetteDocument): the old one was replaced by what its file holds now.
    """

    opened = Signal(object)
    failed = Signal(object, object)
    closed = Signal(object)
    progressed = Signal(object, float)
    rested = Signal()
    about_to_reload = Signal(object)
    changed_outside = Signal(object)
    deleted_outside = Signal(object)
    reloaded = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.documents: list[CassetteDocument] = []
        self._by_file: dict[str, CassetteDocument] = {}
        self._queue = OpeningQueue(self)
        self._queue.wanted.connect(self._open)
        self._queue.progressed.connect(self.progressed)
        self._queue.ended.connect(self._tell_rest)
        self._jobs: dict[Path, Job] = {}
        # Whose files are read again, and how many edits they had.
        self._replaced: dict[Path, tuple[CassetteDocument, int]] = {}
        # Which version of its file somebody was told of, None for its absence: once each.
        self._told: WeakKeyDictionary[CassetteDocument, FileState | None] = WeakKeyDictionary()
        self._watcher: QFileSystemWatcher | None = None
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(_QUIET)
        self._quiet.timeout.connect(self._look_at_files)

    @property
    def is_opening(self) -> bool:
        """Whether files wait to be opened, or one is being read in the background."""
        return bool(self._jobs) or self._queue.is_busy

    def open(self, paths: Sequence[Path]) -> None:
        """Opens files, and the cassettes in folders; one that is open already is told as opened again.

        The first small ones are open when this returns; many take turns with what else there is to do.
        """
        self._queue.add(paths)

    def document_of(self, path: Path) -> CassetteDocument | None:
        """The open document of this file."""
        return self._by_file.get(os.path.realpath(path))

    def close(self, document: CassetteDocument) -> None:
        """Closes a document; nothing is asked and nothing saved."""
        self.documents.remove(document)
        self._forget_file(document)
        self._quiet.start()
        self.closed.emit(document)
        document.close()
        document.deleteLater()

    def reload(self, document: CassetteDocument, format_: Format | None = None) -> None:
        """Reads a document's file again, as `format_` where one is given; its unsaved edits are lost.

        A large file is read in the background; where an edit is made meanwhile, `changed_outside` is told instead.
        """
        path = document.path
        if path is None:
            return
        if _size(path) > _AT_ONCE:
            self._replaced[path] = document, document.undo_stack.index()
            self._read(path, format_)
            return
        try:
            self._exchange(document, Cassette.open(path, format_=format_))
        except CassetteError as err:
            self.failed.emit(path, err)

    def cancel(self) -> None:
        """Stops what is being read in the background, and forgets what waits."""
        self._queue.cancel()
        for job in self._jobs.values():
            job.cancel()
        self._jobs.clear()
        self._replaced.clear()

    @Slot(object)
    def _open(self, asked: Asked) -> None:
        path = asked.path
        existing = self.document_of(path)
        if existing is not None:
            self.opened.emit(existing)
            return
        if _size(path) > _AT_ONCE:
            self._read(path)
            return
        try:
            self._add(Cassette.open(path))
        except CassetteError as err:
            self._fail(path, err, in_folder=asked.in_folder)

    def _read(self, path: Path, format_: Format | None = None) -> None:
        earlier = self._jobs.pop(path, None)
        if earlier is not None:
            earlier.cancel()
        self._jobs[path] = run_in_background(
            partial(_open_in_background, path, format_),
            self._finish,
            self._finish_failed,
            self._tell_progress,
        )

    def _add(self, cassette: Cassette) -> None:
        document = self._follow(cassette)
        self.documents.append(document)
        self.opened.emit(document)

    def _exchange(self, document: CassetteDocument, cassette: Cassette) -> None:
        """Puts what a document's file holds now in the document's place."""
        fresh = self._follow(cassette)
        self.documents[self.documents.index(document)] = fresh
        self._forget_file(document)
        self._know_file(fresh)
        self.reloaded.emit(document, fresh)
        document.close()
        document.deleteLater()

    def _follow(self, cassette: Cassette) -> CassetteDocument:
        document = CassetteDocument(cassette, self)
        self._know_file(document)
        document.saved.connect(self._note_saved)
        # The file is watched from then on; what happened to it since it was read is seen there, too.
        self._quiet.start()
        return document

    def _fail(self, path: Path, error: Exception, *, in_folder: bool = False) -> None:
        # In a folder of cassettes other YAML and JSON files are no errors.
        if not (in_folder and isinstance(error, UnknownFormatError)):
            self.failed.emit(path, error)

    def _finish(self, outcome: tuple[Path, Cassette]) -> None:
        path, cassette = outcome
        self._jobs.pop(path, None)
        replaced, edits = self._replaced.pop(path, (None, 0))
        if replaced is None:
            self._add(cassette)
        elif replaced in self.documents:
            if replaced.undo_stack.index() == edits and not replaced.is_editing:
                self._exchange(replaced, cassette)
            else:
                self.changed_outside.emit(replaced)
        self._tell_rest()

    def _finish_failed(self, error: Exception) -> None:
        path = error.path if isinstance(error, CassetteError) and error.path else Path()
        self._jobs.pop(path, None)
        self._replaced.pop(path, None)
        self._fail(path, error)
        self._tell_rest()

    @Slot()
    def _tell_rest(self) -> None:
        if not self.is_opening:
            self.rested.emit()

    def _tell_progress(self, fraction: float) -> None:
        path = next(iter(self._jobs), Path())
        self.progressed.emit(path, fraction)

    # --- which file is whose

    def _know_file(self, document: CassetteDocument) -> None:
        if document.path is not None:
            self._by_file[os.path.realpath(document.path)] = document

    def _forget_file(self, document: CassetteDocument) -> None:
        self._by_file = {name: other for name, other in self._by_file.items() if other is not document}

    @Slot()
    def _note_saved(self) -> None:
        """A document may have another file now."""
        document = self.sender()
        if isinstance(document, CassetteDocument):
            self._forget_file(document)
            self._know_file(document)
            self._watch()

    # --- what others do to the files

    @Slot()
    def _watch(self) -> None:
        """Watches each file, and its folder, since most programs replace a file instead of writing it."""
        wanted = {str(doc.path) for doc in self.documents if doc.path}
        wanted |= {str(Path(name).parent) for name in wanted}
        if self._watcher is None:
            if not wanted:
                return
            self._watcher = QFileSystemWatcher(self)
            self._watcher.fileChanged.connect(self._note_change)
            self._watcher.directoryChanged.connect(self._note_change)
        watched = {*self._watcher.files(), *self._watcher.directories()}
        if watched - wanted:
            self._watcher.removePaths(sorted(watched - wanted))
        # Not Path's, which raises where a disk fails.
        missing = sorted(name for name in wanted - watched if os.path.exists(name))  # noqa: PTH110
        if missing:
            self._watcher.addPaths(missing)

    @Slot(str)
    def _note_change(self, _name: str) -> None:
        self._quiet.start()

    @Slot()
    def _look_at_files(self) -> None:
        self._watch()
        for document in list(self.documents):
            if document.path is None or document.file_state is None or document.is_saving:
                continue
            try:
                state = FileState.of(document.path.stat())
            except (FileNotFoundError, NotADirectoryError):
                state = None
            except OSError:
                # A disk that does not answer says nothing about the file.
                continue
            if state == document.file_state:
                self._told.pop(document, None)
                continue
            if state is not None and not document.is_modified:
                self.about_to_reload.emit(document)
            if state is not None and not document.is_modified:
                self.reload(document)
            elif document not in self._told or self._told[document] != state:
                self._told[document] = state
                (self.changed_outside if state else self.deleted_outside).emit(document)


def _size(path: Path) -> int:
    """How large a file is; 0 where opening it says what is wrong."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _open_in_background(path: Path, format_: Format | None, job: Job) -> tuple[Path, Cassette]:
    def progress(fraction: float) -> None:
        job.check()
        job.report(fraction)

    return path, Cassette.open(path, format_=format_, progress=progress)
