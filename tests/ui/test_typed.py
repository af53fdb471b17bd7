"""What is typed and not committed yet is not lost: by saving, closing, or another program's change of the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from tests.cassette.samples import GO_VCR_V2
from viewer.document import document as document_module
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
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path, two: Path) -> MainWindow:
    settings = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    window = MainWindow(settings, AppTheme(qapp, ThemeChoice.LIGHT))
    qtbot.addWidget(window, before_close_func=close_documents)
    window.show()
    window.open_paths([two])
    assert window.document is not None
    window.select(window.document, 1)
    return window


def close_documents(window: MainWindow) -> None:
    for document in list(window.workspace.documents):
        window.workspace.close(document)


def type_url(window: MainWindow) -> None:
    field = window.request_pane.url
    field.begin_edit("https://0typed0/")


def type_body(window: MainWindow) -> None:
    assert window.select_tab("response/body")
    view = window.response_pane.body.panel.view
    view.begin_edit()
    view.select(0, 0)
    view.type_text("https://0typed0/")


def type_yaml(window: MainWindow) -> None:
    assert window.select_tab("request/yaml")
    view = window.request_pane.yaml.panel.view
    view.begin_edit()
    at = view.text().index("https://") + len("https://")
    view.select(at, at)
    view.type_text("typed/https://0typed0/")


def type_header(window: MainWindow) -> None:
    assert window.document is not None
    window.select(window.document, 0)
    assert window.select_tab("request/headers")
    table = window.request_pane.headers.table
    table.setCurrentIndex(window.request_pane.headers.model.index(0, 1))
    table.edit(table.currentIndex())
    editor = table.indexWidget(table.currentIndex())
    assert isinstance(editor, QLineEdit)
    editor.setText("https://0typed0/")


def type_new_header(window: MainWindow) -> None:
    assert window.select_tab("request/headers")
    window.request_pane.headers.add()
    table = window.request_pane.headers.table
    editor = table.indexWidget(table.currentIndex())
    assert isinstance(editor, QLineEdit)
    editor.setText("X-0typed0")


TYPING = [type_url, type_body, type_yaml, type_header, type_new_header]
typing = pytest.mark.parametrize("type_into", TYPING)


@typing
def test_closing_asks(
    window: MainWindow, two: Path, monkeypatch: pytest.MonkeyPatch, type_into: Callable[[MainWindow], None]
) -> None:
    type_into(window)
    monkeypatch.setattr(QMessageBox, "warning", lambda *_: QMessageBox.StandardButton.Save)
    event = QCloseEvent()
    window.closeEvent(event)
    assert event.isAccepted()
    assert "0typed0" in two.read_text()


@typing
def test_a_change_of_the_file_is_asked_about(
    window: MainWindow, two: Path, qtbot: QtBot, type_into: Callable[[MainWindow], None]
) -> None:
    """The file was reloaded, and what was typed into it was gone."""
    type_into(window)
    two.write_text(GO_VCR_V2.replace("404", "410"))
    qtbot.waitUntil(lambda: "changed by another program" in window.notice.text)
    assert window.document is not None
    assert b"0typed0" in window.document.cassette.to_bytes()


@pytest.mark.parametrize("type_into", [type_url, type_body, type_yaml])
def test_the_save_key_saves_it(
    window: MainWindow, two: Path, qtbot: QtBot, type_into: Callable[[MainWindow], None]
) -> None:
    """Save was not enabled as long as nothing was committed."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    assert not window.actions_by_name["save"].isEnabled()
    type_into(window)
    focused = window.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert "0typed0" in two.read_text()
    assert not window.isWindowModified()


@typing
def test_saving_elsewhere_saves_it(
    window: MainWindow, two: Path, monkeypatch: pytest.MonkeyPatch, type_into: Callable[[MainWindow], None]
) -> None:
    type_into(window)
    other = two.with_name("other.yaml")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(other), ""))
    window.actions_by_name["save_as"].trigger()
    assert "0typed0" in other.read_text()
    assert two.read_text() == GO_VCR_V2


@pytest.fixture
def other(tmp_path: Path) -> Path:
    path = tmp_path / "beside.yaml"
    path.write_text(GO_VCR_V2.replace("https://", "https://beside."))
    return path


@pytest.fixture
def documents(window: MainWindow, other: Path) -> tuple[CassetteDocument, CassetteDocument]:
    """The window's cassette, and another one, which is shown."""
    document = window.document
    window.open_paths([other])
    beside = window.document
    assert document is not None
    assert beside is not None
    return document, beside


@pytest.mark.parametrize("in_background", [False, True])
@typing
def test_showing_another_interaction_makes_the_edit_in_the_one_left(
    window: MainWindow,
    documents: tuple[CassetteDocument, CassetteDocument],
    other: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    type_into: Callable[[MainWindow], None],
    in_background: bool,
) -> None:
    document, beside = documents
    window.select(document, 1)
    if in_background:
        monkeypatch.setattr(document_module, "_EDITED_AT_ONCE", -1)
    type_into(window)
    for position in (0, 1, 0):
        window.select(beside, position)
        qtbot.waitUntil(lambda: not window.editor.is_busy)
    assert b"0typed0" in document.cassette.to_bytes()
    assert beside.cassette.to_bytes() == other.read_bytes()


@pytest.mark.parametrize("in_background", [False, True])
def test_what_is_refused_is_not_asked_of_the_interaction_shown_next(
    window: MainWindow,
    documents: tuple[CassetteDocument, CassetteDocument],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    in_background: bool,
) -> None:
    """A refusal that came later put the text back, hidden, where the next cassette's was, and that was given it."""
    document, beside = documents
    window.select(document, 0)
    assert window.select_tab("request/yaml")
    view = window.request_pane.yaml.panel.view
    if in_background:
        monkeypatch.setattr(document_module, "_EDITED_AT_ONCE", -1)
    view.begin_edit()
    view.select(0, 0)
    view.type_text("]")
    window.select(beside, 0)
    assert window.select_tab("request/headers")
    qtbot.waitUntil(lambda: not window.editor.is_busy)
    assert not view.is_editing
    assert "interaction 0 of two.yaml was not taken" in window.notice.text
    copy, hide = window.notice.findChildren(QPushButton)
    copy.click()
    assert QApplication.clipboard().text().startswith("]")
    hide.click()
    assert window.notice.text == ""
    for position in (1, 0):
        window.select(beside, position)
        qtbot.waitUntil(lambda: not window.editor.is_busy)
    assert not beside.is_modified
    assert not document.is_modified


def test_an_emptied_cassette_gets_nothing_that_was_typed(window: MainWindow, tmp_path: Path) -> None:
    empty = tmp_path / "empty.yaml"
    empty.write_text("version: 2\ninteractions: []\n")
    document = window.document
    assert document is not None
    window.open_paths([empty])
    window.select(document, 1)
    type_yaml(window)
    window.open_paths([empty])
    assert window.document is not document
    assert b"0typed0" in document.cassette.to_bytes()


@pytest.mark.parametrize("tab", ["body", "yaml"])
def test_a_text_that_shows_another_interaction_still_takes_no_edit(window: MainWindow, tab: str) -> None:
    """It is hidden, but a key may reach it; the edit was made of what is shown now."""
    document, pane = window.document, window.request_pane
    assert document is not None
    window.select(document, 0)
    pane.select_tab(tab)
    view = (pane.body if tab == "body" else pane.yaml).panel.view
    pane.select_tab("headers")
    window.select(document, 1)
    view.begin_edit()
    assert not view.is_editing
    window.select(document, 0)
    pane.select_tab(tab)
    view.begin_edit()
    assert view.is_editing


def test_headers_that_show_another_interaction_still_take_no_edit(window: MainWindow) -> None:
    document, pane = window.document, window.request_pane
    assert document is not None
    window.select(document, 0)
    pane.select_tab("headers")
    model = pane.headers.model
    pane.select_tab("yaml")
    window.select(document, 1)
    assert not model.setData(model.index(0, 1), "typed")
    assert not document.is_modified
    window.select(document, 0)
    pane.select_tab("headers")
    assert model.setData(model.index(0, 1), "typed")
    assert document.is_modified
