"""The way into this layer: a request and its response, read. Everything is computed when first asked for.

    reading = read(request, response, duration=1.43)
    reading.transcript.text, reading.transcript.usage.cost

Cheap: `framing`, `has_stream`, `provider_name`, `service`, `summary`. Once, and then kept: `events`,
`deltas`, `transcript`, `conversation`, `timeline`. A view that replays appends `deltas_between(…)`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from viewer.cassette.body import Body
from viewer.cassette.patterns import regex
from viewer.stream import assembly, framing, garbled, resources, summary, timeline
from viewer.stream.event import Event, EventKind, Framing, TextOffsets
from viewer.stream.payload import LARGE, JsonObject, PayloadError, beginning, decode, string
from viewer.stream.providers.base import Clue, DeltaWriter, Provider
from viewer.stream.providers.registry import by_name, choose
from viewer.stream.resources import ErrorMessage, View
from viewer.stream.summary import Summary
from viewer.stream.telling import tell
from viewer.stream.transcript import Conversation, Delta, PartKind, Transcript, Usage

if TYPE_CHECKING:
    from viewer.cassette.model import ChunkTime, Request, Response
    from viewer.stream.garbled import Repair
    from viewer.stream.timeline import Timeline

_END = "[DONE]"
_COST = "x-litellm-response-cost"
"""Where LiteLLM says what an answer cost: only there."""
_COSTS = regex(r"[0-9.]+(?:[eE][+-]?[0-9]+)?")
_CLUES = 8
"""How many events a provider is chosen by."""
_PLAIN = 2000
"""How long a plain text may be to be an error's message."""
_ANSWERING = {
    PartKind.TEXT,
    PartKind.REASONING,
    PartKind.TOOL_CALL,
    PartKind.TOOL_RESULT,
    PartKind.REFUSAL,
    PartKind.IMAGE,
    PartKind.AUDIO,
    PartKind.FILE,
}
_VIEWS: dict[type, View] = {
    resources.Embeddings: View.EMBEDDINGS,
    resources.Images: View.IMAGES,
    resources.Picture: View.IMAGES,
    resources.Sound: View.SOUND,
    resources.Moderation: View.MODERATION,
    resources.Listing: View.LISTING,
    ErrorMessage: View.ERROR,
}


def read(
    request: Request | None,
    response: Response | None,
    *,
    duration: float | None = None,
    chunk_times: Sequence[ChunkTime] = (),
    provider: str = "",
) -> Reading:
    """A reading of one interaction. `duration` is in seconds; `provider` overrules the automatic choice."""
    return Reading(request, response, duration, chunk_times, provider)


class Reading:
    """What an interaction says. Bad bytes never raise: `notes` say what could not be read, and where."""

    def __init__(
        self,
        request: Request | None,
        response: Response | None,
        duration: float | None,
        chunk_times: Sequence[ChunkTime],
        provider: str,
    ) -> None:
        self._request = request
        self._response = response
        self._duration = duration
        self._chunk_times = chunk_times
        self._wanted = provider
        self._host, self._path = _host_and_path(request.url if request else "")

    @property
    def content(self) -> bytes:
        """The response's content, which the events' spans count in."""
        return self._response.body.content if self._response else b""

    @cached_property
    def framing(self) -> Framing:
        """How the response is divided into events."""
        return framing.framing_of(self.content, self._content_type, self._path)

    @property
    def has_stream(self) -> bool:
        """Whether there is something to replay."""
        return self.framing.is_stream

    @cached_property
    def events(self) -> list[Event]:
        """The events of the response in order; a whole JSON answer is one event."""
        if self._is_large_answer and self._response and self._response.body.text_as_utf8 is not None:
            # The body's own text, not another ten megabytes of it.
            return [Event(0, 0, len(self.content), self._response.body.text or "")]
        return framing.decode(self.content, self.framing)

    @cached_property
    def offsets(self) -> TextOffsets:
        """From the events' spans to code points of the body's text, and back."""
        return TextOffsets(self.content)

    @property
    def provider_name(self) -> str:
        """The API that the response is read as ("Anthropic Messages"), "" where none is known."""
        return self._provider.name if self._provider else ""

    @property
    def service(self) -> str:
        """Who answers at the URL's host ("OpenRouter"), "" where nobody known."""
        from viewer.stream.services import service_of

        return service_of(self._host)

    @cached_property
    def summary(self) -> Summary:
        """What a row of a list shows. Of a long stream only the two ends are read."""
        short = self._ends if "transcript" not in self.__dict__ else self.transcript
        return Summary(
            model=short.model or string(self._asked, "model"),
            usage=short.usage,
            finish_reason=short.finish_reason,
            error=short.error,
            has_stream=self.has_stream,
            has_tool_call=summary.has_tool_call(self.content),
            provider=self.provider_name,
            service=self.service,
        )

    @property
    def deltas(self) -> list[Delta]:
        """What the events add, in order; every event has at least one."""
        return self._told.deltas

    def deltas_between(self, first: int, end: int) -> Sequence[Delta]:
        """The deltas of the events `first` to `end` (exclusive): what a replay appends in one step."""
        start = bisect_left(self.deltas, first, key=_event_of)
        return self.deltas[start : bisect_left(self.deltas, end, lo=start, key=_event_of)]

    def deltas_of(self, event: int) -> Sequence[Delta]:
        """What one event adds."""
        return self.deltas_between(event, event + 1)

    @cached_property
    def transcript(self) -> Transcript:
        """The whole answer."""
        return assembly.assemble(self.deltas, self.provider_name, self.notes)

    def transcript_at(self, event: int) -> Transcript:
        """The answer as it stood when `event` had played; -1 for nothing yet."""
        return assembly.assemble(self.deltas_between(0, event + 1), self.provider_name, self.notes)

    @cached_property
    def timeline(self) -> Timeline:
        """When each event plays."""
        if self._chunk_times and self.events:
            return timeline.from_chunk_times(self.events, self._chunk_times, self._duration)
        stamps = self._stamps() if self.framing is Framing.NDJSON else []
        if len({stamp for stamp in stamps if stamp is not None}) > 1:
            return timeline.from_clock(stamps, self._duration)
        weights = [0.0] * len(self.events)
        for delta in self.deltas:
            weights[delta.event] += len(delta.text)
        return timeline.spread(weights, self._duration)

    @cached_property
    def conversation(self) -> Conversation | None:
        """What the request asks, None where it is no request to a known API."""
        if self._provider is None or not self._asked:
            return None
        try:
            return self._provider.conversation(self._asked, self._request_text)
        except Exception as err:  # a provider may trip over anything; the body stays visible
            note = f"The request cannot be read as {self.provider_name}: {type(err).__name__}: {err}."
            return Conversation(provider=self.provider_name, notes=(note,))

    @cached_property
    def repair(self) -> Repair | None:
        """The answer's text made right, where it is UTF-8 that was once decoded in another code page."""
        return garbled.repair(self.transcript.text)

    @cached_property
    def repaired_text(self) -> str | None:
        """The body's text with all that was garbled made right, None where there is nothing to repair."""
        text = self._response.body.text if self._response and self.repair else None
        better = garbled.repair_body(text, self.repair) if text is not None and self.repair else None
        return better if better != text else None

    @cached_property
    def repaired(self) -> Reading | None:
        """The same answer read from `repaired_text`; its events are the same in number and order."""
        if self._response is None or self.repaired_text is None:
            return None
        body = Body(self._response.body.bom + self.repaired_text.encode("utf-8", "surrogateescape"))
        response = msgspec.structs.replace(self._response, body=body)
        return Reading(self._request, response, self._duration, self._chunk_times, self._wanted)

    @cached_property
    def view(self) -> View:
        """What is worth showing first."""
        if any(part.kind in _ANSWERING for part in self.transcript.parts):
            return View.ANSWER
        return _VIEWS[type(self.value)] if self.value else View.BODY

    @cached_property
    def value(self) -> resources.Value | None:
        """What the first view shows where it is no answer in words; None for answers and bodies."""
        status = self._response.status if self._response else None
        if self.transcript.error:
            return ErrorMessage(status, self.transcript.error, self._error_facts())
        if self.framing is Framing.JSON:
            found = resources.of_payload(next(iter(self._glimpse), None))
            return resources.of_payload(self._whole) if found and self._is_large_answer else found
        if status is not None and status >= 400 and self.framing is Framing.NONE:
            return ErrorMessage(status, self._plain_error())
        return resources.of_bytes(self.content, self._media_type, self._content_type)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What could not be read, and where."""
        notes = [framing.note_of(self.content, self._content_type, self.framing), self._note_of_ending()]
        return tuple(note for note in notes if note) + tuple(self._told.notes)

    def read_ahead(self) -> None:
        """Computes what a pane shows first; for another thread, behind which nothing is left to wait for.

        What was decoded on the way is let go: as Python's objects a body takes ten times its size.
        """
        self.conversation, self.view, self.value  # noqa: B018
        if self.has_stream:
            self.timeline  # noqa: B018
        self.__dict__.pop("_payloads", None)
        self.__dict__.pop("_glimpse", None)
        self.__dict__.pop("_asked", None)

    def _error_facts(self) -> tuple[tuple[str, str], ...]:
        """What the API calls the error, as its own payload says; what the provider found where that is none."""
        from viewer.stream.providers.errors import facts_of

        told = facts_of(self._whole) if self.framing is Framing.JSON else ()
        parts = self.transcript.of_kind(PartKind.ERROR)
        return told or (parts[0].facts if parts else ())

    def _plain_error(self) -> str:
        """The body of a failure where it is a short plain text, else the status line's reason."""
        text = (self._response.body.text or "").strip() if self._response else ""
        is_plain = text and len(text) < _PLAIN and not text.startswith("<")
        return text if is_plain else self._response.reason if self._response else ""

    def _note_of_ending(self) -> str:
        last = self.events[-1] if self.events else None
        if last is None or last.is_complete or last.kind is EventKind.BROKEN:
            return ""
        try:
            decode(last.data)
        except PayloadError:
            is_end = not last.data or last.data == _END
            return "" if is_end else f"The stream stops in the middle of event {last.index}."
        return ""

    @property
    def _content_type(self) -> str:
        return self._response.headers.get("content-type") if self._response else ""

    @property
    def _media_type(self) -> str:
        return self._response.body.media_type if self._response else ""

    @cached_property
    def _request_text(self) -> str:
        return (self._request.body.text or "") if self._request else ""

    @cached_property
    def _asked(self) -> JsonObject:
        try:
            asked = decode(self._request_text) if self._request_text else {}
        except PayloadError:
            return {}
        return asked if isinstance(asked, dict) else {}

    @property
    def _whole(self) -> Any:
        """The value of a whole JSON answer."""
        return next(iter(self._payloads), None)

    @cached_property
    def _payloads(self) -> tuple[Any, ...]:
        return _payloads_of(self._first_events)

    @property
    def _is_large_answer(self) -> bool:
        return self.framing is Framing.JSON and len(self.content) >= LARGE

    @cached_property
    def _glimpse(self) -> tuple[Any, ...]:
        """The payloads by which one can tell what this is; of a large whole answer only how it begins.

        Ten megabytes as Python's objects take a fifth of a second and a collection of garbage or two.
        """
        if not self._is_large_answer:
            return self._payloads
        with suppress(PayloadError):
            return (beginning(self.events[0].data),)
        return ()

    @cached_property
    def _provider(self) -> Provider | None:
        return by_name(self._wanted) if self._wanted else choose(self._clue)

    @property
    def _clue(self) -> Clue:
        first = self._first_events
        headers = self._request.headers if self._request else ()
        return Clue(
            self._host,
            self._path,
            self.framing,
            self._asked,
            self._glimpse,
            frozenset(event.name for event in first if event.name),
            {header.name.lower(): header.value for header in headers},
            self._response.status if self._response else None,
        )

    @property
    def _first_events(self) -> list[Event]:
        if "events" in self.__dict__ or not summary.is_long(self.content, self.framing):
            return self.events[:_CLUES]
        return framing.decode(self.content[: summary.HEAD], self.framing)[:_CLUES]

    @property
    def _ends(self) -> Transcript:
        if summary.is_long(self.content, self.framing):
            return summary.of_ends(self.content, self.framing, self._provider)
        return self.transcript

    @cached_property
    def _told(self) -> DeltaWriter:
        told = self._told_of(self._glimpse)
        if self._is_large_answer and any(delta.kind is not PartKind.OTHER for delta in told.deltas):
            told = self._told_of(self._payloads)
        status = self._response.status if self._response else None
        if self.framing is Framing.JSON and status is not None and status >= 400 and not told.has_parts:
            from viewer.stream.providers.errors import message_of

            told.error(message_of(self._whole) or f"status {status}")
        cost = self._response.headers.get(_COST) if self._response else ""
        if cost and told.deltas and not told.has_cost and _COSTS.fullmatch(cost):
            told.usage(Usage(cost=cost))
        return told

    def _told_of(self, payloads: tuple[Any, ...]) -> DeltaWriter:
        """What the events add; the payload of a whole answer is known."""
        known = payloads if self.framing is Framing.JSON else ()
        return tell(
            self.events,
            self._provider,
            is_choice=bool(self._wanted),
            is_stream=self.has_stream,
            decode=(lambda text: known[0]) if known else decode,
        )

    def _stamps(self) -> list[float | None]:
        return [_clock(string(payload, "created_at")) for payload in map(_payload_of, self.events)]


def _host_and_path(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:  # half an IPv6 address
        return "", url
    return parts.netloc, parts.path


def _event_of(delta: Delta) -> int:
    return delta.event


def _payload_of(event: Event) -> Any:
    try:
        return decode(event.data)
    except PayloadError:
        return None


def _payloads_of(events: Sequence[Event]) -> tuple[Any, ...]:
    payloads = []
    for event in events:
        if event.data != _END:
            with suppress(PayloadError):
                payloads.append(decode(event.data))
    return tuple(payloads)


def _clock(text: str) -> float | None:
    """Seconds of an RFC 3339 time, however many digits its fraction has (Ollama writes nine)."""
    seconds, dot, rest = text.partition(".")
    digits = rest.rstrip("Z").partition("+")[0].partition("-")[0]
    try:
        whole = datetime.fromisoformat(seconds + (rest[len(digits) :] if dot else "")).timestamp()
        return whole + float(f"0.{digits or 0}")
    except (ValueError, OverflowError):
        return None
