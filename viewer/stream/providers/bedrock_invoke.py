"""Bedrock InvokeModel for the models that have a shape of their own: Titan, Llama, Mistral, AI21, Cohere.

https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html. Anthropic's and Nova's bodies
are read by their own providers. Each shape is one text and one reason somewhere in a small object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from viewer.stream.payload import JsonObject, integer, mapping, objects, sequence, string
from viewer.stream.providers.asking import parameters_of, tools_of
from viewer.stream.providers.base import LIKELY, NO, POSSIBLE, Clue, DeltaWriter
from viewer.stream.providers.openai_messages import message_of
from viewer.stream.transcript import Conversation, Message, Part, PartKind, Usage

if TYPE_CHECKING:
    from viewer.stream.event import Event

_TEXTS = ("outputText", "generation", "completion", "generated_text", "text")
_REASONS = ("completionReason", "stop_reason", "finish_reason", "completion_reason")
_LISTS = ("results", "outputs", "generations", "completions")
_PROMPTS = ("inputText", "prompt", "input")


class BedrockInvoke:
    """Reads text generation of Bedrock's other models, and watsonx, which has the same shape."""

    name = "Bedrock InvokeModel"

    def fit(self, clue: Clue) -> int:
        """The path names the call; without it the shape must be there."""
        if "/invoke" in clue.path:
            return LIKELY
        first = clue.first
        has_shape = "outputText" in first or "generation" in first or _lists(first)
        return POSSIBLE + 5 if has_shape else NO

    def read(self, payload: Any, event: Event, out: DeltaWriter) -> None:
        """One chunk, or the whole answer."""
        if not isinstance(payload, dict):
            return
        out.start(model=string(payload, "model_id"), id=string(payload, "id"))
        for choice, item in enumerate(_lists(payload) or [payload]):
            out.append(PartKind.TEXT, _first(mapping(item, "data") or item, _TEXTS), choice)
            out.finish(_first(item, _REASONS) or string(item, "finishReason", "reason"), choice)
        out.usage(_read_usage(payload))
        message = string(payload, "message") or string(payload, "Message")
        if message and not out.has_written:
            out.error(message, (("type", event.name),) if event.name else ())
        if not out.has_written and any(name in payload for name in (*_TEXTS, *_LISTS)):
            out.nothing()

    def conversation(self, payload: JsonObject, text: str) -> Conversation:
        """The prompt and parameters of a request."""
        prompt = _first(payload, _PROMPTS)
        messages = [message_of(item) for item in sequence(payload, "messages")]
        if prompt:
            messages.append(Message("user", (Part(PartKind.TEXT, prompt),)))
        shown = (*_PROMPTS, "messages", "tools", "model_id")
        model = string(payload, "model_id")
        return Conversation(
            tuple(messages), tools_of(text, "tools"), parameters_of(text, *shown), model, self.name
        )


def _lists(payload: JsonObject) -> list[JsonObject]:
    return next((found for name in _LISTS if (found := objects(payload, name))), [])


def _first(item: JsonObject, names: tuple[str, ...]) -> str:
    return next((text for name in names if (text := string(item, name))), "")


def _read_usage(payload: JsonObject) -> Usage:
    counted = (_lists(payload) or [{}])[0]
    inputs = (
        integer(payload, "inputTextTokenCount"),
        integer(payload, "prompt_token_count"),
        integer(counted, "input_token_count"),
    )
    outputs = (
        integer(payload, "totalOutputTextTokenCount"),
        integer(payload, "generation_token_count"),
        integer(counted, "tokenCount"),
        integer(counted, "generated_token_count"),
    )
    return Usage(
        input=next((count for count in inputs if count is not None), None),
        output=next((count for count in outputs if count is not None), None),
    )
