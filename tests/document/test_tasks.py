"""Background work: outcomes come home, late ones are dropped, and nothing is left behind."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QObject, QThread, QThreadPool
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from viewer.document import tasks
from viewer.document.tasks import Job, LatestOnly, end_all, pending_jobs, run_in_background

pytestmark = pytest.mark.usefixtures("qapp")


class Owner(QObject):
    """Notes what it is told, and in which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.results: list[object] = []
        self.errors: list[Exception] = []
        self.fractions: list[float] = []
        self.threads: set[int] = set()

    def take(self, result: object) -> None:
        self.results.append(result)
        self.threads.add(threading.get_ident())

    def fail(self, error: Exception) -> None:
        self.errors.append(error)
        self.threads.add(threading.get_ident())

    def advance(self, fraction: float) -> None:
        self.fractions.append(fraction)
        self.threads.add(threading.get_ident())


@pytest.fixture(autouse=True)
def _nothing_pending(qtbot: QtBot) -> Iterator[None]:
    yield
    qtbot.waitUntil(lambda: pending_jobs() == 0)


@pytest.fixture
def owner() -> Owner:
    return Owner()


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """An event that work can wait for; it is set at the end in any case."""
    event = threading.Event()
    yield event
    event.set()


def all_done() -> bool:
    return pending_jobs() == 0


def test_result_comes_home_from_another_thread(qtbot: QtBot, owner: Owner) -> None:
    job = run_in_background(lambda job: threading.get_ident(), owner.take, owner.fail)
    assert job.running
    assert owner.results == []

    qtbot.waitUntil(all_done)

    (worker,) = owner.results
    assert worker != threading.get_ident()
    assert owner.threads == {threading.get_ident()}
    assert not job.running


def test_exception_reaches_failed_with_its_traceback(qtbot: QtBot, owner: Owner) -> None:
    def break_down(job: Job) -> None:
        raise ValueError("no such entry")

    run_in_background(break_down, owner.take, owner.fail)
    qtbot.waitUntil(all_done)

    (error,) = owner.errors
    assert isinstance(error, ValueError)
    assert error.__traceback__ is not None
    assert owner.results == []


def test_none_is_a_result(qtbot: QtBot, owner: Owner) -> None:
    run_in_background(lambda job: None, owner.take, owner.fail)
    qtbot.waitUntil(all_done)
    assert owner.results == [None]


def test_progress_ends_with_the_latest_and_is_not_a_flood(qtbot: QtBot, owner: Owner) -> None:
    def count(job: Job) -> str:
        for i in range(10_001):
            job.report(i / 10_000)
        return "counted"

    run_in_background(count, owner.take, owner.fail, owner.advance)
    QThreadPool.globalInstance().waitForDone()  # no event was processed meanwhile
    qtbot.waitUntil(all_done)

    assert owner.fractions == [1.0]
    assert owner.results == ["counted"]


def test_progress_is_told_while_the_work_runs(qtbot: QtBot, owner: Owner, gate: threading.Event) -> None:
    def half(job: Job) -> None:
        job.report(0.5)
        gate.wait(10)

    run_in_background(half, owner.take, owner.fail, owner.advance)
    qtbot.waitUntil(lambda: owner.fractions == [0.5])
    assert pending_jobs() == 1


def test_cancelled_job_sees_it_and_calls_nobody(qtbot: QtBot, owner: Owner) -> None:
    started, ended = threading.Event(), threading.Event()

    def until_cancelled(job: Job) -> None:
        started.set()
        try:
            while True:
                job.check()
        finally:
            ended.set()

    job = run_in_background(until_cancelled, owner.take, owner.fail)
    assert started.wait(10)
    job.cancel()

    assert ended.wait(10)
    qtbot.waitUntil(all_done)
    assert (owner.results, owner.errors) == ([], [])


def test_cancelling_drops_an_outcome_that_waits_for_delivery(qtbot: QtBot, owner: Owner) -> None:
    job = run_in_background(lambda job: "late", owner.take, owner.fail)
    QThreadPool.globalInstance().waitForDone()
    job.cancel()
    qtbot.waitUntil(all_done)
    assert owner.results == []


def test_work_cancelled_before_it_began_does_not_begin(
    qtbot: QtBot, owner: Owner, gate: threading.Event
) -> None:
    begun: list[int] = []
    for _ in range(QThreadPool.globalInstance().maxThreadCount()):
        run_in_background(lambda job: gate.wait(10), owner.take, owner.fail)
    waiting = run_in_background(lambda job: begun.append(1), owner.take, owner.fail)
    waiting.cancel()
    gate.set()
    qtbot.waitUntil(all_done)
    assert begun == []


def test_nothing_is_called_once_the_owner_is_deleted(
    qtbot: QtBot, owner: Owner, gate: threading.Event
) -> None:
    job = run_in_background(lambda job: gate.wait(10), owner.take, owner.fail)
    with qtbot.waitSignal(owner.destroyed):
        owner.deleteLater()
    assert job.cancelled

    gate.set()
    qtbot.waitUntil(all_done)
    assert owner.results == []


def test_waiting_does_not_keep_the_owner_alive(qtbot: QtBot, gate: threading.Event) -> None:
    told: list[object] = []

    class Short(QObject):
        def take(self, result: object) -> None:
            told.append(result)

    short = Short()
    job = run_in_background(lambda job: gate.wait(10), short.take, short.take)
    del short
    assert job.cancelled
    gate.set()
    qtbot.waitUntil(all_done)
    assert told == []


def test_the_latest_wins_also_when_an_earlier_one_ends_last(qtbot: QtBot, owner: Owner) -> None:
    latest = LatestOnly()
    gates = [threading.Event() for _ in range(2)]

    def wait_for(number: int, job: Job) -> int:
        gates[number].wait(10)
        return number

    latest.run(lambda job: wait_for(0, job), owner.take, owner.fail)
    latest.run(lambda job: wait_for(1, job), owner.take, owner.fail)
    assert latest.running
    gates[1].set()
    qtbot.waitUntil(lambda: bool(owner.results) or pending_jobs() == 1)
    gates[0].set()
    qtbot.waitUntil(all_done)

    assert owner.results == [1]
    assert not latest.running


def test_an_owner_may_ask_again_from_its_callback(qtbot: QtBot) -> None:
    class Chain(Owner):
        def take(self, result: object) -> None:
            super().take(result)
            if len(self.results) < 3:
                run_in_background(lambda job: len(self.results), self.take, self.fail)

    chain = Chain()
    run_in_background(lambda job: 0, chain.take, chain.fail)
    qtbot.waitUntil(lambda: len(chain.results) == 3)
    assert chain.results == [0, 1, 2]


def test_an_error_in_a_callback_is_not_lost(qtbot: QtBot) -> None:
    class Broken(Owner):
        def take(self, result: object) -> None:
            raise KeyError("in the callback")

    broken = Broken()
    with capture_exceptions() as caught:
        run_in_background(lambda job: 1, broken.take, broken.fail)
        qtbot.waitUntil(all_done)
    assert [kind for kind, *_ in caught] == [KeyError]
    assert broken.errors == []


def test_ending_all_cancels_and_waits(qtbot: QtBot, owner: Owner) -> None:
    def until_cancelled(job: Job) -> None:
        while not job.cancelled:
            QThread.msleep(1)

    for _ in range(5):
        run_in_background(until_cancelled, owner.take, owner.fail)
    assert end_all()
    qtbot.waitUntil(all_done)
    assert owner.results == []


def test_ending_all_says_when_work_does_not_end(owner: Owner, gate: threading.Event) -> None:
    started = threading.Event()

    def stay(job: Job) -> None:
        started.set()
        gate.wait(10)

    run_in_background(stay, owner.take, owner.fail)
    assert started.wait(10)
    assert not end_all(timeout=0.05)


def test_callbacks_must_be_methods_of_one_object(owner: Owner) -> None:
    with pytest.raises(TypeError, match="methods of one QObject"):
        run_in_background(lambda job: 1, print, owner.fail)
    with pytest.raises(TypeError, match="methods of one QObject"):
        run_in_background(lambda job: 1, owner.take, Owner().fail)
    assert all_done()


def test_asking_from_a_worker_is_refused(qtbot: QtBot, owner: Owner) -> None:
    run_in_background(
        lambda job: run_in_background(lambda job: 1, owner.take, owner.fail), owner.take, owner.fail
    )
    qtbot.waitUntil(all_done)
    (error,) = owner.errors
    assert isinstance(error, RuntimeError)


def test_two_thousand_tasks_leave_nothing_behind(qtbot: QtBot, owner: Owner) -> None:
    class Payload:
        """A result whose instances can be counted."""

    def fail_now_and_then(job: Job, number: int) -> Payload:
        job.report(0.5)
        if number % 7 == 0:
            raise ValueError(number)
        return Payload()

    def run(number: int) -> None:
        job = run_in_background(
            lambda job: fail_now_and_then(job, number), owner.take, owner.fail, owner.advance
        )
        if number % 5 == 0:
            job.cancel()

    # Windows of other tests that are rubbish by now have to go in this thread, not in a worker with their timers.
    gc.collect()
    # What else they have left is kept, so that no other object has the same identity.
    earlier = [thing for thing in gc.get_objects() if type(thing) is Job]
    known = set(map(id, earlier))
    for number in range(2000):
        run(number)
    qtbot.waitUntil(all_done, timeout=20_000)

    wanted = [number for number in range(2000) if number % 5]
    assert len(owner.results) == sum(number % 7 != 0 for number in wanted)
    assert sorted(int(str(error)) for error in owner.errors) == [n for n in wanted if n % 7 == 0]
    assert owner.threads == {threading.get_ident()}

    owner.results.clear()
    owner.errors.clear()
    gc.collect()
    left = [thing for thing in gc.get_objects() if type(thing) in (Payload, Job) and id(thing) not in known]
    assert left == []


def test_patient_work_waits_for_what_somebody_waits_for(
    qtbot: QtBot, owner: Owner, gate: threading.Event
) -> None:
    """Two busy workers made the window wait twice as long for the interpreter's lock, for rows that nobody saw."""
    run_in_background(lambda job: "row", owner.take, owner.fail, patient=True)
    qtbot.waitUntil(lambda: owner.results == ["row"])
    run_in_background(lambda job: gate.wait() and "read", owner.take, owner.fail)
    began = threading.Event()
    for number in range(3):
        op = partial(_begin_and_return, began, number)
        run_in_background(op, owner.take, owner.fail, patient=True)
    qtbot.wait(100)
    assert not began.is_set()
    gate.set()
    qtbot.waitUntil(all_done)
    assert owner.results == ["row", "read", 0, 1, 2]


def _begin_and_return(began: threading.Event, result: object, _job: Job) -> object:
    began.set()
    return result


def test_patient_work_does_not_wait_for_what_takes_long(
    qtbot: QtBot, owner: Owner, gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "_PATIENCE", 0.1)
    run_in_background(lambda job: gate.wait() and "saved", owner.take, owner.fail)
    run_in_background(lambda job: "row", owner.take, owner.fail, patient=True)
    qtbot.waitUntil(lambda: owner.results == ["row"])
    gate.set()


def test_patient_work_is_alone(qtbot: QtBot, owner: Owner) -> None:
    running: list[int] = []
    most: list[int] = []

    def work(job: Job) -> None:
        running.append(1)
        most.append(len(running))
        QThread.msleep(5)
        running.pop()

    for _ in range(5):
        run_in_background(work, owner.take, owner.fail, patient=True)
    qtbot.waitUntil(all_done)
    assert most == [1] * 5


def test_patient_work_that_never_began_ends_too(owner: Owner, gate: threading.Event) -> None:
    run_in_background(lambda job: gate.wait(), owner.take, owner.fail)
    waiting = run_in_background(lambda job: "row", owner.take, owner.fail, patient=True)
    gate.set()
    assert end_all()
    assert waiting.cancelled
