"""Starts each recorder's driver once, has the script recorded once by each, and counts the edits replayed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.recorders.judge import Driver, Judge, MissingRecorderError
from tests.recorders.roster import RECORDERS, Recorder, environment
from tests.recorders.server import SCRIPT, serving
from tests.recorders.take import Take, Tape

_COUNT = "edits replayed"


class Drivers:
    """The running drivers, started when they are first asked for."""

    def __init__(self, folder: Path, shared: Path) -> None:
        self._folder = folder
        self._shared = shared
        self._running: dict[str, Driver | MissingRecorderError] = {}

    def judge(self, recorder: Recorder) -> Judge:
        """A recorder with its settings; raises MissingRecorderError where it is not installed."""
        name = recorder.driver or recorder.name
        if name not in self._running:
            self._running[name] = self._started(recorder, self._folder / f"{name}.log")
        driver = self._running[name]
        if isinstance(driver, MissingRecorderError):
            raise driver
        return Judge(driver, recorder.settings)

    def close(self) -> None:
        """Ends them all."""
        for driver in self._running.values():
            if isinstance(driver, Driver):
                driver.close()

    def _started(self, recorder: Recorder, log: Path) -> Driver | MissingRecorderError:
        try:
            return Driver(recorder.start(self._shared), log, environment())
        except MissingRecorderError as err:
            return err


@pytest.fixture(scope="session")
def drivers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drivers]:
    base = tmp_path_factory.getbasetemp()
    # What is compiled is for all of pytest-xdist's workers, whose folders are beside each other.
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    drivers = Drivers(tmp_path_factory.mktemp("drivers"), shared)
    yield drivers
    drivers.close()


@pytest.fixture(scope="session", params=RECORDERS, ids=lambda recorder: recorder.name)
def recorder(request: pytest.FixtureRequest) -> Recorder:
    """Each of the recorders in turn."""
    found: Recorder = request.param
    return found


@pytest.fixture(scope="session")
def judge(recorder: Recorder, drivers: Drivers) -> Judge:
    """The recorder at work; skips where it is not installed, and fails where it has to be."""
    try:
        return drivers.judge(recorder)
    except MissingRecorderError as err:
        if os.environ.get("RECORDERS") == "required" and not recorder.extra:
            pytest.fail(f"{recorder.name} has to be installed: {err}")
        pytest.skip(f"{recorder.name} is not installed: {err}")


@pytest.fixture(scope="session")
def tape(recorder: Recorder, judge: Judge, tmp_path_factory: pytest.TempPathFactory) -> Tape:
    """The script as this recorder recorded it, and what it replays; the server is gone by then."""
    path = tmp_path_factory.mktemp("tape") / f"tape{recorder.suffix}"
    with serving() as address:
        calls = tuple(
            replace(scene.call, url=address + scene.call.url) for scene in SCRIPT[: recorder.scenes]
        )
        judge.record(path, calls)
    answers = judge.replay(path, calls, strict=recorder.strict)
    return Tape(path, calls, tuple(answers), recorder.strict)


NewTake = Callable[[], Take]


@pytest.fixture
def tally(request: pytest.FixtureRequest, recorder: Recorder, judge: Judge) -> list[int]:
    """Where a test counts the edits that were replayed; it goes with the test's report, to the controller too."""
    tally = [0]
    request.node.user_properties.append((_COUNT, (recorder.name, judge.version, tally)))
    return tally


@pytest.fixture
def new_take(recorder: Recorder, judge: Judge, tape: Tape, tmp_path: Path, tally: list[int]) -> NewTake:
    """Gives unedited copies of the tape."""
    return lambda: Take(recorder, judge, tape, tmp_path, tally)


@pytest.fixture
def take(new_take: NewTake) -> Take:
    """An unedited copy of the tape."""
    return new_take()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Says for each recorder how many edits it replayed; `tests/README.md` has the table."""
    counts: Counter[tuple[str, str]] = Counter()
    for report in terminalreporter.stats.get("passed", []):
        for key, value in report.user_properties:
            if key == _COUNT:
                counts[value[0], value[1]] += value[2][0]
    names = [recorder.name for recorder in RECORDERS]
    for (name, version), edits in sorted(counts.items(), key=lambda item: names.index(item[0][0])):
        terminalreporter.write_line(f"recorders: {name} ({version}): {edits} edits replayed")
