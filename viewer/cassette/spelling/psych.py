r"""Psych, the writer of Ruby VCR.

visitors/yaml_tree.rb (`visit_String`) wishes a style, libyaml's emitter decides. The rules grew over the
years:

- up to 1.3 (Ruby 1.9.3): plain; quotes carry the non-specific tag `!` unless the string would read as another
type;
- then: a string with a newline is a literal block, one that would read as another type is single-quoted;
- from 2.0.9: one that starts with a sign and holds no `"` behind it is double-quoted;
- from 3.0: a newline at the very end no longer asks for a block, `y` and `n` are double-quoted.

Binary data is `!binary` and a literal block of base64: lines of 60 until 4.0, then one line.
"""

from __future__ import annotations

import re
from enum import IntEnum

import msgspec

from viewer.cassette.patterns import regex
from viewer.cassette.spelling.base import BINARY_TAGS, PLAIN_TAGS, Place, wrapped_base64
from viewer.cassette.spelling.libyaml import Emitter, Style

_BASE64_WIDTH = 60
_SIGN_FIRST = regex(r'^[^\w][^"\n]*$', re.MULTILINE)
_INNER_NEWLINE = regex(r"\n(?!\n?\Z)")
# ScalarScanner#tokenize asks first whether this is a word, for which only the list below is a type.
_WORD = regex(r"^[^\d.:-]?[^\W\d_]+|^[^\d.:-]?[_\s!@#$%^&*(){}<>|/\\~;=]+", re.MULTILINE)
_WORD_TYPES = frozenset({"~", "null", "yes", "true", "on", "no", "false", "off"})
_TYPED = regex(
    r"""-?\d{4}-\d{1,2}-\d{1,2}(?:[Tt]|\s+)\d{1,2}:\d\d:\d\d(?:\.\d*)?(?:\s*(?:Z|[-+]\d{1,2}:?(?:\d\d)?))?\Z
    |\d{4}-(?:1[012]|0\d|\d)-(?:[12]\d|3[01]|0\d|\d)\Z
    |[-+]?\.(?:inf|Inf|INF)\Z|(?i:-?\.inf\Z|\.nan\Z)
    |:.
    |[-+]?[0-9][0-9_]*(?::[0-5]?[0-9]){1,2}(?:\.[0-9_]*)?\Z
    |[-+]?(?:[0-9][0-9_,]*)?\.[0-9]*(?:[eE][-+][0-9]+)?\Z(?<!\A\.)(?<!\A[-+]\.)
    |[-+]?0b[0-1_,]+\Z|[-+]?0[0-7_,]+\Z|[-+]?(?:0|[1-9][0-9_,]*)\Z|[-+]?0x[0-9a-fA-F_,]+\Z
    """,
    re.VERBOSE,
)
_BAD_OCTAL = regex(r"0[0-7]*[89]")


class Era(IntEnum):
    """Generations of visit_String, by the first version with its rules."""

    V1_2 = 0
    V2_0 = 1
    V2_0_9 = 2
    V3_0 = 3


class Psych(msgspec.Struct, frozen=True):
    """Psych of one generation; `binary_width` is the length of base64 lines (0: one line)."""

    era: Era
    emitter: Emitter
    binary_width: int = _BASE64_WIDTH

    @property
    def name(self) -> str:
        return "Psych"

    def spell(self, value: str, tag: str, place: Place) -> str:
        """See Writer.spell. The tag "!" of the oldest Psych is not kept but set by that Psych's rule."""
        if tag in PLAIN_TAGS:
            return value
        if tag in BINARY_TAGS:
            value = wrapped_base64(value, self.binary_width).rstrip("\n")
            return self._written(f"{tag} ", Style.LITERAL, value, place)
        if self.era is Era.V1_2 and tag in ("", "!"):
            return self._with_bang(value, place)
        prefix = f"{tag} " if tag else "!!str " if value == "<<" else ""
        return self._written(prefix, self._wish(value), value, place)

    def _written(self, prefix: str, wish: Style, value: str, place: Place) -> str:
        style = self.emitter.select(wish, value, place, plain_is_string=not prefix)
        return prefix + self.emitter.write(style, value, place, place.column + len(prefix))

    def _with_bang(self, value: str, place: Place) -> str:
        typed = reads_as_other_type(value)
        style = self.emitter.select(Style.PLAIN, value, place, plain_is_string=not typed)
        if typed or style is Style.PLAIN:
            return self.emitter.write(style, value, place, place.column)
        return "! " + self.emitter.write(style, value, place, place.column + 2)

    def _wish(self, value: str) -> Style:
        block = _INNER_NEWLINE.search(value) if self.era >= Era.V3_0 else "\n" in value
        if block:
            return Style.LITERAL
        if value == "<<":
            return Style.SINGLE
        if self.era >= Era.V3_0 and value in ("y", "n", "Y", "N"):
            return Style.DOUBLE
        if self.era >= Era.V2_0_9 and _SIGN_FIRST.search(value):
            return Style.DOUBLE
        return Style.SINGLE if reads_as_other_type(value) else Style.PLAIN


def reads_as_other_type(text: str) -> bool:
    """Whether Psych takes plain `text` for anything but a string (scalar_scanner.rb), bad octals included."""
    if not text:
        return True
    if _WORD.search(text) or "\n" in text:
        return text.lower() in _WORD_TYPES
    return bool(_TYPED.match(text) or _BAD_OCTAL.match(text))
