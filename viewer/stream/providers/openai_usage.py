"""The usage object of OpenAI's chat and text completions, which many services send. No provider of its own."""

from __future__ import annotations

from viewer.stream.payload import JsonObject, integer, member_text
from viewer.stream.transcript import Usage


def read_usage(usage: JsonObject, text: str, *path: str) -> Usage:
    """The counts of a usage object, which stands at `path` in `text`, in OpenAI's chat words."""
    return Usage(
        input=integer(usage, "prompt_tokens"),
        output=integer(usage, "completion_tokens"),
        total=integer(usage, "total_tokens"),
        cached=integer(usage, "prompt_tokens_details", "cached_tokens"),
        reasoning=integer(usage, "completion_tokens_details", "reasoning_tokens"),
        cost=_cost(usage, text, *path),
    )


def _cost(usage: JsonObject, text: str, *path: str) -> str:
    """OpenRouter's number or Perplexity's `total_cost`, as it is spelled."""
    cost = usage.get("cost")
    if isinstance(cost, dict):
        return member_text(text, *path, "cost", "total_cost")
    return member_text(text, *path, "cost") if isinstance(cost, int | float) else ""
