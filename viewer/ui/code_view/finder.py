"""Finds a text or a pattern in small slices, so that nothing waits for it.

Patterns are PCRE with a limit on backtracking, so none can run away. A match does not go over the end of a
slice of 64 kB characters, and slices end with lines.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, QRegularExpression, QTimer, Signal, Slot

from viewer.ui.code_view.marks import Mark, MarkKind, Marks
from viewer.ui.code_view.units import SURROGATES, Units

if TYPE_CHECKING:
    from viewer.ui.code_view.page import Page

MOST = 100_000
"""Matches that are kept; the count then ends in a plus."""
_WINDOW = 65_536
_SLICE = 0.006
# Some 60 µs until PCRE gives up, which it may do anew at each character of a window.
_LIMITS = "(*LIMIT_MATCH=20000)"


class TooComplexError(Exception):
    """A pattern would take too long on this text."""


class Query(msgspec.Struct, frozen=True):
    """What to look for."""

    text: str
    case: bool = False
    pattern: bool = False


class Finder(QObject):
    """The matches of a query in a page, found from the start of the text on.

    Signals:
        changed(): there are more matches, other ones, or another one is current.
    """

    changed = Signal()

    def __init__(self, page: Page, parent: QObject) -> None:
        super().__init__(parent)
        self.query = Query("")
        self.error = ""
        self.current = -1
        self._page = page
        self._starts: array[int] = array("q")
        self._ends: array[int] = array("q")
        self._search: Iterator[None] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._slice)

    @property
    def count(self) -> int:
        """How many matches are found so far."""
        return len(self._starts)

    @property
    def is_searching(self) -> bool:
        """Whether there may be more."""
        return self._search is not None

    @property
    def is_full(self) -> bool:
        """Whether the search ended because there are too many."""
        return self.count >= MOST

    def set_query(self, query: Query) -> None:
        """Look for something else; an empty text ends the search."""
        if query != self.query:
            self.query = query
            self.restart()
            self._slice()

    def restart(self) -> None:
        """Look again, the text being another."""
        if not self.query.text and not self._starts and self._search is None:
            return
        self._starts, self._ends = array("q"), array("q")
        self.current = -1
        self.error = _error_of(self.query)
        self._search = self._run() if self.query.text and not self.error else None
        self._timer.start()
        self.changed.emit()

    def match(self, index: int) -> tuple[int, int]:
        """(start, end) of a match."""
        return self._starts[index], self._ends[index]

    def step(self, offset: int, *, back: bool = False) -> tuple[int, int] | None:
        """Make the first match behind an offset (or before it) the current one, going round at the ends."""
        if not self._starts:
            return None
        index = bisect_left(self._starts, offset)
        self.current = (index - 1 if back else index) % self.count
        self.changed.emit()
        return self.match(self.current)

    def marks_near(self, offsets: tuple[int, int]) -> Marks:
        """The matches within a range, as marks."""
        first = bisect_left(self._ends, offsets[0])
        last = bisect_left(self._starts, offsets[1] + 1)
        return Marks(
            Mark(*self.match(index), self._kind(index)) for index in range(first, min(last, first + 5000))
        )

    def _kind(self, index: int) -> MarkKind:
        return MarkKind.FOUND_CURRENT if index == self.current else MarkKind.FOUND

    @Slot()
    def _slice(self) -> None:
        until = perf_counter() + _SLICE
        while self._search is not None and perf_counter() < until:
            self._advance()
        if self._search is None:
            self._timer.stop()
        self.changed.emit()

    def _advance(self) -> None:
        assert self._search is not None
        try:
            next(self._search)
        except StopIteration:
            self._search = None
        except TooComplexError:
            self._search = None
            self.error = self.tr("The pattern takes too long")

    def _run(self) -> Iterator[None]:
        """A window at a time, of a pattern a match at a time, until all is seen or enough is found."""
        find = _finder_of(self.query)
        overlap = len(self.query.text) - 1 if not self.query.pattern else 0
        for offset, text in self._page.buffer.windows(0, _WINDOW):
            if not text.endswith("\n"):
                text += self._page.buffer.slice(offset + len(text), offset + len(text) + overlap)
            behind = max(0, self._ends[-1] - offset) if self._ends else 0
            for start, end in find(text, behind):
                if self._add(offset + start, offset + end):
                    return
                if self.query.pattern:
                    yield
            yield

    def _add(self, start: int, end: int) -> bool:
        """Keep a match unless it is empty; True when these are enough."""
        if end > start:
            self._starts.append(start)
            self._ends.append(end)
        return self.is_full


def _finder_of(query: Query) -> Callable[[str, int], Iterator[tuple[int, int]]]:
    """The function that finds a query in a text, from a place on."""
    if query.pattern:
        return partial(_find_pattern, _pattern(query))
    if query.case:
        return partial(_find_text, query.text)
    return partial(_find_any_case, query.text)


def _find_text(wanted: str, text: str, start: int) -> Iterator[tuple[int, int]]:
    at = text.find(wanted, start)
    while at >= 0:
        yield at, at + len(wanted)
        at = text.find(wanted, at + len(wanted))


def _find_any_case(wanted: str, text: str, start: int) -> Iterator[tuple[int, int]]:
    if wanted.isascii() and text.isascii():
        yield from _find_text(wanted.lower(), text.lower(), start)
    else:
        for found in re.compile(re.escape(wanted), re.IGNORECASE).finditer(text, start):
            yield found.span()


def _pattern(query: Query) -> QRegularExpression:
    options = QRegularExpression.PatternOption.MultilineOption
    options |= QRegularExpression.PatternOption.UseUnicodePropertiesOption
    if not query.case:
        options |= QRegularExpression.PatternOption.CaseInsensitiveOption
    return QRegularExpression(_LIMITS + query.text, options)


def _error_of(query: Query) -> str:
    """Why a pattern is none; "" if all is well."""
    pattern = _pattern(query)
    return pattern.errorString() if query.pattern and not pattern.isValid() else ""


def _find_pattern(pattern: QRegularExpression, text: str, start: int) -> Iterator[tuple[int, int]]:
    """Matches as code points; Qt counts UTF-16 units. Raises TooComplexError."""
    units = Units(text)
    drawn = text.translate(SURROGATES)
    found = pattern.globalMatch(drawn, units.to_units(start))
    while found.hasNext():
        match = found.next()
        yield units.to_points(match.capturedStart()), units.to_points(match.capturedEnd())
    if not found.isValid():
        raise TooComplexError
