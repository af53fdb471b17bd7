"""What the user asks of files: open, save, close, reload, compare; and the questions that go with it."""

from __future__ import annotations

from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtWidgets  # whose dialogs are loaded by the commands that show one
from PySide6.QtCore import QObject, Slot

from viewer.cassette.formats.base import Format
from viewer.document.document import CassetteDocument
from viewer.document.plain_text import plain
from viewer.resources import resource
from viewer.ui.settings import Settings

if TYPE_CHECKING:
    from viewer.ui.main_window import MainWindow
    from viewer.ui.saver import Saver

_FILTER = "Cassettes (*.yaml *.yml *.json *.har *.gz *.zz *.httprr);;All files (*)"


class FileCommands(QObject):
    """The commands of the File menu, for one window."""

    def __init__(self, window: MainWindow, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._changed: CassetteDocument | None = None
        window.status.cancel_clicked.connect(self._cancel)
        self.update_recent()
        window.format_menu.aboutToShow.connect(self._fill_formats)

    @cached_property
    def _saver(self) -> Saver:
        """Made when something is saved, or asked about it."""
        from viewer.ui.saver import Saver

        saver = Saver(self._window)
        saver.saved.connect(self._note_saved)
        return saver

    @property
    def is_saving(self) -> bool:
        """Whether a document is being saved in the background."""
        return "_saver" in self.__dict__ and self._saver.is_saving

    @Slot()
    def open(self) -> None:
        """Asks for files and opens them."""
        names, _ = QtWidgets.QFileDialog.getOpenFileNames(
            self._window, self.tr("Open Cassettes"), self._folder(), _FILTER
        )
        self._window.open_paths([Path(name) for name in names])

    @Slot()
    def open_folder(self) -> None:
        """Asks for a folder and opens the cassettes in it."""
        name = QtWidgets.QFileDialog.getExistingDirectory(
            self._window, self.tr("Open Folder"), self._folder()
        )
        if name:
            self._window.open_paths([Path(name)])

    @Slot()
    def open_example(self) -> None:
        """Opens the example that comes with the program."""
        self._window.open_paths([resource("examples/say-hi-in-portuguese.yaml")])

    @Slot()
    def save(self) -> bool:
        """Saves the current document, a large one in the background; False where that failed or was given up."""
        self._window.commit_typed()
        document = self._window.document
        return document is not None and self._saver.save(document)

    @Slot()
    def save_as(self) -> bool:
        """Asks for a name and saves the current document under it."""
        self._window.commit_typed()
        document = self._window.document
        if document is None:
            return False
        name, _ = QtWidgets.QFileDialog.getSaveFileName(
            self._window, self.tr("Save Cassette As"), str(document.path or self._folder()), _FILTER
        )
        return bool(name) and self._saver.save(document, Path(name))

    @Slot()
    def reload(self) -> None:
        """Reads the current document's file again; asks before unsaved edits are lost."""
        self._window.commit_typed()
        document = self._window.document
        if document is None or not self._may_lose(document, self.tr("Reload")):
            return
        self._window.workspace.reload(document)

    @Slot()
    def close_current(self) -> None:
        """Closes the current document; asks where it has unsaved edits."""
        self._window.commit_typed()
        document = self._window.document
        if document is not None and self.may_close(document):
            self._window.workspace.close(document)

    def may_close(self, document: CassetteDocument) -> bool:
        """Whether a document may be closed: it is saved, or the user gives its edits up."""
        if self._saver.wait(document):
            return True
        self._window.show()
        name = document.path.name if document.path else self.tr("the cassette")
        button = QtWidgets.QMessageBox.StandardButton
        answer = QtWidgets.QMessageBox.warning(
            self._window,
            self.tr("Unsaved Changes"),
            plain(self.tr("{0} has changes that are not saved.").format(name)),
            button.Save | button.Discard | button.Cancel,
            button.Save,
        )
        if answer == button.Save:
            return self._saver.save_and_wait(document)
        return answer == button.Discard

    def may_close_all(self) -> bool:
        """Whether every document may be closed."""
        self._window.commit_typed()
        return all(self.may_close(document) for document in self._window.workspace.documents)

    @Slot()
    def compare_files(self) -> None:
        """Asks for another recording, and compares the current one with it."""
        document = self._window.document
        names, _ = QtWidgets.QFileDialog.getOpenFileNames(
            self._window,
            self.tr("Compare With…") if document else self.tr("Choose Two Recordings"),
            self._folder(),
            _FILTER,
        )
        paths = [Path(name) for name in names]
        if len(paths) == 2:
            self._window.compare_requested.emit(*paths)
        elif len(paths) == 1 and document is not None:
            self._window.compare_requested.emit(document.cassette, paths[0])

    @Slot()
    def compare_saved(self) -> None:
        """Compares the file on disk with what is edited here."""
        document = self._window.document
        if document is not None and document.path is not None:
            self._window.compare_requested.emit(document.path, document.cassette)

    @Slot(object)
    def offer_reload(self, document: CassetteDocument) -> None:
        """Tells that somebody else changed a file that has unsaved edits here, and what can be done."""
        self._changed = document
        name = document.path.name if document.path else ""
        self._window.notice.say(
            self.tr("{0} was changed by another program, and has unsaved changes here.").format(name),
            error=False,
            answers=(
                (self.tr("Reload"), self._take_theirs),
                (self.tr("Keep Mine"), self._keep_mine),
                (self.tr("Compare"), self._compare_changed),
            ),
        )

    @Slot(object)
    def tell_deleted(self, document: CassetteDocument) -> None:
        """Tells that somebody else took a file away that is open here."""
        self._changed = document
        name = document.path.name if document.path else ""
        self._window.notice.say(
            self.tr("{0} was deleted or renamed by another program. It is still open here.").format(name),
            error=False,
            answers=((self.tr("Save Again"), self._save_anew), (self.tr("Keep Open"), self._keep_mine)),
        )

    def update_recent(self) -> None:
        """Fills the menu of recent files."""
        menu = self._window.recent_menu
        menu.clear()
        for path in self._settings.recent:
            menu.addAction(str(path)).triggered.connect(partial(self._open_recent, path))
        menu.addSeparator()
        menu.addAction(self.tr("Forget Recent Files")).triggered.connect(self._forget_recent)
        menu.setEnabled(bool(self._settings.recent))

    @Slot()
    def _fill_formats(self) -> None:
        """Lists the formats, for a file whose own was not recognised rightly."""
        from viewer.cassette.formats.registry import formats

        menu = self._window.format_menu
        menu.clear()
        document = self._window.document
        for format_ in formats():
            action = menu.addAction(format_.name)
            action.setCheckable(True)
            action.setChecked(document is not None and document.cassette.format.name == format_.name)
            action.triggered.connect(partial(self._read_as, format_))

    def _read_as(self, format_: Format, _checked: bool = False) -> None:
        document = self._window.document
        if document is not None and self._may_lose(document, self.tr("Read As")):
            self._window.workspace.reload(document, format_)

    def _open_recent(self, path: Path, _checked: bool = False) -> None:
        self._window.open_paths([path])

    @Slot()
    def _forget_recent(self) -> None:
        self._settings.forget_recent()
        self.update_recent()

    @Slot()
    def _take_theirs(self) -> None:
        if self._changed is not None:
            self._window.workspace.reload(self._changed)
        self._window.notice.clear()

    @Slot()
    def _save_anew(self) -> None:
        self._window.notice.clear()
        if self._changed is not None:
            self._saver.save(self._changed, overwrite=True)

    @Slot()
    def _keep_mine(self) -> None:
        self._window.notice.clear()

    @Slot()
    def _compare_changed(self) -> None:
        if self._changed is not None and self._changed.path is not None:
            self._window.compare_requested.emit(self._changed.path, self._changed.cassette)

    @Slot(object)
    def _note_saved(self, document: CassetteDocument) -> None:
        if document.path is not None:
            self._settings.add_recent(document.path)
            self.update_recent()

    @Slot()
    def _cancel(self) -> None:
        """Stops what the status bar shows the progress of."""
        self._saver.stop()
        self._window.stop()

    def _may_lose(self, document: CassetteDocument, verb: str) -> bool:
        if not document.is_modified:
            return True
        button = QtWidgets.QMessageBox.StandardButton
        answer = QtWidgets.QMessageBox.warning(
            self._window,
            verb,
            self.tr("Your unsaved changes will be lost."),
            button.Discard | button.Cancel,
            button.Cancel,
        )
        return answer == button.Discard

    def _folder(self) -> str:
        document = self._window.document
        if document is not None and document.path is not None:
            return str(document.path.parent)
        recent = self._settings.recent
        return str(recent[0].parent) if recent else str(Path.home())
