"""Fusion, with the frames of fields, buttons, marks and bars drawn flat and in the theme's own line colour.

Fusion derives its outlines by darkening the window's colour, and its focus ring from the selection's: in a dark
theme both vanish. This draws these few shapes from the palette instead; everything else, sizes included, is
Fusion's.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QIcon, QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import (
    QProxyStyle,
    QStyle,
    QStyleOption,
    QStyleOptionButton,
    QStyleOptionComplex,
    QStyleOptionFrame,
    QStyleOptionMenuItem,
    QStyleOptionToolButton,
    QWidget,
)

from viewer.ui.icons import icon

_RADIUS = 4.0
# Between icon and text, and at both ends, where Qt draws the two beside each other.
_LABEL_GAP = 4

# The cross that empties a field, which Qt takes once: 3:1 on the ground of both themes.
_CLEAR = QColor("#828a97")

_Control = QStyle.ControlElement
_Primitive = QStyle.PrimitiveElement
_Role = QPalette.ColorRole
_State = QStyle.StateFlag


class FlatStyle(QProxyStyle):
    """The style that the application wears with either theme."""

    def __init__(self) -> None:
        super().__init__("fusion")
        self._primitives = {
            _Primitive.PE_PanelLineEdit: _draw_field,
            _Primitive.PE_FrameLineEdit: _draw_field_edge,
            _Primitive.PE_Frame: _draw_frame,
            _Primitive.PE_FrameMenu: _draw_frame,
            _Primitive.PE_PanelButtonCommand: _draw_button,
            _Primitive.PE_PanelButtonTool: _draw_tool_button,
            _Primitive.PE_FrameFocusRect: _draw_focus,
            _Primitive.PE_IndicatorToolBarSeparator: _draw_bar_separator,
            _Primitive.PE_FrameStatusBarItem: _draw_nothing,
            _Primitive.PE_PanelStatusBar: _draw_status_bar,
            _Primitive.PE_PanelScrollAreaCorner: _draw_corner,
            _Primitive.PE_IndicatorCheckBox: _draw_check_box,
            _Primitive.PE_IndicatorRadioButton: _draw_radio_button,
        }
        self._controls = {
            _Control.CE_ToolBar: _draw_bar,
            _Control.CE_MenuBarEmptyArea: _draw_surface,
            _Control.CE_MenuBarItem: _draw_menu_title,
            _Control.CE_HeaderSection: _draw_header_section,
            _Control.CE_Splitter: _draw_splitter,
        }

    # --- Qt overrides

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        draw = self._primitives.get(element)
        if draw is None:
            super().drawPrimitive(element, option, painter, widget)
        else:
            painter.save()
            draw(option, painter)
            painter.restore()

    def drawControl(
        self,
        element: QStyle.ControlElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if element == _Control.CE_PushButtonLabel and isinstance(option, QStyleOptionButton):
            option.icon = QIcon()  # Fusion's coloured ones of dialogs; none of our own has any
        elif element == _Control.CE_ToolButtonLabel and isinstance(option, QStyleOptionToolButton):
            _center_label(option)
        draw = self._controls.get(element)
        if draw is None:
            super().drawControl(element, option, painter, widget)
        else:
            painter.save()
            draw(option, painter)
            painter.restore()

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if control == QStyle.ComplexControl.CC_ComboBox and not getattr(option, "editable", True):
            painter.save()
            _draw_button(option, painter)
            _draw_combo_arrow(self, option, painter, widget)
            painter.restore()
        elif control == QStyle.ComplexControl.CC_ScrollBar:
            painter.save()
            _draw_scroll_bar(self, option, painter, widget)
            painter.restore()
        else:
            super().drawComplexControl(control, option, painter, widget)

    def standardIcon(
        self,
        standard: QStyle.StandardPixmap,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> QIcon:
        if standard == QStyle.StandardPixmap.SP_LineEditClearButton:
            return icon("close", _CLEAR)
        return super().standardIcon(standard, option, widget)


def _draw_field(option: QStyleOption, painter: QPainter) -> None:
    """A field to type into; without an edge where it is told to have none (inside a combo box)."""
    if isinstance(option, QStyleOptionFrame) and option.lineWidth == 0:
        painter.fillRect(option.rect, option.palette.brush(_Role.Base))
        return
    _rounded(painter, option, option.palette.brush(_Role.Base), _edge(option))


def _draw_field_edge(option: QStyleOption, painter: QPainter) -> None:
    _rounded(painter, option, QBrush(Qt.BrushStyle.NoBrush), _edge(option))


def _draw_frame(option: QStyleOption, painter: QPainter) -> None:
    """The edge around a scroll area, a text or a menu: one square line."""
    if isinstance(option, QStyleOptionFrame) and option.lineWidth == 0:
        return
    painter.setPen(QPen(_edge_color(option), 1))
    painter.drawRect(option.rect.adjusted(0, 0, -1, -1))


def _draw_button(option: QStyleOption, painter: QPainter) -> None:
    palette = option.palette
    pressed = bool(option.state & (_State.State_Sunken | _State.State_On))
    hovered = bool(option.state & _State.State_MouseOver and option.state & _State.State_Enabled)
    fill = palette.brush(_Role.Midlight if pressed else _Role.AlternateBase if hovered else _Role.Base)
    if isinstance(option, QStyleOptionButton) and option.features & QStyleOptionButton.ButtonFeature.Flat:
        if not pressed and not hovered:
            fill = QBrush(Qt.BrushStyle.NoBrush)
        _rounded(painter, option, fill, None)
    else:
        _rounded(painter, option, fill, _edge(option))


def _draw_tool_button(option: QStyleOption, painter: QPainter) -> None:
    """Nothing at rest; the selection's colour while it is switched on."""
    if option.state & _State.State_On:
        _rounded(painter, option, option.palette.brush(_Role.Highlight), None)
    elif option.state & _State.State_Sunken or (
        option.state & _State.State_MouseOver and option.state & _State.State_Enabled
    ):
        _rounded(painter, option, option.palette.brush(_Role.Midlight), None)


def _center_label(option: QStyleOptionToolButton) -> None:
    """Puts icon and text in the middle of their button; Qt leaves all the room that is to spare at the right."""
    if option.toolButtonStyle == Qt.ToolButtonStyle.ToolButtonTextBesideIcon and not option.icon.isNull():
        text = option.fontMetrics.size(Qt.TextFlag.TextShowMnemonic, option.text).width()
        spare = option.rect.width() - option.iconSize.width() - text - 3 * _LABEL_GAP
        option.rect.adjust(max(0, spare // 2), 0, 0, 0)


def _draw_focus(option: QStyleOption, painter: QPainter) -> None:
    color = option.palette.color(_Role.Accent)
    _rounded(painter, option, QBrush(Qt.BrushStyle.NoBrush), QPen(color, 1.5))


def _draw_bar(option: QStyleOption, painter: QPainter) -> None:
    """A tool bar: the window's surface, and one line between it and what it stands above."""
    _draw_surface(option, painter)
    painter.fillRect(_bottom_line(option.rect), option.palette.color(_Role.Mid))


def _draw_corner(option: QStyleOption, painter: QPainter) -> None:
    """Between two scroll bars: as their tracks are."""
    painter.fillRect(option.rect, option.palette.brush(_Role.Base))


def _draw_status_bar(option: QStyleOption, painter: QPainter) -> None:
    """The window's surface, and one line between it and what stands above."""
    _draw_surface(option, painter)
    rect = option.rect
    painter.fillRect(QRect(rect.left(), rect.top(), rect.width(), 1), option.palette.color(_Role.Mid))


def _draw_surface(option: QStyleOption, painter: QPainter) -> None:
    painter.fillRect(option.rect, option.palette.brush(_Role.Window))


def _draw_header_section(option: QStyleOption, painter: QPainter) -> None:
    painter.fillRect(option.rect, option.palette.brush(_Role.Base))
    painter.fillRect(_bottom_line(option.rect), option.palette.color(_Role.Mid))


def _draw_splitter(option: QStyleOption, painter: QPainter) -> None:
    """One line between two parts, in the middle of a wider handle; Fusion has a few dots, and none in one pixel."""
    rect, line = option.rect, option.palette.color(_Role.Mid)
    painter.fillRect(rect, option.palette.brush(_Role.Base))
    if option.state & _State.State_Horizontal:
        painter.fillRect(QRect(rect.center().x(), rect.top(), 1, rect.height()), line)
    else:
        painter.fillRect(QRect(rect.left(), rect.center().y(), rect.width(), 1), line)


def _draw_bar_separator(option: QStyleOption, painter: QPainter) -> None:
    rect, line = option.rect, option.palette.color(_Role.Mid)
    if option.state & _State.State_Horizontal:
        painter.fillRect(QRect(rect.center().x(), rect.top() + 6, 1, rect.height() - 12), line)
    else:
        painter.fillRect(QRect(rect.left() + 6, rect.center().y(), rect.width() - 12, 1), line)


def _draw_menu_title(option: QStyleOption, painter: QPainter) -> None:
    """A title in the menu bar; Fusion underlines each."""
    assert isinstance(option, QStyleOptionMenuItem)
    palette = option.palette
    chosen = bool(option.state & _State.State_Selected)
    painter.fillRect(option.rect, palette.brush(_Role.Highlight if chosen else _Role.Window))
    painter.setPen(palette.color(_Role.HighlightedText if chosen else _Role.WindowText))
    mnemonic = (
        Qt.TextFlag.TextShowMnemonic
        if option.state & _State.State_KeyboardFocusChange
        else Qt.TextFlag.TextHideMnemonic
    )
    painter.drawText(option.rect, Qt.AlignmentFlag.AlignCenter | mnemonic, option.text)


def _draw_check_box(option: QStyleOption, painter: QPainter) -> None:
    _rounded(painter, option, option.palette.brush(_Role.Base), _mark_edge(option))
    box = QRectF(option.rect)
    if option.state & _State.State_On:
        tick = [(0.25, 0.52), (0.43, 0.70), (0.76, 0.32)]
        _draw_lines(
            painter, option, [QPointF(box.x() + x * box.width(), box.y() + y * box.height()) for x, y in tick]
        )
    elif option.state & _State.State_NoChange:
        middle = box.center().y()
        _draw_lines(painter, option, [QPointF(box.x() + 3, middle), QPointF(box.right() - 3, middle)])


def _draw_radio_button(option: QStyleOption, painter: QPainter) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(_mark_edge(option))
    painter.setBrush(option.palette.brush(_Role.Base))
    circle = QRectF(option.rect).adjusted(1, 1, -1, -1)
    painter.drawEllipse(circle)
    if option.state & _State.State_On:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(option.palette.color(_Role.Accent))
        inset = circle.width() / 4
        painter.drawEllipse(circle.adjusted(inset, inset, -inset, -inset))


def _draw_combo_arrow(
    style: QStyle, option: QStyleOptionComplex, painter: QPainter, widget: QWidget | None
) -> None:
    area = style.subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxArrow, widget
    )
    middle = QRectF(area).center()
    size = option.fontMetrics.height() / 5
    color = option.palette.color(_Role.ButtonText)
    _draw_lines(
        painter,
        option,
        [
            middle + QPointF(-size, -size / 2),
            middle + QPointF(0, size / 2),
            middle + QPointF(size, -size / 2),
        ],
        color,
    )


def _draw_scroll_bar(
    style: QStyle, option: QStyleOptionComplex, painter: QPainter, widget: QWidget | None
) -> None:
    """The track, and a round thumb in it that stands out as far as an edge does."""
    palette = option.palette
    painter.fillRect(option.rect, palette.brush(_Role.Base))
    if not option.state & _State.State_Enabled:
        return
    bar, part = QStyle.ComplexControl.CC_ScrollBar, QStyle.SubControl
    thumb = QRectF(style.subControlRect(bar, option, part.SC_ScrollBarSlider, widget)).adjusted(3, 3, -3, -3)
    held = option.activeSubControls & part.SC_ScrollBarSlider and option.state & (
        _State.State_Sunken | _State.State_MouseOver
    )
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(palette.color(_Role.Shadow if held else _Role.Dark))
    radius = min(thumb.width(), thumb.height()) / 2
    painter.drawRoundedRect(thumb, radius, radius)
    upright = not option.state & _State.State_Horizontal
    for button, sign in ((part.SC_ScrollBarSubLine, -1), (part.SC_ScrollBarAddLine, 1)):
        middle = QRectF(style.subControlRect(bar, option, button, widget)).center()
        _draw_lines(painter, option, _arrow(middle, sign, upright=upright), palette.color(_Role.Shadow))


def _arrow(middle: QPointF, sign: int, *, upright: bool) -> list[QPointF]:
    """An open arrow head that points down or right for 1, up or left for -1."""
    points = [(-3.0, -1.5 * sign), (0.0, 1.5 * sign), (3.0, -1.5 * sign)]
    return [middle + (QPointF(x, y) if upright else QPointF(y, x)) for x, y in points]


def _draw_nothing(option: QStyleOption, painter: QPainter) -> None:
    pass


def _rounded(painter: QPainter, option: QStyleOption, fill: QBrush, edge: QPen | None) -> None:
    """A rectangle with small round corners just inside the option's."""
    inset = edge.widthF() / 2 if edge else 0.0
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(edge or QPen(Qt.PenStyle.NoPen))
    painter.setBrush(fill)
    painter.drawRoundedRect(QRectF(option.rect).adjusted(inset, inset, -inset, -inset), _RADIUS, _RADIUS)


def _draw_lines(
    painter: QPainter, option: QStyleOption, points: list[QPointF], color: QColor | None = None
) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color or option.palette.color(_Role.Accent), 1.5))
    painter.drawPolyline(QPolygonF(points))


def _mark_edge(option: QStyleOption) -> QPen:
    """The edge of a box to tick: darker than a field's, since nothing else shows that it is there."""
    return QPen(option.palette.color(_Role.Accent if _has_focus(option) else _Role.Shadow), 1.0)


def _edge(option: QStyleOption) -> QPen:
    return QPen(_edge_color(option), 1.5 if _has_focus(option) else 1.0)


def _edge_color(option: QStyleOption) -> QColor:
    return option.palette.color(_Role.Accent if _has_focus(option) else _Role.Mid)


def _has_focus(option: QStyleOption) -> bool:
    return bool(option.state & _State.State_HasFocus and option.state & _State.State_Enabled)


def _bottom_line(rect: QRect) -> QRect:
    return QRect(rect.left(), rect.bottom(), rect.width(), 1)
