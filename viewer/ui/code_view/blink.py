"""The caret's blinking, as fast as the platform says, and only while the text can be typed into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from viewer.ui.code_view.caret_view import CaretView


class Blink(QObject):
    """Whether the caret is to be seen right now. Where nothing can be typed it stands still."""

    def __init__(self, view: CaretView) -> None:
        super().__init__(view)
        self._view = view
        self.is_on = True
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._turn)

    def restart(self) -> None:
        """Show the caret, and blink from now on if it should."""
        self.is_on = True
        period = QGuiApplication.styleHints().cursorFlashTime()
        if period > 1 and self._view.is_editing and self._view.hasFocus():
            self._timer.start(period // 2)
        else:
            self._timer.stop()

    @Slot()
    def _turn(self) -> None:
        self.is_on = not self.is_on
        self._view.update_caret()
