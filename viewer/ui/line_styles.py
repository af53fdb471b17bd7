"""How the lines of a text look on a page: plain, as Markdown, or as JSON."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Protocol

import msgspec
from PySide6.QtGui import QFont, QFontMetricsF, QTextBlockFormat, QTextCharFormat

from viewer.stream.markdown import Fence, Line, LineKind, Style, parse_line
from viewer.ui.code_view import (
    Highlighter,
    Place,
    TokenKind,
)
from viewer.ui.grid import smaller, steps
from viewer.ui.text_flow import RULE, Card, TextFlow
from viewer.ui.theme import Theme

State = Fence | None
_HEADING_POINTS = (5, 3, 2, 1, 0, 0)


class Piece(msgspec.Struct, frozen=True):
    """Characters `start` to `end` of a line, shown in a format; pieces with one `key` look the same."""

    start: int
    end: int
    key: object
    format: QTextCharFormat


class StyledLine(msgspec.Struct, frozen=True):
    """A line ready to be drawn. `prefix` stands before it without being in the text; `state` goes to the next."""

    pieces: tuple[Piece, ...]
    block: QTextBlockFormat
    prefix: str = ""
    prefix_format: QTextCharFormat | None = None
    state: State = None
    look: object = None


class LineStyle(Protocol):
    """Tells how a line looks, from the line and from the state behind the line before."""

    def line(self, text: str, state: State, *, first: bool) -> StyledLine:
        """How a line looks; `first` is the part's first line."""
        ...


class PlainStyle:
    """Every line the same."""

    def __init__(
        self, flow: TextFlow, text_format: QTextCharFormat, *, above: float = 0, card: int = 0
    ) -> None:
        self._format = text_format
        self._first = flow.block(above, card=card)
        self._block = flow.block(card=card)

    def line(self, text: str, state: State, *, first: bool) -> StyledLine:
        """One piece."""
        pieces = (Piece(0, len(text), 0, self._format),) if text else ()
        return StyledLine(pieces, self._first if first else self._block, look=first)


class JsonStyle:
    """JSON, coloured line by line."""

    def __init__(self, flow: TextFlow, *, above: float = 0, card: int = 0) -> None:
        from viewer.ui.code_view import JsonHighlighter

        self._formats = _token_formats(flow)
        self._plain = flow.code()
        self._first = flow.block(above, card=card)
        self._block = flow.block(card=card)
        self._highlighter = JsonHighlighter()

    def line(self, text: str, state: State, *, first: bool) -> StyledLine:
        """The tokens as pieces, with what lies between."""
        pieces = _coloured(text, self._highlighter, self._formats, self._plain)
        return StyledLine(pieces, self._first if first else self._block, look=first)


class MarkdownStyle:
    """Markdown rendered: markup hidden, code blocks highlighted in a card."""

    def __init__(self, flow: TextFlow, theme: Theme, *, above: float = 0) -> None:
        self._flow = flow
        self._theme = theme
        self._above = above
        self._token_formats = _token_formats(flow)
        self._code_card = flow.new_card(Card(fill=theme.block))
        self._code_block = flow.block(card=self._code_card)
        self._code_format = flow.code()
        self._inline: dict[tuple[Style, LineKind, int], QTextCharFormat] = {}

    def line(self, text: str, state: State, *, first: bool) -> StyledLine:
        """The line as it is meant."""
        parsed = parse_line(text, state)
        above = self._above if first else 0.0
        if parsed.kind is LineKind.FENCE:
            return self._fence(parsed, opens=state is None, above=above)
        if parsed.kind is LineKind.CODE:
            return self._code(text, parsed)
        return self._text(text, parsed, above, first=first)

    def _fence(self, parsed: Line, *, opens: bool, above: float) -> StyledLine:
        """The lines of back ticks: nothing but the card's upper and lower edge."""
        block = self._flow.block(max(above, 1), card=0)
        block.setLineHeight(steps(2), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        return StyledLine((), block, state=parsed.fence, look=("fence", opens))

    def _code(self, text: str, parsed: Line) -> StyledLine:
        highlighter = highlighter_for(parsed.fence.language if parsed.fence else "")
        pieces = _coloured(text, highlighter, self._token_formats, self._code_format)
        return StyledLine(pieces, self._code_block, state=parsed.fence, look="code")

    def _text(self, text: str, parsed: Line, above: float, *, first: bool) -> StyledLine:
        pieces = tuple(
            Piece(run.start, run.end, (run.style, parsed.kind, parsed.level), self._char(run.style, parsed))
            for run in parsed.runs
        )
        if parsed.kind is LineKind.TEXT and not text.strip():
            return StyledLine((), self._blank(first=first), look=("blank", first))
        prefix = f"{parsed.marker}  " if parsed.kind is LineKind.ITEM else ""
        return StyledLine(
            pieces,
            self._block(parsed, above),
            prefix,
            self._flow.plain() if prefix else None,
            look=(parsed.kind, parsed.level, parsed.marker, above),
        )

    def _blank(self, *, first: bool) -> QTextBlockFormat:
        """The space between paragraphs, smaller than a line; none before the first one."""
        block = self._flow.block()
        height = 1 if first else steps(2.5)
        block.setLineHeight(height, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        return block

    def _block(self, parsed: Line, above: float) -> QTextBlockFormat:
        if parsed.kind is LineKind.HEADING:
            return self._flow.block(max(above, 2), below=1)
        if parsed.kind is LineKind.RULE:
            block = self._flow.block(max(above, 5))
            block.setProperty(RULE, True)
            block.setLineHeight(1, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
            return block
        if parsed.kind is LineKind.QUOTE:
            return self._flow.block(above, inset=4)
        block = self._flow.block(max(above, 0.5) if parsed.kind is LineKind.ITEM else above)
        if parsed.kind is LineKind.ITEM:
            hang = QFontMetricsF(self._flow.text_font()).horizontalAdvance(f"{parsed.marker}  ")
            block.setLeftMargin(steps(1.5) + hang + steps(4) * parsed.level)
            block.setTextIndent(-hang)
        return block

    def _char(self, style: Style, line: Line) -> QTextCharFormat:
        key = (style, line.kind, line.level if line.kind is LineKind.HEADING else 0)
        if key not in self._inline:
            self._inline[key] = self._made_char(style, line)
        return self._inline[key]

    def _made_char(self, style: Style, line: Line) -> QTextCharFormat:
        theme = self._theme
        is_code = Style.CODE in style or line.kind is LineKind.TABLE
        color = theme.dim if line.kind is LineKind.QUOTE else theme.text
        result = self._flow.code(color) if is_code else self._flow.plain(color)
        if Style.CODE in style:
            result.setBackground(theme.block)
        if Style.BOLD in style or line.kind is LineKind.HEADING:
            result.setFontWeight(QFont.Weight.Bold)
        if line.kind is LineKind.HEADING:
            result.setFontPointSize(_points(self._flow.text_font()) + _HEADING_POINTS[line.level - 1])
        result.setFontItalic(Style.ITALIC in style)
        result.setFontStrikeOut(Style.STRIKE in style)
        if Style.LINK in style:
            result.setForeground(theme.accent)
        return result


@lru_cache(maxsize=64)
def highlighter_for(language: str) -> Highlighter:
    """The highlighter of a language as a code block names it; one that colours nothing where it is unknown."""
    from viewer.ui.code_view import LexerHighlighter, PlainHighlighter

    lexer = _lexers().get(language.lower())
    if lexer is None:
        return PlainHighlighter()
    from pygments.lexers import find_lexer_class

    found = find_lexer_class(lexer)
    return LexerHighlighter(found()) if found is not None else PlainHighlighter()


@cache
def _lexers() -> dict[str, str]:
    """The names of Pygments' own lexers by their aliases.

    Asked for a language that it does not know, Pygments would look through all installed packages, and run their code.
    """
    from pygments.lexers import LEXERS

    return {alias: name for _, name, aliases, _, _ in LEXERS.values() for alias in aliases}


def _token_formats(flow: TextFlow) -> dict[TokenKind, QTextCharFormat]:
    theme = flow.theme
    colors = {
        TokenKind.STRING: theme.string,
        TokenKind.NUMBER: theme.number,
        TokenKind.KEY: theme.key,
        TokenKind.KEYWORD: theme.keyword,
        TokenKind.COMMENT: theme.dim,
        TokenKind.DIM: theme.dim,
    }
    return {kind: flow.code(color) for kind, color in colors.items()}


def _coloured(
    text: str, highlighter: Highlighter, formats: dict[TokenKind, QTextCharFormat], plain: QTextCharFormat
) -> tuple[Piece, ...]:
    """The tokens of a line as pieces without gaps."""
    pieces: list[Piece] = []
    at = 0
    for start, length, kind in highlighter.tokens(text, Place(0, 0, 0)):
        text_format = formats.get(kind)
        if text_format is None:
            continue
        if start > at:
            pieces.append(Piece(at, start, TokenKind.TEXT, plain))
        pieces.append(Piece(start, start + length, kind, text_format))
        at = start + length
    if at < len(text):
        pieces.append(Piece(at, len(text), TokenKind.TEXT, plain))
    return tuple(pieces)


def _points(font: QFont) -> float:
    return font.pointSizeF() if font.pointSizeF() > 0 else smaller(font, 0).pixelSize() * 0.75
