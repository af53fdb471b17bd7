"""The next start offers what a crash has left: through the bar that a person sees, and in a real second start."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from tests.cassette.samples import GO_VCR_V2
from viewer.cassette.cassette import Cassette
from viewer.cassette.edits import SetUrl
from viewer.cassette.journal import title
from viewer.cassette.structure import DuplicateInteraction
from viewer.document.document import CassetteDocument
from viewer.document.recovery import Recovery
from viewer.document.tasks import pending_jobs
from viewer.document.workspace import Workspace
from viewer.ui.main_window import MainWindow
from viewer.ui.recovery_offer import RecoveryOffer
from viewer.ui.settings import Settings
from viewer.ui.theme import AppTheme, ThemeChoice

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "recovery"


@pytest.fixture
def two(tmp_path: Path) -> Path:
    path = tmp_path / "two.yaml"
    path.write_text(GO_VCR_V2)
    return path


@pytest.fixture
def crash(folder: Path, qtbot: QtBot) -> Callable[..., bytes]:
    """Edits a file in a session that then dies; what stood in the document is returned."""

    def crash(path: Path, *urls: str) -> bytes:
        workspace = Workspace()
        recovery = Recovery(workspace, folder)
        workspace.open([path])
        document = workspace.documents[0]
        for url in urls:
            document.edit(SetUrl(1, url))
        qtbot.waitUntil(lambda: pending_jobs() == 0)
        for keeper in recovery._keepers.values():
            assert keeper._writer is not None
            keeper._writer.abandon()
        recovery.deleteLater()
        return document.cassette.to_bytes()

    return crash


class Start:
    """A start of the program's window, with its offer."""

    def __init__(self, window: MainWindow, recovery: Recovery, offer: RecoveryOffer, qtbot: QtBot) -> None:
        self.window, self.recovery, self.offer, self._qtbot = window, recovery, offer, qtbot

    def look(self) -> str:
        with self._qtbot.waitSignal(self.offer.looked):
            self.offer.look()
        return self.text

    @property
    def text(self) -> str:
        return self.offer.bar.text

    @property
    def answers(self) -> list[str]:
        return [button.text() for button in self._buttons]

    def answer(self, label: str) -> None:
        (button,) = [button for button in self._buttons if button.text() == label]
        button.click()

    def restore(self) -> None:
        with self._qtbot.waitSignal(self.offer.settled):
            self.answer("Restore")

    def compare(self) -> list[tuple[Path, Cassette]]:
        """What Compare asks for."""
        asked: list[tuple[Path, Cassette]] = []
        self.window.compare_requested.connect(lambda left, right: asked.append((left, right)))
        self.answer("Compare")
        self._qtbot.waitUntil(lambda: pending_jobs() == 0)
        return asked

    @property
    def document(self) -> CassetteDocument:
        assert self.window.document is not None
        return self.window.document

    @property
    def _buttons(self) -> list[QPushButton]:
        return list(self.offer.bar._buttons)


@pytest.fixture
def start(qtbot: QtBot, qapp: QApplication, tmp_path: Path, folder: Path) -> Iterator[Start]:
    settings = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    theme = AppTheme(qapp, ThemeChoice.LIGHT)
    window = MainWindow(settings, theme)
    recovery = Recovery(window.workspace, folder)
    offer = RecoveryOffer(window, recovery, theme)
    window.show()
    yield Start(window, recovery, offer, qtbot)
    qtbot.waitUntil(lambda: pending_jobs() == 0)
    offer.close()
    recovery.give_up()
    recovery.close()
    for document in list(window.workspace.documents):
        window.workspace.close(document)
    window.close()
    window.deleteLater()


@pytest.fixture
def discards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is asked whether changes are to be discarded says yes."""
    monkeypatch.setattr(QMessageBox, "warning", lambda *_: QMessageBox.StandardButton.Discard)


def files_in(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.exists() else []


def test_without_journals_nothing_is_said(start: Start) -> None:
    assert start.look() == ""


def test_the_changes_come_back_and_can_be_undone(
    start: Start, two: Path, folder: Path, crash: Callable[..., bytes]
) -> None:
    edited = crash(two, "https://one/", "https://two/")
    assert start.look() == "two.yaml has unsaved changes from a crash."
    assert start.answers == ["Compare", "Restore", "Discard", "Later"]
    (old,) = files_in(folder)
    start.restore()
    assert start.document.cassette.to_bytes() == edited
    assert start.document.is_modified
    assert "changes of two.yaml are back" in start.text
    assert old not in files_in(folder), "the document has a journal of its own now"
    assert len(files_in(folder)) == 1
    assert two.read_text() == GO_VCR_V2
    start.window.actions_by_name["undo"].trigger()
    start.window.actions_by_name["undo"].trigger()
    assert start.document.cassette.to_bytes() == two.read_bytes()
    assert not start.document.is_modified
    start.answer("OK")
    assert start.text == ""


def test_the_changes_are_compared_with_the_file_before_they_are_restored(
    start: Start, two: Path, folder: Path, crash: Callable[..., bytes]
) -> None:
    edited = crash(two, "https://one/")
    said = start.look()
    ((left, right),) = start.compare()
    assert left == two
    assert right.to_bytes() == edited
    assert start.window.document is None, "nothing is restored unasked"
    assert start.text == said
    start.answer("Later")
    assert start.text == ""
    assert len(files_in(folder)) == 1


def test_a_comparison_that_cannot_be_made_is_told(
    start: Start, two: Path, folder: Path, crash: Callable[..., bytes]
) -> None:
    crash(two, "https://one/")
    two.unlink()
    start.look()
    assert start.compare() == []
    assert start.window.notice.text == "two.yaml: There is no such file. Check the name and the folder."
    assert len(files_in(folder)) == 1


def test_the_changes_are_compared_with_the_file(start: Start, two: Path, crash: Callable[..., bytes]) -> None:
    edited = crash(two, "https://one/")
    start.look()
    start.restore()
    asked: list[tuple[Path, Cassette]] = []
    start.window.compare_requested.connect(lambda left, right: asked.append((left, right)))
    start.answer("Compare with the File")
    ((left, right),) = asked
    assert left == two
    assert right.to_bytes() == edited


def test_several_cassettes_are_offered_as_one(
    start: Start, tmp_path: Path, crash: Callable[..., bytes], folder: Path
) -> None:
    paths = [tmp_path / f"{name}.yaml" for name in ("a", "b")]
    for path in paths:
        path.write_text(GO_VCR_V2)
    edited = [crash(path, f"https://{path.name}/") for path in paths]
    assert start.look().startswith("2 cassettes have unsaved changes from a crash: ")
    start.restore()
    documents = [start.window.workspace.document_of(path) for path in paths]
    assert [document.cassette.to_bytes() for document in documents if document] == edited
    assert len(files_in(folder)) == 2
    start.answer("OK")
    assert start.text == ""


def test_a_second_crash_loses_nothing(
    start: Start, two: Path, folder: Path, crash: Callable[..., bytes], qtbot: QtBot
) -> None:
    crash(two, "https://one/")
    start.look()
    start.restore()
    start.document.edit(DuplicateInteraction(0))
    edited = start.document.cassette.to_bytes()
    qtbot.waitUntil(lambda: pending_jobs() == 0)
    for keeper in start.recovery._keepers.values():
        assert keeper._writer is not None
        keeper._writer.abandon()
    start.window.workspace.close(start.document)
    start.answer("OK")
    start.look()
    start.restore()
    assert start.document.cassette.to_bytes() == edited


@pytest.mark.usefixtures("discards")
def test_what_is_discarded_is_gone(
    start: Start, two: Path, folder: Path, crash: Callable[..., bytes]
) -> None:
    crash(two, "https://one/")
    start.look()
    start.answer("Discard")
    assert start.text == ""
    assert files_in(folder) == []
    assert start.look() == ""


def test_discarding_asks_first(
    start: Start, two: Path, folder: Path, crash: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    crash(two, "https://one/")
    start.look()
    monkeypatch.setattr(QMessageBox, "warning", lambda *_: QMessageBox.StandardButton.Cancel)
    start.answer("Discard")
    assert start.text != ""
    assert len(files_in(folder)) == 1


def test_what_was_not_answered_is_offered_again(
    start: Start, two: Path, folder: Path, crash: Callable[..., bytes]
) -> None:
    crash(two, "https://one/")
    first = start.look()
    start.offer.close()
    assert len(files_in(folder)) == 1
    start.offer._answered()
    assert start.look() == first


def test_a_file_that_changed_meanwhile_is_told_compared_and_kept(
    start: Start, two: Path, folder: Path, crash: Callable[..., bytes]
) -> None:
    crash(two, "https://one/")
    theirs = GO_VCR_V2.replace("duration: 1.5s", "duration: 9.5s")
    two.write_text(theirs)
    start.look()
    start.restore()
    assert "changed by another program" in start.text
    assert start.answers == ["Compare", "Apply", "Discard", "Later"]
    asked: list[tuple[Path, Cassette]] = []
    start.window.compare_requested.connect(lambda left, right: asked.append((left, right)))
    start.answer("Compare")
    recovered = theirs.replace("https://api.example.com/v1/models", "https://one/").encode()
    assert asked[0][1].to_bytes() == recovered
    assert start.window.document is None, "nothing is applied unasked"
    start.answer("Apply")
    assert start.document.cassette.to_bytes() == recovered
    assert start.document.is_modified
    assert two.read_text() == theirs


@pytest.mark.parametrize("fate", ["re-recorded", "deleted", "broken"])
def test_changes_that_do_not_fit_are_kept(
    start: Start, two: Path, folder: Path, crash: Callable[..., bytes], fate: str
) -> None:
    crash(two, "https://one/")
    if fate == "deleted":
        two.unlink()
    else:
        two.write_text("x: [" if fate == "broken" else GO_VCR_V2.replace("/v1/models", "/v2/models"))
    (journal,) = files_in(folder)
    start.look()
    start.restore()
    said = {"re-recorded": "do not fit", "deleted": "no such file", "broken": "two.yaml"}[fate]
    assert said in start.text
    assert f"kept in {journal}" in start.text
    start.answer("Keep")
    assert start.text == ""
    assert files_in(folder) == [journal]


@pytest.mark.parametrize(
    ("data", "said"), [(title(7) + b"?", "another version"), (b"\0" * 90, "beginning is damaged")]
)
def test_journals_that_cannot_be_read_are_refused_politely_and_kept(
    start: Start, folder: Path, data: bytes, said: str
) -> None:
    folder.mkdir()
    path = folder / "x.yaml-1.journal"
    path.write_bytes(data)
    assert said in start.look()
    assert str(path) in start.text
    start.answer("Keep")
    assert start.text == ""
    start.offer.close()
    assert path.read_bytes() == data


def test_a_damaged_end_is_told_and_the_journal_is_put_aside(
    start: Start, two: Path, folder: Path, crash: Callable[..., bytes]
) -> None:
    crash(two, "https://one/", "https://two/", "https://three/")
    (path,) = files_in(folder)
    data = bytearray(path.read_bytes())
    second = data.index(b"Change URL", data.index(b"Change URL") + 1)
    data[second] ^= 1
    path.write_bytes(data)
    start.look()
    start.restore()
    assert b"https://one/" in start.document.cassette.to_bytes()
    assert "last changes may be missing" in start.text
    assert path.with_name(path.name + ".damaged").read_bytes() == data


def test_newer_changes_are_not_mixed_with_old_ones(
    start: Start, two: Path, folder: Path, crash: Callable[..., bytes]
) -> None:
    old = crash(two, "https://one/")
    start.window.open_paths([two])
    start.document.edit(SetUrl(0, "https://newer/"))
    newer = start.document.cassette.to_bytes()
    start.look()
    start.restore()
    assert "has newer unsaved changes here" in start.text
    assert start.document.cassette.to_bytes() == newer
    start.document.undo()
    start.restore()
    assert start.document.cassette.to_bytes() == old


def test_a_cassette_that_is_open_gets_its_changes(
    start: Start, two: Path, crash: Callable[..., bytes]
) -> None:
    edited = crash(two, "https://one/")
    start.window.open_paths([two])
    start.look()
    start.restore()
    assert start.document.cassette.to_bytes() == edited
    assert len(start.window.workspace.documents) == 1


def test_what_cannot_be_written_down_is_told(start: Start, two: Path, folder: Path) -> None:
    folder.write_text("in the way")
    start.window.open_paths([two])
    start.document.edit(SetUrl(0, "https://one/"))
    assert "would not survive a crash" in start.window.notice.text


def test_edits_of_the_same_file_in_another_program_are_told(
    start: Start, two: Path, folder: Path, qtbot: QtBot
) -> None:
    workspace = Workspace()
    recovery = Recovery(workspace, folder)
    workspace.open([two])
    workspace.documents[0].edit(SetUrl(1, "https://theirs/"))
    start.window.open_paths([two])
    start.document.edit(SetUrl(0, "https://mine/"))
    qtbot.waitUntil(lambda: "in another Cassette Viewer too" in start.window.notice.text)
    recovery.give_up()
    recovery.close()
    workspace.close(workspace.documents[0])


_FIRST = """
import os, sys
import viewer.app as app
from viewer.start import main
from viewer.cassette.edits import SetUrl
guard = app.Program._guard
def edit_and_die(program):
    guard(program)
    program.window.edit(SetUrl(1, "https://api.example.com/before"))
    program.window.edit(SetUrl(0, "https://api.example.com/first"))
    os._exit(9)
app.Program._guard = edit_and_die
main(["--new-instance", sys.argv[1]])
"""
_SECOND = """
import sys
from PySide6.QtWidgets import QPushButton
import viewer.app as app
from viewer.start import main
guard = app.Program._guard
def look(program):
    guard(program)
    window, offer = program.window, program._offer
    def press(label):
        next(button for button in offer.bar.findChildren(QPushButton) if button.text() == label).click()
    def looked(count):
        print(count, offer.bar.text, flush=True)
        press("Restore") if count else window.close()
    def settled():
        print(offer.bar.text, flush=True)
        window.files.save()
        window.close()
    offer.looked.connect(looked)
    offer.settled.connect(settled)
app.Program._guard = look
sys.exit(main(["--new-instance"]))
"""


@pytest.mark.slow
def test_a_program_that_died_is_taken_up_by_the_next_start(two: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state"), "HOME": str(tmp_path)}

    def run(script: str, *arguments: str) -> tuple[int, list[str]]:
        done = subprocess.run(
            [sys.executable, "-c", script, *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.stderr.replace("This plugin does not support propagateSizeHints()\n", "") == ""
        return done.returncode, done.stdout.splitlines()

    assert run(_FIRST, str(two)) == (9, [])
    assert two.read_text() == GO_VCR_V2
    assert run(_SECOND) == (
        0,
        [
            "1 two.yaml has unsaved changes from a crash.",
            "The unsaved changes of two.yaml are back. They are not saved yet.",
        ],
    )
    expected = GO_VCR_V2.replace("https://api.example.com/v1/models", "https://api.example.com/before")
    assert two.read_text() == expected.replace(
        "https://api.example.com/v1/chat/completions", "https://api.example.com/first"
    )
    assert run(_SECOND) == (0, ["0 "])
    assert files_in(tmp_path / "state" / "cassette-viewer" / "recovery") == []
