"""The entry's own text, coloured by its tree, and editable as a whole.

A long one is there at once, and coloured when a worker has parsed it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from viewer.cassette.edits import SetEntryText
from viewer.document.tasks import LatestOnly
from viewer.ui.code_panel import CodePanel
from viewer.ui.code_view import LineMark, PlainHighlighter
from viewer.ui.entry_colors import colored_entry

if TYPE_CHECKING:
    from viewer.document.tasks import Job
    from viewer.ui.code_view import Highlighter
    from viewer.ui.theme import Theme

# Parsing a text of so many characters for its colours is not noticed.
_AT_ONCE = 1 << 17
# Longer ones stay plain: their trees take too much memory for colours.
_LONGEST = 1 << 25


class YamlView(QWidget):
    """Shows and edits an interaction's text in the file.

    Signals:
        edit_requested(object): a SetEntryText.
    """

    edit_requested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._position = 0
        self._text = ""
        self._typed: str | None = None
        self._coloring = LatestOnly()
        self.panel = CodePanel(theme, self.tr("Text of the entry"), self)
        self.panel.view.edit_committed.connect(self._committed)
        # Spans of what was there before fit nothing that is typed.
        self.panel.view.edited.connect(self._coloring.cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.panel)
        self.setFocusProxy(self.panel)

    def set_theme(self, theme: Theme) -> None:
        """Draws in other colours."""
        self.panel.set_theme(theme)

    def show_text(self, position: int, text: str, *, read_only: bool) -> None:
        """Shows another entry; the same one keeps its place."""
        view = self.panel.view
        place = view.first_visible_line if position == self._position else 0
        self._position, self._text, self._typed = position, text, None
        self.panel.clear_error()
        self._coloring.cancel()
        is_short = len(text) <= _AT_ONCE
        colored: tuple[Highlighter, int | None] = (
            colored_entry(text) if is_short else (PlainHighlighter(), None)
        )
        view.set_text(text)
        self._color(colored)
        view.set_read_only(read_only)
        if place:
            view.scroll_to_line(place)
        if not is_short and len(text) <= _LONGEST:
            self._coloring.run(partial(_colored, text), self._color, self._fail)

    def _color(self, colored: tuple[Highlighter, int | None]) -> None:
        highlighter, mistaken = colored
        self.panel.view.set_highlighter(highlighter)
        if mistaken:
            self.panel.view.set_line_marks({mistaken - 1: LineMark.ERROR})

    def _fail(self, error: Exception) -> None:
        raise error

    def set_read_only(self, read_only: bool) -> None:
        """Lets the entry be edited, or not."""
        self.panel.view.set_read_only(read_only)

    def show_error(self, message: str, line: int | None) -> bool:
        """Says what is wrong with the text just typed and goes on editing it; False where there is none."""
        if self._typed is None:
            return False
        typed, self._typed = self._typed, None
        self.panel.retry(self._text, typed)
        self.panel.mark_error(line, message)
        return True

    @Slot(str)
    def _committed(self, text: str) -> None:
        self._typed = text
        self.edit_requested.emit(SetEntryText(self._position, text))


def _colored(text: str, _job: Job) -> tuple[Highlighter, int | None]:
    """The work of a background job."""
    return colored_entry(text)
