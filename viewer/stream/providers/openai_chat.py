"""OpenAI Chat Completions and the many services that speak it, streamed (`delta`) and whole (`message`).

https://platform.openai.com/docs/api-reference/chat-streaming. What the dialects add: `reasoning_content`
(DeepSeek, Z.AI, xAI, Hugging Face), `reasoning` and `reasoning_details` (OpenRouter, Groq), content as a list
of typed parts (Mistral), `citations` and `search_results` beside the choices (Perplexity), `x_groq.usage`,
`time_info` (Cerebras), `images` (OpenRouter), `audio`, the old `function_call`, content filters (Azure).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from viewer.stream.payload import (
    JsonObject,
    decode,
    element_texts,
    mapping,
    member_text,
    objects,
    sequence,
    spell,
    string,
)
from viewer.stream.providers.asking import media_of_url, parameters_of, tools_of
from viewer.stream.providers.base import LIKELY, NO, POSSIBLE, SURE, Clue, DeltaWriter
from viewer.stream.providers.openai_messages import message_of
from viewer.stream.providers.openai_usage import read_usage
from viewer.stream.transcript import Conversation, Media, Message, Part, PartKind

if TYPE_CHECKING:
    from viewer.stream.event import Event

_SAID = ("content", "tool_calls", "reasoning", "reasoning_content")


class OpenAIChat:
    """Reads chat completions of every dialect."""

    name = "OpenAI Chat Completions"

    def fit(self, clue: Clue) -> int:
        """Chunks say what they are; errors and odd gateways are known by their path."""
        if any(string(payload, "object").startswith("chat.completion") for payload in clue.payloads):
            return SURE
        first = clue.first
        if any("delta" in choice or "message" in choice for choice in objects(first, "choices")):
            return SURE - 10
        if "choices" in first and "completions" in clue.path:
            return LIKELY + 10
        if clue.path.endswith("/chat/completions"):
            return LIKELY
        return POSSIBLE if "messages" in clue.request and "model" in clue.request else NO

    def read(self, payload: Any, event: Event, out: DeltaWriter) -> None:
        """One chunk, or the whole answer; an error may stand in either's place."""
        if not isinstance(payload, dict) or not _is_known(payload):
            return
        out.start(model=string(payload, "model"), id=string(payload, "id"))
        for position, choice in enumerate(sequence(payload, "choices")):
            if isinstance(choice, dict):
                _read_choice(choice, position, event, out)
        _read_beside_choices(payload, event, out)
        if not out.has_written:
            out.nothing()

    def conversation(self, payload: JsonObject, text: str) -> Conversation:
        """Messages, tools and parameters of a request."""
        messages = [message_of(decode(item)) for item in element_texts(member_text(text, "messages"))]
        if "prompt" in payload and not messages:
            messages = [Message("user", (Part(PartKind.TEXT, spell(payload["prompt"])),))]
        return Conversation(
            tuple(messages),
            tools_of(text, "tools", "functions"),
            parameters_of(text, "messages", "tools", "functions", "model", "prompt"),
            string(payload, "model"),
            self.name,
        )


def _is_known(payload: JsonObject) -> bool:
    return "choices" in payload or "error" in payload or "usage" in payload


def _read_choice(choice: JsonObject, position: int, event: Event, out: DeltaWriter) -> None:
    index = choice.get("index", position)
    number = index if type(index) is int else position
    body = _said(choice, out)
    if isinstance(body, dict):
        _read_message(body, number, event, out)
    reason = choice.get("finish_reason")
    if isinstance(reason, str):
        out.finish(reason, number)
    if "error" in choice:
        _read_error(choice["error"], out)


def _said(choice: JsonObject, out: DeltaWriter) -> Any:
    """The choice's delta or message. Perplexity sends both: a stream's message repeats all that came before,
    a whole answer's delta is empty."""
    delta, message = choice.get("delta"), choice.get("message")
    if not message or not isinstance(delta, dict):
        return delta or message
    return delta if any(delta.get(name) for name in _SAID) or out.has_parts else message


def _read_message(body: JsonObject, choice: int, event: Event, out: DeltaWriter) -> None:
    role = body.get("role")
    content = body.get("content")
    has_more = len(body) > ("role" in body) + ("content" in body)
    if has_more:
        _read_reasoning(body, choice, out)
    if isinstance(content, str):
        out.append(PartKind.TEXT, content, choice)
    elif isinstance(content, list):
        _read_typed_content(content, choice, out)
    if role == "assistant":
        out.start_assistant(choice)
    elif isinstance(role, str):
        out.start(role=role, choice=choice)
    if has_more:
        _read_rarer(body, choice, out)


def _read_reasoning(body: JsonObject, choice: int, out: DeltaWriter) -> None:
    """Services say the same reasoning under several names at once; the first that has text counts."""
    for name in ("reasoning_content", "reasoning"):
        text = body.get(name)
        if isinstance(text, str) and text:
            out.append(PartKind.REASONING, text, choice)
            return
    if "reasoning_details" in body:
        for detail in objects(body, "reasoning_details"):
            out.append(PartKind.REASONING, string(detail, "text") or string(detail, "summary"), choice)


def _read_typed_content(content: list[Any], choice: int, out: DeltaWriter) -> None:
    """Mistral's list of `thinking`, `text` and `reference` parts."""
    for item in content:
        if string(item, "type") == "thinking":
            for thought in objects(item, "thinking"):
                out.append(PartKind.REASONING, string(thought, "text"), choice)
        elif string(item, "type") == "reference":
            ids = ", ".join(str(number) for number in sequence(item, "reference_ids"))
            out.part(PartKind.CITATION, name=ids, choice=choice)
        else:
            out.append(PartKind.TEXT, string(item, "text") if isinstance(item, dict) else "", choice)


def _read_rarer(body: JsonObject, choice: int, out: DeltaWriter) -> None:
    refusal = body.get("refusal")
    if isinstance(refusal, str):
        out.append(PartKind.REFUSAL, refusal, choice)
    for position, call in enumerate(objects(body, "tool_calls")):
        _read_tool_call(call, position, choice, out)
    if isinstance(body.get("function_call"), dict):
        _read_function(body["function_call"], ("function", choice), "", choice, out)
    for annotation in objects(body, "annotations"):
        _read_annotation(annotation, choice, out)
    for image in objects(body, "images"):
        media = media_of_url(string(image, "image_url", "url"), "image")
        out.part(PartKind.IMAGE, media=media, choice=choice)
    if isinstance(body.get("audio"), dict):
        _read_audio(body["audio"], choice, out)


def _read_tool_call(call: JsonObject, position: int, choice: int, out: DeltaWriter) -> None:
    index = call.get("index", position)
    key = ("tool", choice, index if isinstance(index, int | str) else position)
    function = call.get("function")
    _read_function(function if isinstance(function, dict) else {}, key, string(call, "id"), choice, out)


def _read_function(
    function: JsonObject, key: tuple[object, ...], call_id: str, choice: int, out: DeltaWriter
) -> None:
    arguments = function.get("arguments")
    text = arguments if isinstance(arguments, str) else spell(arguments) if arguments else ""
    name = string(function, "name")
    out.block(key, PartKind.TOOL_CALL, text, name=name, call_id=call_id, choice=choice)


def _read_annotation(annotation: JsonObject, choice: int, out: DeltaWriter) -> None:
    cited = mapping(annotation, "url_citation") or annotation
    facts = (("url", string(cited, "url")),)
    out.part(
        PartKind.CITATION, string(cited, "content"), name=string(cited, "title"), facts=facts, choice=choice
    )


def _read_audio(audio: JsonObject, choice: int, out: DeltaWriter) -> None:
    out.append(PartKind.TEXT, string(audio, "transcript"), choice)
    data = string(audio, "data")
    if data:
        out.part(PartKind.AUDIO, media=Media("audio", data), choice=choice)


def _read_beside_choices(payload: JsonObject, event: Event, out: DeltaWriter) -> None:
    if "citations" in payload:
        for number, cited in enumerate(sequence(payload, "citations"), 1):
            url = cited if isinstance(cited, str) else string(cited, "url")
            out.cite(("citation", number), f"[{number}]", url)
    usage = payload.get("usage")
    if isinstance(usage, dict):
        out.usage(read_usage(usage, event.data, "usage"))
    elif "x_groq" in payload:
        out.usage(read_usage(mapping(payload, "x_groq", "usage"), event.data, "x_groq", "usage"))
        _read_error(mapping(payload, "x_groq").get("error"), out)
    if "error" in payload:
        _read_error(payload["error"], out)


def _read_error(error: Any, out: DeltaWriter) -> None:
    if isinstance(error, str) and error:
        out.error(error)
    elif isinstance(error, dict) and error:
        names = ("type", "code", "param")
        facts = tuple((name, spell(error[name])) for name in names if error.get(name) is not None)
        out.error(string(error, "message") or spell(error), facts)
