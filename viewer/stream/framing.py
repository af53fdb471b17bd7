"""Which framing a body has, and its events: by its first bytes, its headers and its URL together."""

from __future__ import annotations

from viewer.cassette.patterns import regex
from viewer.stream import eventstream, json_array, ndjson, sse
from viewer.stream.event import Event, Framing

_HEAD = 4096
_NDJSON_TYPES = ("application/x-ndjson", "application/ndjson", "application/jsonl", "application/stream+json")
_TWO_LINES = regex(rb"\{[^\n]*\}[ \t\r]*\n\s*\{")
_STREAMED_ITEM = regex(rb'\[\s*\{\s*"(?:candidates|usageMetadata|promptFeedback|error)"')


def framing_of(content: bytes, content_type: str, path: str = "") -> Framing:
    """How `content` is divided. Headers lie (recorders redact and rewrite them), so bytes come first."""
    if eventstream.looks_like_event_stream(content[:16]):
        return Framing.EVENT_STREAM
    head = content[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    media_type = content_type.partition(";")[0].strip().lower()
    if head.startswith(b"{"):
        return _framing_of_object(content, media_type)
    if head.startswith(b"["):
        is_stream = "streamGenerateContent" in path or _STREAMED_ITEM.match(head)
        return Framing.JSON_ARRAY if is_stream else Framing.JSON
    if head and sse.looks_like_sse(head):
        return Framing.SSE
    return Framing.NONE


def _framing_of_object(content: bytes, media_type: str) -> Framing:
    if media_type in _NDJSON_TYPES:
        return Framing.NDJSON
    start = content.find(b"{")
    return Framing.NDJSON if _TWO_LINES.match(content, start) else Framing.JSON


def note_of(content: bytes, content_type: str, framing: Framing) -> str:
    """A sentence where the response claims a stream and is none, else ""."""
    claims = content_type.lower()
    if framing is not Framing.NONE or not content.strip():
        return ""
    if "event-stream" in claims or "eventstream" in claims or "ndjson" in claims:
        looks = "HTML" if content.lstrip()[:1] == b"<" else "something else"
        return f"The response says it is {content_type}, but its body is {looks}."
    return ""


def decode(content: bytes, framing: Framing) -> list[Event]:
    """The events of `content`; a whole JSON answer is one event."""
    match framing:
        case Framing.SSE:
            return sse.decode(content)
        case Framing.NDJSON:
            return ndjson.decode(content)
        case Framing.JSON_ARRAY:
            return json_array.decode(content)
        case Framing.EVENT_STREAM:
            return eventstream.decode(content)
        case Framing.JSON:
            return [Event(0, 0, len(content), content.decode("utf-8-sig", "replace"))]
        case Framing.NONE:
            return []
