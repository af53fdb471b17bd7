"""The status bar of a comparison: which difference is looked at, how the recordings pair up, work under way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QStatusBar, QWidget

from viewer.compare.comparison import Mark
from viewer.ui.compare.pair_model import WORDS, PairLine
from viewer.ui.grid import steps

if TYPE_CHECKING:
    from viewer.ui.theme import Theme

_PATIENCE = 200


class CompareStatus(QStatusBar):
    """Tells place, pairs, what finding found; and after a moment that something is being computed.

    Signals:
        cancelled(): the person does not want to wait for what is being computed.
    """

    cancelled = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.setContentsMargins(steps(2), 0, steps(2), 0)
        self.place, self.pairs, self.found = QLabel(), QLabel(), QLabel()
        for label in (self.place, self.pairs, self.found):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.place.setContentsMargins(0, 0, steps(2.5), 0)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setMaximumWidth(steps(40))
        self._progress.setAccessibleName(self.tr("Progress"))
        self._cancel = QPushButton(self.tr("Cancel"))
        self._cancel.clicked.connect(self.cancelled)
        for label in (self.place, self.pairs):
            self.addWidget(label)
        for part in (self.found, self._progress, self._cancel):
            self.addPermanentWidget(part)
        self._later = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._later.timeout.connect(self._show_work)
        self.end_work()
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Wears another theme."""
        for label in (self.place, self.pairs, self.found):
            palette = label.palette()
            palette.setColor(palette.ColorRole.WindowText, theme.dim)
            label.setPalette(palette)

    def tell_place(self, current: int, count: int, muted: int) -> None:
        """Tells which of the differences is looked at, counted from 0; -1 for none of them."""
        if count and current >= 0:
            text = self.tr("difference {0} of {1}").format(current + 1, count)
        elif count:
            text = self.tr("{0} differences").format(count) if count > 1 else self.tr("1 difference")
        else:
            text = self.tr("no difference but noise") if muted else self.tr("no difference")
        self.place.setText(text)

    def tell_pairs(self, lines: Sequence[PairLine]) -> None:
        """Tells how many pairs there are of each kind, as far as that is known."""
        marks = Counter(line.summary.mark for line in lines if line.summary)
        kinds = [f"{marks[mark]} {WORDS[mark]}" for mark in _ORDER if marks[mark]]
        count = self.tr("1 interaction paired") if len(lines) == 1 else self.tr("{0} interactions paired")
        unknown = len(lines) - marks.total()
        text = count.format(len(lines)) + (f": {', '.join(kinds)}" if kinds else "")
        self.pairs.setText(f"{text} …" if unknown else text)

    @Slot(str)
    def tell_found(self, text: str) -> None:
        """Tells what finding found."""
        self.found.setText(text)
        self.found.setVisible(bool(text))

    def begin_work(self) -> None:
        """Something is being computed; that is shown if it takes longer than a moment."""
        self._progress.setRange(0, 0)
        if self._progress.isHidden():
            self._later.start()

    @Slot(float)
    def set_progress(self, fraction: float) -> None:
        """How much of it is done, 0 to 1."""
        self._progress.setRange(0, 1000)
        self._progress.setValue(round(1000 * fraction))

    def end_work(self) -> None:
        """Nothing is being computed any more."""
        self._later.stop()
        self._progress.hide()
        self._cancel.hide()

    @Slot()
    def _show_work(self) -> None:
        self._progress.show()
        self._cancel.show()


_ORDER = (Mark.CHANGED, Mark.SAME, Mark.NOISE, Mark.ADDED, Mark.REMOVED, Mark.MOVED)
