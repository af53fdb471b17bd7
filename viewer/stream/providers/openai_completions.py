"""Legacy text completions (`/v1/completions`, object `text_completion`), streamed and whole; llama.cpp's own.

https://platform.openai.com/docs/api-reference/completions,
https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from viewer.stream.payload import JsonObject, integer, mapping, objects, spell, string
from viewer.stream.providers.asking import parameters_of
from viewer.stream.providers.base import LIKELY, NO, SURE, Clue, DeltaWriter
from viewer.stream.providers.logprobs import of_choice, tell_logprobs
from viewer.stream.providers.openai_usage import read_usage
from viewer.stream.transcript import Conversation, Message, Part, PartKind, Usage

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
        if _is_llama(first):
            return SURE - 20
        is_asked = "prompt" in clue.request or "error" in first
        is_here = clue.path.endswith("/completions") and "/chat/" not in clue.path
        return LIKELY - 5 if is_here and is_asked else NO

    def read(self, payload: Any, event: Event, out: DeltaWriter) -> None:
        """One chunk, or the whole answer."""
        if not isinstance(payload, dict):
            return
        out.start(model=string(payload, "model"), id=string(payload, "id"))
        if _is_llama(payload):
            _read_llama(payload, out)
        for position, choice in enumerate(objects(payload, "choices")):
            index = choice.get("index")
            number = index if type(index) is int else position
            out.append(PartKind.TEXT, string(choice, "text"), number)
            for name in ("reasoning", "reasoning_content"):
                out.append(PartKind.REASONING, string(choice, name), number)
            out.finish(string(choice, "finish_reason") or string(choice, "stop_reason"), number)
            if choice.get("logprobs"):
                tell_logprobs(of_choice(mapping(choice, "logprobs")), out, number)
        usage = mapping(payload, "usage")
        if usage:
            out.usage(read_usage(usage, event.data, "usage"))
        if payload.get("error"):
            out.error(string(payload, "error", "message") or spell(payload["error"]))
        elif string(payload, "object") == "error":
            out.error(string(payload, "message") or spell(payload.get("message", "")))
        if not out.has_written and "choices" in payload:
            out.nothing()

    def conversation(self, payload: JsonObject, text: str) -> Conversation:
        """The prompt, or one message for each of several; and parameters."""
        prompt = payload.get("prompt")
        prompts = prompt if isinstance(prompt, list) else [prompt] if prompt else []
        messages = tuple(Message("user", (Part(PartKind.TEXT, spell(item)),)) for item in prompts)
        parameters = parameters_of(text, "prompt", "model")
        return Conversation(messages, (), parameters, string(payload, "model"), self.name)


def _is_llama(payload: JsonObject) -> bool:
    """Whether this is an answer of llama.cpp's own endpoint."""
    return isinstance(payload.get("content"), str) and isinstance(payload.get("stop"), bool)


def _read_llama(payload: JsonObject, out: DeltaWriter) -> None:
    out.append(PartKind.TEXT, payload["content"])
    if payload["stop"]:
        words = ("word", "stopped_word"), ("limit", "stopped_limit"), ("eos", "stopped_eos")
        old = next((word for word, name in words if payload.get(name) is True), "stop")
        out.finish(string(payload, "stop_type") or old)
        out.usage(
            Usage(input=integer(payload, "tokens_evaluated"), output=integer(payload, "tokens_predicted"))
        )
    if not out.has_written:
        out.nothing()
