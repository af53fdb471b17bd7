"""Pretty-printing JSON by white space alone: numbers, escapes, order and duplicate keys stay as recorded.

msgspec does it in C where it can. It refuses what some recordings hold: escapes of half a surrogate pair (an
emoji cut between two deltas), NaN, a byte order mark, nesting over some 1,000 levels, text behind the value,
and of course mistakes; those take the slow way, which pretty-prints up to the mistake and keeps the rest.
"""

from __future__ import annotations

import msgspec

from viewer.cassette.json_scan import BrokenJsonError, Event, JsonError, error_at, walk
from viewer.cassette.patterns import regex

_BLANKS = " \t\r\n"
_BOM = "\ufeff"
_INDENT = "  "
# Deeper levels stay on one line: a million brackets, each on an indented line of its own, fills terabytes.
_MAX_LEVELS = 200
# Nor do blanks take more than so many times the text: half a million items at that depth fill gigabytes.
_BLANKS_RATIO = 10
_ALWAYS_BLANKS = 1_000_000
# Deeper than msgspec goes.
_DEEPEST = 1100
_DEPTHS_COUNTED = 60
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_NO_BRACKETS_NOR_QUOTES = bytes(set(_NO_BRACKETS) - set(b'"'))
_QUOTED = regex(rb'"[^"]*+"')
# So much is searched by one call, which holds the interpreter's lock.
_WINDOW = 1 << 18
# With fewer good tokens in front of the first mistake the text is no JSON that broke, but something else
# that begins with a bracket, such as a log line.
_MIN_TOKENS = 3

# So many tokens take two seconds; what stands behind them stays as it is.
_MOST_TOKENS = 2_000_000

# JSON lines: the next value begins on a line of its own.
_MORE_LINES = regex(r"[ \t]*+\r?\n\s*[{\[]")


class Pretty(msgspec.Struct, frozen=True):
    """JSON made readable. `error` is the mistake, placed in `text`, behind which the text is as recorded."""

    text: str
    error: JsonError | None = None


def pretty(text: str, encoded: bytes | None = None) -> Pretty | None:
    """`text` with one member or item a line; None where it is no JSON, or JSON lines, which stay lines.

    Only blanks between tokens differ; those around the value are dropped (`unpretty` brings them back). Whoever has
    the text in UTF-8 as well may give it as `encoded`.
    """
    return pretty_quickly(text, encoded) or pretty_slowly(text)


def pretty_quickly(text: str, encoded: bytes | None = None) -> Pretty | None:
    """The same for whatever msgspec takes, in no time; None for the rest, which takes a second a megabyte."""
    try:
        # Given as a string, it would keep its bytes as long as it is there itself.
        data = text.encode() if encoded is None else encoded
        if not _is_modest(data, len(text)):
            return None
        return Pretty(msgspec.json.format(data, indent=len(_INDENT)).decode())
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return None


def pretty_slowly(text: str) -> Pretty | None:
    """The same as `pretty` without msgspec, for whatever that refuses; of very many tokens the first."""
    pieces = [_BOM] if text.startswith(_BOM) else []
    before = None
    depth = 0
    count = 0
    last = 0
    breaks = _Breaks(len(text))
    try:
        for event, start, end in walk(text):
            if event is Event.CLOSE:
                depth -= 1
                pieces.append("" if before is Event.OPEN else breaks.at(depth, depth + 1))
            elif before is Event.OPEN:
                pieces.append(breaks.at(depth, depth))
            elif before is Event.COMMA:
                pieces.append(breaks.at(depth, depth) or " ")
            elif before is Event.COLON:
                pieces.append(" ")
            pieces.append(text[start:end])
            if event is Event.OPEN:
                depth += 1
            before = event
            count += 1
            last = end
            if count == _MOST_TOKENS:
                return Pretty("".join(pieces) + text[end:].rstrip(_BLANKS))
    except BrokenJsonError as broken:
        is_other = count < _MIN_TOKENS and before is not Event.CLOSE
        if is_other or (depth == 0 and _MORE_LINES.match(text, last)):
            return None
        return _with_rest(pieces, text, last, broken.error, before)
    return Pretty("".join(pieces))


def _with_rest(pieces: list[str], text: str, last: int, error: JsonError, before: Event | None) -> Pretty:
    """What is pretty so far, and everything behind the last good token as it was recorded."""
    rest = text[last:]
    if before is Event.COLON and not rest.startswith(tuple(_BLANKS)):
        pieces.append(" ")
    done = "".join(pieces)
    if error.offset == len(text):
        rest = rest.rstrip(_BLANKS)
    whole = done + rest
    return Pretty(whole, error_at(whole, min(len(done) + error.offset - last, len(whole)), error.message))


class _Breaks:
    """The line breaks with their indentation, as long as they take no more than a text's own size many times."""

    def __init__(self, length: int) -> None:
        self._room = _most_blanks(length)

    def at(self, depth: int, level: int) -> str:
        """A line break where something stands at a level, in front of what stands at `depth`; "" for none."""
        self._room -= len(_INDENT) * depth
        return "\n" + _INDENT * depth if level <= _MAX_LEVELS and self._room > 0 else ""


def _most_blanks(length: int) -> int:
    return _ALWAYS_BLANKS + _BLANKS_RATIO * length


def _is_modest(data: bytes, length: int) -> bool:
    """Whether the indentation of a JSON text cannot take more blanks than it may; a quick guess on the safe side.

    Strings count as if what is in them were JSON, as long as that would be right. `length` is that of the text in
    characters.
    """
    most = _most_blanks(length) // len(_INDENT)
    brackets = data.translate(None, _NO_BRACKETS)
    depth = _depth(brackets)
    if depth == _DEEPEST:
        brackets = _brackets_outside_strings(data)
        depth = _depth(brackets)
    if depth < _DEEPEST and length * depth <= most:
        # All brackets are closed, so there are no more lines than commas and brackets.
        return True
    lines = data.count(b",") + 2 * (brackets.count(b"[") + brackets.count(b"{"))
    return lines * depth <= most


def _brackets_outside_strings(data: bytes) -> bytes:
    """The brackets of a JSON text that are no text themselves; with a quote where the text ends within a string."""
    if b"\\" in data:
        data = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    # Strings without brackets are two quotes by now. Where two quotes of neighbours meet, the two strings become one.
    signs = data.translate(None, _NO_BRACKETS_NOR_QUOTES).replace(b'""', b"")
    pieces: list[bytes] = []
    start = 0
    while start < len(signs):
        end = start + _WINDOW
        if signs.count(b'"', start, end) % 2:
            end = signs.find(b'"', end) + 1 or len(signs)
        pieces.append(_QUOTED.sub(b"", signs[start:end]))
        start = end
    return b"".join(pieces)


def _depth(brackets: bytes) -> int:
    """The depth of brackets, DEEPEST where that is more than some dozens: pairs are taken away from the inside."""
    for depth in range(_DEPTHS_COUNTED):
        if not brackets:
            return depth
        left = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if left == brackets:
            break
        brackets = left
    return _DEEPEST
