"""From a piece of a line to what Qt draws: visible symbols, and code points to UTF-16 units.

Every character is drawn as exactly one character, so positions differ only where a character takes two units
(an emoji). What Qt would swallow, break the line at or refuse is drawn as a symbol in its place.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

SURROGATES = dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)
"""For str.translate: lone surrogates, which Qt drops on the way to a QString, as replacement characters."""

_CONTROLS = [code for code in (*range(0x20), *range(0x7F, 0xA0)) if code != 0x09]
_PLAIN = SURROGATES | {
    **dict.fromkeys(_CONTROLS, 0xA4),
    0x0D: 0x21B5,
    0x85: 0x21B5,  # next line
    0xA0: 0xB7,  # no-break space
    0xAD: 0x2010,  # soft hyphen
    0x200B: 0xB7,  # zero width space
    0x2028: 0xB6,  # line separator
    0x2029: 0xB6,  # paragraph separator
    0xFEFF: 0x2020,  # byte order mark
    0xFFFC: 0xFFFD,  # object replacement: Qt would reserve room for an object
}
_PICTURES = (
    _PLAIN | {code: 0x2400 + code for code in range(0x20) if code != 0x09} | {0x7F: 0x2421, 0x85: 0x2424}
)
CONTROL_PICTURE = 0x2400
"""A font that has this character has a picture for each control character."""


def visible(text: str, *, pictures: bool = False) -> str:
    """`text` with a symbol for each character that has no shape; as long as before.

    With `pictures`, each control character has a symbol of its own; few fonts have those.
    """
    if text.isprintable():
        return text
    return text.translate(_PICTURES if pictures else _PLAIN)


def symbol_places(text: str) -> list[int]:
    """Where in `text` such symbols stand."""
    if text.isprintable():
        return []
    return [place for place, char in enumerate(text) if ord(char) in _PLAIN]


class Units:
    """Translates positions of one piece of text between code points and UTF-16 units."""

    __slots__ = ("_points", "_units")

    def __init__(self, text: str) -> None:
        self._points: list[int] = []
        if not text.isascii():
            self._points = [place for place, char in enumerate(text) if char > "\uffff"]
        self._units = [place + index for index, place in enumerate(self._points)]

    def to_units(self, point: int) -> int:
        """The UTF-16 position of code point number `point`."""
        return point + bisect_left(self._points, point) if self._points else point

    def to_points(self, unit: int) -> int:
        """The code point at UTF-16 position `unit`; within a pair, the pair's own."""
        if not self._units:
            return unit
        pairs = bisect_right(self._units, unit)
        if pairs and self._units[pairs - 1] == unit:
            pairs -= 1
        elif pairs and self._units[pairs - 1] == unit - 1:
            return self._points[pairs - 1]
        return unit - pairs
