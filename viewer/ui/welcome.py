"""The empty window: how to open something."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCommandLinkButton, QLabel, QPushButton, QVBoxLayout, QWidget

from viewer.ui.icons import icon

if TYPE_CHECKING:
    from viewer.ui.theme import Theme

_SHOWN = 6


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
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        hint = QLabel(
            self.tr("YAML and JSON recordings of go-vcr, vcrpy, Ruby VCR, Betamax, Polly.js and others")
        )
        hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        hint.setWordWrap(True)
        hint.setForegroundRole(hint.palette().ColorRole.PlaceholderText)
        self._open = QPushButton(self.tr("Open…"))
        self._open.clicked.connect(self.open_requested)
        self._example = QPushButton(self.tr("Open the Example"))
        self._example.clicked.connect(self.example_requested)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(2)
        column.addWidget(title)
        column.addWidget(hint)
        for button in (self._open, self._example):
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(12)
        column.addLayout(self._recent)
        column.addStretch(3)

    def show_recent(self, paths: Sequence[Path]) -> None:
        """Lists the files opened last."""
        while self._recent.count():
            item = self._recent.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.deleteLater()
        for path in paths[:_SHOWN]:
            button = _RecentButton(path, self._theme)
            button.chosen.connect(self.recent_chosen)
            self._recent.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)


class _RecentButton(QCommandLinkButton):
    """A recent file: its name, and its folder below."""

    chosen = Signal(Path)

    def __init__(self, path: Path, theme: Theme) -> None:
        super().__init__(path.name, _short(path.parent))
        self._path = path
        self.setIcon(icon("file", theme.dim))
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 50)
        self.clicked.connect(self._choose)

    @Slot()
    def _choose(self) -> None:
        self.chosen.emit(self._path)


def _short(folder: Path) -> str:
    """A folder as people write it: the home folder as ~."""
    try:
        return str(Path("~") / folder.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(folder)
