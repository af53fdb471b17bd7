"""Ollama's own API: `/api/chat` and `/api/generate`, streamed as NDJSON or whole.

https://github.com/ollama/ollama/blob/main/docs/api.md. Every line carries `created_at`, so a replay has the
recorded times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from viewer.stream.payload import (
    JsonObject,
    decode,
    element_texts,
    integer,
    is_said,
    mapping,
    member_text,
    objects,
    sequence,
    spell,
    string,
)
from viewer.stream.providers.asking import parameters_of, tools_of
from viewer.stream.providers.base import LIKELY, NO, SURE, Clue, DeltaWriter
from viewer.stream.providers.logprobs import of_tokens, tell_logprobs
from viewer.stream.transcript import Conversation, Media, Message, Part, PartKind, Usage

if TYPE_CHECKING:
    from viewer.stream.event import Event
_MESSAGE = {"role", "content", "thinking", "tool_calls", "images"}
"""Members of a message that are read here; others are kept as they are."""


class Ollama:
    """Reads Ollama's chat and generate."""

    name = "Ollama"

    def fit(self, clue: Clue) -> int:
        """Lines carry `done` beside a message or a response."""
        first = clue.first
        if "done" in first and ("message" in first or "response" in first):
            return SURE
        return LIKELY if clue.path.endswith(("/api/chat", "/api/generate")) else NO

    def read(self, payload: Any, event: Event, out: DeltaWriter) -> None:
        """One line, or the whole answer."""
        if not isinstance(payload, dict) or not payload.keys() & {"message", "response", "done", "error"}:
            return
        message = mapping(payload, "message")
        out.start(model=string(payload, "model"), role=string(message, "role"))
        out.append(PartKind.REASONING, string(message, "thinking") or string(payload, "thinking"))
        out.append(PartKind.TEXT, string(message, "content") or string(payload, "response"))
        if message.get("tool_calls"):
            for text in element_texts(member_text(event.data, "message", "tool_calls")):
                _read_call(text, out)
        for image in [*_images(message), *_images(payload)]:
            out.part(PartKind.IMAGE, media=image.media)
        if string(payload, "image"):  # image models of generate
            out.part(PartKind.IMAGE, media=Media("image", payload["image"]))
        if payload.get("logprobs"):
            tell_logprobs(of_tokens(objects(payload, "logprobs")), out)
        if not message.keys() <= _MESSAGE:
            for name, value in message.items():
                if name not in _MESSAGE and is_said(value):
                    out.rest(name, value)
        if payload.get("done") is True:
            out.finish(string(payload, "done_reason") or "done")
        out.usage(Usage(input=integer(payload, "prompt_eval_count"), output=integer(payload, "eval_count")))
        if payload.get("error"):
            out.error(spell(payload["error"]))
        if not out.has_written:
            out.nothing()

    def conversation(self, payload: JsonObject, text: str) -> Conversation:
        """Messages or prompt, tools and parameters of a request."""
        messages = [_message_of(item) for item in objects(payload, "messages")]
        if string(payload, "system"):
            messages.append(Message("system", (Part(PartKind.TEXT, string(payload, "system")),)))
        if string(payload, "prompt"):
            parts = [Part(PartKind.TEXT, string(payload, "prompt")), *_images(payload)]
            messages.append(Message("user", tuple(parts)))
        shown = ("messages", "system", "prompt", "images", "tools", "model")
        return Conversation(
            tuple(messages),
            tools_of(text, "tools"),
            parameters_of(text, *shown),
            string(payload, "model"),
            self.name,
        )


def _read_call(text: str, out: DeltaWriter) -> None:
    call = decode(text)
    function = mapping(call, "function")
    arguments = member_text(text, "function", "arguments") or "{}"
    out.part(PartKind.TOOL_CALL, arguments, name=string(function, "name"), call_id=string(call, "id"))


def _images(item: JsonObject) -> list[Part]:
    images = (image for image in sequence(item, "images") if isinstance(image, str))
    return [Part(PartKind.IMAGE, media=Media("image", image)) for image in images]


def _message_of(item: JsonObject) -> Message:
    role = string(item, "role")
    parts: list[Part] = []
    if string(item, "thinking"):
        parts.append(Part(PartKind.REASONING, string(item, "thinking")))
    if string(item, "content"):
        kind = PartKind.TOOL_RESULT if role == "tool" else PartKind.TEXT
        name = string(item, "tool_name") if role == "tool" else ""
        parts.append(Part(kind, string(item, "content"), name))
    parts += _images(item)
    for call in objects(item, "tool_calls"):
        function = mapping(call, "function")
        arguments = spell(function.get("arguments", {}))
        parts.append(Part(PartKind.TOOL_CALL, arguments, string(function, "name"), string(call, "id")))
    return Message(role, tuple(parts))
