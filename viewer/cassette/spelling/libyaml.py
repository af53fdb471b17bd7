"""The scalar emitter of libyaml, which PyYAML, Psych, R's yaml and go-yaml all carry in some version.

Three steps, as in libyaml's emitter.c: `analyze` says which styles could hold a value, `select` takes the
wished one or the next that can, `write` lays the text out. What the copies do differently are fields of
`Emitter`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

from viewer.cassette.patterns import regex
from viewer.cassette.windows import finditer, is_in, split_at, substitute

if TYPE_CHECKING:
    from viewer.cassette.spelling.base import Place

UNLIMITED = 1 << 31

# A negative class for each set of characters that may stand unescaped outside double quotes.
_ASCII = regex(r"[^\n\x20-\x7e]")
_BMP = regex("[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]")
# PyYAML's own emitter also lets U+0085 stand, which reads back as a newline; not so here.
_FULL = regex("[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010fffe]")
# Inside double quotes, even PyYAML's own emitter escapes what lies beyond U+FFFF.
_ESCAPE_ASCII = regex(r'[^\x20-\x7e]|["\\]')
_ESCAPE_BMP = regex('[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]|["\\\\]')

_BREAK = "\n\r\x85\u2028\u2029"
_LINES = regex(f"[^{_BREAK}]*[{_BREAK}]|[^{_BREAK}]+")
_BREAK_RUN = regex(f"([{_BREAK}]+)")
_ANY_BREAK = regex(f"[{_BREAK}]")
_BREAK_SPACE = regex(f"[{_BREAK}] ")
_SPACE_BREAK = regex(f" [{_BREAK}]")
_LONE_SPACE = regex("(?<! ) (?! )")
_LAST_SPACE = regex("(?<=.) (?! )")
_BLANK_OR_BREAK = f" \t{_BREAK}"

_BLOCK_INDICATOR = regex(
    rf"""\A(?:---|\.\.\.|[#,\[\]{{}}&*!|>'"%@`]|[?:-](?=[{_BLANK_OR_BREAK}]|\Z))"""
    rf"|:(?=[{_BLANK_OR_BREAK}]|\Z)|(?<=[{_BLANK_OR_BREAK}])\#"
)
_FLOW_INDICATOR = regex(r"[,?\[\]{}:]")

_NAMED_ESCAPES = {
    "\0": "0", "\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", "\x1b": "e",
    '"': '"', "\\": "\\", "\x85": "N", "\xa0": "_", "\u2028": "L", "\u2029": "P",
}  # fmt: skip


class Style(Enum):
    """The five styles of a scalar, by the character that starts them."""

    PLAIN = ""
    SINGLE = "'"
    DOUBLE = '"'
    LITERAL = "|"
    FOLDED = ">"


@dataclass(frozen=True, slots=True)
class Analysis:
    """Which styles can hold a value; double quotes always can."""

    multiline: bool
    flow_plain: bool
    block_plain: bool
    single: bool
    block: bool


_EMPTY = Analysis(multiline=False, flow_plain=False, block_plain=True, single=True, block=False)


@dataclass(frozen=True)
class Emitter:
    """The emitter with its settings, and with what the copies do differently.

    - `step` is the indentation of a nested collection, `width` the column after which lines fold.
    - Without `unicode` everything beyond ASCII is escaped.
    - `pure` is PyYAML's emitter in Python: it lets characters beyond U+FFFF stand, and it folds double quotes with a
      backslash.
    - `tabs`: block scalars may hold tabs (go-yaml v3).
    - `list_discount` is what go-yaml v3 takes off the indentation in a list, for the marker; its first releases had
      `round_up` instead: every column a multiple of `step`.
    - `go` are two slips of go-yaml's port: behind a BOM everything is escaped, and a quoted scalar that ends in
      U+2028 has no indentation before its closing quote.
    - `prefer_double` is what formatters such as Prettier make of quotes afterwards.
    """

    step: int = 2
    width: int = 80
    unicode: bool = False
    pure: bool = False
    tabs: bool = False
    list_discount: int = 0
    round_up: bool = False
    prefer_double: bool = False
    go: bool = False

    def analyze(self, value: str) -> Analysis:
        """Which styles can hold `value` (libyaml: yaml_emitter_analyze_scalar)."""
        if not value:
            return _EMPTY
        special = self._special(value)
        spaced_break = is_in(_SPACE_BREAK, value, 1)
        multiline = is_in(_ANY_BREAK, value)
        edges = value[0] in f" {_BREAK}" or value[-1] in f" {_BREAK}"
        tabbed = "\t" in value
        single = not (special or tabbed or spaced_break or is_in(_BREAK_SPACE, value, 1))
        plain = single and not multiline and not edges
        block_plain = plain and not is_in(_BLOCK_INDICATOR, value, 3)
        return Analysis(
            multiline=multiline,
            flow_plain=block_plain and not is_in(_FLOW_INDICATOR, value),
            block_plain=block_plain,
            single=single,
            block=not (special or spaced_break or value[-1] == " " or (tabbed and not self.tabs)),
        )

    def select(self, wish: Style, value: str, place: Place, *, plain_is_string: bool = True) -> Style:
        """The wished style, or the next that can hold `value` (libyaml: yaml_emitter_select_scalar_style)."""
        found = self.analyze(value)
        if place.is_key and found.multiline:
            return Style.DOUBLE
        if wish in (Style.LITERAL, Style.FOLDED):
            # A block scalar that ends in U+2028 would have no newline of its own.
            fits = found.block and not place.flow and not place.is_key and value[-1] not in _BREAK[1:]
            return wish if fits else Style.DOUBLE
        if wish is Style.PLAIN:
            allowed = found.flow_plain if place.flow else found.block_plain
            if allowed and plain_is_string and not (place.is_key and not value):
                return Style.PLAIN
            wish = Style.SINGLE
        if self.prefer_double and '"' not in value and "\\" not in value:
            return Style.DOUBLE
        return wish if wish is Style.DOUBLE or found.single else Style.DOUBLE

    def write(self, style: Style, value: str, place: Place, column: int) -> str:
        """`value` in `style`, its first character at `column`."""
        indent = self.continuation(place)
        width = UNLIMITED if place.is_key else self.width
        match style:
            case Style.PLAIN:
                return _fold(value, column, indent, width)
            case Style.SINGLE:
                return self._single(value, column, indent, width)
            case Style.DOUBLE:
                return self._double(value, column, indent, width)
            case Style.LITERAL:
                return "|" + block_hints(value, indent - place.indent) + "\n" + _literal_lines(value, indent)
            case Style.FOLDED:
                return (
                    ">" + block_hints(value, indent - place.indent) + "\n" + self._folded_lines(value, indent)
                )

    def continuation(self, place: Place) -> int:
        """The column of continuation lines and of a block scalar's content."""
        if self.round_up:
            return (place.indent // self.step + 1 + place.flow) * self.step
        discount = self.list_discount if place.in_list and self.step > self.list_discount else 0
        return place.indent + self.step * (place.flow + 1) - discount

    def _special(self, value: str) -> bool:
        """Whether `value` holds a character that only double quotes can; tabs are looked at apart."""
        special = _ASCII if not self.unicode else _FULL if self.pure else _BMP
        return any(match.group() != "\t" for match in finditer(special, value))

    def _single(self, value: str, column: int, indent: int, width: int) -> str:
        out = ["'"]
        at = column + 1
        for number, part in enumerate(split_at(_BREAK_RUN, value.replace("'", "''"))):
            if number % 2:
                # The first newline of a run would read as a space: it is written twice.
                out.append(("\n" if part[0] == "\n" else "") + part + " " * indent)
                at = indent
            else:
                out.append(_fold(part, at, indent, width, keep_edges=True))
        if self.go and value[-1:] in tuple(_BREAK):
            out[-2] = out[-2].rstrip(" ")
        return "".join(out) + "'"

    def _double(self, value: str, column: int, indent: int, width: int) -> str:
        if self.go and value[:1] == "\ufeff":
            return '"' + "".join(map(_escaped, value)) + '"'
        if width >= UNLIMITED:
            return '"' + substitute(self._escapes, _escape, value) + '"'
        return (self._double_pure if self.pure else self._double_libyaml)(value, column, indent, width)

    @cached_property
    def _escapes(self) -> re.Pattern[str]:
        return _ESCAPE_BMP if self.unicode else _ESCAPE_ASCII

    @cached_property
    def _escapes_and_spaces(self) -> re.Pattern[str]:
        return re.compile(self._escapes.pattern + "| ")

    def _double_libyaml(self, value: str, column: int, indent: int, width: int) -> str:
        """Double quotes folded at spaces alone, with a backslash before a second space."""
        out = ['"']
        at, done, after_space = column + 1, 0, -1
        for match in self._escapes_and_spaces.finditer(value):
            start = match.start()
            out.append(value[done:start])
            at += start - done
            done = start + 1
            if match.group() != " ":
                piece = _escape(match)
                at += len(piece)
            elif at > width and after_space != start and 0 < start < len(value) - 1:
                escaped = "\\" if value[start + 1] == " " else ""
                piece = f"\n{' ' * indent}{escaped}"
                at, after_space = indent + len(escaped), start + 1
            else:
                piece = " "
                at, after_space = at + 1, start + 1
            out.append(piece)
        return "".join((*out, value[done:], '"'))

    def _double_pure(self, value: str, column: int, indent: int, width: int) -> str:
        r"""Double quotes folded before a space or behind an escape, by a backslash at the line's end.

        PyYAML's own emitter (Emitter.write_double_quoted); a space that then starts a line is written `\ `.
        """
        out = ['"']
        at, done, last = column + 1, 0, len(value) - 1
        for match in self._escapes_and_spaces.finditer(value):
            start = match.start()
            if match.group() == " ":
                folds = 0 < start < last and at + start - done > width
                piece = value[done:start] if folds else ""
                done = start if folds else done
            else:
                piece = value[done:start] + _escape(match)
                at += len(piece)
                done = start + 1
                # The emitter looks behind an escape with one column less, then before a plain character.
                folds = (0 < start < last and at - 1 > width) or (
                    done < last and at > width and not self._escapes.match(value, done)
                )
            if folds:
                escaped = "\\" if value[done] == " " else ""
                piece += f"\\\n{' ' * indent}{escaped}"
                at = indent + len(escaped)
            out.append(piece)
        return "".join((*out, value[done:], '"'))

    def _folded_lines(self, value: str, indent: int) -> str:
        """The content of a `>` scalar (yaml_emitter_write_folded_scalar); more-indented lines stay whole."""
        out: list[str] = []
        lines = [match.group() for match in _LINES.finditer(value)]
        foldable = False
        for number, line in enumerate(lines):
            content = line.rstrip(_BREAK)
            if content:
                foldable = content[0] not in " \t"
                width = self.width if foldable else UNLIMITED
                out.append(" " * indent + _fold(content, indent, indent, width, at=_LAST_SPACE))
                following = next((other for other in lines[number + 1 :] if other[0] not in _BREAK), "")
                if foldable and line[-1] == "\n" and following and following[0] not in " \t":
                    out.append("\n")
            out.append(line[len(content) :])
        return _ended("".join(out))


def block_hints(value: str, indent: int) -> str:
    """The indicators of a block scalar whose content stands `indent` columns behind its owner."""
    # go-yaml gives none before a tab, and then cannot read the block back.
    hints = str(indent) if value[:1] in tuple(_BLANK_OR_BREAK) else ""
    if not value or value[-1] not in _BREAK:
        return hints + "-"
    return hints + "+" if len(value) == 1 or value[-2] in _BREAK else hints


def _literal_lines(value: str, indent: int) -> str:
    margin = " " * indent
    lines = (match.group() for match in _LINES.finditer(value))
    return _ended("".join(line if line[0] in _BREAK else margin + line for line in lines))


def _ended(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"


def _fold(
    text: str,
    column: int,
    indent: int,
    width: int,
    *,
    keep_edges: bool = False,
    at: re.Pattern[str] = _LONE_SPACE,
) -> str:
    """`text` with a line break in place of each space (found by `at`) that stands beyond `width`."""
    if column + len(text) <= width:
        return text
    out: list[str] = []
    done = 0
    for match in at.finditer(text):
        start = match.start()
        if column + start - done <= width or (keep_edges and start in (0, len(text) - 1)):
            continue
        out.append(text[done:start])
        column, done = indent, start + 1
    out.append(text[done:])
    return f"\n{' ' * indent}".join(out)


def _escape(match: re.Match[str]) -> str:
    return _escaped(match.group())


def _escaped(character: str) -> str:
    if name := _NAMED_ESCAPES.get(character):
        return "\\" + name
    code = ord(character)
    return f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
