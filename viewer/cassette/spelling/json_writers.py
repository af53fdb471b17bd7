"""The string writers of JSON libraries: what they escape, and how.

All agree on the quotes, the backslash and most short escapes. They differ in what else must not stand as
itself: everything beyond ASCII (Python by default), `<`, `>`, `&` (Go, Gson), `/` (PHP), U+2028 (Go, .NET),
DEL (old Ruby). A lone surrogate cannot stand in a UTF-8 file, so every writer here escapes it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from viewer.cassette.spelling.base import PLAIN_TAGS, Place

_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ALWAYS = '"\\\\\x00-\x1f\ud800-\udfff'


@dataclass(frozen=True)
class JsonStrings:
    """One library's way with strings.

    `also` is what it escapes besides the quotes, the backslash, controls and lone surrogates, as the inside
    of a regular expression's character class. `short` are the escapes of two characters; the others are `\\u`
    with four digits, `upper` case or not, and a pair of them beyond U+FFFF.
    """

    name: str
    also: str = ""
    short: Mapping[str, str] = field(default_factory=lambda: _SHORT)
    upper: bool = False

    def spell(self, value: str, tag: str, place: Place) -> str:
        """See Writer.spell; a JSON file has one line a string, wherever it stands."""
        return value if tag in PLAIN_TAGS else self.quoted(value)

    def quoted(self, value: str) -> str:
        """`value` as a JSON string."""
        return f'"{self._escaped.sub(self._escape, value)}"'

    @cached_property
    def _escaped(self) -> re.Pattern[str]:
        return re.compile(f"[{_ALWAYS}{self.also}]")

    def _escape(self, match: re.Match[str]) -> str:
        character = match.group()
        if short := self.short.get(character):
            return short
        units = character.encode("utf-16-be", "surrogatepass")
        form = "04X" if self.upper else "04x"
        codes = (int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2))
        return "".join(f"\\u{code:{form}}" for code in codes)


def _without(*characters: str) -> Mapping[str, str]:
    return {key: text for key, text in _SHORT.items() if key not in characters}


PYTHON_ASCII = JsonStrings("Python json.dumps", also="\x7f-\U0010ffff")
PYTHON = JsonStrings("Python json.dumps, ensure_ascii=False")
JAVASCRIPT = JsonStrings("JSON.stringify")
GO = JsonStrings("encoding/json", also="<>&\u2028\u2029", short=_without("\b", "\f"))
GO_PLAIN = JsonStrings("encoding/json, SetEscapeHTML(false)", also="\u2028\u2029", short=_without("\b", "\f"))
RUBY = JsonStrings("Ruby JSON")
RUBY_1 = JsonStrings("Ruby JSON 1", also="\x7f")
RUBY_ASCII = JsonStrings("Ruby JSON.generate, ascii_only", also="\x7f-\U0010ffff")
JSONLITE = JsonStrings("R jsonlite")
PHP = JsonStrings("PHP json_encode", also="/\x80-\U0010ffff", short={**_SHORT, "/": "\\/"})
PHP_UNICODE = JsonStrings(
    "PHP json_encode, unescaped Unicode", also="/\u2028\u2029", short={**_SHORT, "/": "\\/"}
)
NEWTONSOFT = JsonStrings("Newtonsoft.Json", also="\x85\u2028\u2029")
DOTNET = JsonStrings("System.Text.Json", also="<>&'+`\x7f-\U0010ffff", short=_without('"'), upper=True)
GSON = JsonStrings("Gson", also="<>&='\u2028\u2029", short=_SHORT)
ELIXIR = JsonStrings("Elixir Poison")
JSON_WRITERS = (
    PYTHON_ASCII, JAVASCRIPT, GO, GO_PLAIN, RUBY_1, PHP, PHP_UNICODE, NEWTONSOFT, DOTNET, GSON,
)  # fmt: skip
"""Every way that differs from the others."""
