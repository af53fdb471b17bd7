"""Long values are set aside while libyaml reads what stands around them.

libyaml reads a value character by character, ten megabytes in a tenth of a second. Python's own functions find out
in a fraction of that what most of a long value means, so libyaml is given a short stand-in for it.

Why the tree is the same: a stretch is set aside that changes nothing about what its reader is doing, as
`scalar_parts.py` sees to. The stand-in is neutral too. So whoever reads either goes on in the same state behind it,
provided that he was within such a value before; and he was if the stand-in turns up in the value of exactly such a
scalar. Both are longer than what may be a key (1,024 characters). Where anything is different, or wrong with the text,
nothing is set aside, and libyaml reads all of it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

import msgspec

from viewer.cassette.node import AnyNode, Scalar, nodes
from viewer.cassette.patterns import regex
from viewer.cassette.scalar_parts import meaning_of

# So much is set aside at a time: one call for all of it would hold the interpreter's lock.
_STRETCH = 1 << 17
# A value of so many characters is left as it is.
_SHORT = 1 << 16
# A value is left as it is from where so many stretches of it are odd.
_MOST_ODD = 3
# So many characters are looked at for a place where a stretch may begin or end.
_WITHIN = 1 << 12

_SIGN = "\uf8f5"  # for private use, and used by nobody
_STAND_IN = _SIGN * 1100

# A key's or an item's value that is quoted or a literal block: the quote, or the block with how far it is set in.
_OPENING = regex(
    r"""\n *+(?:- ++|[\w.$-]{1,200}+ *+: ++|'[^'\n]{0,200}+' *+: ++|"[^"\\\n]{0,200}+" *+: ++)++"""
    r"""(?:[!&][^\s,\[\]{}]{0,200}+ ++)*+(?:(['"])|(\|)[+-]?\r?\n( ++)(?=[^ \r\n]))"""
)
_REST_OF_SINGLE_QUOTED = regex(r"(?:[^']++|'')*+'")
_REST_OF_DOUBLE_QUOTED = regex(r'(?:[^"\\]++|\\.)*+"', re.DOTALL)
# A stretch may begin and end here: between two characters that are neither blank nor quotes, and not within an escape,
# `---` or `...`. Such a sign is in none of these, and no escape has more than ten characters.
_SEAM = regex(r"""(?:[^\\][,:;(){}\[\]<>=&?]|[^\\]{10}[^\\'"\s.-])(?=[^\\'"\s.-])""")


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
            behind = stretches[-1].end if stretches else opening.end()
            at = _end(text, behind, style, indent, (_MOST_ODD + 2) * _STRETCH)
            if at < 0:
                return


def _end(text: str, at: int, style: str, indent: int, within: int = _SHORT) -> int:
    """Where a value ends that `at` is in; -1 where that is not within so many characters."""
    if style == "|":
        found = re.compile(rf"\n {{0,{indent - 1}}}(?=[^ \r\n])").search(text, at, at + within)
        return found.start() if found else -1
    match = _REST_OF_SINGLE_QUOTED.match if style == "'" else _REST_OF_DOUBLE_QUOTED.match
    closed = match(text, at, at + within)
    return closed.end() if closed else -1


def _stretches(text: str, at: int, style: str, indent: int) -> Iterator[_Stretch]:
    """One stretch behind the other up to the value's end; those that are odd are left out, but for too many."""
    odd = 0
    while odd <= _MOST_ODD:
        first = _SEAM.search(text, at, at + _WITHIN)
        last = _SEAM.search(text, at + _STRETCH - _WITHIN, at + _STRETCH)
        if first is None or last is None:
            return
        start, at = first.end(), last.end()
        meaning = meaning_of(text[start:at], style, indent)
        if meaning is not None:
            yield _Stretch(start, at, meaning)
        elif _end(text, start, style, indent, at - start) >= 0:
            return
        else:
            odd += 1
