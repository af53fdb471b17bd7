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
    is_said,
    mapping,
    member_text,
    objects,
    sequence,
    spell,
    string,
)
from viewer.stream.providers.asking import media_part, parameters_of, result_parts, tools_of
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
                _read_rest(payload, out)
            case "metadata":
                out.usage(_read_usage(mapping(payload, "usage")))
                _read_rest(payload, out)
            case _ if mapping(payload, "output"):
                _read_whole(payload, event.data, out)
            case _ if isinstance(payload, dict):
                _read_error(payload, name, out)
        if name in _EVENTS and not out.has_written:
            out.nothing()

    def conversation(self, payload: JsonObject, text: str) -> Conversation:
        """System, messages, tools and parameters of a request."""
        system = [part for block in objects(payload, "system") for part in _parts_of(block)]
        messages = [Message("system", tuple(system))] if system else []
        for message in objects(payload, "messages"):
            parts = tuple(part for block in objects(message, "content") for part in _parts_of(block))
            messages.append(Message(string(message, "role"), parts))
        return Conversation(
            tuple(messages),
            tools_of(member_text(text, "toolConfig"), "tools") if "toolConfig" in payload else (),
            parameters_of(text, "system", "messages", "modelId", "toolConfig"),
            string(payload, "modelId"),
            self.name,
        )


def _read_start(payload: JsonObject, out: DeltaWriter) -> None:
    """What a block will be, where it says so: of text and reasoning the deltas tell."""
    key = payload.get("contentBlockIndex", 0)
    tool, result = mapping(payload, "start", "toolUse"), mapping(payload, "start", "toolResult")
    if tool:
        facts: Facts = (("kind", string(tool, "type")),) if string(tool, "type") else ()
        name, call_id = string(tool, "name"), string(tool, "toolUseId")
        out.block(key, PartKind.TOOL_CALL, name=name, call_id=call_id, facts=facts)
    elif result:
        name = string(result, "type")
        out.block(
            key, PartKind.TOOL_RESULT, name=name, call_id=string(result, "toolUseId"), facts=_status(result)
        )


def _read_delta(delta: JsonObject, index: Any, out: DeltaWriter) -> None:
    for name, value in delta.items():
        if name == "text" and isinstance(value, str):
            out.block(index, PartKind.TEXT, value)
        elif name == "toolUse" and isinstance(value, dict):
            out.block(index, PartKind.TOOL_CALL, string(value, "input"))
        elif name == "reasoningContent" and isinstance(value, dict):
            _read_reasoning(value, index, out)
        elif name == "citation" and isinstance(value, dict):
            _read_citation(value, out)
        elif name == "toolResult" and isinstance(value, list):
            out.block(index, PartKind.TOOL_RESULT, "\n".join(map(_piece_text, value)))
        elif name == "image" and isinstance(value, dict):
            out.block(index, PartKind.IMAGE, media=_media_of(value, "image").media)
        elif is_said(value):
            out.rest(name, value)


def _read_rest(payload: JsonObject, out: DeltaWriter) -> None:
    """What a guardrail found, and what a model adds of its own."""
    guardrail = payload.get("trace")
    if is_said(guardrail):
        out.rest("trace", guardrail)
    if is_said(payload.get("additionalModelResponseFields")):
        out.rest("additional fields", payload["additionalModelResponseFields"])


def _read_reasoning(reasoning: JsonObject, index: Any, out: DeltaWriter) -> None:
    part = _reasoning_of(reasoning)
    out.block(index, PartKind.REASONING, part.text, facts=part.facts)


def _reasoning_of(reasoning: JsonObject) -> Part:
    """Text and signature, or what is kept secret: bare in a stream, in a member of their own elsewhere."""
    inner = mapping(reasoning, "reasoningText") or reasoning
    named = (("signature", string(inner, "signature")), ("redacted", string(reasoning, "redactedContent")))
    return Part(PartKind.REASONING, string(inner, "text"), facts=tuple(fact for fact in named if fact[1]))


_PLACES = {"documentPage": "pages", "documentChar": "characters", "documentChunk": "chunks"}
"""In what a citation of a document counts its place."""


def _read_citation(citation: JsonObject, out: DeltaWriter) -> None:
    text = "".join(string(piece, "text") for piece in objects(citation, "sourceContent"))
    location = mapping(citation, "location")
    url = string(location, "web", "url") or string(citation, "source")
    facts: Facts = (("url", url),) if url else ()
    for name, unit in _PLACES.items():
        place = mapping(location, name)
        if place:
            facts += ((unit, f"{spell(place.get('start'))}–{spell(place.get('end'))}"),)
    found = mapping(location, "searchResultLocation")
    if found:
        facts += (("search result", spell(found.get("searchResultIndex"))),)
    out.part(PartKind.CITATION, text, name=string(citation, "title"), facts=facts)


def _read_whole(payload: JsonObject, text: str, out: DeltaWriter) -> None:
    message = mapping(payload, "output", "message")
    out.start(role=string(message, "role"))
    for index, block_text in enumerate(element_texts(member_text(text, "output", "message", "content"))):
        _read_block(decode(block_text), index, block_text, out)
    out.finish(string(payload, "stopReason"))
    out.usage(_read_usage(mapping(payload, "usage")))
    _read_rest(payload, out)


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
        part, *others = _parts_of(block)
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
        for other in others:
            out.part(other.kind, other.text, name=other.name, media=other.media)


def _read_error(payload: JsonObject, name: str, out: DeltaWriter) -> None:
    """An exception: a message of the stream, or instead of an answer."""
    message = string(payload, "message") or string(payload, "Message")
    facts: Facts = (("type", name),) if name else ()
    for label in ("originalStatusCode", "originalMessage", "resourceName"):
        facts += ((label, spell(payload[label])),) if is_said(payload.get(label)) else ()
    if message:
        out.error(message, facts)
    elif name.endswith("Exception"):
        out.error(name, facts)


def _read_usage(usage: JsonObject) -> Usage:
    return Usage(
        input=integer(usage, "inputTokens"),
        output=integer(usage, "outputTokens"),
        total=integer(usage, "totalTokens"),
        cached=integer(usage, "cacheReadInputTokens"),
        cache_written=integer(usage, "cacheWriteInputTokens"),
    )


def _parts_of(block: JsonObject) -> list[Part]:
    """A content block, with the pictures of a tool's result behind it."""
    if isinstance(block.get("text"), str):
        return [Part(PartKind.TEXT, block["text"])]
    for name in ("image", "document", "video", "audio"):
        if isinstance(block.get(name), dict):
            return [_media_of(mapping(block, name), name)]
    if isinstance(block.get("toolUse"), dict):
        tool = block["toolUse"]
        arguments = spell(tool.get("input", {}))
        return [Part(PartKind.TOOL_CALL, arguments, string(tool, "name"), string(tool, "toolUseId"))]
    if isinstance(block.get("toolResult"), dict):
        return _result_of(block["toolResult"])
    if isinstance(block.get("reasoningContent"), dict):
        return [_reasoning_of(block["reasoningContent"])]
    if isinstance(block.get("guardContent"), dict):
        text = string(block, "guardContent", "text", "text")
        return (
            [Part(PartKind.TEXT, text)]
            if text
            else [_media_of(mapping(block, "guardContent", "image"), "image")]
        )
    if isinstance(block.get("searchResult"), dict):
        found = block["searchResult"]
        text = "\n".join(map(_piece_text, objects(found, "content")))
        return [Part(PartKind.FILE, text, string(found, "title"), facts=(("url", string(found, "source")),))]
    if isinstance(block.get("citationsContent"), dict):
        texts = (string(piece, "text") for piece in objects(block, "citationsContent", "content"))
        return [Part(PartKind.TEXT, "".join(texts))]
    return [Part(PartKind.OTHER, spell(block), next(iter(block), ""))]


def _result_of(result: JsonObject) -> list[Part]:
    pieces = objects(result, "content")
    media = [part for piece in pieces for part in _parts_of(piece) if part.media is not None]
    texts = [_piece_text(piece) for piece in pieces if not piece.keys() & {"image", "document", "video"}]
    call_id = string(result, "toolUseId")
    return result_parts("\n".join(texts), media, call_id=call_id, facts=_status(result))


def _piece_text(piece: Any) -> str:
    """A piece of a tool's result: text, or JSON."""
    return string(piece, "text") or spell(piece.get("json", piece) if isinstance(piece, dict) else piece)


def _status(result: JsonObject) -> Facts:
    status = string(result, "status")
    return (("status", status),) if status else ()


def _media_of(media: JsonObject, kind: str) -> Part:
    form = string(media, "format")
    media_type = f"{kind}/{form}" if kind != "document" else form or kind
    source = mapping(media, "source")
    url = string(source, "s3Location", "uri")
    text = string(source, "text") or "\n".join(map(_piece_text, sequence(source, "content")))
    if text:
        return Part(PartKind.FILE, text, string(media, "name"))
    return media_part(media_type, string(source, "bytes"), url, string(media, "name"))
