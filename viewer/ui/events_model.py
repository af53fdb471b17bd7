"""The events of a stream as rows: number, time, name, what it added. Nothing is kept per row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from viewer.stream.event import Event, EventKind
from viewer.stream.transcript import Delta, PartKind, Usage
from viewer.ui.event_kinds import EventTint, tint_of

if TYPE_CHECKING:
    from viewer.stream.reading import Reading

NUMBER, TIME, NAME, ADDS = range(4)
# What colour a row's last column has, an EventTint.
TINT_ROLE = Qt.ItemDataRole.UserRole + 1
_LONGEST = 200

_Index = QModelIndex | QPersistentModelIndex


class EventsModel(QAbstractTableModel):
    """Reads a Reading. Numbers count from 1, as people do."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reading: Reading | None = None

    def show(self, reading: Reading | None) -> None:
        """Shows another stream's events."""
        self.beginResetModel()
        self._reading = reading
        self.endResetModel()

    def time_text(self, row: int) -> str:
        """When an event played, in seconds; with as many digits as tell events apart."""
        if self._reading is None or not self._reading.has_stream:
            return ""
        timeline = self._reading.timeline
        digits = 2 if timeline.duration >= 0.02 * len(timeline.starts) else 3
        return f"{timeline.time_of(row):.{digits}f}"

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return len(self._reading.events) if self._reading and not parent.isValid() else 0

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 4

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            # Figures stand apart from what follows, and their title with them.
            return ("#", self.tr("Time") + "\u2002", self.tr("Event"), self.tr("Adds"))[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self._reading is None:
            return None
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(column)
        if role == TINT_ROLE:
            tints = [tint_of(delta) for delta in self._reading.deltas_of(row)]
            return max(tints, key=lambda tint: tint.value, default=EventTint.REST)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        if column == NUMBER:
            return str(row + 1)
        if column == TIME:
            return self.time_text(row)
        event = self._reading.events[row]
        return self._name(event) if column == NAME else self._added(event)

    def _name(self, event: Event) -> str:
        if event.kind is EventKind.COMMENT:
            return self.tr("comment")
        if event.kind is EventKind.BROKEN:
            return self.tr("broken")
        return event.type

    def _added(self, event: Event) -> str:
        assert self._reading is not None
        if event.kind in (EventKind.COMMENT, EventKind.BROKEN) and event.comment:
            return event.comment.replace("\n", " ")[:_LONGEST]
        said = [text for delta in self._reading.deltas_of(event.index) if (text := self._said(delta))]
        if said:
            return " · ".join(said)
        return event.data[:_LONGEST].replace("\n", " ") if event.data == "[DONE]" else ""

    def _said(self, delta: Delta) -> str:
        """What one delta adds, in a few words."""
        text = delta.text[:_LONGEST].replace("\n", "↵").replace("\r", "")
        if delta.kind is PartKind.USAGE and delta.usage is not None:
            return self._usage(delta.usage)
        if delta.kind is PartKind.FINISH:
            return self.tr("finish {}").format(text) if text else ""
        if delta.kind is PartKind.TOOL_CALL:
            return " ".join(filter(None, (delta.name, text)))
        if delta.kind is PartKind.START:
            return " ".join(filter(None, (delta.role, delta.model)))
        if delta.kind in (PartKind.TEXT, PartKind.REASONING, PartKind.REFUSAL, PartKind.ERROR):
            return text
        if delta.kind is PartKind.NOTHING:
            return ""
        return " ".join(filter(None, (delta.kind.value, delta.name, text)))

    def _usage(self, usage: Usage) -> str:
        counts = ((self.tr("input"), usage.input), (self.tr("output"), usage.output))
        return " ".join(
            [self.tr("usage"), *(f"{label} {count}" for label, count in counts if count is not None)]
        )

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if column in (NUMBER, TIME) else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter
