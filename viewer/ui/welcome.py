"""The empty window: how to open something."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeySequence, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from viewer.ui.grid import bold, steps
from viewer.ui.icons import icon

if TYPE_CHECKING:
    from viewer.ui.theme import Theme

_SHOWN = 6
# The width of a recent file in characters; what is longer is cut in the middle.
_CHARACTERS = 64


class Welcome(QWidget):
    """Says how to open a cassette, and offers the recent ones and the example.

    Signals: open_requested(), example_requested(), recent_chosen(Path).
    """

    open_requested = Signal()
    example_requested = Signal()
    recent_chosen = Signal(Path)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        title = QLabel(self.tr("Drop a cassette here"))
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.5)
        title.setFont(font)
        keys = QKeySequence(QKeySequence.StandardKey.Open).toString(QKeySequence.SequenceFormat.NativeText)
        hint = QLabel(
            self.tr(
                "or press {0}. YAML and JSON recordings of go-vcr, vcrpy, Ruby VCR, Betamax, Polly.js and others"
            ).format(keys)
        )
        hint.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        for label in (title, hint):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
        self._open = QPushButton(self.tr("Open…"))
        self._open.clicked.connect(self.open_requested)
        self._example = QPushButton(self.tr("Open the Example"))
        self._example.clicked.connect(self.example_requested)
        buttons = QHBoxLayout()
        buttons.setSpacing(steps(2))
        buttons.addStretch(1)
        for button in (self._open, self._example):
            button.setMinimumSize(button.sizeHint().width() + steps(3), steps(7))
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._recent_title = QLabel(self.tr("Recent"))
        self._recent_title.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._recent_title.setContentsMargins(steps(2), 0, 0, steps(1))
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        self._recent.addWidget(self._recent_title)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addLayout(self._recent)
        across.addStretch(1)
        column = QVBoxLayout(self)
        column.setSpacing(steps(2))
        column.addStretch(2)
        column.addWidget(title)
        column.addWidget(hint)
        column.addSpacing(steps(2))
        column.addLayout(buttons)
        column.addSpacing(steps(5))
        column.addLayout(across)
        column.addStretch(3)

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours."""
        self._theme = theme
        for button in self.findChildren(RecentButton):
            button.set_theme(theme)

    def show_recent(self, paths: Sequence[Path]) -> None:
        """Lists the files opened last."""
        for button in self.findChildren(RecentButton):
            self._recent.removeWidget(button)
            button.deleteLater()
        self._recent_title.setVisible(bool(paths))
        for path in paths[:_SHOWN]:
            button = RecentButton(path, self._theme, self)
            button.chosen.connect(self.recent_chosen)
            self._recent.addWidget(button)


class RecentButton(QAbstractButton):
    """A recent file: its name, and its folder below, both cut in the middle where they are too long."""

    chosen = Signal(Path)

    def __init__(self, path: Path, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._path = path
        self._theme = theme
        self.setText(path.name)
        self.setToolTip(str(path))
        self.setAccessibleDescription(str(path.parent))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(self._choose)

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours."""
        self._theme = theme
        self.update()

    @Slot()
    def _choose(self) -> None:
        self.chosen.emit(self._path)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.averageCharWidth() * _CHARACTERS, 2 * metrics.height() + steps(4))

    def minimumSizeHint(self) -> QSize:
        """A few words; the rest is cut."""
        return QSize(self.fontMetrics().averageCharWidth() * 16, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The file's icon, its name, its folder; a ground under the pointer, a frame where the keyboard is."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, metrics = self._theme, self.fontMetrics()
        painter.setPen(theme.accent if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(theme.line if self.underMouse() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), steps(1), steps(1))
        left, size = steps(2), metrics.height()
        icon("file", theme.dim).paint(painter, left, steps(2), size, size)
        left += size + steps(2)
        width = self.width() - left - steps(2)
        strong = bold(self.font())
        lines = ((self._path.name, strong, theme.text), (_short(self._path.parent), self.font(), theme.dim))
        for number, (text, font, color) in enumerate(lines):
            painter.setFont(font)
            painter.setPen(color)
            own = QFontMetrics(font)
            base = steps(2) + number * metrics.height() + own.ascent()
            painter.drawText(left, base, own.elidedText(text, Qt.TextElideMode.ElideMiddle, width))


def _short(folder: Path) -> str:
    """A folder as people write it: the home folder as ~."""
    try:
        return str(Path("~") / folder.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(folder)
