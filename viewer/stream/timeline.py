"""When each event of a stream plays: as recorded, or the recorded duration spread out, or a fixed pace."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from viewer.cassette.model import ChunkTime
    from viewer.stream.event import Event

FIXED_PACE = 0.03
"""Seconds between two events where a recording tells no time at all: about the speed of a hosted model."""


class TimeSource(Enum):
    """Where a timeline's times come from; the value is shown to people."""

    RECORDED = "recorded"
    ESTIMATED = "estimated"
    FIXED = "fixed pace"


class Timeline(msgspec.Struct, frozen=True):
    """Start times of the events, in seconds from the request, never decreasing.

    `duration` is when the answer was whole; at least the last start.
    """

    starts: array[float]
    duration: float
    source: TimeSource

    def time_of(self, event: int) -> float:
        """When `event` plays; the ends are held for indexes outside."""
        if not self.starts:
            return 0.0
        return self.starts[max(0, min(event, len(self.starts) - 1))]

    def event_at(self, seconds: float) -> int:
        """The last event that has played by `seconds`, -1 before the first."""
        return bisect_right(self.starts, seconds) - 1

    def next_event(self, seconds: float) -> int | None:
        """The first event that plays after `seconds`, None behind the last."""
        position = bisect_right(self.starts, seconds)
        return position if position < len(self.starts) else None

    def limited(self, idle: float) -> Timeline:
        """The same with every wait longer than `idle` seconds cut down to it."""
        starts: array[float] = array("d")
        cut, previous = 0.0, 0.0
        for start in self.starts:
            cut += max(0.0, start - previous - idle)
            starts.append(start - cut)
            previous = start
        last = starts[-1] if starts else 0.0
        return Timeline(starts, last + min(idle, max(0.0, self.duration - previous)), self.source)


def from_chunk_times(events: Sequence[Event], times: Sequence[ChunkTime], duration: float | None) -> Timeline:
    """Times of a recorder that kept when each part of the content arrived.

    An event plays when its last byte had come.
    """
    offsets = [time.offset for time in times]
    seconds = [time.seconds for time in times]
    starts = (seconds[min(bisect_left(offsets, event.end), len(seconds) - 1)] for event in events)
    return _timeline(starts_in_order(starts), duration, TimeSource.RECORDED)


def from_clock(stamps: Sequence[float | None], duration: float | None) -> Timeline:
    """Times that the payloads themselves carry (Ollama's `created_at`), as seconds of a clock.

    The clock's first stamp is when the first event was made; where the recorded duration is longer than the
    stamps' span, the difference is the wait before it. An event without a stamp plays with the one before.
    """
    known = [stamp for stamp in stamps if stamp is not None]
    first, last = known[0], max(known)
    wait = max(0.0, duration - (last - first)) if duration is not None else 0.0
    starts: list[float] = []
    current = first
    for stamp in stamps:
        current = stamp if stamp is not None else current
        starts.append(wait + current - first)
    return _timeline(starts_in_order(starts), duration, TimeSource.RECORDED)


def spread(weights: Sequence[float], duration: float | None) -> Timeline:
    """A recorded duration spread over events by what they add, or a fixed pace without one.

    `weights` are the characters an event adds; each event counts a little by itself. The first event plays
    after its own share, the last at the end of the duration.
    """
    if not weights:
        return Timeline(array("d"), duration or 0.0, TimeSource.FIXED)
    if not duration or duration <= 0:
        starts = array("d", (FIXED_PACE * (position + 1) for position in range(len(weights))))
        return Timeline(starts, starts[-1], TimeSource.FIXED)
    total = sum(weights) + len(weights)
    starts, passed = array("d"), 0.0
    for weight in weights:
        passed += weight + 1
        starts.append(duration * passed / total)
    return Timeline(starts, max(duration, starts[-1]), TimeSource.ESTIMATED)


def starts_in_order(starts: Iterable[float]) -> array[float]:
    """Start times made never to decrease (recorders' clocks step back) and never negative."""
    ordered: array[float] = array("d")
    latest = 0.0
    for start in starts:
        latest = max(latest, start)
        ordered.append(latest)
    return ordered


def _timeline(starts: array[float], duration: float | None, source: TimeSource) -> Timeline:
    return Timeline(starts, max(duration or 0.0, starts[-1] if starts else 0.0), source)
