"""The list at the left: open cassettes with their interactions, and the field that filters them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from viewer.document.interaction_model import InteractionModel, Place
from viewer.ui.interaction_delegate import Sizes
from viewer.ui.interaction_view import InteractionView

if TYPE_CHECKING:
    from viewer.document.document import CassetteDocument
    from viewer.ui.theme import Theme


class InteractionTree(QWidget):
    """The list with its filter field.

    Signals:
        current_changed(document, position): another line is the current one; None for `position` on a cassette's
            line, None for both where nothing is.
        selection_changed(): other lines are selected.
        activated(document, position): Enter or a double click on an interaction.
        menu_requested(point, places): a context menu is wanted at a global point, for these places.
    """

    current_changed = Signal(object, object)
    selection_changed = Signal()
    activated = Signal(object, object)
    menu_requested = Signal(QPoint, object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = InteractionModel(self)
        self.filter_field = QLineEdit()
        self.filter_field.setPlaceholderText(self.tr("Filter: status:200 has:tool model:kimi"))
        self.filter_field.setAccessibleName(self.tr("Filter interactions"))
        self.filter_field.setClearButtonEnabled(True)
        self.filter_field.textChanged.connect(self.model.set_filter)
        self.filter_field.installEventFilter(self)
        self.view = InteractionView(self.model, theme)
        self._nothing = QLabel(self.view.viewport())
        self._build()
        self._connect()

    def _build(self) -> None:
        sizes = Sizes.of(self.font())
        unit = sizes.unit
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        self.filter_field.setTextMargins(unit, 0, unit, 0)
        self.filter_field.setMinimumHeight(sizes.cassette_height)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        self._nothing.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._nothing.hide()
        row = QVBoxLayout()
        row.setContentsMargins(2 * unit, 2 * unit, 2 * unit, 2 * unit)
        row.addWidget(self.filter_field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self.view)
        self.setFocusProxy(self.view)
        self.setTabOrder(self.filter_field, self.view)

    def _connect(self) -> None:
        self.view.current_place_changed.connect(self._tell_current)
        self.view.places_changed.connect(self.selection_changed)
        self.view.place_activated.connect(self._tell_activated)
        self.view.menu_requested.connect(self.menu_requested)
        for signal in (self.model.replaced, self.model.working_changed, self.model.rowsRemoved):
            signal.connect(self._tell_nothing)
        self.filter_field.textChanged.connect(self._tell_nothing)

    @property
    def current(self) -> Place | None:
        """Where the cursor is."""
        return self.view.current_place

    def add_document(self, document: CassetteDocument) -> None:
        """Adds a cassette at the end of the list."""
        self.model.add(document)

    def remove_document(self, document: CassetteDocument) -> None:
        """Takes a cassette out of the list."""
        self.model.remove(document)

    def replace_document(self, old: CassetteDocument, new: CassetteDocument) -> None:
        """Puts a cassette that was read again in the place of its former self, with what was selected."""
        is_open, current = self.model.is_open(old), self.current
        selected = [place.position for place in self.selected() if place.document is old]
        self.model.add(new, self.model.documents.index(old))
        self.model.set_open(new, is_open)
        if current and current.document is old:
            self.view.select_all([Place(new, position) for position in selected])
            last = len(new) - 1 if len(new) else None
            wanted = None if current.position is None or last is None else min(current.position, last)
            self.view.set_cursor(Place(new, wanted))
        self.model.remove(old)

    def select(self, document: CassetteDocument, position: int | None = None) -> bool:
        """Makes a line the current and only selected one; False where the filter hides it."""
        if position is not None:
            self.model.set_open(document)
        return self.view.select(Place(document, position))

    def selected(self) -> list[Place]:
        """The selected places, in the order of their lines."""
        return self.view.selected()

    def set_theme(self, theme: Theme) -> None:
        """Wears another theme."""
        self.view.set_theme(theme)

    def set_columns_shown(self, shown: bool) -> None:
        """Shows interactions as one line of columns that can be sorted and hidden, instead of two lines."""
        self.view.set_columns_shown(shown)

    def focus_filter(self) -> None:
        """Puts the cursor into the filter field."""
        self.filter_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter_field.selectAll()

    @Slot(object)
    def _tell_current(self, place: Place | None) -> None:
        self.current_changed.emit(place.document if place else None, place.position if place else None)

    @Slot(object)
    def _tell_activated(self, place: Place) -> None:
        self.activated.emit(place.document, place.position)

    @Slot()
    def _tell_nothing(self) -> None:
        """Says so where no interaction matches."""
        is_empty = bool(self.model.query) and not self.model.shown and bool(self.model.documents)
        if is_empty:
            searching = self.model.is_working
            self._nothing.setText(self.tr("Searching …") if searching else self.tr("No interaction matches"))
            self._nothing.setForegroundRole(self.view.viewport().foregroundRole())
            self._place_nothing()
        self._nothing.setVisible(is_empty)

    def _place_nothing(self) -> None:
        self._nothing.setGeometry(self.view.viewport().rect())

    # --- QWidget

    def sizeHint(self) -> QSize:
        return QSize(20 * self.fontMetrics().height(), 30 * self.fontMetrics().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_nothing()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the filter field: Down and Enter go to the list, Esc clears and then goes there too."""
        if (
            watched is self.filter_field
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
        ):
            match event.key():
                case Qt.Key.Key_Escape if self.filter_field.text():
                    self.filter_field.clear()
                    return True
                case Qt.Key.Key_Down | Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Escape:
                    self.view.setFocus(Qt.FocusReason.OtherFocusReason)
                    return True
        return super().eventFilter(watched, event)
