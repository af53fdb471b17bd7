"""js-yaml, the writer of Polly.js's YAML cassettes.

dumper.js: `chooseScalarStyle` prefers plain, then single quotes; a string with newlines is a literal block,
or a folded one if any of its lines is too long; what cannot be printed goes in double quotes on one line. It
counts UTF-16 units, so an emoji is two columns wide; the algorithm here runs on such units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from viewer.cassette.patterns import regex
from viewer.cassette.spelling.base import PLAIN_TAGS, Place
from viewer.cassette.spelling.libyaml import Style

_MIN_WIDTH = 40
_UNPRINTABLE = regex(
    "[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]"
    "|[^\x20-\x7e\xa1-\u2027\u202a-\udfff\ue000-\ufefe\uff00-\ufffd]"
)
_SHORT = {
    "\0": "\\0", "\a": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r",
    "\x1b": "\\e", '"': '\\"', "\\": "\\\\", "\x85": "\\N", "\xa0": "\\_", "\u2028": "\\L", "\u2029": "\\P",
}  # fmt: skip
_NOT_PLAIN = regex(r"""\A[-?:,\[\]{}#&*!|=>'"%@` \t]|[ \t:]\Z|:[ \t]|[ \t]#""")
# libyaml refuses `:?` in flow style, which js-yaml would write.
_FLOW_INDICATOR = regex(r"[,\[\]{}]|:\?")
_TYPED = regex(
    r"""(?:~|null|Null|NULL|true|True|TRUE|false|False|FALSE|<<)\Z
    |(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)\Z
    |[-+]?[0-9_]+(?::[0-9_]+)+(?:\.[0-9_]*)?\Z
    |[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0o[0-7_]+|[0-9][0-9_]*)\Z
    |[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?\Z
    |\.[0-9_]+(?:[eE][-+]?[0-9]+)?\Z|[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z
    |[0-9]{4}-[0-9]{2}-[0-9]{2}\Z
    |[0-9]{4}-[0-9]{2}?-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?
     (?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?\Z
    """,
    re.VERBOSE,
)
_LEADING_SPACE = regex(r"\n* ")
_BREAK_AT = regex(r" (?=[^ ])")
_NEXT_LINE = regex(r"(\n+)([^\n]*)")


@dataclass(frozen=True, slots=True)
class JsYaml:
    """js-yaml with its settings; `width` None is its -1, no limit."""

    step: int = 2
    width: int | None = 80

    @property
    def name(self) -> str:
        return "js-yaml"

    def spell(self, value: str, tag: str, place: Place) -> str:
        """See Writer.spell."""
        if tag in PLAIN_TAGS:
            return value
        units = _to_units(value)
        indent = place.indent + self.step
        width = None if self.width is None else max(min(self.width, _MIN_WIDTH), self.width - indent)
        style = _choose(units, place, width)
        prefix = f"{tag} " if tag else ""
        return prefix + _from_units(self._written(style, units, indent, width))

    def _written(self, style: Style, units: str, indent: int, width: int | None) -> str:
        match style:
            case Style.PLAIN:
                return units
            case Style.SINGLE:
                return "'" + units.replace("'", "''") + "'"
            case Style.DOUBLE:
                return '"' + re.sub(f'{_UNPRINTABLE.pattern}|["\\\\]', _escape, units) + '"'
            case Style.LITERAL:
                return "|" + self._header(units) + _indented(units, indent)
            case Style.FOLDED:
                return ">" + self._header(units) + _indented(_folded(units, width or 0), indent)

    def _header(self, units: str) -> str:
        hint = str(self.step) if _LEADING_SPACE.match(units) else ""
        if not units.endswith("\n"):
            return hint + "-\n"
        return hint + ("+\n" if units == "\n" or units.endswith("\n\n") else "\n")


def _choose(units: str, place: Place, width: int | None) -> Style:
    if not units:
        return Style.SINGLE
    one_line = place.is_key or bool(place.flow)
    if _UNPRINTABLE.search(units if one_line else units.replace("\n", "")):
        return Style.DOUBLE
    lines = units.split("\n")
    if width is not None and not one_line and any(len(line) > width and line[0] != " " for line in lines):
        return Style.FOLDED
    if len(lines) > 1:
        return Style.LITERAL
    plain = not _NOT_PLAIN.search(units) and not (place.flow and _FLOW_INDICATOR.search(units))
    # js-yaml would write a key `... 0` as it is, and at the margin nobody reads it back: it ends the document.
    plain = plain and not (place.column == 0 and units.startswith("... "))
    return Style.PLAIN if plain and not _TYPED.match(units) else Style.SINGLE


def _indented(units: str, indent: int) -> str:
    lines = units.removesuffix("\n").split("\n")
    return "".join(f"{' ' * indent}{line}\n" if line else "\n" for line in lines)


def _folded(units: str, width: int) -> str:
    first, *_ = units.split("\n", 1)
    out = [_folded_line(first, width)]
    was_indented = units[:1] in ("\n", " ")
    for match in _NEXT_LINE.finditer(units, len(first)):
        newlines, line = match.groups()
        indented = line.startswith(" ")
        extra = "\n" if line and not was_indented and not indented else ""
        out.append(newlines + extra + _folded_line(line, width))
        was_indented = indented
    return "".join(out)


def _folded_line(line: str, width: int) -> str:
    """Greedy folding at single spaces; a more-indented line is left whole."""
    if not line or line[0] == " ":
        return line
    out: list[str] = []
    start = current = 0
    for match in _BREAK_AT.finditer(line):
        if match.start() - start > width:
            end = current if current > start else match.start()
            out.append(line[start:end])
            start = end + 1
        current = match.start()
    if len(line) - start > width and current > start:
        out.append(line[start:current])
        start = current + 1
    return "\n".join((*out, line[start:]))


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    if short := _SHORT.get(character):
        return short
    code = ord(character)
    return f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}"


def _to_units(text: str) -> str:
    """`text` with each character beyond U+FFFF as its two surrogates."""
    if not text or max(text) < "\U00010000":
        return text
    data = text.encode("utf-16-le", "surrogatepass")
    return "".join(chr(data[at] | data[at + 1] << 8) for at in range(0, len(data), 2))


def _from_units(units: str) -> str:
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
