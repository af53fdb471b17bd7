"""The providers in the order they are asked; a new one is its file and a line here."""

from __future__ import annotations

from viewer.stream.providers.anthropic import Anthropic
from viewer.stream.providers.base import NO, Clue, Provider
from viewer.stream.providers.bedrock_converse import BedrockConverse
from viewer.stream.providers.bedrock_invoke import BedrockInvoke
from viewer.stream.providers.cohere import Cohere
from viewer.stream.providers.errors import ErrorAnswer
from viewer.stream.providers.gemini import Gemini
from viewer.stream.providers.huggingface import HuggingFace
from viewer.stream.providers.ollama import Ollama
from viewer.stream.providers.openai_audio import OpenAIAudio
from viewer.stream.providers.openai_chat import OpenAIChat
from viewer.stream.providers.openai_completions import OpenAICompletions
from viewer.stream.providers.openai_responses import OpenAIResponses
from viewer.stream.providers.openai_threads import OpenAIThreads

PROVIDERS: tuple[Provider, ...] = (
    OpenAIChat(),
    Anthropic(),
    OpenAIResponses(),
    Gemini(),
    BedrockConverse(),
    Ollama(),
    Cohere(),
    OpenAICompletions(),
    OpenAIThreads(),
    OpenAIAudio(),
    BedrockInvoke(),
    HuggingFace(),
    ErrorAnswer(),
)


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
