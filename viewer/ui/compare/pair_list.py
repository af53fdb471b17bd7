"""The list at the left: the pairs, and the field that filters them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLineEdit, QListView, QVBoxLayout, QWidget

from viewer.ui.compare.pair_delegate import PairDelegate
from viewer.ui.compare.pair_model import PairModel
from viewer.ui.grid import steps

if TYPE_CHECKING:
    from viewer.ui.theme import Theme

_Flag = QItemSelectionModel.SelectionFlag


class PairList(QWidget):
    """The pairs with their filter field; arrow keys in the field move in the list.

    Signals:
        chosen(int): another pair, by its index among all pairs, is the current one.
    """

    chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = PairModel(self)
        self.filter_field = QLineEdit()
        self.filter_field.setPlaceholderText(self.tr("Filter: changed"))
        self.filter_field.setAccessibleName(self.tr("Filter pairs"))
        self.filter_field.setClearButtonEnabled(True)
        self.view = QListView()
        self._delegate = PairDelegate(theme, self)
        self._current = -1
        self._build()
        self.filter_field.textChanged.connect(self._filter)
        self.filter_field.installEventFilter(self)
        self.view.selectionModel().currentChanged.connect(self._tell_chosen)

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours."""
        self._delegate.theme = theme
        self.view.viewport().update()

    def select(self, index: int) -> bool:
        """Makes a pair the current one, without a signal; False where the filter hides it."""
        self._current = index
        row = self.model.row_of(index)
        selection = self.view.selectionModel()
        selection.blockSignals(True)
        if row is None:
            selection.clear()
        else:
            selection.setCurrentIndex(self.model.index(row), _Flag.ClearAndSelect)
        selection.blockSignals(False)
        self.view.viewport().update()
        if row is not None:
            self.view.scrollTo(self.model.index(row))
        return row is not None

    def _build(self) -> None:
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        self.filter_field.setMinimumHeight(self.fontMetrics().height() + steps(3))
        self.filter_field.setTextMargins(steps(1), 0, steps(1), 0)
        self.view.setModel(self.model)
        self.view.setItemDelegate(self._delegate)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setMouseTracking(True)
        self.view.setUniformItemSizes(True)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setAccessibleName(self.tr("Pairs of interactions"))
        row = QVBoxLayout()
        row.setContentsMargins(steps(2), steps(2), steps(2), steps(2))
        row.addWidget(self.filter_field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self.view, 1)
        self.setFocusProxy(self.view)
        self.setMinimumWidth(steps(36))

    @Slot(str)
    def _filter(self, text: str) -> None:
        self.model.set_filter(text)
        self.select(self._current)

    @Slot(QModelIndex, QModelIndex)
    def _tell_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self._current = self.model.pair_at(current.row())
            self.chosen.emit(self._current)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and Down in the filter field move in the list; Esc empties the field."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self.view.setFocus(Qt.FocusReason.OtherFocusReason)
                self.view.keyPressEvent(event)
                return True
            if event.key() == Qt.Key.Key_Escape and self.filter_field.text():
                self.filter_field.clear()
                return True
        return super().eventFilter(watched, event)
