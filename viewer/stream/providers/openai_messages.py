"""Messages of requests in OpenAI's chat words, which other APIs' requests speak, too. No provider of its own."""

from __future__ import annotations

from typing import Any

from viewer.stream.payload import JsonObject, mapping, objects, spell, string
from viewer.stream.providers.asking import media_of_url, result_parts
from viewer.stream.transcript import Media, Message, Part, PartKind


def message_of(message: Any) -> Message:
    """One message of a request."""
    role = string(message, "role") or "user"
    content = message.get("content") if isinstance(message, dict) else message
    parts = _reasoning_parts(message)
    if role in ("tool", "function"):
        text = content if isinstance(content, str) else "".join(part.text for part in parts_of(content))
        others = [part for part in parts_of(content) if part.kind is not PartKind.TEXT]
        name, call_id = string(message, "name"), string(message, "tool_call_id")
        parts = result_parts(text, others, name=name, call_id=call_id)
    else:
        parts += parts_of(content)
    if string(message, "refusal"):
        parts.append(Part(PartKind.REFUSAL, string(message, "refusal")))
    calls = [(call_of(call), string(call, "id")) for call in objects(message, "tool_calls")]
    if mapping(message, "function_call"):
        calls.append((mapping(message, "function_call"), ""))
    parts += [_call_part(function, call_id) for function, call_id in calls]
    return Message(role, tuple(parts), string(message, "name"))


def call_of(call: JsonObject) -> JsonObject:
    """A call's `name` and `arguments`: of a function, of a custom tool, of a kind that is not known yet."""
    kind = string(call, "type") or ("custom" if "custom" in call else "function")
    inner = mapping(call, kind) or mapping(call, "function")
    if inner and "arguments" not in inner and "input" in inner:
        return {"name": string(inner, "name"), "arguments": inner["input"]}
    if inner or kind in ("function", "custom"):
        return inner
    rest = {name: value for name, value in call.items() if name not in ("id", "index", "type")}
    return {"name": kind, "arguments": rest or ""}


def _reasoning_parts(message: Any) -> list[Part]:
    details = objects(message, "reasoning_details") + objects(message, "thinking_blocks")
    text = string(message, "reasoning_content") or string(message, "reasoning")
    text = text or "".join(map(_detail_text, details))
    facts: list[tuple[str, str]] = []
    for detail in details:
        names = (("encrypted", "data"), ("signature", "signature"))
        facts += [(label, string(detail, name)) for label, name in names if string(detail, name)]
    return [Part(PartKind.REASONING, text, facts=tuple(facts))] if text or facts else []


def _detail_text(detail: JsonObject) -> str:
    return string(detail, "text") or string(detail, "summary") or string(detail, "thinking")


def _call_part(function: JsonObject, call_id: str) -> Part:
    return Part(PartKind.TOOL_CALL, spell(function.get("arguments", "")), string(function, "name"), call_id)


def parts_of(content: Any) -> list[Part]:
    """A message's content: text, or a list of typed parts."""
    if isinstance(content, str):
        return [Part(PartKind.TEXT, content)] if content else []
    return [part_of(item) for item in content] if isinstance(content, list) else []


def part_of(item: Any) -> Part:
    """One typed part of a message's content."""
    if isinstance(item, str):
        return Part(PartKind.TEXT, item)
    kind = string(item, "type")
    match kind:
        case "text" | "input_text" | "output_text":
            return Part(PartKind.TEXT, string(item, "text"))
        case "image_url" | "input_image" | "video_url" | "document_url" | "audio_url":
            return _part_at_url(item, kind)
        case "input_audio":
            return _audio_part(item.get("input_audio"))
        case "file":
            return _file_part(item)
        case "image_file":
            name = string(item, "image_file", "file_id")
            return Part(PartKind.IMAGE, name=name, media=Media("image", name=name))
        case "refusal":
            return Part(PartKind.REFUSAL, string(item, "refusal"))
        case "thinking":
            thoughts = (string(thought, "text") for thought in objects(item, "thinking"))
            return Part(PartKind.REASONING, string(item, "thinking") or "".join(thoughts))
        case _:
            return Part(PartKind.OTHER, spell(item), kind)


def _part_at_url(item: JsonObject, kind: str) -> Part:
    """An image, video, sound or document behind a URL, bare or in an object."""
    held = item.get("image_url" if kind == "input_image" else kind)
    url = held if isinstance(held, str) else string(held, "url")
    major = kind.removeprefix("input_").removesuffix("_url")
    name = string(item, "document_name") or string(item, "file_id")
    shown = {"image": PartKind.IMAGE, "audio": PartKind.AUDIO}.get(major, PartKind.FILE)
    media = media_of_url(url, major)
    return Part(shown, name=name, media=Media(media.type, media.base64, media.url, name))


def _audio_part(held: Any) -> Part:
    """OpenAI's object with data and format, or Mistral's bare base64 or URL."""
    if isinstance(held, str):
        media = Media("audio", url=held) if held.startswith("http") else Media("audio", held)
        return Part(PartKind.AUDIO, media=media)
    kind = "audio/" + (string(held, "format") or "*")
    return Part(PartKind.AUDIO, media=Media(kind, string(held, "data")))


def _file_part(item: JsonObject) -> Part:
    file = mapping(item, "file") or item
    media = media_of_url(string(file, "file_data"), "file")
    name = string(file, "filename") or string(file, "file_id")
    return Part(PartKind.FILE, name=name, media=Media(media.type, media.base64, media.url, name))
