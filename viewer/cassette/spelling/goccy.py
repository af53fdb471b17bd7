"""goccy/go-yaml, which a few Go projects hand to go-vcr in place of go-yaml.

Strings are plain or double-quoted with Go's strconv.Quote; newlines are escaped. What needs quotes stands in
its token.IsNeedQuoted.
"""

from __future__ import annotations

import msgspec

from viewer.cassette.patterns import regex
from viewer.cassette.spelling.base import PLAIN_TAGS, Place

_WORDS = regex(
    r"(?:~|null|Null|NULL|true|True|TRUE|false|False|FALSE|<<|-?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|)\Z"
)
_NUMBER = regex(
    r"[-+]?(?:0x[0-9a-fA-F_]+|0o?[0-7_]+|0b[01_]+"
    r"|[0-9][0-9_]*\.?[0-9_]*(?:[eE][-+]?[0-9]+)?|\.[0-9_]+)\Z"
)
_INDICATOR = regex(r"\A[*&\[\]{},!|>%'\"@#\-.?:`= \t]|[:\s]\Z|[#\\\t\n]|[:-] |\A[^:]:")
_OLD_BOOLS = regex(r"(?i:y|n|yes|no|on|off)\Z")
_TIME = regex(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ]\S*)?\Z|[-+]?[0-9]+(?::[0-9]+)+\Z")
_SHORT = {
    '"': '\\"', "\\": "\\\\", "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t",
    "\v": "\\v",
}  # fmt: skip


class Goccy(msgspec.Struct, frozen=True):
    """goccy/go-yaml; it has no settings that a scalar shows."""

    name: str = "goccy/go-yaml"

    def spell(self, value: str, tag: str, place: Place) -> str:
        """See Writer.spell."""
        if tag in PLAIN_TAGS:
            return value
        prefix = f"{tag} " if tag else ""
        return prefix + (_quoted(value) if needs_quotes(value) or place.flow else value)


def needs_quotes(value: str) -> bool:
    """Whether goccy/go-yaml quotes `value`; characters that YAML readers refuse are quoted too."""
    patterns = (_WORDS, _NUMBER, _TIME, _OLD_BOOLS)
    if any(pattern.match(value) for pattern in patterns) or _INDICATOR.search(value):
        return True
    return not value.isprintable()


def _quoted(value: str) -> str:
    return '"' + "".join(_SHORT.get(c) or (c if c.isprintable() else _escape(c)) for c in value) + '"'


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
