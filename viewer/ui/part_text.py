"""One part's text on a page, shown up to any length: appended while it plays, cut off when it is sought back.

Lines of the text are blocks of the document. Only the line that is being written is ever drawn again, and of
it only what changed; a very long line goes on in another block, since Qt lays a block out as a whole. The
offsets of the text (code points) and the positions in the document (UTF-16 units) are told from each other.
"""

from __future__ import annotations

from bisect import bisect_right
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtGui import QTextBlock, QTextCharFormat, QTextCursor

if TYPE_CHECKING:
    from viewer.ui.line_styles import LineStyle, Piece, State, StyledLine
    from viewer.ui.text_flow import TextFlow

_LONGEST_BLOCK = 2000
_LOOK_FOR_BLANK = 200


class PartText:
    """The text of a part, from the block that `cursor` stands in; the block is empty and the part's own."""

    def __init__(self, flow: TextFlow, cursor: QTextCursor, text: str, style: LineStyle) -> None:
        self._flow = flow
        self._text = text
        self._style = style
        self._begin = QTextCursor(cursor.block())
        self._begin.setKeepPositionOnInsert(True)
        # One item a block: where its line begins in the text, the state before it, and whether it only goes on.
        self._starts = [0]
        self._states: list[State] = [None]
        self._goes_on = [False]
        self._drawn: list[tuple[str, object]] = []
        self._drawn_look: object = self
        self._shown = 0
        self._last_styled: tuple[tuple[str, State, bool], StyledLine] | None = None
        self._draw(0)

    @property
    def text(self) -> str:
        """The whole text, whatever is shown of it."""
        return self._text

    @property
    def shown(self) -> int:
        """How many characters are shown."""
        return self._shown

    def show(self, length: int, until: float | None = None) -> bool:
        """Shows the first `length` characters; stops at the time `until` of perf_counter, False then."""
        if length < self._shown:
            self._cut(length)
        while self._shown < length:
            self._advance(length)
            if until is not None and perf_counter() > until:
                break
        return self._shown >= length

    def contains(self, position: int) -> bool:
        """Whether a position of the document is in this part."""
        return self._begin.position() <= position <= self.end_position()

    def end_position(self) -> int:
        """The document's position behind the last character shown."""
        block = self._block(len(self._starts) - 1)
        return block.position() + block.length() - 1

    def offset_at(self, position: int) -> int:
        """The character of the text at a position of the document."""
        block = self._flow.document().findBlock(position)
        index = max(0, min(block.blockNumber() - self._begin.blockNumber(), len(self._starts) - 1))
        column = position - self._block(index).position()
        line, styled = self._styled(index)
        column -= _units(styled.prefix)
        for piece in styled.pieces:
            shown = line[piece.start : piece.end]
            if column < _units(shown):
                return self._starts[index] + piece.start + _points_in(shown, column)
            column -= _units(shown)
        return self._starts[index] + len(line)

    def position_of(self, offset: int) -> int:
        """The document's position of a character of the text; its neighbour's where it is hidden markup."""
        index = bisect_right(self._starts, offset) - 1
        line, styled = self._styled(index)
        inside = offset - self._starts[index]
        column = _units(styled.prefix)
        for piece in styled.pieces:
            if inside <= piece.start:
                break
            column += _units(line[piece.start : min(piece.end, inside)])
        return self._block(index).position() + column

    def _advance(self, length: int) -> None:
        """Shows the rest of the line being written, or as much of it as a block takes."""
        start = self._starts[-1]
        newline = self._text.find("\n", self._shown, length)
        end = length if newline < 0 else newline
        if end - start > _LONGEST_BLOCK:
            end = self._place_to_cut(start)
            self._draw(end)
            self._shown = end
            self._open_block(end, goes_on=True)
            return
        self._draw(end)
        self._shown = end
        if newline >= 0:
            self._open_block(newline + 1, goes_on=False)
            self._shown = newline + 1

    def _place_to_cut(self, start: int) -> int:
        limit = start + _LONGEST_BLOCK
        blank = self._text.rfind(" ", limit - _LOOK_FOR_BLANK, limit)
        # What is already shown of the line stays where it is.
        return max(blank + 1 if blank >= 0 else limit, self._shown)

    def _open_block(self, start: int, *, goes_on: bool) -> None:
        state = self._states[-1] if goes_on else self._styled(len(self._starts) - 1)[1].state
        cursor = QTextCursor(self._flow.document())
        cursor.setPosition(self.end_position())
        cursor.insertBlock()
        self._starts.append(start)
        self._states.append(state)
        self._goes_on.append(goes_on)
        self._drawn, self._drawn_look = [], self
        self._draw(start)

    def _draw(self, end: int) -> None:
        """Brings the last block up to `end`, touching only what differs from what it shows."""
        index = len(self._starts) - 1
        line = self._text[self._starts[index] : end]
        styled = self._style_of(index, line)
        cursor = QTextCursor(self._block(index))
        if styled.look != self._drawn_look:
            cursor.setBlockFormat(styled.block)
            cursor.setBlockCharFormat(_first_format(styled))
            self._drawn_look = styled.look
        self._replace(cursor, _wanted(styled, line))

    def _replace(self, cursor: QTextCursor, wanted: list[tuple[str, object, QTextCharFormat]]) -> None:
        same = 0
        column = 0
        for (old, old_key), (text, key, _) in zip(self._drawn, wanted, strict=False):
            if old_key != key or not text.startswith(old):
                break
            column += _units(old)
            if text != old:
                break
            same += 1
        kept = self._drawn[same][0] if same < len(self._drawn) and _goes_on(self._drawn, wanted, same) else ""
        block = cursor.block()
        cursor.setPosition(block.position() + column)
        if column < block.length() - 1:
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
            cursor.removeSelectedText()
        for number, (text, _, text_format) in enumerate(wanted[same:]):
            cursor.insertText(text[len(kept) :] if number == 0 else text, text_format)
        self._drawn = [(text, key) for text, key, _ in wanted]

    def _cut(self, length: int) -> None:
        """Takes away everything behind `length`."""
        last = self._block(len(self._starts) - 1)
        keep = bisect_right(self._starts, length)
        cursor = QTextCursor(self._block(keep - 1))
        cursor.setPosition(last.position() + last.length() - 1, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        del self._starts[keep:], self._states[keep:], self._goes_on[keep:]
        self._drawn, self._drawn_look = [], self
        self._shown = length
        self._draw(length)

    def _styled(self, index: int) -> tuple[str, StyledLine]:
        """A block's line as far as it is shown, and how it looks."""
        start = self._starts[index]
        if index + 1 < len(self._starts):
            end = self._starts[index + 1] - (0 if self._goes_on[index + 1] else 1)
        else:
            end = self._shown
        line = self._text[start:end]
        return line, self._style_of(index, line)

    def _style_of(self, index: int, line: str) -> StyledLine:
        """How a line looks; the last answer is kept, since drawing and going on both ask."""
        asked = (line, self._states[index], index == 0)
        if self._last_styled is None or self._last_styled[0] != asked:
            self._last_styled = (asked, self._style.line(line, asked[1], first=asked[2]))
        return self._last_styled[1]

    def _block(self, index: int) -> QTextBlock:
        return self._flow.document().findBlockByNumber(self._begin.blockNumber() + index)


def _wanted(styled: StyledLine, line: str) -> list[tuple[str, object, QTextCharFormat]]:
    """The texts of a line in order; a line break other than the newline that ends it is kept inside the block."""
    result: list[tuple[str, object, QTextCharFormat]] = []
    if styled.prefix:
        result.append((styled.prefix, "prefix", styled.prefix_format or QTextCharFormat()))
    for piece in styled.pieces:
        result.append((_drawable(line[piece.start : piece.end]), piece.key, piece.format))
    return result


def _drawable(text: str) -> str:
    """The text as a block can hold it: what Qt would take as the end of a block becomes a blank.

    Of the same length, so that places agree. A lone surrogate, which Qt's strings cannot be given, becomes
    U+FFFD.
    """
    if text.isprintable():
        return text
    return "".join(
        _DRAWN.get(character, character) if not _is_lone(character) else "\ufffd" for character in text
    )


_DRAWN = {"\r": " ", "\u2028": " ", "\u2029": " ", "\x00": "\u2400", "\ufdd0": "\ufffd", "\ufdd1": "\ufffd"}


def _is_lone(character: str) -> bool:
    return "\ud800" <= character <= "\udfff"


def _goes_on(
    drawn: list[tuple[str, object]], wanted: list[tuple[str, object, QTextCharFormat]], at: int
) -> bool:
    """Whether the piece at `at` only grew."""
    return at < len(wanted) and drawn[at][1] == wanted[at][1] and wanted[at][0].startswith(drawn[at][0])


def _first_format(styled: StyledLine) -> QTextCharFormat:
    """The format that gives an empty block its height."""
    pieces: tuple[Piece, ...] = styled.pieces
    return pieces[0].format if pieces else styled.prefix_format or QTextCharFormat()


def _units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text) if text.isascii() else sum(2 if ord(character) > 0xFFFF else 1 for character in text)


def _points_in(text: str, units: int) -> int:
    """How many characters fill `units` UTF-16 units, the one cut through left out."""
    if text.isascii():
        return units
    seen = 0
    for index, character in enumerate(text):
        seen += 2 if ord(character) > 0xFFFF else 1
        if seen > units:
            return index
    return len(text)
