"""Messages of requests in OpenAI's chat words, which other APIs' requests speak, too. No provider of its own."""

from __future__ import annotations

from typing import Any

from viewer.stream.payload import JsonObject, mapping, objects, spell, string
from viewer.stream.providers.asking import media_of_url
from viewer.stream.transcript import Media, Message, Part, PartKind


def message_of(message: Any) -> Message:
    """One message of a request."""
    role = string(message, "role") or "user"
    content = message.get("content") if isinstance(message, dict) else message
    parts = _reasoning_parts(message)
    if role in ("tool", "function"):
        text = content if isinstance(content, str) else "".join(part.text for part in parts_of(content))
        parts = [Part(PartKind.TOOL_RESULT, text, string(message, "name"), string(message, "tool_call_id"))]
        parts += [part for part in parts_of(content) if part.kind is not PartKind.TEXT]
    else:
        parts += parts_of(content)
    if string(message, "refusal"):
        parts.append(Part(PartKind.REFUSAL, string(message, "refusal")))
    calls = [(mapping(call, "function"), string(call, "id")) for call in objects(message, "tool_calls")]
    if mapping(message, "function_call"):
        calls.append((mapping(message, "function_call"), ""))
    parts += [_call_part(function, call_id) for function, call_id in calls]
    return Message(role, tuple(parts), string(message, "name"))


def _reasoning_parts(message: Any) -> list[Part]:
    text = string(message, "reasoning_content") or string(message, "reasoning")
    return [Part(PartKind.REASONING, text)] if text else []


def _call_part(function: JsonObject, call_id: str) -> Part:
    return Part(PartKind.TOOL_CALL, spell(function.get("arguments", "")), string(function, "name"), call_id)


def parts_of(content: Any) -> list[Part]:
    """A message's content: text, or a list of typed parts."""
    if isinstance(content, str):
        return [Part(PartKind.TEXT, content)] if content else []
    return [_part_of(item) for item in content] if isinstance(content, list) else []


def _part_of(item: Any) -> Part:
    match string(item, "type"):
        case "text":
            return Part(PartKind.TEXT, string(item, "text"))
        case "image_url":
            url = item.get("image_url")
            return Part(
                PartKind.IMAGE,
                media=media_of_url(url if isinstance(url, str) else string(url, "url"), "image"),
            )
        case "input_audio":
            kind = "audio/" + (string(item, "input_audio", "format") or "*")
            return Part(PartKind.AUDIO, media=Media(kind, string(item, "input_audio", "data")))
        case "file":
            file = mapping(item, "file")
            media = media_of_url(string(file, "file_data"), "file")
            name = string(file, "filename") or string(file, "file_id")
            return Part(PartKind.FILE, name=name, media=Media(media.type, media.base64, media.url, name))
        case "refusal":
            return Part(PartKind.REFUSAL, string(item, "refusal"))
        case "thinking":
            thoughts = (string(thought, "text") for thought in objects(item, "thinking"))
            return Part(PartKind.REASONING, "".join(thoughts))
        case _:
            return Part(PartKind.OTHER, spell(item), string(item, "type"))
