"""A chat completion's message or delta, with what the dialects add to it. No provider of its own.

`reasoning_content` (DeepSeek, Z.AI, xAI, Hugging Face, vLLM), `reasoning` and `reasoning_details` (OpenRouter,
Groq), `thinking_blocks` (LiteLLM), content as a list of typed parts (Mistral), `images` (OpenRouter),
`executed_tools` (Groq), `context` (Azure), `audio`, custom tools, the old `function_call`. What nobody is
known to send is kept.
"""

from __future__ import annotations

from typing import Any

from viewer.stream.payload import JsonObject, is_said, mapping, objects, sequence, spell, string
from viewer.stream.providers.asking import media_of_url
from viewer.stream.providers.base import DeltaWriter, Facts
from viewer.stream.providers.openai_messages import call_of, part_of
from viewer.stream.transcript import Media, PartKind, Usage

_MEMBERS = {"role", "content", "refusal", "tool_calls", "function_call", "annotations", "images", "audio"}
_MEMBERS |= {"reasoning", "reasoning_content", "reasoning_details", "thinking_blocks", "executed_tools"}
_MEMBERS |= {
    "context",
    "provider_metadata",
    "name",
    "channel",
    "type",
    "text",
    "content_list",
    "id",
    "object",
}
"""Members that are read here, or repeat others."""
_FLOWING = ("reasoning_content", "reasoning")


def read_message(body: JsonObject, choice: int, out: DeltaWriter) -> None:
    """What a delta or a message says."""
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
    told = False
    for name in _FLOWING:
        text = body.get(name)
        if isinstance(text, str) and text:
            out.append(PartKind.REASONING, text, choice)
            told = True
            break
    if "reasoning_details" in body:
        for detail in objects(body, "reasoning_details"):
            _read_detail(detail, choice, out, is_told=told)
    if "thinking_blocks" in body:
        for block in objects(body, "thinking_blocks"):
            _read_detail(block, choice, out, is_told=told)


def _read_detail(detail: JsonObject, choice: int, out: DeltaWriter, *, is_told: bool) -> None:
    """OpenRouter's text, summary or encrypted data; LiteLLM's blocks in Anthropic's words."""
    if not is_told:
        text = string(detail, "text") or string(detail, "summary") or string(detail, "thinking")
        out.append(PartKind.REASONING, text, choice)
    secret, signature = string(detail, "data"), string(detail, "signature")
    facts: Facts = (("encrypted", secret),) if secret else ()
    facts += (("signature", signature),) if signature else ()
    if facts:
        out.mark(PartKind.REASONING, facts, choice)


def _read_typed_content(content: list[Any], choice: int, out: DeltaWriter) -> None:
    """A list of typed parts: text and thinking flow on, references and media stand by themselves."""
    for item in content:
        kind = string(item, "type")
        if isinstance(item, str):
            out.append(PartKind.TEXT, item, choice)
        elif kind in ("text", "output_text", ""):
            out.append(PartKind.TEXT, string(item, "text"), choice)
        elif kind == "thinking":
            _read_thinking(item, choice, out)
        elif kind == "reference":
            ids = ", ".join(str(number) for number in sequence(item, "reference_ids"))
            out.part(PartKind.CITATION, name=ids, choice=choice)
        elif kind == "tool_reference":
            url = string(item, "url")
            facts: Facts = (("url", url),) if url else ()
            out.part(PartKind.CITATION, name=string(item, "title"), facts=facts, choice=choice)
        else:
            part = part_of(item)
            out.part(part.kind, part.text, name=part.name, media=part.media, facts=part.facts, choice=choice)


def _read_thinking(item: JsonObject, choice: int, out: DeltaWriter) -> None:
    out.append(PartKind.REASONING, string(item, "thinking"), choice)
    for thought in objects(item, "thinking"):
        if isinstance(thought.get("text"), str):
            out.append(PartKind.REASONING, thought["text"], choice)
        else:
            _read_typed_content([thought], choice, out)


def _read_rarer(body: JsonObject, choice: int, out: DeltaWriter) -> None:
    refusal = body.get("refusal")
    if isinstance(refusal, str):
        out.append(PartKind.REFUSAL, refusal, choice)
    for position, call in enumerate(objects(body, "tool_calls")):
        _read_tool_call(call, position, choice, out)
    if isinstance(body.get("function_call"), dict):
        _read_function(body["function_call"], ("function", choice), choice, out)
    for annotation in objects(body, "annotations"):
        _read_annotation(annotation, choice, out)
    for image in objects(body, "images"):
        media = media_of_url(string(image, "image_url", "url"), "image")
        out.part(PartKind.IMAGE, media=media, choice=choice)
    if isinstance(body.get("audio"), dict):
        _read_audio(body["audio"], choice, out)
    _read_rarest(body, choice, out)
    if not body.keys() <= _MEMBERS:
        for name, value in body.items():
            if name not in _MEMBERS and is_said(value):
                out.rest(name, value, choice)


def _read_rarest(body: JsonObject, choice: int, out: DeltaWriter) -> None:
    """What one service sends each."""
    for position, tool in enumerate(objects(body, "executed_tools")):
        _read_executed(tool, position, choice, out)
    if "context" in body:
        for number, source in enumerate(objects(body, "context", "citations")):
            _read_document(source, ("document", choice, number), choice, out)
        if string(body, "context", "intent"):
            out.rest("intent", string(body, "context", "intent"), choice)
    cost = string(body, "provider_metadata", "gateway", "cost")
    if cost:
        out.usage(Usage(cost=cost))


def _read_tool_call(call: JsonObject, position: int, choice: int, out: DeltaWriter) -> None:
    index = call.get("index", position)
    key = ("tool", choice, index if isinstance(index, int | str) else position)
    call_id = string(call, "id")
    said = call_of(call)
    if out.begins_anew(key, string(said, "name"), call_id):
        out.leave(key)
    facts: Facts = ()
    if is_said(call.get("extra_content")):  # Gemini's thought signature
        facts = (("extra content", spell(call["extra_content"])),)
    _read_function(said, key, choice, out, call_id=call_id, facts=facts)


def _read_function(
    function: JsonObject,
    key: tuple[object, ...],
    choice: int,
    out: DeltaWriter,
    *,
    call_id: str = "",
    facts: Facts = (),
) -> None:
    given = function.get("arguments")
    text = given if isinstance(given, str) else spell(given) if given else ""
    name = string(function, "name")
    out.block(key, PartKind.TOOL_CALL, text, name=name, call_id=call_id, facts=facts, choice=choice)


def _read_annotation(annotation: JsonObject, choice: int, out: DeltaWriter) -> None:
    """A page cited, or a file as the service read it (OpenRouter's `file`)."""
    kind = string(annotation, "type")
    inner = mapping(annotation, kind) or annotation
    key = ("annotation", choice, spell(annotation))
    name = string(inner, "title") or string(inner, "filename") or string(inner, "name")
    url = string(inner, "url") or string(inner, "file_id")
    facts: Facts = (("url", url),) if url else ()
    if kind == "file":
        text = "".join(string(piece, "text") for piece in objects(inner, "content"))
        out.once(key, PartKind.FILE, text, name=name, choice=choice)
    else:
        out.once(key, PartKind.CITATION, string(inner, "content"), name=name, facts=facts, choice=choice)


def _read_document(source: JsonObject, key: tuple[object, ...], choice: int, out: DeltaWriter) -> None:
    name = string(source, "title") or string(source, "filepath")
    url = string(source, "url")
    facts: Facts = (("url", url),) if url else ()
    text = string(source, "content")
    out.once(key, PartKind.CITATION, text, name=name, facts=facts, choice=choice, aside=True)


def _read_executed(tool: JsonObject, position: int, choice: int, out: DeltaWriter) -> None:
    """A tool that the service ran itself, and what came of it."""
    index = tool.get("index", position)
    key = ("executed", choice, index if isinstance(index, int) else position)
    kind = string(tool, "type")
    name = string(tool, "name") or kind
    if out.kind_of(key) is None:
        facts = (("kind", "executed_tool"),)
        out.block(key, PartKind.TOOL_CALL, string(tool, "arguments"), name=name, facts=facts, choice=choice)
    results = {name: value for name, value in tool.items() if name == "output" or name.endswith("_results")}
    said = {name: value for name, value in results.items() if is_said(value)}
    if said:
        text = said["output"] if list(said) == ["output"] else spell(said)
        out.once((*key, "result"), PartKind.TOOL_RESULT, spell(text), name=name, choice=choice)


def _read_audio(audio: JsonObject, choice: int, out: DeltaWriter) -> None:
    """Sound in pieces, and its words."""
    out.append(PartKind.TEXT, string(audio, "transcript"), choice)
    data = string(audio, "data")
    if data:
        out.block(("audio", choice), PartKind.AUDIO, media=Media("audio", data), choice=choice, aside=True)
