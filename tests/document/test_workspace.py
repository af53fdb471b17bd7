"""The open documents, and what other programs do to their files."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.document.cassettes import text_of
from viewer.cassette.cassette import Cassette
from viewer.cassette.edits import SetUrl
from viewer.document.document import CassetteDocument
from viewer.document.tasks import pending_jobs
from viewer.document.workspace import Workspace

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "four.yaml"
    path.write_text(text_of(4))
    return path


@pytest.fixture
def workspace(qtbot: QtBot) -> Iterator[Workspace]:
    workspace = Workspace()
    yield workspace
    qtbot.waitUntil(lambda: pending_jobs() == 0)
    for document in list(workspace.documents):
        workspace.close(document)


@pytest.fixture
def told(workspace: Workspace) -> list[str]:
    """What the workspace tells of other programs."""
    told: list[str] = []
    workspace.reloaded.connect(lambda old, new: told.append("reloaded"))
    workspace.changed_outside.connect(lambda document: told.append("changed"))
    workspace.deleted_outside.connect(lambda document: told.append("deleted"))
    workspace.failed.connect(lambda path, error: told.append("failed"))
    return told


@pytest.fixture
def document(workspace: Workspace, file: Path, told: list[str]) -> CassetteDocument:
    workspace.open([file])
    return workspace.documents[0]


def rewritten(path: Path) -> None:
    path.write_text(text_of(5))


def replaced(path: Path) -> None:
    other = path.with_name("other")
    other.write_text(text_of(5))
    other.replace(path)


@pytest.mark.usefixtures("document")
@pytest.mark.parametrize("change", [rewritten, replaced])
def test_a_file_changed_outside_is_reloaded(
    workspace: Workspace, file: Path, told: list[str], qtbot: QtBot, change: Callable[[Path], None]
) -> None:
    change(file)
    qtbot.waitUntil(lambda: len(workspace.documents[0]) == 5)
    assert told == ["reloaded"]


@pytest.mark.parametrize("change", [rewritten, replaced])
def test_unsaved_edits_are_not_lost_to_a_change(
    document: CassetteDocument, file: Path, told: list[str], qtbot: QtBot, change: Callable[[Path], None]
) -> None:
    document.edit(SetUrl(0, "https://mine/"))
    change(file)
    qtbot.waitUntil(lambda: bool(told))
    qtbot.wait(300)
    assert told == ["changed"], "once"
    assert b"https://mine/" in document.cassette.to_bytes()


@pytest.mark.parametrize("is_modified", [False, True])
def test_a_deleted_file_is_told_and_may_come_back(
    workspace: Workspace,
    document: CassetteDocument,
    file: Path,
    told: list[str],
    qtbot: QtBot,
    is_modified: bool,
) -> None:
    if is_modified:
        document.edit(SetUrl(0, "https://mine/"))
    file.unlink()
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["deleted"]
    assert workspace.documents == [document]
    rewritten(file)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told == ["deleted", "changed" if is_modified else "reloaded"]


def test_a_disk_that_fails_is_not_taken_for_a_deleted_file(
    workspace: Workspace, document: CassetteDocument, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look at the files was left with an error that nobody caught."""

    def fail(*_: object, **__: object) -> os.stat_result:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "stat", fail)
    workspace._look_at_files()
    assert told == []
    assert workspace.documents == [document]


def test_a_deleted_file_is_saved_anew(
    document: CassetteDocument, file: Path, told: list[str], qtbot: QtBot
) -> None:
    file.unlink()
    qtbot.waitUntil(lambda: bool(told))
    document.save(overwrite=True)
    assert file.read_text() == text_of(4)
    qtbot.wait(300)
    assert told == ["deleted"]


def test_what_happens_between_reading_and_watching_is_noticed(
    workspace: Workspace, file: Path, told: list[str], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_cassette = Cassette.open

    def open_and_change(path: Path, **options: object) -> Cassette:
        cassette = open_cassette(path)
        monkeypatch.undo()
        rewritten(path)
        return cassette

    monkeypatch.setattr("viewer.document.workspace.Cassette.open", open_and_change)
    workspace.open([file])
    assert len(workspace.documents[0]) == 4
    qtbot.waitUntil(lambda: len(workspace.documents[0]) == 5)
    assert told == ["reloaded"]


def test_typing_that_becomes_an_edit_keeps_the_document(
    workspace: Workspace, document: CassetteDocument, file: Path, told: list[str], qtbot: QtBot
) -> None:
    workspace.about_to_reload.connect(lambda document: document.edit(SetUrl(0, "https://typed/")))
    rewritten(file)
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["changed"]
    assert workspace.documents == [document]


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file counts as a large one."""
    monkeypatch.setattr("viewer.document.workspace._AT_ONCE", 10)


def test_a_large_file_is_reloaded_in_the_background(
    workspace: Workspace, document: CassetteDocument, file: Path, told: list[str], qtbot: QtBot, large: None
) -> None:
    rewritten(file)
    with qtbot.waitSignal(workspace.reloaded):
        workspace.reload(document)
        assert workspace.is_opening
        assert workspace.documents == [document]
    assert len(workspace.documents[0]) == 5
    qtbot.wait(300)
    assert told == ["reloaded"]


def test_edits_made_while_a_large_file_is_reloaded_are_not_lost(
    workspace: Workspace, document: CassetteDocument, file: Path, told: list[str], qtbot: QtBot, large: None
) -> None:
    rewritten(file)
    with qtbot.waitSignal(workspace.changed_outside):
        workspace.reload(document)
        document.edit(SetUrl(0, "https://mine/"))
    assert workspace.documents == [document]
    assert told[0] == "changed"


def test_a_large_file_that_is_broken_now_leaves_the_document(
    workspace: Workspace, document: CassetteDocument, file: Path, told: list[str], qtbot: QtBot, large: None
) -> None:
    file.write_text("interactions: [\n" * 10)
    with qtbot.waitSignal(workspace.failed):
        workspace.reload(document)
    assert workspace.documents == [document]
    assert not workspace.is_opening


def test_a_file_that_changes_while_it_is_reloaded_is_read_to_the_last(
    workspace: Workspace, document: CassetteDocument, file: Path, qtbot: QtBot, large: None
) -> None:
    for count in (5, 6, 7):
        file.write_text(text_of(count))
        os.utime(file, ns=(count, count))
        workspace.reload(workspace.documents[0])
    qtbot.waitUntil(lambda: len(workspace.documents[0]) == 7)
    assert len(workspace.documents) == 1


def test_the_files_own_name_in_another_spelling_is_the_file(document: CassetteDocument, file: Path) -> None:
    """Saving under it did not look whether somebody else had changed the file."""
    link = file.with_name("link.yaml")
    link.symlink_to(file.name)
    rewritten(file)
    document.edit(SetUrl(0, "https://mine/"))
    for path in (link, file.parent / ".." / file.parent.name / file.name):
        with pytest.raises(Exception, match="changed since it was opened"):
            document.save(path)
    assert file.read_text() == text_of(5)
