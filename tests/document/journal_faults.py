"""Editing while the journal's file operations fail: the document goes on, and what is not safe is said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from tests.cassette.faults import Faults
from tests.document.cassettes import text_of
from viewer.cassette.edits import SetUrl
from viewer.cassette.journal import JournalError, parse_journal
from viewer.cassette.rebuild import rebuild
from viewer.document.document import CassetteDocument
from viewer.document.recovery import Recovery
from viewer.document.tasks import pending_jobs
from viewer.document.workspace import Workspace

_EDITED = text_of(2).replace("host0.example.com/v1/things/0", "edit/")


def edit_with_fault(folder: Path, fails_at: int, error: int, *, stays: bool = False) -> tuple[Faults, str]:
    """Edits and undoes in an empty folder, where one operation fails, or all from there on.

    Gives what was asked of the system, and what is wrong then ("" for nothing). The document has to be as if
    nothing had failed; the journal has to have all of it, or somebody was told; and once nothing fails any more,
    the next edit has to bring everything into the journal, and saving has to work.
    """
    path = folder / "cassette.yaml"
    path.write_text(text_of(2))
    workspace = Workspace()
    workspace.open([path])
    (document,) = workspace.documents
    recovery = Recovery(workspace, folder / "state" / "recovery")
    told: list[object] = []
    recovery.failed.connect(lambda path, error: told.append(error))
    faults = Faults(fails_at, error, stays=stays)
    # Nothing here is about what the disk does.
    patch = pytest.MonkeyPatch()
    patch.setattr(os, "fsync", lambda descriptor: None)
    try:
        with faults.at_work():
            _edit(document)
        if document.cassette.to_bytes().decode() != _EDITED:
            return faults, "the document is not what was edited"
        if not told and _journalled(recovery) != _EDITED.encode():
            return faults, "the journal is not complete, and nobody was told"
        document.edit(SetUrl(1, "https://later/"))
        if _journalled(recovery) != document.cassette.to_bytes():
            return faults, "what failed once is missing in the journal for good"
        document.save()
        return faults, "" if path.read_bytes() == document.cassette.to_bytes() else "it was not saved"
    finally:
        _wait()
        recovery.give_up()
        recovery.close()
        workspace.close(document)
        patch.undo()


def _edit(document: CassetteDocument) -> None:
    """A journal that goes because everything is undone, and one that stays."""
    for _ in range(2):
        document.undo()
        _wait()
        document.edit(SetUrl(0, "https://edit/"))
        _wait()
        document.edit(SetUrl(1, "https://undone/"))
        document.undo()
        _wait()


def _wait() -> None:
    for _ in range(3):
        QCoreApplication.processEvents()
        while pending_jobs():
            QCoreApplication.processEvents()


def _journalled(recovery: Recovery) -> bytes | None:
    """The cassette with its journal carried out; None where there is none that can be read."""
    (keeper,) = recovery._keepers.values()
    path = keeper._writer.path if keeper._writer else None
    if path is None:
        return None
    try:
        return rebuild(parse_journal(path.read_bytes())).cassette.to_bytes()
    except (OSError, JournalError):
        return None
