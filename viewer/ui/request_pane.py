"""The request: method and URL, and its conversation, body, query, form, headers and text."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from viewer.cassette.formats.base import Side
from viewer.cassette.query import Fields, form_fields, query_fields, split_url
from viewer.ui.conversation_view import ConversationView
from viewer.ui.inline_field import InlineField, Run
from viewer.ui.message_pane import MessagePane
from viewer.ui.pane_tabs import Tab

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from viewer.cassette.model import Interaction
    from viewer.stream.reading import Reading
    from viewer.stream.transcript import Conversation
    from viewer.ui.headers_table import FieldTable
    from viewer.ui.theme import Theme


class RequestPane(MessagePane):
    """Shows what was sent."""

    late_pages = (*MessagePane.late_pages, "query", "form")

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._query: Fields = ()
        self._form: Fields = ()
        super().__init__(theme, Side.REQUEST, parent)
        self.set_title(self.tr("Request"))
        self.method = InlineField(theme, self.tr("Method"))
        self.url = InlineField(theme, self.tr("URL"), expands=True)
        self.add_header_widget(self.method)
        self.add_header_widget(self.url, 1)
        self.method.committed.connect(self._set_method)
        self.url.committed.connect(self._set_url)
        self.conversation = ConversationView(theme)
        self.conversation.page.zoomed.connect(self.zoomed)
        self.tabs.add_page("conversation", self.conversation)
        self.clear()

    @cached_property
    def query(self) -> FieldTable:
        """The page of the URL's query."""
        return self._make_fields(self.tr("Query"))

    @cached_property
    def form(self) -> FieldTable:
        """The page of a form sent as the body."""
        return self._make_fields(self.tr("Form"))

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        for part in (self.conversation, self.method, self.url):
            part.set_theme(theme)

    def set_zoom(self, points: int) -> None:
        super().set_zoom(points)
        self.conversation.set_zoom(points)

    def fill_tab(self, tab: str) -> None:
        if tab == "conversation":
            self.conversation.set_conversation(self._reading.conversation if self._reading else None)
        elif tab == "query":
            self.query.show_fields(self._query)
        elif tab == "form":
            self.form.show_fields(self._form)
        else:
            super().fill_tab(tab)

    def _offered(self, interaction: Interaction, reading: Reading) -> list[Tab]:
        request = interaction.request
        self._query = query_fields(request.url) if request else ()
        self._form = form_fields(request) if request else ()
        tabs = []
        if _says_something(reading.conversation):
            tabs.append(Tab("conversation", self.tr("Conversation")))
        tabs += self.message_tabs()
        extra = []
        if self._query:
            extra.append(Tab("query", self.tr("Query"), len(self._query)))
        if self._form:
            extra.append(Tab("form", self.tr("Form"), len(self._form)))
        behind = next((place for place, tab in enumerate(tabs) if tab.name == "headers"), len(tabs))
        return [*tabs[:behind], *extra, *tabs[behind:]]

    def _show_header(self) -> None:
        if not hasattr(self, "url"):
            return
        request = self._interaction.request if self._interaction else None
        for field in (self.method, self.url):
            field.setVisible(request is not None)
        if request is None:
            return
        theme = self._theme
        host, path = split_url(request.url)
        self.method.show_value(
            request.method, [Run(request.method, theme.text, bold=True)], read_only=self._read_only
        )
        self.url.show_value(
            request.url, [Run(host, theme.dim), Run(path, theme.text)], read_only=self._read_only
        )

    def _make_fields(self, title: str) -> FieldTable:
        from viewer.ui.headers_table import FieldTable

        return FieldTable(self._theme, title)

    @Slot(str)
    def _set_method(self, typed: str) -> None:
        from viewer.cassette.edits import SetMethod

        if self._interaction is not None:
            self.request_from(
                self.method, typed, SetMethod(self._interaction.position, typed.strip().upper())
            )

    @Slot(str)
    def _set_url(self, typed: str) -> None:
        from viewer.cassette.edits import SetUrl

        if self._interaction is not None:
            self.request_from(self.url, typed, SetUrl(self._interaction.position, typed))


def _says_something(conversation: Conversation | None) -> bool:
    return conversation is not None and bool(conversation.messages or conversation.notes)
