"""The lines of the interaction list: a table view that behaves as a tree does.

A QTreeView would ask the model for every line (see interaction_model.py); a table asks for what it paints. So
the arrows, the keys Left and Right and the two heights of lines are made here.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QByteArray,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QActionGroup,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from viewer.document.interaction_model import Column, Index, InteractionModel, Place
from viewer.ui.interaction_delegate import InteractionDelegate, Sizes, is_on_arrow
from viewer.ui.viewport import own_viewport

if TYPE_CHECKING:
    from viewer.ui.theme import Theme

_Flag = QItemSelectionModel.SelectionFlag

# Widths of the columns in digits.
_WIDTHS = {
    Column.NUMBER: 5,
    Column.METHOD: 8,
    Column.STATUS: 7,
    Column.MODEL: 16,
    Column.DURATION: 9,
    Column.SIZE: 8,
    Column.TOKENS: 8,
}
# The path has what is left, and never less than this.
_LEAST_PATH = 20
# What Qt leaves free at both ends of a column's title.
_QTS_MARGIN = 2


class ColumnTitles(QHeaderView):
    """The titles of the columns, in line with the cells below."""

    def __init__(self, margin: int, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._inset = margin - _QTS_MARGIN
        self.setSectionsClickable(True)
        self.setHighlightSections(False)

    def paintSection(self, painter: QPainter, rect: QRect, index: int) -> None:
        painter.fillRect(rect, self.palette().color(QPalette.ColorRole.Base))
        left = self._inset if index else Sizes.of(self.font()).number_left - _QTS_MARGIN
        super().paintSection(painter, rect.adjusted(left, 0, -self._inset, 0), index)
        line = QRect(rect.left(), rect.bottom(), rect.width(), 1)
        painter.fillRect(line, self.palette().color(QPalette.ColorRole.Mid))


class InteractionView(QTableView):
    """The lines themselves.

    It keeps the place where the cursor is, not its index: a filter replaces lines by the thousand, and may
    hide that place for a while.

    Signals:
        current_place_changed(Place | None): the cursor went to another place, or its place has another number.
        places_changed(): other lines are selected.
        place_activated(Place): Enter or a double click on an interaction.
        delete_requested(): Delete was pressed.
        menu_requested(QPoint, list[Place]): a context menu is wanted at a global point.
    """

    current_place_changed = Signal(object)
    places_changed = Signal()
    place_activated = Signal(object)
    delete_requested = Signal()
    menu_requested = Signal(QPoint, object)

    def __init__(self, model: InteractionModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        own_viewport(self)
        self._model = model
        self._delegate = InteractionDelegate(theme, self)
        self._kept: list[Place] | None = None
        self._hidden: Place | None = None
        self._told: Place | None = None
        self._columns = QByteArray()
        self.setHorizontalHeader(ColumnTitles(Sizes.of(self.font()).margin, self))
        self._set_up()
        self.setModel(model)
        self._set_up_columns()
        self.set_columns_shown(False)
        model.about_to_replace.connect(self._keep_places)
        model.replaced.connect(self._restore_places)
        model.rowsInserted.connect(self._size_inserted)
        model.dataChanged.connect(self._follow_place)

    @property
    def current_place(self) -> Place | None:
        """Where the cursor is; the place it was on while a filter hides that."""
        return self._hidden or self._place_at(self.currentIndex())

    @property
    def columns_shown(self) -> bool:
        """Whether interactions are lines of columns."""
        return not self._delegate.is_compact

    def selected(self) -> list[Place]:
        """The selected places in the order of their lines."""
        selection = self.selectionModel().selection()
        ranges = [selection.at(number) for number in range(selection.count())]
        lines = sorted({line for one in ranges for line in range(one.top(), one.bottom() + 1)})
        return [place for line in lines if (place := self._model.place(line))]

    def select(self, place: Place) -> bool:
        """Makes a place the current and only selected one; False where it has no line."""
        line = self._model.line_of(place.document, place.position)
        if line is None:
            return False
        # The view's own setCurrentIndex would add the line to the selection where Ctrl is held, as for a shortcut.
        self.selectionModel().setCurrentIndex(self._model.index(line, 0), _Flag.ClearAndSelect | _Flag.Rows)
        return True

    def select_only(self, places: list[Place], current: Place) -> None:
        """Selects these places with the cursor on one of them."""
        self.select(current)
        self.select_all(places)

    def select_all(self, places: list[Place]) -> None:
        """Selects these places, as far as they are shown, and nothing else."""
        selection = QItemSelection()
        for place in places:
            line = self._model.line_of(place.document, place.position)
            if line is not None:
                selection.select(self._model.index(line, 0), self._model.index(line, 0))
        self.selectionModel().select(selection, _Flag.ClearAndSelect | _Flag.Rows)

    def set_cursor(self, place: Place) -> None:
        """Puts the cursor on a place and selects that with what is; as soon as it is shown, if a filter hides it."""
        self._hidden = place
        if not self._show_hidden():
            self.selectionModel().clearCurrentIndex()
        self._tell_place()

    def set_theme(self, theme: Theme) -> None:
        """Paints in another theme's colours."""
        self._delegate.theme = theme
        self.viewport().update()

    def set_columns_shown(self, shown: bool) -> None:
        """One line of columns an interaction, or two lines in one column, which are in the order of the file."""
        if not shown and self.columns_shown:
            self._columns = self.horizontalHeader().saveState()
        self._delegate.is_compact = not shown
        modes = QHeaderView.ResizeMode
        header = self.horizontalHeader()
        header.setVisible(shown)
        header.setSectionResizeMode(Column.NUMBER, modes.Interactive if shown else modes.Stretch)
        if shown:
            self._restore_columns()
        else:
            for column in list(Column)[1:]:
                self.setColumnHidden(column, True)
            self._model.sort(Column.NUMBER)
        self.setSortingEnabled(shown)
        self._size_lines()
        self._span_heads()
        self._fit_path()

    # --- columns

    def columns_state(self) -> QByteArray:
        """Which columns are shown, how wide and in which order; for `set_columns_state`."""
        return self.horizontalHeader().saveState() if self.columns_shown else self._columns

    def set_columns_state(self, state: QByteArray) -> None:
        """Shows columns as they were, as soon as they are shown."""
        self._columns = state
        if self.columns_shown:
            self._restore_columns()

    def _restore_columns(self) -> None:
        header = self.horizontalHeader()
        if self._columns.isEmpty() or not header.restoreState(self._columns):
            digit = self.fontMetrics().horizontalAdvance("0")
            for column in Column:
                self.setColumnHidden(column, False)
            for column, digits in _WIDTHS.items():
                extra = Sizes.of(self.font()).number_left if column == Column.NUMBER else 0
                header.resizeSection(column, digits * digit + Sizes.of(self.font()).margin + extra)

    @Slot()
    def _fit_path(self) -> None:
        """Gives the path the room that the other columns leave."""
        if not self.columns_shown or self.isColumnHidden(Column.PATH):
            return
        header = self.horizontalHeader()
        others = header.length() - header.sectionSize(Column.PATH)
        least = _LEAST_PATH * self.fontMetrics().horizontalAdvance("0")
        header.resizeSection(Column.PATH, max(least, self.viewport().width() - others))

    def _set_up(self) -> None:
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(self.tr("Interactions"))
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        lines = self.verticalHeader()
        lines.hide()
        lines.setMinimumSectionSize(1)
        lines.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def _set_up_columns(self) -> None:
        header = self.horizontalHeader()
        header.setSortIndicator(Column.NUMBER, Qt.SortOrder.AscendingOrder)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._choose_columns)
        # A cassette's line is as wide as the view, wherever the columns are scrolled to.
        self.horizontalScrollBar().valueChanged.connect(self.viewport().update)

    @Slot(QPoint)
    def _choose_columns(self, point: QPoint) -> None:
        """Lets columns be hidden and shown, by a menu on their titles."""
        menu = QMenu(self)
        self.fill_columns_menu(menu)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.horizontalHeader().mapToGlobal(point))

    def fill_columns_menu(self, menu: QMenu) -> None:
        """A check mark for each column that is shown (the number, which names a line, stays), and what sorts."""
        menu.clear()
        header = self.horizontalHeader()
        titles = {column: self._model.headerData(column, Qt.Orientation.Horizontal) for column in Column}
        for column in list(Column)[1:]:
            action = menu.addAction(titles[column])
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(column))
            action.toggled.connect(partial(self._show_column, column))
        menu.addSeparator()
        sorts = menu.addMenu(self.tr("Sort By"))
        group = QActionGroup(sorts)
        for column in Column:
            action = sorts.addAction(titles[column])
            action.setCheckable(True)
            action.setChecked(header.sortIndicatorSection() == column)
            action.triggered.connect(partial(self._sort_by, column))
            group.addAction(action)

    def _show_column(self, column: Column, shown: bool) -> None:
        self.setColumnHidden(column, not shown)
        self._fit_path()

    def _sort_by(self, column: Column, _checked: bool = True) -> None:
        """Sorts by a column; by the one that sorts already, the other way round."""
        header = self.horizontalHeader()
        down = header.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
        turned = header.sortIndicatorSection() == column and down
        order = Qt.SortOrder.DescendingOrder if turned else Qt.SortOrder.AscendingOrder
        header.setSortIndicator(column, order)

    # --- heights

    def _size_lines(self) -> None:
        sizes = Sizes.of(self.font())
        height = sizes.row_height if self.columns_shown else sizes.interaction_height
        self.verticalHeader().setDefaultSectionSize(height)
        for line in self._model.heads():
            self._size_head(line)

    def _size_head(self, line: int) -> None:
        self.setRowHeight(line, Sizes.of(self.font()).cassette_height)
        if self.columns_shown:
            self.setSpan(line, 0, 1, len(Column))

    def _span_heads(self) -> None:
        self.clearSpans()
        if self.columns_shown:
            for line in self._model.heads():
                self.setSpan(line, 0, 1, len(Column))

    @Slot(QModelIndex, int, int)
    def _size_inserted(self, parent: QModelIndex, first: int, last: int) -> None:
        """A cassette comes with its own line before its interactions."""
        place = self._model.place(first)
        if place is not None and place.position is None:
            self._size_head(first)

    # --- places

    def _place_at(self, index: Index) -> Place | None:
        return self._model.place(index.row()) if index.isValid() else None

    @Slot()
    def _keep_places(self) -> None:
        if self._kept is None:
            self._hidden = self.current_place
            self._kept = self.selected()

    @Slot()
    def _restore_places(self) -> None:
        """Selects again what is still shown, without telling anybody."""
        if self._kept is None:
            return
        self.select_all(self._kept)
        if self._hidden is not None and not self._show_hidden():
            self.selectionModel().clearCurrentIndex()
        self._kept = None
        self._follow_place()

    def _show_hidden(self) -> bool:
        """Puts the cursor back to where it was, if that is shown."""
        place = self._hidden
        line = self._model.line_of(place.document, place.position) if place else None
        if line is None:
            return False
        flags = _Flag.NoUpdate if self._kept else _Flag.Select | _Flag.Rows
        self._hidden = None
        self.selectionModel().setCurrentIndex(self._model.index(line, 0), flags)
        return True

    @Slot()
    def _follow_place(self) -> None:
        """After changes of the lines: the cursor's place may be back, or have another number."""
        if self._kept is not None:
            return
        place = self._hidden
        if place is not None and place.document not in self._model.documents:
            self._hidden = None
        elif place is not None and place.position is not None and place.position >= len(place.document):
            self._hidden = Place(place.document, len(place.document) - 1 if len(place.document) else None)
        self._show_hidden()
        self._tell_place()

    def _tell_place(self) -> None:
        place = self.current_place
        if place != self._told:
            self._told = place
            self.current_place_changed.emit(place)

    def _set_open(self, place: Place, is_open: bool) -> None:
        self._model.set_open(place.document, is_open)

    def _toggle(self, place: Place) -> None:
        self._set_open(place, not self._model.is_open(place.document))

    def _activate(self, place: Place) -> None:
        if place.position is None:
            self._toggle(place)
        else:
            self.place_activated.emit(place)

    # --- QTableView

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if self._kept is None:
            if current.isValid():
                self._hidden = None
            self._tell_place()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        if self._kept is None:
            self.places_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_path()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._size_lines()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left closes a cassette or goes to its line, Right opens it; Enter activates; Home and End go far."""
        place = self.current_place
        match event.key():
            case Qt.Key.Key_Left if place and place.position is not None:
                self.select(Place(place.document))
            case Qt.Key.Key_Left | Qt.Key.Key_Right if place and place.position is None:
                self._set_open(place, event.key() == Qt.Key.Key_Right)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if place:
                self._activate(place)
            case Qt.Key.Key_Home | Qt.Key.Key_End:
                self._go_far(event)
            case Qt.Key.Key_Delete:
                self.delete_requested.emit()
            case Qt.Key.Key_Left | Qt.Key.Key_Right | Qt.Key.Key_Space:
                event.ignore()
            case _:
                super().keyPressEvent(event)

    def _go_far(self, event: QKeyEvent) -> None:
        """To the first or the last line; a table goes to the first or last column instead.

        With Shift all lines on the way are selected too, with Ctrl the cursor goes alone.
        """
        last = self._model.rowCount() - 1
        if last < 0:
            return
        line, here = 0 if event.key() == Qt.Key.Key_Home else last, max(0, self.currentIndex().row())
        there, selection = self._model.index(line, 0), self.selectionModel()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            way = QItemSelection(self._model.index(min(line, here), 0), self._model.index(max(line, here), 0))
            selection.select(way, _Flag.Select | _Flag.Rows)
            selection.setCurrentIndex(there, _Flag.NoUpdate)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            selection.setCurrentIndex(there, _Flag.NoUpdate)
        else:
            self.setCurrentIndex(there)

    def keyboardSearch(self, search: str) -> None:
        """Nothing: it would ask every line in turn, and the filter field finds more."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """On the arrow of a cassette: opens or closes it, and selects nothing."""
        place = self._place_at(self.indexAt(event.position().toPoint()))
        is_left_on_head = place and place.position is None and event.button() == Qt.MouseButton.LeftButton
        if place and is_left_on_head and is_on_arrow(round(event.position().x()), self.font()):
            self._toggle(place)
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(self.indexAt(event.position().toPoint()))
        if place and event.button() == Qt.MouseButton.LeftButton:
            self._activate(place)
        else:
            super().mouseDoubleClickEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """At the pointer, or at the current line where the menu key was pressed."""
        point = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            point = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        self.menu_requested.emit(point, self.selected())
