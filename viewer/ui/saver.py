"""Saves documents, at once or in the background, and asks what has to be asked about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QMessageBox, QProgressDialog

from viewer.cassette.model import SaveError
from viewer.cassette.storage import ChangedOnDiskError, DeletedOnDiskError
from viewer.document.document import CassetteDocument
from viewer.document.plain_text import plain
from viewer.document.saving import SavingStoppedError

if TYPE_CHECKING:
    from viewer.ui.main_window import MainWindow

_Button = QMessageBox.StandardButton


class Saver(QObject):
    """Saves the documents of one window. `saved` carries a document whose file holds it now."""

    saved = Signal(object)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._under_way: list[_SavingInBackground] = []

    @property
    def is_saving(self) -> bool:
        """Whether a document is being saved in the background."""
        return bool(self._under_way)

    def save(self, document: CassetteDocument, path: Path | None = None, *, overwrite: bool = False) -> bool:
        """Saves a document, to `path` where that is given; a large one in the background.

        False where that failed or was given up; True where it is done or under way. A file that is open as another
        document is not saved over: one of the two would lose its edits unasked.
        """
        if document.is_saving:
            return True
        if document.is_editing and not _Waiting(document, self._window).wait_for_edit():
            return False
        other = self._window.workspace.document_of(path) if path is not None else None
        if other is not None and other is not document:
            error = SaveError(
                self.tr("This file is open here."),
                path=path,
                remedy=self.tr("Close it first, or save under another name."),
            )
            return self._fail(document, error)
        return self._save(document, path, overwrite=overwrite)

    def save_and_wait(self, document: CassetteDocument) -> bool:
        """Saves a document, and returns when it is saved (True), or when that failed or was stopped."""
        return self.save(document) and self.wait(document)

    def wait(self, document: CassetteDocument) -> bool:
        """Returns when a save that is under way has ended; whether everything is saved then."""
        while document.is_saving:
            # Once more where the user has another program's work overwritten.
            _Waiting(document, self._window).wait()
        return not document.is_modified

    @Slot()
    def stop(self) -> None:
        """Stops what is being saved in the background."""
        for saving in self._under_way:
            saving.document.stop_saving()

    def _save(self, document: CassetteDocument, path: Path | None, *, overwrite: bool) -> bool:
        if not document.saves_at_once:
            self._begin(document, path, overwrite=overwrite)
            return True
        try:
            document.save(path, overwrite=overwrite)
        except SaveError as err:
            return self._fail(document, err)
        self._succeed(document)
        return True

    def _begin(self, document: CassetteDocument, path: Path | None, *, overwrite: bool) -> None:
        saving = _SavingInBackground(document, self)
        saving.ended.connect(self._end)
        self._under_way.append(saving)
        saving.progressed.connect(self._window.status.show_progress)
        document.save_in_background(path, overwrite=overwrite)
        self._window.status.show_progress(document.path or Path(), 0)

    @Slot(object, object)
    def _end(self, saving: _SavingInBackground, error: Exception | None) -> None:
        self._under_way.remove(saving)
        saving.deleteLater()
        self._window.end_progress()
        if error is None:
            self._succeed(saving.document)
        elif isinstance(error, SaveError):
            self._fail(saving.document, error)
        else:
            raise error

    def _succeed(self, document: CassetteDocument) -> None:
        self._window.notice.clear()
        self.saved.emit(document)

    def _fail(self, document: CassetteDocument, error: SaveError) -> bool:
        """Says why it failed; True where the user has it saved nevertheless."""
        if isinstance(error, ChangedOnDiskError):
            return self._may_overwrite(document, error) and self._save(document, None, overwrite=True)
        if not isinstance(error, SavingStoppedError):
            QMessageBox.critical(self._window, self.tr("Saving Failed"), plain(str(error)))
        return False

    def _may_overwrite(self, document: CassetteDocument, error: ChangedOnDiskError) -> bool:
        """Asks before the work of another program is overwritten."""
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(self.tr("Changed on Disk"))
        box.setText(plain(str(error.message)))
        if isinstance(error, DeletedOnDiskError):
            box.setInformativeText(self.tr("Saving writes it anew."))
            overwrite = box.addButton(self.tr("Save Again"), QMessageBox.ButtonRole.AcceptRole)
            compare = None
        else:
            box.setInformativeText(
                self.tr("Saving now would overwrite what another program wrote. Compare first, if in doubt.")
            )
            overwrite = box.addButton(self.tr("Overwrite"), QMessageBox.ButtonRole.DestructiveRole)
            compare = box.addButton(self.tr("Compare"), QMessageBox.ButtonRole.ActionRole)
        box.setDefaultButton(box.addButton(_Button.Cancel))
        box.exec()
        clicked = box.clickedButton()
        if compare is not None and clicked is compare and document.path is not None:
            self._window.compare_requested.emit(document.path, document.cassette)
        return clicked is overwrite


class _SavingInBackground(QObject):
    """One save under way. `ended` carries it and the error, None where it is saved; `progressed` path and fraction."""

    ended = Signal(object, object)
    progressed = Signal(object, float)

    def __init__(self, document: CassetteDocument, saver: Saver) -> None:
        super().__init__(saver)
        self.document = document
        document.save_progressed.connect(self._tell)
        document.saved.connect(self._succeed)
        document.save_failed.connect(self._fail)
        document.destroyed.connect(self._vanish)

    @Slot(float)
    def _tell(self, fraction: float) -> None:
        self.progressed.emit(self.document.path, fraction)

    @Slot()
    def _succeed(self) -> None:
        self._end(None)

    @Slot(object)
    def _fail(self, error: Exception) -> None:
        self._end(error)

    @Slot()
    def _vanish(self) -> None:
        self.ended.emit(self, SavingStoppedError("The cassette was closed."))

    def _end(self, error: Exception | None) -> None:
        self.document.save_progressed.disconnect(self._tell)
        self.document.saved.disconnect(self._succeed)
        self.document.save_failed.disconnect(self._fail)
        self.document.destroyed.disconnect(self._vanish)
        self.ended.emit(self, error)


class _Waiting(QObject):
    """Waits for a save or an edit behind a small window that can stop it; the program goes on painting."""

    def __init__(self, document: CassetteDocument, window: MainWindow) -> None:
        super().__init__(window)
        self._document = document
        self._loop = QEventLoop(self)
        self._error: Exception | None = None
        self._dialog = QProgressDialog("", self.tr("Cancel"), 0, 1000, window)
        self._dialog.setWindowModality(Qt.WindowModality.WindowModal)
        self._dialog.setAutoClose(False)
        self._dialog.setAutoReset(False)

    def wait(self) -> None:
        """Returns when the save has ended."""
        document = self._document
        document.save_progressed.connect(self._tell)
        document.saved.connect(self._loop.quit)
        document.save_failed.connect(self._leave)
        self._run(self.tr("Saving {0}…"), document.stop_saving)

    def wait_for_edit(self) -> bool:
        """Returns when the edit has ended; whether it was made."""
        self._dialog.setRange(0, 0)
        self._document.edit_ended.connect(self._end_edit)
        self._run(self.tr("Changing {0}…"), self._document.stop_editing)
        return self._error is None

    def _run(self, text: str, stop: Callable[[], None]) -> None:
        self._dialog.setLabelText(text.format(self._document.path.name if self._document.path else ""))
        self._dialog.canceled.connect(stop)
        self._dialog.show()
        self._loop.exec()
        self._dialog.canceled.disconnect(stop)
        self._dialog.deleteLater()
        self.deleteLater()

    @Slot(float)
    def _tell(self, fraction: float) -> None:
        self._dialog.setValue(round(fraction * 1000))

    @Slot(object)
    def _leave(self, error: Exception) -> None:
        self._error = error
        self._loop.quit()

    @Slot(object, object)
    def _end_edit(self, _edit: object, error: Exception | None) -> None:
        self._error = error
        self._loop.quit()
