"""The providers in the order they are asked; a new one is its file and two lines here.

A provider is imported when it is asked, and nobody is asked after one that is sure: reading an answer imports
one or a few of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from viewer.stream.providers.base import NO, SURE, Clue, Provider


def choose(clue: Clue) -> Provider | None:
    """The provider that fits best, the first of equals; None where none fits."""
    best: Provider | None = None
    score = NO
    for provider in providers():
        fit = provider.fit(clue)
        if fit > score:
            best, score = provider, fit
        if score >= SURE:
            break
    return best


def by_name(name: str) -> Provider | None:
    """The provider called `name`."""
    return next((provider for provider in providers() if provider.name == name), None)


def providers() -> Iterator[Provider]:
    """Every provider, in their order; they have no state, so each call makes them anew."""
    from viewer.stream.providers.openai_chat import OpenAIChat

    yield OpenAIChat()
    from viewer.stream.providers.anthropic import Anthropic

    yield Anthropic()
    from viewer.stream.providers.openai_responses import OpenAIResponses

    yield OpenAIResponses()
    from viewer.stream.providers.gemini import Gemini

    yield Gemini()
    from viewer.stream.providers.bedrock_converse import BedrockConverse

    yield BedrockConverse()
    from viewer.stream.providers.ollama import Ollama

    yield Ollama()
    from viewer.stream.providers.cohere import Cohere

    yield Cohere()
    from viewer.stream.providers.openai_completions import OpenAICompletions

    yield OpenAICompletions()
    from viewer.stream.providers.openai_threads import OpenAIThreads

    yield OpenAIThreads()
    from viewer.stream.providers.openai_audio import OpenAIAudio

    yield OpenAIAudio()
    from viewer.stream.providers.bedrock_invoke import BedrockInvoke

    yield BedrockInvoke()
    from viewer.stream.providers.huggingface import HuggingFace

    yield HuggingFace()
    from viewer.stream.providers.errors import ErrorAnswer

    yield ErrorAnswer()
