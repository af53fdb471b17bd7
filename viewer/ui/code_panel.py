"""A text view with what belongs to it: a notice above, the find bar below."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from viewer.ui.code_colors import code_colors
from viewer.ui.code_view import CodeView, FindBar, LineMark
from viewer.ui.notice_bar import NoticeBar
from viewer.ui.theme import Theme, fixed_font


class CodePanel(QWidget):
    """A CodeView in the theme's colours, its FindBar (Ctrl+F) and a NoticeBar."""

    def __init__(self, theme: Theme, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notice = NoticeBar(theme, self)
        self.view = CodeView(self)
        self.view.setAccessibleName(label)
        self.view.set_code_font(fixed_font())
        self.view.set_line_numbers(True)
        self.view.set_folding(True)
        self.view.set_colors(code_colors(theme))
        self.find_bar = FindBar(self.view)
        self.view.find_requested.connect(self.open_find_bar)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notice)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.find_bar)
        self.setFocusProxy(self.view)

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours."""
        self.notice.set_theme(theme)
        self.view.set_colors(code_colors(theme))

    @Slot()
    def open_find_bar(self) -> None:
        """Opens the find bar."""
        self.find_bar.open()

    def mark_error(self, line: int | None, message: str) -> None:
        """Says what is wrong, and marks the line (counted from 1) where one is known."""
        self.notice.say(message)
        self.view.set_line_marks({line - 1: LineMark.ERROR} if line else {})

    def clear_error(self) -> None:
        """Nothing is wrong any more."""
        self.notice.clear()
        self.view.set_line_marks({})

    def retry(self, original: str, typed: str) -> None:
        """Opens the edit again with what was typed; Esc still gives back the original."""
        self.view.set_text(original)
        self.view.begin_edit()
        self.view.select_all()
        self.view.insert_text(typed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+F finds here, unless the window has taken the key for whichever view is in use."""
        if event.matches(QKeySequence.StandardKey.Find):
            self.open_find_bar()
        else:
            super().keyPressEvent(event)
