"""The interaction that is shown: a usual one at once, a large one from the background."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from viewer.cassette.edits import SetBodyText
from viewer.cassette.formats.base import Side
from viewer.document.document import CassetteDocument
from viewer.ui.main_window import MainWindow
from viewer.ui.settings import Settings
from viewer.ui.theme import AppTheme, ThemeChoice

LARGE = json.dumps([{"id": number, "name": "Olá"} for number in range(20_000)], ensure_ascii=False)
ENTRY = """\
- request: {{body: '', headers: {{}}, method: POST, uri: https://api.example.test/{0}}}
  response:
    body: {{string: '{1}'}}
    headers: {{content-type: [application/json]}}
    status: {{code: 200, message: OK}}
"""


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> MainWindow:
    """A window on a cassette of four, the second and third of which are large."""
    settings = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    window = MainWindow(settings, AppTheme(qapp, ThemeChoice.LIGHT))
    qtbot.addWidget(window, before_close_func=close_documents)
    bodies = ['{"a": 1}', LARGE, LARGE.replace("Olá", "Oi"), '{"d": 4}']
    path = tmp_path / "large.yaml"
    entries = "".join(ENTRY.format(number, body) for number, body in enumerate(bodies))
    path.write_text(f"interactions:\n{entries}version: 1\n")
    window.show()
    window.open_paths([path])
    qtbot.waitUntil(lambda: window.is_settled and window.interaction is not None)
    window.select_tab("response/body")
    return window


def close_documents(window: MainWindow) -> None:
    for document in list(window.workspace.documents):
        window.workspace.close(document)


def select(window: MainWindow, position: int) -> None:
    assert window.document is not None
    window.select(window.document, position)


def select_in(window: MainWindow, document: CassetteDocument, position: int) -> None:
    """Selects one that is large, so that the panes still show another."""
    window.select(document, position)
    assert not window.is_settled


def shown(window: MainWindow) -> str:
    return window.response_pane.body.panel.view.text()


def test_a_small_one_is_shown_when_it_is_selected(window: MainWindow) -> None:
    select(window, 3)
    assert window.is_settled
    assert shown(window) == '{\n  "d": 4\n}'


def test_a_large_one_arrives_with_all_that_is_shown_of_it(window: MainWindow, qtbot: QtBot) -> None:
    select(window, 1)
    assert not window.is_settled
    assert window.interaction is None
    assert not window.actions_by_name["copy_curl"].isEnabled()
    qtbot.waitUntil(lambda: window.is_settled)
    assert json.loads(shown(window)) == json.loads(LARGE)
    assert window.actions_by_name["copy_curl"].isEnabled()


def test_the_latest_selection_counts(window: MainWindow, qtbot: QtBot) -> None:
    select(window, 1)
    select(window, 2)
    select(window, 3)
    assert shown(window) == '{\n  "d": 4\n}'
    qtbot.wait(50)
    assert shown(window) == '{\n  "d": 4\n}'
    select(window, 1)
    select(window, 2)
    qtbot.waitUntil(lambda: window.is_settled)
    assert '"Oi"' in shown(window)


def test_who_is_kept_waiting_is_told_so(window: MainWindow, qtbot: QtBot) -> None:
    select(window, 1)
    window._reader.kept_waiting.emit()
    assert window.response_pane.tab_names() == []
    assert "Reading" in window.response_pane._note.text()
    qtbot.waitUntil(lambda: window.is_settled)
    assert not window.response_pane._note.isVisible()
    assert window.response_pane.tabs.current == "body"


def test_a_closed_document_is_not_waited_for(window: MainWindow, qtbot: QtBot) -> None:
    select(window, 1)
    close_documents(window)
    assert window.is_settled
    qtbot.wait(50)
    assert window.interaction is None
    assert window.welcome.isVisible()


def test_an_edited_large_body_stays_until_it_is_read_again(window: MainWindow, qtbot: QtBot) -> None:
    """A commit in 10 MB held the window for five seconds: it was parsed and read again at once."""
    select(window, 2)
    qtbot.waitUntil(lambda: window.is_settled)
    assert window.document is not None
    window.document.edit(SetBodyText(2, Side.RESPONSE, LARGE.replace("Olá", "Hi")))
    view = window.response_pane.body.panel.view
    assert not window.is_settled
    assert '"Oi"' in shown(window)
    view.begin_edit()
    assert not view.is_editing
    window._reader.kept_waiting.emit()
    assert '"Oi"' in shown(window)
    assert window.status._cancel.isVisible()
    qtbot.waitUntil(lambda: window.is_settled)
    assert '"Hi"' in shown(window)
    assert not window.status._cancel.isVisible()
    view.begin_edit()
    assert view.is_editing
    view.revert()
    window.undo()
    qtbot.waitUntil(lambda: window.is_settled)
    assert '"Oi"' in shown(window)


def test_reading_can_be_stopped(window: MainWindow, qtbot: QtBot) -> None:
    select(window, 1)
    window._reader.kept_waiting.emit()
    window.status.cancel_clicked.emit()
    assert window.is_settled
    assert "stopped" in window.response_pane._note.text()
    select(window, 2)
    qtbot.waitUntil(lambda: window.is_settled)
    assert '"Oi"' in shown(window)


def type_into(window: MainWindow, text: str) -> None:
    """Types over the name in the first item of a pretty body, and commits."""
    view = window.response_pane.body.panel.view
    at = view.text().index('"Oi"') + 1
    view.begin_edit()
    view.select(at, at + 2)
    view.insert_text(text)
    view.commit()


def test_what_is_typed_into_a_large_body_is_committed_in_the_background(
    window: MainWindow, qtbot: QtBot
) -> None:
    document = window.document
    assert document is not None
    select(window, 2)
    qtbot.waitUntil(lambda: window.is_settled)
    type_into(window, "Ho")
    assert document.is_editing
    assert document.is_modified
    assert not window.actions_by_name["delete"].isEnabled()
    qtbot.waitUntil(lambda: window.is_settled)
    assert shown(window).count('"Ho"') == 1
    recorded = document.interaction(2).response
    assert recorded is not None
    assert recorded.body.text == LARGE.replace("Olá", "Ho", 1).replace("Olá", "Oi")
    assert document.undo_stack.count() == 1
    assert window.actions_by_name["delete"].isEnabled()


def test_blanks_typed_into_a_large_body_are_no_change(window: MainWindow, qtbot: QtBot) -> None:
    select(window, 2)
    qtbot.waitUntil(lambda: window.is_settled)
    before = shown(window)
    view = window.response_pane.body.panel.view
    view.begin_edit()
    view.select(1, 1)
    view.insert_text("  ")
    view.commit()
    qtbot.waitUntil(lambda: window.is_settled)
    assert shown(window) == before
    assert window.document is not None
    assert not window.document.is_modified
    view.begin_edit()
    assert view.is_editing


def test_a_stopped_commit_is_typed_on(window: MainWindow, qtbot: QtBot) -> None:
    select(window, 2)
    qtbot.waitUntil(lambda: window.is_settled)
    type_into(window, "Ho")
    window.editor.kept_waiting.emit()
    assert window.status._cancel.isVisible()
    window.status.cancel_clicked.emit()
    view = window.response_pane.body.panel.view
    assert view.is_editing
    assert '"Ho"' in shown(window)
    assert not window.status._cancel.isVisible()
    view.revert()
    assert '"Ho"' not in shown(window)
    qtbot.wait(50)
    assert window.document is not None
    assert not window.document.is_modified


def test_saving_waits_for_what_is_being_committed(window: MainWindow, qtbot: QtBot) -> None:
    document = window.document
    assert document is not None
    assert document.path is not None
    select(window, 2)
    qtbot.waitUntil(lambda: window.is_settled)
    type_into(window, "Ho")
    assert window.files.save()
    assert '"Ho"' in document.path.read_text()
    assert not document.is_modified


def test_a_document_closed_while_it_is_edited_is_forgotten(window: MainWindow, qtbot: QtBot) -> None:
    select(window, 2)
    qtbot.waitUntil(lambda: window.is_settled)
    type_into(window, "Ho")
    close_documents(window)
    assert window.is_settled
    assert window.welcome.isVisible()
    qtbot.wait(50)
    assert window.is_settled


def test_one_that_does_not_parse_alone_says_so(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    entries = ENTRY.format(0, "{}") + ENTRY.format(1, LARGE).replace("method: POST", "method: a: b")
    path.write_text(f"interactions:\n{entries}version: 1\n")
    window.open_paths([path])
    qtbot.waitUntil(lambda: window.is_settled and len(window.workspace.documents) == 2)
    window.select(window.workspace.documents[1], 1)
    qtbot.waitUntil(lambda: window.is_settled and window.interaction is not None)
    assert "line" in window.request_pane._note.text()


def test_what_was_typed_belongs_to_the_cassette_it_was_typed_into(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(f"interactions:\n{ENTRY.format(0, '{}')}version: 1\n")
    window.workspace.open([other])
    first, second = window.workspace.documents
    select(window, 3)
    view = window.response_pane.body.panel.view
    view.begin_edit()
    view.select(len(view.text()), len(view.text()))
    view.type_text("\n")
    view.select(7, 8)
    view.type_text("5")
    window.select(second, 0)
    qtbot.waitUntil(lambda: window.is_settled)
    assert first.is_modified
    assert not second.is_modified


def test_what_was_typed_into_a_closed_cassette_is_gone(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(f"interactions:\n{ENTRY.format(0, '[1, 2]')}version: 1\n")
    window.workspace.open([other])
    first, second = window.workspace.documents
    window.select(second, 0)
    view = window.response_pane.body.panel.view
    view.begin_edit()
    view.select(4, 5)
    view.type_text("5")
    select_in(window, first, 1)
    window.workspace.close(second)
    qtbot.waitUntil(lambda: window.is_settled)
    assert not first.is_modified
    assert json.loads(shown(window)) == json.loads(LARGE)


def test_refused_text_does_not_go_to_another_cassette(window: MainWindow, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(f"interactions:\n{ENTRY.format(0, '[1, 2]')}version: 1\n")
    window.workspace.open([other])
    first, second = window.workspace.documents
    select(window, 3)
    window.select_tab("response/yaml")
    view = window.response_pane.yaml.panel.view
    view.begin_edit()
    view.type_text("{")
    window.select(second, 0)
    window.select_tab("response/body")
    assert not first.is_modified
    assert not second.is_modified
    assert shown(window) == "[\n  1,\n  2\n]"
