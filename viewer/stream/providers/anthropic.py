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
    is_said,
    mapping,
    member_text,
    objects,
    spell,
    string,
)
from viewer.stream.providers.asking import media_part, parameters_of, result_parts, tools_of
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
                _read_ending(mapping(payload, "delta"), out)
                out.usage(read_usage(mapping(payload, "usage")))
                _read_rest(payload, out)
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
            case "" if isinstance(payload, dict) and "input_tokens" in payload:  # counted, not answered
                out.usage(read_usage(payload))

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
            signature = string(delta, "signature")
            out.block(index, PartKind.REASONING, facts=(("signature", signature),))
        case "citations_delta":
            _read_citation(mapping(delta, "citation"), out)
        case "compaction_delta":
            secret = string(delta, "encrypted_content")
            facts: Facts = (("encrypted", secret),) if secret else ()
            out.block(index, PartKind.OTHER, string(delta, "content"), facts=facts)
        case kind:
            out.rest(str(kind or "delta"), {name: value for name, value in delta.items() if name != "type"})
    if not out.has_written:
        out.nothing()


def _read_message(message: JsonObject, text: str, out: DeltaWriter) -> None:
    out.start(model=string(message, "model"), id=string(message, "id"), role=string(message, "role"))
    texts = element_texts(member_text(text, "content")) if message.get("content") else []
    for index, block_text in enumerate(texts):
        _read_block(decode(block_text), index, block_text, out)
    _read_ending(message, out)
    out.usage(read_usage(mapping(message, "usage")))
    _read_rest(message, out)


def _read_ending(holder: JsonObject, out: DeltaWriter) -> None:
    """Why the answer ends, and what a refusal says of itself."""
    out.finish(string(holder, "stop_reason"))
    if string(holder, "stop_sequence"):
        out.rest("stop sequence", holder["stop_sequence"])
    details = mapping(holder, "stop_details")
    if is_said(details):
        said = ((name, spell(value)) for name, value in details.items() if is_said(value))
        facts = tuple(fact for fact in said if fact[0] not in ("type", "explanation"))
        text = string(details, "explanation") or string(details, "type") or "refusal"
        out.part(PartKind.REFUSAL, text, facts=facts)
    if is_said(holder.get("container")):
        out.rest("container", holder["container"])


def _read_rest(holder: JsonObject, out: DeltaWriter) -> None:
    for name in ("context_management", "input_transformations"):
        if is_said(holder.get(name)):
            out.rest(name, holder[name])


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
        server = string(block, "server_name")
        facts += (("server", server),) if server else ()
        toolset = string(block, "toolset_name")
        facts += (("toolset", toolset),) if toolset else ()
        name, call_id = string(block, "name"), string(block, "id")
        out.block(index, PartKind.TOOL_CALL, arguments, name=name, call_id=call_id, facts=facts)
    elif kind.endswith("_tool_result"):
        _read_result(block, kind, index, text, out)
    elif kind == "container_upload":
        out.block(index, PartKind.FILE, name=string(block, "file_id"))
    elif kind == "compaction":
        secret = string(block, "encrypted_content")
        facts = (("encrypted", secret),) if secret else ()
        out.block(index, PartKind.OTHER, string(block, "content"), name=kind, facts=facts + _signature(block))
        if is_said(block.get("tool_changes")):
            out.rest("tool_changes", block["tool_changes"])
    else:
        out.block(index, PartKind.OTHER, text, name=kind)


def _read_result(block: JsonObject, kind: str, index: Any, text: str, out: DeltaWriter) -> None:
    """What a tool of the service's own gave: its words where it has nothing else, or its JSON as it is."""
    content = block.get("content")
    texts = objects(block, "content")
    if isinstance(content, str):
        shown = content
    elif texts and all(string(item, "type") == "text" for item in texts):
        shown = "\n".join(string(item, "text") for item in texts)
    else:
        shown = member_text(text, "content")
    call_id = string(block, "tool_use_id")
    out.block(index, PartKind.TOOL_RESULT, shown, name=kind, call_id=call_id, facts=_failure(block))


def _failure(block: JsonObject) -> Facts:
    return (("error", "true"),) if block.get("is_error") is True else ()


def _signature(block: JsonObject) -> Facts:
    signature = string(block, "signature")
    return (("signature", signature),) if signature else ()


_PLACES = {
    "characters": ("start_char_index", "end_char_index"),
    "pages": ("start_page_number", "end_page_number"),
    "blocks": ("start_block_index", "end_block_index"),
}
"""In what a citation counts its place; the end is behind what is cited."""


def _read_citation(citation: JsonObject, out: DeltaWriter) -> None:
    title = string(citation, "title") or string(citation, "document_title")
    url = string(citation, "url") or string(citation, "source") or string(citation, "file_id")
    facts: Facts = (("url", url),) if url else ()
    for unit, (first, end) in _PLACES.items():
        start = integer(citation, first)
        if start is not None:
            facts += ((unit, f"{start}–{spell(citation.get(end))}"),)
    index = integer(citation, "document_index")
    if not title and index is not None:
        title = f"document {index}"
    out.part(PartKind.CITATION, string(citation, "cited_text"), name=title, facts=facts)


def read_usage(usage: JsonObject) -> Usage:
    """The counts of a usage object in Anthropic's words."""
    return Usage(
        input=integer(usage, "input_tokens"),
        output=integer(usage, "output_tokens"),
        cached=integer(usage, "cache_read_input_tokens"),
        cache_written=integer(usage, "cache_creation_input_tokens"),
        reasoning=integer(usage, "output_tokens_details", "thinking_tokens"),
    )


def _parts_of(content: Any) -> list[Part]:
    if isinstance(content, str):
        return [Part(PartKind.TEXT, content)]
    blocks = content if isinstance(content, list) else [content] if content else []
    return [part for block in blocks for part in _parts_of_block(block)]


def _parts_of_block(block: Any) -> list[Part]:
    kind = string(block, "type")
    if kind.endswith("tool_result"):
        return _result_parts(block)
    match kind:
        case "text":
            return [Part(PartKind.TEXT, string(block, "text"))]
        case "image" | "document":
            return _source_parts(block)
        case "thinking":
            return [Part(PartKind.REASONING, string(block, "thinking"), facts=_signature(block))]
        case "redacted_thinking":
            return [Part(PartKind.REASONING, facts=(("redacted", string(block, "data")),))]
        case "search_result":
            text = "\n".join(part.text for part in _parts_of(block.get("content")))
            facts = (("url", string(block, "source")),)
            return [Part(PartKind.FILE, text, string(block, "title"), facts=facts)]
        case "container_upload":
            return [Part(PartKind.FILE, name=string(block, "file_id"))]
        case _ if kind in _CALLS:
            arguments = spell(block.get("input", {}))
            return [Part(PartKind.TOOL_CALL, arguments, string(block, "name"), string(block, "id"))]
    return [Part(PartKind.OTHER, spell(block), kind)]


def _source_parts(block: JsonObject) -> list[Part]:
    """An image or a document: inline, by URL or id, as plain text, or made of blocks itself."""
    source = mapping(block, "source")
    media_type = string(source, "media_type") or string(block, "type")
    name = string(block, "title") or string(source, "file_id")
    if string(source, "type") == "text":
        return [Part(PartKind.FILE, string(source, "data"), name)]
    if string(source, "type") == "content":
        parts = _parts_of(source.get("content"))
        text = "\n".join(part.text for part in parts if part.text)
        return [Part(PartKind.FILE, text, name), *(part for part in parts if part.media)]
    return [media_part(media_type, string(source, "data"), string(source, "url"), name)]


def _result_parts(block: JsonObject) -> list[Part]:
    """A tool's result: its words, and whatever it shows beside them."""
    parts = _parts_of(block.get("content"))
    text = "\n".join(part.text for part in parts if part.text)
    media = [part for part in parts if part.media]
    return result_parts(text, media, call_id=string(block, "tool_use_id"), facts=_failure(block))
