"""Looks for problems in the current cassette, a few interactions at a time, and shows them in their panel.

A large interaction is looked at by a worker: parsing ten megabytes takes a third of a second.
"""

from __future__ import annotations

import time
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from viewer.document.tasks import LatestOnly

if TYPE_CHECKING:
    from viewer.cassette.cassette import Cassette
    from viewer.checks.problem import Problem
    from viewer.checks.rules.look import Seen
    from viewer.document.document import CassetteDocument
    from viewer.document.tasks import Job
    from viewer.ui.problems_panel import ProblemsPanel
    from viewer.ui.theme import Theme

_SLICE = 0.006
_PAUSE = 400
_MOST = 500
# An entry of so many bytes is looked at within a slice or two.
_LARGE = 1 << 17


class ProblemFinder(QObject):
    """Checks interactions between two paints. `found` carries all problems so far, when there are more.

    `chosen` and `fix_requested` are the panel's.
    """

    found = Signal(object)
    chosen = Signal(object)
    fix_requested = Signal(object)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._document: CassetteDocument | None = None
        self._problems: list[Problem] = []
        self._seen: Seen = {}
        self._next = 0
        self._has_paused = False
        self._large = LatestOnly()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._check_some)

    @cached_property
    def panel(self) -> ProblemsPanel:
        """The list of what was found; made when somebody looks."""
        from viewer.ui.problems_panel import ProblemsPanel

        panel = ProblemsPanel(self._theme)
        panel.chosen.connect(self.chosen)
        panel.fix_requested.connect(self.fix_requested)
        panel.show_problems(self._problems)
        return panel

    @property
    def is_busy(self) -> bool:
        """Whether there is more to look at."""
        return self._timer.isActive() or self._large.running

    def look_at(self, document: CassetteDocument | None) -> None:
        """Looks for problems in this document from now on."""
        if self._document is not None:
            self._document.changed.disconnect(self._start_again)
        self._document = document
        if document is not None:
            document.changed.connect(self._start_again)
        self._start_again()

    def set_theme(self, theme: Theme) -> None:
        """Wears another theme."""
        self._theme = theme
        if "panel" in self.__dict__:
            self.panel.set_theme(theme)

    @Slot()
    def _start_again(self, *_: object) -> None:
        self._problems = []
        self._seen = {}
        self._next = 0
        self._large.cancel()
        self._tell()
        if self._document is not None:
            # The pause begins when the event loop turns: building a window may take longer than it lasts.
            self._has_paused = False
            self._timer.start(0)
        else:
            self._timer.stop()

    @Slot()
    def _check_some(self) -> None:
        if not self._has_paused:
            # After an edit too: what is typed next should not wait for this.
            self._has_paused = True
            self._timer.start(_PAUSE)
            return
        # Here, since the first look comes some time after the first paint.
        from viewer.checks.problem import Problem, Severity
        from viewer.checks.replayability import problems_of

        document = self._document
        if document is None:
            return
        until = time.perf_counter() + _SLICE
        before = len(self._problems)
        while self._next < len(document) and len(self._problems) < _MOST:
            if document.cassette.size(self._next) > _LARGE:
                self._check_large(document.cassette)
                break
            misfit = document.misfit(self._next)
            if misfit is not None:
                self._problems.append(Problem(misfit.message, Severity.ERROR, self._next, misfit.line))
            else:
                self._problems.extend(problems_of(document.cassette, self._next, self._seen))
            self._next += 1
            if time.perf_counter() > until:
                self._timer.start(0)
                break
        if len(self._problems) != before or not self.is_busy:
            self._tell()

    def _check_large(self, cassette: Cassette) -> None:
        # Nothing else is checked meanwhile, so that `seen` is the job's alone.
        op = partial(_problems_of, cassette.snapshot(), self._next, self._seen)
        self._large.run(op, self._take, self._fail, patient=True)

    def _take(self, problems: list[Problem]) -> None:
        self._problems.extend(problems)
        self._next += 1
        self._timer.start(0)

    def _fail(self, error: Exception) -> None:
        raise error

    def _tell(self) -> None:
        if "panel" in self.__dict__:
            self.panel.show_problems(self._problems)
        self.found.emit(list(self._problems))


def _problems_of(snapshot: Cassette, position: int, seen: Seen, _job: Job) -> list[Problem]:
    """The work of a background job."""
    from viewer.checks.replayability import problems_of

    return list(problems_of(snapshot, position, seen))
