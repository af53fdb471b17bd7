"""Cohere chat, v2 (typed events) and v1 (NDJSON with `event_type`), and the legacy generate.

https://docs.cohere.com/docs/streaming
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
from viewer.stream.providers.openai_messages import message_of, part_of
from viewer.stream.transcript import Conversation, Message, Part, PartKind, Usage

if TYPE_CHECKING:
    from viewer.stream.event import Event

_V1_ROLES = {"CHATBOT": "assistant", "USER": "user", "SYSTEM": "system", "TOOL": "tool"}
_V2_EVENTS = {
    "message-start",
    "content-start",
    "content-delta",
    "content-end",
    "tool-plan-delta",
    "tool-call-start",
    "tool-call-delta",
    "tool-call-end",
    "citation-start",
    "citation-end",
    "message-end",
    "debug",
}


class Cohere:
    """Reads Cohere's chat of both versions."""

    name = "Cohere Chat"

    def fit(self, clue: Clue) -> int:
        """Events name their type; a whole answer is known by its message or its generation id."""
        for payload in clue.payloads:
            if string(payload, "type") in _V2_EVENTS or "event_type" in mapping({"": payload}, ""):
                return SURE
        first = clue.first
        if "is_finished" in first and "text" in first:
            return SURE - 10
        if "generation_id" in first or (mapping(first, "message") and "finish_reason" in first):
            return SURE - 10
        if "generations" in first and "invoke" not in clue.path:
            return LIKELY
        return LIKELY if "cohere" in clue.host else NO

    def read(self, payload: Any, event: Event, out: DeltaWriter) -> None:
        """One event, or the whole answer."""
        if not isinstance(payload, dict):
            return
        if string(payload, "type") in _V2_EVENTS:
            _read_v2(payload, out)
        elif "event_type" in payload:
            _read_v1(payload, event, out)
        elif mapping(payload, "message"):
            _read_whole_v2(payload, out)
        elif "is_finished" in payload:
            _read_generated(payload, out)
        elif "text" in payload or "generation_id" in payload:
            _read_whole_v1(payload, event.data, out)
        elif "generations" in payload:
            _read_generations(payload, out)
        elif string(payload, "message") or payload.get("error"):
            out.error(string(payload, "message") or spell(payload["error"]))

    def conversation(self, payload: JsonObject, text: str) -> Conversation:
        """Messages of a request: v2's list, or v1's preamble, history and message."""
        messages: list[Message] = [message_of(item) for item in sequence(payload, "messages")]
        if string(payload, "preamble"):
            messages.append(Message("system", (Part(PartKind.TEXT, string(payload, "preamble")),)))
        for turn in objects(payload, "chat_history"):
            role = _V1_ROLES.get(string(turn, "role").upper(), string(turn, "role").lower())
            messages.append(Message(role, (Part(PartKind.TEXT, string(turn, "message")),)))
        for name in ("message", "prompt"):
            if string(payload, name):
                messages.append(Message("user", (Part(PartKind.TEXT, string(payload, name)),)))
        results = tuple(
            Part(PartKind.TOOL_RESULT, spell(result.get("outputs", result)), string(result, "call", "name"))
            for result in objects(payload, "tool_results")
        )
        if results:
            messages.append(Message("tool", results))
        shown = (
            "messages",
            "preamble",
            "chat_history",
            "message",
            "prompt",
            "tools",
            "tool_results",
            "model",
        )
        return Conversation(
            tuple(messages),
            tools_of(text, "tools"),
            parameters_of(text, *shown),
            string(payload, "model"),
            self.name,
        )


def _read_generations(payload: JsonObject, out: DeltaWriter) -> None:
    """The legacy generate's texts."""
    for choice, generation in enumerate(objects(payload, "generations")):
        if not out.has_parts or choice:
            out.append(PartKind.TEXT, string(generation, "text"), choice)
        out.finish(string(generation, "finish_reason"), choice)
    out.usage(_read_usage(mapping(payload, "meta")))


def _read_generated(payload: JsonObject, out: DeltaWriter) -> None:
    """A line of the legacy generate's stream; the last repeats all texts."""
    choice = integer(payload, "index") or 0
    out.append(PartKind.TEXT, string(payload, "text"), choice)
    out.finish(string(payload, "finish_reason"), choice)
    if mapping(payload, "response"):
        out.start(id=string(payload, "response", "id"))
        for number, generation in enumerate(objects(payload, "response", "generations")):
            out.finish(string(generation, "finish_reason"), number)
        out.usage(_read_usage(mapping(payload, "response", "meta")))
    if string(payload, "err"):
        out.error(string(payload, "err"))
    if not out.has_written:
        out.nothing()


def _read_v2(payload: JsonObject, out: DeltaWriter) -> None:
    message = mapping(payload, "delta", "message")
    index = payload.get("index", 0)
    match string(payload, "type"):
        case "message-start":
            out.start(id=string(payload, "id"), role=string(message, "role"))
        case "content-start" | "content-delta":
            _read_content(mapping(message, "content"), index, out)
            if mapping(payload, "logprobs"):
                _read_logprobs([mapping(payload, "logprobs")], out)
        case "tool-plan-delta":
            out.append(PartKind.REASONING, string(message, "tool_plan"))
        case "tool-call-start" | "tool-call-delta":
            _read_call(mapping(message, "tool_calls"), index, out)
        case "citation-start":
            _read_citation(mapping(message, "citations"), out)
        case "message-end":
            out.finish(string(payload, "delta", "finish_reason"))
            out.usage(_read_usage(mapping(payload, "delta", "usage")))
            if string(payload, "delta", "error"):
                out.error(string(payload, "delta", "error"))
    if not out.has_written:
        out.nothing()


def _read_content(content: JsonObject, index: Any, out: DeltaWriter) -> None:
    if string(content, "thinking"):
        out.block(("content", index), PartKind.REASONING, string(content, "thinking"))
    if string(content, "text"):
        out.block(("content", index), PartKind.TEXT, string(content, "text"))
    if string(content, "type") not in ("text", "thinking", ""):
        part = part_of(content)
        out.part(part.kind, part.text, name=part.name, media=part.media)


def _read_logprobs(items: list[JsonObject], out: DeltaWriter) -> None:
    """Each token's probability; Cohere lists them for a text of several tokens."""
    for item in items:
        chances = sequence(item, "logprobs")
        text = string(item, "text")
        tell_logprobs(of_tokens([{"token": text, "logprob": sum(_numbers(chances))}]), out)


def _numbers(values: list[Any]) -> list[float]:
    return [value for value in values if isinstance(value, int | float)]


def _read_call(call: JsonObject, index: Any, out: DeltaWriter) -> None:
    function = mapping(call, "function")
    out.block(
        ("tool", index),
        PartKind.TOOL_CALL,
        string(function, "arguments"),
        name=string(function, "name"),
        call_id=string(call, "id"),
    )


def _read_citation(citation: JsonObject, out: DeltaWriter) -> None:
    """A stretch of the text and its sources: documents, or what tools gave."""
    sources = objects(citation, "sources")
    names = [string(source, "document", "title") or string(source, "id") for source in sources]
    names += [name for name in sequence(citation, "document_ids") if isinstance(name, str)]
    urls = (string(source, "document", "url") for source in sources)
    facts = tuple(("url", url) for url in urls if url)
    outputs = (source["tool_output"] for source in sources if is_said(source.get("tool_output")))
    facts += tuple(("tool output", spell(output)) for output in outputs)
    key = ("citation", spell(citation))  # the end of a stream lists them again
    out.once(key, PartKind.CITATION, string(citation, "text"), name=", ".join(names), facts=facts)


def _read_whole_v2(payload: JsonObject, out: DeltaWriter) -> None:
    message = mapping(payload, "message")
    out.start(id=string(payload, "id"), role=string(message, "role"))
    out.append(PartKind.REASONING, string(message, "tool_plan"))
    for index, content in enumerate(objects(message, "content")):
        _read_content(content, index, out)
    for index, call in enumerate(objects(message, "tool_calls")):
        _read_call(call, index, out)
    _read_logprobs(objects(payload, "logprobs"), out)
    for citation in objects(message, "citations"):
        _read_citation(citation, out)
    out.finish(string(payload, "finish_reason"))
    out.usage(_read_usage(mapping(payload, "usage") or mapping(payload, "meta")))


def _read_v1(payload: JsonObject, event: Event, out: DeltaWriter) -> None:
    match string(payload, "event_type"):
        case "stream-start":
            out.start(id=string(payload, "generation_id"), role="assistant")
        case "text-generation":
            out.append(PartKind.TEXT, string(payload, "text"))
        case "tool-calls-chunk":
            out.append(PartKind.REASONING, string(payload, "text"))
            call = mapping(payload, "tool_call_delta")
            if call:
                key = ("tool", integer(call, "index"))
                text = string(call, "parameters") or string(call, "text")
                out.block(key, PartKind.TOOL_CALL, text, name=string(call, "name"))
        case "search-queries-generation":
            for query in objects(payload, "search_queries"):
                out.part(
                    PartKind.TOOL_CALL,
                    string(query, "text"),
                    name="search",
                    facts=(("kind", "search_query"),),
                )
        case "search-results":
            for document in objects(payload, "documents"):
                name = string(document, "title") or string(document, "id")
                out.part(PartKind.TOOL_RESULT, spell(document), name=name)
            for result in objects(payload, "search_results"):
                if string(result, "error_message"):
                    out.part(PartKind.TOOL_RESULT, result["error_message"], name="search")
        case "citation-generation":
            for citation in objects(payload, "citations"):
                _read_citation(citation, out)
        case "tool-calls-generation":
            if not out.has_parts:
                out.append(PartKind.REASONING, string(payload, "text"))
            if not out.has_tool_calls:
                _read_v1_calls(member_text(event.data, "tool_calls"), out)
        case "stream-end":
            if not out.has_parts:
                out.append(PartKind.TEXT, string(payload, "response", "text"))
            if not out.has_tool_calls:
                _read_v1_calls(member_text(event.data, "response", "tool_calls"), out)
            for citation in objects(payload, "response", "citations"):
                _read_citation(citation, out)
            reason = string(payload, "finish_reason")
            out.finish(reason)
            if reason.startswith("ERROR") and string(payload, "error"):
                out.error(string(payload, "error"))
            out.usage(_read_usage(mapping(payload, "response", "meta")))
        case _:
            return
    if not out.has_written:
        out.nothing()


def _read_v1_calls(text: str, out: DeltaWriter) -> None:
    for call_text in element_texts(text):
        arguments = member_text(call_text, "parameters")
        out.part(PartKind.TOOL_CALL, arguments, name=string(decode(call_text), "name"))


def _read_whole_v1(payload: JsonObject, text: str, out: DeltaWriter) -> None:
    out.start(id=string(payload, "generation_id"), role="assistant")
    out.append(PartKind.TEXT, string(payload, "text"))
    if payload.get("tool_calls"):
        _read_v1_calls(member_text(text, "tool_calls"), out)
    for citation in objects(payload, "citations"):
        _read_citation(citation, out)
    out.finish(string(payload, "finish_reason"))
    out.usage(_read_usage(mapping(payload, "meta")))


def _read_usage(usage: JsonObject) -> Usage:
    counts = mapping(usage, "tokens") or mapping(usage, "billed_units")
    return Usage(
        input=integer(counts, "input_tokens"),
        output=integer(counts, "output_tokens"),
        cached=integer(usage, "cached_tokens"),
    )
