"""The usage object of OpenAI's chat and text completions, which many services send. No provider of its own."""

from __future__ import annotations

from viewer.stream.payload import JsonObject, integer, mapping, member_text
from viewer.stream.transcript import Usage

_TICKS = 10**10
"""How many of its ticks xAI counts to a dollar."""


def read_usage(usage: JsonObject, text: str, *path: str) -> Usage:
    """The counts of a usage object, which stands at `path` in `text`, in OpenAI's chat words and its dialects'."""
    asked, answered = mapping(usage, "prompt_tokens_details"), mapping(usage, "completion_tokens_details")
    return Usage(
        input=integer(usage, "prompt_tokens"),
        output=integer(usage, "completion_tokens"),
        total=integer(usage, "total_tokens"),
        cached=first_count(
            integer(asked, "cached_tokens"),
            integer(usage, "prompt_cache_hit_tokens"),  # DeepSeek
            integer(usage, "cache_read_input_tokens"),  # LiteLLM
            integer(usage, "cached_tokens"),  # Moonshot, Together
        ),
        cache_written=first_count(
            integer(asked, "cache_write_tokens"),  # OpenRouter
            integer(usage, "cache_creation_input_tokens"),  # LiteLLM
        ),
        reasoning=first_count(
            integer(answered, "reasoning_tokens"),
            integer(usage, "reasoning_tokens"),  # Perplexity
        ),
        cost=cost_of(usage, text, *path),
    )


def usage_of_timings(timings: JsonObject) -> Usage:
    """llama.cpp's counts, which it sends beside the answer whether usage is asked for or not."""
    fresh, cached = integer(timings, "prompt_n"), integer(timings, "cache_n")
    asked = None if fresh is None else fresh + (cached or 0)
    return Usage(input=asked, output=integer(timings, "predicted_n"), cached=cached)


def first_count(*counts: int | None) -> int | None:
    """The first that was counted."""
    return next((count for count in counts if count is not None), None)


def cost_of(usage: JsonObject, text: str, *path: str) -> str:
    """OpenRouter's number, Perplexity's `total_cost`, DeepInfra's estimate: as they are spelled; xAI's ticks."""
    for name in ("cost", "estimated_cost"):
        cost = usage.get(name)
        if isinstance(cost, dict):
            return member_text(text, *path, name, "total_cost")
        if isinstance(cost, int | float):
            return member_text(text, *path, name)
    ticks = integer(usage, "cost_in_usd_ticks")
    return "" if ticks is None else _dollars(ticks)


def _dollars(ticks: int) -> str:
    whole, part = divmod(ticks, _TICKS)
    return f"{whole}.{part:010d}".rstrip("0").rstrip(".")
