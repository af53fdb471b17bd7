"""Hugging Face text generation inference: `generate`, `generate_stream`, and the hosted pipelines' answers.

https://huggingface.co/docs/text-generation-inference. A chunk is a token; the last one repeats the whole text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from viewer.stream.payload import JsonObject, integer, mapping, spell, string
from viewer.stream.providers.asking import parameters_of
from viewer.stream.providers.base import NO, SURE, Clue, DeltaWriter
from viewer.stream.transcript import Conversation, Message, Part, PartKind, Usage

if TYPE_CHECKING:
    from viewer.stream.event import Event

_WHOLE = ("generated_text", "summary_text", "translation_text")


class HuggingFace:
    """Reads text generation."""

    name = "Hugging Face TGI"

    def fit(self, clue: Clue) -> int:
        """Chunks hold a `token`, answers a `generated_text`, bare or in an array."""
        for payload in clue.payloads:
            item = payload[0] if isinstance(payload, list) and payload else payload
            if "text" in mapping(item, "token") or any(string(item, name) for name in _WHOLE):
                return SURE - 20
        return NO

    def read(self, payload: Any, event: Event, out: DeltaWriter) -> None:
        """One token, or the whole answer."""
        for choice, item in enumerate(payload if isinstance(payload, list) else [payload]):
            _read_item(item, choice, out)

    def conversation(self, payload: JsonObject, text: str) -> Conversation:
        """The prompt and parameters of a request."""
        prompt = payload.get("inputs")
        messages = (Message("user", (Part(PartKind.TEXT, spell(prompt)),)),) if prompt else ()
        model = string(payload, "model")
        return Conversation(messages, (), parameters_of(text, "inputs", "model"), model, self.name)


def _read_item(item: Any, choice: int, out: DeltaWriter) -> None:
    token = mapping(item, "token")
    if token and token.get("special") is not True:
        out.append(PartKind.TEXT, string(token, "text"), choice)
    elif not token:
        whole = next((text for name in _WHOLE if (text := string(item, name))), "")
        out.append(PartKind.TEXT, whole, choice)
    details = mapping(item, "details")
    out.finish(string(details, "finish_reason"), choice)
    out.usage(Usage(input=integer(details, "prefill_tokens"), output=integer(details, "generated_tokens")))
    error = item.get("error") if isinstance(item, dict) else None
    if error:
        out.error(error if isinstance(error, str) else spell(error))
    if token and not out.has_written:
        out.nothing()
