"""The table of header lines: shown, edited in place, added, deleted, copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QApplication,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from viewer.cassette.edits import RemoveHeader
from viewer.cassette.formats.base import Side
from viewer.cassette.headers import Headers
from viewer.ui.grid import icon_size, name, steps
from viewer.ui.headers_model import NAME, VALUE, HeadersModel
from viewer.ui.icons import icon
from viewer.ui.inline_field import ANY_LENGTH
from viewer.ui.notice_bar import NoticeBar
from viewer.ui.own_keys import claim

if TYPE_CHECKING:
    from viewer.ui.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
_MEASURED = 100
_MOVES = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Space)


class CellEditor(QLineEdit):
    """A field over a cell, which grows to the right with what is typed into it.

    Qt's own does the same; but whenever Python is handed one of those, PySide6 6.11 leaves 200 bytes behind.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrame(False)
        self.setMaxLength(ANY_LENGTH)
        self.textChanged.connect(self.grow)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws an edge too: on the table's ground nothing else shows where the field is."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.Accent))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    @Slot()
    def grow(self) -> None:
        """Takes the room that its text needs, as far as there is some."""
        wanted = self.fontMetrics().horizontalAdvance(self.text()) + steps(4)
        parent = self.parentWidget()
        room = parent.width() - self.x() if parent else 0
        if self.width() < wanted and self.width() < room:
            self.resize(min(wanted, room), self.height())


class PairDelegate(QStyledItemDelegate):
    """Lines stand in from the table's edges as the text of the other pages does; the selection goes to the edges."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        ground = QStyleOptionViewItem(option)
        self.initStyleOption(ground, index)
        element = QStyle.PrimitiveElement.PE_PanelItemViewItem
        ground.widget.style().drawPrimitive(element, ground, painter, ground.widget)
        if index.column() == NAME:
            option.rect.setLeft(option.rect.left() + _indent())
        else:
            option.rect.setRight(option.rect.right() - _indent())
        super().paint(painter, option, index)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        size = super().sizeHint(option, index)
        return QSize(size.width() + _indent(), size.height()) if index.column() == NAME else size

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        return CellEditor(parent)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: _Index) -> None:
        if index.column() == NAME:
            option.rect.setLeft(option.rect.left() + _indent())
        super().updateEditorGeometry(editor, option, index)
        if isinstance(editor, CellEditor):
            editor.grow()


def _indent() -> int:
    """What is added to the margin that Qt gives every cell."""
    return steps(3.5) - 3


class PairTable(QTableView):
    """A calm table of names and values: Enter, F2 or a double click edits a cell, Esc reverts it.

    Signals:
        delete_requested(): Delete was pressed.
        editor_closed(int, object): an editor of this column closed, with Qt's hint of what should follow.
    """

    delete_requested = Signal()
    editor_closed = Signal(int, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(PairDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + steps(2.5))
        self.horizontalHeader().hide()
        self.horizontalHeader().setMinimumSectionSize(steps(5))
        self.horizontalHeader().setStretchLastSection(True)
        # Names are measured in Python; of a thousand lines that took a third of a second.
        self.horizontalHeader().setResizeContentsPrecision(_MEASURED)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def event(self, event: QEvent) -> bool:
        """Claims the keys that move in the table before the replay takes them."""
        return claim(event, _MOVES) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter edits, Delete deletes, Copy copies whole lines."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and not self.is_editing and self.currentIndex().isValid():
            self.begin_edit()
        elif event.key() == Qt.Key.Key_Delete:
            self.delete_requested.emit()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_lines()
        else:
            super().keyPressEvent(event)

    def begin_edit(self) -> None:
        """Lets the person type into the current cell, into the first value where there is none."""
        if not self.currentIndex().isValid():
            self.setCurrentIndex(self.model().index(0, VALUE))
        if self.currentIndex().flags() & Qt.ItemFlag.ItemIsEditable and not self.is_editing:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.edit(self.currentIndex())

    @Slot()
    def copy_lines(self) -> None:
        """Puts the selected lines on the clipboard as `Name: value`."""
        rows = sorted({index.row() for index in self.selectionModel().selectedIndexes()})
        model = self.model()
        lines = [
            f"{model.index(row, NAME).data(Qt.ItemDataRole.EditRole)}: "
            f"{model.index(row, VALUE).data(Qt.ItemDataRole.EditRole)}"
            for row in rows
        ]
        if lines:
            QGuiApplication.clipboard().setText("\n".join(lines))

    def fit_names(self) -> None:
        """The names' column as wide as the names, up to half of the table; the values have the rest."""
        wide = max(steps(30), self.sizeHintForColumn(NAME) + steps(4))
        values = self.viewport().width() - min(wide, self.viewport().width() // 2)
        self.setColumnWidth(NAME, self.viewport().width() - values)
        self.setColumnWidth(VALUE, values)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Long lines are cut, and told in tool tips: a table that scrolls sideways hides the names."""
        super().resizeEvent(event)
        self.fit_names()

    @property
    def is_editing(self) -> bool:
        """Whether a cell is typed into."""
        return self.state() == QAbstractItemView.State.EditingState

    def commit(self) -> None:
        """Ends an edit under way in a cell, handing over what was typed."""
        editor = self.indexWidget(self.currentIndex())
        if self.is_editing and editor is not None:
            self.commitData(editor)
            self.closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Tells which column was typed into: the Tab key has gone on to the next when this is done."""
        column = self.currentIndex().column()
        super().closeEditor(editor, hint)
        self.editor_closed.emit(column, hint)


class HeadersTable(QWidget):
    """A message's headers with the buttons to add and delete one.

    Signals:
        edit_requested(object): an edit of viewer.cassette.edits.
    """

    edit_requested = Signal(object)

    def __init__(self, theme: Theme, side: Side, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self._position = 0
        self.model = HeadersModel(side, self.edit_requested.emit, self)
        self.notice = NoticeBar(theme, self)
        self.table = PairTable(self)
        self.table.setModel(self.model)
        self.table.setAccessibleName(self.tr("Headers"))
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._open_menu)
        self.table.delete_requested.connect(self.delete_current)
        self.table.editor_closed.connect(self._editor_closed)
        self._add = QToolButton(self)
        self._delete = QToolButton(self)
        self._add.clicked.connect(self.add)
        self._delete.clicked.connect(self.delete_current)
        name(self._add, self.tr("Add header"))
        name(self._delete, self.tr("Delete header (Del)"))
        self._lay_out()
        self.setFocusProxy(self.table)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours."""
        self.notice.set_theme(theme)
        for button, picture in ((self._add, "add"), (self._delete, "delete")):
            button.setIcon(icon(picture, theme.dim, theme.disabled))

    def show_headers(self, position: int, headers: Headers, *, read_only: bool) -> None:
        """Shows the headers of an interaction's message."""
        current = self.table.currentIndex()
        same = position == self._position
        focused = QApplication.focusWidget()
        typed_here = focused is not None and self.table.is_editing and self.table.isAncestorOf(focused)
        self._position = position
        self.model.show(position, headers, read_only=read_only)
        self.set_read_only(read_only)
        self.notice.clear()
        self.table.fit_names()
        if same and current.isValid():
            row = min(current.row(), self.model.rowCount() - 1)
            self.table.setCurrentIndex(self.model.index(row, current.column()))
        if typed_here:  # the editor went away with the old lines
            self.table.setFocus()

    def commit(self) -> None:
        """Ends an edit under way in a cell; a new header without a value has an empty one."""
        self.table.commit()
        self.table.commit()

    def set_read_only(self, read_only: bool) -> None:
        """Lets the headers be edited, or not."""
        self.model.set_read_only(read_only)
        self._add.setEnabled(not read_only)
        self._delete.setEnabled(not read_only)

    @Slot()
    def add(self) -> None:
        """Begins a new header: type its name, then its value."""
        if not self.model.read_only:
            index = self.model.begin_draft()
            self.table.setCurrentIndex(index)
            self.table.scrollTo(index)
            self.table.edit(index)

    @Slot()
    def delete_current(self) -> None:
        """Asks for the current header to be deleted."""
        index = self.table.currentIndex()
        if index.isValid() and not self.model.read_only and index.row() != self.model.draft_row:
            self.edit_requested.emit(RemoveHeader(self._position, self._side, index.row()))

    @Slot(int, object)
    def _editor_closed(self, column: int, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """The new header's name is followed by its value; then it is complete."""
        row = self.model.draft_row
        if row is None:
            return
        named, _ = self.model.pair(row)
        if hint == QAbstractItemDelegate.EndEditHint.RevertModelCache:
            self.model.drop_draft()
        elif column == NAME and named.strip():
            value = self.model.index(row, VALUE)
            self.table.setCurrentIndex(value)
            if not self.table.is_editing:
                self.table.edit(value)
        elif hint != QAbstractItemDelegate.EndEditHint.EditPreviousItem:
            self._complete(named.strip())

    def _complete(self, named: str) -> None:
        """Asks for the new header to be added, and goes to it."""
        if self.model.commit_draft():
            rows = [row for row in range(self.model.rowCount()) if self.model.pair(row)[NAME] == named]
            if rows:
                self.table.setCurrentIndex(self.model.index(rows[-1], VALUE))
        self.table.setFocus()

    @Slot(object)
    def _open_menu(self, point: object) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Copy"), self.table.copy_lines)
        copy_value = menu.addAction(self.tr("Copy Value"), self._copy_value)
        edit = menu.addAction(self.tr("Edit"), lambda: self.table.edit(self.table.currentIndex()))
        add = menu.addAction(self.tr("Add Header"), self.add)
        delete = menu.addAction(self.tr("Delete Header"), self.delete_current)
        for action in (edit, delete):
            action.setEnabled(self.table.currentIndex().isValid() and not self.model.read_only)
        copy_value.setEnabled(self.table.currentIndex().isValid())
        add.setEnabled(not self.model.read_only)
        menu.popup(self.table.viewport().mapToGlobal(point))  # type: ignore[call-overload]

    @Slot()
    def _copy_value(self) -> None:
        index: QModelIndex = self.table.currentIndex()
        if index.isValid():
            QGuiApplication.clipboard().setText(self.model.pair(index.row())[VALUE])

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(steps(2), steps(1), steps(2), steps(1))
        bar.setSpacing(steps(1))
        for button in (self._add, self._delete):
            button.setAutoRaise(True)
            button.setIconSize(icon_size())
            bar.addWidget(button)
        bar.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, steps(1), 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notice)
        layout.addWidget(self.table, 1)
        layout.addLayout(bar)


class FieldTable(QWidget):
    """A read-only table of names and values: the query's fields, a form's."""

    def __init__(self, theme: Theme, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = HeadersModel(Side.REQUEST, lambda edit: None, self)
        self.table = PairTable(self)
        self.table.setModel(self._model)
        self.table.setAccessibleName(label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, steps(1), 0, 0)
        layout.addWidget(self.table)
        self.setFocusProxy(self.table)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours, which the palette brings."""

    def show_fields(self, fields: tuple[tuple[str, str], ...]) -> None:
        """Shows other fields."""
        self._model.show(0, Headers.of(fields), read_only=True)
        self.table.fit_names()
