"""What would not replay, and why: the rules of each recorder's loader and matcher (formats.md, section 1).

A rule looks at one interaction; the rules of a format are those of its recorder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from viewer.cassette.cassette import Cassette
from viewer.cassette.edits import SetRecordedLength
from viewer.cassette.formats.base import Side
from viewer.cassette.model import Interaction, Kind, ParseError
from viewer.cassette.node import Scalar, find, whole_number
from viewer.checks.problem import Problem, Severity

Rule = Callable[[Cassette, Interaction], Iterator[Problem]]


def problems_of(cassette: Cassette, position: int) -> list[Problem]:
    """Every problem of one interaction, malformed entries included."""
    try:
        interaction = cassette.interaction(position)
    except ParseError as err:
        return [Problem(err.message, Severity.ERROR, position, err.line)]
    rules = (*_COMMON, *_RULES.get(cassette.format.name, ()))
    return [problem for rule in rules for problem in rule(cassette, interaction)]


def problems(cassette: Cassette) -> Iterator[Problem]:
    """Every problem of a cassette, in the order of its interactions."""
    position = 0
    while position < len(cassette):
        yield from problems_of(cassette, position)
        position += 1


def _has_what_matching_needs(cassette: Cassette, interaction: Interaction) -> Iterator[Problem]:
    """Every recorder here matches by method and URL, and answers with a status."""
    if interaction.kind is not Kind.HTTP or interaction.request is None:
        return
    line = cassette.line_of(interaction.position)
    for name, value in (("method", interaction.request.method), ("URL", interaction.request.url)):
        if not value:
            text = f"the request has no {name}, so it never matches"
            yield Problem(text, Severity.ERROR, interaction.position, line)
    if interaction.response is None:
        yield Problem("there is no response", Severity.ERROR, interaction.position, line)


def _go_vcr_request_length(cassette: Cassette, interaction: Interaction) -> Iterator[Problem]:
    """go-vcr v4's default matcher compares content_length with the request that is made."""
    request = interaction.request
    node = find(cassette.group(interaction.position)[0].root, "request", "content_length")
    if request is None or request.body.is_absent or not isinstance(node, Scalar):
        return
    length = len(request.body.raw or b"")
    recorded = whole_number(node.value)
    if recorded is None or recorded == length:
        return
    difference = recorded - length
    size = "large" if difference > 0 else "small"
    yield Problem(
        f"content_length of request {interaction.position} is {abs(difference)} too {size}",
        Severity.WARNING,
        interaction.position,
        _line(cassette, interaction.position, node),
        SetRecordedLength(interaction.position, Side.REQUEST, length),
    )


def _line(cassette: Cassette, position: int, node: Scalar) -> int:
    text = cassette.group(position)[0].text
    return cassette.line_of(position) + text.count("\n", 0, node.start)


_COMMON: tuple[Rule, ...] = (_has_what_matching_needs,)
_RULES: dict[str, tuple[Rule, ...]] = {"go-vcr v2": (_go_vcr_request_length,)}
