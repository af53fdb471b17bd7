"""OpenAI Assistants: the events of a run, and messages of a thread.

https://platform.openai.com/docs/api-reference/assistants-streaming. The event's name says what the payload is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from viewer.stream.payload import JsonObject, is_said, mapping, objects, spell, string
from viewer.stream.providers.asking import parameters_of, tools_of
from viewer.stream.providers.base import LIKELY, NO, SURE, Clue, DeltaWriter, Facts
from viewer.stream.providers.openai_messages import message_of, part_of
from viewer.stream.providers.openai_usage import read_usage
from viewer.stream.transcript import Conversation, Media, Message, Part, PartKind

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
                _read_failure(mapping(payload, "last_error"), out)
            case "thread.run":
                _read_run(payload, event, out)
            case "list":
                for item in objects(payload, "data"):
                    self.read(item, event, out)
        if mapping(payload, "error"):
            out.error(string(payload, "error", "message") or spell(payload["error"]))
        elif event.name == "error" and string(payload, "message"):
            _read_failure(payload, out)
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
        kind = string(content, "type")
        text = string(content, "text", "value")
        if text:
            out.block(key, PartKind.TEXT, text)
        elif kind == "refusal":
            out.block(key, PartKind.REFUSAL, string(content, "refusal"))
        elif kind != "text":
            part = part_of(content)
            out.once(key, part.kind, part.text, name=part.name, media=part.media)
        for annotation in objects(content, "text", "annotations"):
            _read_annotation(annotation, out)


def _read_annotation(annotation: JsonObject, out: DeltaWriter) -> None:
    """A file that the text cites, or that it made."""
    cited = mapping(annotation, "file_citation") or mapping(annotation, "file_path")
    quote = string(cited, "quote")
    facts: Facts = (("quote", quote),) if quote else ()
    out.part(PartKind.CITATION, string(annotation, "text"), name=string(cited, "file_id"), facts=facts)


def _read_calls(payload: JsonObject, details: JsonObject, out: DeltaWriter) -> None:
    for place, call in enumerate(objects(details, "tool_calls")):
        key = (string(payload, "id"), "tool", call.get("index", place))
        kind = string(call, "type")
        inner = mapping(call, kind)
        text = string(inner, "arguments") or string(inner, "input")
        if "delta" in payload or not out.has_text(key):
            name = string(inner, "name") or kind
            out.block(key, PartKind.TOOL_CALL, text, name=name, call_id=string(call, "id"))
        _read_outputs(inner, key, kind, out, is_delta="delta" in payload)


def _read_outputs(
    call: JsonObject, key: tuple[object, ...], kind: str, out: DeltaWriter, *, is_delta: bool
) -> None:
    """What a tool gave: the interpreter's logs and images, a search's results, a function's output."""
    for place, output in enumerate(objects(call, "outputs")):
        number = output.get("index", place)
        logs = string(output, "logs")
        if logs and (is_delta or not out.has_text((*key, "logs", number))):
            out.block((*key, "logs", number), PartKind.TOOL_RESULT, logs, name=kind)
        image = string(output, "image", "file_id")
        if image:
            out.once((*key, "image", number), PartKind.IMAGE, name=image, media=Media("image", name=image))
    for name in ("results", "output"):
        if is_said(call.get(name)):
            out.once((*key, name), PartKind.TOOL_RESULT, spell(call[name]), name=kind)


def _read_run(run: JsonObject, event: Event, out: DeltaWriter) -> None:
    out.start(model=string(run, "model"), id=string(run, "id"))
    for place, call in enumerate(objects(run, "required_action", "submit_tool_outputs", "tool_calls")):
        key = ("required", place)
        if out.kind_of(key) is None and not out.has_tool_calls:
            function = mapping(call, "function")
            arguments, name = string(function, "arguments"), string(function, "name")
            out.block(key, PartKind.TOOL_CALL, arguments, name=name, call_id=string(call, "id"))
    if string(run, "status") in _FINAL:
        out.finish(string(run, "incomplete_details", "reason") or string(run, "status"))
    _read_failure(mapping(run, "last_error"), out)
    if mapping(run, "usage"):
        out.usage(read_usage(mapping(run, "usage"), event.data, "usage"))


def _read_failure(error: JsonObject, out: DeltaWriter) -> None:
    """Why a run or a step failed, once: the step says it, and the run again."""
    message = string(error, "message")
    if message and out.first(("error", message)):
        names = ("code", "type", "param")
        out.error(message, tuple((name, spell(error[name])) for name in names if is_said(error.get(name))))
