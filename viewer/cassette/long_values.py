"""Long values are set aside while libyaml reads what stands around them.

libyaml reads a value character by character, ten megabytes in a tenth of a second. Python's own functions find out
in a fraction of that what most of a long value means, so libyaml is given a short stand-in for it.

Why the tree is the same: a stretch is set aside that changes nothing about what its reader is doing. Within single
quotes that is text without a quote of its own (pairs of them are one), within double quotes what is right in a string
of JSON, within a literal block lines that are set in as the block is. The stand-in is neutral too. So whoever reads
either goes on in the same state behind it, provided that he was within such a value before; and he was if the
stand-in turns up in the value of exactly such a scalar. Both are longer than what may be a key (1,024 characters).
Where anything is different, or wrong with the text, nothing is set aside, and libyaml reads all of it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

import msgspec

from viewer.cassette.node import AnyNode, Scalar, nodes
from viewer.cassette.patterns import regex

# So much is set aside at a time: one call for all of it would hold the interpreter's lock.
_STRETCH = 1 << 17
# A value of so many characters is left as it is.
_SHORT = 1 << 16
# So many characters are looked at for a place where a stretch may begin or end.
_WITHIN = 1 << 12

_SIGN = "\uf8f5"  # for private use, and used by nobody
_STAND_IN = _SIGN * 1100

# A key's or an item's value that is quoted or a literal block: the quote, or the block with how far it is set in.
_OPENING = regex(
    r"""\n\ *+(?:-\ ++|[\w.$-]{1,200}+\ *+:\ ++|'[^'\n]{0,200}+'\ *+:\ ++|"[^"\\\n]{0,200}+"\ *+:\ ++)++"""
    r"""(?:[!&][^\s,\[\]{}]{0,200}+\ ++)*+(?:(['"])|(\|)[+-]?\n(\ ++)(?=[^\ \r\n]))""".replace(r"\ ", " ")
)
_CLOSING = {"'": regex(r"(?:[^']++|'')*+'"), '"': regex(r'(?:[^"\\]++|\\.)*+"', re.DOTALL)}
# A stretch may begin and end here: between two characters that are neither blank nor quotes, and not within an escape.
# Such a sign is in none, and no escape has more than ten characters.
_SEAM = regex(r"""(?:[^\\][,:;(){}\[\]<>=&?]|[^\\]{10}[^\\'"\s])(?=[^\\'"\s])""")
# Line breaks of YAML 1.1 that are none in JSON.
_RARE_BREAKS = ("\x85", "\u2028", "\u2029")
_INDENT = regex("\n[ \t]*+")
_TRAILING = regex("[ \t]++\n")
_ONE_BREAK = regex("(?<!\n)\n(?!\n)")
_MORE_BREAKS = regex("\n(\n++)")
# A line that is set in less than its block, and is not blank.
_STRAY = regex("\n(?![\n\0])")


class _Stretch(msgspec.Struct, frozen=True):
    """What is set aside, from `start` to `end`, and what it means."""

    start: int
    end: int
    meaning: str


class _Long(msgspec.Struct, frozen=True):
    """A value that begins at `start`, with its style, and what of it is set aside."""

    start: int
    style: str
    stretches: list[_Stretch]


class Shortened:
    """A text in which stand-ins take the place of long stretches."""

    def __init__(self, text: str, found: list[_Long]) -> None:
        self._found = found
        pieces: list[str] = []
        # Of each stand-in, where it begins in the shortened text, and how many characters less stand there behind it.
        self._places: list[int] = []
        self._missing = [0]
        end = 0
        for stretch in (stretch for long in found for stretch in long.stretches):
            pieces += text[end : stretch.start], _STAND_IN
            self._places.append(stretch.start - self._missing[-1])
            end = stretch.end
            self._missing.append(self._missing[-1] + end - stretch.start - len(_STAND_IN))
        self.text = "".join([*pieces, text[end:]])

    def put_back(self, roots: Iterable[AnyNode]) -> bool:
        """Makes trees of the shortened text those of the whole one; False, where they cannot be told to be the same."""
        wanted = {long.start: long for long in self._found}
        for root in roots:
            for node in nodes(root):
                node.start, node.end = self._whole(node.start), self._whole(node.end)
                long = wanted.get(node.start)
                if long is None or not isinstance(node, Scalar):
                    continue
                around = node.value.split(_STAND_IN)
                if node.style != long.style or len(around) != len(long.stretches) + 1:
                    return False
                node.value = "".join(_mixed(around, long.stretches))
                del wanted[node.start]
        return not wanted

    def _whole(self, offset: int) -> int:
        """Where in the whole text something stands."""
        return offset + self._missing[bisect_left(self._places, offset)]


def shortened(text: str) -> Shortened | None:
    """`text`, as `decode` gives it, without what is set aside of its long values; None where that is nothing."""
    if _SIGN in text:
        return None
    found = [long for long in _long_values(text) if long.stretches]
    return Shortened(text, found) if found else None


def _mixed(around: list[str], stretches: list[_Stretch]) -> Iterator[str]:
    for before, stretch in zip(around, stretches, strict=False):
        yield before
        yield stretch.meaning
    yield around[-1]


def _long_values(text: str) -> Iterator[_Long]:
    """What seems to be a long value; a guess, which is looked at once libyaml has read the rest."""
    at = 0
    while at < len(text):
        opening = _OPENING.search(text, at, at + _STRETCH)
        if opening is None:
            at += _STRETCH - _WITHIN
            continue
        style = opening[1] or opening[2]
        start = opening.start(1 if opening[1] else 2)
        indent = len(opening[3] or "")
        at = _end(text, opening.end(), style, indent)
        if at < 0:
            stretches = list(_stretches(text, opening.end(), style, indent))
            yield _Long(start, style, stretches)
            at = _end(text, stretches[-1].end if stretches else opening.end(), style, indent, 2 * _STRETCH)
            if at < 0:
                return


def _end(text: str, at: int, style: str, indent: int, within: int = _SHORT) -> int:
    """Where a value ends that `at` is in; -1 where that is not within so many characters."""
    if style == "|":
        found = re.compile(rf"\n {{0,{indent - 1}}}(?=[^ \n])").search(text, at, at + within)
        return found.start() if found else -1
    closed = _CLOSING[style].match(text, at, at + within)
    return closed.end() if closed else -1


def _stretches(text: str, at: int, style: str, indent: int) -> Iterator[_Stretch]:
    """One stretch behind the other, until one is not neutral: the value ends there, or is not of the usual kind."""
    while True:
        first = _SEAM.search(text, at, at + _WITHIN)
        last = _SEAM.search(text, at + _STRETCH - _WITHIN, at + _STRETCH)
        if first is None or last is None:
            return
        start, at = first.end(), last.end()
        meaning = _meaning(text[start:at], style, indent)
        if meaning is None:
            return
        yield _Stretch(start, at, meaning)


def _meaning(source: str, style: str, indent: int) -> str | None:
    """What a stretch of a value means that begins and ends amid a line; None where that has to be read by libyaml."""
    if any(sign in source for sign in _RARE_BREAKS):
        return None
    if style == '"':
        try:
            return msgspec.json.decode(f'"{source}"', type=str)
        except (msgspec.DecodeError, UnicodeEncodeError):
            return None
    if "\r" in source:
        source = source.replace("\r\n", "\n")
        if "\r" in source:
            return None
    return _quoted(source) if style == "'" else _literal(source, indent)


def _quoted(source: str) -> str | None:
    if "'" in source:
        if "'" in source.replace("''", ""):
            return None
        source = source.replace("''", "'")
    if "\n" not in source:
        return source
    if "\n---" in source or "\n..." in source:
        return None
    if " \n" in source or "\t\n" in source:
        source = _TRAILING.sub("\n", source)
    source = _INDENT.sub("\n", source)
    if "\n\n" not in source:
        return source.replace("\n", " ")
    return _MORE_BREAKS.sub(r"\1", _ONE_BREAK.sub(" ", source))


def _literal(source: str, indent: int) -> str | None:
    if "\n" not in source:
        return source
    # A control that YAML refuses stands for a break with its indentation.
    if "\0" in source:
        return None
    lines = source.replace("\n" + " " * indent, "\0")
    return None if _STRAY.search(lines) else lines.replace("\0", "\n")
