"""Our own icons, drawn in the colour of the text they stand beside.

The files in `resources/icons` are plain SVG with `currentColor`. An icon is rendered once, for each of the
sizes that a tool bar, a menu or a button asks for, on screens as dense as there are; that takes 0.3 ms, and then it
is kept. (An icon engine written in Python would draw at any size, but PySide6 6.11.3 crashes when Qt calls one.)
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from viewer.resources import resource

_SIZES = (16, 20, 24)
_ratios: set[float] = set()
"""Device pixel ratios that icons are drawn for."""


def icon(name: str, color: QColor, disabled: QColor | None = None) -> QIcon:
    """The icon `resources/icons/<name>.svg` in `color`, and in `disabled` where its action is disabled.

    Raises FileNotFoundError for an unknown name.
    """
    if not _ratios:
        _ratios.update(screen.devicePixelRatio() for screen in QGuiApplication.screens())
    return _icon(name, _svg_color(color), _svg_color(disabled) if disabled else "", frozenset(_ratios))


def see_ratio(ratio: float) -> bool:
    """Draws for screens of this device pixel ratio too from here on; whether that is new, so that icons are stale."""
    is_new = ratio not in _ratios
    _ratios.add(ratio)
    return is_new


def pixmap(name: str, color: QColor, size: int, ratio: float = 1.0) -> QPixmap:
    """The icon for a delegate: `size` logical pixels square, on a screen of device pixel ratio `ratio`."""
    return _pixmap(name, _svg_color(color), size, ratio)


@cache
def app_icon() -> QIcon:
    """The program's own icon, a cassette; having colours of its own, it is drawn by Qt at any size asked for."""
    return QIcon(str(resource("icons/cassette-viewer.svg")))


@cache
def _icon(name: str, color: str, disabled: str, ratios: frozenset[float]) -> QIcon:
    result = QIcon()
    drawing = _drawing(name, color)
    for size in sorted({round(size * ratio) for size in _SIZES for ratio in ratios}):
        drawn = _render(drawing, size)
        # Without one of its own, Qt mixes that of a selected line with the selection's colour.
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
            result.addPixmap(drawn, mode)
        if disabled:
            result.addPixmap(_in_color(drawn, disabled), QIcon.Mode.Disabled)
    return result


@cache
def _pixmap(name: str, color: str, size: int, ratio: float) -> QPixmap:
    result = _render(_drawing(name, color), round(size * ratio))
    result.setDevicePixelRatio(ratio)
    return result


def _drawing(name: str, color: str) -> QSvgRenderer:
    svg = resource(f"icons/{name}.svg").read_bytes().replace(b"currentColor", color.encode())
    return QSvgRenderer(QByteArray(svg))


def _svg_color(color: QColor) -> str:
    # SVG Tiny, which Qt draws, knows no #aarrggbb; the icons are drawn opaque.
    return color.name(QColor.NameFormat.HexRgb)


def _render(drawing: QSvgRenderer, size: int) -> QPixmap:
    result = QPixmap(size, size)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    drawing.render(painter)
    painter.end()
    return result


def _in_color(drawn: QPixmap, color: str) -> QPixmap:
    result = QPixmap(drawn)
    painter = QPainter(result)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(result.rect(), QColor(color))
    painter.end()
    return result
