"""A thin bar at the top of a view that says what is wrong or asks something, without getting in the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from viewer.document.plain_text import plain
from viewer.ui.grid import steps

if TYPE_CHECKING:
    from viewer.ui.theme import Theme

Answer = tuple[str, Callable[[], None]]


class NoticeBar(QWidget):
    """One sentence and a few buttons; hidden until it has something to say."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_error = False
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self._text.setMinimumWidth(steps(30))  # a long word, such as a path, does not widen the window
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._buttons: list[QPushButton] = []
        self._row = layout = QHBoxLayout(self)
        layout.setContentsMargins(steps(3.5), steps(1), steps(2), steps(1))
        layout.setSpacing(steps(2))
        layout.addWidget(self._text, 1)
        # A pane has roles of its own, which its children would wear too.
        self.setBackgroundRole(QPalette.ColorRole.Window)
        self.setForegroundRole(QPalette.ColorRole.WindowText)
        self._text.setForegroundRole(QPalette.ColorRole.WindowText)
        self.setAutoFillBackground(True)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours."""
        self._theme = theme
        self._color()

    @property
    def text(self) -> str:
        """What it says now, "" while it is hidden."""
        return "" if self.isHidden() else self._text.text()

    def say(self, text: str, *, error: bool = True, answers: tuple[Answer, ...] = ()) -> None:
        """Shows a sentence; each answer is a button that does what it names."""
        self._is_error = error
        self._text.setText(text)
        self.setAccessibleName(text)
        self._set_answers(answers)
        self._color()
        self.show()

    def clear(self) -> None:
        """Goes out of sight."""
        self._set_answers(())
        self.hide()

    def _set_answers(self, answers: tuple[Answer, ...]) -> None:
        for button in self._buttons:
            self._row.removeWidget(button)
            button.deleteLater()
        self._buttons = []
        for label, action in answers:
            button = QPushButton(self._cut(label), self)
            if button.text() != label:
                button.setToolTip(plain(label))
            button.clicked.connect(action)
            self._row.addWidget(button)
            self._buttons.append(button)

    def _cut(self, label: str) -> str:
        """A file's name without its middle, where it is long."""
        return self.fontMetrics().elidedText(label, Qt.TextElideMode.ElideMiddle, steps(40))

    def _color(self) -> None:
        theme = self._theme
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Window, theme.error_bg if self._is_error else theme.reasoning_bg)
        palette.setColor(QPalette.ColorRole.WindowText, theme.error if self._is_error else theme.reasoning)
        self.setPalette(palette)
