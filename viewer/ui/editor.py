"""Makes the edits that are asked for in a window: usual ones at once, those of large interactions in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from viewer.cassette.model import EditError

if TYPE_CHECKING:
    from collections.abc import Callable

    from viewer.cassette.edits import Edit
    from viewer.document.document import CassetteDocument

# Behind so many milliseconds somebody who waits wants to know what for.
_PATIENCE = 100


class Editor(QObject):
    """One document's edits at a time each; a document that is being edited refuses others.

    Signals:
        begun(CassetteDocument): an edit is being made in the background.
        kept_waiting(): one takes long enough to say so.
        ended(CassetteDocument): it was made, refused or stopped; after the one who asked was told.
    """

    begun = Signal(object)
    kept_waiting = Signal()
    ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._refused: dict[CassetteDocument, Callable[[EditError], object]] = {}
        self._made: dict[CassetteDocument, Callable[[], object]] = {}
        self._waiting = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._waiting.timeout.connect(self.kept_waiting)

    @property
    def is_busy(self) -> bool:
        """Whether an edit is being made in the background."""
        return bool(self._refused)

    def make(
        self,
        document: CassetteDocument,
        edit: Edit,
        refused: Callable[[EditError], object],
        made: Callable[[], object] = lambda: None,
    ) -> None:
        """Makes an edit, then calls `made`; or `refused` with what speaks against it."""
        try:
            if document.edits_at_once(edit):
                document.edit(edit)
            else:
                document.edit_in_background(edit)
        except EditError as err:
            refused(err)
            return
        if document.is_editing:
            self._wait_for(document, refused, made)
        else:
            made()

    def go(self, document: CassetteDocument, *, back: bool, refused: Callable[[EditError], object]) -> None:
        """Takes the last edit back, or makes it again; in the background where that takes long."""
        if document.goes_at_once(back=back):
            (document.undo if back else document.redo)()
            return
        try:
            document.go_in_background(back=back)
        except EditError as err:
            refused(err)
            return
        self._wait_for(document, refused, lambda: None)

    @Slot()
    def stop(self) -> None:
        """Stops what is being made in the background."""
        for document in tuple(self._refused):
            document.stop_editing()

    def forget(self, document: CassetteDocument) -> None:
        """The document is closed: nobody is told any more."""
        if document in self._refused:
            self._let_go(document)
            document.edit_ended.disconnect(self._end)
            self.ended.emit(document)

    @Slot(object, object)
    def _end(self, _edit: Edit, error: Exception | None) -> None:
        document: CassetteDocument = self.sender()  # type: ignore[assignment]
        document.edit_ended.disconnect(self._end)
        refused, made = self._let_go(document)
        if error is None:
            made()
        elif isinstance(error, EditError):
            refused(error)
        self.ended.emit(document)
        if error is not None and not isinstance(error, EditError):
            raise error

    def _wait_for(
        self,
        document: CassetteDocument,
        refused: Callable[[EditError], object],
        made: Callable[[], object],
    ) -> None:
        self._refused[document], self._made[document] = refused, made
        document.edit_ended.connect(self._end)
        self._waiting.start()
        self.begun.emit(document)

    def _let_go(
        self, document: CassetteDocument
    ) -> tuple[Callable[[EditError], object], Callable[[], object]]:
        told = self._refused.pop(document), self._made.pop(document)
        if not self._refused:
            self._waiting.stop()
        return told
