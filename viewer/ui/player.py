"""The replay's clock: which of a finished recording's events have played by now.

`Replay` is an iterator over the record, without Qt and without a clock of its own; `Player` pulls from it by a
timer while it plays. Nothing is stored per tick, so a replay may run for days.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal, Slot

if TYPE_CHECKING:
    from viewer.stream.timeline import Timeline

TICK_MS = 16
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, math.inf)
# A tick that comes very late (the computer slept, a menu was open) does not skip the answer.
_LONGEST_TICK = 0.25


class Position(NamedTuple):
    """A place in the replay: `seconds` from the request, and the last event that has played (-1: none)."""

    seconds: float
    event: int


class Replay(Iterator[Position]):
    """Gives the position at every call of next(), moving with `clock`, and ends behind the last event."""

    def __init__(
        self,
        timeline: Timeline,
        position: Position,
        speed: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._timeline = timeline
        self._position = position
        self._clock = clock
        self._last = clock()
        self._is_over = False
        self.speed = speed

    def __next__(self) -> Position:
        if self._is_over:
            raise StopIteration
        now = self._clock()
        passed = min(now - self._last, _LONGEST_TICK) * self.speed if math.isfinite(self.speed) else math.inf
        self._last = now
        seconds = min(self._position.seconds + max(0.0, passed), self._timeline.duration)
        self._is_over = seconds >= self._timeline.duration
        event = len(self._timeline.starts) - 1 if self._is_over else self._timeline.event_at(seconds)
        self._position = Position(seconds, max(event, self._position.event))
        return self._position


class Player(QObject):
    """Plays, pauses, steps and seeks in one answer.

    Signals:
        moved(float, int): another position, in seconds and as the last event played (-1: none).
        playing_changed(bool): it plays, or stands still.
        loaded(): another answer, another idle limit, or none.
    """

    moved = Signal(float, int)
    playing_changed = Signal(bool)
    loaded = Signal()

    def __init__(self, parent: QObject | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._recorded: Timeline | None = None
        self._timeline: Timeline | None = None
        self._position = Position(0.0, -1)
        self._replay: Replay | None = None
        self._speed = 1.0
        self._loops = False
        self._idle_limit: float | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)

    def load(self, timeline: Timeline | None) -> None:
        """Takes another answer, standing at its end: that is what a finished recording looks like."""
        self.pause()
        self._recorded = timeline
        self._limit()
        self._position = self._end()
        self.loaded.emit()

    @property
    def timeline(self) -> Timeline | None:
        """The times that play: the recorded ones, or cut down to the idle limit."""
        return self._timeline

    @property
    def event_count(self) -> int:
        """How many events there are."""
        return len(self._timeline.starts) if self._timeline else 0

    @property
    def duration(self) -> float:
        """How long the replay takes at speed 1, in seconds."""
        return self._timeline.duration if self._timeline else 0.0

    @property
    def seconds(self) -> float:
        """Where it stands, in seconds from the request."""
        return self._position.seconds

    @property
    def event_index(self) -> int:
        """The last event that has played, -1 before the first."""
        return self._position.event

    @property
    def is_playing(self) -> bool:
        """Whether time goes on."""
        return self._replay is not None

    @property
    def is_at_end(self) -> bool:
        """Whether the whole answer is there."""
        return self._position == self._end()

    @property
    def speed(self) -> float:
        """How many times as fast as recorded; infinity for at once."""
        return self._speed

    @property
    def loops(self) -> bool:
        """Whether it begins again at the end."""
        return self._loops

    @property
    def idle_limit(self) -> float | None:
        """The longest wait between two events, in seconds; None for as recorded."""
        return self._idle_limit

    def set_speed(self, speed: float) -> None:
        """Plays faster or slower from now on."""
        self._speed = speed
        if self._replay:
            self._replay.speed = speed

    def set_loops(self, loops: bool) -> None:
        """Begins again at the end, or stays there."""
        self._loops = loops

    def set_idle_limit(self, seconds: float | None) -> None:
        """Cuts long waits down; the position stays at its event."""
        was_at_end = self.is_at_end
        self._idle_limit = seconds
        self._limit()
        self.loaded.emit()
        if was_at_end:
            self._go(self._end())
        else:
            self.seek_event(self.event_index)

    @Slot()
    def play(self) -> None:
        """Plays on, from the start where it stands at the end."""
        if self._timeline is None or not self._timeline.starts or self.is_playing:
            return
        if self.is_at_end:
            self._go(Position(0.0, -1))
        self._begin()
        self.playing_changed.emit(True)

    @Slot()
    def pause(self) -> None:
        """Stands still."""
        if self.is_playing:
            self._replay = None
            self._timer.stop()
            self.playing_changed.emit(False)

    @Slot()
    def toggle(self) -> None:
        """Plays or pauses."""
        if self.is_playing:
            self.pause()
        else:
            self.play()

    @Slot()
    def step_forward(self) -> None:
        """Stands still one event further."""
        self.pause()
        if self.event_index < self.event_count - 1:
            self.seek_event(self.event_index + 1)
        else:
            self.seek_end()

    @Slot()
    def step_back(self) -> None:
        """Stands still one event before."""
        self.pause()
        self.seek_event(max(-1, self.event_index - 1))

    @Slot()
    def seek_start(self) -> None:
        """Goes before the first event."""
        self._seek(Position(0.0, -1))

    @Slot()
    def seek_end(self) -> None:
        """Goes behind the last event."""
        self._seek(self._end())

    def seek_event(self, event: int) -> None:
        """Goes to where this event has just played; -1 is the start."""
        event = max(-1, min(event, self.event_count - 1))
        if self._timeline is None or event < 0:
            self._seek(Position(0.0, -1))
        else:
            self._seek(Position(self._timeline.time_of(event), event))

    def seek_seconds(self, seconds: float) -> None:
        """Goes to a time."""
        if self._timeline is None:
            return
        seconds = max(0.0, min(seconds, self.duration))
        at_end = seconds >= self.duration
        self._seek(self._end() if at_end else Position(seconds, self._timeline.event_at(seconds)))

    @Slot()
    def tick(self) -> None:
        """Pulls the next position; the timer calls this."""
        if self._replay is None:
            return
        position = next(self._replay, None)
        if position is not None:
            self._go(position)
        elif self._loops and self.duration > 0:
            self._go(Position(0.0, -1))
            self._begin()
        else:
            self.pause()

    def _begin(self) -> None:
        assert self._timeline is not None
        self._replay = Replay(self._timeline, self._position, self._speed, self._clock)
        self._timer.start()

    def _seek(self, position: Position) -> None:
        self._go(position)
        if self.is_playing:
            self._begin()

    def _go(self, position: Position) -> None:
        if position != self._position:
            self._position = position
            self.moved.emit(position.seconds, position.event)

    def _limit(self) -> None:
        limit = self._idle_limit
        recorded = self._recorded
        self._timeline = recorded.limited(limit) if recorded and limit is not None else recorded

    def _end(self) -> Position:
        return Position(self.duration, self.event_count - 1)
