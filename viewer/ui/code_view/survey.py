"""Goes over a text in small slices, looking for lines too wide for the view, and so sizes the scroll bars.

A line is one row until it is laid out. Without this, the scroll bar would grow while one scrolls.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

if TYPE_CHECKING:
    from viewer.ui.code_view.page import Page

_WINDOW = 65_536
_SLICE = 0.004
"""Seconds of work at a time."""


class Survey(QObject):
    """Visits every line once in the background. `found()` is called when the page's size changed.

    `before()` is called ahead of each slice, so that the view can hold on to its place.
    """

    def __init__(
        self, page: Page, parent: QObject, before: Callable[[], None], found: Callable[[], None]
    ) -> None:
        super().__init__(parent)
        self._page = page
        self._before = before
        self._found = found
        self._at = 0
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._slice)

    def start(self) -> None:
        """Begin again. A short text is done at once."""
        self._at = 0
        if self._step():
            self._timer.start()
        else:
            self._timer.stop()

    def stop(self) -> None:
        """Do no more."""
        self._timer.stop()

    @Slot()
    def _slice(self) -> None:
        self._before()
        until = perf_counter() + _SLICE
        goes_on = True
        while goes_on and perf_counter() < until:
            goes_on = self._step()
        if not goes_on:
            self._timer.stop()
        self._found()

    def _step(self) -> bool:
        """Look at one window; False behind the last."""
        window = next(self._page.buffer.windows(self._at, _WINDOW), None)
        if window is None:
            return False
        offset, text = window
        lengths = list(map(len, text.split("\n")))
        columns, longest = self._columns(), max(lengths)
        if longest > columns:
            limit = columns if self._page.wrap_width is not None else longest - 1
            first = self._page.buffer.line_at(offset)
            self._note(first, [index for index, length in enumerate(lengths) if length > limit])
        self._at = offset + len(text)
        return self._at < len(self._page.buffer)

    def _columns(self) -> float:
        """The columns beyond which a line matters."""
        width = self._page.width if self._page.wrap_width is None else self._page.wrap_width
        return width / self._page.metrics.advance

    def _note(self, first: int, wide: list[int]) -> None:
        buffer = self._page.buffer
        for index in wide:
            line = first + index
            self._page.note_width(line, buffer.line_end(line) - buffer.line_start(line))
