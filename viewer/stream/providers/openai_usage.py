"""The usage object of OpenAI's chat and text completions, which many services send. No provider of its own."""

from __future__ import annotations

from viewer.stream.payload import JsonObject, integer, member_text
from viewer.stream.transcript import Usage


def read_usage(usage: JsonObject, text: str, *path: str) -> Usage:
    """The counts of a usage object, which stands at `path` in `text`, in OpenAI's chat words."""
    cost = usage.get("cost")
    return Usage(
        input=integer(usage, "prompt_tokens"),
        output=integer(usage, "completion_tokens"),
        total=integer(usage, "total_tokens"),
        cached=integer(usage, "prompt_tokens_details", "cached_tokens"),
        reasoning=integer(usage, "completion_tokens_details", "reasoning_tokens"),
        cost=member_text(text, *path, "cost") if isinstance(cost, int | float) else "",
    )
