"""Paints the lines of the interaction list: a cassette's name with its count, an interaction on two lines.

    200  POST  chat/completions  openrouter.ai        1.43 s
    kimi-k2-0905 · stream, 41 events · 187 tok            #0

All lengths come from the font; all colours from the theme.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractScrollArea, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from viewer.cassette.model import Kind
from viewer.document.interaction_model import CassetteLine, Column, Role
from viewer.document.plain_text import shortened
from viewer.document.row_text import column_text, duration_text, other_text, second_line, short_path
from viewer.document.summary import Summary
from viewer.ui.icons import pixmap

if TYPE_CHECKING:
    from viewer.ui.theme import Theme

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTER = Qt.AlignmentFlag.AlignCenter


class Sizes(msgspec.Struct, frozen=True):
    """Lengths in pixels, from the font. `unit` is the grid's step, a quarter of a line."""

    line: int
    unit: int

    @classmethod
    def of(cls, font: QFont) -> Sizes:
        """The sizes that go with a font."""
        line = QFontMetrics(font).height()
        return cls(line, max(2, round(line / 4)))

    @property
    def cassette_height(self) -> int:
        """The height of a cassette's line."""
        return self.line + 3 * self.unit

    @property
    def interaction_height(self) -> int:
        """The height of an interaction's two lines."""
        return 2 * self.line + 4 * self.unit

    @property
    def row_height(self) -> int:
        """The height of a line that is split into columns."""
        return self.line + 2 * self.unit

    @property
    def margin(self) -> int:
        """The space at both ends of a line."""
        return 2 * self.unit

    @property
    def arrow(self) -> int:
        """The width of the arrow that opens a cassette, with the space behind it."""
        return 3 * self.unit

    @property
    def number_left(self) -> int:
        """Where an interaction's number begins in its column."""
        return self.margin + self.arrow

    @property
    def indent(self) -> int:
        """Where an interaction begins."""
        return self.margin + self.arrow + self.unit


class _Fonts:
    """The fonts of a line with their metrics; made once for a font, since a frame paints hundreds of cells."""

    def __init__(self, font: QFont) -> None:
        self.plain = QFont(font)
        self.bold = QFont(font)
        self.bold.setWeight(QFont.Weight.DemiBold)
        self.badge = QFont(self.bold)
        _shrink(self.badge)
        self.plain_metrics = QFontMetrics(self.plain)
        self.bold_metrics = QFontMetrics(self.bold)
        self.badge_metrics = QFontMetrics(self.badge)
        self.sizes = Sizes.of(font)

    def metrics(self, font: QFont) -> QFontMetrics:
        """The metrics of the plain or the bold font."""
        return self.bold_metrics if font is self.bold else self.plain_metrics


class InteractionDelegate(QStyledItemDelegate):
    """Paints whole lines; `is_compact` says whether an interaction has one column or several."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.is_compact = True
        self._fonts: _Fonts | None = None

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        shown = index.data(Role.LINE)
        painter.save()
        line = _Line(painter, option, self.theme, self._fonts_of(option.font))
        line.paint_background()
        if isinstance(shown, CassetteLine):
            line.paint_cassette(shown)
        elif not isinstance(shown, Summary):
            line.paint_unread(shown, is_compact=self.is_compact)
        elif self.is_compact:
            line.paint_interaction(shown)
        else:
            line.paint_cell(shown, Column(index.column()))
        painter.restore()

    def _fonts_of(self, font: QFont) -> _Fonts:
        if self._fonts is None or self._fonts.plain != font:
            self._fonts = _Fonts(font)
        return self._fonts


class _Line:
    """One line being painted: an area that shrinks from the left and from the right."""

    def __init__(self, painter: QPainter, option: QStyleOptionViewItem, theme: Theme, fonts: _Fonts) -> None:
        self._painter = painter
        self._state = option.state
        self._theme = theme
        self._fonts = fonts
        self._sizes = fonts.sizes
        self._rect = QRect(option.rect)
        viewport = option.widget.viewport() if isinstance(option.widget, QAbstractScrollArea) else None
        self._seen = viewport.rect() if viewport is not None else self._rect
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def paint_background(self) -> None:
        """The selection, the line under the pointer, and the frame of the current line with the focus."""
        state = self._state
        if state & QStyle.StateFlag.State_Selected:
            self._painter.fillRect(self._rect, self._theme.accent_bg)
        elif state & QStyle.StateFlag.State_MouseOver:
            self._painter.fillRect(self._rect, self._theme.block)
        if state & QStyle.StateFlag.State_HasFocus:
            edge = QRect(self._rect)
            edge.setWidth(max(2, self._sizes.unit // 2))
            self._painter.fillRect(edge, self._theme.accent)

    def paint_cassette(self, line: CassetteLine) -> None:
        """Arrow, name, what is unsaved; the count at the right, in sight however wide the columns are."""
        area = (self._rect & self._seen).adjusted(self._sizes.margin, 0, -self._sizes.margin, 0)
        self._paint_arrow(area, line.is_open)
        area.setLeft(area.left() + self._sizes.arrow)
        self._from_right(area, _count(line), self._fonts.bold, self._theme.dim)
        if line.is_modified:
            self._paint_dot(area)
        self._text(area, line.name, self._fonts.bold, self._theme.text, elide=Qt.TextElideMode.ElideMiddle)

    def paint_interaction(self, row: Summary) -> None:
        """Both lines of an interaction."""
        upper, lower = self._halves()
        if row.kind is not Kind.HTTP:
            self._paint_other(upper, row)
        else:
            self._paint_request(upper, row)
        number, text = f"#{row.position}", shortened(second_line(row))
        needed = self._fonts.plain_metrics.horizontalAdvance(f"{text}  {number}")
        if needed <= lower.width():  # a line's place in the list tells its number too
            self._from_right(lower, number, self._fonts.plain, self._theme.dim)
        self._text(lower, text, self._fonts.plain, self._theme.dim)

    def paint_unread(self, number: int, *, is_compact: bool) -> None:
        """An interaction that is still being read."""
        if is_compact:
            upper, lower = self._halves()
            self._text(upper, "…", self._fonts.plain, self._theme.dim)
            self._from_right(lower, f"#{number}", self._fonts.plain, self._theme.dim)

    def paint_cell(self, row: Summary, column: Column) -> None:
        """One column."""
        area = self._rect.adjusted(self._sizes.margin, 0, -self._sizes.margin, 0)
        text, font, color = column_text(row, column), self._fonts.plain, self._theme.text
        match column:
            case Column.NUMBER:
                area.setLeft(area.left() + self._sizes.arrow)
                self._text(area, text, font, self._theme.dim)
            case Column.PATH if row.url:
                self._text(area, row.path, font, color)
                self._text(area, row.host, font, self._theme.dim)
            case Column.STATUS if row.status is not None:
                area.setHeight(self._sizes.line)
                area.moveTop(self._rect.center().y() - self._sizes.line // 2 + 1)
                self._paint_badge(area, row.status)
            case Column.DURATION | Column.SIZE | Column.TOKENS:
                self._from_right(area, text, font, color)
            case _:
                self._text(area, text, font, color)

    def _halves(self) -> tuple[QRect, QRect]:
        sizes = self._sizes
        left, width = self._rect.left() + sizes.indent, self._rect.width() - sizes.indent - sizes.margin
        top = self._rect.top() + (self._rect.height() - 2 * sizes.line - sizes.unit) // 2
        upper = QRect(left, top, width, sizes.line)
        return upper, upper.translated(0, sizes.line + sizes.unit)

    def _paint_request(self, area: QRect, row: Summary) -> None:
        self._from_right(area, duration_text(row.duration), self._fonts.plain, self._theme.dim)
        self._paint_badge(area, row.status)
        self._text(area, row.method, self._fonts.bold, self._theme.text)
        self._text(area, short_path(shortened(row.path)), self._fonts.plain, self._theme.text)
        # The second line has it where there is no model; half a host tells less than none.
        if row.model and self._fonts.plain_metrics.horizontalAdvance(shortened(row.host)) <= area.width():
            self._text(area, row.host, self._fonts.plain, self._theme.dim)

    def _paint_other(self, area: QRect, row: Summary) -> None:
        """What is no HTTP: its kind; with a warning sign what could not be read."""
        if row.is_error:
            size = self._sizes.line
            sign = pixmap("warning", self._theme.warning, size, self._painter.device().devicePixelRatioF())
            self._painter.drawPixmap(area.left(), area.top(), sign)
            area.setLeft(area.left() + size + self._sizes.unit)
            self._text(area, row.note, self._fonts.plain, self._theme.text)
        else:
            self._text(area, row.kind.value, self._fonts.bold, self._theme.text)
            self._text(area, other_text(row), self._fonts.plain, self._theme.text)

    def _paint_badge(self, area: QRect, status: int | None) -> None:
        """The status in its colour on a rounded ground; the figure says it without the colour too."""
        text = "–" if status is None else str(status)
        color, ground = self._badge_colors(status)
        metrics = self._fonts.badge_metrics
        width = metrics.horizontalAdvance(text if status is None else "000") + 3 * self._sizes.unit
        badge = QRect(area.left(), area.top(), width, area.height())
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(ground)
        self._painter.drawRoundedRect(badge, self._sizes.unit * 0.75, self._sizes.unit * 0.75)
        self._painter.setPen(color)
        self._painter.setFont(self._fonts.badge)
        self._painter.drawText(badge, _CENTER, text)
        area.setLeft(badge.right() + 1 + 2 * self._sizes.unit)

    def _badge_colors(self, status: int | None) -> tuple[QColor, QColor]:
        theme = self._theme
        if status is None or 300 <= status < 400:
            return theme.text, theme.line
        return (theme.ok, theme.ok_bg) if status < 400 else (theme.error, theme.error_bg)

    def _paint_arrow(self, area: QRect, is_open: bool) -> None:
        unit = float(self._sizes.unit)
        center = QPointF(area.left() + unit, area.center().y() + 0.5)
        across, along = unit * 0.9, unit * 0.55
        points = [QPointF(-along, -across), QPointF(along, 0), QPointF(-along, across)]
        if is_open:
            points = [QPointF(point.y(), point.x()) for point in points]
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(self._theme.text)
        self._painter.drawPolygon(QPolygonF([center + point for point in points]))

    def _paint_dot(self, area: QRect) -> None:
        """The mark of unsaved changes, before the count."""
        radius = self._sizes.unit * 0.75
        self._painter.setPen(QPen(Qt.PenStyle.NoPen))
        self._painter.setBrush(self._theme.accent)
        self._painter.drawEllipse(QPointF(area.right() - radius, area.center().y() + 0.5), radius, radius)
        area.setRight(area.right() - round(2 * radius) - 2 * self._sizes.unit)

    def _text(
        self,
        area: QRect,
        text: str,
        font: QFont,
        color: QColor,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        """Text at the left of `area`, which then begins behind it."""
        if not text or area.width() <= 0:
            return
        metrics = self._fonts.metrics(font)
        shown = metrics.elidedText(shortened(text), elide, area.width())
        self._draw(area, _LEFT, shown, font, color)
        area.setLeft(area.left() + metrics.horizontalAdvance(shown) + 2 * self._sizes.unit)

    def _from_right(self, area: QRect, text: str, font: QFont, color: QColor) -> None:
        """Text at the right of `area`, which then ends before it."""
        if text:
            self._draw(area, _RIGHT, text, font, color)
            area.setRight(
                area.right() - self._fonts.metrics(font).horizontalAdvance(text) - 2 * self._sizes.unit
            )

    def _draw(self, area: QRect, alignment: Qt.AlignmentFlag, text: str, font: QFont, color: QColor) -> None:
        self._painter.setFont(font)
        self._painter.setPen(color)
        self._painter.drawText(area, alignment, text)


def _count(line: CassetteLine) -> str:
    count = f"{line.shown} of {line.total}" if line.is_filtered else str(line.total)
    return f"{count} …" if line.is_working else count


def _shrink(font: QFont) -> None:
    if font.pointSizeF() > 0:
        font.setPointSizeF(font.pointSizeF() * 0.85)
    else:
        font.setPixelSize(round(font.pixelSize() * 0.85))


def is_on_arrow(x: int, font: QFont) -> bool:
    """Whether `x`, from a line's left end, is on the arrow of a cassette's line."""
    sizes = Sizes.of(font)
    return x < sizes.margin + sizes.arrow
