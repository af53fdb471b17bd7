"""Legacy text completions (`/v1/completions`, object `text_completion`), streamed and whole.

https://platform.openai.com/docs/api-reference/completions
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from viewer.stream.payload import JsonObject, mapping, objects, spell, string
from viewer.stream.providers.asking import parameters_of
from viewer.stream.providers.base import LIKELY, NO, SURE, Clue, DeltaWriter
from viewer.stream.providers.openai_usage import read_usage
from viewer.stream.transcript import Conversation, Message, Part, PartKind

if TYPE_CHECKING:
    from viewer.stream.event import Event


class OpenAICompletions:
    """Reads text completions."""

    name = "OpenAI Completions"

    def fit(self, clue: Clue) -> int:
        """Choices hold a `text`; errors are known by the path."""
        first = clue.first
        if string(first, "object").startswith("text_completion"):
            return SURE
        if any("text" in choice and "delta" not in choice for choice in objects(first, "choices")):
            return SURE - 20
        is_asked = "prompt" in clue.request or "error" in first
        is_here = clue.path.endswith("/completions") and "/chat/" not in clue.path
        return LIKELY - 5 if is_here and is_asked else NO

    def read(self, payload: Any, event: Event, out: DeltaWriter) -> None:
        """One chunk, or the whole answer."""
        if not isinstance(payload, dict):
            return
        out.start(model=string(payload, "model"), id=string(payload, "id"))
        for position, choice in enumerate(objects(payload, "choices")):
            index = choice.get("index")
            number = index if type(index) is int else position
            out.append(PartKind.TEXT, string(choice, "text"), number)
            out.finish(string(choice, "finish_reason"), number)
        usage = mapping(payload, "usage")
        if usage:
            out.usage(read_usage(usage, event.data, "usage"))
        if payload.get("error"):
            out.error(string(payload, "error", "message") or spell(payload["error"]))
        if not out.has_written and "choices" in payload:
            out.nothing()

    def conversation(self, payload: JsonObject, text: str) -> Conversation:
        """The prompt, or one message for each of several; and parameters."""
        prompt = payload.get("prompt")
        prompts = prompt if isinstance(prompt, list) else [prompt] if prompt else []
        messages = tuple(Message("user", (Part(PartKind.TEXT, spell(item)),)) for item in prompts)
        parameters = parameters_of(text, "prompt", "model")
        return Conversation(messages, (), parameters, string(payload, "model"), self.name)
