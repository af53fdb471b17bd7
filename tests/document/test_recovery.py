"""Journals of documents: begun with an edit, gone when nothing is unsaved, and carried out again."""

from __future__ import annotations

import errno
import gzip
import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from tests.cassette.faults import ERRORS
from tests.document.cassettes import text_of
from tests.document.journal_faults import edit_with_fault
from tests.document.test_document import Typing
from viewer.cassette.cassette import Cassette
from viewer.cassette.edits import Edit, SetBodyText, SetEntryText, SetUrl
from viewer.cassette.formats.base import Side
from viewer.cassette.journal import Journal, parse_journal
from viewer.cassette.journal_file import Orphan, orphans
from viewer.cassette.model import SaveError
from viewer.cassette.rebuild import rebuild
from viewer.cassette.structure import DeleteInteractions, DuplicateInteraction, MoveInteraction
from viewer.document.document import CassetteDocument
from viewer.document.reapply import reapply
from viewer.document.recovery import Recovery, recovery_folder
from viewer.document.tasks import pending_jobs
from viewer.document.workspace import Workspace

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "four.yaml"
    path.write_text(text_of(4))
    return path


@dataclass
class Session:
    """A workspace whose documents are journalled."""

    workspace: Workspace
    recovery: Recovery

    def open(self, path: Path) -> CassetteDocument:
        self.workspace.open([path])
        document = self.workspace.document_of(path)
        assert document is not None
        return document

    @property
    def journals(self) -> list[Path]:
        folder = self.recovery.folder
        return sorted(folder.iterdir()) if folder.exists() else []

    def journal(self) -> Journal:
        """The only journal there is, as it is on disk now."""
        (path,) = self.journals
        return parse_journal(path.read_bytes())


@pytest.fixture
def session(tmp_path: Path, qtbot: QtBot) -> Iterator[Session]:
    workspace = Workspace()
    session = Session(workspace, Recovery(workspace, tmp_path / "recovery"))
    yield session
    qtbot.waitUntil(lambda: pending_jobs() == 0)
    session.recovery.give_up()
    session.recovery.close()
    for document in list(workspace.documents):
        workspace.close(document)
    assert session.journals == []


def recovered(journal: Journal) -> CassetteDocument:
    """A fresh document of the journal's file, with the journal carried out in it; both ways have to agree."""
    rebuilt = rebuild(journal)
    document = CassetteDocument(Cassette.open(journal.cassette_path))
    reapply(document, journal)
    assert document.cassette.to_bytes() == rebuilt.cassette.to_bytes()
    return document


def only_orphan(session: Session, qtbot: QtBot) -> Orphan:
    """The journal that is left; while a worker waits for the disk, it holds the journal's lock with it."""
    qtbot.waitUntil(lambda: pending_jobs() == 0)
    (orphan,) = orphans(session.recovery.folder)
    return orphan


def test_journals_are_kept_in_the_state_folder() -> None:
    assert recovery_folder() == Path(os.environ["XDG_STATE_HOME"]) / "cassette-viewer" / "recovery"


def test_opening_and_looking_writes_nothing(session: Session, file: Path) -> None:
    document = session.open(file)
    document.interaction(0)
    assert session.journals == []


def test_an_edit_is_on_disk_when_it_is_made(session: Session, file: Path) -> None:
    document = session.open(file)
    document.edit(SetUrl(2, "https://changed/"))
    again = recovered(session.journal())
    assert again.cassette.to_bytes() == document.cassette.to_bytes()
    assert again.is_modified
    assert again.undo_stack.undoText() == "Change URL"
    again.undo()
    assert again.cassette.to_bytes() == file.read_bytes()
    assert not again.is_modified


def test_the_undo_stack_comes_back_as_it_was(session: Session, file: Path) -> None:
    document = session.open(file)
    for number in range(3):
        document.edit(SetUrl(number, f"https://changed/{number}"))
    document.undo()
    document.undo()
    document.redo()
    again = recovered(session.journal())
    assert (again.undo_stack.index(), again.undo_stack.count()) == (2, 3)
    again.redo()
    document.redo()
    assert again.cassette.to_bytes() == document.cassette.to_bytes()


def test_typing_that_was_merged_and_undone_comes_back(session: Session, file: Path) -> None:
    document = session.open(file)
    document.edit(SetUrl(1, "https://kept/"))
    for text in ("h", "ht", "htt"):
        document.edit(Typing(0, text))
    document.undo()
    again = recovered(session.journal())
    assert again.cassette.to_bytes() == document.cassette.to_bytes()


@pytest.mark.parametrize("end", ["save", "undo", "close", "reload"])
def test_the_journal_goes_when_nothing_is_unsaved(
    session: Session, file: Path, qtbot: QtBot, end: str
) -> None:
    document = session.open(file)
    document.edit(SetUrl(0, "https://changed/"))
    assert len(session.journals) == 1
    endings: dict[str, Callable[[], object]] = {
        "save": document.save,
        "undo": document.undo,
        "close": lambda: session.workspace.close(document),
        "reload": lambda: session.workspace.reload(document),
    }
    endings[end]()
    qtbot.waitUntil(lambda: session.journals == [])


def test_edits_behind_a_save_start_anew(session: Session, file: Path) -> None:
    document = session.open(file)
    document.edit(SetUrl(0, "https://saved/"))
    document.edit(DuplicateInteraction(0))
    document.save()
    document.edit(SetUrl(4, "https://unsaved/"))
    journal = session.journal()
    assert journal.count == 1
    assert recovered(journal).cassette.to_bytes() == document.cassette.to_bytes()


def test_an_undo_behind_a_save_is_unsaved_too(session: Session, file: Path) -> None:
    document = session.open(file)
    document.edit(DeleteInteractions((1,)))
    document.save()
    document.undo()
    again = recovered(session.journal())
    assert again.cassette.to_bytes() == document.cassette.to_bytes() == text_of(4).encode()
    assert again.is_modified


def test_edits_go_on_in_a_file_saved_elsewhere(session: Session, file: Path) -> None:
    document = session.open(file)
    document.edit(SetUrl(0, "https://saved/"))
    other = file.with_name("other.yaml")
    document.save(other)
    document.edit(SetUrl(1, "https://unsaved/"))
    journal = session.journal()
    assert journal.cassette_path == other
    assert recovered(journal).cassette.to_bytes() == document.cassette.to_bytes()


def test_a_failed_save_leaves_the_journal(session: Session, file: Path) -> None:
    document = session.open(file)
    document.edit(SetUrl(0, "https://changed/"))
    file.write_text(text_of(3))
    with pytest.raises(Exception, match="changed since it was opened"):
        document.save()
    assert session.journal().count == 1
    document.edit(SetUrl(1, "https://changed/"))
    assert session.journal().count == 2


def test_a_program_that_dies_within_a_save_leaves_no_question(
    session: Session, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = session.open(file)
    document.edit(SetUrl(0, "https://changed/"))
    seen: list[bool] = []

    def look(folder: Path) -> None:
        seen.append(session.journal().is_saved())

    # What happens behind the rename; the journal is still there.
    monkeypatch.setattr("viewer.cassette.storage.sync_folder", look)
    document.save()
    assert seen == [True]


def test_a_save_that_the_disk_does_not_confirm_leaves_the_journal(
    session: Session, file: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    """The file has the edits, which may be gone after a power failure; it is not somebody else's, however."""
    document = session.open(file)
    document.edit(SetUrl(0, "https://changed/"))

    def fail(folder: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("viewer.cassette.storage.sync_folder", fail)
    with pytest.raises(SaveError, match="replaced, but the disk does not confirm it: Input/output error"):
        document.save()
    monkeypatch.undo()
    left = only_orphan(session, qtbot)
    assert left.read().is_saved()
    assert not document.is_modified
    assert file.read_bytes() == document.cassette.to_bytes()
    document.edit(SetUrl(1, "https://later/"))
    file.write_text(text_of(4))
    assert not left.read().is_saved()
    assert recovered(left.read()).cassette.to_bytes().count(b"https://changed/") == 1
    left.remove()


def test_that_it_is_saved_is_on_the_disk_before_it_is(
    session: Session, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power failure brought a journal back that was removed, and whose edits were saved."""
    document = session.open(file)
    document.edit(SetUrl(0, "https://changed/"))
    ended: list[str] = []
    sync, replace = os.fsync, os.replace

    def sync_noted(descriptor: int) -> None:
        target = Path(f"/proc/self/fd/{descriptor}").readlink()
        ended.append("journal" if target.suffix == ".journal" else "other")
        sync(descriptor)

    def replace_noted(old: str, new: str) -> None:
        assert session.journal().replacing
        ended.append("replaced")
        replace(old, new)

    monkeypatch.setattr(os, "fsync", sync_noted)
    monkeypatch.setattr(os, "replace", replace_noted)
    document.save()
    assert "journal" in ended[: ended.index("replaced")]


def test_rows_that_are_found_again_are_journalled(session: Session, file: Path) -> None:
    marked = text_of(3).replace("body: body of 2", 'body: "a\n    - id: 7"')
    file.write_text(marked)
    document = session.open(file)
    assert len(document) == 4
    document.edit(SetUrl(0, "https://first/"))
    document.interaction(2)
    assert len(document) == 3
    document.edit(SetBodyText(2, Side.RESPONSE, "changed"))
    again = recovered(session.journal())
    assert again.cassette.to_bytes() == document.cassette.to_bytes()
    assert len(again) == 3


def test_a_clean_moment_within_a_step_does_not_end_the_journal(
    session: Session, file: Path, qtbot: QtBot
) -> None:
    """When rows are found again, the undo stack is cleared, and is clean until it is told that it is not."""
    file.write_text(text_of(3).replace("body: body of 1", 'body: "a\n    - id: 7"'))
    document = session.open(file)
    document.edit(SetUrl(3, "https://last/"))
    document.interaction(1)
    assert document.undo_stack.count() == 0
    assert document.is_modified
    qtbot.wait(20)
    assert recovered(session.journal()).cassette.to_bytes() == document.cassette.to_bytes()


def test_what_cannot_be_written_down_is_told_once(session: Session, file: Path, qtbot: QtBot) -> None:
    session.recovery.folder.write_text("in the way")
    document = session.open(file)
    told: list[Path] = []
    session.recovery.failed.connect(lambda path, error: told.append(path))
    document.edit(SetUrl(0, "https://one/"))
    document.edit(SetUrl(0, "https://two/"))
    assert told == [file]
    session.recovery.folder.unlink()
    document.edit(SetUrl(0, "https://three/"))
    assert session.journal().count == 3


def test_a_large_files_digest_comes_later(
    session: Session, file: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.document.journal_keeper._DIGESTED_AT_ONCE", 10)
    document = session.open(file)
    document.edit(SetUrl(0, "https://changed/"))
    assert rebuild(session.journal()).is_same_file, "before the digest is there, the file's state tells"
    qtbot.waitUntil(lambda: bool(session.journal().digest))
    os.utime(file)
    assert rebuild(session.journal()).is_same_file
    file.write_text(text_of(4).replace("body of 3", "body of three"))
    assert not rebuild(session.journal()).is_same_file


def test_a_compressed_file_is_known_by_its_text(session: Session, file: Path) -> None:
    packed = file.with_suffix(".yaml.gz")
    packed.write_bytes(gzip.compress(text_of(2).encode(), 9))
    document = session.open(packed)
    document.edit(SetUrl(0, "https://changed/"))
    packed.write_bytes(gzip.compress(text_of(2).encode(), 1))
    assert rebuild(session.journal()).is_same_file


def test_bytes_that_are_no_text_come_back(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "bytes.yaml"
    path.write_bytes(text_of(1).replace("body of 0", "body \x7f of 0").encode().replace(b"\x7f", b"\xff\xfe"))
    document = session.open(path)
    text = document.cassette.entry_text(0)
    document.edit(SetEntryText(0, text.replace("200 Status", "201 Status")))
    again = recovered(session.journal())
    assert again.cassette.to_bytes() == document.cassette.to_bytes()
    assert b"\xff\xfe" in again.cassette.to_bytes()


_EDITS: st.SearchStrategy[Callable[[int], Edit | None]] = st.one_of(
    st.builds(
        lambda at, text: lambda n: SetUrl(at % n, text), st.integers(0, 9), st.text(min_size=1, max_size=5)
    ),
    st.builds(
        lambda at, text: lambda n: SetBodyText(at % n, Side.RESPONSE, text),
        st.integers(0, 9),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    ),
    st.builds(lambda at: lambda n: DuplicateInteraction(at % n), st.integers(0, 9)),
    st.builds(lambda at, to: lambda n: MoveInteraction(at % n, to % n), st.integers(0, 9), st.integers(0, 9)),
    st.builds(
        lambda at: lambda n: DeleteInteractions((at % n,)) if n > 1 else None,
        st.integers(0, 9),
    ),
)
_STEPS = st.lists(_EDITS | st.sampled_from(["undo", "redo", "save"]), max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS)
def test_at_every_moment_the_file_and_its_journal_are_what_is_edited(
    session: Session, tmp_path: Path, steps: list[Callable[[int], Edit | None] | str]
) -> None:
    path = tmp_path / "any.yaml"
    path.write_text(text_of(3))
    document = session.open(path)
    try:
        for step in steps:
            _take(document, step)
            now = document.cassette.to_bytes()
            if document.is_modified:
                assert recovered(session.journal()).cassette.to_bytes() == now
            else:
                assert path.read_bytes() == now
    finally:
        session.workspace.close(document)
    assert session.journals == []


def _take(document: CassetteDocument, step: Callable[[int], Edit | None] | str) -> None:
    if callable(step):
        edit = step(len(document))
        if edit is not None:
            document.edit(edit)
    elif step == "save":
        document.save()
    elif step == "undo":
        document.undo()
    else:
        document.redo()


@pytest.mark.parametrize("stays", [False, True], ids=["once", "for good"])
def test_whatever_fails_in_a_journal_the_document_goes_on(tmp_path: Path, stays: bool) -> None:
    """Every file operation of a journal fails; `python -m tests.bench.faults` has more ways and the figures."""
    counted = tmp_path / "counted"
    counted.mkdir()
    operations = edit_with_fault(counted, -1, errno.EIO)[0].asked
    assert {"mkdir", "open", "write", "rename", "dup", "fsync", "flock", "unlink"} <= set(operations)
    for number, error in zip(range(len(operations)), itertools.cycle(ERRORS), strict=False):
        folder = tmp_path / f"{number}-{error}"
        folder.mkdir()
        faults, wrong = edit_with_fault(folder, number, error, stays=stays)
        assert not wrong, f"{number}, {faults.failed}, {os.strerror(error)}: {wrong}"


def test_a_program_that_ends_unasked_leaves_its_journals(session: Session, file: Path, qtbot: QtBot) -> None:
    """When the display server dies Qt ends its loop, and the journals were removed as if all had been given up."""
    document = session.open(file)
    document.edit(SetUrl(0, "https://changed/"))
    session.recovery.close()
    left = only_orphan(session, qtbot)
    assert recovered(left.read()).cassette.to_bytes() == document.cassette.to_bytes()
    left.remove()


def test_two_programs_that_edit_one_file_know_it(session: Session, file: Path, qtbot: QtBot) -> None:
    """The second to edit is told; the second to save is refused, with both journals kept."""
    others = Workspace()
    other = Session(others, Recovery(others, session.recovery.folder))
    link = file.with_name("link.yaml")
    link.symlink_to(file.name)
    told: list[tuple[str, Path]] = []
    session.recovery.shared.connect(lambda path: told.append(("first", path)))
    other.recovery.shared.connect(lambda path: told.append(("second", path)))
    first, second = session.open(file), other.open(link)
    first.edit(SetUrl(0, "https://first/"))
    qtbot.waitUntil(lambda: pending_jobs() == 0)
    assert told == []
    second.edit(SetUrl(1, "https://second/"))
    qtbot.waitUntil(lambda: bool(told))
    assert told == [("second", link)]
    assert len(session.journals) == 2
    first.save()
    qtbot.waitUntil(lambda: len(session.journals) == 1)
    with pytest.raises(SaveError, match="changed since it was opened"):
        second.save()
    assert b"https://first/" in file.read_bytes()
    second.edit(SetUrl(2, "https://second/"))
    assert session.journal().count == 2
    second.save(overwrite=True)
    qtbot.waitUntil(lambda: pending_jobs() == 0)
    assert len(told) == 1
    other.recovery.give_up()
    other.recovery.close()
    others.close(second)


def test_what_a_dead_program_has_left_is_not_edited_elsewhere(
    session: Session, file: Path, qtbot: QtBot
) -> None:
    document = session.open(file)
    document.edit(SetUrl(0, "https://first/"))
    qtbot.waitUntil(lambda: pending_jobs() == 0)
    (keeper,) = session.recovery._keepers.values()
    assert keeper._writer is not None
    keeper._writer.abandon()
    session.workspace.reload(document)
    told: list[Path] = []
    session.recovery.shared.connect(told.append)
    session.workspace.documents[0].edit(SetUrl(0, "https://again/"))
    qtbot.waitUntil(lambda: pending_jobs() == 0)
    assert told == []
    for orphan in orphans(session.recovery.folder):
        orphan.remove()
