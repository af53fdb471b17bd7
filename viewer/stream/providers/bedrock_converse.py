"""Bedrock Converse and ConverseStream; Amazon's Nova models speak it through InvokeModel, too.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html. In a stream the
event's name (`:event-type`) says what the payload is; InvokeModel puts that name around the payload.
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

_EVENTS = {
    "messageStart",
    "contentBlockStart",
    "contentBlockDelta",
    "contentBlockStop",
    "messageStop",
    "metadata",
}


class BedrockConverse:
    """Reads Bedrock's Converse API."""

    name = "Bedrock Converse"

    def fit(self, clue: Clue) -> int:
        """Streams name their events; a whole answer holds `output.message`."""
        if clue.event_names & _EVENTS or mapping(clue.first, "output", "message"):
            return SURE
        if len(clue.first) == 1 and _EVENTS & clue.first.keys():
            return SURE - 5
        return LIKELY + 5 if "/converse" in clue.path else NO

    def read(self, payload: Any, event: Event, out: DeltaWriter) -> None:
        """One message of the stream, or the whole answer."""
        name = event.name
        if name not in _EVENTS and isinstance(payload, dict):
            name = next((key for key in payload if key in _EVENTS), name)
            payload = mapping(payload, name) if name in payload else payload
        match name:
            case "messageStart":
                out.start(role=string(payload, "role"))
            case "contentBlockStart":
                _read_start(payload, out)
            case "contentBlockDelta":
                _read_delta(mapping(payload, "delta"), payload.get("contentBlockIndex", 0), out)
            case "messageStop":
                out.finish(string(payload, "stopReason"))
            case "metadata":
                out.usage(_read_usage(mapping(payload, "usage")))
            case _ if mapping(payload, "output"):
                _read_whole(payload, event.data, out)
            case _ if isinstance(payload, dict):
                _read_error(payload, name, out)
        if name in _EVENTS and not out.has_written:
            out.nothing()

    def conversation(self, payload: JsonObject, text: str) -> Conversation:
        """System, messages, tools and parameters of a request."""
        system = [_part_of(block) for block in objects(payload, "system")]
        messages = [Message("system", tuple(system))] if system else []
        for message in objects(payload, "messages"):
            parts = (_part_of(block) for block in objects(message, "content"))
            messages.append(Message(string(message, "role"), tuple(parts)))
        return Conversation(
            tuple(messages),
            tools_of(member_text(text, "toolConfig"), "tools") if "toolConfig" in payload else (),
            parameters_of(text, "system", "messages", "modelId", "toolConfig"),
            string(payload, "modelId"),
            self.name,
        )


def _read_start(payload: JsonObject, out: DeltaWriter) -> None:
    tool = mapping(payload, "start", "toolUse")
    if tool:
        key = payload.get("contentBlockIndex", 0)
        out.block(key, PartKind.TOOL_CALL, name=string(tool, "name"), call_id=string(tool, "toolUseId"))


def _read_delta(delta: JsonObject, index: Any, out: DeltaWriter) -> None:
    if isinstance(delta.get("text"), str):
        out.block(index, PartKind.TEXT, delta["text"])
    if isinstance(delta.get("toolUse"), dict):
        out.block(index, PartKind.TOOL_CALL, string(delta, "toolUse", "input"))
    if isinstance(delta.get("reasoningContent"), dict):
        _read_reasoning(delta["reasoningContent"], index, out)
    if isinstance(delta.get("citation"), dict):
        _read_citation(delta["citation"], out)


def _read_reasoning(reasoning: JsonObject, index: Any, out: DeltaWriter) -> None:
    inner = mapping(reasoning, "reasoningText") or reasoning
    facts = tuple((name, string(inner, name)) for name in ("signature",) if string(inner, name))
    secret = string(reasoning, "redactedContent")
    facts += (("redacted", secret),) if secret else ()
    out.block(index, PartKind.REASONING, string(inner, "text"), facts=facts)


def _read_citation(citation: JsonObject, out: DeltaWriter) -> None:
    text = "".join(string(piece, "text") for piece in objects(citation, "sourceContent"))
    url = string(citation, "location", "web", "url") or string(citation, "source")
    out.part(PartKind.CITATION, text, name=string(citation, "title"), facts=(("url", url),) if url else ())


def _read_whole(payload: JsonObject, text: str, out: DeltaWriter) -> None:
    message = mapping(payload, "output", "message")
    out.start(role=string(message, "role"))
    for index, block_text in enumerate(element_texts(member_text(text, "output", "message", "content"))):
        _read_block(decode(block_text), index, block_text, out)
    out.finish(string(payload, "stopReason"))
    out.usage(_read_usage(mapping(payload, "usage")))


def _read_block(block: JsonObject, index: int, text: str, out: DeltaWriter) -> None:
    if isinstance(block.get("text"), str):
        out.block(index, PartKind.TEXT, block["text"])
    elif isinstance(block.get("reasoningContent"), dict):
        _read_reasoning(block["reasoningContent"], index, out)
    elif isinstance(block.get("citationsContent"), dict):
        for piece in objects(block, "citationsContent", "content"):
            out.block(index, PartKind.TEXT, string(piece, "text"))
        for citation in objects(block, "citationsContent", "citations"):
            _read_citation(citation, out)
    else:
        part = _part_of(block)
        shown = member_text(text, "toolUse", "input") if part.kind is PartKind.TOOL_CALL else part.text
        out.block(
            index,
            part.kind,
            shown,
            name=part.name,
            call_id=part.call_id,
            media=part.media,
            facts=part.facts,
        )


def _read_error(payload: JsonObject, name: str, out: DeltaWriter) -> None:
    message = string(payload, "message") or string(payload, "Message")
    if message:
        out.error(message, (("type", name),) if name else ())


def _read_usage(usage: JsonObject) -> Usage:
    return Usage(
        input=integer(usage, "inputTokens"),
        output=integer(usage, "outputTokens"),
        total=integer(usage, "totalTokens"),
        cached=integer(usage, "cacheReadInputTokens"),
        cache_written=integer(usage, "cacheWriteInputTokens"),
    )


def _part_of(block: JsonObject) -> Part:
    if isinstance(block.get("text"), str):
        return Part(PartKind.TEXT, block["text"])
    for name in ("image", "document", "video", "audio"):
        if isinstance(block.get(name), dict):
            return _media_of(mapping(block, name), name)
    if isinstance(block.get("toolUse"), dict):
        tool = block["toolUse"]
        arguments = spell(tool.get("input", {}))
        return Part(PartKind.TOOL_CALL, arguments, string(tool, "name"), string(tool, "toolUseId"))
    if isinstance(block.get("toolResult"), dict):
        return _result_of(block["toolResult"])
    if isinstance(block.get("reasoningContent"), dict):
        return Part(PartKind.REASONING, string(block, "reasoningContent", "reasoningText", "text"))
    return Part(PartKind.OTHER, spell(block), next(iter(block), ""))


def _result_of(result: JsonObject) -> Part:
    pieces = (
        string(piece, "text") or spell(piece.get("json", piece)) for piece in objects(result, "content")
    )
    facts: Facts = (("status", string(result, "status")),) if string(result, "status") else ()
    return Part(PartKind.TOOL_RESULT, "\n".join(pieces), call_id=string(result, "toolUseId"), facts=facts)


def _media_of(media: JsonObject, kind: str) -> Part:
    form = string(media, "format")
    media_type = f"{kind}/{form}" if kind != "document" else form or kind
    url = string(media, "source", "s3Location", "uri")
    return media_part(media_type, string(media, "source", "bytes"), url, string(media, "name"))
