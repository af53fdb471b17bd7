"""The colours of a view as Qt takes them, made once for a theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QTextCharFormat

from viewer.ui.code_view.marks import LineMark, MarkKind
from viewer.ui.code_view.tokens import TokenKind

if TYPE_CHECKING:
    from viewer.ui.code_view.colors import CodeColors


class Palette:
    """Formats of tokens and brushes of marks for one set of colours."""

    def __init__(self, colors: CodeColors) -> None:
        self.colors = colors
        self.background = QColor(colors.background)
        self.text = QColor(colors.text)
        self.dim = QColor(colors.dim)
        self.line = QColor(colors.line)
        self.accent = QColor(colors.accent)
        self.error = QColor(colors.error)
        self.selection = QColor(colors.selection_bg)
        self.idle_selection = QColor(colors.idle_selection_bg)
        self.current_line = QColor(colors.current_line_bg)
        self.hatch = QBrush(QColor(colors.line), Qt.BrushStyle.BDiagPattern)
        self.formats = {kind: _format(getattr(colors, kind.value)) for kind in TokenKind}
        self.marks = _mark_colors(colors)
        self.edges = {
            MarkKind.ADDED: QColor(colors.added_edge),
            MarkKind.REMOVED: QColor(colors.removed_edge),
            MarkKind.CHANGED: QColor(colors.changed_edge),
            MarkKind.FOUND_CURRENT: QColor(colors.found_edge),
        }
        self.line_marks = _line_mark_colors(colors)


def _format(color: str) -> QTextCharFormat:
    text_format = QTextCharFormat()
    text_format.setForeground(QColor(color))
    return text_format


def _mark_colors(colors: CodeColors) -> dict[MarkKind, QColor]:
    return {
        MarkKind.ADDED: QColor(colors.added_word_bg),
        MarkKind.REMOVED: QColor(colors.removed_word_bg),
        MarkKind.CHANGED: QColor(colors.changed_word_bg),
        MarkKind.EVENT: QColor(colors.event_bg),
        MarkKind.ERROR: QColor(colors.error_bg),
        MarkKind.FOUND: QColor(colors.find_bg),
        MarkKind.FOUND_CURRENT: QColor(colors.found_bg),
    }


def _line_mark_colors(colors: CodeColors) -> dict[LineMark, QColor]:
    return {
        LineMark.ADDED: QColor(colors.added_bg),
        LineMark.REMOVED: QColor(colors.removed_bg),
        LineMark.CHANGED: QColor(colors.changed_bg),
        LineMark.EVENT: QColor(colors.event_bg),
        LineMark.ERROR: QColor(colors.error_bg),
    }
