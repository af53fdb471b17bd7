"""Settings of a file's writer, measured from the file's own text.

A writer's settings (indentation step, line width, escaping of what is not ASCII) are chosen by whoever set
the recorder up. They show in every file that is long enough; where one does not show, the caller's default
stays.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from viewer.cassette.model import ParseError
from viewer.cassette.spelling.base import Writer
from viewer.cassette.spelling.places import Found, scalars
from viewer.cassette.yaml_text import parse_all

_SAMPLE = 400_000
_ITEM = re.compile(r"^ *- ", re.MULTILINE)
_NESTED = re.compile(
    r"^(?P<outer> *(?:- +)*)[\w.'\"-]+:(?: *[{]?)\n(?P<inner> +)(?=[\w.'\"-]+:(?:[ \n]))", re.MULTILINE
)


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


def _steps(sample: str) -> Counter[int]:
    matches = _NESTED.finditer(sample, 0, _SAMPLE)
    found = Counter(len(match["inner"]) - len(match["outer"]) for match in matches)
    return +Counter({columns: count for columns, count in found.items() if columns > 0})


def fitting(candidates: Iterable[Writer], sample: str) -> Writer:
    """The candidate that spells the sample's own scalars best; the first of equals, and where nothing shows.

    `sample` is cut to a size that takes a few milliseconds to parse, at an entry of the list.
    """
    first, *others = candidates
    neighbours = _neighbours(sample)
    if not neighbours or not (missed := _misses(first, neighbours)):
        return first
    for other in others:
        # What the others cannot do worse than so far decides early: most scalars are the same in all of them.
        count = _misses(other, neighbours)
        if count < missed:
            first, missed = other, count
    return first


def _misses(writer: Writer, neighbours: list[Found]) -> int:
    return sum(writer.spell(found.scalar.value, found.tag, found.place) != found.text for found in neighbours)


def _neighbours(sample: str) -> list[Found]:
    text = sample.replace("\r\n", "\n")
    for cut in _cuts(text):
        try:
            roots = parse_all(text[:cut])
        except ParseError:
            continue
        return [found for root in roots for found in scalars(text, root) if not found.place.is_key]
    return []


def _cuts(text: str) -> Iterator[int]:
    """Where to cut the sample, the whole first if it is small enough, then before a list's item."""
    if len(text) <= _SAMPLE:
        yield len(text)
    indents = [match.end() - match.start() - 2 for match in _ITEM.finditer(text, 0, _SAMPLE)]
    for indent in sorted(set(indents))[:3]:
        cut = text.rfind("\n" + " " * indent + "- ", 0, _SAMPLE)
        if cut > 0:
            yield cut + 1
