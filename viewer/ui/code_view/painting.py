"""Draws the part of a page that is in view: backgrounds, text, caret, and the frame of the focus."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QTextLayout

from viewer.ui.code_view.marks import LineMark, Mark, MarkKind, Marks
from viewer.ui.code_view.tokens import TokenKind

if TYPE_CHECKING:
    from viewer.ui.code_view.gutter import Gutter
    from viewer.ui.code_view.layout import LaidOut
    from viewer.ui.code_view.page import Page, Piece
    from viewer.ui.code_view.palette import Palette

_ROUND = 3.0


class Scene(msgspec.Struct, frozen=True):
    """What is to be drawn. `origin` is where the page's corner lies in the widget, `view` what is seen of the page."""

    page: Page
    palette: Palette
    gutter: Gutter
    marks: Marks
    found: Marks
    line_marks: dict[int, LineMark]
    selection: tuple[int, int]
    origin: QPointF
    view: QRectF
    active: bool
    caret: int | None
    preedit_cursor: int
    current_line: int | None


def paint(painter: QPainter, scene: Scene, width: int) -> None:
    """Draw the lines in view, then the gutter beside them."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    lines = []
    for line in scene.page.lines_between(scene.view.top(), scene.view.bottom()):
        # Laying a line out tells how high it is, and so where the next one stands.
        lines.append((line, list(scene.page.pieces(line, scene.view))))
        _line_background(painter, scene, line, width)
    painter.save()
    painter.setClipRect(QRectF(scene.gutter.width, 0, width, 1e6), Qt.ClipOperation.IntersectClip)
    for line, pieces in lines:
        for piece in pieces:
            _piece(painter, scene, piece)
        _fold_note(painter, scene, line, pieces)
    painter.restore()
    scene.gutter.paint(painter, scene.palette, scene.page, [line for line, _ in lines], scene.origin.y())
    _filler(painter, scene, scene.page.buffer.line_count, scene.page.height, width)
    if scene.caret is not None:
        _caret(painter, scene, scene.caret)


def _line_background(painter: QPainter, scene: Scene, line: int, width: int) -> None:
    row_height = scene.page.metrics.row_height
    top = scene.page.line_top(line)
    _filler(painter, scene, line, top, width)
    area = QRectF(0, top + scene.origin.y(), width, scene.page.rows.rows(line) * row_height)
    mark = scene.line_marks.get(line)
    if mark is LineMark.PLACEHOLDER:
        painter.fillRect(area, scene.palette.hatch)
    elif mark:
        painter.fillRect(area, scene.palette.line_marks[mark])
    elif line == scene.current_line:
        painter.fillRect(area, scene.palette.current_line)


def _filler(painter: QPainter, scene: Scene, line: int, bottom: float, width: int) -> None:
    """Hatch the rows above a line that keep it beside its like in another view."""
    rows = scene.page.rows.fillers.get(line, 0)
    if rows:
        height = rows * scene.page.metrics.row_height
        area = QRectF(0, bottom - height + scene.origin.y(), width, height)
        painter.fillRect(area, scene.palette.hatch)


def _piece(painter: QPainter, scene: Scene, piece: Piece) -> None:
    marks = list(scene.marks.within(piece.start, piece.end))
    muted = [mark for mark in marks if mark.kind is MarkKind.MUTED]
    found = list(scene.found.within(piece.start, piece.end))
    current = [mark for mark in found if mark.kind is MarkKind.FOUND_CURRENT]
    for mark in [*marks, *found]:
        if mark.kind is not MarkKind.MUTED:
            _mark(painter, scene, piece, mark)
    _selection(painter, scene, piece)
    for mark in current:
        _mark(painter, scene, piece, mark)
    corner = QPointF(piece.left, piece.top) + scene.origin
    painter.setPen(scene.palette.text)
    piece.laid.layout.draw(painter, corner, [_muted(scene, piece, mark) for mark in muted])


def _mark(painter: QPainter, scene: Scene, piece: Piece, mark: Mark) -> None:
    edge = scene.palette.edges.get(mark.kind)
    painter.setPen(edge or Qt.PenStyle.NoPen)
    painter.setBrush(scene.palette.marks[mark.kind])
    for area in _areas(scene, piece, mark.start, mark.end):
        inner = area.adjusted(-0.5, 1.5, 0.5, -1.5) if edge else area.adjusted(0, 1, 0, -1)
        painter.drawRoundedRect(inner, _ROUND, _ROUND)
        if mark.kind is MarkKind.ERROR:
            painter.fillRect(
                QRectF(inner.left(), inner.bottom() - 1, inner.width(), 1.5), scene.palette.error
            )


def _selection(painter: QPainter, scene: Scene, piece: Piece) -> None:
    start, end = scene.selection
    if start == end or end < piece.start or start > piece.end:
        return
    color = scene.palette.selection if scene.active else scene.palette.idle_selection
    for area in _areas(scene, piece, start, end):
        painter.fillRect(area, color)
    if start <= piece.end < end and piece.end == scene.page.buffer.line_end(piece.line):
        last = piece.laid.rows - 1
        left = piece.left + _row_end(piece.laid, last)
        top = piece.top + last * scene.page.metrics.row_height
        newline = QRectF(left, top, scene.page.metrics.advance * 0.6, scene.page.metrics.row_height)
        painter.fillRect(newline.translated(scene.origin), color)


def _row_end(laid: LaidOut, row: int) -> float:
    line = laid.layout.lineAt(row)
    return line.x() + line.naturalTextWidth() if line.isValid() else 0.0


def _areas(scene: Scene, piece: Piece, start: int, end: int) -> Iterator[QRectF]:
    """Where a range of the text is seen in a piece; at least a sliver for an empty one."""
    first, last = max(start - piece.start, 0), min(max(end, start + 1) - piece.start, piece.laid.length)
    if first >= last:
        return
    height = scene.page.metrics.row_height
    seen = int((scene.view.top() - piece.top) // height), int((scene.view.bottom() - piece.top) // height)
    top_row, bottom_row = piece.laid.row_at(first), piece.laid.row_at(last - 1)
    for row in range(max(top_row, seen[0]), min(bottom_row, seen[1]) + 1):
        for left, right in piece.laid.stretches(row, first, last):
            area = QRectF(piece.left + left, piece.top + row * height, right - left, height)
            yield area.translated(scene.origin)


def _muted(scene: Scene, piece: Piece, mark: Mark) -> QTextLayout.FormatRange:
    laid = piece.laid
    found = QTextLayout.FormatRange()
    found.start = laid.unit_of(max(mark.start - piece.start, 0))
    found.length = laid.unit_of(min(mark.end - piece.start, laid.length)) - found.start
    found.format = scene.palette.formats[TokenKind.DIM]
    return found


def _fold_note(painter: QPainter, scene: Scene, line: int, pieces: list[Piece]) -> None:
    """Behind a folded line: how many lines are hidden, and what closes them."""
    if line not in scene.page.folds or not pieces:
        return
    last = scene.page.folds.last(line)
    closing = scene.page.buffer.line_text(last).strip()[:40]
    note = f" ⋯ {last - line} lines"
    if closing and closing[0] in "]})":
        note += f" {closing}"
    laid, top = pieces[-1].laid, pieces[-1].top + (pieces[-1].laid.rows - 1) * scene.page.metrics.row_height
    left = pieces[-1].left + _row_end(laid, laid.rows - 1)
    painter.setPen(scene.palette.dim)
    painter.setFont(scene.page.metrics.font)
    area = QRectF(left, top, 1000, scene.page.metrics.row_height).translated(scene.origin)
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, note)


def _caret(painter: QPainter, scene: Scene, offset: int) -> None:
    rect = scene.page.caret_rect(offset, scene.preedit_cursor).translated(scene.origin)
    if rect.left() >= scene.gutter.width:
        painter.fillRect(rect.adjusted(0, 1, 0.5, -1), scene.palette.text)


def paint_focus(painter: QPainter, palette: Palette, area: QRectF, editing: bool) -> None:
    """A frame in the accent colour: thin where the view has the focus, twice as strong while it is edited."""
    pen = QPen(palette.accent, 2 if editing else 1)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inset = pen.widthF() / 2
    painter.drawRect(area.adjusted(inset, inset, -inset, -inset))
