"""Editing in place: from showing to editing and back, and every change in between.

A view shows until an edit begins; a commit or a revert ends it. While it lasts, changes go through here, so
that they can be undone in the field.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from viewer.ui.code_view.history import Change, History, net_edits

if TYPE_CHECKING:
    from viewer.ui.code_view.caret import Caret
    from viewer.ui.code_view.page import Page


class Editing:
    """The edit of one field. `changed(change)` is called behind each change of the page."""

    def __init__(self, page: Page, caret: Caret, changed: Callable[[Change], None]) -> None:
        self.active = False
        self.history = History()
        self._page = page
        self._caret = caret
        self._changed = changed
        self._original = ""

    def reset(self, text: str) -> None:
        """Begin anew with a text just set."""
        self.active = False
        self.history = History()
        self._original = text

    @property
    def is_modified(self) -> bool:
        """Whether anything stands in the field that was not in the text set."""
        return self.history.can_undo

    def edits(self) -> list[tuple[int, int, str]]:
        """What was changed: (start, end, replacement) against the text set, in order."""
        return net_edits(self._original, self.history.changes(), self._page.buffer)

    def accept(self) -> str:
        """The text as it is now becomes the one to start from."""
        self.active = False
        if self.is_modified:
            self._original = self._page.buffer.text()
            self.history = History()
        return self._original

    def revert(self) -> None:
        """Take back every change."""
        self.active = False
        while self.history.can_undo:
            self.undo()
        self.history = History()

    def replace(self, start: int, end: int, text: str, *, joins: bool = False) -> None:
        """Put `text` in the place of a range, and the caret behind it."""
        if start == end and not text:
            return
        change = Change(start, self._page.buffer.slice(start, end), text)
        self._make(change)
        self.history.record(change, joins=joins)
        self._caret.place(start + len(text))

    def insert(self, text: str, *, joins: bool = False) -> None:
        """Type over the selection, or at the caret."""
        start, end = self._caret.selection
        self.replace(start, end, text, joins=joins and start == end)

    def move(self, start: int, end: int, target: int) -> None:
        """Move a range to an offset outside of it, as one step, and select it there."""
        text = self._page.buffer.slice(start, end)
        target -= end - start if target > end else 0
        self.replace(start, end, "")
        self.replace(target, target, text, joins=True)
        self._caret.place(target)
        self._caret.place(target + len(text), select=True)

    def type(self, text: str) -> None:
        """Insert typed characters; a word and the white space behind it are one step."""
        if not text.isspace() and self._before().isspace():
            self.history.close_step()
        self.insert(text, joins=True)

    def break_line(self) -> None:
        """Begin a line that ends and is set in as the caret's line is."""
        buffer = self._page.buffer
        line = buffer.line_at(self._caret.selection[0])
        start, end = buffer.line_start(line), buffer.line_end(line)
        head = buffer.slice(start, min(self._caret.selection[0], start + 400))
        newline = "\r\n" if end < len(buffer) and self._page.content_end(line) < end else "\n"
        self.history.close_step()
        self.insert(newline + head[: len(head) - len(head.lstrip(" \t"))])

    def indent(self) -> None:
        """Insert what a column step is here: a tab where the line begins with one, else two spaces."""
        buffer = self._page.buffer
        start = buffer.line_start(buffer.line_at(self._caret.position))
        self.insert("\t" if buffer.slice(start, start + 1) == "\t" else "  ", joins=True)

    def undo(self) -> bool:
        """Take back the last step; False when there is none."""
        return self.history.can_undo and self._apply(self.history.undo())

    def redo(self) -> bool:
        """Do the step taken back last again; False when there is none."""
        return self.history.can_redo and self._apply(self.history.redo())

    def _apply(self, changes: list[Change]) -> bool:
        for change in changes:
            self._make(change)
            self._caret.place(change.start + len(change.inserted))
        return True

    def _make(self, change: Change) -> None:
        self._page.replace(change.start, change.start + len(change.removed), change.inserted)
        self._changed(change)

    def _before(self) -> str:
        at = self._caret.position
        return self._page.buffer.slice(at - 1, at) or "x"
