"""An answer that was decoded in another code page: shown as it was meant, and repaired in the recording."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.samples import answer_in, interaction_of, reading_of
from viewer.cassette.cassette import Cassette
from viewer.cassette.edits import RepairText
from viewer.cassette.formats.base import Side
from viewer.document.document import CassetteDocument
from viewer.stream import read
from viewer.ui.response_pane import ResponsePane
from viewer.ui.theme import load_theme

TEXTS = ["Olá", "! Tudo ", "bem: não?"]
GARBLED = answer_in(TEXTS).encode().decode("tis-620")


@pytest.fixture
def pane(qtbot: QtBot) -> Iterator[ResponsePane]:
    pane = ResponsePane(load_theme("light"))
    qtbot.addWidget(pane)
    pane.resize(480, 600)
    pane.show()
    qtbot.waitExposed(pane)
    yield pane
    pane.player.pause()


def show(pane: ResponsePane, body: str = GARBLED, *, read_only: bool = False) -> None:
    interaction = interaction_of(body)
    pane.show_interaction(interaction, reading_of(interaction), "", read_only=read_only)
    pane.select_tab("transcript")


def click(pane: ResponsePane, label: str) -> None:
    """Clicks the bar's button of that name."""
    buttons = {button.text(): button for button in pane.transcript.garbled.findChildren(QPushButton)}
    QTest.mouseClick(buttons[label], Qt.MouseButton.LeftButton)


def labels(pane: ResponsePane) -> set[str]:
    return {button.text() for button in pane.transcript.garbled.findChildren(QPushButton)}


def test_the_bar_names_the_code_page(pane: ResponsePane) -> None:
    """Over a garbled answer alone."""
    show(pane)
    assert "TIS-620" in pane.transcript.garbled.text
    assert labels(pane) == {"Show Repaired", "Repair Recording"}
    show(pane, answer_in(TEXTS))
    assert pane.transcript.garbled.text == ""


def test_the_repaired_text_is_a_view(pane: ResponsePane) -> None:
    """It follows the replay as the recorded one does, and nothing is changed."""
    show(pane)
    edits: list[object] = []
    pane.edit_requested.connect(edits.append)
    page = pane.transcript.page
    assert "Olรก! Tudo bem: nรฃo?" in page.toPlainText()
    click(pane, "Show Repaired")
    assert "Olá! Tudo bem: não?" in page.toPlainText()
    pane.player.seek_event(1)
    assert "Olá" in page.toPlainText()
    assert "Tudo" not in page.toPlainText()
    click(pane, "Show as Recorded")
    assert "Olรก" in page.toPlainText()
    assert "Tudo" not in page.toPlainText()
    assert edits == []


def test_another_answer_is_shown_as_recorded(pane: ResponsePane) -> None:
    """The choice belongs to the answer it was made for."""
    show(pane)
    click(pane, "Show Repaired")
    show(pane, answer_in(["Não"]).encode().decode("latin-1"))
    assert "Windows-1252" in pane.transcript.garbled.text
    assert "NÃ£o" in pane.transcript.page.toPlainText()


def test_a_read_only_recording_is_not_repaired(pane: ResponsePane) -> None:
    show(pane, read_only=True)
    assert labels(pane) == {"Show Repaired"}


@pytest.mark.parametrize("ensure_ascii", [False, True])
def test_the_recording_is_repaired_in_one_step(
    pane: ResponsePane, tmp_path: Path, ensure_ascii: bool
) -> None:
    """The body's garbled characters change, in their own spelling, and Undo brings them back."""
    body = GARBLED
    if ensure_ascii:
        lines = GARBLED.split("\n\n")[:-2]
        body = "".join(f"data: {json.dumps(json.loads(line[6:]))}\n\n" for line in lines)
    show(pane, body)
    path = tmp_path / "garbled.yaml"
    path.write_text(cassette_of(body), encoding="utf-8")
    document = CassetteDocument(Cassette.open(path))
    before = document.cassette.entry_text(0)
    edits: list[RepairText] = []
    pane.edit_requested.connect(edits.append)
    click(pane, "Repair Recording")
    (edit,) = edits
    assert (edit.position, edit.side, edit.label) == (0, Side.RESPONSE, "Repair Text")
    document.edit(edit)
    changed = document.cassette.interaction(0)
    reading = read(changed.request, changed.response)
    assert reading.transcript.text == "".join(TEXTS)
    assert reading.repair is None
    assert document.undo_stack.undoText() == "Repair Text"
    document.undo_stack.undo()
    assert document.cassette.entry_text(0) == before


def cassette_of(body: str) -> str:
    """A go-vcr cassette of one interaction with this response body."""
    return (
        "---\nversion: 2\ninteractions:\n- id: 0\n  request:\n    url: https://api.example.test/v1/chat/completions\n"
        "    method: POST\n    headers: {}\n    body: '{}'\n  response:\n    status: 200 OK\n    code: 200\n"
        "    headers:\n      Content-Type:\n      - text/event-stream\n    body: "
        + json.dumps(body, ensure_ascii=False)
        + "\n"
    )
