"""How the texts of a comparison are coloured: by what they are, view by view."""

from __future__ import annotations

from collections.abc import Sequence

from viewer.cassette.patterns import regex
from viewer.compare.views import View
from viewer.ui.code_view import Highlighter, JsonHighlighter, Place, PlainHighlighter, Token, TokenKind
from viewer.ui.entry_colors import entry_highlighter

# Entries larger than this stay plain: parsing one takes a second for each few megabytes.
_LARGEST_ENTRY = 4_000_000
_NAME = regex(r"([\w.-]+):(?: |$)")
# How JSON begins; the rest need not be looked at, since JSON that breaks off is coloured as well.
_JSON = regex(r"""\s*(?:\{\s*["}]|\[\s*(?:["{\[\]\d-]|true|false|null))""")
_EVENT_FIELD = regex(r"(data|event|id|retry):")


class NamedLines(PlainHighlighter):
    """Colours the name at the start of each line, as headers have one."""

    def tokens(self, text: str, place: Place) -> Sequence[Token]:
        """The name, if the line has one; a very long line has it in its first segment."""
        found = _NAME.match(text)
        return [Token(0, found.end(1), TokenKind.KEY)] if found and not place.state else ()

    def state_after(self, text: str, state: int) -> int:
        """Behind the first segment there is no name."""
        return 1


class EventLines(JsonHighlighter):
    """Colours an event stream: the field names, and the JSON behind `data:`."""

    def tokens(self, text: str, place: Place) -> Sequence[Token]:
        """The field's name, then the value's tokens where it looks like JSON."""
        found = None if place.state else _EVENT_FIELD.match(text)
        if found is None:
            return super().tokens(text, place) if place.state else ()
        name = Token(0, found.end(1), TokenKind.KEY)
        value = text[found.end() :]
        if value.lstrip()[:1] not in ("{", "["):
            return [name]
        shift = found.end()
        tokens = super().tokens(value, place)
        return [name, *(Token(token.start + shift, token.length, token.kind) for token in tokens)]


class JsonBelow(JsonHighlighter):
    """Colours JSON from a line on; the lines above it are plain."""

    def __init__(self, first_line: int) -> None:
        super().__init__()
        self._first_line = first_line

    def tokens(self, text: str, place: Place) -> Sequence[Token]:
        """The tokens of a line of JSON."""
        return super().tokens(text, place) if place.line >= self._first_line else ()


def highlighter_of(text: str, view: View) -> Highlighter:
    """The highlighter for a side's text under a view."""
    if view is View.HEADERS:
        return NamedLines()
    if view is View.YAML:
        return entry_highlighter(text) if len(text) <= _LARGEST_ENTRY else PlainHighlighter()
    if view is View.REQUEST:
        body_start = text.find("\n\n") + 2
        return JsonBelow(2) if body_start > 1 and _is_json(text[body_start:]) else PlainHighlighter()
    if _is_json(text):
        return JsonHighlighter()
    return EventLines() if view is View.BODY and _is_event_stream(text) else PlainHighlighter()


def _is_json(text: str) -> bool:
    return _JSON.match(text) is not None


def _is_event_stream(text: str) -> bool:
    return any(_EVENT_FIELD.match(line) for line in text[:2000].split("\n"))
