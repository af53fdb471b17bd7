"""Lengths of the interface: a grid of 4 that grows with the interface font."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QFontMetricsF

from viewer.ui.theme import interface_font

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_LINE_IN_UNITS = 4.5


@cache
def unit() -> int:
    """One step of the grid in logical pixels: 4 beside usual interface fonts, more beside large ones."""
    return max(4, round(QFontMetricsF(interface_font()).height() / _LINE_IN_UNITS))


def steps(count: float) -> int:
    """`count` steps of the grid, in logical pixels."""
    return round(count * unit())


def icon_size() -> QSize:
    """The size of a button's icon: four steps, as tall as text is."""
    return QSize(steps(4), steps(4))


def smaller(font: QFont, points: float = 1.0) -> QFont:
    """A font some points smaller, never under 6 points."""
    result = QFont(font)
    if font.pointSizeF() > 0:
        result.setPointSizeF(max(6.0, font.pointSizeF() - points))
    else:
        result.setPixelSize(max(8, round(font.pixelSize() - points * 4 / 3)))
    return result


def bold(font: QFont) -> QFont:
    """The same font in bold."""
    result = QFont(font)
    result.setBold(True)
    return result


def name(widget: QWidget, text: str) -> None:
    """Names a widget for screen readers, and in its tool tip where it has no text of its own."""
    widget.setAccessibleName(text)
    if not widget.toolTip():
        widget.setToolTip(text)
