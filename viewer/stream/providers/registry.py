"""The providers in the order they are asked; a new one is its file and a line here."""

from __future__ import annotations

from viewer.stream.providers.base import NO, Clue, Provider
from viewer.stream.providers.openai_chat import OpenAIChat

PROVIDERS: tuple[Provider, ...] = (OpenAIChat(),)


def choose(clue: Clue) -> Provider | None:
    """The provider that fits best, the first of equals; None where none fits."""
    best: Provider | None = None
    score = NO
    for provider in PROVIDERS:
        fit = provider.fit(clue)
        if fit > score:
            best, score = provider, fit
    return best


def by_name(name: str) -> Provider | None:
    """The provider called `name`."""
    return next((provider for provider in PROVIDERS if provider.name == name), None)
