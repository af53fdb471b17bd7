"""Output items of OpenAI Responses: messages, reasoning, calls of every kind, what came of them.

https://platform.openai.com/docs/api-reference/responses/object. An item comes when it is added, when it is
done, and in the whole response; what its deltas or an earlier coming have said is not said again.
"""

from __future__ import annotations

from typing import Any

from viewer.stream.payload import JsonObject, is_said, mapping, objects, spell, string
from viewer.stream.providers.asking import media_of_url
from viewer.stream.providers.base import DeltaWriter, Facts
from viewer.stream.providers.logprobs import of_tokens, tell_logprobs
from viewer.stream.transcript import Media, PartKind

_CONTENT = {
    "output_text": ("text", PartKind.TEXT, "text"),
    "text": ("text", PartKind.TEXT, "text"),
    "audio": ("text", PartKind.TEXT, "transcript"),
    "output_audio": ("text", PartKind.TEXT, "transcript"),
    "refusal": ("refusal", PartKind.REFUSAL, "refusal"),
    "reasoning_text": ("reasoning", PartKind.REASONING, "text"),
    "summary_text": ("summary", PartKind.REASONING, "text"),
}
_GIVEN = ("arguments", "input", "code", "actions", "action", "operation", "queries")
"""Where kinds of calls hold what they are called with."""
_GOT = ("output", "results", "outputs", "error")
_FACTS = (
    "server_label",
    "namespace",
    "pending_safety_checks",
    "acknowledged_safety_checks",
    "execution",
    "revised_prompt",
    "size",
    "quality",
    "background",
    "container_id",
    "approval_request_id",
)
_SHOWN_AS_IS = ("mcp_list_tools", "compaction", "additional_tools")


def read_item(item: JsonObject, place: Any, out: DeltaWriter) -> None:
    """An output item at its place in the answer."""
    kind = string(item, "type")
    if kind == "message":
        out.start(role=string(item, "role"))
        for index, content in enumerate(objects(item, "content")):
            read_content(content, place, index, out)
    elif kind == "reasoning":
        _read_reasoning(item, place, out)
    elif kind == "image_generation_call":
        _read_image(item, place, out)
    elif kind.endswith("_output"):
        _read_output(item, kind, place, out)
    elif kind in _SHOWN_AS_IS or not _is_call(item, kind):
        out.once((place, "item", 0), PartKind.OTHER, spell(item), name=kind)
    elif kind:
        _read_call(item, kind, place, out)


def repeat_text(key: tuple[Any, ...], kind: PartKind, text: str, out: DeltaWriter) -> None:
    """Text that counts only where nothing brought it before."""
    if text and not out.has_text(key):
        out.block(key, kind, text)


def read_content(content: JsonObject, place: Any, index: Any, out: DeltaWriter) -> None:
    """A message's content part, with what is cited in it."""
    kind = string(content, "type")
    if kind not in _CONTENT:
        if is_said(content):
            out.once((place, "other", index), PartKind.OTHER, spell(content), name=kind)
        return
    slot, shown, member = _CONTENT[kind]
    if not out.has_text((place, slot, index)) and content.get("logprobs"):
        tell_logprobs(of_tokens(objects(content, "logprobs")), out)
    repeat_text((place, slot, index), shown, string(content, member), out)
    for annotation in objects(content, "annotations"):
        read_annotation(annotation, out)


def read_annotation(annotation: JsonObject, out: DeltaWriter) -> None:
    """A citation, once: the `done` events and the whole response list it again."""
    title = string(annotation, "title") or string(annotation, "filename")
    url = string(annotation, "url") or string(annotation, "file_id")
    place = spell([title, url, annotation.get("start_index"), annotation.get("index")])
    out.cite(("citation", place), title, url)


def read_error(error: Any, out: DeltaWriter) -> None:
    """An error, once: the end of the stream may say it again."""
    message = string(error, "message") or spell(error)
    names = ("code", "type", "param")
    facts = tuple((name, spell(error[name])) for name in names if is_said(mapping(error).get(name)))
    if out.first(("error", message)):
        out.error(message, tuple(fact for fact in facts if fact != ("type", "error")))


def image_type(holder: JsonObject) -> str:
    """The media type of a generated image."""
    return "image/" + (string(holder, "output_format") or "png")


def read_partial_image(payload: JsonObject, place: Any, out: DeltaWriter) -> None:
    """An image on its way."""
    media = Media(image_type(payload), string(payload, "partial_image_b64"))
    facts = facts_of_call(payload) if out.first((place, "image", "facts")) else ()
    out.block((place, "image"), PartKind.IMAGE, facts=facts, media=media)


def output_text(output: Any) -> str:
    """What a tool gave, for people: a shell's words without their wrapping, text parts joined, else the JSON."""
    items = objects({"": output}, "")
    if items and len(items) == len(output):
        if all("stdout" in item or "stderr" in item for item in items):
            return "\n".join(map(_shell_text, items))
        if all(string(item, "type") in ("logs", "output_text", "input_text", "text") for item in items):
            return "\n".join(string(item, "logs") or string(item, "text") for item in items)
    return spell(output) if is_said(output) else ""


def given_text(item: JsonObject) -> str:
    """What a call is called with; a shell's commands as a person would type them, a patch as its diff."""
    given = next((item[name] for name in _GIVEN if is_said(item.get(name))), "")
    if item.get("type") == "shell_call":
        return "\n".join(map(spell, mapping(given).get("commands") or ()))
    if item.get("type") == "apply_patch_call":
        return string(given, "diff")
    return spell(given)


def facts_of_call(item: JsonObject) -> Facts:
    """What else a call says, for people."""
    facts: Facts = tuple(
        (name.replace("_", " "), spell(item[name])) for name in _FACTS if is_said(item.get(name))
    )
    if item.get("type") == "apply_patch_call":
        facts += tuple((name, string(item, "operation", name)) for name in ("type", "path"))
    if item.get("type") == "shell_call":
        limits = (
            (name, spell(value)) for name, value in mapping(item, "action").items() if name != "commands"
        )
        facts += tuple((name, value) for name, value in limits if value != "null")
    return facts


def _shell_text(item: JsonObject) -> str:
    ended = mapping(item, "outcome")
    code = ended.get("exit_code")
    shown = f"(exit code {code})" if code else "(timeout)" if ended.get("type") == "timeout" else ""
    return "\n".join(filter(None, (string(item, "stdout"), string(item, "stderr"), shown)))


def _is_call(item: JsonObject, kind: str) -> bool:
    return kind.endswith(("_call", "_request")) or (bool(kind) and any(name in item for name in _GIVEN))


def _read_reasoning(item: JsonObject, place: Any, out: DeltaWriter) -> None:
    for index, summary in enumerate(objects(item, "summary")):
        repeat_text((place, "summary", index), PartKind.REASONING, string(summary, "text"), out)
    for index, content in enumerate(objects(item, "content")):
        repeat_text((place, "reasoning", index), PartKind.REASONING, string(content, "text"), out)
    secret = string(item, "encrypted_content")
    if secret and out.first((place, "secret")):
        if is_said(item.get("summary")) or is_said(item.get("content")):
            out.mark(PartKind.REASONING, (("encrypted", secret),))
        else:
            out.block((place, "secret"), PartKind.REASONING, facts=(("encrypted", secret),))


def _read_image(item: JsonObject, place: Any, out: DeltaWriter) -> None:
    """A generated image, which takes the place of its forerunners."""
    if item.get("error"):
        read_error(item["error"], out)
    data = string(item, "result")
    if data and out.first((place, "image", "whole")):
        is_url = data.startswith(("http", "data:"))
        media = media_of_url(data, "image") if is_url else Media(image_type(item), data)
        facts = facts_of_call(item) if out.first((place, "image", "facts")) else ()
        out.block((place, "image"), PartKind.IMAGE, facts=facts, media=media)


def _read_call(item: JsonObject, kind: str, place: Any, out: DeltaWriter) -> None:
    """A call of a function, or of a tool of the service's own (search, interpreter, shell, MCP)."""
    key = (place, "item", 0)
    arguments = given_text(item)
    call_id = string(item, "call_id") or string(item, "id")
    if out.kind_of(key) is None:
        facts: Facts = () if kind == "function_call" else (("kind", kind),)
        name = string(item, "name") or kind
        facts += facts_of_call(item)
        out.block(key, PartKind.TOOL_CALL, arguments, name=name, call_id=call_id, facts=facts)
    elif arguments and not out.has_text(key):
        out.block(key, PartKind.TOOL_CALL, arguments)
    got = [item[name] for name in _GOT if is_said(item.get(name))]
    if got:
        text = "\n".join(map(output_text, got))
        out.once((place, "result"), PartKind.TOOL_RESULT, text, name=kind, call_id=call_id)
        _read_pictures(got[0], place, out)


def _read_output(item: JsonObject, kind: str, place: Any, out: DeltaWriter) -> None:
    """What came of a call that stands in an item of its own; its text may have come before."""
    key = (place, "item", 0)
    given = item["output"] if "output" in item else item.get("result", item.get("tools", ""))
    text = "" if out.has_text(key) else output_text(given)
    if out.first((*key, "output", bool(text))):
        name, call_id = string(item, "name") or kind, string(item, "call_id")
        out.block(key, PartKind.TOOL_RESULT, text, name=name, call_id=call_id, facts=facts_of_call(item))
        _read_pictures(given, place, out)


def _read_pictures(output: Any, place: Any, out: DeltaWriter) -> None:
    for index, item in enumerate(objects({"": output}, "")):
        url = string(item, "url") or string(item, "image_url")
        if string(item, "type") in ("image", "input_image") and url:
            out.once((place, "picture", index), PartKind.IMAGE, media=media_of_url(url, "image"))
