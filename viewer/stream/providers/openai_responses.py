"""OpenAI Responses: every `response.*` event, and the whole `response` object.

https://platform.openai.com/docs/api-reference/responses-streaming. An answer is a list of output items; each
delta names its item and the content part in it. `done` events repeat what deltas said; they count only
where no delta came before (some gateways send them alone).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from viewer.stream.payload import (
    JsonObject,
    integer,
    mapping,
    member_text,
    objects,
    sequence,
    spell,
    string,
)
from viewer.stream.providers.asking import media_of_url, parameters_of, tools_of
from viewer.stream.providers.base import LIKELY, NO, SURE, Clue, DeltaWriter, Facts
from viewer.stream.transcript import Conversation, Media, Message, Part, PartKind, Usage

if TYPE_CHECKING:
    from viewer.stream.event import Event

_DELTAS = {
    "response.output_text.delta": ("text", PartKind.TEXT),
    "response.refusal.delta": ("refusal", PartKind.REFUSAL),
    "response.reasoning_summary_text.delta": ("summary", PartKind.REASONING),
    "response.reasoning_text.delta": ("reasoning", PartKind.REASONING),
    "response.reasoning.delta": ("reasoning", PartKind.REASONING),
    "response.function_call_arguments.delta": ("item", PartKind.TOOL_CALL),
    "response.custom_tool_call_input.delta": ("item", PartKind.TOOL_CALL),
    "response.mcp_call_arguments.delta": ("item", PartKind.TOOL_CALL),
    "response.mcp_call.arguments.delta": ("item", PartKind.TOOL_CALL),
    "response.code_interpreter_call_code.delta": ("item", PartKind.TOOL_CALL),
    "response.audio.transcript.delta": ("text", PartKind.TEXT),
    "response.output_audio_transcript.delta": ("text", PartKind.TEXT),
}
_DONE = {
    "response.output_text.done": ("text", PartKind.TEXT, "text"),
    "response.refusal.done": ("refusal", PartKind.REFUSAL, "refusal"),
    "response.reasoning_summary_text.done": ("summary", PartKind.REASONING, "text"),
    "response.reasoning_text.done": ("reasoning", PartKind.REASONING, "text"),
}
_CONTENT = {
    "output_text": ("text", PartKind.TEXT, "text"),
    "text": ("text", PartKind.TEXT, "text"),
    "refusal": ("refusal", PartKind.REFUSAL, "refusal"),
    "reasoning_text": ("reasoning", PartKind.REASONING, "text"),
}
_ENDS = {
    "response.completed",
    "response.incomplete",
    "response.failed",
    "response.done",
    "response.cancelled",
}


class OpenAIResponses:
    """Reads the Responses API."""

    name = "OpenAI Responses"

    def fit(self, clue: Clue) -> int:
        """Events are called `response.…`, and a whole answer is an object called `response`."""
        for payload in clue.payloads:
            if string(payload, "type").startswith("response.") or string(payload, "object") == "response":
                return SURE
        if clue.path.endswith("/responses"):
            return LIKELY + 5
        return NO

    def read(self, payload: Any, event: Event, out: DeltaWriter) -> None:
        """One event, or the whole response."""
        kind = string(payload, "type")
        if kind in _DELTAS:
            _read_delta(payload, *_DELTAS[kind], out)
        elif kind in _DONE:
            slot, part, member = _DONE[kind]
            _read_repetition(_key(payload, slot), part, string(payload, member), out)
        elif kind in ("response.output_item.added", "response.output_item.done"):
            _read_item(mapping(payload, "item"), payload.get("output_index", 0), out)
        elif kind == "response.output_text.annotation.added":
            _read_annotation(mapping(payload, "annotation"), out)
        elif kind in _ENDS:
            _read_response(mapping(payload, "response"), member_text(event.data, "response"), out)
        elif kind == "error":
            _read_error(mapping(payload, "error") or payload, out)
        elif kind.startswith("response.image_generation_call.partial"):
            out.part(PartKind.IMAGE, media=Media("image", string(payload, "partial_image_b64")))
        elif kind.startswith("response."):
            _read_start(mapping(payload, "response"), out)
        elif string(payload, "object") == "response" or "output" in payload:
            _read_response(payload, event.data, out)
        elif isinstance(payload, dict) and payload.get("error"):
            _read_error(payload["error"], out)
        if not out.has_written and (kind.startswith("response.") or kind == "keepalive"):
            out.nothing()

    def conversation(self, payload: JsonObject, text: str) -> Conversation:
        """Instructions, input items, tools and parameters of a request."""
        messages = [Message("system", tuple(_parts_of(payload.get("instructions"))))]
        asked = payload.get("input")
        if isinstance(asked, list):
            messages += [_message_of(item) for item in asked]
        else:
            messages.append(Message("user", tuple(_parts_of(asked))))
        return Conversation(
            tuple(message for message in messages if message.parts),
            tools_of(text, "tools"),
            parameters_of(text, "instructions", "input", "tools", "model"),
            string(payload, "model"),
            self.name,
        )


def _key(payload: JsonObject, slot: str) -> tuple[Any, ...]:
    """What names a part: its item's place, its slot, and its place within the item.

    Places rather than ids: some gateways give each event a new item id.
    """
    within = "summary_index" if slot == "summary" else "content_index"
    return payload.get("output_index", 0), slot, 0 if slot == "item" else payload.get(within, 0)


def _read_delta(payload: JsonObject, slot: str, kind: PartKind, out: DeltaWriter) -> None:
    out.block(_key(payload, slot), kind, string(payload, "delta"))


def _read_repetition(key: tuple[Any, ...], kind: PartKind, text: str, out: DeltaWriter) -> None:
    """Text that counts only where no delta brought it."""
    if text and not out.has_text(key):
        out.block(key, kind, text)


def _read_start(response: JsonObject, out: DeltaWriter) -> None:
    out.start(model=string(response, "model"), id=string(response, "id"))


def _read_response(response: JsonObject, text: str, out: DeltaWriter) -> None:
    _read_start(response, out)
    for index, item in enumerate(sequence(response, "output")):
        if isinstance(item, dict):
            _read_item(item, index, out)
    reason = string(response, "incomplete_details", "reason") or string(response, "status")
    out.finish(reason)
    out.usage(_read_usage(mapping(response, "usage"), text))
    if response.get("error"):
        _read_error(response["error"], out)


def _read_item(item: JsonObject, index: Any, out: DeltaWriter) -> None:
    """An output item; what its deltas have already said is not said again."""
    kind = string(item, "type")
    if kind == "message":
        out.start(role=string(item, "role"))
        _read_content(item, index, out)
    elif kind == "reasoning":
        _read_reasoning(item, index, out)
    elif kind == "image_generation_call":
        if string(item, "result"):
            media_type = "image/" + (string(item, "output_format") or "png")
            _once((index, "image"), PartKind.IMAGE, out, media=Media(media_type, string(item, "result")))
    elif kind in ("function_call_output", "tool_search_output", "mcp_list_tools", "compaction"):
        shown = PartKind.TOOL_RESULT if kind.endswith("_output") else PartKind.OTHER
        _once((index, "item", 0), shown, out, spell(item), name=kind)
    elif kind:
        _read_call(item, kind, index, out)


def _once(
    key: tuple[Any, ...],
    kind: PartKind,
    out: DeltaWriter,
    text: str = "",
    name: str = "",
    media: Media | None = None,
) -> None:
    if out.kind_of(key) is None:
        out.block(key, kind, text, name=name, media=media)


def _read_content(item: JsonObject, index: Any, out: DeltaWriter) -> None:
    for place, content in enumerate(objects(item, "content")):
        slot, kind, member = _CONTENT.get(string(content, "type"), ("other", PartKind.OTHER, "text"))
        _read_repetition((index, slot, place), kind, string(content, member), out)
        for annotation in objects(content, "annotations"):
            _read_annotation(annotation, out)


def _read_reasoning(item: JsonObject, index: Any, out: DeltaWriter) -> None:
    for place, summary in enumerate(objects(item, "summary")):
        _read_repetition((index, "summary", place), PartKind.REASONING, string(summary, "text"), out)
    for place, content in enumerate(objects(item, "content")):
        _read_repetition((index, "reasoning", place), PartKind.REASONING, string(content, "text"), out)
    secret = string(item, "encrypted_content")
    if secret and out.kind_of((index, "secret")) is None:
        out.block((index, "secret"), PartKind.REASONING, facts=(("encrypted", secret),))


def _read_call(item: JsonObject, kind: str, index: Any, out: DeltaWriter) -> None:
    """A call of a function, or of a tool of the service's own (search, interpreter, MCP)."""
    key = (index, "item", 0)
    given = item.get("arguments") or item.get("input") or item.get("code") or item.get("action")
    arguments = spell(given if given is not None else item.get("queries") or "")
    call_id = string(item, "call_id") or string(item, "id")
    facts: Facts = () if kind == "function_call" else (("kind", kind),)
    if out.kind_of(key) is None:
        name = string(item, "name") or kind
        out.block(key, PartKind.TOOL_CALL, arguments, name=name, call_id=call_id, facts=facts)
    elif arguments and not out.has_text(key):
        out.block(key, PartKind.TOOL_CALL, arguments)
    result = item.get("output") or item.get("results") or item.get("outputs") or item.get("error")
    if result and out.kind_of((index, "result")) is None:
        out.block((index, "result"), PartKind.TOOL_RESULT, spell(result), name=kind, call_id=call_id)


def _read_annotation(annotation: JsonObject, out: DeltaWriter) -> None:
    """A citation, once: the `done` events and the whole response list it again."""
    title = string(annotation, "title") or string(annotation, "filename")
    url = string(annotation, "url") or string(annotation, "file_id")
    place = spell([title, url, annotation.get("start_index"), annotation.get("index")])
    out.cite(("citation", place), title, url)


def _read_error(error: Any, out: DeltaWriter) -> None:
    code = string(error, "code")
    message = string(error, "message") or spell(error)
    out.error(message, (("code", code),) if code else ())


def _read_usage(usage: JsonObject, text: str) -> Usage:
    has_cost = isinstance(usage.get("cost"), int | float)
    return Usage(
        input=integer(usage, "input_tokens"),
        output=integer(usage, "output_tokens"),
        total=integer(usage, "total_tokens"),
        cached=integer(usage, "input_tokens_details", "cached_tokens"),
        reasoning=integer(usage, "output_tokens_details", "reasoning_tokens"),
        cost=member_text(text, "usage", "cost") if has_cost else "",
    )


def _message_of(item: Any) -> Message:
    kind = string(item, "type")
    if kind == "reasoning":
        texts = objects(item, "summary") + objects(item, "content")
        secret = string(item, "encrypted_content")
        facts: Facts = (("encrypted", secret),) if secret else ()
        text = "\n\n".join(string(part, "text") for part in texts)
        return Message("assistant", (Part(PartKind.REASONING, text, facts=facts),))
    if kind.endswith("_output"):
        text = spell(item.get("output", ""))
        return Message("tool", (Part(PartKind.TOOL_RESULT, text, call_id=string(item, "call_id")),))
    if kind.endswith("_call"):
        arguments = spell(item.get("arguments") or item.get("input") or item.get("action") or "")
        name = string(item, "name") or kind
        call_id = string(item, "call_id") or string(item, "id")
        return Message("assistant", (Part(PartKind.TOOL_CALL, arguments, name, call_id),))
    if "role" in item if isinstance(item, dict) else False:
        return Message(string(item, "role"), tuple(_parts_of(item.get("content"))))
    return Message("user", tuple(_parts_of([item])))


def _parts_of(content: Any) -> list[Part]:
    if isinstance(content, str):
        return [Part(PartKind.TEXT, content)] if content else []
    return [_part_of(item) for item in content] if isinstance(content, list) else []


def _part_of(item: Any) -> Part:
    match string(item, "type"):
        case "input_text" | "output_text" | "text":
            return Part(PartKind.TEXT, string(item, "text"))
        case "refusal":
            return Part(PartKind.REFUSAL, string(item, "refusal"))
        case "input_image":
            media = media_of_url(string(item, "image_url"), "image")
            return Part(PartKind.IMAGE, name=string(item, "file_id"), media=media)
        case "input_file":
            media = media_of_url(string(item, "file_data") or string(item, "file_url"), "file")
            return Part(PartKind.FILE, name=string(item, "filename") or string(item, "file_id"), media=media)
        case kind:
            return Part(PartKind.OTHER, spell(item), kind)
