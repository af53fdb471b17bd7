"""go-yaml (v2, v3 and v4), the writer of go-vcr's cassettes.

Rules from its encode.go (`stringv`) and resolve.go: a string with a newline is a literal block, one that
would read as another type is double-quoted, the rest is plain, and the emitter (a port of libyaml's) falls
back to quotes. Versions 3 and 4 do not fold lines, version 2 folds at 80 columns (except 2.3.0).
"""

from __future__ import annotations

import math
import re

import msgspec

from viewer.cassette.patterns import regex
from viewer.cassette.spelling.base import BINARY_TAGS, PLAIN_TAGS, Place, wrapped_base64
from viewer.cassette.spelling.libyaml import UNLIMITED, Emitter, Style

_BASE64_WIDTH = 70
_MARKER = len("- ")
_SPECIAL_WORDS = frozenset(
    ["", "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE", "<<"]
    + [sign + word for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")]
    + [".nan", ".NaN", ".NAN"]
)
# The booleans of YAML 1.1: types of v2, and quoted by v3 for the sake of older readers.
_OLD_BOOLS = frozenset(
    variant
    for word in ("y", "n", "yes", "no", "on", "off")
    for variant in (word, word.capitalize(), word.upper())
)
_BASE60 = regex(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?\Z")
_FLOAT = regex(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
# Where a value starts with a dot it goes to strconv.ParseFloat as it is: no underscores there.
_DOT_FLOAT = regex(r"\.[0-9]+(?:[eE][-+]?[0-9]+)?\Z")
_INT = regex(r"(?:[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*))\Z")
_DATE = regex(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"
    r"(?:(?:[Tt](?P<zoned>[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2})(?:[.,][0-9]+)?(?:Z|[-+][0-9]{2}:[0-9]{2}))"
    r"|(?: (?P<local>[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2})(?:[.,][0-9]+)?))?\Z"
)
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MAX_INT = 1 << 64
# Of 64 bits; Python refuses to read more than 4,300.
_MOST_DIGITS = 20


class GoYaml(msgspec.Struct, frozen=True):
    """go-yaml with its version and settings; `emitter` carries indentation and width."""

    version: int
    emitter: Emitter

    @property
    def name(self) -> str:
        return f"go-yaml v{self.version}"

    def spell(self, value: str, tag: str, place: Place) -> str:
        """See Writer.spell."""
        if tag in PLAIN_TAGS:
            return value
        if tag in BINARY_TAGS:
            base64 = wrapped_base64(value, 0)
            value = base64 if len(base64) < _BASE64_WIDTH else wrapped_base64(base64, _BASE64_WIDTH)
        prefix = f"{tag} " if tag else ""
        style = self.emitter.select(self._wish(value, tag), value, place)
        return prefix + self.emitter.write(style, value, place, place.column + len(prefix))

    def _wish(self, value: str, tag: str) -> Style:
        if "\n" in value:
            return Style.LITERAL
        return Style.DOUBLE if not tag and reads_as_other_type(value) else Style.PLAIN


def go_yaml_v2(*, width: int = 80, step: int = 2) -> GoYaml:
    """go-yaml v2 (go-vcr 1 and 2)."""
    return GoYaml(2, Emitter(step=step, width=width, unicode=True, go=True))


def go_yaml_v3(*, step: int = 4, round_up: bool = False) -> GoYaml:
    """go-yaml v3 (go-vcr 3 and 4)."""
    emitter = Emitter(
        step=step, width=UNLIMITED, unicode=True, tabs=True, go=True, list_discount=_MARKER, round_up=round_up
    )
    return GoYaml(3, emitter)


def go_yaml_v4(*, step: int = 2) -> GoYaml:
    """go-yaml v4 as charm.land/x/vcr sets it up."""
    return GoYaml(4, go_yaml_v3(step=step).emitter)


def reads_as_other_type(text: str) -> bool:
    """Whether go-yaml, or an older reader, would take plain `text` for anything but a string (resolve.go)."""
    if text in _SPECIAL_WORDS or text in _OLD_BOOLS:
        return True
    if text[0] == ".":
        return _is_float(text, _DOT_FLOAT)
    if text[0] not in "+-0123456789":
        return False
    digits = text.replace("_", "")
    return bool(_BASE60.match(text) or _is_float(digits, _FLOAT) or _is_int(digits) or _is_date(text))


def _is_float(digits: str, pattern: re.Pattern[str]) -> bool:
    """Whether strconv.ParseFloat takes it: one that is out of range is an error there."""
    return pattern.match(digits) is not None and not math.isinf(float(digits))


def _is_int(digits: str) -> bool:
    if not _INT.match(digits):
        return False
    bare = digits.lstrip("+-")
    base = {"x": 16, "b": 2, "o": 8}.get(bare[1:2].lower(), 8 if bare[0] == "0" else 10)
    if base == 10 and len(bare) > _MOST_DIGITS:
        return False
    return int(bare[2:] if bare[1:2].isalpha() else bare, base) < _MAX_INT


def _is_date(text: str) -> bool:
    """Whether Go's time.Parse takes `text` in one of the four layouts of allowedTimestampFormats."""
    match = _DATE.match(text)
    if not match:
        return False
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    if not (1 <= month <= 12 and 1 <= day <= _MONTH_DAYS[month - 1]):
        return False
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if (month, day) == (2, 29) and not leap:
        return False
    hour, minute, second = map(int, (match["zoned"] or match["local"] or "0:0:0").split(":"))
    return hour < 24 and minute < 60 and second < 60
