"""The highlighters at hand: none, JSON by Pygments, any line-wise Pygments lexer, and ready-made spans."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from viewer.ui.code_view.tokens import Place, Token, TokenKind

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType


class PlainHighlighter:
    """Colours nothing."""

    def tokens(self, text: str, place: Place) -> Sequence[Token]:
        """No tokens."""
        return ()

    def state_after(self, text: str, state: int) -> int:
        """No state."""
        return 0

    def text_replaced(self, start: int, removed: int, added: int) -> None:
        """Nothing to move."""


class LexerHighlighter(PlainHighlighter):
    """Colours by a Pygments lexer, each line alone. Right for languages whose tokens end with the line."""

    def __init__(self, lexer: Lexer) -> None:
        self._lexer = lexer

    def tokens(self, text: str, place: Place) -> Sequence[Token]:
        """The lexer's tokens, white space and punctuation left plain; neighbours of one kind are one token."""
        tokens: list[Token] = []
        first, last, kind = 0, 0, TokenKind.TEXT
        for start, token_type, value in self._lexer.get_tokens_unprocessed(text):
            found = _kind(token_type)
            if found is not kind:
                if kind is not TokenKind.TEXT:
                    tokens.append(Token(first, last - first, kind))
                first, kind = start, found
            last = start + len(value)
        if kind is not TokenKind.TEXT:
            tokens.append(Token(first, last - first, kind))
        return tokens


class JsonHighlighter(LexerHighlighter):
    """Colours JSON. No string goes over a line's end, so a line lexes alone exactly as in the whole.

    In a very long line, the state says whether a segment begins in a string (1), and there behind a backslash
    (2); the string's rest is coloured as a string, also when it is a key's.
    """

    def __init__(self) -> None:
        from pygments.lexers.data import JsonLexer

        super().__init__(JsonLexer())

    def tokens(self, text: str, place: Place) -> Sequence[Token]:
        """Tokens of a line, or of a segment that may begin within a string."""
        if not place.state:
            return super().tokens(text, place)
        rest = _string_end(text, 1 if place.state == 2 else 0)
        behind = super().tokens(text[rest:], place)
        moved = (Token(start + rest, length, kind) for start, length, kind in behind)
        return [Token(0, rest, TokenKind.STRING), *moved]

    def state_after(self, text: str, state: int) -> int:
        """Counts the quotes that are not escaped: an odd number changes between in and out of a string."""
        if state == 2:
            text = text[1:]
        quotes = text.replace("\\\\", "").replace('\\"', "").count('"')
        inside = (state > 0) ^ bool(quotes & 1)
        escaped = (len(text) - len(text.rstrip("\\"))) & 1
        return int(inside) and 1 + escaped


class SpanHighlighter(PlainHighlighter):
    """Colours spans found beforehand: (start, end, kind) of the whole text, in order and not overlapping."""

    def __init__(self, spans: Iterable[tuple[int, int, TokenKind]]) -> None:
        self._spans = list(spans)

    def tokens(self, text: str, place: Place) -> Sequence[Token]:
        """The spans that touch the text, cut to it."""
        found: list[Token] = []
        end = place.offset + len(text)
        for index in range(self._first_behind(place.offset), len(self._spans)):
            start, stop, kind = self._spans[index]
            if start >= end:
                break
            first = max(start, place.offset)
            found.append(Token(first - place.offset, min(stop, end) - first, kind))
        return found

    def text_replaced(self, start: int, removed: int, added: int) -> None:
        """Moves the spans behind the place; one that is typed into grows."""
        growth = added - removed
        for index in range(self._first_behind(start), len(self._spans)):
            first, last, kind = self._spans[index]
            first = first + growth if first >= start + removed else min(first, start)
            last = max(first, last + growth) if last >= start + removed else max(first, start)
            self._spans[index] = (first, last, kind)

    def _first_behind(self, offset: int) -> int:
        """The first span that ends behind `offset`."""
        return bisect_left(self._spans, offset + 1, key=lambda span: span[1])


def _string_end(text: str, start: int) -> int:
    """The place behind the quote that ends a string running from before `start`."""
    at = start
    while (at := text.find('"', at)) >= 0:
        before = text[start:at]
        if not (len(before) - len(before.rstrip("\\"))) & 1:
            return at + 1
        at += 1
    return len(text)


@lru_cache(maxsize=256)
def _kind(token_type: _TokenType) -> TokenKind:
    """The kind that a Pygments token type stands for; the more special types come first."""
    from pygments import token

    kinds = (
        (token.Name.Tag, TokenKind.KEY),
        (token.Name.Attribute, TokenKind.KEY),
        (token.Comment, TokenKind.COMMENT),
        (token.Keyword, TokenKind.KEYWORD),
        (token.Literal.Number, TokenKind.NUMBER),
        (token.Literal, TokenKind.STRING),
        (token.Error, TokenKind.ERROR),
    )
    return next((kind for parent, kind in kinds if _is_a(token_type, parent)), TokenKind.TEXT)


def _is_a(token_type: _TokenType, parent: _TokenType) -> bool:
    return token_type[: len(parent)] == parent
