"""How likely each token of an answer was, as lines that people read. No provider of its own.

Chat and Responses send `{token, logprob, top_logprobs}`, text completions parallel lists, Gemini candidates.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import exp
from typing import TYPE_CHECKING, Any

from viewer.stream.payload import JsonObject, mapping, objects, sequence, spell, string
from viewer.stream.transcript import PartKind

if TYPE_CHECKING:
    from viewer.stream.providers.base import DeltaWriter

Likely = tuple[str, Any]
"""A token and the logarithm of its probability, which may be anything."""


def tell_logprobs(lines: Iterable[str], out: DeltaWriter, choice: int = 0) -> None:
    """Adds the lines beside the answer that they are about."""
    text = "".join(f"{line}\n" for line in lines)
    if text:
        out.block(("logprobs", choice), PartKind.OTHER, text, name="logprobs", choice=choice, aside=True)


def of_tokens(items: list[JsonObject]) -> Iterable[str]:
    """Lines of `{token, logprob, top_logprobs}`."""
    for item in items:
        others = ((string(other, "token"), other.get("logprob")) for other in objects(item, "top_logprobs"))
        yield _line((string(item, "token"), item.get("logprob")), others)


def of_choice(logprobs: JsonObject) -> Iterable[str]:
    """Lines of a choice's `logprobs`: chat's `content` and `refusal`, or the lists of text completions."""
    yield from of_tokens(objects(logprobs, "content") + objects(logprobs, "refusal"))
    chances, tops = sequence(logprobs, "token_logprobs"), sequence(logprobs, "top_logprobs")
    for place, token in enumerate(sequence(logprobs, "tokens")):
        top = tops[place] if place < len(tops) else None
        others = mapping(top).items()
        yield _line((spell(token), chances[place] if place < len(chances) else None), others)


def of_candidate(result: JsonObject) -> Iterable[str]:
    """Lines of Gemini's `logprobsResult`."""
    tops = objects(result, "topCandidates")
    for place, item in enumerate(objects(result, "chosenCandidates")):
        others = objects(tops[place], "candidates") if place < len(tops) else []
        yield _line(_candidate(item), map(_candidate, others))


def _candidate(item: JsonObject) -> Likely:
    return string(item, "token"), item.get("logProbability")


def _line(chosen: Likely, others: Iterable[Likely]) -> str:
    rest = [_chance(other) for other in others if other[0] != chosen[0]]
    return "   ".join([_chance(chosen), *rest])


def _chance(likely: Likely) -> str:
    token, logarithm = likely
    shown = token.replace("\n", "↵")
    if not isinstance(logarithm, int | float) or isinstance(logarithm, bool):
        return f"“{shown}”"
    return f"“{shown}” {exp(min(0.0, logarithm)):.1%}"
