"""A line of text that is shown until it is edited in place: the method, the URL, the status."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from viewer.document.plain_text import plain, shortened
from viewer.ui.grid import bold, steps

if TYPE_CHECKING:
    from viewer.ui.theme import Theme

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


ANY_LENGTH = 1 << 30
"""What a line edit has to be told to take: else it cuts what is edited behind 32,767 characters."""


class Run(msgspec.Struct, frozen=True):
    """A stretch of text in one colour; with `background` it is a badge."""

    text: str
    color: QColor
    bold: bool = False
    background: QColor | None = None


def inset() -> int:
    """How far a field's text stands in from its edges, where the frame of the focus is drawn."""
    return steps(1)


class InlineField(QWidget):
    """Shows coloured runs, cut at the end where they do not fit; Enter, F2 or a double click edits the value.

    Signals:
        committed(str): an edit ended with another value.
        reverted(): an edit was given up.
    """

    committed = Signal(str)
    reverted = Signal()

    def __init__(
        self, theme: Theme, label: str, parent: QWidget | None = None, *, expands: bool = False
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._runs: list[Run] = []
        self._value = ""
        self._read_only = False
        self._editor = QLineEdit(self)
        self._editor.setMaxLength(ANY_LENGTH)
        self._editor.hide()
        self._editor.installEventFilter(self)
        self._editor.editingFinished.connect(self.commit)
        self._editor.setAccessibleName(label)
        self.setAccessibleName(label)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy.Policy.Expanding if expands else QSizePolicy.Policy.Fixed
        self.setSizePolicy(policy, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours; the runs bring their own."""
        self._theme = theme
        self.update()

    def show_value(self, value: str, runs: list[Run], *, read_only: bool = False) -> None:
        """Shows another value, as these runs; an edit under way ends without a signal."""
        self._value, self._runs, self._read_only = value, runs, read_only
        self._close()
        told = shortened(value)
        self.setAccessibleDescription(told)
        tip = told if read_only else self.tr("{}\nDouble click or F2 to edit").format(told)
        self.setToolTip(plain(tip))
        self.updateGeometry()
        self.update()

    @property
    def is_editing(self) -> bool:
        """Whether it is typed into."""
        return not self._editor.isHidden()

    def begin_edit(self, text: str | None = None) -> None:
        """Lets the person type, beginning with `text` instead of the value where it is given."""
        if self._read_only:
            return
        self._editor.setText(self._value if text is None else text)
        self._editor.show()
        self._place_editor()
        self._editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self._editor.selectAll()
        self.updateGeometry()

    @Slot()
    def commit(self) -> None:
        """Ends the edit, handing over the value where it changed."""
        if not self.is_editing:
            return
        text = self._editor.text()
        self._close()
        if text != self._value:
            self.committed.emit(text)

    def revert(self) -> None:
        """Ends the edit and shows the value again."""
        self._close()
        self.reverted.emit()

    def _close(self) -> None:
        if self.is_editing:
            had_focus = self._editor.hasFocus()
            self._editor.blockSignals(True)
            self._editor.hide()
            self._editor.blockSignals(False)
            if had_focus:
                self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter commits, Esc reverts.

        A QLineEdit hands Enter on after it said that editing is finished, and here that would begin it again.
        """
        if not isinstance(event, QKeyEvent) or event.key() not in (*_ENTER, Qt.Key.Key_Escape):
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.KeyPress:
            end = self.revert if event.key() == Qt.Key.Key_Escape else self.commit
            end()
        event.accept()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and F2 begin an edit."""
        if event.key() in (*_ENTER, Qt.Key.Key_F2):
            self.begin_edit()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click begins an edit."""
        self.begin_edit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the editor as large as the field."""
        super().resizeEvent(event)
        self._place_editor()

    def sizeHint(self) -> QSize:
        """As wide as the runs; an editor wants room for more."""
        width = sum(self._width(run) for run in self._runs) + 2 * inset()
        if self.is_editing:
            width = max(width, QFontMetrics(self.font()).averageCharWidth() * 12) + steps(8)
        return QSize(width, self._editor.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """A few characters; the rest is cut."""
        return QSize(min(self.sizeHint().width(), steps(10)), self._editor.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the runs, and a frame where the keyboard is."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = inset()
        for run in self._runs:
            width = min(self._width(run), self.width() - left - inset())
            if width <= 0:
                break
            self._paint_run(painter, run, QRect(left, 0, width, self.height()))
            left += width
        if self.hasFocus():
            painter.setPen(self._theme.accent)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(0, 1, -1, -2), steps(0.75), steps(0.75))

    def _paint_run(self, painter: QPainter, run: Run, area: QRect) -> None:
        font = self._font(run)
        metrics = QFontMetrics(font)
        if run.background is not None:
            height = metrics.height() + steps(0.5)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(run.background)
            badge = QRect(area.left(), (area.height() - height) // 2, area.width(), height)
            painter.drawRoundedRect(badge, steps(0.75), steps(0.75))
            area = area.adjusted(steps(1.25), 0, -steps(1.25), 0)
        painter.setFont(font)
        painter.setPen(run.color)
        text = metrics.elidedText(shortened(run.text), Qt.TextElideMode.ElideRight, area.width() + 1)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def _width(self, run: Run) -> int:
        padding = 2 * steps(1.25) if run.background is not None else 0
        return QFontMetrics(self._font(run)).horizontalAdvance(shortened(run.text)) + padding

    def _font(self, run: Run) -> QFont:
        font = bold(self.font()) if run.bold else QFont(self.font())
        if run.background is not None and font.pointSizeF() > 0:
            font.setPointSizeF(font.pointSizeF() - 1)
        return font

    def _place_editor(self) -> None:
        self._editor.setGeometry(self.rect())
