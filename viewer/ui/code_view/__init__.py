"""The one text view of the program: JSON bodies, event payloads, YAML, both sides of a comparison.

    view = CodeView()
    view.set_colors(DARK)                        # CodeColors; LIGHT at first
    view.set_highlighter(JsonHighlighter())      # or Span-, Lexer-, PlainHighlighter
    view.set_text(text)                          # kept exactly; 10 MB at once
    view.set_wrap(True)
    view.set_read_only(False)                    # Enter, F2, a double click or begin_edit() now begin an edit
    view.edit_committed.connect(...)             # with the text; edits() has the changes
    view.set_marks([Mark(10, 14, MarkKind.CHANGED)])
    view.set_line_marks({7: LineMark.ADDED})
    view.set_fillers({8: 2})                     # two hatched rows above line 8
    bar = FindBar(view)                          # hidden until bar.open()

Offsets are code points, lines count from 0 and end at "\\n" alone. The package needs Qt and Pygments, nothing
else of the program.

A name is imported when it is asked for: who styles lines with a highlighter loads no view.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from viewer.ui.code_view.code_view import CodeView
    from viewer.ui.code_view.colors import DARK, LIGHT, CodeColors
    from viewer.ui.code_view.find_bar import FindBar
    from viewer.ui.code_view.highlighters import (
        JsonHighlighter,
        LexerHighlighter,
        PlainHighlighter,
        SpanHighlighter,
    )
    from viewer.ui.code_view.marks import LineMark, Mark, MarkKind
    from viewer.ui.code_view.tokens import Highlighter, Place, Token, TokenKind

__all__ = [
    "DARK",
    "LIGHT",
    "CodeColors",
    "CodeView",
    "FindBar",
    "Highlighter",
    "JsonHighlighter",
    "LexerHighlighter",
    "LineMark",
    "Mark",
    "MarkKind",
    "Place",
    "PlainHighlighter",
    "SpanHighlighter",
    "Token",
    "TokenKind",
]

_HOMES = {
    "code_view": ("CodeView",),
    "colors": (
        "DARK",
        "LIGHT",
        "CodeColors",
    ),
    "find_bar": ("FindBar",),
    "highlighters": (
        "JsonHighlighter",
        "LexerHighlighter",
        "PlainHighlighter",
        "SpanHighlighter",
    ),
    "marks": (
        "LineMark",
        "Mark",
        "MarkKind",
    ),
    "tokens": (
        "Highlighter",
        "Place",
        "Token",
        "TokenKind",
    ),
}
"""The modules, and the names that each gives to the outside."""


def __getattr__(name: str) -> Any:
    home = next((module for module, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value
