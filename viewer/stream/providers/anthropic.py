"""Anthropic Messages: direct, on Bedrock (InvokeModel) and on Vertex; and the legacy text completions.

https://docs.anthropic.com/en/docs/build-with-claude/streaming. A message is a list of content blocks, which
a stream sends one after the other: start, deltas, stop.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from viewer.stream.payload import (
    JsonObject,
    decode,
    element_texts,
    integer,
    mapping,
    member_text,
    objects,
    spell,
    string,
)
from viewer.stream.providers.asking import media_part, parameters_of, tools_of
from viewer.stream.providers.base import LIKELY, NO, SURE, Clue, DeltaWriter, Facts
from viewer.stream.transcript import Conversation, Message, Part, PartKind, Usage

if TYPE_CHECKING:
    from viewer.stream.event import Event

_STREAMED = {"message_start", "content_block_start", "content_block_delta", "message_delta"}
_SILENT = {"message_stop", "content_block_stop", "ping"}
_TEXT = PartKind.TEXT  # an enum's member takes as long to look up as a call
_CALLS = {"tool_use", "server_tool_use", "mcp_tool_use"}


class Anthropic:
    """Reads Anthropic's messages and completions."""

    name = "Anthropic Messages"

    def fit(self, clue: Clue) -> int:
        """Events and messages name their type; errors are known by `type: error` and the path."""
        if any(string(payload, "type") in _STREAMED for payload in clue.payloads):
            return SURE
        first = clue.first
        if string(first, "type") in ("message", "completion") and "stop_reason" in first:
            return SURE
        if string(first, "type") == "error" and mapping(first, "error"):
            return SURE - 10
        if "anthropic_version" in clue.request or "anthropic-version" in clue.headers:
            return LIKELY + 5
        return LIKELY if clue.path.endswith("/v1/messages") else NO

    def read(self, payload: Any, event: Event, out: DeltaWriter) -> None:
        """One event, or a whole message."""
        match string(payload, "type"):
            case "content_block_delta":
                _read_delta(payload, out)
            case "content_block_start":
                block = mapping(payload, "content_block")
                _read_block(block, payload.get("index", 0), member_text(event.data, "content_block"), out)
            case "message_start":
                _read_message(mapping(payload, "message"), member_text(event.data, "message"), out)
            case "message_delta":
                out.finish(string(payload, "delta", "stop_reason"))
                out.usage(read_usage(mapping(payload, "usage")))
            case "message":
                _read_message(payload, event.data, out)
            case "completion":
                out.start(model=string(payload, "model"), id=string(payload, "id"))
                out.append(PartKind.TEXT, string(payload, "completion"))
                out.finish(string(payload, "stop_reason"))
            case "error":
                kind = string(payload, "error", "type")
                message = string(payload, "error", "message")
                out.error(message or spell(payload.get("error")), (("type", kind),) if kind else ())
            case kind if kind in _SILENT:
                out.nothing()
            case "" if isinstance(payload, dict) and "message" in payload:
                out.error(string(payload, "message"))

    def conversation(self, payload: JsonObject, text: str) -> Conversation:
        """System prompt, messages, tools and parameters of a request."""
        messages = [Message("system", tuple(_parts_of(payload["system"])))] if payload.get("system") else []
        for message in objects(payload, "messages"):
            messages.append(Message(string(message, "role"), tuple(_parts_of(message.get("content")))))
        if string(payload, "prompt"):
            messages.append(Message("user", (Part(PartKind.TEXT, string(payload, "prompt")),)))
        return Conversation(
            tuple(messages),
            tools_of(text, "tools"),
            parameters_of(text, "system", "messages", "tools", "model", "prompt"),
            string(payload, "model"),
            self.name,
        )


def _read_delta(payload: JsonObject, out: DeltaWriter) -> None:
    delta = mapping(payload, "delta")
    index = payload.get("index", 0)
    match delta.get("type"):
        case "text_delta":
            text = delta.get("text")
            out.block(index, _TEXT, text if isinstance(text, str) else "")
        case "input_json_delta":
            out.block(index, PartKind.TOOL_CALL, string(delta, "partial_json"))
        case "thinking_delta":
            out.block(index, PartKind.REASONING, string(delta, "thinking"))
        case "signature_delta":
            facts = (("signature", string(delta, "signature")),)
            out.block(index, PartKind.REASONING, facts=facts)
        case "citations_delta":
            _read_citation(mapping(delta, "citation"), out)
        case "compaction_delta":
            out.block(index, PartKind.OTHER, string(delta, "content"))
        case _:
            return
    if not out.has_written:
        out.nothing()


def _read_message(message: JsonObject, text: str, out: DeltaWriter) -> None:
    out.start(model=string(message, "model"), id=string(message, "id"), role=string(message, "role"))
    texts = element_texts(member_text(text, "content")) if message.get("content") else []
    for index, block_text in enumerate(texts):
        _read_block(decode(block_text), index, block_text, out)
    out.finish(string(message, "stop_reason"))
    out.usage(read_usage(mapping(message, "usage")))


def _read_block(block: JsonObject, index: Any, text: str, out: DeltaWriter) -> None:
    kind = string(block, "type")
    if kind == "text":
        out.block(index, PartKind.TEXT, string(block, "text"))
        for citation in objects(block, "citations"):
            _read_citation(citation, out)
    elif kind == "thinking":
        out.block(index, PartKind.REASONING, string(block, "thinking"), facts=_signature(block))
    elif kind == "redacted_thinking":
        out.block(index, PartKind.REASONING, facts=(("redacted", string(block, "data")),))
    elif kind in _CALLS:
        arguments = member_text(text, "input") if block.get("input") else ""
        facts: Facts = () if kind == "tool_use" else (("kind", kind),)
        name, call_id = string(block, "name"), string(block, "id")
        out.block(index, PartKind.TOOL_CALL, arguments, name=name, call_id=call_id, facts=facts)
    elif kind.endswith("_tool_result"):
        result = block.get("content")
        text = result if isinstance(result, str) else member_text(text, "content")
        out.block(index, PartKind.TOOL_RESULT, text, name=kind, call_id=string(block, "tool_use_id"))
    else:
        out.block(index, PartKind.OTHER, string(block, "content") or text, name=kind)


def _signature(block: JsonObject) -> Facts:
    signature = string(block, "signature")
    return (("signature", signature),) if signature else ()


def _read_citation(citation: JsonObject, out: DeltaWriter) -> None:
    title = string(citation, "title") or string(citation, "document_title")
    url = string(citation, "url") or string(citation, "source")
    facts = (("url", url),) if url else ()
    out.part(PartKind.CITATION, string(citation, "cited_text"), name=title, facts=facts)


def read_usage(usage: JsonObject) -> Usage:
    """The counts of a usage object in Anthropic's words."""
    return Usage(
        input=integer(usage, "input_tokens"),
        output=integer(usage, "output_tokens"),
        cached=integer(usage, "cache_read_input_tokens"),
        cache_written=integer(usage, "cache_creation_input_tokens"),
    )


def _parts_of(content: Any) -> list[Part]:
    if isinstance(content, str):
        return [Part(PartKind.TEXT, content)]
    return [_part_of(block) for block in content] if isinstance(content, list) else []


def _part_of(block: Any) -> Part:
    match string(block, "type"):
        case "text":
            return Part(PartKind.TEXT, string(block, "text"))
        case "image" | "document":
            return _source_part(block)
        case "thinking":
            return Part(PartKind.REASONING, string(block, "thinking"), facts=_signature(block))
        case "redacted_thinking":
            return Part(PartKind.REASONING, facts=(("redacted", string(block, "data")),))
        case kind if kind in _CALLS:
            arguments = spell(block.get("input", {}))
            return Part(PartKind.TOOL_CALL, arguments, string(block, "name"), string(block, "id"))
        case kind if kind.endswith("tool_result"):
            return _result_part(block)
        case kind:
            return Part(PartKind.OTHER, spell(block), kind)


def _source_part(block: JsonObject) -> Part:
    source = mapping(block, "source")
    media_type = string(source, "media_type") or string(block, "type")
    name = string(block, "title") or string(source, "file_id")
    if string(source, "type") == "text":
        return Part(PartKind.FILE, string(source, "data"), name)
    return media_part(media_type, string(source, "data"), string(source, "url"), name)


def _result_part(block: JsonObject) -> Part:
    parts = _parts_of(block.get("content"))
    text = "\n".join(part.text for part in parts if part.text)
    media = next((part.media for part in parts if part.media), None)
    facts: Facts = (("error", "true"),) if block.get("is_error") is True else ()
    call_id = string(block, "tool_use_id")
    return Part(PartKind.TOOL_RESULT, text, call_id=call_id, media=media, facts=facts)
