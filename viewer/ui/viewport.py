"""A scroll area's viewport that Python has made.

PySide looks for the class of a widget that only Qt knows among all widget classes, and for that it sets each of
them up: 110 of them, which takes 13 ms. An area asks for its viewport before the first paint.
"""

from __future__ import annotations

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractScrollArea, QWidget


def own_viewport(area: QAbstractScrollArea) -> None:
    """Gives a list or a page that was just made a viewport as Qt makes them, and filled with the palette's base.

    The first document of a QTextEdit measures on the viewport that this deletes: it must have another by now.
    """
    viewport = QWidget()
    viewport.setObjectName("qt_scrollarea_viewport")
    viewport.setBackgroundRole(QPalette.ColorRole.Base)
    viewport.setAutoFillBackground(True)
    viewport.setMouseTracking(True)
    area.setViewport(viewport)
