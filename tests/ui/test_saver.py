"""Saving from the window: a large file in the background, with progress and Cancel; closing waits for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QProgressDialog, QPushButton
from pytestqt.qtbot import QtBot

from tests.cassette.samples import GO_VCR_V2
from viewer.cassette.edits import SetUrl
from viewer.document.document import CassetteDocument
from viewer.ui.main_window import MainWindow
from viewer.ui.settings import Settings
from viewer.ui.theme import AppTheme, ThemeChoice


@pytest.fixture
def two(tmp_path: Path) -> Path:
    path = tmp_path / "two.yaml"
    path.write_text(GO_VCR_V2)
    return path


@pytest.fixture
def window(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, two: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    """A window with an edited cassette in it that counts as a large one."""
    monkeypatch.setattr("viewer.document.document._SAVED_AT_ONCE", 10)
    settings = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    window = MainWindow(settings, AppTheme(qapp, ThemeChoice.LIGHT))
    window.show()
    window.open_paths([two])
    window.edit(SetUrl(0, "https://changed/"))
    yield window
    for document in list(window.workspace.documents):
        window.workspace.close(document)
    window.close()
    window.deleteLater()


@pytest.fixture
def document(window: MainWindow) -> CassetteDocument:
    assert window.document is not None
    return window.document


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


def test_a_large_file_is_saved_with_progress(
    window: MainWindow, document: CassetteDocument, two: Path, gate: Gate, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(document.saved):
        window.actions_by_name["save"].trigger()
        assert gate.reached.wait(10)
        assert window.status._progress.isVisible()
        assert window.status._cancel.isVisible()
        window.edit(SetUrl(1, "https://more/"))
        assert "being saved" in window.notice.text
        window.actions_by_name["undo"].trigger()
        assert window.files.save(), "asking twice saves once"
        gate.open()
    assert "https://changed/" in two.read_text()
    assert not window.isWindowModified()
    assert not window.status._progress.isVisible()
    assert not window.status._cancel.isVisible()


def test_a_save_is_cancelled_in_the_status_bar(
    window: MainWindow, document: CassetteDocument, two: Path, gate: Gate, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(document.save_failed):
        window.files.save()
        assert gate.reached.wait(10)
        window.status._cancel.click()
        gate.open()
    assert two.read_text() == GO_VCR_V2
    assert window.isWindowModified()
    assert not window.status._progress.isVisible()
    assert window.actions_by_name["save"].isEnabled()


def test_closing_waits_for_the_save(window: MainWindow, two: Path, gate: Gate) -> None:
    window.files.save()
    assert gate.reached.wait(10)
    QTimer.singleShot(50, gate.open)
    event = QCloseEvent()
    window.closeEvent(event)
    assert event.isAccepted()
    assert "https://changed/" in two.read_text()


def test_closing_and_saving_waits_too(window: MainWindow, two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QMessageBox, "warning", lambda *_: QMessageBox.StandardButton.Save)
    event = QCloseEvent()
    window.closeEvent(event)
    assert event.isAccepted()
    assert "https://changed/" in two.read_text()


def test_what_closing_waits_for_can_be_cancelled(
    window: MainWindow, two: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [QMessageBox.StandardButton.Save, QMessageBox.StandardButton.Cancel]
    monkeypatch.setattr(QMessageBox, "warning", lambda *_: answers.pop(0))

    def cancel() -> None:
        (dialog,) = window.findChildren(QProgressDialog)
        assert dialog.isVisible()
        dialog.findChildren(QPushButton)[0].click()
        gate.open()

    QTimer.singleShot(50, cancel)
    event = QCloseEvent()
    window.closeEvent(event)
    assert not event.isAccepted()
    assert two.read_text() == GO_VCR_V2
    assert window.isWindowModified()


def test_a_failure_is_told(
    window: MainWindow, document: CassetteDocument, two: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    told: list[str] = []
    monkeypatch.setattr("viewer.cassette.storage.os.fsync", fail)
    monkeypatch.setattr(QMessageBox, "critical", lambda parent, heading, text: told.append(text))
    with qtbot.waitSignal(document.save_failed):
        window.files.save()
    assert "No space left on device" in told[0]
    assert two.read_text() == GO_VCR_V2
    assert window.isWindowModified()


def test_another_programs_work_is_overwritten_only_when_asked_for(
    window: MainWindow, document: CassetteDocument, two: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    two.write_text("theirs: 1\n")
    pressed = {"Compare": True}

    def press(box: QMessageBox) -> int:
        label = "Overwrite" if "Overwrite" in pressed else "Compare"
        next(button for button in box.buttons() if button.text() == label).click()
        return 0

    asked: list[object] = []
    window.compare_requested.connect(lambda left, right: asked.append(left))
    monkeypatch.setattr(QMessageBox, "exec", press)
    with qtbot.waitSignal(document.save_failed):
        window.files.save()
    assert asked == [two]
    assert two.read_text() == "theirs: 1\n"
    pressed["Overwrite"] = True
    with qtbot.waitSignal(document.saved):
        window.files.save()
    assert "https://changed/" in two.read_text()


def test_a_cassette_that_is_closed_within_its_save_ends_it(
    window: MainWindow, document: CassetteDocument, gate: Gate, qtbot: QtBot
) -> None:
    window.files.save()
    assert gate.reached.wait(10)
    gate.open()
    with qtbot.waitSignal(document.destroyed):
        window.workspace.close(document)
    assert not window.status._progress.isVisible()


@pytest.fixture
def warned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What message boxes say that report an error."""
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "critical", lambda parent, heading, text: told.append(text))
    return told


@pytest.mark.parametrize("is_modified", [False, True])
def test_another_open_cassette_is_not_saved_over(
    window: MainWindow, two: Path, monkeypatch: pytest.MonkeyPatch, warned: list[str], is_modified: bool
) -> None:
    """One of two documents with the same file would lose its edits, or be reloaded as the other."""
    other = two.with_name("other.yaml")
    other.write_text(GO_VCR_V2)
    first = window.document
    window.workspace.open([other])
    second = window.workspace.document_of(other)
    assert second is not None
    if is_modified:
        second.edit(SetUrl(0, "https://theirs/"))
    assert window.document is first
    link = two.with_name("link.yaml")
    link.symlink_to(other.name)
    for target in (other, link):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, target=target: (str(target), ""))
        assert not window.files.save_as()
    assert ["This file is open here. Close it first" in text for text in warned] == [True, True]
    assert other.read_text() == GO_VCR_V2
    assert window.document is not None
    assert window.document.path == two


def test_a_deleted_file_is_saved_again_only_when_asked_for(
    window: MainWindow, document: CassetteDocument, two: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    two.unlink()
    labels: list[list[str]] = []

    def press(box: QMessageBox) -> int:
        labels.append([button.text() for button in box.buttons()])
        wanted = "Cancel" if len(labels) == 1 else "Save Again"
        next(button for button in box.buttons() if button.text() == wanted).click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", press)
    with qtbot.waitSignal(document.save_failed):
        window.files.save()
    assert not two.exists()
    with qtbot.waitSignal(document.saved):
        window.files.save()
    assert "https://changed/" in two.read_text()
    assert labels == [["Save Again", "Cancel"]] * 2


def test_the_bar_saves_a_deleted_file_again(window: MainWindow, two: Path, qtbot: QtBot) -> None:
    two.unlink()
    qtbot.waitUntil(lambda: "was deleted or renamed by another program" in window.notice.text)
    assert window.document is not None
    (button,) = [one for one in window.notice.findChildren(QPushButton) if one.text() == "Save Again"]
    with qtbot.waitSignal(window.document.saved):
        button.click()
    assert "https://changed/" in two.read_text()
    assert window.notice.text == ""
