"""Edits, undo and redo in the background come to what they come to at once."""

from __future__ import annotations

from functools import partial

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from tests.document.cassettes import cassette
from viewer.cassette.edits import Edit, SetBodyText
from viewer.cassette.formats.base import Side
from viewer.cassette.journal import CarriedOut
from viewer.cassette.model import EditError
from viewer.cassette.pieces import Exchange
from viewer.cassette.structure import DeleteInteractions, DuplicateInteractions, MoveInteraction
from viewer.document import document as document_module
from viewer.document.document import CassetteDocument
from viewer.document.editing import EditingStoppedError
from viewer.document.tasks import pending_jobs

EDITS: list[Edit] = [
    DuplicateInteractions((1, 2)),
    DeleteInteractions((0, 4)),
    MoveInteraction(5, 0),
    SetBodyText(3, Side.RESPONSE, "Olá, other words"),
]


@pytest.fixture
def document(qapp: object) -> CassetteDocument:
    return CassetteDocument(cassette(6))


def text(document: CassetteDocument) -> bytes:
    return document.cassette.to_bytes()


def check_record(document: CassetteDocument, edit: Edit, exchange: Exchange) -> None:
    assert document.record_of(edit, exchange) == CarriedOut.of(edit.label, edit.position, exchange)


def wait(qtbot: QtBot, document: CassetteDocument) -> None:
    qtbot.waitUntil(lambda: not document.is_editing)


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: type(edit).__name__)
def test_there_and_back_in_the_background(qtbot: QtBot, document: CassetteDocument, edit: Edit) -> None:
    """Duplicating in the middle of a gigabyte held the window for 1.5 s, and undoing that for 0.8."""
    before = text(document)
    at_once = CassetteDocument(cassette(6))
    assert at_once.edit(edit)
    rows: list[object] = []
    document.rows_changed.connect(rows.append)
    document.carried_out.connect(partial(check_record, document))
    document.edit_in_background(edit)
    wait(qtbot, document)
    assert (text(document), len(document)) == (text(at_once), len(at_once))
    document.go_in_background(back=True)
    wait(qtbot, document)
    assert (text(document), len(document)) == (before, 6)
    assert document.undo_stack.canRedo()
    document.go_in_background(back=False)
    wait(qtbot, document)
    assert text(document) == text(at_once)
    document.undo()
    assert text(document) == before
    assert len(rows) in (0, 4)


def test_rows_found_anew_meanwhile_stay(qtbot: QtBot, document: CassetteDocument) -> None:
    """What a worker changed is not what the document is by now."""
    assert document.edit(EDITS[3])
    after = text(document)
    document.go_in_background(back=True)
    layout = document.cassette.layout
    document.adopt(msgspec.structs.replace(layout, pieces=layout.pieces.copy()))
    assert not document.is_editing
    qtbot.waitUntil(lambda: pending_jobs() == 0)
    assert text(document) == after


def test_an_undo_that_is_stopped_changes_nothing(qtbot: QtBot, document: CassetteDocument) -> None:
    assert document.edit(EDITS[0])
    after = text(document)
    ended: list[object] = []
    document.edit_ended.connect(lambda edit, error: ended.append(error))
    document.go_in_background(back=True)
    with pytest.raises(EditError):
        document.edit(EDITS[1])
    document.undo()
    document.stop_editing()
    assert isinstance(ended[0], EditingStoppedError)
    assert text(document) == after
    assert document.undo_stack.canUndo()


def test_few_steps_go_at_once(document: CassetteDocument, monkeypatch: pytest.MonkeyPatch) -> None:
    assert document.edit(EDITS[0])
    assert document.goes_at_once(back=True)
    assert document.goes_at_once(back=False)  # there is nothing
    monkeypatch.setattr(document_module, "_STEPS_AT_ONCE", 2)
    assert not document.goes_at_once(back=True)
