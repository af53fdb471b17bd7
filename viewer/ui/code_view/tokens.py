"""What a highlighter tells: kinds of tokens and where they are."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple, Protocol


class TokenKind(Enum):
    """How a token is coloured; the value is the name of its colour in CodeColors."""

    TEXT = "text"
    DIM = "dim"
    STRING = "string"
    NUMBER = "number"
    KEY = "key"
    KEYWORD = "keyword"
    COMMENT = "comment"
    ERROR = "error"


class Token(NamedTuple):
    """A run of characters of one kind, counted in code points from the start of the text looked at."""

    start: int
    length: int
    kind: TokenKind


class Place(NamedTuple):
    """Where a text stands: its line, its offset in the whole, and the highlighter's own state before it.

    The state is 0 where a line begins. A very long line is looked at in segments, and there it is what
    `state_after` said of the segments before.
    """

    line: int
    offset: int
    state: int


class Highlighter(Protocol):
    """Tells the tokens of one line, or of one segment of a very long line, without seeing the others."""

    def tokens(self, text: str, place: Place) -> Sequence[Token]:
        """The tokens of `text`, in order and not overlapping; what no token covers is plain text."""
        ...

    def state_after(self, text: str, state: int) -> int:
        """The state behind a segment; 0 if this highlighter needs none."""
        ...

    def text_replaced(self, start: int, removed: int, added: int) -> None:
        """The whole text changed: at `start`, `removed` characters made way for `added`."""
        ...
