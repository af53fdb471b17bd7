"""Symfony's YAML component, the writer of php-vcr: one line a scalar, single quotes before double ones.

Inline::dump and Escaper decide; a string that PHP takes for a number is single-quoted. php-vcr uses no block
style.
"""

from __future__ import annotations

import re

import msgspec

from viewer.cassette.patterns import regex
from viewer.cassette.spelling.base import BINARY_TAGS, PLAIN_TAGS, Place, wrapped_base64

_DOUBLE = regex("[\x00-\x1f\x7f\x85\xa0\u2028\u2029\ufeff\ud800-\udfff]")
_SINGLE = regex(r"""[\s'":{}\[\],&*\#?]|\A[-?|<>=!%@`]|\A(?i:null|~|true|false|y|n|yes|no|on|off|)\Z""")
_NUMERIC = regex(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\Z")
_NUMBER_LIKE = regex(r"[0-9]+[_0-9]*\Z|(?i:0x[0-9a-f_]+)\Z")
_TIMESTAMP = regex(
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?"
    r"(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)?\Z"
)
_NAMED = {
    "\\": "\\\\", '"': '\\"', "\0": "\\0", "\a": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v",
    "\f": "\\f", "\r": "\\r", "\x1b": "\\e", "\x85": "\\N", "\xa0": "\\_", "\u2028": "\\L", "\u2029": "\\P",
}  # fmt: skip


class Symfony(msgspec.Struct, frozen=True):
    """Symfony's YAML; it has no settings that a scalar shows."""

    name: str = "Symfony YAML"

    def spell(self, value: str, tag: str, place: Place) -> str:
        """See Writer.spell."""
        if tag in PLAIN_TAGS:
            return value
        if tag in BINARY_TAGS:
            return f"{tag} {wrapped_base64(value, 0)}"
        prefix = f"{tag} " if tag else ""
        if _DOUBLE.search(value):
            return prefix + '"' + re.sub(f'{_DOUBLE.pattern}|["\\\\]', _escape, value) + '"'
        if _needs_single(value):
            return prefix + "'" + value.replace("'", "''") + "'"
        return prefix + value


def _needs_single(value: str) -> bool:
    patterns = (_NUMERIC, _NUMBER_LIKE, _TIMESTAMP)
    return bool(_SINGLE.search(value) or any(pattern.match(value) for pattern in patterns))


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    code = ord(character)
    return _NAMED.get(character) or (f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}")
