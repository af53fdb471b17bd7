"""Input items of an OpenAI Responses request as messages of a conversation. No provider of its own."""

from __future__ import annotations

from typing import Any

from viewer.stream.payload import JsonObject, objects, spell, string
from viewer.stream.providers.asking import media_of_url, result_parts
from viewer.stream.providers.base import Facts
from viewer.stream.providers.openai_items import facts_of_call, given_text, image_type, output_text
from viewer.stream.providers.openai_messages import part_of
from viewer.stream.transcript import Media, Message, Part, PartKind


def asked_message(item: Any) -> Message:
    """An input item: a message, reasoning, a call, or what came of one."""
    kind = string(item, "type")
    if not isinstance(item, dict):
        return Message("user", tuple(asked_parts([item])))
    if kind == "reasoning":
        return Message("assistant", (_reasoning_of(item),))
    if kind.endswith("_output") or kind == "mcp_approval_response":
        return Message("tool", tuple(_result_of(item, kind)))
    if kind == "image_generation_call":
        media = Media(image_type(item), string(item, "result"))
        return Message("assistant", (Part(PartKind.IMAGE, media=media),))
    if kind.endswith(("_call", "_request")):
        call_id = string(item, "call_id") or string(item, "id")
        facts: Facts = facts_of_call(item)
        call = Part(PartKind.TOOL_CALL, given_text(item), string(item, "name") or kind, call_id, facts=facts)
        return Message("assistant", (call, *_own_results(item, kind)))
    if "role" in item and "content" in item:
        return Message(string(item, "role"), tuple(asked_parts(item.get("content"))))
    return Message("user", tuple(asked_parts([item])))


def asked_parts(content: Any) -> list[Part]:
    """A message's content, or the instructions: text, or a list of typed parts or items."""
    if isinstance(content, str):
        return [Part(PartKind.TEXT, content)] if content else []
    parts: list[Part] = []
    for item in content if isinstance(content, list) else []:
        is_message = isinstance(item, dict) and "role" in item
        parts += asked_parts(item.get("content")) if is_message else [_part_of(item)]
    return parts


def _reasoning_of(item: JsonObject) -> Part:
    texts = objects(item, "summary") + objects(item, "content")
    secret = string(item, "encrypted_content")
    facts: Facts = (("encrypted", secret),) if secret else ()
    return Part(PartKind.REASONING, "\n\n".join(string(part, "text") for part in texts), facts=facts)


def _result_of(item: JsonObject, kind: str) -> list[Part]:
    """What a tool gave, and the pictures and files among it."""
    call_id = string(item, "call_id") or string(item, "approval_request_id")
    if kind == "mcp_approval_response":
        return [Part(PartKind.TOOL_RESULT, f"approve: {spell(item.get('approve'))}", kind, call_id)]
    given = item["output"] if "output" in item else item.get("result", item.get("tools", ""))
    parts = asked_parts(given if isinstance(given, list) else [given] if isinstance(given, dict) else [])
    media = [part for part in parts if part.media is not None]
    texts = [part.text for part in parts if part.kind is PartKind.TEXT]
    text = "\n".join(texts) if len(texts) + len(media) == len(parts) and parts else output_text(given)
    return result_parts(text, media, call_id=call_id)


def _own_results(item: JsonObject, kind: str) -> list[Part]:
    """What a tool of the service's own gave, which stands in its call."""
    got = next((item[name] for name in ("output", "results", "outputs", "error") if item.get(name)), None)
    return [] if got is None else [Part(PartKind.TOOL_RESULT, output_text(got), kind, string(item, "id"))]


def _part_of(item: Any) -> Part:
    kind = string(item, "type")
    if kind in ("input_image", "computer_screenshot"):
        held = item.get("image_url")
        media = media_of_url(held if isinstance(held, str) else string(held, "url"), "image")
        return Part(PartKind.IMAGE, name=string(item, "file_id"), media=media)
    if kind == "input_file":
        media = media_of_url(string(item, "file_data") or string(item, "file_url"), "file")
        return Part(PartKind.FILE, name=string(item, "filename") or string(item, "file_id"), media=media)
    return part_of(item)
