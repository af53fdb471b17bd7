"""Markdown one line at a time, with the place of every character kept, for answers that arrive piece by piece.

A line is understood from itself and from whether a fenced code block is open before it; nothing later changes
it, so text can be appended without looking at what stands above. That covers what models write (emphasis,
code, links, headings, lists, quotes, fences, rules; CommonMark 0.31 sections 4.1, 4.2, 4.5, 5.1, 5.2, 6.1-6.4)
and leaves out what needs several lines: set-ext headings, reference links, emphasis across a line's end.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, Flag, auto
from typing import NamedTuple

import msgspec

from viewer.cassette.patterns import regex


class Style(Flag):
    """How a run of characters looks."""

    PLAIN = 0
    BOLD = auto()
    ITALIC = auto()
    CODE = auto()
    STRIKE = auto()
    LINK = auto()


class Run(NamedTuple):
    """Characters `start` to `end` of the line, shown in a style; what no run covers is markup."""

    start: int
    end: int
    style: Style


class LineKind(Enum):
    """What a line is."""

    TEXT = "text"
    HEADING = "heading"
    ITEM = "item"
    QUOTE = "quote"
    RULE = "rule"
    TABLE = "table"
    FENCE = "fence"
    CODE = "code"


class Fence(msgspec.Struct, frozen=True):
    """An open code block: the marker that closes it, and its language ("" for none)."""

    marker: str
    language: str = ""


class Line(msgspec.Struct, frozen=True):
    """A line understood. `level` is a heading's (1 to 6) or an item's depth; `marker` stands before an item.

    `fence` is the code block that is open behind the line, None for none.
    """

    kind: LineKind
    runs: tuple[Run, ...]
    level: int = 0
    marker: str = ""
    fence: Fence | None = None


_FENCE = regex(r"[ \t]*(```+|~~~+)[ \t]*([^`\s]*)[^`]*$")
_HEADING = regex(r" {0,3}(#{1,6})(?:[ \t]+|$)")
_RULE = regex(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_ITEM = regex(r"([ \t]*)([-*+]|\d{1,9}[.)])[ \t]+")
_QUOTE = regex(r" {0,3}>[ \t]?")
_TABLE = regex(r"[ \t]*\|.*\|[ \t]*$")
_CLOSING_HASHES = regex(r"(?<![ \t])[ \t]++#++[ \t]*+$")
_SPECIAL = regex(r"[\\`*_~\[]")
_LINK = regex(
    r"\[((?:[^\[\]\\]|\\.){0,500})\]\(([^()\s]{0,2000}(?:\([^()\s]*\)[^()\s]*)?)(?:\s+\"[^\"]*\")?\)"
)
# A line of a person's has a few; one of two thousand would take half a second.
_MOST_UNCLOSED = 100
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


def parse_line(text: str, fence: Fence | None = None) -> Line:
    """What a line means, given the code block that is open before it."""
    if fence is not None:
        return _line_of_code(text, fence)
    if opening := _FENCE.match(text):
        return Line(LineKind.FENCE, (), fence=Fence(opening[1], opening[2]))
    if _RULE.match(text):
        return Line(LineKind.RULE, ())
    if heading := _HEADING.match(text):
        closing = _CLOSING_HASHES.search(text, heading.end())
        end = closing.start() if closing else len(text)
        return Line(LineKind.HEADING, tuple(_inline(text, heading.end(), end)), level=len(heading[1]))
    if item := _ITEM.match(text):
        depth = len(item[1].expandtabs(4)) // 2
        marker = item[2] if item[2][0].isdigit() else "•"
        return Line(LineKind.ITEM, tuple(_inline(text, item.end(), len(text))), depth, marker)
    if quote := _QUOTE.match(text):
        return Line(LineKind.QUOTE, tuple(_inline(text, quote.end(), len(text))))
    if _TABLE.match(text):
        return Line(LineKind.TABLE, (Run(0, len(text), Style.PLAIN),))
    return Line(LineKind.TEXT, tuple(_inline(text, 0, len(text))))


def _line_of_code(text: str, fence: Fence) -> Line:
    stripped = text.strip(" \t")
    if len(stripped) >= len(fence.marker) and set(stripped) == {fence.marker[0]}:
        return Line(LineKind.FENCE, ())
    return Line(LineKind.CODE, (Run(0, len(text), Style.CODE),), fence=fence)


class _Tries:
    """How many openings of a line may yet turn out to be closed by nothing; each is looked for to the line's end."""

    def __init__(self) -> None:
        self.left = _MOST_UNCLOSED


def _inline(
    text: str, start: int, end: int, style: Style = Style.PLAIN, tries: _Tries | None = None
) -> Iterator[Run]:
    """The runs of a stretch; markup that nothing closes is text."""
    tries = tries or _Tries()
    plain = at = start
    while tries.left and (special := _SPECIAL.search(text, at, end)):
        at = special.start()
        if not _may_open(text, at, end):
            at += 1
            continue
        found = _markup(text, at, end)
        if found is None:
            tries.left -= 1
            at += 1
            continue
        inner_start, inner_end, behind, added = found
        if plain < at:
            yield Run(plain, at, style)
        if Style.CODE in added or not added:
            yield Run(inner_start, inner_end, style | added)
        else:
            yield from _inline(text, inner_start, inner_end, style | added, tries)
        plain = at = behind
    if plain < end:
        yield Run(plain, end, style)


def _may_open(text: str, at: int, end: int) -> bool:
    """Whether it is worth looking for what closes it: a `_` within a word, say, is no markup, and there may be many."""
    behind = at + 1 < end
    if text[at] == "_":
        return behind and not (at > 0 and text[at - 1].isalnum())
    return behind and (text[at] != "\\" or text[at + 1] in _PUNCTUATION)


def _markup(text: str, at: int, end: int) -> tuple[int, int, int, Style] | None:
    """The markup that begins at `at`: (start and end of what it marks, the place behind it, its style)."""
    character = text[at]
    if character == "\\":
        escaped = at + 1 < end and text[at + 1] in _PUNCTUATION
        return (at + 1, at + 2, at + 2, Style.PLAIN) if escaped else None
    if character == "`":
        return _code_span(text, at, end)
    if character == "[":
        link = _LINK.match(text, at, end)
        return (link.start(1), link.end(1), link.end(), Style.LINK) if link and link[1] else None
    return _emphasis(text, at, end)


def _code_span(text: str, at: int, end: int) -> tuple[int, int, int, Style] | None:
    width = _run_length(text, at, end)
    close = text.find("`" * width, at + width, end)
    while close >= 0 and _run_length(text, close, end) != width:
        close = text.find("`" * width, close + _run_length(text, close, end), end)
    return (at + width, close, close + width, Style.CODE) if close > at + width else None


def _emphasis(text: str, at: int, end: int) -> tuple[int, int, int, Style] | None:
    character = text[at]
    width = min(_run_length(text, at, end), 2)
    if character == "~" and width < 2:
        return None
    for size in range(width, 0, -1):
        marker = character * size
        close = _closing(text, at + size, end, marker)
        if _opens(text, at, size, end) and close is not None:
            style = Style.STRIKE if character == "~" else Style.BOLD if size == 2 else Style.ITALIC
            return at + size, close, close + size, style
        if character == "~":
            return None
    return None


def _opens(text: str, at: int, size: int, end: int) -> bool:
    """Whether a marker can open: not before a blank, and `_` not within a word (snake_case)."""
    follows = text[at + size] if at + size < end else " "
    inside_word = text[at] == "_" and at > 0 and text[at - 1].isalnum()
    return not follows.isspace() and not inside_word


def _closing(text: str, start: int, end: int, marker: str) -> int | None:
    """Where the marker closes: behind something that is no blank, and as a run of its own length."""
    size = len(marker)
    close = text.find(marker, start, end)
    while close >= 0:
        width = _run_length(text, close, end)
        closes = close > start and not text[close - 1].isspace() and text[close - 1] != "\\"
        in_word = marker[0] == "_" and close + width < end and text[close + width].isalnum()
        if closes and not in_word and (width == size or width == 3):
            return close + width - size
        close = text.find(marker, close + width, end)
    return None


def _run_length(text: str, at: int, end: int) -> int:
    stop = at
    while stop < end and text[stop] == text[at]:
        stop += 1
    return stop - at
