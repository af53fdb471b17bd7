"""Offers, at the start, the unsaved changes that an earlier run of the program left behind.

The order of things: after the first paint the journals without a living program are looked for, and a bar says
whose they are. Compare carries each one out on its file, apart from any document (`rebuild`), and shows it beside
the file. Restore does the same first: where the file is still the one that was edited, it is opened and gets its
changes back, each a step of undo; where it has changed, or the changes do not fit any more, the bar asks what to
do. A journal goes when its changes stand, written down anew,
in an open document, or when the user gives them up; otherwise it is kept for the next start.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMessageBox

from viewer.cassette.journal import Journal, JournalError
from viewer.cassette.journal_file import Orphan, orphans
from viewer.cassette.model import CassetteError
from viewer.cassette.rebuild import Rebuilt, rebuild
from viewer.document.document import CassetteDocument
from viewer.document.reapply import reapply
from viewer.document.recovery import Recovery
from viewer.document.tasks import Job, run_in_background
from viewer.ui.notice_bar import Answer, NoticeBar
from viewer.ui.theme import AppTheme

if TYPE_CHECKING:
    from viewer.ui.main_window import MainWindow


class Found(msgspec.Struct, frozen=True, eq=False):
    """A journal without a living program: what it holds, or why it cannot be read."""

    orphan: Orphan
    journal: Journal | None = None
    error: JournalError | None = None


class _Tried(msgspec.Struct, frozen=True):
    """What came of carrying a journal out apart from any document."""

    found: Found
    journal: Journal
    rebuilt: Rebuilt | None = None
    error: CassetteError | None = None


class _Message(msgspec.Struct, frozen=True):
    text: str
    answers: tuple[Answer, ...]


class RecoveryOffer(QObject):
    """The offer of one window, in a bar of its own: the window's other notices come and go.

    Signals:
        looked(int): so many journals were found.
        settled(): nothing is being carried out any more; the bar may still ask.
    """

    looked = Signal(int)
    settled = Signal()

    def __init__(self, window: MainWindow, recovery: Recovery, theme: AppTheme) -> None:
        super().__init__(window)
        self._window = window
        self._recovery = recovery
        self._found: list[Found] = []
        self._to_try: deque[Found] = deque()
        self._waiting: dict[str, _Tried] = {}
        self._messages: deque[_Message] = deque()
        self._restored: list[CassetteDocument] = []
        self.bar = NoticeBar(theme.theme)
        theme.changed.connect(self.bar.set_theme)
        window.add_bar(self.bar)
        window.workspace.opened.connect(self._take_up)
        window.workspace.failed.connect(self._give_up)
        recovery.failed.connect(self._tell_unsafe)
        recovery.shared.connect(self._tell_shared)

    @Slot()
    def look(self) -> None:
        """Looks for journals, in the background."""
        run_in_background(partial(_find, self._recovery.folder), self._note_found, self._look_failed)

    def close(self) -> None:
        """Leaves what was not answered to the next start."""
        for found in self._found:
            found.orphan.release()

    # --- what was found

    def _note_found(self, found: list[Found]) -> None:
        self._found.extend(found)
        readable = [one for one in found if one.journal is not None]
        if readable:
            self._ask(
                self._offer_text(readable),
                (self.tr("Compare"), partial(self._compare_found, readable)),
                (self.tr("Restore"), partial(self._restore, readable)),
                (self.tr("Discard"), partial(self._discard, readable)),
                (self.tr("Later"), self._answered),
            )
        for one in found:
            if one.error is not None:
                self._tell_refused(one, one.error)
        self.looked.emit(len(found))

    def _look_failed(self, error: Exception) -> None:
        raise error

    def _offer_text(self, found: Sequence[Found]) -> str:
        names = [one.journal.cassette_path.name for one in found if one.journal is not None]
        if len(names) == 1:
            return self.tr("{0} has unsaved changes from a crash.").format(names[0])
        return self.tr("{0} cassettes have unsaved changes from a crash: {1}.").format(
            len(names), ", ".join(names)
        )

    def _compare_found(self, found: Sequence[Found]) -> None:
        """Shows what the journals hold beside the files; the bar goes on asking."""
        for one in found:
            run_in_background(partial(_try, one), self._show_compared, self._look_failed)

    def _show_compared(self, tried: _Tried) -> None:
        if tried.rebuilt is not None:
            self._compare(tried)
        elif tried.error is not None:
            self._window.notice.say(f"{tried.journal.cassette_path.name}: {_reason(tried.error)}")

    def _restore(self, found: Sequence[Found]) -> None:
        self._answered()
        self._to_try.extend(found)
        self._try_next()

    # --- carried out apart from any document

    def _try_next(self) -> None:
        if self._to_try:
            run_in_background(partial(_try, self._to_try.popleft()), self._note_tried, self._try_failed)
            return
        self._tell_restored()
        self.settled.emit()

    def _note_tried(self, tried: _Tried) -> None:
        name = tried.journal.cassette_path.name
        if tried.rebuilt is None:
            self._tell_refused(tried.found, tried.error)
        elif tried.rebuilt.is_same_file:
            self._open(tried)
        else:
            self._ask(
                self.tr(
                    "{0} was changed by another program after the crash. "
                    "Your changes can be made in it as it is now; compare first."
                ).format(name),
                (self.tr("Compare"), partial(self._compare, tried)),
                (self.tr("Apply"), partial(self._apply, tried)),
                (self.tr("Discard"), partial(self._discard, [tried.found])),
                (self.tr("Later"), self._answered),
            )
        self._try_next()

    def _try_failed(self, error: Exception) -> None:
        self._try_next()
        raise error

    def _compare(self, tried: _Tried) -> None:
        if tried.rebuilt is not None:
            self._window.compare_requested.emit(tried.journal.cassette_path, tried.rebuilt.cassette)

    def _apply(self, tried: _Tried) -> None:
        self._answered()
        self._open(tried)
        self._tell_restored()

    # --- given back to a document

    def _open(self, tried: _Tried) -> None:
        """Has the file opened, freshly: the journal counts on what opening it finds."""
        path = tried.journal.cassette_path
        workspace = self._window.workspace
        document = workspace.document_of(path)
        if document is not None and document.is_modified:
            self._ask(
                self.tr(
                    "{0} has newer unsaved changes here. Save or undo them, then restore the others."
                ).format(path.name),
                (self.tr("Compare"), partial(self._compare, tried)),
                (self.tr("Restore"), partial(self._restore, [tried.found])),
                (self.tr("Discard"), partial(self._discard, [tried.found])),
                (self.tr("Later"), self._answered),
            )
            return
        if document is not None and document.undo_stack.count():
            workspace.close(document)
        self._waiting[os.path.realpath(path)] = tried
        self._window.open_paths([path])

    @Slot(object)
    def _take_up(self, document: CassetteDocument) -> None:
        tried = self._waiting.pop(os.path.realpath(document.path), None) if document.path else None
        if tried is None:
            return
        try:
            reapply(document, tried.journal)
        except JournalError as err:
            self._window.workspace.reload(document)
            self._tell_refused(tried.found, err)
            return
        self._restored.append(document)
        if self._recovery.secure(document):
            self._finish(tried)
        if not self._to_try:
            self._tell_restored()

    @Slot(object, object)
    def _give_up(self, path: Path, error: Exception) -> None:
        tried = self._waiting.pop(os.path.realpath(path), None)
        if tried is not None:
            self._tell_refused(tried.found, error)

    def _finish(self, tried: _Tried) -> None:
        """Takes the old journal away: the document has one of its own."""
        if tried.journal.is_damaged:
            tried.found.orphan.put_aside()
            self._ask(
                self.tr("The end of the journal of {0} is damaged: its last changes may be missing.").format(
                    tried.journal.cassette_path.name
                ),
                (self.tr("OK"), self._answered),
            )
        else:
            tried.found.orphan.remove()
        self._found.remove(tried.found)

    def _tell_restored(self) -> None:
        documents = [document for document in self._restored if document in self._window.workspace.documents]
        self._restored.clear()
        if not documents:
            return
        names = ", ".join(document.path.name for document in documents if document.path)
        self._ask(
            self.tr("The unsaved changes of {0} are back. They are not saved yet.").format(names),
            (self.tr("Compare with the File"), partial(self._compare_restored, documents)),
            (self.tr("OK"), self._answered),
        )

    def _compare_restored(self, documents: Sequence[CassetteDocument]) -> None:
        self._answered()
        for document in documents:
            if document in self._window.workspace.documents and document.path is not None:
                self._window.compare_requested.emit(document.path, document.cassette)

    # --- what cannot be given back

    def _tell_refused(self, found: Found, error: Exception | None) -> None:
        name = f"{found.journal.cassette_path.name}: " if found.journal else ""
        self._ask(
            self.tr("{0}{1} The unsaved changes are kept in {2}.").format(
                name, _reason(error), found.orphan.path
            ),
            (self.tr("Discard"), partial(self._discard, [found])),
            (self.tr("Keep"), self._answered),
        )

    def _discard(self, found: Sequence[Found]) -> None:
        answer = QMessageBox.warning(
            self._window,
            self.tr("Discard Unsaved Changes"),
            self.tr("The unsaved changes cannot be brought back afterwards."),
            QMessageBox.StandardButton.Discard | QMessageBox.StandardButton.Cancel,
            QMessageBox.StandardButton.Cancel,
        )
        if answer != QMessageBox.StandardButton.Discard:
            return
        for one in found:
            one.orphan.remove()
            self._found.remove(one)
        self._answered()

    @Slot(object, object)
    def _tell_unsafe(self, path: Path, error: OSError) -> None:
        self._window.notice.say(
            self.tr("Unsaved changes of {0} would not survive a crash: {1}.").format(
                path.name, error.strerror or error
            )
        )

    @Slot(object)
    def _tell_shared(self, path: Path) -> None:
        self._window.notice.say(
            self.tr(
                "{0} has unsaved changes in another Cassette Viewer too. Whoever saves second is asked first."
            ).format(path.name),
            error=False,
            answers=((self.tr("OK"), self._window.notice.clear),),
        )

    # --- one message after the other

    def _ask(self, text: str, *answers: Answer) -> None:
        self._messages.append(_Message(text, answers))
        if len(self._messages) == 1:
            self._say()

    @Slot()
    def _answered(self) -> None:
        if self._messages:
            self._messages.popleft()
        self._say()

    def _say(self) -> None:
        if self._messages:
            self.bar.say(self._messages[0].text, error=False, answers=self._messages[0].answers)
        else:
            self.bar.clear()


def _reason(error: Exception | None) -> str:
    return f"{error.message} {error.remedy}".strip() if isinstance(error, CassetteError) else str(error)


def _find(folder: Path, job: Job) -> list[Found]:
    """The journals to be offered; those that hold nothing unsaved are taken away."""
    found = []
    for orphan in orphans(folder):
        try:
            journal = orphan.read()
        except JournalError as err:
            found.append(Found(orphan, error=err))
            continue
        if journal.is_saved() or (journal.count == 0 and not journal.is_damaged):
            orphan.remove()
        else:
            found.append(Found(orphan, journal))
    return found


def _try(found: Found, job: Job) -> _Tried:
    journal = found.journal
    assert journal is not None

    def progress(fraction: float) -> None:
        job.check()

    try:
        return _Tried(found, journal, rebuild(journal, progress))
    except CassetteError as err:
        return _Tried(found, journal, error=err)
