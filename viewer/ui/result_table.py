"""A calm, sortable table of texts that cannot be edited: models, files, vectors, categories of moderation."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    Qt,
    Slot,
)
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from viewer.document.plain_text import plain
from viewer.ui.grid import steps
from viewer.ui.own_keys import claim

if TYPE_CHECKING:
    from viewer.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex

_MOVES = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Space)
_NUMBER = re.compile(r"-?\d[\d,\u202f]*(?:\.\d+)?(?:e[+-]?\d+)?", re.IGNORECASE)
_DATED = re.compile(r"created|updated|modified|expires|deprecat|.*_at")
_WIDEST = 48
# What the delegate asks for beside the text: how full a cell's bar is, 0 to 1, and whether the row stands out.
METER = Qt.ItemDataRole.UserRole + 1
MARKED = Qt.ItemDataRole.UserRole + 2


class Table(msgspec.Struct, frozen=True):
    """What a table shows; without `columns` it has no headings.

    `marked` rows stand out; the cells of column `meter` are numbers from 0 to 1.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marked: frozenset[int] = frozenset()
    meter: int | None = None

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.columns) or max(map(len, self.rows), default=0)


_NO_TABLE = Table((), ())


class RowsModel(QAbstractTableModel):
    """Translates a Table; sorting changes the order of its lines alone."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = _NO_TABLE
        self._order: list[int] = []

    def show(self, table: Table) -> None:
        """Shows another table in its own order."""
        self.beginResetModel()
        self._table = table
        self._order = list(range(len(table.rows)))
        self.endResetModel()

    def line(self, row: int) -> tuple[str, ...]:
        """The cells of a line as they are shown."""
        cells = self._table.rows[self._order[row]]
        return tuple(shown_cell(self._title(column), cell) for column, cell in enumerate(cells))

    def _title(self, column: int) -> str:
        return self._table.columns[column] if column < len(self._table.columns) else ""

    # --- Qt

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._order)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._table.width

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        is_title = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        if is_title:
            return self._title(section)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._order[index.row()]
        cell = self._table.rows[row][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return shown_cell(self._title(index.column()), cell)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain(shown_cell(self._title(index.column()), cell))
        if role == METER and index.column() == self._table.meter and cell:
            return float(cell)
        return row in self._table.marked if role == MARKED else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Orders the lines by a column, numbers by their value; column -1 is the table's own order."""
        self.layoutAboutToBeChanged.emit()
        kept = [(index, self._order[index.row()]) for index in self.persistentIndexList()]
        rows = self._table.rows
        self._order = list(range(len(rows)))
        if 0 <= column < self._table.width:
            is_down = order == Qt.SortOrder.DescendingOrder
            self._order.sort(key=lambda row: _sort_key(rows[row][column]), reverse=is_down)
        lines = {row: line for line, row in enumerate(self._order)}
        for index, row in kept:
            self.changePersistentIndex(index, self.index(lines[row], index.column()))
        self.layoutChanged.emit()


class RowsTable(QTableView):
    """Shows a Table; Ctrl+C copies the selected lines, with tabs between the cells."""

    def __init__(self, theme: Theme, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = RowsModel(self)
        self.setModel(self.rows)
        self.setAccessibleName(label)
        self._delegate = MeterDelegate(theme, self)
        self.setItemDelegate(self._delegate)
        self._set_up()
        copy = QAction(self.tr("Copy"), self)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy_lines)
        self.addAction(copy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours."""
        self._delegate.theme = theme
        self.viewport().update()

    def show_table(self, table: Table) -> None:
        """Shows another table from its start: columns as wide as they ask for, the last one takes the rest."""
        header = self.horizontalHeader()
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setVisible(bool(table.columns))
        self.rows.show(table)
        widest = self.fontMetrics().averageCharWidth() * _WIDEST
        for column in range(table.width - 1):
            wide = max(self.sizeHintForColumn(column), header.sectionSizeHint(column))
            self.setColumnWidth(column, min(wide + steps(4), widest))
        self.scrollToTop()

    @Slot()
    def copy_lines(self) -> None:
        """Puts the selected lines on the clipboard, all of them where none is selected."""
        chosen = sorted({index.row() for index in self.selectionModel().selectedIndexes()})
        lines = [self.rows.line(row) for row in chosen or range(self.rows.rowCount())]
        QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in lines))

    def event(self, event: QEvent) -> bool:
        """Claims the keys that move in the table before the replay takes them."""
        return claim(event, _MOVES) or super().event(event)

    def _set_up(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + steps(2.5))
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setStretchLastSection(True)
        self.setSortingEnabled(True)


class MeterDelegate(QStyledItemDelegate):
    """Draws a bar under the numbers of a meter, and marked lines in the colour of errors."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        if index.data(MARKED):
            option.font.setBold(True)
            role = option.palette.ColorRole.Text
            option.palette.setColor(role, self.theme.error)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        level = index.data(METER)
        if level is None:
            return
        area = QRectF(option.rect)
        high = max(2, steps(0.5))
        bar = QRectF(area.left() + steps(1), area.bottom() - high - 1, area.width() - steps(2), high)
        painter.fillRect(bar, self.theme.line)
        bar.setWidth(bar.width() * min(1.0, max(0.0, level)))
        painter.fillRect(bar, self.theme.error if index.data(MARKED) else self.theme.accent)


def shown_cell(column: str, cell: str) -> str:
    """A cell as people read it: APIs write times as seconds since 1970."""
    if _DATED.fullmatch(column) and len(cell) == 10 and cell.isascii() and cell.isdigit():
        return f"{datetime.fromtimestamp(int(cell), UTC):%Y-%m-%d %H:%M:%S}"
    return cell.replace("\n", " ")


def _sort_key(cell: str) -> tuple[bool, float, str]:
    """Numbers by their value before texts, texts without regard to case."""
    if _NUMBER.fullmatch(cell):
        return False, float(cell.replace(",", "").replace("\u202f", "")), ""
    return True, 0.0, cell.casefold()
