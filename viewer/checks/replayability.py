"""What would not replay, and why: the rules of each recorder's loader and matcher (formats.md, section 1).

A rule looks at one interaction; the rules of a format are those of its recorder, in `rules/`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from viewer.cassette.model import Kind, ParseError
from viewer.checks.problem import Problem, Severity
from viewer.checks.rules import go_vcr, php_vcr, polly, vcr, vcrpy
from viewer.checks.rules.look import Look, Seen

if TYPE_CHECKING:
    from viewer.cassette.cassette import Cassette

Rule = Callable[[Look], Iterator[Problem]]


def problems_of(cassette: Cassette, position: int, seen: Seen | None = None) -> list[Problem]:
    """Every problem of one interaction, malformed entries included.

    Who asks for one after the other keeps `seen` between them, for rules that compare.
    """
    try:
        interaction = cassette.interaction(position)
        group = cassette.group(position)
    except ParseError as err:
        return [Problem(err.message, Severity.ERROR, position, err.line)]
    look = Look(cassette, interaction, group, {} if seen is None else seen)
    rules = (_has_what_matching_needs, *_RULES.get(cassette.format.name, ()))
    return [problem for rule in rules for problem in rule(look)]


def problems(cassette: Cassette) -> Iterator[Problem]:
    """Every problem of a cassette, in the order of its interactions."""
    seen: Seen = {}
    position = 0
    while position < len(cassette):
        yield from problems_of(cassette, position, seen)
        position += 1


def _has_what_matching_needs(look: Look) -> Iterator[Problem]:
    """Every recorder here matches by method and URL, and answers with a status."""
    interaction = look.interaction
    if interaction.kind is not Kind.HTTP or interaction.request is None:
        return
    for name, value in (("method", interaction.request.method), ("URL", interaction.request.url)):
        # A mock written for ExVCR may leave the method out.
        if not value and (name, look.cassette.format.name) != ("method", "ExVCR"):
            yield look.error(f"the request has no {name}, so it never matches")
    if interaction.response is None and not interaction.note:
        yield look.error("there is no response")
    elif interaction.response is not None and interaction.response.status is None:
        yield look.error("the response has no status")


_VCRPY: tuple[Rule, ...] = (vcrpy.keys, vcrpy.tags)
_RULES: dict[str, tuple[Rule, ...]] = {
    "go-vcr v1": (go_vcr.version, go_vcr.types),
    "go-vcr v2": (go_vcr.types, go_vcr.duration, go_vcr.request_length, go_vcr.form),
    "vcrpy": _VCRPY,
    "vcrpy JSON": (vcrpy.keys,),
    "vcrpy 0.x": (vcrpy.migrated,),
    "langchain": _VCRPY,
    "pydantic-ai": (*_VCRPY, vcrpy.tree_length),
    "Ruby VCR": (vcr.http_date,),
    "Ruby VCR JSON": (vcr.http_date,),
    "Ruby VCR 1.x": (vcr.migrated,),
    "Betamax": (vcr.iso_date, vcr.encoding),
    "Polly.js": (polly.found_by, polly.gaps),
    "php-vcr": (php_vcr.dashes,),
}
