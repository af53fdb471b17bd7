"""OpenAI Responses: every `response.*` event, and the whole `response` object; Realtime, which shares them.

https://platform.openai.com/docs/api-reference/responses-streaming. An answer is a list of output items; each
delta names its item and the content part in it. `done` events repeat what deltas said; they count only
where no delta came before (some gateways send them alone).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from viewer.stream.payload import (
    JsonObject,
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
from viewer.stream.providers.openai_asked_items import asked_message, asked_parts
from viewer.stream.providers.openai_items import (
    output_text,
    read_annotation,
    read_content,
    read_error,
    read_item,
    read_partial_image,
    repeat_text,
)
from viewer.stream.providers.openai_usage import cost_of, first_count
from viewer.stream.transcript import Conversation, Media, Message, PartKind, Usage

if TYPE_CHECKING:
    from viewer.stream.event import Event

_DELTAS = {
    "response.output_text.delta": ("text", PartKind.TEXT),
    "response.text.delta": ("text", PartKind.TEXT),
    "response.refusal.delta": ("refusal", PartKind.REFUSAL),
    "response.reasoning_summary_text.delta": ("summary", PartKind.REASONING),
    "response.reasoning_summary.delta": ("summary", PartKind.REASONING),
    "response.reasoning_text.delta": ("reasoning", PartKind.REASONING),
    "response.reasoning.delta": ("reasoning", PartKind.REASONING),
    "response.function_call_arguments.delta": ("item", PartKind.TOOL_CALL),
    "response.custom_tool_call_input.delta": ("item", PartKind.TOOL_CALL),
    "response.mcp_call_arguments.delta": ("item", PartKind.TOOL_CALL),
    "response.mcp_call.arguments.delta": ("item", PartKind.TOOL_CALL),
    "response.code_interpreter_call_code.delta": ("item", PartKind.TOOL_CALL),
    "response.code_interpreter_call.code.delta": ("item", PartKind.TOOL_CALL),
    "response.apply_patch_call_operation_diff.delta": ("item", PartKind.TOOL_CALL),
    "response.shell_call_command.delta": ("item", PartKind.TOOL_CALL),
    "response.audio.transcript.delta": ("text", PartKind.TEXT),
    "response.audio_transcript.delta": ("text", PartKind.TEXT),
    "response.output_audio_transcript.delta": ("text", PartKind.TEXT),
}
"""What flows: the slot of the item that it goes to, and what it is there."""
_DONE = {
    "response.output_text.done": ("text", PartKind.TEXT, "text"),
    "response.text.done": ("text", PartKind.TEXT, "text"),
    "response.refusal.done": ("refusal", PartKind.REFUSAL, "refusal"),
    "response.reasoning_summary_text.done": ("summary", PartKind.REASONING, "text"),
    "response.reasoning_summary.done": ("summary", PartKind.REASONING, "text"),
    "response.reasoning_text.done": ("reasoning", PartKind.REASONING, "text"),
    "response.reasoning.done": ("reasoning", PartKind.REASONING, "text"),
    "response.function_call_arguments.done": ("item", PartKind.TOOL_CALL, "arguments"),
    "response.custom_tool_call_input.done": ("item", PartKind.TOOL_CALL, "input"),
    "response.mcp_call_arguments.done": ("item", PartKind.TOOL_CALL, "arguments"),
    "response.mcp_call.arguments.done": ("item", PartKind.TOOL_CALL, "arguments"),
    "response.code_interpreter_call_code.done": ("item", PartKind.TOOL_CALL, "code"),
    "response.code_interpreter_call.code.done": ("item", PartKind.TOOL_CALL, "code"),
    "response.apply_patch_call_operation_diff.done": ("item", PartKind.TOOL_CALL, "diff"),
    "response.shell_call_command.done": ("item", PartKind.TOOL_CALL, "command"),
    "response.audio_transcript.done": ("text", PartKind.TEXT, "transcript"),
    "response.audio.transcript.done": ("text", PartKind.TEXT, "transcript"),
    "response.output_audio_transcript.done": ("text", PartKind.TEXT, "transcript"),
}
"""What repeats that: the slot, the kind, and the member that holds the whole."""
_ENDS = {
    "response.completed",
    "response.incomplete",
    "response.failed",
    "response.done",
    "response.cancelled",
}
_MINE = ("response.", "session.created", "session.updated", "conversation.item.", "input_audio_buffer.")
_REALTIME = ("session.", "conversation.", "input_audio_buffer.", "output_audio_buffer.", "rate_limits.")
"""What a realtime connection says beside its answers."""
_STARTS = {"response.created", "response.in_progress", "response.queued"}
_STATES = (
    ".in_progress",
    ".searching",
    ".interpreting",
    ".generating",
    ".completed",
    ".compacting",
    ".failed",
)
"""How events end that tell only what a tool is doing; its item says the rest."""
_SILENT = {"response.content_part.added", "response.audio.done", "response.output_audio.done", "keepalive"}
_SILENT |= {"response.reasoning_summary_part.added"}


class OpenAIResponses:
    """Reads the Responses API."""

    name = "OpenAI Responses"

    def fit(self, clue: Clue) -> int:
        """Events are called `response.…`, and a whole answer is an object called `response`."""
        for payload in clue.payloads:
            if string(payload, "type").startswith(_MINE) or string(payload, "object") == "response":
                return SURE
        path = clue.path.rstrip("/")
        return LIKELY + 5 if path.endswith(("/responses", "/responses/compact")) else NO

    def read(self, payload: Any, event: Event, out: DeltaWriter) -> None:
        """One event, or the whole response."""
        kind = string(payload, "type")
        if kind in _DELTAS:
            out.block(_key(payload, _DELTAS[kind][0]), _DELTAS[kind][1], string(payload, "delta"))
            _read_logprobs(payload, out)
        elif kind in _DONE:
            slot, part, member = _DONE[kind]
            if not out.has_text(_key(payload, slot)):
                _read_logprobs(payload, out)
            repeat_text(_key(payload, slot), part, string(payload, member), out)
        elif kind in ("response.output_item.added", "response.output_item.done"):
            read_item(mapping(payload, "item"), _place(payload), out)
        elif kind in _ENDS:
            _read_response(mapping(payload, "response"), member_text(event.data, "response"), out)
        elif kind in _STARTS:
            _read_start(mapping(payload, "response"), out)
        elif kind.startswith("response."):
            _read_rarer(kind, payload, out)
        elif kind.startswith(_REALTIME):
            _read_realtime(kind, payload, out)
        elif kind == "error":
            read_error(mapping(payload, "error") or payload, out)
        elif string(payload, "object") in ("response", "response.compaction") or "output" in payload:
            _read_response(payload, event.data, out)
        elif isinstance(payload, dict) and payload.get("error"):
            read_error(payload["error"], out)
        if not out.has_written and _is_known(kind):
            out.nothing()

    def conversation(self, payload: JsonObject, text: str) -> Conversation:
        """Instructions, input items, tools and parameters of a request."""
        messages = [Message("system", tuple(asked_parts(payload.get("instructions"))))]
        asked = payload.get("input")
        if isinstance(asked, list):
            messages += [asked_message(item) for item in asked]
        else:
            messages.append(Message("user", tuple(asked_parts(asked))))
        return Conversation(
            tuple(message for message in messages if message.parts),
            tools_of(text, "tools"),
            parameters_of(text, "instructions", "input", "tools", "model"),
            string(payload, "model"),
            self.name,
        )


def _is_known(kind: str) -> bool:
    """Whether an event that added nothing is one that may."""
    is_state = kind.startswith("response.") and kind.endswith(_STATES)
    return is_state or kind in _SILENT or kind in _DELTAS or kind in _DONE or kind in _ENDS or kind in _READ


def _place(payload: JsonObject) -> Any:
    """The place of an event's item; several answers of one connection count each from 0."""
    index = payload.get("output_index", 0)
    return (payload["response_id"], index) if "response_id" in payload else index


def _key(payload: JsonObject, slot: str) -> tuple[Any, ...]:
    """What names a part: its item's place, its slot, and its place within the item.

    Places rather than ids: some gateways give each event a new item id.
    """
    within = "summary_index" if slot == "summary" else "content_index"
    return _place(payload), slot, 0 if slot == "item" else payload.get(within, 0)


def _read_rarer(kind: str, payload: JsonObject, out: DeltaWriter) -> None:
    """Events beside those of text and calls."""
    place = _place(payload)
    match kind:
        case "response.output_text.annotation.added" | "response.output_text_annotation.added":
            read_annotation(mapping(payload, "annotation"), out)
        case "response.content_part.done":
            read_content(mapping(payload, "part"), place, payload.get("content_index", 0), out)
        case "response.reasoning_summary_part.done":
            key = place, "summary", payload.get("summary_index", 0)
            repeat_text(key, PartKind.REASONING, string(payload, "part", "text"), out)
        case "response.image_generation_call.partial_image":
            read_partial_image(payload, place, out)
        case "response.audio.delta" | "response.output_audio.delta":
            media = Media("audio", string(payload, "delta"))
            key = place, "audio", payload.get("content_index", 0)
            out.block(key, PartKind.AUDIO, media=media, aside=True)
        case "response.shell_call_command.added":
            first = not payload.get("command_index")
            text = string(payload, "command")
            out.block((place, "item", 0), PartKind.TOOL_CALL, text if first else f"\n{text}")
        case "response.shell_call_output_content.delta":
            said = mapping(payload, "delta")
            text = string(said, "stdout") + string(said, "stderr")
            out.block((place, "item", 0), PartKind.TOOL_RESULT, text)
        case "response.shell_call_output_content.done":
            repeat_text((place, "item", 0), PartKind.TOOL_RESULT, output_text(payload.get("output")), out)


_READ = {
    "response.output_text.annotation.added",
    "response.output_text_annotation.added",
    "response.content_part.done",
    "response.reasoning_summary_part.done",
    "response.shell_call_command.added",
    "response.shell_call_output_content.delta",
    "response.shell_call_output_content.done",
    "response.output_item.added",
    "response.output_item.done",
    *_STARTS,
}
"""Further events that may add nothing: an item that starts, a repetition."""


def _read_realtime(kind: str, payload: JsonObject, out: DeltaWriter) -> None:
    """The session's model, and what the service heard the person say."""
    if kind == "session.created":
        out.start(model=string(payload, "session", "model"), id=string(payload, "session", "id"))
    heard = ("heard", string(payload, "item_id"))
    if kind.endswith("input_audio_transcription.delta"):
        out.block(heard, PartKind.OTHER, string(payload, "delta"), name="heard", aside=True)
    elif kind.endswith("input_audio_transcription.completed") and not out.has_text(heard):
        out.block(heard, PartKind.OTHER, string(payload, "transcript"), name="heard", aside=True)
    if not out.has_written:
        out.nothing()


def _read_logprobs(payload: JsonObject, out: DeltaWriter) -> None:
    if payload.get("logprobs"):
        tell_logprobs(of_tokens(objects(payload, "logprobs")), out)


def _read_start(response: JsonObject, out: DeltaWriter) -> None:
    out.start(model=string(response, "model"), id=string(response, "id"))


def _read_response(response: JsonObject, text: str, out: DeltaWriter) -> None:
    _read_start(response, out)
    is_realtime = string(response, "object").startswith("realtime")
    for index, item in enumerate(sequence(response, "output")):
        if isinstance(item, dict):
            read_item(item, (string(response, "id"), index) if is_realtime else index, out)
    for number, url in enumerate(sequence(response, "citations"), 1):  # xAI
        out.cite(("source", number), f"[{number}]", spell(url))
    reason = string(response, "incomplete_details", "reason") or string(response, "status")
    out.finish(reason)
    out.usage(_read_usage(mapping(response, "usage"), text))
    if is_said(response.get("moderation")):
        out.rest("moderation", response["moderation"])
    error = response.get("error") or mapping(response, "status_details").get("error")
    if error:
        read_error(error, out)


def _read_usage(usage: JsonObject, text: str) -> Usage:
    return Usage(
        input=integer(usage, "input_tokens"),
        output=integer(usage, "output_tokens"),
        total=integer(usage, "total_tokens"),
        cached=first_count(
            integer(usage, "input_tokens_details", "cached_tokens"),
            integer(usage, "input_token_details", "cached_tokens"),  # realtime
        ),
        cache_written=integer(usage, "input_tokens_details", "cache_write_tokens"),
        reasoning=integer(usage, "output_tokens_details", "reasoning_tokens"),
        cost=cost_of(usage, text, "usage"),
    )
