"""A read-only page of text in blocks: labels, cards with round corners, pictures, and links that fold.

One document holds everything, so text can be selected across blocks and appended cheaply. Cards are a number
on their blocks (`CARD`) and are painted behind the text, only where they are in view. Nothing is ever loaded:
pictures are given as bytes that the recording holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFocusEvent,
    QFont,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from viewer.ui.grid import smaller, steps
from viewer.ui.theme import Theme, fixed_font, interface_font
from viewer.ui.viewport import own_viewport

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from viewer.ui.flow_pictures import FlowPictures

# Milliseconds until a page that was left is let go of.
_LET_GO = 50
# What a block's format carries beside Qt's own properties.
CARD = QTextFormat.Property.UserProperty + 1
CARD_NUMBER = QTextFormat.Property.UserProperty + 2
RULE = QTextFormat.Property.UserProperty + 3


class Card(msgspec.Struct, frozen=True):
    """How a card looks: filled, or only bordered."""

    fill: QColor | None = None
    border: QColor | None = None


class TextFlow(QTextBrowser):
    """Shows blocks of text; a link emits `anchorClicked` and leads nowhere by itself.

    `zoom` says how many points text is larger than usual; what is drawn from then on is.

    Signals:
        zoomed(int): Ctrl and the wheel ask for another zoom.
    """

    zoomed = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.zoom = 0
        self._cards: dict[int, Card] = {}
        self._card_count = 0
        self._has_blocks = False
        self._shows_focus = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.setFont(interface_font())
        self.setDocument(self._new_document())
        own_viewport(self)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)

    # --- what stands in the document

    def start_over(self) -> None:
        """Empties the page, by another document: clearing one of megabytes takes ten times as long.

        Letting go of the old one takes longer than a frame may, and comes behind the next few.
        """
        old = self.document()
        self.setDocument(self._new_document())
        QTimer.singleShot(_LET_GO, old, old.deleteLater)
        self._cards.clear()
        if "_pictures" in self.__dict__:
            self._pictures.clear()
        self._card_count = 0
        self._has_blocks = False

    def new_card(self, card: Card) -> int:
        """A number for the blocks of another card."""
        self._card_count += 1
        self._cards[self._card_count] = card
        return self._card_count

    def set_card(self, number: int, card: Card) -> None:
        """Gives a card another look."""
        self._cards[number] = card
        self.viewport().update()

    def insert_picture(self, cursor: QTextCursor, name: str, picture: QImage) -> None:
        """Puts a picture where the cursor is, no wider than the page is at any time; `name` is its own."""
        self._pictures.insert(cursor, name, picture)

    def end_cursor(self) -> QTextCursor:
        """A cursor at the document's end."""
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        return cursor

    def add_block(self, block: QTextBlockFormat) -> QTextCursor:
        """A cursor in a new block at the end; the page's first block is used where nothing stands in it."""
        cursor = self.end_cursor()
        if self._has_blocks:
            cursor.insertBlock()
        self._has_blocks = True
        cursor.setBlockFormat(block)
        return cursor

    def add_line(self, runs: Iterable[tuple[str, QTextCharFormat]], block: QTextBlockFormat) -> QTextCursor:
        """A cursor behind a line of runs, each with its format, in a new block at the end."""
        cursor = self.add_block(block)
        for text, text_format in runs:
            cursor.insertText(text, text_format)
        return cursor

    def air_first_card(self) -> None:
        """Keeps a card at the top as far from the edge as a text: Qt gives the first block no margin above."""
        root = self.document().rootFrame()
        frame = root.frameFormat()
        over_text = steps(2) if _card_of(self.document().begin()) else 0
        frame.setTopMargin(self.document().documentMargin() + over_text)
        root.setFrameFormat(frame)

    # --- formats

    def text_font(self) -> QFont:
        """The interface font, as large as it is shown."""
        return smaller(interface_font(), -self.zoom) if self.zoom else interface_font()

    def plain(self, color: QColor | None = None) -> QTextCharFormat:
        """Text in the interface font."""
        return text_format(self.text_font(), color or self.theme.text)

    def code(self, color: QColor | None = None) -> QTextCharFormat:
        """Text in the fixed font."""
        return text_format(smaller(fixed_font(), -self.zoom), color or self.theme.text)

    def label(self) -> QTextCharFormat:
        """The small capitals over a block: SYSTEM, USER."""
        font = smaller(self.text_font(), 1.5)
        font.setWeight(QFont.Weight.DemiBold)
        font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 104)
        font.setCapitalization(QFont.Capitalization.AllUppercase)
        return text_format(font, self.theme.dim)

    def link(self, target: str, color: QColor) -> QTextCharFormat:
        """Text that can be clicked, or reached with Tab and opened with Enter."""
        result = self.plain(color)
        result.setAnchor(True)
        result.setAnchorHref(target)
        result.setFontUnderline(False)
        return result

    def block(
        self, above: float = 0, *, card: int = 0, below: float = 0, inset: float = 0
    ) -> QTextBlockFormat:
        """A block's format; `above`, `below` and `inset` in steps of the grid."""
        result = QTextBlockFormat()
        result.setTopMargin(steps(above))
        result.setBottomMargin(steps(below))
        side = steps(inset)
        if card:
            result.setProperty(CARD, True)
            result.setProperty(CARD_NUMBER, card)
            side += steps(3)
        result.setLeftMargin(side)
        result.setRightMargin(steps(3) if card else 0)
        result.setLineHeight(125, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        return result

    # --- Qt

    def loadResource(self, kind: int, url: QUrl | str) -> Any:
        """Only what was given here; never a file, never the network."""
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return None
        return self._pictures.get(url if isinstance(url, str) else url.toString())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if "_pictures" in self.__dict__:
            self._pictures.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolls; asks for larger or smaller text while Ctrl is held."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        turned = event.angleDelta().y()
        if turned:
            self.zoomed.emit(self.zoom + (1 if turned > 0 else -1))
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A frame shows where the keyboard is, if the keyboard brought it there."""
        super().focusInEvent(event)
        reason = Qt.FocusReason
        by_keyboard = (reason.TabFocusReason, reason.BacktabFocusReason, reason.ShortcutFocusReason)
        self._shows_focus = event.reason() in by_keyboard
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._shows_focus = False
        self.viewport().update()

    def showEvent(self, event: QShowEvent) -> None:
        """Stays where it is: Qt scrolls to the caret, which the text pushed to its end."""
        bar = self.verticalScrollBar()
        place = bar.value()
        super().showEvent(event)
        bar.setValue(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the cards and lines in view, then the text, then the frame of the focus."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(QPointF(-self.horizontalScrollBar().value(), -self.verticalScrollBar().value()))
        blocks = [(block, self.block_area(block)) for block in self._blocks_in_view()]
        for number, area in self._cards_of(blocks):
            self._paint_card(painter, self._cards.get(number, Card()), area)
        for block, area in blocks:
            if block.blockFormat().hasProperty(RULE):
                self._paint_rule(painter, area)
        painter.end()
        super().paintEvent(event)
        if self._shows_focus:
            self._paint_focus()

    def block_area(self, block: QTextBlock) -> QRectF:
        """Where a block's lines are in the document, without its margins."""
        area = self.document().documentLayout().blockBoundingRect(block)
        layout = block.layout()
        if layout is None or not layout.lineCount():
            return area
        return layout.boundingRect().translated(layout.position())

    @cached_property
    def _pictures(self) -> FlowPictures:
        """Those of the page; made with the first, most pages have none."""
        from viewer.ui.flow_pictures import FlowPictures

        return FlowPictures(self)

    def _new_document(self) -> QTextDocument:
        document = QTextDocument(self)
        document.setUndoRedoEnabled(False)
        document.setDocumentMargin(steps(3.5))
        document.setDefaultFont(self.font())
        return document

    def _blocks_in_view(self) -> Iterator[QTextBlock]:
        top = self.verticalScrollBar().value()
        bottom = top + self.viewport().height()
        block = self.cursorForPosition(QPoint(0, 0)).block()
        while block.isValid() and self.block_area(block).top() <= bottom + steps(8):
            yield block
            block = block.next()

    def _cards_of(self, blocks: list[tuple[QTextBlock, QRectF]]) -> Iterator[tuple[int, QRectF]]:
        """Number and place of each card in view; one that goes on outside is cut well outside."""
        margin = self.document().documentMargin()
        left, width = margin, self.document().textWidth() - 2 * margin
        number, top, bottom = 0, 0.0, 0.0
        for block, area in blocks:
            own = _card_of(block)
            if own != number:
                if number:
                    yield number, QRectF(left, top, width, bottom - top)
                goes_on = own and _card_of(block.previous()) == own
                number, top = own, area.top() - (steps(200) if goes_on else steps(2))
            bottom = area.bottom() + steps(2)
        if number:
            yield number, QRectF(left, top, width, bottom - top)

    def _paint_card(self, painter: QPainter, card: Card, area: QRectF) -> None:
        painter.setBrush(QBrush(card.fill) if card.fill else QBrush())
        painter.setPen(QPen(card.border, 1) if card.border else QPen(Qt.PenStyle.NoPen))
        if card.border:
            area = area.adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(area, steps(2), steps(2))

    def _paint_focus(self) -> None:
        painter = QPainter(self.viewport())
        painter.setPen(QPen(self.theme.accent, 1))
        painter.drawRect(QRectF(self.viewport().rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_rule(self, painter: QPainter, area: QRectF) -> None:
        margin = self.document().documentMargin()
        y = round(area.top()) - steps(2.5) + 0.5
        painter.setPen(QPen(self.theme.line, 1))
        painter.drawLine(QPointF(margin, y), QPointF(self.document().textWidth() - margin, y))


def text_format(font: QFont, color: QColor) -> QTextCharFormat:
    """A character format of a font and a colour."""
    result = QTextCharFormat()
    result.setFont(font)
    result.setForeground(color)
    return result


def _card_of(block: QTextBlock) -> int:
    return int(block.blockFormat().property(CARD_NUMBER) or 0) if block.isValid() else 0
