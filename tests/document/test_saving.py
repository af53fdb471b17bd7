"""Saving in the background: what stood there when it began, or nothing; no edit gets between."""

from __future__ import annotations

import errno
import gzip
import os
from pathlib import Path
from threading import Event

import pytest
from pytestqt.qtbot import QtBot

from tests.document.cassettes import cassette_of, entry, text_of
from viewer.cassette.cassette import Cassette
from viewer.cassette.edits import SetEntryText, SetUrl
from viewer.cassette.model import EditError, SaveError
from viewer.cassette.storage import ChangedOnDiskError, state_of
from viewer.cassette.structure import DeleteInteractions
from viewer.document.document import CassetteDocument
from viewer.document.editing import EditingStoppedError
from viewer.document.recovery import Recovery
from viewer.document.saving import Save, SavingStoppedError
from viewer.document.tasks import pending_jobs
from viewer.document.workspace import Workspace

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "many.yaml"
    path.write_text(text_of(50))
    return path


@pytest.fixture
def document(file: Path) -> CassetteDocument:
    document = CassetteDocument(Cassette.open(file))
    document.edit(SetUrl(3, "https://changed/"))
    return document


class Gate:
    """Holds a save at its first write until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reached, self._opened = Event(), Event()
        write = os.write

        def wait(descriptor: int, data: memoryview) -> int:
            self.reached.set()
            assert self._opened.wait(10)
            return write(descriptor, data)

        monkeypatch.setattr("viewer.cassette.storage.os.write", wait)

    def open(self) -> None:
        self._opened.set()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    return Gate(monkeypatch)


def test_a_save_in_the_background_is_a_save(document: CassetteDocument, file: Path, qtbot: QtBot) -> None:
    told: list[float] = []
    document.save_progressed.connect(told.append)
    with qtbot.waitSignal(document.saved):
        document.save_in_background()
        assert document.is_saving
        assert document.is_modified
    assert not document.is_saving
    assert not document.is_modified
    assert file.read_bytes() == document.cassette.to_bytes()
    assert document.file_state == state_of(file)
    assert told == sorted(told)
    assert told
    document.edit(SetUrl(4, "https://changed/"))
    document.save()


def test_nothing_is_edited_undone_or_saved_meanwhile(
    document: CassetteDocument, file: Path, gate: Gate, qtbot: QtBot
) -> None:
    text = document.cassette.to_bytes()
    with qtbot.waitSignal(document.saved):
        document.save_in_background()
        assert gate.reached.wait(10)
        with pytest.raises(EditError, match="is being saved"):
            document.edit(SetUrl(0, "https://more/"))
        document.undo()
        document.redo()
        assert document.cassette.to_bytes() == text
        for save in (document.save, document.save_in_background):
            with pytest.raises(SaveError, match="being saved already"):
                save()
        gate.open()
    assert file.read_bytes() == text
    document.undo()
    assert file.read_bytes() != document.cassette.to_bytes()


def test_a_save_can_be_stopped(document: CassetteDocument, file: Path, gate: Gate, qtbot: QtBot) -> None:
    old = file.read_bytes()
    with qtbot.waitSignal(document.save_failed) as failed:
        document.save_in_background()
        assert gate.reached.wait(10)
        document.stop_saving()
        gate.open()
    assert isinstance(failed.args[0], SavingStoppedError)
    assert file.read_bytes() == old
    assert list(file.parent.iterdir()) == [file]
    assert document.is_modified
    assert not document.is_saving
    document.edit(SetUrl(4, "https://changed/"))


def test_a_failure_is_told_and_the_document_stays_modified(
    document: CassetteDocument, file: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("viewer.cassette.storage.os.write", fail)
    with qtbot.waitSignal(document.save_failed) as failed:
        document.save_in_background()
    assert "No space left" in str(failed.args[0])
    assert document.is_modified
    assert file.read_text() == text_of(50)


def test_another_programs_work_is_not_overwritten_unasked(
    document: CassetteDocument, file: Path, qtbot: QtBot
) -> None:
    file.write_text("theirs")
    with qtbot.waitSignal(document.save_failed) as failed:
        document.save_in_background()
    assert isinstance(failed.args[0], ChangedOnDiskError)
    with qtbot.waitSignal(document.saved):
        document.save_in_background(overwrite=True)
    assert file.read_bytes() == document.cassette.to_bytes()


def test_saving_elsewhere_moves_the_document(document: CassetteDocument, file: Path, qtbot: QtBot) -> None:
    other = file.with_name("other.yaml")
    with qtbot.waitSignal(document.saved):
        document.save_in_background(other)
    assert document.path == other
    assert file.read_text() == text_of(50)
    assert other.read_bytes() == document.cassette.to_bytes()


def test_a_compressed_file_is_compressed_in_the_worker(file: Path, qtbot: QtBot) -> None:
    packed = file.with_suffix(".gz")
    packed.write_bytes(gzip.compress(file.read_bytes(), mtime=1))
    document = CassetteDocument(Cassette.open(packed))
    document.edit(SetUrl(0, "https://changed/"))
    with qtbot.waitSignal(document.saved):
        document.save_in_background()
    assert packed.read_bytes() == document.cassette.to_bytes()
    assert b"https://changed/" in gzip.decompress(packed.read_bytes())


def test_closing_stops_a_save_and_waits_for_it(document: CassetteDocument, file: Path, gate: Gate) -> None:
    document.save_in_background()
    assert gate.reached.wait(10)
    gate.open()
    document.close()
    # Either way, whole; and nobody writes any more.
    assert file.read_bytes() in (text_of(50).encode(), document.cassette.to_bytes())
    assert list(file.parent.iterdir()) == [file]


def test_a_save_that_was_stopped_before_it_began_does_nothing(document: CassetteDocument, file: Path) -> None:
    save = Save(document.cassette, file, document.file_state, lambda path, state: None)
    save.stop()
    save.wait()
    with pytest.raises(SavingStoppedError):
        save.run(lambda fraction: None)
    assert file.read_text() == text_of(50)


@pytest.mark.parametrize(
    ("size", "packed", "at_once"),
    [(1000, False, True), (9 << 20, False, False), (1000, True, True), (2 << 20, True, False)],
)
def test_large_files_are_saved_in_the_background(
    tmp_path: Path, size: int, packed: bool, at_once: bool
) -> None:
    text = text_of(1).replace("body of 0", "x" * size).encode()
    path = tmp_path / "x.yaml"
    path.write_bytes(gzip.compress(text, 1) if packed else text)
    assert CassetteDocument(Cassette.open(path)).saves_at_once is at_once


def test_the_journal_goes_with_a_save_in_the_background(file: Path, tmp_path: Path, qtbot: QtBot) -> None:
    folder = tmp_path / "recovery"
    workspace = Workspace()
    recovery = Recovery(workspace, folder)
    workspace.open([file])
    document = workspace.documents[0]
    document.edit(SetUrl(0, "https://changed/"))
    assert len(list(folder.iterdir())) == 1
    with qtbot.waitSignal(document.saved):
        document.save_in_background()
    assert list(folder.iterdir()) == []
    recovery.give_up()
    recovery.close()
    workspace.close(document)


def test_the_workspace_does_not_take_our_own_save_for_somebody_elses(
    file: Path, qtbot: QtBot, gate: Gate
) -> None:
    workspace = Workspace()
    workspace.open([file])
    document = workspace.documents[0]
    document.edit(SetUrl(0, "https://changed/"))
    told: list[object] = []
    workspace.changed_outside.connect(told.append)
    workspace.reloaded.connect(told.append)
    with qtbot.waitSignal(document.saved):
        document.save_in_background(overwrite=True)
        assert gate.reached.wait(10)
        os.utime(file)
        # As if the watcher had told of the new file before the worker's word came through.
        workspace._look_at_files()
        assert told == []
        gate.open()
    workspace._look_at_files()
    assert told == []
    workspace.close(document)


def test_an_edit_in_the_background_is_an_edit(document: CassetteDocument, qtbot: QtBot) -> None:
    changed: list[object] = []
    document.changed.connect(changed.append)
    edit = SetUrl(4, "https://later/")
    with qtbot.waitSignal(document.edit_ended) as ended:
        document.edit_in_background(edit)
        assert document.is_editing
        assert document.is_modified
        assert changed == []
    assert ended.args == [edit, None]
    assert changed == [edit]
    assert b"https://later/" in document.cassette.to_bytes()
    document.undo()
    assert b"https://later/" not in document.cassette.to_bytes()


def test_nothing_else_is_changed_or_saved_while_an_edit_is_made(
    document: CassetteDocument, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(document.edit_ended):
        document.edit_in_background(SetUrl(4, "https://later/"))
        with pytest.raises(EditError, match="being changed"):
            document.edit(SetUrl(5, "https://other/"))
        with pytest.raises(EditError, match="being changed"):
            document.edit_in_background(SetUrl(5, "https://other/"))
        with pytest.raises(SaveError, match="being changed"):
            document.save()
        document.undo()
        document.redo()
    assert document.undo_stack.count() == 2
    assert document.undo_stack.index() == 2


def test_an_edit_in_the_background_can_be_stopped(document: CassetteDocument, qtbot: QtBot) -> None:
    before = document.cassette.to_bytes()
    with qtbot.waitSignal(document.edit_ended) as ended:
        document.edit_in_background(SetUrl(4, "https://later/"))
        document.stop_editing()
    assert isinstance(ended.args[1], EditingStoppedError)
    qtbot.waitUntil(lambda: pending_jobs() == 0)
    assert document.cassette.to_bytes() == before
    assert document.edit(SetUrl(4, "https://later/"))


def test_an_edit_in_the_background_says_why_it_cannot_be_made(
    document: CassetteDocument, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(document.edit_ended) as ended:
        document.edit_in_background(SetEntryText(4, "- request: ["))
    assert isinstance(ended.args[1], EditError)
    assert ended.args[1].line
    assert not document.is_editing


def test_rows_that_stand_elsewhere_are_found_by_an_edit_in_the_background(qtbot: QtBot) -> None:
    """As by an edit at once: the document takes over what was found, though the edit is refused."""
    false = entry(1).replace("body of 1", '"a\n\n    - id: no entry"')
    document = CassetteDocument(cassette_of(f"{text_of(1)}{false}{entry(2)}"))
    assert len(document) == 4
    resets: list[None] = []
    document.rows_reset.connect(lambda: resets.append(None))
    with qtbot.waitSignal(document.edit_ended) as ended:
        document.edit_in_background(DeleteInteractions((2,)))
    assert len(document) == 3
    assert resets == [None]
    assert "elsewhere" in str(ended.args[1])


def test_entries_in_front_of_an_edit_stay_verified(document: CassetteDocument) -> None:
    """Each deletion in a long file parsed all entries in front of it again, a quarter of a second."""
    cassette = document.cassette
    cassette.verify(50)
    document.edit(DeleteInteractions((30,)))
    parsed: list[int] = []
    group = cassette.group
    cassette.group = lambda position: parsed.append(position) or group(position)  # type: ignore[func-returns-value,method-assign]
    cassette.verify(32)
    assert min(parsed) == 30
