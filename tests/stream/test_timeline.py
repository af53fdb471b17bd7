"""When events play: recorded, spread, or at a fixed pace."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stream.samples import CHAT, OLLAMA
from viewer.cassette.body import Body
from viewer.cassette.model import ChunkTime, Headers, Response
from viewer.stream import read
from viewer.stream.timeline import FIXED_PACE, TimeSource, from_clock, spread

_RESPONSE = Response(200, "OK", Headers(), Body(CHAT.body))


def test_a_duration_is_spread_by_what_events_add() -> None:
    """The last event plays at the end; an event that adds more waits longer."""
    line = read(None, _RESPONSE, duration=2.0).timeline
    assert line.source is TimeSource.ESTIMATED
    assert (line.starts[-1], line.duration) == (2.0, 2.0)
    waits = [later - earlier for earlier, later in zip(line.starts, line.starts[1:], strict=False)]
    assert waits[1] > waits[2]  # "Olá" against "!"


def test_without_any_time() -> None:
    """A fixed pace."""
    line = read(None, _RESPONSE).timeline
    assert line.source is TimeSource.FIXED
    assert line.starts[1] == pytest.approx(2 * FIXED_PACE)


def test_times_of_chunks() -> None:
    """An event plays when its last byte had come."""
    first = read(None, _RESPONSE).events[0]
    times = (ChunkTime(first.end, 0.25), ChunkTime(len(CHAT.body), 0.75))
    line = read(None, _RESPONSE, duration=1.0, chunk_times=times).timeline
    assert line.source is TimeSource.RECORDED
    assert list(line.starts[:2]) == [0.25, 0.75]
    assert (line.starts[-1], line.duration) == (0.75, 1.0)


def test_times_in_the_payloads() -> None:
    """Ollama's `created_at`: relative to the first, behind the wait that the duration leaves."""
    response = Response(200, "OK", Headers(), Body(OLLAMA.body))
    line = read(None, response, duration=1.0).timeline
    assert line.source is TimeSource.RECORDED
    assert list(line.starts) == pytest.approx([0.2, 0.5, 1.0])


def test_looking_up_both_ways() -> None:
    """From a time to the event that has played, and to the next one."""
    line = spread([0, 0, 0, 0], 4.0)
    assert list(line.starts) == [1.0, 2.0, 3.0, 4.0]
    assert [line.event_at(seconds) for seconds in (0.5, 1.0, 3.9, 9.0)] == [-1, 0, 2, 3]
    assert [line.next_event(seconds) for seconds in (0.0, 1.0, 4.0)] == [0, 1, None]
    assert [line.time_of(event) for event in (-5, 0, 3, 99)] == [1.0, 1.0, 4.0, 4.0]


def test_idle_time_is_limited() -> None:
    """No wait is longer than the limit; shorter ones stay."""
    line = from_clock([0.0, 10.0, 10.5, 30.0], 31.0).limited(1.0)
    assert list(line.starts) == pytest.approx([1.0, 2.0, 2.5, 3.5])


def test_no_events() -> None:
    """Nothing plays; the duration stays."""
    line = spread([], 3.0)
    assert (line.event_at(1.0), line.next_event(0.0), line.time_of(0), line.duration) == (-1, None, 0.0, 3.0)


@given(st.lists(st.none() | st.floats(0, 1e6), min_size=1).filter(any), st.none() | st.floats(0, 1e6))
def test_times_never_decrease(stamps: list[float | None], duration: float | None) -> None:
    """Clocks step back; a replay does not. The duration reaches to the last event."""
    line = from_clock(stamps, duration)
    assert list(line.starts) == sorted(line.starts)
    assert line.starts[0] >= 0
    assert line.duration >= line.starts[-1]
