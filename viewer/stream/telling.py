"""Events to deltas: each event's payload is given to the provider, and nothing that it cannot read is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from viewer.stream.event import Event, EventKind
from viewer.stream.payload import PayloadError, decode, integer, mapping, string
from viewer.stream.providers.base import DeltaWriter, Provider
from viewer.stream.transcript import PartKind, Usage

_END = "[DONE]"
_MESSAGE = EventKind.MESSAGE  # an enum's member takes as long to look up as a call
_LABEL = 120
_METRICS = "amazon-bedrock-invocationMetrics"
"""What Amazon adds to the last chunk of any model that it streams; the model's own counts come first."""
_KINDS = ("type", "event_type", "object")
"""Where APIs that do not name their events say of what kind a payload is."""


def tell(
    events: Iterable[Event],
    provider: Provider | None,
    *,
    is_choice: bool = False,
    is_stream: bool = False,
    decode: Callable[[str], Any] = decode,
) -> DeltaWriter:
    """What the events add. Every event makes at least one delta; what nobody can read is OTHER, with a note.

    `is_choice` says that a person chose the provider: its failure is then an error in the transcript. Of a
    stream whose API is known, the unknown events are parts of the transcript; a whole answer that is none has
    its body to be shown by. `decode`
    gives an event's payload, for whoever has it already; it raises PayloadError.
    """
    out = DeltaWriter()
    for event in events:
        out.event = event.index
        if event.kind is not _MESSAGE or event.data == _END or not event.data:
            _tell_of_no_message(event, out)
        else:
            _tell_of_message(event, provider, out, is_choice, decode)
        if out.has_written:
            continue
        if is_stream and provider is not None:
            out.unknown(_kind(event, decode), event.data)
        else:
            out.other(_label(event))
    out.close()
    return out


def _tell_of_no_message(event: Event, out: DeltaWriter) -> None:
    if event.kind is EventKind.BROKEN:
        out.note(event.index, event.comment)
        out.part(PartKind.OTHER, event.data, name=EventKind.BROKEN.value)
    elif event.headers and (failure := _failure(event)):
        out.error(failure, (("type", event.name),) if event.name else ())
    else:
        out.nothing()


def _tell_of_message(
    event: Event,
    provider: Provider | None,
    out: DeltaWriter,
    is_choice: bool,
    decode: Callable[[str], Any],
) -> None:
    if event.comment and event.headers:
        out.note(event.index, event.comment)
    if provider is None:
        return
    try:
        payload = decode(event.data)
    except PayloadError as err:
        ending = "" if event.is_complete else ", and the body ends here"
        out.note(event.index, f"its payload is not read as JSON ({err}){ending}")
        return
    try:
        provider.read(payload, event, out)
        if event.headers and not out.has_usage and _METRICS in event.data:
            out.usage(_counted_by_amazon(payload))
    except Exception as err:  # a provider may trip over anything; the event stays visible
        out.note(event.index, f"{provider.name} cannot read it: {type(err).__name__}: {err}")
        if is_choice:
            out.error(f"{provider.name} cannot read event {event.index}: {err}")


def _label(event: Event) -> str:
    """What an unknown event is listed as: its name, else how it begins."""
    return event.name or event.data[:_LABEL]


def _kind(event: Event, decode: Callable[[str], Any]) -> str:
    """What an unknown event calls itself, "" where it does not."""
    if event.name:
        return event.name[:_LABEL]
    try:
        payload = decode(event.data)
    except PayloadError:
        return ""
    return next((kind for name in _KINDS if (kind := string(payload, name))), "")[:_LABEL]


def _failure(event: Event) -> str:
    """What an AWS message without a payload says of an error, "" where it is none."""
    headers = dict(event.headers)
    is_failure = headers.get(":message-type") in ("error", "exception")
    return headers.get(":error-message") or event.name or "error" if is_failure else ""


def _counted_by_amazon(payload: Any) -> Usage:
    metrics = mapping(payload, _METRICS)
    return Usage(
        input=integer(metrics, "inputTokenCount"),
        output=integer(metrics, "outputTokenCount"),
        cached=integer(metrics, "cacheReadInputTokenCount"),
        cache_written=integer(metrics, "cacheWriteInputTokenCount"),
    )
