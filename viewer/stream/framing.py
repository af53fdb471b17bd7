"""Which framing a body has, and its events: by its first bytes, its headers and its URL together."""

from __future__ import annotations

from typing import Protocol

from viewer.cassette.patterns import regex
from viewer.stream import eventstream, json_array, ndjson, sse
from viewer.stream.event import Event, EventKind, Framing

# The longest answers of models have 128,000 tokens, at most an event each; 80 MB could hold ten million events.
MOST_EVENTS = 200_000
_SLICE = 1 << 18
_HEAD = 4096
_NDJSON_TYPES = ("application/x-ndjson", "application/ndjson", "application/jsonl", "application/stream+json")
_TWO_LINES = regex(rb"\{[^\n]*\}[ \t\r]*\n\s*\{")
_FIELD = regex(rb"[\r\n](?:data|event):")
_STREAMED_ITEM = regex(rb'\[\s*\{\s*"(?:candidates|usageMetadata|promptFeedback|error)"')


class _Decoder(Protocol):
    """Turns bytes into events as they arrive."""

    def feed(self, data: bytes) -> list[Event]: ...

    def flush(self) -> list[Event]: ...


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
    # A first line that is no field, such as one mistyped, is no reason to lose the events behind it.
    if media_type == "text/event-stream" and _FIELD.search(head) and not head.startswith(b"<"):
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
    """The events of `content`; a whole JSON answer is one event.

    Of more than MOST_EVENTS the rest is one BROKEN event, which says so.
    """
    if framing.is_stream and _may_have_too_many(content, framing):
        return _first_events(content, framing)
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


def _may_have_too_many(content: bytes, framing: Framing) -> bool:
    """A quick guess on the safe side: how often what ends an event stands in the content."""
    if len(content) <= 2 * MOST_EVENTS:  # no event takes less than two bytes
        return False
    match framing:
        case Framing.SSE:
            if content.count(b"\n") + content.count(b"\r") <= MOST_EVENTS:  # far quicker to count than pairs
                return False
            return sum(content.count(end) for end in (b"\n\n", b"\n\r", b"\r\r")) > MOST_EVENTS
        case Framing.NDJSON:
            return content.count(b"\n") > MOST_EVENTS
        case Framing.JSON_ARRAY:
            return content.count(b",") > MOST_EVENTS
        case _:
            return len(content) > 16 * MOST_EVENTS


def _first_events(content: bytes, framing: Framing) -> list[Event]:
    """The first MOST_EVENTS events, and one for what follows, if anything does."""
    decoder = _DECODERS[framing]()
    events: list[Event] = []
    for start in range(0, len(content), _SLICE):
        events += decoder.feed(content[start : start + _SLICE])
        if len(events) > MOST_EVENTS:
            break
    else:
        events += decoder.flush()
    if len(events) > MOST_EVENTS:
        rest = events[MOST_EVENTS].start
        del events[MOST_EVENTS:]
        why = f"there are more than {MOST_EVENTS:,} events; the rest, {len(content) - rest:,} bytes, is not read"
        data = content[rest : rest + 200].decode("utf-8", "replace")
        kind = EventKind.BROKEN
        end = len(content)
        events.append(Event(MOST_EVENTS, rest, end, data, comment=why, kind=kind, is_complete=False))
    return events


_DECODERS: dict[Framing, type[_Decoder]] = {
    Framing.SSE: sse.SseDecoder,
    Framing.NDJSON: ndjson.NdjsonDecoder,
    Framing.JSON_ARRAY: json_array.JsonArrayDecoder,
    Framing.EVENT_STREAM: eventstream.EventStreamDecoder,
}
