"""The status bar: the file at the left, the first problem at the right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QLabel,
    QProgressBar,
    QSizePolicy,
    QStatusBar,
    QStyleOptionToolButton,
    QToolButton,
    QWidget,
)

from viewer.document.plain_text import plain
from viewer.ui.grid import steps
from viewer.ui.icons import icon

if TYPE_CHECKING:
    from viewer.checks.problem import Problem
    from viewer.document.document import CassetteDocument
    from viewer.ui.theme import Theme


class _Told(QToolButton):
    """A flat button with a sentence, cut at its end where there is no room for all of it."""

    def __init__(self) -> None:
        super().__init__()
        self.setAutoRaise(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """A few words."""
        return QSize(min(steps(40), self.sizeHint().width()), self.sizeHint().height())

    def initStyleOption(self, option: QStyleOptionToolButton) -> None:
        super().initStyleOption(option)
        room = self.width() - self.iconSize().width() - steps(4)
        option.text = option.fontMetrics.elidedText(option.text, Qt.TextElideMode.ElideRight, room)


class StatusBar(QStatusBar):
    """Tells format, number of interactions, size and whether there is something to save; and problems."""

    problems_clicked = Signal()
    cancel_clicked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._file = QLabel()
        self._file.setTextFormat(Qt.TextFormat.PlainText)
        self._file.setContentsMargins(8, 4, 8, 4)
        self._file.setMinimumWidth(steps(20))  # a long sentence does not widen the window
        self.addWidget(self._file, 1)
        self._progress = QProgressBar()
        self._progress.setMaximumWidth(self.fontMetrics().averageCharWidth() * 24)
        self._progress.setTextVisible(False)
        self._progress.hide()
        self.addPermanentWidget(self._progress)
        self._cancel = QToolButton()
        self._cancel.setText(self.tr("Cancel"))
        self._cancel.setAutoRaise(True)
        self._cancel.clicked.connect(self.cancel_clicked)
        self._cancel.hide()
        self.addPermanentWidget(self._cancel)
        self._problem = _Told()
        self._problem.clicked.connect(self.problems_clicked)
        self._problem.hide()
        self.addPermanentWidget(self._problem)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Wears another theme."""
        self._theme = theme
        for label, color in ((self._file, theme.dim), (self._problem, theme.warning)):
            palette = label.palette()
            for role in (palette.ColorRole.WindowText, palette.ColorRole.ButtonText, palette.ColorRole.Text):
                palette.setColor(role, color)
            label.setPalette(palette)
        self._problem.setIcon(icon("warning", theme.warning))

    def show_document(self, document: CassetteDocument | None) -> None:
        """Tells of a document; of nothing without one."""
        if document is None:
            self._file.clear()
            self._problem.hide()
            return
        cassette = document.cassette
        count = len(cassette)
        parts = [
            cassette.format.name,
            self.tr("1 interaction") if count == 1 else self.tr("{0} interactions").format(count),
            readable_size(len(cassette.source.original())),
        ]
        if cassette.format.read_only:
            parts.append(self.tr("read-only: {0}").format(cassette.format.read_only))
        if document.is_modified:
            parts.append(self.tr("edited"))
        self._file.setText(" · ".join(parts))

    @Slot(object)
    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Tells the first problem, and how many there are."""
        self._problem.setVisible(bool(problems))
        if problems:
            count = (
                self.tr("1 problem") if len(problems) == 1 else self.tr("{0} problems").format(len(problems))
            )
            self._problem.setText(f"{count}: {problems[0].message}")
            self._problem.setToolTip(plain(problems[0].message))

    @Slot(object, float)
    def show_progress(self, path: Path, fraction: float) -> None:
        """Shows how much of a file is read or written, and how to stop that."""
        self._progress.setVisible(True)
        self._cancel.setVisible(True)
        self._progress.setRange(0, 1000)
        self._progress.setValue(round(fraction * 1000))
        self._progress.setToolTip(plain(str(path)))

    @Slot()
    def show_work(self) -> None:
        """Shows that something is being done, nobody knows for how long, and how to stop it."""
        self._progress.setRange(0, 0)
        self._progress.setToolTip("")
        self._progress.setVisible(True)
        self._cancel.setVisible(True)

    def end_progress(self) -> None:
        """Nothing is being read or written any more."""
        self._progress.hide()
        self._cancel.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The file comes first; a long problem leaves it two fifths."""
        super().resizeEvent(event)
        self._problem.setMaximumWidth(self.width() * 3 // 5)


def readable_size(size: int) -> str:
    """A number of bytes as people write it, in powers of a thousand."""
    if size < 1000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{size / 1000:.1f} kB"
    return f"{size / 1e6:.1f} MB" if size < 1_000_000_000 else f"{size / 1e9:.2f} GB"
