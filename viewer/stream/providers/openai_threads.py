"""OpenAI Assistants: the events of a run, and messages of a thread.

https://platform.openai.com/docs/api-reference/assistants-streaming. The event's name says what the payload is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from viewer.stream.payload import JsonObject, mapping, objects, spell, string
from viewer.stream.providers.asking import parameters_of, tools_of
from viewer.stream.providers.base import LIKELY, NO, SURE, Clue, DeltaWriter
from viewer.stream.providers.openai_messages import message_of
from viewer.stream.providers.openai_usage import read_usage
from viewer.stream.transcript import Conversation, Message, Part, PartKind

if TYPE_CHECKING:
    from viewer.stream.event import Event

_FINAL = {"completed", "failed", "cancelled", "expired", "incomplete", "requires_action"}


class OpenAIThreads:
    """Reads runs and messages of the Assistants API."""

    name = "OpenAI Assistants"

    def fit(self, clue: Clue) -> int:
        """Objects are called `thread.…`."""
        if any(string(payload, "object").startswith("thread") for payload in clue.payloads):
            return SURE
        return LIKELY if "/threads" in clue.path else NO

    def read(self, payload: Any, event: Event, out: DeltaWriter) -> None:
        """One event of a run, or one message."""
        match string(payload, "object"):
            case "thread.message.delta":
                _read_content(payload, mapping(payload, "delta"), out)
            case "thread.message":
                _read_message(payload, out)
            case "thread.run.step.delta":
                _read_calls(payload, mapping(payload, "delta", "step_details"), out)
            case "thread.run.step":
                _read_calls(payload, mapping(payload, "step_details"), out)
            case "thread.run":
                _read_run(payload, event, out)
            case "list":
                for item in objects(payload, "data"):
                    self.read(item, event, out)
        if mapping(payload, "error"):
            out.error(string(payload, "error", "message") or spell(payload["error"]))
        if not out.has_written and string(payload, "object").startswith("thread"):
            out.nothing()

    def conversation(self, payload: JsonObject, text: str) -> Conversation:
        """Instructions and messages that the request brings along."""
        messages = [message_of(item) for item in objects(payload, "thread", "messages")]
        messages += [message_of(item) for item in objects(payload, "messages")]
        messages += [message_of(item) for item in objects(payload, "additional_messages")]
        if "role" in payload:
            messages.append(message_of(payload))
        if string(payload, "instructions"):
            system = Message("system", (Part(PartKind.TEXT, string(payload, "instructions")),))
            messages.insert(0, system)
        shown = ("instructions", "messages", "additional_messages", "thread", "tools", "model", "content")
        return Conversation(
            tuple(messages),
            tools_of(text, "tools"),
            parameters_of(text, *shown),
            string(payload, "model"),
            self.name,
        )


def _read_message(message: JsonObject, out: DeltaWriter) -> None:
    out.start(role=string(message, "role"))
    if not out.has_text((string(message, "id"), 0)):
        _read_content(message, message, out)


def _read_content(payload: JsonObject, holder: JsonObject, out: DeltaWriter) -> None:
    for place, content in enumerate(objects(holder, "content")):
        key = (string(payload, "id"), content.get("index", place))
        text = string(content, "text", "value")
        if text:
            out.block(key, PartKind.TEXT, text)
        for annotation in objects(content, "text", "annotations"):
            file = string(annotation, "file_citation", "file_id")
            out.part(PartKind.CITATION, string(annotation, "text"), name=file)


def _read_calls(payload: JsonObject, details: JsonObject, out: DeltaWriter) -> None:
    for place, call in enumerate(objects(details, "tool_calls")):
        key = (string(payload, "id"), "tool", call.get("index", place))
        kind = string(call, "type")
        inner = mapping(call, kind)
        text = string(inner, "arguments") or string(inner, "input")
        if "delta" in payload or not out.has_text(key):
            name = string(inner, "name") or kind
            out.block(key, PartKind.TOOL_CALL, text, name=name, call_id=string(call, "id"))


def _read_run(run: JsonObject, event: Event, out: DeltaWriter) -> None:
    out.start(model=string(run, "model"), id=string(run, "id"))
    for place, call in enumerate(objects(run, "required_action", "submit_tool_outputs", "tool_calls")):
        key = ("required", place)
        if out.kind_of(key) is None and not out.has_tool_calls:
            function = mapping(call, "function")
            arguments, name = string(function, "arguments"), string(function, "name")
            out.block(key, PartKind.TOOL_CALL, arguments, name=name, call_id=string(call, "id"))
    if string(run, "status") in _FINAL:
        out.finish(string(run, "status"))
    if mapping(run, "last_error"):
        out.error(string(run, "last_error", "message"))
    if mapping(run, "usage"):
        out.usage(read_usage(mapping(run, "usage"), event.data, "usage"))
