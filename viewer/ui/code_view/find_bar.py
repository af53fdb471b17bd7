"""The bar that finds in a text view: what to find, how many there are, next and previous."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from viewer.ui.code_view.finder import MOST, Query

if TYPE_CHECKING:
    from viewer.ui.code_view.code_view import CodeView

GRID = 4


class FindBar(QWidget):
    """Finds in one view. Hidden until `open`; Esc closes it and gives the focus back.

    Signals:
        closed(): the bar was closed.
    """

    closed = Signal()

    def __init__(self, view: CodeView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._from = 0
        self._sought = False
        self.field = QLineEdit()
        self.count = QLabel()
        self.case = _toggle("Aa", self.tr("Match case"))
        self.pattern = _toggle(".*", self.tr("Regular expression"))
        self._lay_out()
        self._connect()
        view.add_companion(self)
        self.hide()

    @Slot()
    def open(self) -> None:
        """Show the bar with the selected text, ready to type."""
        selected = self._view.selected_text() if self._view.has_selection else ""
        if selected and "\n" not in selected and len(selected) <= 200:
            self.field.setText(selected)
        self._from = self._view.selection[0]
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self._search()

    @Slot()
    def close_bar(self) -> None:
        """Hide the bar and its highlights."""
        # First the focus: Qt would give it to some other widget when the field hides, which ends an edit.
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()
        self.closed.emit()

    @Slot()
    def find_next(self) -> None:
        """Go to the next match, behind the last to the first."""
        self._go(self._view.selection[1], back=False)

    @Slot()
    def find_previous(self) -> None:
        """Go to the match before, before the first to the last."""
        self._go(self._view.selection[0], back=True)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        row.setSpacing(GRID)
        self.field.setPlaceholderText(self.tr("Find"))
        self.field.setAccessibleName(self.tr("Find"))
        self.field.setClearButtonEnabled(True)
        self.field.setMinimumWidth(24 * self.fontMetrics().averageCharWidth())
        self.count.setMinimumWidth(self.fontMetrics().horizontalAdvance("00,000 of 00,000"))
        self.count.setAccessibleName(self.tr("Matches"))
        self._previous = _button("↑", self.tr("Previous match (Shift+Enter)"))
        self._next = _button("↓", self.tr("Next match (Enter)"))
        self._close = _button("✕", self.tr("Close (Esc)"))
        for widget in (self.field, self.case, self.pattern, self._previous, self._next, self.count):
            row.addWidget(widget, 1 if widget is self.field else 0)
        row.addWidget(self._close)

    def _connect(self) -> None:
        self.field.textChanged.connect(self._search)
        self.case.toggled.connect(self._search)
        self.pattern.toggled.connect(self._search)
        self._previous.clicked.connect(self.find_previous)
        self._next.clicked.connect(self.find_next)
        self._close.clicked.connect(self.close_bar)
        self._view.find_requested.connect(self.open)
        self._view.finder.changed.connect(self._show_count)
        self.field.installEventFilter(self)

    @Slot()
    def _search(self) -> None:
        self._sought = True
        query = Query(self.field.text(), self.case.isChecked(), self.pattern.isChecked())
        if query == self._view.finder.query:
            self._view.finder.restart()
        else:
            self._view.finder.set_query(query)

    def _go(self, offset: int, *, back: bool) -> None:
        found = self._view.finder.step(offset, back=back)
        if found:
            self._view.show_offset(*found)

    @Slot()
    def _show_count(self) -> None:
        """Say where we are; while one types, go to the first match behind where the search began."""
        finder = self._view.finder
        reached = finder.count and (
            not finder.is_searching or finder.match(finder.count - 1)[0] >= self._from
        )
        if self._sought and reached and self.isVisible():
            self._sought = False
            self._go(self._from, back=False)
        self.count.setText(self._count_text())
        missing = bool(finder.error) or (
            bool(finder.query.text) and not finder.count and not finder.is_searching
        )
        self._show_error(missing)
        self.count.setToolTip(finder.error)

    def _count_text(self) -> str:
        finder = self._view.finder
        if finder.error:
            return self.tr("Invalid pattern") if not finder.count else self.tr("Too complex")
        if not finder.query.text:
            return ""
        if not finder.count:
            return self.tr("Searching…") if finder.is_searching else self.tr("No matches")
        total = f"{MOST:,}+" if finder.is_full else f"{finder.count:,}" + ("…" if finder.is_searching else "")
        if finder.current < 0:
            return total
        return self.tr("{0} of {1}").format(f"{finder.current + 1:,}", total)

    def _show_error(self, missing: bool) -> None:
        palette = QPalette(self.palette())
        if missing:
            color = self._view.palette_of_code.error
            palette.setColor(QPalette.ColorRole.Text, color)
            palette.setColor(QPalette.ColorRole.WindowText, color)
        self.field.setPalette(palette)
        self.count.setPalette(palette)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Shift+Enter in the field step through the matches."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            (self.find_previous if shifted else self.find_next)()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes; the platform's keys for next and previous work from here too."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.matches(QKeySequence.StandardKey.FindNext):
            self.find_next()
        elif event.matches(QKeySequence.StandardKey.FindPrevious):
            self.find_previous()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is highlighted without the bar."""
        self._view.finder.set_query(Query(""))
        super().hideEvent(event)


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setAutoRaise(True)
    return button


def _toggle(text: str, tip: str) -> QToolButton:
    button = _button(text, tip)
    button.setCheckable(True)
    return button
