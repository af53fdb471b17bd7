"""What the request's and the response's pane share: a line of header fields, tabs, and errors of edits.

Most pages are made, and what they are made of is imported, when their tab is first shown. The window starts with
one page a pane, and the text view alone is thirty modules.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from viewer.cassette.formats.base import Side
from viewer.cassette.layout import Syntax
from viewer.ui.grid import steps
from viewer.ui.inline_field import InlineField, inset
from viewer.ui.notice_bar import NoticeBar
from viewer.ui.pane_tabs import PaneTabs, Tab, entry_title

if TYPE_CHECKING:
    from viewer.cassette.model import EditError, Interaction, Request, Response
    from viewer.stream.reading import Reading
    from viewer.ui.body_content import BodyContent
    from viewer.ui.body_view import BodyView
    from viewer.ui.code_panel import CodePanel
    from viewer.ui.code_view import CodeView
    from viewer.ui.headers_table import HeadersTable
    from viewer.ui.theme import Theme
    from viewer.ui.yaml_view import YamlView


class MessagePane(QWidget):
    """One message of an interaction.

    Signals:
        edit_requested(object): an edit of viewer.cassette.edits.
        undo_requested(), redo_requested(): Undo or Redo in a text with nothing left to undo there.
        tab_changed(str): another tab is shown.
        zoomed(int): text so many points larger than usual is wanted.
    """

    edit_requested = Signal(object)
    undo_requested = Signal()
    redo_requested = Signal()
    tab_changed = Signal(str)
    zoomed = Signal(int)

    # Pages made late: each a property of the name of its tab.
    late_pages: ClassVar[tuple[str, ...]] = ("body", "headers", "yaml")

    def __init__(self, theme: Theme, side: Side, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._side = side
        self._interaction: Interaction | None = None
        self._reading: Reading | None = None
        self._content: BodyContent | None = None
        self._entry_text = ""
        self._syntax = Syntax.YAML
        self._read_only = True
        self._is_held = self._could_edit = False
        self._wraps = {"body": True, "yaml": False}  # of pages that are still to be made
        self._zoom = 0
        self._stale: set[str] = set()
        self._typed: tuple[InlineField, str] | None = None
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._header = QHBoxLayout()
        self.notice = NoticeBar(theme, self)
        self.tabs = PaneTabs(theme, self)
        self._note = QLabel(self)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setWordWrap(True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._note.setMargin(steps(3.5))
        self._note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lay_out()
        self._connect()

    @cached_property
    def body(self) -> BodyView:
        """The page of the body."""
        return self._make_body()

    @cached_property
    def headers(self) -> HeadersTable:
        """The page of the headers."""
        from viewer.ui.headers_table import HeadersTable

        headers = HeadersTable(self._theme, self._side)
        headers.edit_requested.connect(self.edit_requested)
        return headers

    @cached_property
    def yaml(self) -> YamlView:
        """The page of the entry's text."""
        from viewer.ui.yaml_view import YamlView

        yaml = YamlView(self._theme)
        yaml.edit_requested.connect(self.edit_requested)
        self._adopt_text(yaml.panel)
        yaml.panel.view.set_wrap(self._wraps["yaml"])
        return yaml

    # --- the interface for the window

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours."""
        self._theme = theme
        for part in (self.notice, self.tabs, *self._made_pages()):
            part.set_theme(theme)
        self._show_header()

    def show_interaction(
        self,
        interaction: Interaction,
        reading: Reading,
        entry_text: str,
        *,
        syntax: Syntax = Syntax.YAML,
        read_only: bool = False,
        content: BodyContent | None = None,
    ) -> None:
        """Shows another interaction, or the same one changed; `entry_text` is its own text in a file of that syntax.

        `content` is the message's body made ready to be shown, where somebody has done that already.
        """
        self._interaction, self._reading, self._content = interaction, reading, content
        self._entry_text, self._syntax, self._read_only = entry_text, syntax, read_only
        self._is_held = False
        self._lock_pages()
        self.notice.clear()
        tabs = self._offered(interaction, reading)
        self._stale = {tab.name for tab in tabs}
        self._show_header()
        self._say_note(interaction)
        self.tabs.set_tabs(tabs)

    def clear(self) -> None:
        """Shows nothing."""
        self._lock_pages()
        self._interaction = self._reading = self._content = None
        self._is_held = False
        self._entry_text = ""
        self._stale.clear()
        self.notice.clear()
        self._note.hide()
        self._show_header()
        self.tabs.set_tabs([])

    @property
    def position(self) -> int | None:
        """The position in its cassette of the interaction shown, None where none is."""
        return self._interaction.position if self._interaction else None

    @property
    def is_held(self) -> bool:
        """Whether what is shown is about to be replaced, so that nobody may edit it."""
        return self._is_held

    def hold(self) -> None:
        """Lets nobody edit until `release`, or until something is shown again."""
        if not self._is_held:
            self._is_held, self._could_edit = True, not self._read_only
            self._set_read_only(True)

    def release(self) -> None:
        """What is shown can be edited again."""
        if self._is_held:
            self._is_held = False
            self._set_read_only(not self._could_edit)

    def commit(self) -> None:
        """Ends every edit under way, as leaving its field does; what is refused stays in the field."""
        for field in self.findChildren(InlineField):
            field.commit()
        for page in (self._made("body"), self._made("yaml")):
            if page is not None:
                page.panel.view.commit()
        if (headers := self._made("headers")) is not None:
            headers.commit()

    def _lock_pages(self) -> None:
        """Lets no page be edited until it is filled again; what is still being typed is given up.

        A page that is not shown goes on to hold another interaction's text, and may still have the keyboard.
        """
        self._typed = None
        for page in self._editable_pages().values():
            page.set_read_only(True)

    def _editable_pages(self) -> dict[str, BodyView | HeadersTable | YamlView]:
        """The pages that can be edited and are there by now, by their tabs."""
        made = {tab: self._made(tab) for tab in ("body", "headers", "yaml")}
        return {tab: page for tab, page in made.items() if page is not None}

    def show_waiting(self, why: str) -> None:
        """Shows nothing but what is being waited for."""
        self.clear()
        self._note.setText(why)
        self._note.show()

    def select_tab(self, tab: str) -> bool:
        """Shows a tab by its name, and prefers it from now on; False where it is not offered now."""
        return self.tabs.select(tab)

    def tab_names(self) -> list[str]:
        """The tabs offered now."""
        return self.tabs.names()

    def refuse_edit(self, error: EditError) -> None:
        """Says what speaks against the edit that was asked for; what was typed can be mended."""
        self.release()
        self.show_edit_error(f"{error.message} {error.remedy}".strip(), error.line, error.column)

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
        takes = [page.show_error for page in (self._made("yaml"), self._made("body")) if page is not None]
        if not any(show_error(message, line) for show_error in takes):
            self.notice.say(message)

    def find(self) -> None:  # type: ignore[override]  # QWidget.find looks up window ids; nobody does
        """Opens the find bar of the text that is shown; the body's where there is none."""
        if self.tabs.current == "yaml":
            self.yaml.panel.open_find_bar()
        elif self.tabs.current == "body" or self.select_tab("body"):
            self.body.open_find_bar()

    def begin_edit(self) -> None:
        """Begins an edit of the text or the header that is shown; of the body where that is neither."""
        if self.tabs.current == "yaml":
            self.yaml.panel.view.begin_edit()
        elif self.tabs.current == "headers":
            self.headers.table.begin_edit()
        elif self.tabs.current == "body" or self.select_tab("body"):
            self.body.panel.view.begin_edit()

    def save_body(self) -> None:
        """Asks where to, and saves the body, which is shown then."""
        if self.select_tab("body"):
            self.body.ask_to_save()

    def enter(self) -> None:
        """Takes the keyboard to what is shown."""
        self.tabs.enter()

    @property
    def text(self) -> str:
        """The name of the tab whose text commands for a text mean: the body where none is shown."""
        return "yaml" if self.tabs.current == "yaml" else "body"

    def shown_text(self) -> CodeView | None:
        """The text that is shown, None where the tab shows something else."""
        page = self._made(self.tabs.current) if self.tabs.current in ("body", "yaml") else None
        return page.panel.view if page is not None else None

    def wraps(self, tab: str) -> bool:
        """Whether the lines of a text, of the body or the entry, are wrapped."""
        body, yaml = self._made("body"), self._made("yaml")
        if tab == "body" and body is not None:
            return bool(body.wrap_button.isChecked())
        return bool(yaml.panel.view.wraps) if tab == "yaml" and yaml is not None else self._wraps[tab]

    def set_wrap(self, tab: str, wraps: bool) -> None:
        """Wraps the lines of a text or lets them run on."""
        self._wraps[tab] = wraps
        body, yaml = self._made("body"), self._made("yaml")
        if tab == "body" and body is not None:
            body.set_wrap(wraps)
        elif tab == "yaml" and yaml is not None:
            yaml.panel.view.set_wrap(wraps)

    def set_zoom(self, points: int) -> None:
        """Makes texts some points larger than their own size."""
        self._zoom = points
        for panel in self._text_panels():
            panel.view.set_zoom(points)

    # --- for the two panes

    def message(self) -> Request | Response | None:
        """The message that this pane shows."""
        if self._interaction is None:
            return None
        return self._interaction.request if self._side is Side.REQUEST else self._interaction.response

    def add_header_widget(self, widget: QWidget, stretch: int = 0) -> None:
        """Puts a field or a figure on the header line; the keyboard comes there before it comes to the tabs."""
        before = self._header.itemAt(self._header.count() - 1)
        self._header.addWidget(widget, stretch)
        if before is not None and (neighbour := before.widget()) is not None:
            self.setTabOrder(neighbour, widget)
        self.setTabOrder(widget, self.tabs.bar)
        if isinstance(widget, InlineField):
            widget.reverted.connect(self.notice.clear)

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
        """Body, Headers and the entry's own text, as far as there is something in them."""
        message = self.message()
        tabs = []
        if message is not None:
            if not message.body.is_absent:
                tabs.append(Tab("body", self.tr("Body"), is_empty=not message.body.content))
            count = len(message.headers)
            tabs.append(Tab("headers", self.tr("Headers"), count, is_empty=not count))
        if self._entry_text:
            tabs.append(Tab("yaml", entry_title(self._syntax)))
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
            self.body.show_body(
                interaction.position, message.body, read_only=self._read_only, content=self._content
            )
        elif tab == "headers":
            self.headers.show_headers(interaction.position, message.headers, read_only=self._read_only)

    def _offered(self, interaction: Interaction, reading: Reading) -> list[Tab]:
        """The tabs that have something to say."""
        raise NotImplementedError

    def _show_header(self) -> None:
        """Shows the header line's fields."""
        raise NotImplementedError

    def _make_body(self) -> BodyView:
        """Makes the page of the body."""
        from viewer.ui.body_view import BodyView

        body = BodyView(self._theme, self._side)
        body.edit_requested.connect(self.edit_requested)
        self._adopt_text(body.panel)
        body.set_wrap(self._wraps["body"])
        return body

    def _text_panels(self) -> Iterator[CodePanel]:
        """The texts that are there by now."""
        return (page.panel for page in (self._made("body"), self._made("yaml")) if page is not None)

    # --- private

    def _made(self, name: str) -> Any:
        """A late page where it was made, else None."""
        return self.__dict__.get(name)

    def _made_pages(self) -> Iterator[Any]:
        return (page for page in map(self._made, self.late_pages) if page is not None)

    def _set_read_only(self, read_only: bool) -> None:
        """Lets what is shown be edited or not; pages that are not filled yet ask when they are."""
        self._read_only = read_only
        self._show_header()
        for tab, page in self._editable_pages().items():
            if tab not in self._stale:
                page.set_read_only(read_only)

    def _adopt_text(self, panel: CodePanel) -> None:
        """Connects a page's text, and shows it as large as the others."""
        panel.view.undo_requested.connect(self.undo_requested)
        panel.view.redo_requested.connect(self.redo_requested)
        panel.view.zoomed.connect(self.zoomed)
        panel.view.set_zoom(self._zoom)

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
        for name in self.late_pages:
            self.tabs.promise_page(name, partial(getattr, self, name))

    def _lay_out(self) -> None:
        # The text of fields stands in from their edges, to be in line with everything below.
        side = steps(3.5) - inset()
        self._header.setContentsMargins(side, steps(2), side, 0)
        self._header.setSpacing(steps(0.5))
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addLayout(self._header)
        self._layout.addWidget(self.notice)
        self._layout.addWidget(self._note)
        self._layout.addWidget(self.tabs, 1)
        self._layout.addStretch(0)
