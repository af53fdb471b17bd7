"""The way into this layer: a request and its response, read. Everything is computed when first asked for.

    reading = read(request, response, duration=1.43)
    reading.transcript.text, reading.transcript.usage.cost

Cheap: `framing`, `has_stream`, `provider_name`, `summary`. Once, and then kept: `events`, `deltas`,
`transcript`, `conversation`, `timeline`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from viewer.cassette.model import ChunkTime, Request, Response
from viewer.stream import assembly, framing, timeline
from viewer.stream.event import Event, EventKind, Framing
from viewer.stream.payload import JsonObject, PayloadError, decode
from viewer.stream.providers.base import Clue, DeltaWriter, Provider
from viewer.stream.providers.registry import by_name, choose
from viewer.stream.timeline import Timeline
from viewer.stream.transcript import Conversation, Delta, Transcript


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


_CLUES = 8
"""How many events a provider is chosen by."""


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
        url = urlsplit(request.url) if request else urlsplit("")
        self._host, self._path = url.netloc, url.path

    @property
    def content(self) -> bytes:
        """The response's content, which the events' spans count in."""
        return self._response.body.content if self._response else b""

    @cached_property
    def framing(self) -> Framing:
        """How the response is divided into events."""
        media_type = self._response.headers.get("content-type") if self._response else ""
        return framing.framing_of(self.content, media_type, self._path)

    @property
    def has_stream(self) -> bool:
        """Whether there is something to replay."""
        return self.framing.is_stream

    @cached_property
    def events(self) -> list[Event]:
        """The events of the response in order; a whole JSON answer is one event."""
        return framing.decode(self.content, self.framing)

    @cached_property
    def provider_name(self) -> str:
        """The API that the response is read as, "" where none is known."""
        return self._provider.name if self._provider else ""

    @property
    def deltas(self) -> list[Delta]:
        """What the events add, in order; every event has at least one."""
        return self._written.deltas

    def deltas_between(self, first: int, end: int) -> Sequence[Delta]:
        """The deltas of the events `first` to `end` (exclusive): what a replay appends in one step."""
        start = bisect_left(self.deltas, first, key=lambda delta: delta.event)
        return self.deltas[start : bisect_left(self.deltas, end, lo=start, key=lambda delta: delta.event)]

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
        weights = [0.0] * len(self.events)
        for delta in self.deltas:
            weights[delta.event] += len(delta.text)
        return timeline.spread(weights, self._duration)

    @cached_property
    def conversation(self) -> Conversation | None:
        """What the request asks, None where it is no request to a known API."""
        if self._provider is None or not self._asked:
            return None
        return self._provider.conversation(self._asked, self._request_text)

    @property
    def notes(self) -> tuple[str, ...]:
        """What could not be read, and where."""
        return tuple(self._written.notes)

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

    @cached_property
    def _provider(self) -> Provider | None:
        if self._wanted:
            return by_name(self._wanted)
        return choose(self._clue)

    @cached_property
    def _clue(self) -> Clue:
        first = self.events[:_CLUES]
        headers = self._request.headers if self._request else ()
        return Clue(
            self._host,
            self._path,
            self.framing,
            self._asked,
            _payloads_of(first),
            frozenset(event.name for event in first if event.name),
            {header.name.lower(): header.value for header in headers},
            self._response.status if self._response else None,
        )

    @cached_property
    def _written(self) -> DeltaWriter:
        out = DeltaWriter()
        for event in self.events:
            out.event = event.index
            before = len(out.deltas)
            self._read_event(event, out)
            if len(out.deltas) == before:
                out.other(event.type)
        out.close()
        return out

    def _read_event(self, event: Event, out: DeltaWriter) -> None:
        if event.kind is not EventKind.MESSAGE or event.data == "[DONE]":
            out.nothing()
            return
        try:
            payload = decode(event.data)
        except PayloadError as err:
            out.notes.append(f"event {event.index} is no JSON: {err}")
            return
        if self._provider is not None:
            try:
                self._provider.read(payload, event, out)
            except Exception as err:
                out.notes.append(f"event {event.index}: {self._provider.name} cannot read it ({err!r})")


def _payloads_of(events: Sequence[Event]) -> tuple[Any, ...]:
    payloads = []
    for event in events:
        with suppress(PayloadError):
            payloads.append(decode(event.data))
    return tuple(payloads)
