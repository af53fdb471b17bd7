"""The answer as a person reads it, finished or while it plays.

Playing appends: each part's section shows its text up to what the current event brought, and a block caret
stands at the end. What takes long (a finished answer of megabytes) is shown in slices, the start at once.
"""

from __future__ import annotations

from bisect import bisect_right
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QShowEvent, QTextBlockFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit, QVBoxLayout, QWidget

from viewer.stream.transcript import PartKind, Transcript, Usage
from viewer.ui import figures
from viewer.ui.garbled_bar import GarbledBar
from viewer.ui.grid import steps
from viewer.ui.text_flow import RULE, TextFlow
from viewer.ui.transcript_sections import Section, Words, make_section

if TYPE_CHECKING:
    from viewer.stream.reading import Reading
    from viewer.ui.theme import Theme

# Seconds of a frame that showing text may take, and at the very first, before anything is painted.
_SLICE = 0.008
_FIRST_SLICE = 0.03
# Characters whose removal would be noticed.
_MUCH = 200_000


class TranscriptPage(TextFlow):
    """The page that a transcript is drawn on, with a block caret where the answer goes on.

    Signals:
        position_clicked(int): a place of the document was clicked, nothing being selected.
    """

    position_clicked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._caret: int | None = None

    def set_caret(self, position: int | None) -> None:
        """Draws the caret behind this position of the document, or none."""
        if position != self._caret:
            self._caret = position
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, and the caret on it."""
        super().paintEvent(event)
        if self._caret is None:
            return
        cursor = self.end_cursor()
        cursor.setPosition(min(self._caret, cursor.position()))
        area = self.cursorRect(cursor)
        painter = QPainter(self.viewport())
        height = min(area.height(), round(self.fontMetrics().height() * 1.1))
        painter.fillRect(
            QRectF(area.left() + 1, area.bottom() - height + 1, steps(1.75), height), self.theme.accent
        )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click that selects nothing is for the event behind the word."""
        super().mouseReleaseEvent(event)
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and not self.textCursor().hasSelection() and not self.anchorAt(event.position().toPoint()):
            self.position_clicked.emit(self.cursorForPosition(event.position().toPoint()).position())


class TranscriptView(QWidget):
    """Shows a reading's transcript up to an event.

    Signals:
        event_activated(int): the person clicked a word that this event brought.
        repair_requested(str): the body is to hold this text, in which nothing is garbled.
    """

    event_activated = Signal(int)
    repair_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._recorded: Reading | None = None
        self._reading: Reading | None = None
        self._transcript = Transcript()
        self._first_events: list[int] = []
        self._sections: list[Section] = []
        self._event = -1
        self._marked: int | None = None
        self._playing = False
        self._markdown = True
        self._unfolded: set[int] = set()
        self.page = TranscriptPage(theme, self)
        self.page.setAccessibleName(self.tr("Transcript"))
        self.page.anchorClicked.connect(self._follow_link)
        self.page.position_clicked.connect(self._activate)
        self._later = QTimer(self, singleShot=True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._show_on)
        self._footer = QTextCursor(self.page.document())
        self._has_footer = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.garbled = GarbledBar(theme, self)
        self.garbled.switched.connect(self._show_repaired)
        self.garbled.repair_requested.connect(self._request_repair)
        layout.addWidget(self.garbled)
        layout.addWidget(self.page)
        self.setFocusProxy(self.page)

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours."""
        self._theme = theme
        self.page.theme = theme
        self.garbled.set_theme(theme)
        self._draw_anew()

    def set_zoom(self, points: int) -> None:
        """Makes text some points larger than usual."""
        if points != self.page.zoom:
            self.page.zoom = points
            self._draw_anew()

    def set_markdown(self, markdown: bool) -> None:
        """Shows the answer as Markdown means it, or as it was written."""
        if markdown != self._markdown:
            self._markdown = markdown
            self._draw_anew()

    @property
    def is_markdown(self) -> bool:
        """Whether Markdown is shown as it is meant."""
        return self._markdown

    def set_reading(self, reading: Reading | None, *, read_only: bool = True) -> None:
        """Shows another answer, whole; one that is garbled can be repaired unless it is read-only."""
        self._recorded = reading
        can_repair = reading is not None and reading.repaired is not None
        self.garbled.show_repair(reading.repair if reading and can_repair else None, read_only=read_only)
        self._take(reading)
        self._unfolded.clear()
        self._event = len(reading.events) - 1 if reading else -1
        self._playing = False
        self._marked = None
        self._draw_anew()
        self.page.verticalScrollBar().setValue(0)

    def _take(self, reading: Reading | None) -> None:
        self._reading = reading
        self._transcript = reading.transcript if reading else Transcript()
        self._first_events = _first_events(reading) if reading else []

    @Slot(bool)
    def _show_repaired(self, repaired: bool) -> None:
        """Shows the same events of the repaired answer, or of the recorded one again."""
        recorded = self._recorded
        self._take(recorded.repaired if recorded and repaired else recorded)
        self._draw_anew()

    @Slot()
    def _request_repair(self) -> None:
        if self._recorded is not None and self._recorded.repaired_text is not None:
            self.repair_requested.emit(self._recorded.repaired_text)

    def show_event(self, event: int, *, playing: bool = False) -> None:
        """Shows what had come when `event` had played."""
        follows = self._is_at_bottom() if playing else False
        if not playing and self._hides_much(event):
            self._start_over()
        self._event, self._playing = event, playing
        if not self.isVisible():
            return
        self._show(perf_counter() + _SLICE)
        if follows:
            bar = self.page.verticalScrollBar()
            bar.setValue(bar.maximum())

    def _hides_much(self, event: int) -> bool:
        """Whether going back to `event` takes so much text away that drawing anew is quicker."""
        if event >= self._event or not self._sections:
            return False
        last = max(self._sections, key=lambda section: section.length_at(self._event))
        return last.length_at(self._event) - last.length_at(event) > _MUCH

    def mark_event(self, event: int | None) -> None:
        """Marks what an event brought, and brings it into view."""
        self._marked = event
        self._mark(reveal=True)

    def answer(self) -> str:
        """The whole answer's text."""
        return self._transcript.text

    def showEvent(self, event: QShowEvent) -> None:
        """Takes up what happened while it was out of sight."""
        super().showEvent(event)
        self._show(perf_counter() + _FIRST_SLICE)

    # --- drawing

    def _draw_anew(self) -> None:
        self._start_over()
        self._show(perf_counter() + _FIRST_SLICE)
        self._mark(reveal=False)

    def _start_over(self) -> None:
        """An empty page; quicker than taking away a long answer."""
        self._sections.clear()
        self.page.start_over()
        self._footer = QTextCursor(self.page.document())
        self._footer.setKeepPositionOnInsert(True)
        self._has_footer = False

    @Slot()
    def _show_on(self) -> None:
        self._show(perf_counter() + _SLICE)

    def _show(self, until: float) -> None:
        """Brings every section to what the event asks for; goes on later where the time is up."""
        edit = QTextCursor(self.page.document())
        edit.beginEditBlock()
        done = self._show_sections(until)
        edit.endEditBlock()
        if not done:
            self._later.start()
        elif self._marked is not None:
            self._mark(reveal=False)
        self.page.set_caret(self._caret_position() if self._is_unfinished() else None)

    def _show_sections(self, until: float) -> bool:
        visible = bisect_right(self._first_events, self._event)
        if not self._has_footer and (visible or not self._is_unfinished()):
            self._write_footer()
        if visible < len(self._sections):
            self._drop_sections(visible)
        for index in range(visible):
            if index == len(self._sections):
                self._open_section(index)
            section = self._sections[index]
            if not section.show(section.length_at(self._event), until):
                return False
        return True

    def _open_section(self, index: int) -> None:
        part = self._transcript.parts[index]
        section = make_section(
            self.page,
            part,
            index,
            self._words(),
            detail=self._reasoning_detail(index),
            markdown=self._markdown,
            folded=index not in self._unfolded,
        )
        self._sections.append(section)
        section.open(self._new_block())
        if index == 0:
            self.page.air_first_card()

    def _new_block(self) -> QTextCursor:
        """A new empty block before the footer."""
        position = self._footer.position()
        cursor = QTextCursor(self.page.document())
        cursor.setPosition(position)
        cursor.insertBlock()
        self._footer.setPosition(position + 1)
        cursor.setPosition(position)
        cursor.setBlockFormat(QTextBlockFormat())
        return cursor

    def _drop_sections(self, keep: int) -> None:
        if keep == 0:
            self._start_over()
            return
        block_format = self._footer.blockFormat()
        cursor = QTextCursor(self.page.document())
        cursor.setPosition(self._sections[keep].begin)
        cursor.setPosition(self._footer.position(), QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        cursor.setBlockFormat(block_format)
        self._footer.setPosition(cursor.position())
        del self._sections[keep:]

    def _write_footer(self) -> None:
        """Notes and the line of figures under the answer; not before that has begun, which comes in their place."""
        self._has_footer = True
        cursor = QTextCursor(self.page.document())
        first = True
        for note in self._transcript.notes:
            self._footer_block(cursor, self.page.block(3), first)
            cursor.insertText(f"▲ {note}", self.page.plain(self._theme.warning))
            first = False
        entries = self._figures()
        block = self.page.block(6 if entries else 0)
        if entries:
            block.setProperty(RULE, True)
        self._footer_block(cursor, block, first)
        for number, (label, value) in enumerate(entries):
            gap = "\u2003 " if number else ""
            # A line breaks between figures, not within one.
            cursor.insertText(f"{gap}{label}\u00a0", self.page.plain(self._theme.dim))
            strong = self.page.plain()
            strong.setFontWeight(600)
            cursor.insertText(value.replace(" ", "\u00a0"), strong)

    def _footer_block(self, cursor: QTextCursor, block: QTextBlockFormat, first: bool) -> None:
        if first:
            cursor.setBlockFormat(block)
        else:
            cursor.insertBlock(block)

    def _figures(self) -> list[tuple[str, str]]:
        usage: Usage = self._transcript.usage
        counted = (
            (self.tr("Input"), usage.input),
            (self.tr("Cached"), usage.cached or None),
            (self.tr("Output"), usage.output),
            (self.tr("Reasoning"), usage.reasoning or None),
        )
        entries = [(label, figures.number(count)) for label, count in counted if count is not None]
        if usage.cost:
            entries.append((self.tr("Cost"), figures.cost(usage.cost)))
        if self._transcript.finish_reason:
            entries.append((self.tr("Finish"), self._transcript.finish_reason))
        return entries

    def _words(self) -> Words:
        return Words(
            reasoning=self.tr("Reasoning"),
            refusal=self.tr("Refusal"),
            result=self.tr("Tool result"),
            other=self.tr("Other"),
        )

    def _reasoning_detail(self, index: int) -> str:
        """How long the model reasoned, and in how many tokens where only one part did."""
        part, reading = self._transcript.parts[index], self._reading
        if part.kind is not PartKind.REASONING or reading is None:
            return ""
        details = []
        if reading.has_stream and part.events:
            timeline = reading.timeline
            begun = timeline.time_of(part.events[0] - 1) if part.events[0] else 0.0
            details.append(figures.short_seconds(timeline.time_of(part.events[-1]) - begun))
        tokens = self._transcript.usage.reasoning
        if tokens and len(self._transcript.of_kind(PartKind.REASONING)) == 1:
            details.append(self.tr("{} tokens").format(figures.number(tokens)))
        if part.fact("encrypted") or part.fact("redacted"):
            details.append(self.tr("encrypted"))
        return " · ".join(details)

    # --- following

    def _is_unfinished(self) -> bool:
        last = len(self._reading.events) - 1 if self._reading else -1
        return (
            self._reading is not None and self._reading.has_stream and (self._playing or self._event < last)
        )

    def _caret_position(self) -> int | None:
        """Where the answer goes on: behind the part that grew last."""
        if not self._sections:
            return None if self._has_footer else self._footer.position()
        newest = max(self._sections, key=lambda section: (section.last_event(self._event), section.index))
        return newest.end_position()

    def _mark(self, *, reveal: bool) -> None:
        selections: list[QTextEdit.ExtraSelection] = []
        for section in self._sections if self._marked is not None else []:
            span = section.span_of(self._marked or 0)
            if span is not None and span[0] < span[1]:
                selections.append(self._selection(*span))
        self.page.setExtraSelections(selections)
        if reveal and selections:
            self._bring_into_view(selections[0].cursor)

    def _selection(self, start: int, end: int) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.page.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        selection.cursor = cursor
        selection.format.setBackground(self._theme.accent_bg)
        return selection

    def _bring_into_view(self, cursor: QTextCursor) -> None:
        area, view = self.page.cursorRect(cursor), self.page.viewport().rect()
        bar = self.page.verticalScrollBar()
        if area.top() < view.top() or area.bottom() > view.bottom():
            bar.setValue(bar.value() + area.center().y() - view.height() // 2)

    def _is_at_bottom(self) -> bool:
        bar = self.page.verticalScrollBar()
        return bar.value() >= bar.maximum() - self.page.fontMetrics().height()

    @Slot(int)
    def _activate(self, position: int) -> None:
        for section in self._sections:
            offset = section.offset_at(position)
            if offset is not None:
                event = section.part.event_at(max(0, min(offset, len(section.part.text) - 1)))
                if event is not None:
                    self.event_activated.emit(event)
                return

    @Slot(QUrl)
    def _follow_link(self, target: QUrl) -> None:
        if target.scheme() == "fold":
            self.toggle_fold(int(target.path()))

    def toggle_fold(self, index: int) -> None:
        """Folds or unfolds a part's section."""
        section = self._sections[index]
        section.set_folded(not section.folded)
        if section.folded:
            self._unfolded.discard(index)
        else:
            self._unfolded.add(index)
        self._footer_moved()
        self._mark(reveal=False)

    def _footer_moved(self) -> None:
        """The cursor at the footer moves with the text by itself; the caret has to be told."""
        self.page.set_caret(self._caret_position() if self._is_unfinished() else None)


def _first_events(reading: Reading) -> list[int]:
    """The event with which each part begins, never decreasing."""
    count = len(reading.transcript.parts)
    first = [-1] * count
    for delta in reversed(reading.deltas):
        if 0 <= delta.part < count:
            first[delta.part] = delta.event
    latest = -1
    for index, event in enumerate(first):
        latest = first[index] = max(latest, event)
    return first
