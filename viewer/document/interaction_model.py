"""The list of open cassettes and their interactions, for one view of them.

The tree of two levels is laid out as lines of a table: a cassette's line, then its interactions if it is open.
A QTreeView asks the model for every row of an open branch: 100,000 interactions took it 8.4 s, a table view
3 ms, since it asks for what it paints. Nothing is held or read for a row before that.

Positions and documents stand behind lines; `place` and `line_of` translate. Where many lines are replaced
(filtering), persistent indexes among them are lost; views keep places instead.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot

from viewer.document.filter import Query, parse
from viewer.document.filtered_rows import FilteredRows
from viewer.document.lines import CassetteLine, Column, Place, Role, alignment
from viewer.document.plain_text import plain
from viewer.document.row_text import COLUMN_TITLES, column_text, spoken
from viewer.document.sorting import Sorting

if TYPE_CHECKING:
    from viewer.document.document import CassetteDocument
    from viewer.document.summary import Summary

__all__ = ["CassetteLine", "Column", "Index", "InteractionModel", "Place", "Role"]

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class _Branch:
    """A document in the list."""

    def __init__(self, rows: FilteredRows) -> None:
        self.rows = rows
        self.is_open = True

    @property
    def lines(self) -> int:
        return 1 + (len(self.rows.positions) if self.is_open else 0)


class InteractionModel(QAbstractTableModel):
    """Cassettes and their interactions as lines.

    Signals:
        about_to_replace(): lines are about to go and others to come in their place; selections will be lost.
        replaced(): they have.
        working_changed(bool): a filter or an order is being worked out.
    """

    about_to_replace = Signal()
    replaced = Signal()
    working_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._branches: list[_Branch] = []
        self._ends: list[int] | None = None
        self._asked: set[tuple[int, int]] = set()
        self._query = Query()
        self._sorting = (Sorting.NUMBER, False)

    @property
    def documents(self) -> tuple[CassetteDocument, ...]:
        """The documents in the order of their lines."""
        return tuple(branch.rows.document for branch in self._branches)

    @property
    def query(self) -> Query:
        """The filter that holds."""
        return self._query

    @property
    def is_working(self) -> bool:
        """Whether lines may still come or go by themselves."""
        return any(branch.rows.is_working for branch in self._branches)

    @property
    def shown(self) -> int:
        """How many interactions match the filter, as far as is known."""
        return sum(len(branch.rows.positions) for branch in self._branches)

    def add(self, document: CassetteDocument, at: int | None = None) -> None:
        """Adds a document's lines, before those of the document that is number `at`, or at the end."""
        rows = FilteredRows(document, self._replace)
        branch = _Branch(rows)
        rows.working_changed.connect(self._tell_working)
        document.modified_changed.connect(self._tell_heads)
        document.saved.connect(self._tell_heads)
        document.changed.connect(self._tell_changed)
        document.summaries.arrived.connect(self._tell_arrived)
        number = len(self._branches) if at is None else at
        first = self._start(number)
        self.beginInsertRows(_ROOT, first, first + branch.lines - 1)
        self._branches.insert(number, branch)
        self._ends = None
        self.endInsertRows()
        if self._query or self._sorting != (Sorting.NUMBER, False):
            rows.sorting, rows.descending = self._sorting
            rows.set_query(self._query)

    def remove(self, document: CassetteDocument) -> None:
        """Takes a document's lines out, and ends the work for them."""
        number = self.documents.index(document)
        branch = self._branches[number]
        branch.rows.stop()
        first = self._start(number)
        self.beginRemoveRows(_ROOT, first, first + branch.lines - 1)
        del self._branches[number]
        self._ends = None
        self._asked.clear()
        self.endRemoveRows()
        for signal, slot in (
            (document.modified_changed, self._tell_heads),
            (document.saved, self._tell_heads),
            (document.changed, self._tell_changed),
            (document.summaries.arrived, self._tell_arrived),
        ):
            signal.disconnect(slot)

    def place(self, line: int) -> Place | None:
        """What stands on a line; None beyond the last."""
        bounds = self._bounds()
        number = bisect_right(bounds, line)
        if line < 0 or number >= len(bounds):
            return None
        branch = self._branches[number]
        row = line - (bounds[number - 1] if number else 0) - 1
        return Place(branch.rows.document, branch.rows.positions[row] if row >= 0 else None)

    def line_of(self, document: CassetteDocument, position: int | None = None) -> int | None:
        """The line of a cassette or an interaction; None where it is not shown."""
        for number, branch in enumerate(self._branches):
            if branch.rows.document is document:
                if position is None:
                    return self._start(number)
                row = branch.rows.row_of(position) if branch.is_open else None
                return None if row is None else self._start(number) + 1 + row
        return None

    def heads(self) -> list[int]:
        """The lines of the cassettes."""
        return [self._start(number) for number in range(len(self._branches))]

    def is_open(self, document: CassetteDocument) -> bool:
        """Whether the cassette's interactions have lines."""
        return self._branch(document).is_open

    def set_open(self, document: CassetteDocument, is_open: bool = True) -> None:
        """Gives the cassette's interactions lines, or takes them away."""
        branch = self._branch(document)
        if branch.is_open is is_open:
            return
        head = self._start(self._branches.index(branch))
        count = len(branch.rows.positions)
        if count:
            begin = self.beginInsertRows if is_open else self.beginRemoveRows
            begin(_ROOT, head + 1, head + count)
        branch.is_open = is_open
        self._ends = None
        if count and is_open:
            self.endInsertRows()
        elif count:
            self.endRemoveRows()
        self._tell_lines([head])

    def set_filter(self, text: str) -> None:
        """Shows the interactions that match the words of `text`; see filter.py. Results may stream in."""
        query = parse(text)
        if query == self._query:
            return
        self._query = query
        for branch in self._branches:
            branch.rows.set_query(query)
        self._tell_heads()

    def ask(self, place: Place) -> Summary | None:
        """The summary behind a line that is shown, None until it has been read."""
        if place.position is None:
            return None
        row = place.document.summaries.ask(place.position)
        if row is None:
            self._asked.add((id(place.document), place.position))
        return row

    # --- changes

    def _branch(self, document: CassetteDocument) -> _Branch:
        return next(branch for branch in self._branches if branch.rows.document is document)

    def _bounds(self) -> list[int]:
        """Behind which line each branch ends."""
        if self._ends is None:
            self._ends = list(accumulate(branch.lines for branch in self._branches))
        return self._ends

    def _start(self, number: int) -> int:
        return self._bounds()[number - 1] if number else 0

    def _replace(self, rows: FilteredRows, start: int, end: int, new: Sequence[int]) -> None:
        """Changes the rows of one document, with its lines."""
        branch = next((branch for branch in self._branches if branch.rows is rows), None)
        if branch is None or not branch.is_open:
            rows.set_stretch(start, end, new)
            return
        self.about_to_replace.emit()
        head = self._start(self._branches.index(branch)) + 1
        if start != end:
            self.beginRemoveRows(_ROOT, head + start, head + end - 1)
            rows.set_stretch(start, end, ())
            self._ends = None
            self.endRemoveRows()
        if len(new):
            self.beginInsertRows(_ROOT, head + start, head + start + len(new) - 1)
            rows.set_stretch(start, start, new)
            self._ends = None
            self.endInsertRows()
        self._tell_lines([head - 1])
        self.replaced.emit()

    def _tell_lines(self, lines: Iterable[int]) -> None:
        for line in lines:
            self.dataChanged.emit(self.index(line, 0), self.index(line, self.columnCount() - 1))

    @Slot()
    def _tell_heads(self) -> None:
        self._tell_lines(self.heads())

    @Slot()
    def _tell_working(self) -> None:
        self._tell_heads()
        self.working_changed.emit(self.is_working)

    @Slot()
    def _tell_changed(self) -> None:
        """An edit was made: what is visible asks again for what it shows."""
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))

    @Slot(object)
    def _tell_arrived(self, positions: Iterable[int]) -> None:
        """Rows were read; those that a view has asked for are told, as one stretch."""
        summaries = self.sender()
        branch = next((b for b in self._branches if b.rows.document.summaries is summaries), None)
        if branch is None:
            return
        document = branch.rows.document
        asked = self._asked.intersection((id(document), position) for position in positions)
        self._asked -= asked
        lines = [line for _, position in asked if (line := self.line_of(document, position)) is not None]
        if lines:
            self.dataChanged.emit(self.index(min(lines), 0), self.index(max(lines), self.columnCount() - 1))

    # --- QAbstractTableModel

    def rowCount(self, parent: Index = _ROOT) -> int:
        if parent.isValid() or not self._branches:
            return 0
        return self._bounds()[-1]

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        place = self.place(index.row()) if index.isValid() else None
        if place is None:
            return None
        match role:
            case Role.PLACE:
                return place
            case Role.SUMMARY:
                return self.ask(place)
            case Role.LINE:
                return self._cassette_line(place) or self.ask(place) or place.position
            case Role.CASSETTE:
                return self._cassette_line(place)
            case Qt.ItemDataRole.DisplayRole:
                return self._text(place, index.column())
            case Qt.ItemDataRole.TextAlignmentRole:
                return alignment(index.column())
            case Qt.ItemDataRole.ToolTipRole:
                return plain(self._tool_tip(place))
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(place)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.tr(COLUMN_TITLES[section])
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment(section)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorting = (Column(column).sorting, order == Qt.SortOrder.DescendingOrder)
        for branch in self._branches:
            branch.rows.set_sorting(self._sorting[0], descending=self._sorting[1])

    def _cassette_line(self, place: Place) -> CassetteLine | None:
        if place.position is not None:
            return None
        branch = self._branch(place.document)
        path = place.document.path
        return CassetteLine(
            name=path.name if path else self.tr("untitled"),
            is_open=branch.is_open,
            is_modified=place.document.is_modified,
            is_filtered=bool(self._query),
            is_working=branch.rows.is_working,
            shown=len(branch.rows.positions),
            total=len(place.document),
        )

    def _text(self, place: Place, column: int) -> str:
        line = self._cassette_line(place)
        if line is not None:
            return line.name if column == Column.NUMBER else ""
        row = self.ask(place)
        if row is None:
            return str(place.position) if column == Column.NUMBER else ""
        return column_text(row, column)

    def _tool_tip(self, place: Place) -> str:
        if place.position is None:
            return str(place.document.path or "")
        row = self.ask(place)
        if row is None:
            return ""
        return "\n".join(part for part in (row.url, row.note) if part)

    def _spoken(self, place: Place) -> str:
        line = self._cassette_line(place)
        if line is not None:
            return f"{line.name}, {line.total}"
        row = self.ask(place)
        return spoken(row) if row else str(place.position)
