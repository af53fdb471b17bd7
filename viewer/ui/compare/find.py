"""Finds in both texts of a comparison at once: the matches of both sides, row after row."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from viewer.ui.code_view.finder import Query

if TYPE_CHECKING:
    from viewer.ui.compare.side_by_side import SideBySide
    from viewer.ui.compare.side_view import SideView

# (row, side, offset): the order in which matches are visited.
_Place = tuple[int, int, int]


class FindField(QLineEdit):
    """The field in the toolbar: Enter goes to the next match, Shift+Enter to the one before, Esc ends finding.

    Signals:
        told(str): what to say of the search, "" for nothing.
    """

    told = Signal(str)

    def __init__(self, panes: SideBySide) -> None:
        super().__init__()
        self._panes = panes
        self.setPlaceholderText(self.tr("Find"))
        self.setAccessibleName(self.tr("Find in both texts"))
        self.setClearButtonEnabled(True)
        self.textChanged.connect(self._search)
        self.installEventFilter(self)
        for view in panes.views:
            view.finder.changed.connect(self._tell)

    @Slot()
    def open(self) -> None:
        """Takes the focus, with the selected text if it is in one line."""
        view = self._panes.active
        selected = view.selected_text() if view.has_selection else ""
        if selected and "\n" not in selected and len(selected) <= 200:
            self.setText(selected)
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    @Slot()
    def find_next(self) -> None:
        """Goes to the next match, behind the last one to the first."""
        self._go(forwards=True)

    @Slot()
    def find_previous(self) -> None:
        """Goes to the match before, before the first one to the last."""
        self._go(forwards=False)

    @Slot(str)
    def _search(self, text: str) -> None:
        for view in self._panes.views:
            view.finder.set_query(Query(text))
        self._tell()

    def _go(self, *, forwards: bool) -> None:
        here = self._here()
        ahead = list(self._around(here, forwards=forwards))
        if not ahead:
            edge = (-1, 0, 0) if forwards else (1 << 60, 0, 0)
            ahead = list(self._around(edge, forwards=forwards))
        if ahead:
            self._show(min(ahead) if forwards else max(ahead))

    def _show(self, place: _Place) -> None:
        _, side, offset = place
        view = self._panes.views[side]
        found = view.finder.step(offset)
        if found:
            self._panes.views[1 - side].finder.current = -1
            view.show_offset(*found)
            self._panes.set_active(view)
        self._tell()

    def _here(self) -> _Place:
        view = self._panes.active
        return _row(view, view.selection[0]), self._panes.views.index(view), view.selection[0]

    def _around(self, here: _Place, *, forwards: bool) -> Iterator[_Place]:
        """Of each side, the nearest match behind (or before) a place."""
        for side, view in enumerate(self._panes.views):
            starts = range(view.finder.count)
            at = bisect_left(starts, here, key=lambda index: self._place(side, index))
            if forwards and at < len(starts) and self._place(side, at) == here and view.has_selection:
                at += 1
            index = at if forwards else at - 1
            if 0 <= index < len(starts):
                yield self._place(side, index)

    def _place(self, side: int, index: int) -> _Place:
        view = self._panes.views[side]
        start = view.finder.match(index)[0]
        return _row(view, start), side, start

    @Slot()
    def _tell(self) -> None:
        if not self.text():
            self.told.emit("")
            return
        counts = [view.finder.count for view in self._panes.views]
        searching = any(view.finder.is_searching for view in self._panes.views)
        if not any(counts) and not searching:
            self.told.emit(self.tr("“{0}” is not found").format(self.text()))
        else:
            more = "…" if searching else ""
            self.told.emit(self.tr("found {0} left, {1} right").format(*counts) + more)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Shift+Enter step through the matches; Esc empties the field and leaves it."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go(forwards=not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self._panes.active.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return super().eventFilter(watched, event)


def _row(view: SideView, offset: int) -> int:
    """The row in which an offset stands, the same on both sides for lines beside each other."""
    return view.page.rows.top(view.page.buffer.line_at(offset))
