"""The caret and the selection, and where they go from where they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum, auto
from typing import TYPE_CHECKING

from viewer.cassette.patterns import regex

if TYPE_CHECKING:
    from viewer.ui.code_view.buffer import TextBuffer
    from viewer.ui.code_view.page import Page

_REACH = 4096
_WORDS = regex(r"\w+|[^\w\s]+|\n|[^\S\n]+")


class Move(Enum):
    """Where the caret can go."""

    NEXT = auto()
    PREVIOUS = auto()
    NEXT_WORD = auto()
    PREVIOUS_WORD = auto()
    ROW_START = auto()
    ROW_END = auto()
    UP = auto()
    DOWN = auto()
    PAGE_UP = auto()
    PAGE_DOWN = auto()
    TEXT_START = auto()
    TEXT_END = auto()
    LINE_START = auto()
    LINE_END = auto()


class Caret:
    """A position and the anchor of the selection, equal when nothing is selected."""

    def __init__(self) -> None:
        self.position = 0
        self.anchor = 0
        self.goal: float | None = None

    @property
    def selection(self) -> tuple[int, int]:
        """(start, end) of what is selected."""
        return min(self.position, self.anchor), max(self.position, self.anchor)

    @property
    def has_selection(self) -> bool:
        """Whether anything is selected."""
        return self.position != self.anchor

    def place(self, position: int, *, select: bool = False) -> None:
        """Go to an offset, with `select` leaving the anchor where it is."""
        self.position = position
        self.goal = None
        if not select:
            self.anchor = position


def word_at(buffer: TextBuffer, offset: int) -> tuple[int, int]:
    """(start, end) of the word at an offset: letters and digits, or signs, or white space within a line."""
    line = buffer.line_at(offset)
    begin = max(buffer.line_start(line), offset - _REACH)
    text = buffer.slice(begin, min(buffer.line_end(line), offset + _REACH))
    for found in _WORDS.finditer(text):
        if found.end() > offset - begin or found.end() == len(text):
            return begin + found.start(), begin + found.end()
    return offset, offset


def next_word(buffer: TextBuffer, offset: int) -> int:
    """Where the next word begins, or the line ends."""
    text = buffer.slice(offset, offset + _REACH)
    found = re.match(r"\n[ \t]*|(?:\w+|[^\w\s]+)?[^\S\n]*", text)
    return offset + (found.end() if found else 0)


def previous_word(buffer: TextBuffer, offset: int) -> int:
    """Where the word before the offset begins."""
    begin = max(0, offset - _REACH)
    text = buffer.slice(begin, offset)
    found = re.search(r"(?:\n[ \t]*|(?:\w+|[^\w\s]+|)[^\S\n]*)\Z", text[-256:])
    length = len(found.group()) if found and found.group() else min(len(text), 256)
    return offset - length


def moved(page: Page, caret: Caret, move: Move, rows: int) -> int:
    """Where a move leads; `rows` is how many a page has. Moving up and down keeps the caret's goal, in pixels."""
    steps = {Move.UP: -1, Move.DOWN: 1, Move.PAGE_UP: -rows, Move.PAGE_DOWN: rows}
    if move in steps:
        return _vertical(page, caret, steps[move])
    buffer, at = page.buffer, caret.position
    line = buffer.line_at(at)
    if move in (Move.ROW_START, Move.ROW_END):
        return _row_edge(page, at, move is Move.ROW_END)
    places: dict[Move, Callable[[], int]] = {
        Move.NEXT: lambda: _next(page, at),
        Move.PREVIOUS: lambda: _previous(page, at),
        Move.NEXT_WORD: lambda: next_word(buffer, at),
        Move.PREVIOUS_WORD: lambda: previous_word(buffer, at),
        Move.TEXT_START: lambda: 0,
        Move.TEXT_END: lambda: len(buffer),
        Move.LINE_START: lambda: buffer.line_start(line),
        Move.LINE_END: lambda: page.content_end(line),
    }
    return places[move]()


def _next(page: Page, at: int) -> int:
    """Behind the cluster at `at`; a CRLF is one step."""
    line = page.buffer.line_at(at)
    if at >= page.content_end(line):
        return min(page.buffer.line_start(page.rows.next_line(line)), len(page.buffer))
    piece = page.piece_at(at)
    return piece.start + max(piece.laid.next_point(at - piece.start), at - piece.start + 1)


def _previous(page: Page, at: int) -> int:
    line = page.buffer.line_at(at)
    if at == page.buffer.line_start(line):
        above = page.rows.previous_line(line)
        return page.content_end(above) if above >= 0 else 0
    piece = page.piece_at(at - 1)
    return piece.start + piece.laid.next_point(at - piece.start, back=True)


def _row_edge(page: Page, at: int, end: bool) -> int:
    """The start or end of the row; the start of its text first, then that of the row."""
    piece = page.piece_at(at)
    row = piece.laid.row_at(at - piece.start)
    first, last = (piece.start + point for point in piece.laid.row_range(row))
    if end:
        # The end of a row that goes on is the start of the next one; stay before its last character.
        return last - 1 if row < piece.laid.rows - 1 else min(last, _content_end(page, last))
    head = page.buffer.slice(first, last)
    text_start = first + len(head) - len(head.lstrip(" \t"))
    return first if at == text_start or text_start == last else text_start


def _content_end(page: Page, at: int) -> int:
    return page.content_end(page.buffer.line_at(at))


def _vertical(page: Page, caret: Caret, rows: int) -> int:
    rect = page.caret_rect(caret.position)
    goal = caret.goal if caret.goal is not None else rect.x()
    caret.goal = goal
    y = rect.center().y() + rows * page.metrics.row_height
    if y < 0:
        return 0
    if y >= page.height:
        return len(page.buffer)
    y = _past_filler(page, y, rows)
    return page.offset_at(goal, y)


def _past_filler(page: Page, y: float, rows: int) -> float:
    """Moving up from below a filler goes to the line above it."""
    line = page.line_at_y(y)
    if rows < 0 and y < page.line_top(line) and line > 0:
        filler = page.rows.fillers.get(line, 0)
        return page.line_top(line) - (filler + 0.5) * page.metrics.row_height
    return y
