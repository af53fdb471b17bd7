"""Header lines as rows of a table: name and value, both editable. The truth is the document's."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from viewer.cassette.edits import AddHeader, SetHeader
from viewer.document.plain_text import plain

if TYPE_CHECKING:
    from viewer.cassette.formats.base import Side
    from viewer.cassette.headers import Headers

NAME, VALUE = 0, 1
_Index = QModelIndex | QPersistentModelIndex


class HeadersModel(QAbstractTableModel):
    """Rows of (name, value). Changes go out as edits, and come back as other headers."""

    def __init__(
        self, side: Side, request_edit: Callable[[object], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._side = side
        self._request_edit = request_edit
        self._position = 0
        self._rows: list[tuple[str, str]] = []
        self._draft: list[str] | None = None
        self._read_only = True

    def show(self, position: int, headers: Headers, *, read_only: bool) -> None:
        """Shows the headers of another message, or the same ones changed."""
        self.beginResetModel()
        self._position = position
        self._rows = [(header.name, header.value) for header in headers]
        self._draft = None
        self._read_only = read_only
        self.endResetModel()

    @property
    def read_only(self) -> bool:
        """Whether nothing can be changed."""
        return self._read_only

    def set_read_only(self, read_only: bool) -> None:
        """Lets the headers be changed, or not."""
        self._read_only = read_only

    @property
    def draft_row(self) -> int | None:
        """The row of a header that is being added and has no name yet."""
        return len(self._rows) if self._draft is not None else None

    def begin_draft(self) -> QModelIndex:
        """An empty row at the end, to type the name of a new header into."""
        if self._draft is None:
            row = len(self._rows)
            self.beginInsertRows(QModelIndex(), row, row)
            self._draft = ["", ""]
            self.endInsertRows()
        return self.index(len(self._rows), NAME)

    def drop_draft(self) -> None:
        """Takes the empty row away."""
        if self._draft is not None:
            row = len(self._rows)
            self.beginRemoveRows(QModelIndex(), row, row)
            self._draft = None
            self.endRemoveRows()

    def commit_draft(self) -> bool:
        """Asks for the new header to be added; False where it has no name, and the row goes away."""
        if self._draft is None or not self._draft[NAME].strip():
            self.drop_draft()
            return False
        name, value = self._draft
        self.drop_draft()
        self._request_edit(AddHeader(self._position, self._side, name.strip(), value))
        return True

    def pair(self, row: int) -> tuple[str, str]:
        """Name and value of a row."""
        if self._draft is not None and row == len(self._rows):
            return self._draft[NAME], self._draft[VALUE]
        return self._rows[row]

    # --- Qt

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows) + (self._draft is not None)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 2

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return (self.tr("Name"), self.tr("Value"))[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        text = self.pair(index.row())[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return text if len(text) < 2000 else text[:2000] + " …"
        if role == Qt.ItemDataRole.EditRole:
            return text
        return plain(text) if role == Qt.ItemDataRole.ToolTipRole else None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags if self._read_only else flags | Qt.ItemFlag.ItemIsEditable

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Hands out an edit; the row changes when the document has."""
        if role != Qt.ItemDataRole.EditRole or self._read_only or not index.isValid():
            return False
        if index.row() == self.draft_row:
            assert self._draft is not None
            self._draft[index.column()] = str(value)
            self.dataChanged.emit(index, index)
            return True
        name, old = self._rows[index.row()]
        new = (str(value), old) if index.column() == NAME else (name, str(value))
        if new == (name, old):
            return False
        self._request_edit(SetHeader(self._position, self._side, index.row(), *new))
        return True
