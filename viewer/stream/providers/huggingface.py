"""Hugging Face text generation inference: `generate`, `generate_stream`, and the hosted pipelines' answers.

https://huggingface.co/docs/text-generation-inference. A chunk is a token; the last one repeats the whole text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from viewer.stream.payload import JsonObject, integer, mapping, objects, spell, string
from viewer.stream.providers.asking import parameters_of
from viewer.stream.providers.base import NO, SURE, Clue, DeltaWriter
from viewer.stream.providers.logprobs import of_tokens, tell_logprobs
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
    out.usage(_read_usage(details))
    tell_logprobs(of_tokens(_likely(item, token)), out, choice)
    if not token:
        tell_logprobs(of_tokens(_named(objects(details, "tokens"))), out, choice)
        for number, best in enumerate(objects(details, "best_of_sequences"), choice + 1):
            out.append(PartKind.TEXT, string(best, "generated_text"), number)
            out.finish(string(best, "finish_reason"), number)
    error = item.get("error") if isinstance(item, dict) else None
    if error:
        kind = string(item, "error_type")
        text = error if isinstance(error, str) else spell(error)
        out.error(text, (("type", kind),) if kind else ())
    if token and not out.has_written:
        out.nothing()


def _read_usage(details: JsonObject) -> Usage:
    """The prompt's length stands in the last chunk, or is that of its tokens."""
    asked = integer(details, "input_length")
    asked = integer(details, "prefill_tokens") if asked is None else asked
    prefill = objects(details, "prefill")
    return Usage(
        input=len(prefill) or None if asked is None else asked, output=integer(details, "generated_tokens")
    )


def _likely(item: Any, token: JsonObject) -> list[JsonObject]:
    """A chunk's token among the likeliest, where these were asked for."""
    tops = objects(item, "top_tokens")
    return [{**_named([token])[0], "top_logprobs": _named(tops)}] if tops and token else []


def _named(tokens: list[JsonObject]) -> list[JsonObject]:
    return [{"token": string(token, "text"), "logprob": token.get("logprob")} for token in tokens]
