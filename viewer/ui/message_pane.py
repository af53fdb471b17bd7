"""What the request's and the response's pane share: a line of header fields, tabs, and errors of edits."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from viewer.cassette.formats.base import Side
from viewer.cassette.model import Interaction, Request, Response
from viewer.stream.reading import Reading
from viewer.ui.body_view import BodyView
from viewer.ui.grid import steps
from viewer.ui.headers_table import HeadersTable
from viewer.ui.inline_field import InlineField
from viewer.ui.notice_bar import NoticeBar
from viewer.ui.pane_tabs import PaneTabs, Tab
from viewer.ui.theme import Theme
from viewer.ui.yaml_view import YamlView


class MessagePane(QWidget):
    """One message of an interaction.

    Signals:
        edit_requested(object): an edit of viewer.cassette.edits.
        undo_requested(), redo_requested(): Undo or Redo in a text with nothing left to undo there.
        tab_changed(str): another tab is shown.
    """

    edit_requested = Signal(object)
    undo_requested = Signal()
    redo_requested = Signal()
    tab_changed = Signal(str)

    def __init__(self, theme: Theme, side: Side, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._side = side
        self._interaction: Interaction | None = None
        self._reading: Reading | None = None
        self._entry_text = ""
        self._read_only = True
        self._stale: set[str] = set()
        self._typed: tuple[InlineField, str] | None = None
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._header = QHBoxLayout()
        self.notice = NoticeBar(theme, self)
        self.tabs = PaneTabs(theme, self)
        self.body = BodyView(theme, side)
        self.headers = HeadersTable(theme, side)
        self.yaml = YamlView(theme)
        self._note = QLabel(self)
        self._note.setWordWrap(True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._note.setMargin(steps(3.5))
        self._note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lay_out()
        self._connect()

    # --- the interface for the window

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours."""
        self._theme = theme
        for part in (self.notice, self.tabs, self.body, self.headers, self.yaml):
            part.set_theme(theme)
        self._show_header()

    def show_interaction(
        self, interaction: Interaction, reading: Reading, entry_text: str, *, read_only: bool = False
    ) -> None:
        """Shows another interaction, or the same one changed; `entry_text` is its own text in the file."""
        self._interaction, self._reading = interaction, reading
        self._entry_text, self._read_only = entry_text, read_only
        self._typed = None
        self.notice.clear()
        tabs = self._offered(interaction, reading)
        self._stale = {tab.name for tab in tabs}
        self._show_header()
        self._say_note(interaction)
        self.tabs.set_tabs(tabs)

    def clear(self) -> None:
        """Shows nothing."""
        self._interaction = self._reading = None
        self._entry_text = ""
        self._stale.clear()
        self.notice.clear()
        self._note.hide()
        self._show_header()
        self.tabs.set_tabs([])

    def select_tab(self, tab: str) -> bool:
        """Shows a tab by its name, and prefers it from now on; False where it is not offered now."""
        return self.tabs.select(tab)

    def tab_names(self) -> list[str]:
        """The tabs offered now."""
        return self.tabs.names()

    def show_edit_error(self, message: str, line: int | None = None, column: int | None = None) -> None:
        """Says why the edit just asked for cannot be made; the field keeps what was typed.

        `line` counts from 1 in the field's own text.
        """
        if self._typed is not None:
            field, typed = self._typed
            self._typed = None
            self.notice.say(message)
            field.begin_edit(typed)
            return
        if self.yaml.show_error(message, line) or self.body.show_error(message, line):
            return
        self.notice.say(message)

    def find(self) -> None:  # type: ignore[override]  # QWidget.find looks up window ids; nobody does
        """Opens the find bar of the text that is shown; the body's where there is none."""
        if self.tabs.current == "yaml":
            self.yaml.panel.open_find_bar()
        elif self.tabs.current == "body" or self.select_tab("body"):
            self.body.open_find_bar()

    def set_wrap(self, wraps: bool) -> None:
        """Wraps lines of texts or lets them run on."""
        self.body.set_wrap(wraps)
        self.yaml.panel.view.set_wrap(wraps)

    def set_zoom(self, points: int) -> None:
        """Makes texts some points larger than their own size."""
        for view in (self.body.panel.view, self.yaml.panel.view):
            zoom(view.reset_zoom, view.zoom_in if points > 0 else view.zoom_out, abs(points))

    # --- for the two panes

    def message(self) -> Request | Response | None:
        """The message that this pane shows."""
        if self._interaction is None:
            return None
        return self._interaction.request if self._side is Side.REQUEST else self._interaction.response

    def add_header_widget(self, widget: QWidget, stretch: int = 0) -> None:
        """Puts a field or a figure on the header line."""
        self._header.addWidget(widget, stretch)

    def request_from(self, field: InlineField, typed: str, edit: object) -> None:
        """Hands out an edit typed into a field of the header line."""
        self._typed = (field, typed)
        self.notice.clear()
        self.edit_requested.emit(edit)

    def request_refused(self, field: InlineField, typed: str, message: str) -> None:
        """Says why what was typed cannot be asked for, and goes on editing it."""
        self._typed = (field, typed)
        self.show_edit_error(message)

    def set_title(self, title: str) -> None:
        """Names the pane for screen readers."""
        self.setAccessibleName(title)
        self.tabs.bar.setAccessibleName(title)

    def message_tabs(self) -> list[Tab]:
        """Body, Headers and YAML, as far as there is something in them."""
        message = self.message()
        tabs = []
        if message is not None:
            if not message.body.is_absent:
                tabs.append(Tab("body", self.tr("Body")))
            tabs.append(Tab("headers", self.tr("Headers"), len(message.headers)))
        if self._entry_text:
            tabs.append(Tab("yaml", self.tr("YAML")))
        return tabs

    def fill_tab(self, tab: str) -> None:
        """Fills a page that is about to be seen; pages out of sight cost nothing."""
        message, interaction = self.message(), self._interaction
        if interaction is None:
            return
        if tab == "yaml":
            self.yaml.show_text(interaction.position, self._entry_text, read_only=self._read_only)
        elif message is None:
            return
        elif tab == "body":
            self.body.show_body(interaction.position, message.body, read_only=self._read_only)
        elif tab == "headers":
            self.headers.show_headers(interaction.position, message.headers, read_only=self._read_only)

    def _offered(self, interaction: Interaction, reading: Reading) -> list[Tab]:
        """The tabs that have something to say."""
        raise NotImplementedError

    def _show_header(self) -> None:
        """Shows the header line's fields."""
        raise NotImplementedError

    # --- private

    def _say_note(self, interaction: Interaction) -> None:
        note = interaction.note if self.message() is None else ""
        self._note.setText(note)
        self._note.setVisible(bool(note))

    @Slot(str)
    def _tab_shown(self, tab: str) -> None:
        if tab in self._stale:
            self._stale.discard(tab)
            self.fill_tab(tab)
        self.tab_changed.emit(tab)

    def _connect(self) -> None:
        self.tabs.current_changed.connect(self._tab_shown)
        for part in (self.body, self.headers, self.yaml):
            part.edit_requested.connect(self.edit_requested)
        for panel in (self.body.panel, self.yaml.panel):
            panel.view.undo_requested.connect(self.undo_requested)
            panel.view.redo_requested.connect(self.redo_requested)
        for tab, page in (("body", self.body), ("headers", self.headers), ("yaml", self.yaml)):
            self.tabs.add_page(tab, page)

    def _lay_out(self) -> None:
        self._header.setContentsMargins(steps(3.5), steps(2), steps(3.5), 0)
        self._header.setSpacing(steps(1.5))
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addLayout(self._header)
        self._layout.addWidget(self.notice)
        self._layout.addWidget(self._note)
        self._layout.addWidget(self.tabs, 1)
        self._layout.addStretch(0)


def zoom(reset: Callable[[], None], step: Callable[[], None], count: int) -> None:
    """Zooms a text by some steps from its own size."""
    reset()
    for _ in range(count):
        step()
