"""The response: status and figures, its transcript, events, body, headers and text, and the replay."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QFontMetrics, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from viewer.cassette.formats.base import Side
from viewer.cassette.layout import Syntax
from viewer.document.plain_text import plain, shortened
from viewer.stream.event import TextOffsets, event_at
from viewer.stream.resources import View
from viewer.stream.transcript import PartKind
from viewer.ui import figures
from viewer.ui.grid import name
from viewer.ui.inline_field import InlineField, Run
from viewer.ui.message_pane import MessagePane
from viewer.ui.pane_tabs import Tab
from viewer.ui.player import Player
from viewer.ui.replay_bar import ReplayBar
from viewer.ui.transcript_view import TranscriptView

if TYPE_CHECKING:
    from viewer.cassette.model import Interaction, Response
    from viewer.stream.reading import Reading
    from viewer.ui.body_content import BodyContent
    from viewer.ui.body_view import BodyView
    from viewer.ui.code_panel import CodePanel
    from viewer.ui.events_table import EventsTable
    from viewer.ui.result_view import ResultView
    from viewer.ui.theme import Theme


class ResponsePane(MessagePane):
    """Shows what came back, and plays it.

    Where the replay stands, the transcript, the table of events and the body as recorded follow each other.
    """

    late_pages = (*MessagePane.late_pages, "events", "answer")

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self.player = Player()
        self._offsets: TextOffsets | None = None
        super().__init__(theme, Side.RESPONSE, parent)
        self.set_title(self.tr("Response"))
        self.player.setParent(self)
        self.status = InlineField(theme, self.tr("Status"))
        self.figures = ElidedText(theme)
        self.add_header_widget(self.status)
        self.add_header_widget(self.figures, 1)
        self.transcript = TranscriptView(theme)
        self.transcript.page.zoomed.connect(self.zoomed)
        self.tabs.add_page("transcript", self.transcript)
        self._make_markdown_button()
        self.replay_bar = ReplayBar(theme, self.player)
        self._layout.addWidget(self.replay_bar)
        self.status.committed.connect(self._set_status)
        self.transcript.event_activated.connect(self._choose_event)
        self.transcript.repair_requested.connect(self._repair)
        self.player.moved.connect(self._moved)
        self.player.playing_changed.connect(self._playing_changed)
        self._make_keys()
        self.clear()

    @cached_property
    def events(self) -> EventsTable:
        """The page of the events."""
        from viewer.ui.events_table import EventsTable

        events = EventsTable(self._theme)
        events.event_activated.connect(self._choose_event)
        events.detail.view.zoomed.connect(self.zoomed)
        events.detail.view.set_zoom(self._zoom)
        return events

    @cached_property
    def answer(self) -> ResultView:
        """The page of an answer that is no conversation."""
        from viewer.ui.result_view import ResultView

        answer = ResultView(self._theme)
        answer.page.zoomed.connect(self.zoomed)
        answer.set_zoom(self._zoom)
        return answer

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        for part in (self.status, self.figures, self.transcript, self.replay_bar):
            part.set_theme(theme)

    def set_zoom(self, points: int) -> None:
        super().set_zoom(points)
        for part in (self.transcript, self._made("answer")):
            if part is not None:
                part.set_zoom(points)

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
        self._offsets = None
        self.player.load(reading.timeline if reading.has_stream else None)
        super().show_interaction(
            interaction, reading, entry_text, syntax=syntax, read_only=read_only, content=content
        )
        self.replay_bar.setVisible(reading.has_stream)
        self.replay_bar.show_reading(reading if reading.has_stream else None)

    def clear(self) -> None:
        self.player.load(None)
        super().clear()
        self.replay_bar.hide()

    # --- the replay, for the window's menu

    @Slot()
    def play(self) -> None:
        """Plays or pauses."""
        self.player.toggle()

    @Slot()
    def step_back(self) -> None:
        """Goes an event back."""
        self.player.step_back()

    @Slot()
    def step_forward(self) -> None:
        """Goes an event further."""
        self.player.step_forward()

    @Slot()
    def to_start(self) -> None:
        """Goes before the first event."""
        self.player.seek_start()

    @Slot()
    def to_end(self) -> None:
        """Goes behind the last event."""
        self.player.seek_end()

    # --- showing

    def fill_tab(self, tab: str) -> None:
        if tab == "transcript":
            self.transcript.set_reading(self._reading, read_only=self._read_only)
            self.transcript.show_event(self._event_shown())
        elif tab == "answer":
            self.answer.show_value(self._reading.value if self._reading else None)
        elif tab == "events":
            self.events.set_reading(self._reading)
            if not self.player.is_at_end:
                self.events.show_event(self.player.event_index)
        else:
            super().fill_tab(tab)
        if tab == "body":
            self._mark_body(self.player.event_index)

    def _event_shown(self) -> int:
        """The event up to which the answer is shown: where the player is, all of what does not play."""
        if self._reading is None or self._reading.has_stream:
            return self.player.event_index
        return len(self._reading.events) - 1

    def _offered(self, interaction: Interaction, reading: Reading) -> list[Tab]:
        tabs = []
        if interaction.response is not None:
            if reading.view is not View.ANSWER and reading.value is not None:
                tabs.append(Tab("answer", self._view_title(reading.view)))
            # What an error says stands on its own page.
            parts = reading.transcript.parts
            more = not tabs or any(part.kind is not PartKind.ERROR for part in parts)
            if more and (parts or reading.transcript.finish_reason):
                tabs.append(Tab("transcript", self.tr("Transcript")))
            if reading.has_stream and reading.events:
                tabs.append(Tab("events", self.tr("Events"), len(reading.events)))
        return tabs + self.message_tabs()

    def _show_header(self) -> None:
        if not hasattr(self, "figures"):
            return
        interaction, reading = self._interaction, self._reading
        response = interaction.response if interaction else None
        self.status.setVisible(response is not None)
        self.figures.setVisible(response is not None)
        if interaction is None or response is None or reading is None:
            return
        theme = self._theme
        is_good = response.status is not None and response.status < 400
        badge = Run(
            _status_line(response) or self.tr("no status"),
            theme.ok if is_good else theme.error,
            bold=True,
            background=theme.ok_bg if is_good else theme.error_bg,
        )
        self.status.show_value(_status_line(response), [badge], read_only=self._read_only)
        self.figures.set_text(" · ".join(self._figures(interaction, reading)))

    def _figures(self, interaction: Interaction, reading: Reading) -> list[str]:
        known = []
        if interaction.duration is not None:
            known.append(figures.seconds(interaction.duration))
        if reading.has_stream:
            known.append(self.tr("{} events").format(figures.number(len(reading.events))))
        usage = reading.transcript.usage
        if usage.tokens is not None:
            known.append(self.tr("{} tokens").format(figures.number(usage.tokens)))
        if usage.cost:
            known.append(figures.cost(usage.cost))
        if not known and interaction.response is not None:
            known.append(figures.size(len(interaction.response.body.raw or b"")))
        return known

    def _text_panels(self) -> Iterator[CodePanel]:
        yield from super()._text_panels()
        if (events := self._made("events")) is not None:
            yield events.detail

    def _make_body(self) -> BodyView:
        body = super()._make_body()
        body.offset_activated.connect(self._choose_offset)
        return body

    # --- following each other

    @Slot(float, int)
    def _moved(self, seconds: float, event: int) -> None:
        if self._reading is None:
            return
        playing = self.player.is_playing
        self.transcript.mark_event(None)
        if "transcript" not in self._stale:
            self.transcript.show_event(event, playing=playing)
        if "events" not in self._stale:
            self.events.show_event(event, playing=playing)
        if not playing:
            self._mark_body(event)

    @Slot(bool)
    def _playing_changed(self, playing: bool) -> None:
        if self._reading is not None and "transcript" not in self._stale:
            self.transcript.show_event(self.player.event_index, playing=playing)
        if not playing:
            self._mark_body(self.player.event_index)

    @Slot(int)
    def _choose_event(self, event: int) -> None:
        """A word, a row or a line of the body was chosen: all go to its event, and the whole answer stays."""
        self.player.pause()
        self.player.seek_event(event)
        self.transcript.show_event(self.player.event_count - 1)
        self.transcript.mark_event(event)
        self._mark_body(event)

    @Slot(int)
    def _choose_offset(self, offset: int) -> None:
        reading = self._reading
        if reading is None or not reading.has_stream:
            return
        position = event_at(reading.events, self._text_offsets(reading).to_bytes(offset))
        if position is not None and position != self.player.event_index:
            self._choose_event(position)

    def _mark_body(self, event: int) -> None:
        """Marks the event's bytes in the body as recorded."""
        reading = self._reading
        if reading is None or not reading.has_stream or "body" in self._stale:
            return
        if not 0 <= event < len(reading.events) or self.player.is_at_end:
            self.body.mark_range(None)
            return
        offsets, marked = self._text_offsets(reading), reading.events[event]
        self.body.mark_range((offsets.to_text(marked.start), offsets.to_text(marked.end)))

    def _text_offsets(self, reading: Reading) -> TextOffsets:
        if self._offsets is None:
            self._offsets = TextOffsets(reading.content)
        return self._offsets

    # --- editing

    @Slot(str)
    def _repair(self, text: str) -> None:
        if self._interaction is not None:
            self.notice.clear()
            from viewer.cassette.edits import RepairText

            self.edit_requested.emit(RepairText(self._interaction.position, Side.RESPONSE, text))

    @Slot(str)
    def _set_status(self, typed: str) -> None:
        if self._interaction is None:
            return
        code, _, reason = typed.strip().partition(" ")
        if not (code.isascii() and code.isdigit()):
            self.request_refused(
                self.status, typed, self.tr("A status begins with three digits, such as 200.")
            )
            return
        response = self._interaction.response
        new_code = response is not None and str(response.status) != code
        same_reason = response is not None and reason == response.reason
        given = None if not reason or (new_code and same_reason) else reason
        from viewer.cassette.edits import SetStatus

        self.request_from(self.status, typed, SetStatus(self._interaction.position, int(code), given))

    def _view_title(self, view: View) -> str:
        titles = {
            View.EMBEDDINGS: self.tr("Embeddings"),
            View.IMAGES: self.tr("Images"),
            View.SOUND: self.tr("Sound"),
            View.MODERATION: self.tr("Moderation"),
            View.LISTING: self.tr("List"),
            View.ERROR: self.tr("Error"),
        }
        return titles.get(view, self.tr("Answer"))

    def _make_markdown_button(self) -> None:
        button = QToolButton(self)
        button.setText("M↓")
        button.setCheckable(True)
        button.setChecked(True)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        name(button, self.tr("Show Markdown as it is meant, or as it was written"))
        button.toggled.connect(self.transcript.set_markdown)
        self.tabs.add_tool("transcript", button)

    def _make_keys(self) -> None:
        """Space, arrows, Home and End drive the replay wherever they are not typed or move something else."""
        keys = (
            (Qt.Key.Key_Space, self.player.toggle),
            (Qt.Key.Key_Left, self.player.step_back),
            (Qt.Key.Key_Right, self.player.step_forward),
            (Qt.Key.Key_Home, self.player.seek_start),
            (Qt.Key.Key_End, self.player.seek_end),
        )
        for key, slot in keys:
            action = QAction(self)
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(slot)
            self.addAction(action)


class ElidedText(QWidget):
    """A line of text, cut at its end where it does not fit."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def set_theme(self, theme: Theme) -> None:
        """Draws in another colour."""
        self._theme = theme
        self.update()

    def set_text(self, text: str) -> None:
        """Shows another text."""
        self._text = text
        self.setToolTip(plain(text))
        self.setAccessibleName(text)
        self.update()

    @property
    def text(self) -> str:
        """The whole text."""
        return self._text

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws as much as fits."""
        painter = QPainter(self)
        painter.setPen(self._theme.text)
        shown = QFontMetrics(self.font()).elidedText(
            shortened(self._text), Qt.TextElideMode.ElideRight, self.width()
        )
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


def _status_line(response: Response) -> str:
    """`200 OK`."""
    if response.status is None:
        return response.reason
    return f"{response.status} {response.reason}".strip()
