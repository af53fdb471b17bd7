from __future__ import annotations

import gc
import math
import tracemalloc
from array import array
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from viewer.stream.timeline import Timeline, TimeSource
from viewer.ui.player import Player, Position, Replay


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def timeline(*starts: float, duration: float | None = None) -> Timeline:
    return Timeline(array("d", starts), starts[-1] if duration is None else duration, TimeSource.ESTIMATED)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def player(qtbot: QtBot, clock: Clock) -> Iterator[Player]:
    made = Player(clock=clock)
    made.load(timeline(0.1, 0.2, 0.3, 0.5, duration=0.6))
    yield made
    made.pause()


def test_a_replay_is_an_iterator_that_ends_behind_the_last_event(clock: Clock) -> None:
    replay = Replay(timeline(0.125, 0.25, 0.4), Position(0.0, -1), 1.0, clock)
    seen = []
    for position in replay:
        seen.append(position.event)
        clock.now += 0.125
    assert seen == [-1, 0, 1, 1, 2]


def test_a_speed_multiplies_time(clock: Clock) -> None:
    replay = Replay(timeline(1.0, 2.0, 3.0), Position(0.0, -1), 16.0, clock)
    clock.now += 0.1
    assert next(replay) == pytest.approx((1.6, 0))


def test_at_once_is_one_step(clock: Clock) -> None:
    replay = Replay(timeline(1.0, 2.0, 3.0, duration=9.0), Position(0.0, -1), math.inf, clock)
    assert list(replay) == [(9.0, 2)]


def test_a_long_pause_of_the_computer_skips_no_answer(clock: Clock) -> None:
    replay = Replay(timeline(1.0, 2.0), Position(0.0, -1), 1.0, clock)
    clock.now += 3600
    assert next(replay).event == -1


def test_a_loaded_answer_stands_at_its_end(player: Player) -> None:
    assert player.is_at_end
    assert (player.seconds, player.event_index) == (0.6, 3)


def test_playing_from_the_end_begins_at_the_start(player: Player, clock: Clock) -> None:
    player.play()
    assert player.event_index == -1
    clock.now += 0.21
    player.tick()
    assert player.event_index == 1
    player.pause()
    clock.now += 0.2
    player.tick()
    assert player.event_index == 1


def test_steps_go_event_by_event(player: Player) -> None:
    player.seek_start()
    seen = []
    for _ in range(5):
        player.step_forward()
        seen.append((player.event_index, player.seconds))
    assert seen == [(0, 0.1), (1, 0.2), (2, 0.3), (3, 0.5), (3, 0.6)]
    player.step_back()
    assert player.event_index == 2
    for _ in range(9):
        player.step_back()
    assert (player.event_index, player.seconds) == (-1, 0.0)


def test_a_step_pauses(player: Player, qtbot: QtBot) -> None:
    player.play()
    with qtbot.waitSignal(player.playing_changed) as blocker:
        player.step_forward()
    assert blocker.args == [False]


def test_events_at_the_same_time_can_be_told_apart_by_steps(qtbot: QtBot) -> None:
    player = Player()
    player.load(timeline(0.1, 0.1, 0.1, 0.2))
    player.seek_event(0)
    assert player.event_index == 0
    player.step_forward()
    assert player.event_index == 1


def test_seeking_by_time_finds_the_event(player: Player) -> None:
    player.seek_seconds(0.31)
    assert player.event_index == 2
    player.seek_seconds(99)
    assert player.is_at_end
    player.seek_seconds(-1)
    assert (player.seconds, player.event_index) == (0.0, -1)


def test_it_plays_to_the_end_and_stops(player: Player, clock: Clock, qtbot: QtBot) -> None:
    player.play()
    for _ in range(20):
        clock.now += 0.1
        player.tick()
    assert player.is_at_end
    assert not player.is_playing


def test_a_loop_begins_again(player: Player, clock: Clock) -> None:
    player.set_loops(True)
    player.play()
    seen = []
    for _ in range(16):
        clock.now += 0.1
        player.tick()
        seen.append(player.event_index)
    assert player.is_playing
    assert seen.count(3) >= 2
    assert -1 in seen


def test_long_waits_are_cut_and_the_event_is_kept(qtbot: QtBot) -> None:
    player = Player()
    player.load(timeline(0.5, 60.0, 60.5, duration=90.0))
    player.seek_event(1)
    player.set_idle_limit(1.0)
    assert player.duration == pytest.approx(3.0)
    assert player.event_index == 1
    assert player.seconds == pytest.approx(1.5)
    player.set_idle_limit(None)
    assert (player.event_index, player.seconds) == (1, 60.0)


def test_nothing_to_play_is_no_error(qtbot: QtBot) -> None:
    player = Player()
    player.load(None)
    for act in (
        player.play,
        player.toggle,
        player.step_back,
        player.step_forward,
        player.seek_end,
        player.tick,
    ):
        act()
    player.seek_seconds(3)
    assert not player.is_playing
    assert player.event_index == -1


def test_the_timer_drives_it(qtbot: QtBot) -> None:
    player = Player()
    player.load(timeline(0.02, 0.05, 0.08))
    with qtbot.waitSignal(player.playing_changed, check_params_cb=lambda playing: not playing, timeout=3000):
        player.play()
    assert player.is_at_end


def test_twenty_thousand_ticks_leave_memory_as_it_was(qtbot: QtBot, clock: Clock) -> None:
    player = Player(clock=clock)
    player.load(timeline(*(0.01 * index for index in range(1, 2000))))
    player.set_loops(True)
    moves = [0]
    player.moved.connect(lambda seconds, event: moves.__setitem__(0, moves[0] + 1))
    player.play()

    def run(ticks: int) -> None:
        for _ in range(ticks):
            clock.now += 0.016
            player.tick()

    run(1000)
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    run(20_000)
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    player.pause()
    assert moves[0] > 20_000
    assert grown < 50_000
