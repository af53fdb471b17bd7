"""What is in the window's place while the recordings are read: how far that is, and a way to stop it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from viewer.ui.grid import steps

# Work that is done sooner is not announced: a flash of it would only unsettle.
_PATIENCE = 200


class WorkPage(QWidget):
    """A sentence, a progress bar and a button: Cancel while work goes on, Compare Again when it was cancelled.

    Signals:
        cancelled(): the person does not want to wait.
        again_wanted(): after that, the person does.
    """

    cancelled = Signal()
    again_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        self._is_working = False
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._progress = QProgressBar()
        self._progress.setRange(0, 1000)
        self._progress.setTextVisible(False)
        self._progress.setFixedWidth(steps(80))
        self._progress.setAccessibleName(self.tr("Progress"))
        self.button = QPushButton()
        self.button.clicked.connect(self._answer)
        layout = QVBoxLayout(self)
        layout.setSpacing(steps(3))
        layout.addStretch(1)
        layout.addWidget(self.text)
        layout.addWidget(self._progress, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        self._later = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._later.timeout.connect(self._show_all)

    def begin(self, text: str) -> None:
        """Work began; it is announced in a moment."""
        self._is_working = True
        self.text.setText(text)
        self.button.setText(self.tr("Cancel"))
        self._progress.setValue(0)
        for part in (self.text, self._progress, self.button):
            part.hide()
        self._later.start()

    def end(self) -> None:
        """The work is done."""
        self._later.stop()

    def show_cancelled(self, text: str) -> None:
        """The work was cancelled; it can be done after all."""
        self._later.stop()
        self._is_working = False
        self.text.setText(text)
        self.button.setText(self.tr("Compare Again"))
        self.text.show()
        self.button.show()
        self._progress.hide()

    @Slot(float)
    def set_progress(self, fraction: float) -> None:
        """Shows how much is done, 0 to 1."""
        self._progress.setValue(round(1000 * fraction))

    @Slot()
    def _show_all(self) -> None:
        for part in (self.text, self._progress, self.button):
            part.show()
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _answer(self) -> None:
        (self.cancelled if self._is_working else self.again_wanted).emit()
