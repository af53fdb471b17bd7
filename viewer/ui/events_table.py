"""The table of events, and under it the payload of the one selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPainter, QPalette, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QSplitter,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from viewer.cassette.json_pretty import pretty, pretty_quickly
from viewer.document.plain_text import shortened
from viewer.ui.code_panel import CodePanel
from viewer.ui.code_view import JsonHighlighter, PlainHighlighter
from viewer.ui.event_kinds import EventTint, tint_color
from viewer.ui.events_model import ADDS, NAME, NUMBER, TIME, TINT_ROLE, EventsModel
from viewer.ui.grid import smaller, steps
from viewer.ui.theme import Theme, fixed_font

if TYPE_CHECKING:
    from viewer.stream.event import Event
    from viewer.stream.reading import Reading

# While it plays, the payload under the table follows at this pace, in milliseconds.
_DETAIL_MS = 120
# Characters of a payload that are laid out at once, whatever is wrong with it.
_MOST_AT_ONCE = 1 << 16


class EventDelegate(QStyledItemDelegate):
    """Draws what an event added in the colour of its kind, in the fixed font; the rest dimmed."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Figures stand apart from what follows; the selection goes through."""
        if index.column() == TIME:
            ground = QStyleOptionViewItem(option)
            self.initStyleOption(ground, index)
            element = QStyle.PrimitiveElement.PE_PanelItemViewItem
            ground.widget.style().drawPrimitive(element, ground, painter, ground.widget)
            option.rect.setRight(option.rect.right() - steps(2))
        super().paint(painter, option, index)

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        color = self.theme.text if index.column() == NAME else self.theme.dim
        if index.column() == ADDS:
            tint = index.data(TINT_ROLE)
            color = tint_color(tint, self.theme) if tint is not EventTint.REST else self.theme.dim
            option.font = smaller(fixed_font(), 0)
        palette = option.palette
        palette.setColor(QPalette.ColorRole.Text, color)
        palette.setColor(QPalette.ColorRole.HighlightedText, color)
        option.palette = palette


class EventsTable(QWidget):
    """Events with the selected one's payload.

    Signals:
        event_activated(int): the person chose another event.
    """

    event_activated = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reading: Reading | None = None
        self._following = False
        self._wanted = -1
        self.model = EventsModel(self)
        self._delegate = EventDelegate(theme, self)
        self.table = QTableView(self)
        self._set_up_table()
        self.detail = CodePanel(theme, self.tr("Payload of the event"), self)
        self.detail.view.set_wrap(True)
        self._detail_later = QTimer(self, singleShot=True)
        self._detail_later.setInterval(_DETAIL_MS)
        self._detail_later.timeout.connect(self._show_detail)
        splitter = QSplitter(Qt.Orientation.Vertical, self)
        splitter.addWidget(self.table)
        splitter.addWidget(self.detail)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)
        self.setFocusProxy(self.table)

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours."""
        self._delegate.theme = theme
        self.detail.set_theme(theme)
        self.table.viewport().update()

    def set_reading(self, reading: Reading | None) -> None:
        """Shows another stream, from its first event."""
        self._reading = reading
        self._wanted = 0 if reading else -1
        self.model.show(reading)
        self._fit_columns()
        self._follow(playing=False)

    def show_event(self, event: int, *, playing: bool = False) -> None:
        """Selects an event and brings it into view, without saying that the person did."""
        self._wanted = event
        if self.isVisible():
            self._follow(playing)

    @property
    def current_event(self) -> int:
        """The selected event, -1 for none."""
        return self.table.currentIndex().row()

    def _follow(self, playing: bool) -> None:
        self._following = True
        index = self.model.index(self._wanted, NAME) if self._wanted >= 0 else QModelIndex()
        if index.row() != self.table.currentIndex().row():
            if index.isValid():
                self.table.setCurrentIndex(index)
            else:
                self.table.clearSelection()
                self.table.setCurrentIndex(QModelIndex())
                self.table.scrollToTop()
        self._following = False
        if not playing:
            self._show_detail()
        elif not self._detail_later.isActive():
            self._detail_later.start()

    @Slot(QModelIndex)
    def _current_changed(self, current: QModelIndex) -> None:
        if not self._following and current.isValid():
            self._wanted = current.row()
            self._show_detail()
            self.event_activated.emit(current.row())

    @Slot()
    def _show_detail(self) -> None:
        events = self._reading.events if self._reading else []
        view = self.detail.view
        if not 0 <= self._wanted < len(events):
            view.set_text("")
            return
        text, is_json = _payload(events[self._wanted])
        view.set_highlighter(JsonHighlighter() if is_json else PlainHighlighter())
        view.set_text(text)

    def showEvent(self, event: QShowEvent) -> None:
        """Takes up what happened while it was out of sight."""
        super().showEvent(event)
        self._follow(playing=False)

    def _set_up_table(self) -> None:
        table = self.table
        table.setModel(self.model)
        table.setItemDelegate(self._delegate)
        table.setAccessibleName(self.tr("Events"))
        table.setFrameShape(QFrame.Shape.NoFrame)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setCornerButtonEnabled(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + steps(2))
        table.horizontalHeader().setStretchLastSection(True)
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        table.selectionModel().currentChanged.connect(self._current_changed)

    def _fit_columns(self) -> None:
        metrics = self.table.fontMetrics()
        events = self._reading.events if self._reading else []
        names = {event.type for event in events[:500]}
        widest = max((metrics.horizontalAdvance(shortened(name)) for name in names), default=0)
        self.table.setColumnWidth(NUMBER, metrics.horizontalAdvance(str(len(events))) + steps(5))
        last = self.model.time_text(len(events) - 1) if events else ""
        self.table.setColumnWidth(TIME, metrics.horizontalAdvance(last + "0") + steps(6))
        self.table.setColumnWidth(NAME, min(widest, steps(50)) + steps(5))


def _payload(event: Event) -> tuple[str, bool]:
    """What an event carried, pretty where it is JSON, and whether it is."""
    shape = pretty if len(event.data) <= _MOST_AT_ONCE else pretty_quickly
    made = shape(event.data) if event.data else None
    if made is not None:
        return made.text, True
    return event.data or event.comment, False
