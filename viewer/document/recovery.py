"""Unsaved edits survive: a journal for each modified document, beside the user's other files of state.

How a journal is kept stands in `journal_keeper.py`, how a document gets its edits back from one in `reapply.py`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Signal, Slot

from viewer.document.journal_keeper import JournalKeeper

if TYPE_CHECKING:
    from viewer.document.document import CassetteDocument
    from viewer.document.workspace import Workspace


def recovery_folder() -> Path:
    """Where journals live: `cassette-viewer/recovery` in the folder that the system has for a program's state."""
    states = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericStateLocation)
    return Path(states) / "cassette-viewer" / "recovery"


class Recovery(QObject):
    """Keeps a journal for each document of a workspace that has unsaved edits.

    Signals:
        failed(Path, OSError): the unsaved edits of this cassette cannot be written down; told once a journal.
        shared(Path): another running program has unsaved edits of this cassette too; told with the first edit here.
    """

    failed = Signal(object, object)
    shared = Signal(object)

    def __init__(
        self, workspace: Workspace, folder: Path | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.folder = folder or recovery_folder()
        self._keepers: dict[CassetteDocument, JournalKeeper] = {}
        workspace.opened.connect(self._follow)
        workspace.closed.connect(self._drop)
        workspace.reloaded.connect(self._exchange)
        for document in workspace.documents:
            self._follow(document)

    @Slot()
    def give_up(self) -> None:
        """Removes all journals: whoever was asked has given up whatever is unsaved."""
        for keeper in self._keepers.values():
            keeper.give_up()

    def close(self) -> None:
        """Ends keeping journals. Those that are there now are left to the next start.

        The program may end without anybody having been asked: Qt's loop ends when the display server dies.
        """
        for keeper in self._keepers.values():
            keeper.leave()
        for document in list(self._keepers):
            self._drop(document)

    def secure(self, document: CassetteDocument) -> bool:
        """Waits until the document's journal is on the disk; False where it has none or that failed."""
        keeper = self._keepers.get(document)
        return keeper is not None and keeper.secure()

    @Slot(object)
    def _follow(self, document: CassetteDocument) -> None:
        if document not in self._keepers:
            self._keepers[document] = keeper = JournalKeeper(document, self.folder, self)
            keeper.failed.connect(self.failed)
            keeper.shared.connect(self.shared)

    @Slot(object)
    def _drop(self, document: CassetteDocument) -> None:
        keeper = self._keepers.pop(document, None)
        if keeper is not None:
            keeper.stop()
            keeper.deleteLater()

    @Slot(object, object)
    def _exchange(self, old: CassetteDocument, new: CassetteDocument) -> None:
        self._drop(old)
        self._follow(new)
