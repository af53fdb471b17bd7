"""Work that may take long, in Qt's thread pool, with its outcome back in the thread of the interface.

The order of things: `run_in_background` puts the work into the pool; a worker runs `op` and posts the task to
the one `_Deliveries` object, which lives in the interface's thread; there, and only there, it is looked at
whether the job was cancelled or its owner deleted, and else `done` or `failed` is called. A cancelled job calls
neither, also when it had finished and only its delivery was waiting: so "the latest request wins" is a matter of
cancelling the others. No QObject belongs to a single task, since the last to let go of it might be a worker.

Work that nobody waits for is patient: it comes one at a time, behind what somebody waits for. Each busy worker makes
the interface wait longer for the interpreter's lock.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Any, TypeVar
from weakref import WeakMethod

from PySide6.QtCore import QCoreApplication, QObject, Qt, QThread, QThreadPool, QTimer, Signal, Slot
from shiboken6 import isValid

Result = TypeVar("Result")

# Patient work waits for other work, but not for what takes longer than so many seconds anyway.
_PATIENCE = 2.0
# Milliseconds in which what has just come home may be painted, before patient work begins.
_PAUSE = 50
# A worker gives the lock back after so many seconds, and painting asks for it a hundred times; Python's 5 ms are
# then half a second.
_SWITCH = 0.001


class Cancelled(Exception):  # noqa: N818 - no error: somebody changed their mind
    """Raised inside an `op` whose job was cancelled, by `Job.check`; it ends the work and reaches nobody."""


class Job:
    """One piece of background work, seen from both sides: the worker reports, whoever asked may cancel."""

    def __init__(self, on_report: Callable[[], None]) -> None:
        self._on_report = on_report
        self._cancelled = False
        self._ended = False
        self._fraction = 0.0

    @property
    def cancelled(self) -> bool:
        """Whether nobody waits for the result any more; a long `op` looks at this now and then."""
        return self._cancelled

    @property
    def running(self) -> bool:
        """Whether the outcome is still to come."""
        return not self._ended and not self._cancelled

    @property
    def fraction(self) -> float:
        """How much is done, 0 to 1, as last reported."""
        return self._fraction

    def cancel(self) -> None:
        """From now on neither `done` nor `failed` nor `progress` is called."""
        self._cancelled = True

    def check(self) -> None:
        """Raises Cancelled where the job was cancelled; for `op`, between two steps."""
        if self._cancelled:
            raise Cancelled

    def report(self, fraction: float) -> None:
        """Says how much is done, 0 to 1; for `op`, as often as it likes: the interface sees the latest."""
        self._fraction = fraction
        self._on_report()


def run_in_background(
    op: Callable[[Job], Result],
    done: Callable[[Result], object],
    failed: Callable[[Exception], object],
    progress: Callable[[float], object] | None = None,
    *,
    patient: bool = False,
) -> Job:
    """Runs `op` in a thread of the pool, then `done` with its result or `failed` with its exception.

    To be called in the interface's thread. `op` touches plain values only. The other three are bound methods
    of one QObject, the owner (TypeError where they are not). They are called in the interface's thread, never
    before this returns, and not at all once the owner is deleted, which cancels the job. The owner is not kept
    alive. A `patient` one begins when nobody waits for other work any more.
    """
    deliveries = _deliveries()
    task = _Task(deliveries, op, done, failed, progress)
    _pending.add(task)
    if patient:
        task.is_patient = True
        _waiting.append(task)
        deliveries.begin_patient()
    else:
        _begin(task)
    return task.job


def _begin(task: _Task) -> None:
    task.begun = monotonic()
    _begun.add(task)
    QThreadPool.globalInstance().start(task.work)


class LatestOnly:
    """Runs requests of which only the latest matters: each one cancels the one before it."""

    def __init__(self) -> None:
        self._job: Job | None = None

    @property
    def running(self) -> bool:
        """Whether the latest request is still under way."""
        return self._job is not None and self._job.running

    def run(
        self,
        op: Callable[[Job], Result],
        done: Callable[[Result], object],
        failed: Callable[[Exception], object],
        progress: Callable[[float], object] | None = None,
        *,
        patient: bool = False,
    ) -> Job:
        """As `run_in_background`; nothing of an earlier request is heard of after this."""
        self.cancel()
        self._job = run_in_background(op, done, failed, progress, patient=patient)
        return self._job

    def cancel(self) -> None:
        """Drops the latest request, if there is one."""
        if self._job is not None:
            self._job.cancel()
            self._job = None


def pending_jobs() -> int:
    """How many jobs have neither delivered nor dropped their outcome; tests wait until there are none."""
    return len(_pending)


def end_all(timeout: float = 5.0) -> bool:
    """Cancels every job, then waits for the running ones, `timeout` seconds at most; whether they ended.

    The program does this when it is about to quit.
    """
    for task in tuple(_pending):
        task.job.cancel()
    _pending.difference_update(_waiting)
    _waiting.clear()
    return QThreadPool.globalInstance().waitForDone(round(timeout * 1000))


class _Deliveries(QObject):
    """Takes tasks from the workers to the interface's thread, by queued signals to itself."""

    ended = Signal(object)
    reported = Signal(object)

    def __init__(self, app: QCoreApplication) -> None:
        super().__init__(app)
        self.ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self.reported.connect(self._tell_progress, Qt.ConnectionType.QueuedConnection)
        app.aboutToQuit.connect(self._end_all)
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self.begin_patient)
        sys.setswitchinterval(_SWITCH)

    @Slot()
    def begin_patient(self) -> None:
        """Begins the first task that waits, unless another is under way that it waits for; then it looks again."""
        if not _waiting or any(task.is_patient for task in _begun):
            return
        waited_for = max((task.begun + _PATIENCE for task in _begun), default=0.0) - monotonic()
        if waited_for > 0:
            self._pause.start(round(waited_for * 1000) + 1)
        else:
            _begin(_waiting.popleft())

    def begin_patient_later(self) -> None:
        """The same, once what came home has been painted."""
        if _waiting:
            self._pause.start(_PAUSE)

    @Slot(object)
    def _deliver(self, task: _Task) -> None:
        _begun.discard(task)
        try:
            task.deliver()
        finally:
            if task.is_patient:
                self.begin_patient()
            else:
                self.begin_patient_later()

    @Slot(object)
    def _tell_progress(self, task: _Task) -> None:
        task.tell_progress()

    @Slot()
    def _end_all(self) -> None:
        end_all()


class _Task:
    """One call of `run_in_background`: run by a worker, delivered in the interface's thread."""

    is_patient = False
    begun = 0.0

    def __init__(
        self,
        deliveries: _Deliveries,
        op: Callable[[Job], Any],
        done: Callable[[Any], object],
        failed: Callable[[Exception], object],
        progress: Callable[[float], object] | None,
    ) -> None:
        self.job = Job(self._post_progress)
        self._deliveries = deliveries
        self._op = op
        self._result: Any = None
        self._error: Exception | None = None
        self._progress_posted = False
        owner = _common_owner(done, failed, progress or failed)
        owner.destroyed.connect(self.job.cancel)
        self._done = WeakMethod(done)
        self._failed = WeakMethod(failed)
        self._progress = WeakMethod(progress) if progress else None

    def work(self) -> None:
        """Runs `op`; the worker's side. Nothing may escape: the pool would swallow it."""
        try:
            self.job.check()
            self._result = self._op(self.job)
        except Cancelled:
            self.job.cancel()
        except Exception as error:  # whatever `op` raises belongs to `failed`
            self._error = error
        self._deliveries.ended.emit(self)

    def deliver(self) -> None:
        """Calls `done` or `failed`, unless nobody waits any more; the interface's side."""
        _pending.discard(self)
        wanted, self.job._ended = self.job.running, True
        method = self._failed() if self._error else self._done()
        owner = _live_owner(method)
        if method is None or owner is None:
            return
        owner.destroyed.disconnect(self.job.cancel)
        if wanted:
            method(self._error if self._error else self._result)

    def tell_progress(self) -> None:
        """Calls `progress` with the latest fraction."""
        self._progress_posted = False
        method = self._progress() if self._progress else None
        if method is not None and _live_owner(method) is not None and self.job.running:
            method(self.job.fraction)

    def _post_progress(self) -> None:
        # One message under way at a time: a worker reports faster than the interface paints.
        if self._progress is not None and not self._progress_posted and not self.job.cancelled:
            self._progress_posted = True
            self._deliveries.reported.emit(self)


# Every task until its outcome was delivered: patient ones wait first, then all are under way.
_pending: set[_Task] = set()
_waiting: deque[_Task] = deque()
_begun: set[_Task] = set()


def _deliveries() -> _Deliveries:
    """The application's one; made with the first task, ended with the application."""
    app = QCoreApplication.instance()
    if app is None or app.thread() != QThread.currentThread():
        raise RuntimeError("background work is started in the interface's thread")
    return app.findChild(_Deliveries) or _Deliveries(app)


def _common_owner(*methods: Callable[..., object]) -> QObject:
    owners = {id(owner): owner for owner in (getattr(method, "__self__", None) for method in methods)}
    owner, *others = owners.values()
    if others or not isinstance(owner, QObject):
        raise TypeError("done, failed and progress must be methods of one QObject")
    return owner


def _live_owner(method: Any) -> QObject | None:
    owner: QObject | None = getattr(method, "__self__", None)
    return owner if owner is not None and isValid(owner) else None
