"""What the user asks of interactions: copies for other programs, deleting, duplicating and moving, and help.

The edits and the exports are imported by the commands that make them: the window starts without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6 import QtWidgets  # whose menus and boxes are loaded by the commands that show one
from PySide6.QtCore import QObject, QPoint, Slot
from PySide6.QtGui import QGuiApplication

from viewer.document.lines import Place
from viewer.document.tasks import LatestOnly
from viewer.ui.copies import Copy, copied, read_all

if TYPE_CHECKING:
    from viewer.cassette.edits import Edit
    from viewer.document.document import CassetteDocument
    from viewer.ui.main_window import MainWindow


class InteractionCommands(QObject):
    """The commands on the selected interactions, for one window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._copying = LatestOnly()

    @Slot(QPoint, object)
    def show_menu(self, place: QPoint, _places: object) -> None:
        """Shows the menu of the selected interactions."""
        menu = QtWidgets.QMenu(self._window)
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
        for name in (
            *names,
            "copy_json",
            "",
            "save",
            "reload",
            "close",
            "",
            "compare_selected",
            "compare_files",
        ):
            if name:
                menu.addAction(self._window.actions_by_name[name])
            else:
                menu.addSeparator()
        menu.exec(place)
        menu.deleteLater()

    @Slot()
    def delete(self) -> None:
        """Deletes the selected interactions, those of each cassette as one step."""
        from viewer.cassette.structure import DeleteInteractions

        for document, positions in self._selected().items():
            self._edit(document, DeleteInteractions(positions))

    @Slot()
    def duplicate(self) -> None:
        """Puts copies of the selected interactions behind the last of them, and selects the copies."""
        from viewer.cassette.structure import DuplicateInteractions

        for document, positions in self._selected().items():
            copies = range(positions[-1] + 1, positions[-1] + 1 + len(positions))
            self._edit(document, DuplicateInteractions(positions), partial(self._select, document, copies))

    @Slot()
    def move_up(self) -> None:
        """Moves the selected interactions one place towards the start."""
        self._move(-1)

    @Slot()
    def move_down(self) -> None:
        """Moves the selected interactions one place towards the end."""
        self._move(1)

    @Slot()
    def compare(self) -> None:
        """Compares the two interactions, or the two cassettes, that are selected."""
        from viewer.ui.compare.recording import Excerpt

        sides = [
            place.document.cassette
            if place.position is None
            else Excerpt(place.document.cassette, place.position)
            for place in self._window.tree.selected()
        ]
        if self._can_compare():
            self._window.compare_requested.emit(*sides)

    @Slot()
    def update_states(self) -> None:
        """Enables what the selection allows."""
        self._window.actions_by_name["compare_selected"].setEnabled(self._can_compare())

    def _can_compare(self) -> bool:
        places = self._window.tree.selected()
        return len(places) == 2 and (places[0].position is None) == (places[1].position is None)

    @Slot()
    def copy_curl(self) -> None:
        """Copies the requests as curl commands."""
        self._copy(Copy.CURL)

    @Slot()
    def copy_markdown(self) -> None:
        """Copies the conversations with their answers as Markdown."""
        self._copy(Copy.MARKDOWN)

    @Slot()
    def copy_answer(self) -> None:
        """Copies the text of the answers."""
        self._copy(Copy.ANSWER)

    @Slot()
    def copy_json(self) -> None:
        """Copies the interactions as JSON in plain names."""
        self._copy(Copy.JSON)

    @Slot()
    def show_keys(self) -> None:
        """Lists the keys."""
        from viewer.ui.keys_dialog import MAIN_KEYS, show_keys

        show_keys(MAIN_KEYS, self._window.actions_by_name.values(), self._window)

    @Slot()
    def show_about(self) -> None:
        """Says what this program is."""
        QtWidgets.QMessageBox.about(
            self._window,
            self.tr("About Cassette Viewer"),
            self.tr(
                "<h3>Cassette Viewer</h3><p>Opens, replays, edits and compares recorded HTTP cassettes, and gives "
                "everything that you did not edit back byte for byte.</p><p>MIT licence.</p>"
            ),
        )

    def _selected(self) -> dict[CassetteDocument, tuple[int, ...]]:
        """The selected interactions of each cassette; the one that is shown where no line is selected at all."""
        places = self._window.tree.selected()
        document = self._window.document
        if not places and document is not None and len(document):
            return {document: (self._window.position,)}
        found: dict[CassetteDocument, list[int]] = {}
        for place in places:
            if place.position is not None:
                found.setdefault(place.document, []).append(place.position)
        return {document: tuple(sorted(positions)) for document, positions in found.items()}

    def _select(self, document: CassetteDocument, positions: Iterable[int]) -> None:
        places = [Place(document, position) for position in positions]
        self._window.tree.view.select_only(places, places[0])

    def _move(self, step: int) -> None:
        from viewer.cassette.structure import MoveInteractions

        for document, positions in self._selected().items():
            moved = [position + step for position in positions]
            if moved[0] >= 0 and moved[-1] < len(document):
                edit = MoveInteractions(positions, step)
                self._edit(document, edit, partial(self._select, document, moved))

    def _edit(
        self, document: CassetteDocument, edit: Edit, made: Callable[[], object] = lambda: None
    ) -> None:
        """Makes an edit in a cassette, then calls `made`; what speaks against it is said above the panes."""
        self._window.editor.make(document, edit, self._fail, made)

    def _copy(self, what: Copy) -> None:
        """Copies what is shown at once; what else is selected is read in the background first."""
        window, selected = self._window, self._selected()
        count = sum(map(len, selected.values()))
        shown = window.document is not None and selected == {window.document: (window.position,)}
        if shown and window.interaction is not None and window.reading is not None:
            self._put(copied(what, [(window.interaction, window.reading)]))
        elif count:
            readers = [
                document.cassette.reader(position)
                for document, positions in selected.items()
                for position in positions
            ]
            self._copying.run(lambda job: copied(what, read_all(readers, job)), self._put, self._fail)

    def _put(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._window.statusBar().showMessage(self.tr("Copied"), 2000)

    def _fail(self, error: Exception) -> None:
        self._window.notice.say(str(error))
