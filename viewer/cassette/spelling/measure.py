"""Settings of a file's writer, measured from the file's own text.

A writer's settings (indentation step, line width, escaping of what is not ASCII) are chosen by whoever set
the recorder up. They show in every file that is long enough; where one does not show, the caller's default
stays.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from viewer.cassette.json_text import decode_string
from viewer.cassette.model import ParseError
from viewer.cassette.patterns import regex
from viewer.cassette.spelling.places import Found, scalars
from viewer.cassette.yaml_text import parse_all

if TYPE_CHECKING:
    from viewer.cassette.spelling.base import Writer
    from viewer.cassette.spelling.json_writers import JsonStrings

_SAMPLE = 200_000
"""Characters looked at: some milliseconds to parse, and dozens of interactions."""
_LEVELS = 6
"""Depths of lists tried for a cut; recorders nest them three deep at most."""
_NESTED = regex(r"^(?P<outer> *(?:- +)*)[\w.'\"-]+:\n(?=(?P<inner> +)[\w.'\"-]+:(?:[ \n]))", re.MULTILINE)
_ITEM = regex(r"^ *- ", re.MULTILINE)
# A string that the sample's end cuts off is taken whole, else each quote in it would be tried as a beginning.
_JSON_STRING = regex(r'"(?:[^"\\]|\\(?:.|\Z))*+("|\Z)', re.DOTALL)

_DECODABLE = regex(r'(?:[^\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+')


def step(sample: str, default: int) -> int:
    """How many columns a nested block mapping is indented by, most often."""
    found = _steps(sample)
    return max(found, key=lambda columns: found[columns]) if found else default


def widest_step(sample: str, default: int) -> int:
    """The most columns that a nested block mapping is indented by."""
    return max(_steps(sample), default=default)


def narrowest_step(sample: str, default: int) -> int:
    """The fewest columns that a nested block mapping is indented by."""
    return min(_steps(sample), default=default)


def fitting(candidates: Iterable[Writer], sample: str) -> Writer:
    """The candidate that spells the sample's own scalars best; the first of equals, and where nothing shows.

    A long sample is cut at an item of a list.
    """
    best, *others = candidates
    neighbours = _neighbours(sample)
    missed = _misses(best, neighbours, len(neighbours) + 1)
    for other in others:
        if not missed:
            break
        if (count := _misses(other, neighbours, missed)) < missed:
            best, missed = other, count
    return best


def fitting_json(candidates: Iterable[JsonStrings], sample: str) -> JsonStrings:
    """As `fitting`, for the strings of a JSON text, which may be cut anywhere."""
    written = (match.group() for match in _JSON_STRING.finditer(sample, 0, _SAMPLE) if match[1])
    neighbours = [(decode_string(text), text) for text in written if _DECODABLE.fullmatch(text)]
    return min(candidates, key=lambda writer: sum(writer.quoted(value) != text for value, text in neighbours))


def _steps(sample: str) -> Counter[int]:
    matches = _NESTED.finditer(sample, 0, _SAMPLE)
    found = Counter(len(match["inner"]) - len(match["outer"]) for match in matches)
    return +Counter({columns: count for columns, count in found.items() if columns > 0})


def _misses(writer: Writer, neighbours: list[Found], limit: int) -> int:
    """How many of the neighbours the writer spells otherwise; counting stops at `limit`."""
    count = 0
    for found in neighbours:
        if count >= limit:
            break
        count += writer.spell(found.scalar.value, found.tag, found.place) != found.text
    return count


def _neighbours(sample: str) -> list[Found]:
    text = sample.replace("\r\n", "\n").removeprefix("\ufeff")
    for cut in _cuts(text):
        try:
            roots = parse_all(text[:cut])
        except ParseError:
            continue
        return [found for root in roots for found in scalars(text, root)]
    return []


def _cuts(text: str) -> Iterator[int]:
    """Where to cut the sample: nowhere if it is small enough, then before the last item of a list, outer lists too.

    An item of an inner list leaves the beginning of an entry, which parses as well.
    """
    if len(text) <= _SAMPLE:
        yield len(text)
    indents = {match.end() - match.start() - 2 for match in _ITEM.finditer(text, 0, _SAMPLE)}
    found = (text.rfind("\n" + " " * indent + "- ", 0, _SAMPLE) for indent in sorted(indents)[:_LEVELS])
    yield from sorted((cut + 1 for cut in found if cut > 0), reverse=True)
