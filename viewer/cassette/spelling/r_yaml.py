"""R's yaml package, the writer of R vcr: libyaml, with rules of its own for what needs quotes.

r_emit.c (`R_string_style`): a string with an implicit type (implicit.re) is single-quoted, one with a newline
is a literal block. The booleans of YAML 1.1 count as types, as they did until version 2.2.
"""

from __future__ import annotations

import msgspec

from viewer.cassette.patterns import regex
from viewer.cassette.spelling.base import PLAIN_TAGS, Place
from viewer.cassette.spelling.libyaml import Emitter, Style

_DIGITS = "[0-9][0-9,]*"
_TIME = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?"
_ZONE = r"(?:Z|[-+][0-9]{2}(?::[0-9]{2})?)"
_TYPED = regex(
    r"(?:~|null|Null|NULL|<<|=)?\Z"
    r"|(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON|n|N|no|No|NO|false|False|FALSE|off|Off|OFF)\Z"
    r"|\.na(?:\.integer|\.real|\.character)?\Z|[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z"
    r"|[-+]?(?:0x[0-9a-fA-F,]+|0[0-7,]+|0|[1-9][0-9,]*)\Z"
    rf"|[-+]?{_DIGITS}(?::[0-5]?[0-9])+(?:\.[0-9,]*)?\Z"
    rf"|[-+]?(?:{_DIGITS})?\.(?:[0-9,]*|[0-9.]*[eE][-+][0-9]+)\Z"
    rf"|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?:[Tt]{_TIME}{_ZONE}|[ \t]+{_TIME}[ \t]+{_ZONE})?\Z"
)


class RYaml(msgspec.Struct, frozen=True):
    """R's yaml with its settings."""

    emitter: Emitter

    @property
    def name(self) -> str:
        return "R yaml"

    def spell(self, value: str, tag: str, place: Place) -> str:
        """See Writer.spell."""
        if tag in PLAIN_TAGS:
            return value
        wish = Style.LITERAL if "\n" in value else Style.PLAIN
        if _TYPED.match(value):
            wish = Style.SINGLE
        prefix = f"{tag} " if tag else ""
        style = self.emitter.select(wish, value, place)
        return prefix + self.emitter.write(style, value, place, place.column + len(prefix))
