"""What the user asks of interactions: copies for other programs, deleting, duplicating and moving, and help.

The edits and the exports are imported by the commands that make them: the window starts without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QMessageBox

if TYPE_CHECKING:
    from viewer.ui.main_window import MainWindow


class InteractionCommands(QObject):
    """The commands on the selected interactions, for one window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    @Slot(QPoint, object)
    def show_menu(self, place: QPoint, _places: object) -> None:
        """Shows the menu of the selected interactions."""
        menu = QMenu(self._window)
        names = (
            "delete",
            "duplicate",
            "move_up",
            "move_down",
            "",
            "copy_curl",
            "copy_markdown",
            "copy_answer",
        )
        for name in (*names, "copy_json", "", "save", "reload", "close", "", "compare_files"):
            if name:
                menu.addAction(self._window.actions_by_name[name])
            else:
                menu.addSeparator()
        menu.exec(place)
        menu.deleteLater()

    @Slot()
    def delete(self) -> None:
        """Deletes the selected interactions of the current document."""
        from viewer.cassette.structure import DeleteInteractions

        positions = self._selected()
        if positions:
            self._window.edit(DeleteInteractions(positions))

    @Slot()
    def duplicate(self) -> None:
        """Puts a copy of the current interaction behind it."""
        from viewer.cassette.structure import DuplicateInteraction

        if self._window.document is not None:
            self._window.edit(DuplicateInteraction(self._window.position))

    @Slot()
    def move_up(self) -> None:
        """Moves the current interaction one place towards the start."""
        self._move(-1)

    @Slot()
    def move_down(self) -> None:
        """Moves the current interaction one place towards the end."""
        self._move(1)

    @Slot()
    def copy_curl(self) -> None:
        """Copies the request as a curl command."""
        from viewer.stream.exports import as_curl

        interaction = self._window.interaction
        if interaction is not None and interaction.request is not None:
            self._copy(as_curl(interaction.request))

    @Slot()
    def copy_markdown(self) -> None:
        """Copies the conversation with its answer as Markdown."""
        from viewer.stream.exports import as_markdown

        reading = self._window.reading
        if reading is not None:
            self._copy(as_markdown(reading.conversation, reading.transcript))

    @Slot()
    def copy_answer(self) -> None:
        """Copies the text of the answer."""
        reading = self._window.reading
        if reading is not None:
            self._copy(reading.transcript.text)

    @Slot()
    def copy_json(self) -> None:
        """Copies the interaction as JSON in plain names."""
        from viewer.stream.exports import as_json

        if self._window.interaction is not None:
            self._copy(as_json(self._window.interaction))

    @Slot()
    def show_keys(self) -> None:
        """Lists the keys."""
        from viewer.ui.keys_dialog import KeysDialog

        dialog = KeysDialog(self._window.actions_by_name, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    @Slot()
    def show_about(self) -> None:
        """Says what this program is."""
        QMessageBox.about(
            self._window,
            self.tr("About Cassette Viewer"),
            self.tr(
                "<h3>Cassette Viewer</h3><p>Opens, replays, edits and compares recorded HTTP cassettes, and gives "
                "everything that you did not edit back byte for byte.</p><p>MIT licence.</p>"
            ),
        )

    def _selected(self) -> tuple[int, ...]:
        document = self._window.document
        if document is None:
            return ()
        places = self._window.tree.selected()
        chosen = {
            place.position for place in places if place.document is document and place.position is not None
        }
        return tuple(sorted(chosen)) or ((self._window.position,) if len(document) else ())

    def _move(self, step: int) -> None:
        from viewer.cassette.structure import MoveInteraction

        window = self._window
        document = window.document
        if document is None or not 0 <= window.position + step < len(document):
            return
        if window.edit(MoveInteraction(window.position, window.position + step)):
            window.select(document, window.position + step)

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._window.statusBar().showMessage(self.tr("Copied"), 2000)
