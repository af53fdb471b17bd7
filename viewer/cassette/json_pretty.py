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
# With fewer good tokens in front of the first mistake the text is no JSON that broke, but something else
# that begins with a bracket, such as a log line.
_MIN_TOKENS = 3

# JSON lines: the next value begins on a line of its own.
_MORE_LINES = regex(r"[ \t]*+\r?\n\s*[{\[]")


class Pretty(msgspec.Struct, frozen=True):
    """JSON made readable. `error` is the mistake, placed in `text`, behind which the text is as recorded."""

    text: str
    error: JsonError | None = None


def pretty(text: str) -> Pretty | None:
    """`text` with one member or item a line; None where it is no JSON, or JSON lines, which stay lines.

    Only blanks between tokens differ; those around the value are dropped (`unpretty` brings them back).
    """
    try:
        return Pretty(msgspec.json.format(text, indent=len(_INDENT)))
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return pretty_slowly(text)


def pretty_slowly(text: str) -> Pretty | None:
    """The same as `pretty` without msgspec, for whatever that refuses."""
    pieces = [_BOM] if text.startswith(_BOM) else []
    before = None
    depth = 0
    count = 0
    last = 0
    try:
        for event, start, end in walk(text):
            if event is Event.CLOSE:
                depth -= 1
                pieces.append("" if before is Event.OPEN else _line_break(depth, depth + 1))
            elif before is Event.OPEN:
                pieces.append(_line_break(depth, depth))
            elif before is Event.COMMA:
                pieces.append(_line_break(depth, depth) or " ")
            elif before is Event.COLON:
                pieces.append(" ")
            pieces.append(text[start:end])
            if event is Event.OPEN:
                depth += 1
            before = event
            count += 1
            last = end
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


def _line_break(depth: int, level: int) -> str:
    return "\n" + _INDENT * depth if level <= _MAX_LEVELS else ""
