"""The background side of the window: opens two recordings, pairs them, and computes what is to be shown.

Order of things: `open` reads both files and pairs their interactions; then summaries come in slices, pair after
pair, while `show` computes whatever pair is looked at. Cassettes are not thread-safe, so one lock lets a single
piece of work at a time touch them; a slice is short, so what is looked at never waits long.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from viewer.cassette.cassette import Cassette
from viewer.cassette.model import CassetteError
from viewer.cassette.source import source_of
from viewer.compare.comparison import Comparison, PairSummary
from viewer.document.tasks import Job, LatestOnly
from viewer.ui.compare.presentation import Presentation, present
from viewer.ui.compare.recording import Excerpt, Recording

if TYPE_CHECKING:
    from viewer.compare.views import View

Result = TypeVar("Result")

_SLICE = 0.04


@dataclass(frozen=True, slots=True)
class Opening:
    """What came of opening: a comparison, or why the recordings could not be opened (path, error)."""

    comparison: Comparison | None = None
    failures: tuple[tuple[Path, CassetteError], ...] = ()
    are_identical: bool = False


@dataclass(frozen=True, slots=True)
class _Slice:
    first: int
    summaries: list[PairSummary]


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a walk leads: a pair and the view in which it differs. `forwards` tells from which end it is entered."""

    index: int
    view: View
    forwards: bool


class CompareSession(QObject):
    """Computes in the background; every outcome comes as a signal.

    Signals:
        opened(Opening): both recordings were opened and paired, or one could not be.
        summarised(int, object): the summaries of some pairs, from this index on.
        finished(): every pair has its summary.
        shown(Presentation): the pair asked for.
        walked(object): a Walk, or None where there is no difference further on.
        failed(Exception): something went wrong that nobody expected.
        progressed(float): how much of what is under way is done, 0 to 1.
    """

    opened = Signal(object)
    summarised = Signal(int, object)
    finished = Signal()
    shown = Signal(object)
    walked = Signal(object)
    failed = Signal(object)
    progressed = Signal(float)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.comparison: Comparison | None = None
        self._lock = Lock()
        self._opening = LatestOnly()
        self._summaries = LatestOnly()
        self._showing = LatestOnly()

    @property
    def is_opening(self) -> bool:
        """Whether the recordings are still being read."""
        return self._opening.running

    @property
    def is_showing(self) -> bool:
        """Whether a pair, or a walk to one, is still being computed."""
        return self._showing.running

    @property
    def is_working(self) -> bool:
        """Whether anything is still to come."""
        return self.is_opening or self.is_showing or self._summaries.running

    def open(self, left: Recording, right: Recording) -> None:
        """Opens and pairs two recordings, which ends whatever was under way."""
        self.cancel()
        self.comparison = None
        opens = _opener(left), _opener(right)
        self._opening.run(
            lambda job: self._locked(lambda: _opened(opens, job)), self._take, self._fail, self._tell_progress
        )

    def show(self, index: int, view: View | None, *, mute: bool) -> None:
        """Computes a pair under a view (None: the first that differs)."""
        comparison = self.comparison
        if comparison is not None:
            self._showing.run(
                lambda job: self._locked(lambda: present(comparison, index, view, job.check, mute=mute)),
                self._tell_shown,
                self._fail,
            )

    def views(self, index: int) -> list[View]:
        """The views in which a pair has something to say; computed at once, unlike the rest."""
        comparison = self.comparison
        if comparison is None:
            return []
        return self._locked(lambda: comparison.views(comparison.pairs[index]))

    def walk(self, index: int, view: View, *, forwards: bool, mute: bool) -> None:
        """Looks for the nearest pair behind (or before) the one at `index` that differs, best in the same view."""
        comparison = self.comparison
        if comparison is not None:
            self._showing.run(
                lambda job: self._locked(lambda: _walk(comparison, index, view, forwards, mute, job)),
                self._tell_walked,
                self._fail,
                self._tell_progress,
            )

    def cancel(self) -> None:
        """Ends what is under way; nothing of it is heard of."""
        for work in (self._opening, self._summaries, self._showing):
            work.cancel()

    def cancel_showing(self) -> None:
        """Ends computing what is to be shown."""
        self._showing.cancel()

    def _locked(self, op: Callable[[], Result]) -> Result:
        with self._lock:
            return op()

    def _take(self, opening: Opening) -> None:
        self.comparison = opening.comparison
        self.opened.emit(opening)
        if self.comparison is not None:
            self._summarise(0)

    def _summarise(self, first: int) -> None:
        comparison = self.comparison
        if comparison is None:
            return
        if first >= len(comparison.pairs):
            self.finished.emit()
            return
        self._summaries.run(
            lambda job: self._locked(lambda: _slice(comparison, first, job)), self._take_slice, self._fail
        )

    def _take_slice(self, part: _Slice) -> None:
        self.summarised.emit(part.first, part.summaries)
        self._summarise(part.first + len(part.summaries))

    def _tell_shown(self, presentation: Presentation) -> None:
        self.shown.emit(presentation)

    def _tell_walked(self, found: Walk | None) -> None:
        self.walked.emit(found)

    def _tell_progress(self, fraction: float) -> None:
        self.progressed.emit(fraction)

    def _fail(self, error: Exception) -> None:
        self.failed.emit(error)


def _opener(recording: Recording) -> Callable[[Callable[[float], None]], Cassette]:
    """What opens a recording in another thread; an open cassette goes by the bytes that it has now."""
    if isinstance(recording, Path):
        path = recording
        return lambda progress: Cassette.open(path, progress=progress)
    if isinstance(recording, Excerpt):
        excerpt = recording.cassette.excerpt(recording.position)
        return lambda progress: excerpt
    data, path_, format_ = recording.to_bytes(), recording.path, recording.format
    return lambda progress: Cassette.of(source_of(data, path_), path_, format_=format_, progress=progress)


def _opened(opens: tuple[Callable[[Callable[[float], None]], Cassette], ...], job: Job) -> Opening:
    cassettes: list[Cassette] = []
    failures: list[tuple[Path, CassetteError]] = []
    for number, open_one in enumerate(opens):
        try:
            cassettes.append(open_one(_reporter(job, 0.2 * number, 0.2)))
        except CassetteError as err:
            failures.append((err.path or Path(), err))
    if failures:
        return Opening(failures=tuple(failures))
    left, right = cassettes
    comparison = Comparison(left, right, _reporter(job, 0.4, 0.6))
    # Two interactions of one cassette are in the same bytes.
    same_entries = left.pieces.entries() == right.pieces.entries()
    return Opening(comparison, are_identical=same_entries and left.to_bytes() == right.to_bytes())


def _reporter(job: Job, start: float, share: float) -> Callable[[float], None]:
    """Tells the job of a part's progress as a share of the whole, and stops the part when it is cancelled."""

    def report(fraction: float) -> None:
        job.check()
        job.report(start + share * fraction)

    return report


def _slice(comparison: Comparison, first: int, job: Job) -> _Slice:
    """As many summaries as a moment has room for, and one at least."""
    until = time.perf_counter() + _SLICE
    summaries: list[PairSummary] = []
    for pair in comparison.pairs[first:]:
        job.check()
        summaries.append(comparison.summary(pair, job.check))
        if time.perf_counter() > until:
            break
    return _Slice(first, summaries)


def _walk(
    comparison: Comparison, index: int, view: View, forwards: bool, mute: bool, job: Job
) -> Walk | None:
    indexes = range(index + 1, len(comparison.pairs)) if forwards else range(index - 1, -1, -1)
    for count, at in enumerate(indexes):
        job.check()
        job.report(count / len(indexes))
        pair = comparison.pairs[at]
        differing = comparison.differing(pair, job.check, with_noise=not mute)
        if differing:
            return Walk(at, view if view in differing else differing[0], forwards)
    return None
