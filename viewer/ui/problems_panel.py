"""The panel of problems: what would not replay, where, and a fix where one is safe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from viewer.ui.grid import bold, steps
from viewer.ui.icons import icon

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon, QKeyEvent

    from viewer.checks.problem import Problem, Severity
    from viewer.ui.theme import Theme


class ProblemsPanel(QWidget):
    """Lists problems.

    Signals:
        chosen(Problem): its place is wanted.
        fix_requested(object): the edit that mends one.
        hide_requested(): Esc was pressed.
    """

    chosen = Signal(object)
    fix_requested = Signal(object)
    hide_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._problems: Sequence[Problem] = ()
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Problems"))
        self._list.setFrameShape(QListWidget.Shape.NoFrame)
        self._list.setWordWrap(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.itemActivated.connect(self._choose)
        self._list.itemClicked.connect(self._choose)
        self._list.currentRowChanged.connect(self._offer_fix)
        self.setFocusProxy(self._list)
        self.title = self._make_title()
        self._fix = QPushButton(self.tr("Fix"))
        self._fix.setEnabled(False)
        self._fix.clicked.connect(self._request_fix)
        self._close.setIcon(icon("close", theme.dim))
        side = QVBoxLayout()
        side.addWidget(self._fix)
        side.addStretch(1)
        side.setContentsMargins(steps(2), steps(1), steps(2), steps(2))
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        row = QHBoxLayout(self)
        row.setContentsMargins(steps(2), 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._list, 1)
        row.addLayout(side)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Lists these instead; one is always current, so that its fix is at hand."""
        row = max(0, self._list.currentRow())
        self._problems = problems
        self._list.clear()
        for problem in problems:
            place = self.tr("line {0}: ").format(problem.line) if problem.line else ""
            item = QListWidgetItem(f"{place}{problem.message}")
            item.setIcon(self._icon(problem.severity))
            self._list.addItem(item)
        if not problems:
            item = QListWidgetItem(
                self.tr("No problem was found: the recorder can load and replay this cassette.")
            )
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self._list.addItem(item)
        self._list.setCurrentRow(min(row, len(problems) - 1))
        self._offer_fix(self._list.currentRow())

    def set_theme(self, theme: Theme) -> None:
        """Paints the signs in another theme's colours."""
        self._theme = theme
        self._close.setIcon(icon("close", theme.dim))
        for row, problem in enumerate(self._problems):
            self._list.item(row).setIcon(self._icon(problem.severity))

    def _make_title(self) -> QWidget:
        """The line over the panel: its name, and a cross that hides it."""
        title = QWidget()
        name = QLabel(self.tr("Problems"))
        name.setFont(bold(name.font()))
        self._close = QToolButton()
        self._close.setAutoRaise(True)
        self._close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._close.setToolTip(self.tr("Hide (Esc)"))
        self._close.clicked.connect(self.hide_requested)
        row = QHBoxLayout(title)
        row.setContentsMargins(steps(3), steps(1), steps(2), steps(1))
        row.addWidget(name, 1)
        row.addWidget(self._close)
        title.setAutoFillBackground(True)
        title.setBackgroundRole(QPalette.ColorRole.Base)
        return title

    def _icon(self, severity: Severity) -> QIcon:
        from viewer.checks.problem import Severity  # with the first problem

        if severity is Severity.ERROR:
            return icon("error", self._theme.error)
        return icon("warning", self._theme.warning)

    @Slot(int)
    def _offer_fix(self, row: int) -> None:
        self._fix.setEnabled(0 <= row < len(self._problems) and self._problems[row].fix is not None)

    @Slot(QListWidgetItem)
    def _choose(self, item: QListWidgetItem) -> None:
        row = self._list.row(item)
        if 0 <= row < len(self._problems):
            self.chosen.emit(self._problems[row])

    @Slot()
    def _request_fix(self) -> None:
        row = self._list.currentRow()
        if 0 <= row < len(self._problems) and self._problems[row].fix is not None:
            self.fix_requested.emit(self._problems[row].fix)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide_requested.emit()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """A few lines: the panel stands under everything, and a list asks for half a small window."""
        return QSize(super().sizeHint().width(), steps(28))
