"""What is asked for is opened once each and in order, the first at once and the rest in turns."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from viewer.document.opening_queue import Asked, OpeningQueue

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def parent() -> QObject:
    return QObject()


@pytest.fixture
def opened() -> list[Asked]:
    return []


@pytest.fixture
def queue(parent: QObject, opened: list[Asked]) -> OpeningQueue:
    queue = OpeningQueue(parent)
    queue.wanted.connect(opened.append)
    return queue


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Thirty cassettes by name, one in a folder below, and what is none."""
    for number in range(30):
        (tmp_path / f"{number:02}.yaml").touch()
    (tmp_path / "notes.txt").touch()
    (tmp_path / ".hidden.yaml").touch()
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config.yaml").touch()
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "last.HAR").touch()
    return tmp_path


def test_few_files_are_opened_at_once(queue: OpeningQueue, opened: list[Asked], tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}" for number in range(8)]
    queue.add(paths)
    assert opened == [Asked(path, in_folder=False) for path in paths]
    assert not queue.is_busy


def test_a_folder_is_opened_in_turns(
    queue: OpeningQueue, opened: list[Asked], folder: Path, qtbot: QtBot
) -> None:
    done = []
    queue.progressed.connect(lambda path, fraction: done.append(fraction))
    with qtbot.waitSignal(queue.ended):
        queue.add([folder])
        assert 0 < len(opened) < 31
        assert queue.is_busy
    assert [asked.path.name for asked in opened] == [
        *(f"{number:02}.yaml" for number in range(30)),
        "last.HAR",
    ]
    assert all(asked.in_folder for asked in opened)
    assert done == sorted(done)
    assert not queue.is_busy


def test_what_is_asked_for_meanwhile_follows(
    queue: OpeningQueue, opened: list[Asked], folder: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(queue.ended):
        queue.add([folder])
        queue.add([folder / "more.yaml"])
    assert opened[-1] == Asked(folder / "more.yaml", in_folder=False)
    assert len(opened) == 32


def test_what_waits_is_forgotten(
    queue: OpeningQueue, opened: list[Asked], folder: Path, qtbot: QtBot
) -> None:
    queue.add([folder])
    count = len(opened)
    queue.cancel()
    qtbot.wait(20)
    assert len(opened) == count < 31
    assert not queue.is_busy
