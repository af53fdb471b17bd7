"""The main window, through what a person sees and does."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import pytest
import yaml
from PySide6.QtCore import QMimeData, QPoint, QSettings, Qt, QUrl
from PySide6.QtGui import QCloseEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from tests.cassette.samples import GO_VCR_V2
from viewer.cassette import source
from viewer.cassette.cassette import Cassette
from viewer.cassette.edits import SetBodyText, SetEntryText, SetUrl
from viewer.cassette.formats.base import Side
from viewer.checks.problem import Problem, Severity
from viewer.document.lines import Place
from viewer.resources import resource
from viewer.ui import error_page
from viewer.ui.compare.recording import Excerpt
from viewer.ui.main_window import MainWindow
from viewer.ui.settings import Settings
from viewer.ui.theme import AppTheme, ThemeChoice, interface_font


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, settings: Settings) -> MainWindow:
    theme = AppTheme(qapp, ThemeChoice.LIGHT)
    window = MainWindow(settings, theme)
    qtbot.addWidget(window, before_close_func=close_documents)
    window.resize(1280, 800)
    window.show()
    return window


def close_documents(window: MainWindow) -> None:
    """Gives unsaved edits up, so that closing the window asks nothing."""
    for document in list(window.workspace.documents):
        window.workspace.close(document)


@pytest.fixture
def example(tmp_path: Path) -> Path:
    path = tmp_path / "example.yaml"
    shutil.copyfile(resource("examples/say-hi-in-portuguese.yaml"), path)
    return path


@pytest.fixture
def two(tmp_path: Path) -> Path:
    path = tmp_path / "two.yaml"
    path.write_text(GO_VCR_V2)
    return path


def status_text(window: MainWindow) -> str:
    return window.status.findChildren(type(window.status._file))[0].text()


def test_the_empty_window_says_how_to_open(window: MainWindow, example: Path) -> None:
    assert window.welcome.isVisible()
    assert not window.actions_by_name["save"].isEnabled()
    window.welcome.example_requested.emit()
    assert window.document is not None
    assert not window.welcome.isVisible()


def test_a_cassette_is_shown_when_it_is_opened(window: MainWindow, example: Path) -> None:
    window.open_paths([example])
    assert window.windowTitle().startswith("example.yaml")
    assert "go-vcr v2 · 1 interaction · 3.4 kB" in status_text(window)
    assert window.reading is not None
    assert window.reading.transcript.text == "Olá!"
    assert window.request_pane.tab_names() == ["conversation", "body", "headers", "yaml"]
    assert window.response_pane.tab_names() == ["transcript", "events", "body", "headers", "yaml"]


def titles(window: MainWindow) -> list[list[str]]:
    return [[pane.tabs.bar.tabText(at) for at in range(pane.tabs.bar.count())] for pane in window.panes]


def test_the_tab_of_an_entrys_own_text_is_named_as_its_file_is_written(
    window: MainWindow, example: Path, tmp_path: Path
) -> None:
    """The entry of a file of JSON stood below "YAML"."""
    loaded = yaml.safe_load(example.read_text(encoding="utf-8"))
    in_json = tmp_path / "example.json"
    in_json.write_text(json.dumps(loaded), encoding="utf-8")
    window.open_paths([in_json])
    assert [tabs[-1] for tabs in titles(window)] == ["JSON", "JSON"]
    window.open_paths([example])
    assert [tabs[-1] for tabs in titles(window)] == ["YAML", "YAML"]
    wire = tmp_path / "example.httprr"
    asked, answered = b"GET http://x/ HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\nhi"
    wire.write_bytes(b"httprr trace v1\n%d %d\n%s%s" % (len(asked), len(answered), asked, answered))
    window.open_paths([wire])
    assert [tabs[-1] for tabs in titles(window)] == ["Text", "Text"]


def test_the_first_of_several_files_is_shown(window: MainWindow, example: Path, two: Path) -> None:
    window.open_paths([two, example])
    assert window.document is not None
    assert window.document.path == two
    assert len(window.workspace.documents) == 2
    window.open_paths([example])
    assert window.document.path == example
    assert len(window.workspace.documents) == 2


def test_a_folder_opens_its_cassettes_and_nothing_else(window: MainWindow, example: Path, two: Path) -> None:
    (two.parent / "other.yaml").write_text("a: 1\n")
    window.open_paths([two.parent])
    assert {document.path for document in window.workspace.documents} == {example, two}
    assert window.error_page is None


def test_a_large_folder_fills_the_list_while_the_window_is_there(
    window: MainWindow, qtbot: QtBot, settings: Settings, tmp_path: Path
) -> None:
    """All cassettes of a folder were read before the window was shown, and all but ten names left the recent files."""
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number:02}.yaml").write_text(GO_VCR_V2)
    window.open_paths([folder])
    assert window.document is not None
    assert window.document.path == folder / "00.yaml"
    assert 0 < len(window.workspace.documents) < 60
    assert not window.is_settled
    with qtbot.waitSignal(window.workspace.rested):
        assert window.status._cancel.isHidden()
    assert len(window.workspace.documents) == 60
    assert window.status._cancel.isHidden()
    assert settings.recent == [folder]


def test_opening_a_folder_can_be_cancelled(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.document.opening_queue._TURN", 0.0)
    for number in range(40):
        (tmp_path / f"{number:02}.yaml").write_text(GO_VCR_V2)
    with qtbot.waitSignal(window.workspace.progressed):
        window.open_paths([tmp_path])
    assert window.status._cancel.isVisible()
    window.status._cancel.click()
    assert not window.workspace.is_opening
    assert not window.status._cancel.isVisible()
    opened = len(window.workspace.documents)
    qtbot.wait(50)
    assert len(window.workspace.documents) == opened < 40


def test_an_edit_is_undone_redone_and_saved(window: MainWindow, example: Path) -> None:
    window.open_paths([example])
    old = example.read_bytes()
    body = window.interaction.response.body.text or ""  # type: ignore[union-attr]
    window.response_pane.edit_requested.emit(SetBodyText(0, Side.RESPONSE, body.replace('"Ol"', '"Oi"')))
    assert window.reading is not None
    assert window.reading.transcript.text == "Oiá!"
    assert window.isWindowModified()
    assert "edited" in status_text(window)
    window.actions_by_name["undo"].trigger()
    assert not window.isWindowModified()
    window.actions_by_name["redo"].trigger()
    window.actions_by_name["save"].trigger()
    assert not window.isWindowModified()
    assert example.read_bytes() == old.replace(b'"content":"Ol"', b'"content":"Oi"')


def test_an_edit_that_cannot_be_made_is_told_and_changes_nothing(window: MainWindow, two: Path) -> None:
    window.open_paths([two])
    text = window.document.cassette.entry_text(0)  # type: ignore[union-attr]
    window.select_tab("request/yaml")
    window.request_pane.edit_requested.emit(SetEntryText(0, text.replace("method: POST", "method: a: b")))
    assert window.document is not None
    assert not window.document.is_modified


def test_interactions_are_deleted_duplicated_and_moved(window: MainWindow, two: Path) -> None:
    window.open_paths([two])
    window.actions_by_name["duplicate"].trigger()
    assert window.document is not None
    assert len(window.document) == 3
    window.select(window.document, 2)
    window.actions_by_name["move_up"].trigger()
    assert window.position == 1
    window.actions_by_name["delete"].trigger()
    assert len(window.document) == 2
    window.actions_by_name["save"].trigger()
    interactions = yaml.safe_load(two.read_text())["interactions"]
    assert [interaction["id"] for interaction in interactions] == [0, 1]
    for _ in range(3):
        window.actions_by_name["undo"].trigger()
    assert window.document.cassette.to_bytes().decode() == GO_VCR_V2


@pytest.fixture
def five(tmp_path: Path) -> Path:
    path = tmp_path / "five.yaml"
    entry = "    - id: {0}\n      request:\n        url: http://e.test/{0}\n        method: GET\n"
    path.write_text(f"---\nversion: 2\ninteractions:\n{''.join(map(entry.format, range(5)))}")
    return path


def select(window: MainWindow, *positions: int | None) -> None:
    assert window.document is not None
    places = [Place(window.document, position) for position in positions]
    window.tree.view.select_only(places, places[-1])


def urls(window: MainWindow) -> str:
    """The last letters of the URLs."""
    assert window.document is not None
    found = [window.document.interaction(position).request for position in range(len(window.document))]
    return "".join(request.url[-1] for request in found if request)


def selected(window: MainWindow) -> list[int | None]:
    return [place.position for place in window.tree.selected()]


@pytest.mark.parametrize(
    ("chosen", "action", "order", "then"),
    [
        ((1, 3), "delete", "024", [1]),
        ((0, 2), "duplicate", "0120234", [3, 4]),
        ((1, 2), "move_up", "12034", [0, 1]),
        ((0, 3), "move_down", "10243", [1, 4]),
        ((0, 3), "move_up", "01234", [0, 3]),
        ((1, 4), "move_down", "01234", [1, 4]),
    ],
)
def test_several_are_changed_as_one_step(
    window: MainWindow, five: Path, chosen: tuple[int, ...], action: str, order: str, then: list[int]
) -> None:
    """Duplicate and Move took the one with the cursor, whatever else was selected."""
    window.open_paths([five])
    assert window.document is not None
    select(window, *chosen)
    window.actions_by_name[action].trigger()
    assert urls(window) == order
    assert selected(window) == then
    window.actions_by_name["undo"].trigger()
    assert urls(window) == "01234"


def test_nothing_is_deleted_while_a_cassette_is_selected(window: MainWindow, five: Path) -> None:
    """The interaction that was looked at last went."""
    window.open_paths([five])
    select(window, None)
    window.actions_by_name["delete"].trigger()
    assert urls(window) == "01234"


def test_several_are_copied(window: MainWindow, five: Path, qtbot: QtBot) -> None:
    """Only the one with the cursor was."""
    window.open_paths([five])
    select(window, 1, 3)
    clipboard = QGuiApplication.clipboard()
    for action, expected in (
        ("copy_curl", "curl -X GET http://e.test/1\n\ncurl -X GET http://e.test/3"),
        ("copy_json", '"position": 3'),
    ):
        window.actions_by_name[action].trigger()
        qtbot.waitUntil(lambda expected=expected: expected in clipboard.text())  # type: ignore[misc]
    assert [item["position"] for item in yaml.safe_load(clipboard.text())] == [1, 3]


def test_two_selected_are_compared(window: MainWindow, five: Path, two: Path) -> None:
    asked: list[tuple[Excerpt | Cassette, ...]] = []
    window.compare_requested.connect(lambda *sides: asked.append(sides))
    window.open_paths([five, two])
    action = window.actions_by_name["compare_selected"]
    assert not action.isEnabled()
    select(window, 1, 3)
    assert action.isEnabled()
    action.trigger()
    assert [side.position for side in asked[0] if isinstance(side, Excerpt)] == [1, 3]
    select(window, 1, 2, 3)
    assert not action.isEnabled()
    first, second = window.workspace.documents
    window.tree.view.select_only([Place(first), Place(second)], Place(first))
    action.trigger()
    assert asked[1] == (first.cassette, second.cassette)


def test_editing_begins_where_the_cursor_is(window: MainWindow, five: Path) -> None:
    window.open_paths([five])
    edit = window.actions_by_name["edit"]
    for field in (window.request_pane.url, window.request_pane.method):
        field.setFocus()
        edit.trigger()
        assert field.is_editing
        edit.trigger()
        assert field.is_editing
        field.revert()
    window.request_pane.select_tab("yaml")
    window.request_pane.yaml.setFocus()
    edit.trigger()
    assert window.request_pane.yaml.panel.view.is_editing
    window.request_pane.yaml.panel.view.revert()


def test_editing_begins_with_the_body_from_the_list(window: MainWindow, example: Path) -> None:
    window.open_paths([example])
    window.tree.view.setFocus()
    QTest.keyClick(window.tree.view, Qt.Key.Key_F2)
    assert window.response_pane.tabs.current == "body"
    assert window.response_pane.body.panel.view.is_editing
    window.response_pane.body.panel.view.revert()


def test_enter_in_the_list_leads_to_the_answer(window: MainWindow, example: Path) -> None:
    """It did nothing."""
    window.open_paths([example])
    window.tree.view.setFocus()
    QTest.keyClick(window.tree.view, Qt.Key.Key_Return)
    assert window.response_pane.transcript.isAncestorOf(window.focusWidget())


def test_delete_in_the_list_deletes(window: MainWindow, five: Path) -> None:
    window.open_paths([five])
    select(window, 0, 1)
    QTest.keyClick(window.tree.view, Qt.Key.Key_Delete)
    assert urls(window) == "234"


def test_lines_are_wrapped_where_the_cursor_is(window: MainWindow, example: Path) -> None:
    """The menu said that lines do not wrap while they did."""
    window.open_paths([example])
    action = window.actions_by_name["wrap"]
    request, response = window.panes
    response.select_tab("body")
    request.select_tab("yaml")
    window.view_menu.aboutToShow.emit()
    assert action.isChecked()
    action.trigger()
    assert not action.isChecked()
    assert not response.body.panel.view.wraps
    assert not request.body.panel.view.wraps
    request.yaml.setFocus()
    window.view_menu.aboutToShow.emit()
    assert not action.isChecked()
    action.trigger()
    assert request.yaml.panel.view.wraps
    assert response.yaml.panel.view.wraps
    assert not response.body.panel.view.wraps


def test_the_text_with_the_cursor_is_folded(window: MainWindow, example: Path) -> None:
    """Blocks could be folded by the mouse alone, and one at a time."""
    window.open_paths([example])
    request, response = window.panes
    response.select_tab("yaml")
    request.select_tab("yaml")
    actions, folds = window.actions_by_name, response.yaml.panel.view.page.folds
    actions["fold_level_2"].trigger()
    assert folds
    assert not request.yaml.panel.view.page.folds
    request.yaml.setFocus()
    actions["fold_level_1"].trigger()
    assert request.yaml.panel.view.page.folds
    actions["unfold_all"].trigger()
    assert folds
    assert not request.yaml.panel.view.page.folds
    actions["fold_block"].trigger()
    assert request.yaml.panel.view.page.folds
    actions["unfold_block"].trigger()
    assert not request.yaml.panel.view.page.folds


def test_long_sentences_do_not_widen_the_window(window: MainWindow, example: Path) -> None:
    """A problem's message, or a path in a notice, made it wider than the screen."""
    window.open_paths([example])
    window.resize(900, 600)
    window.status.show_problems([Problem("too large " * 60, Severity.WARNING)])
    window.notice.say(
        "folder/" * 100 + " could not be opened",
        answers=(("Hide", window.notice.clear), ("name" * 60, window.notice.clear)),
    )
    QApplication.processEvents()
    assert window.width() == 900
    assert window.minimumSizeHint().width() < 700
    assert window.status._problem.geometry().right() <= window.status.width()


def text_sizes(window: MainWindow) -> set[float]:
    """How much larger than usual the text of each page is."""
    window.response_pane.select_tab("events")
    window.response_pane.select_tab("body")
    bodies = [pane.body.panel.view for pane in window.panes] + [window.response_pane.events.detail.view]
    pages = [window.request_pane.conversation.page, window.response_pane.transcript.page]
    usual = interface_font().pointSizeF()
    shown = [page.document().lastBlock().charFormat().fontPointSize() - usual for page in pages]
    return {*shown, *(view._zoom for view in bodies)}


def test_all_texts_are_made_larger(window: MainWindow, example: Path, settings: Settings) -> None:
    """The transcript and the conversation stayed as they were, and a body with the cursor in it went alone."""
    window.open_paths([example])
    window.actions_by_name["zoom_in"].trigger()
    assert text_sizes(window) == {1}
    view = window.response_pane.body.panel.view
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert text_sizes(window) == {2}
    assert settings.zoom == 2
    page = window.response_pane.transcript.page
    page.zoomed.emit(page.zoom - 1)
    assert text_sizes(window) == {1}
    window.actions_by_name["zoom_reset"].trigger()
    assert text_sizes(window) == {0}


def test_what_is_no_http_has_one_pane(window: MainWindow, tmp_path: Path, five: Path) -> None:
    """The same text stood in both."""
    path = tmp_path / "socket.yaml"
    path.write_text("interactions:\n- kind: message\n  direction: sent\n  data: {}\nversion: 1\n")
    window.open_paths([five])
    assert window.response_pane.isVisible()
    window.open_paths([path])
    assert not window.response_pane.isVisible()
    assert window.request_pane.tabs.current == "yaml"
    window.open_paths([five])
    assert window.response_pane.isVisible()


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "empty"), ("a: 1\n", "no cassette"), ("interactions: [\n", "Line")],
)
def test_what_cannot_be_opened_is_explained_and_shown_as_text(
    window: MainWindow, tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(text)
    window.open_paths([path])
    assert window.error_page is not None
    assert window.error_page.isVisible()
    assert said in window.error_page._message.text()
    assert window.error_page._text.text() == text
    # Nothing is open, so there is nothing to list; the text has all the room.
    assert not window.tree.isVisible()
    if text:
        assert window.error_page._text.geometry().bottom() == window.error_page.rect().bottom()
    marks = bool(window.error_page._text._line_marks)
    assert marks == (said == "Line")
    assert path.read_text() == text


def test_the_front_of_what_swells_too_much_is_shown(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was decompressed again in the window's thread, for 1.3 seconds, and then not shown."""
    monkeypatch.setattr(source, "MAX_INFLATED", 1000)
    monkeypatch.setattr(error_page, "_MOST", 100)
    path = tmp_path / "bomb.yaml.gz"
    path.write_bytes(gzip.compress(b"a: 1\n" * 1000))
    window.open_paths([path])
    assert window.error_page is not None
    assert "inflates" in window.error_page._message.text()
    assert window.error_page._text.text() == "a: 1\n" * 20


def test_a_missing_file_is_explained(window: MainWindow, tmp_path: Path) -> None:
    window.open_paths([tmp_path / "missing.yaml"])
    assert window.error_page is not None
    assert "no such file" in window.error_page._message.text()


def test_a_broken_entry_leaves_the_rest_usable(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "half.yaml"
    path.write_text(GO_VCR_V2.replace("        method: POST", "        method: a: b"))
    window.open_paths([path])
    assert window.document is not None
    assert "mapping values are not allowed" in window.interaction.note  # type: ignore[union-attr]
    window.select(window.document, 1)
    assert window.interaction is not None
    assert window.interaction.request is not None


def test_closing_with_unsaved_changes_asks(
    window: MainWindow, two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.open_paths([two])
    window.edit(SetUrl(0, "http://changed/"))
    answers = [QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Save]
    monkeypatch.setattr(QMessageBox, "warning", lambda *_: answers.pop(0))
    event = QCloseEvent()
    window.closeEvent(event)
    assert not event.isAccepted()
    assert "http://changed/" not in two.read_text()
    window.closeEvent(event := QCloseEvent())
    assert event.isAccepted()
    assert "http://changed/" in two.read_text()


def test_a_file_changed_outside_is_reloaded_or_asked_about(
    window: MainWindow, qtbot: QtBot, two: Path
) -> None:
    window.open_paths([two])
    assert window.document is not None
    window.select(window.document, 1)
    two.write_text(GO_VCR_V2.replace("404", "410"))
    qtbot.waitUntil(lambda: window.interaction.response.status == 410, timeout=5000)  # type: ignore[union-attr]
    assert window.position == 1
    window.edit(SetUrl(1, "http://mine/"))
    two.write_text(GO_VCR_V2.replace("404", "411"))
    qtbot.waitUntil(window.notice.isVisible, timeout=5000)
    assert "changed by another program" in window.notice.text
    assert window.document.is_modified


def test_saving_over_another_programs_work_asks(
    window: MainWindow, two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.open_paths([two])
    window.edit(SetUrl(0, "http://mine/"))
    two.write_text("theirs: 1\n")
    monkeypatch.setattr(QMessageBox, "exec", lambda self: 0)
    assert not window.files.save()
    assert two.read_text() == "theirs: 1\n"


def test_a_wrong_guess_of_the_format_is_corrected(window: MainWindow, two: Path) -> None:
    window.open_paths([two])
    window.format_menu.aboutToShow.emit()
    choices = {action.text(): action for action in window.format_menu.actions()}
    assert choices["go-vcr v2"].isChecked()
    choices["go-vcr v1"].trigger()
    assert window.document is not None
    assert window.document.cassette.format.name == "go-vcr v1"
    assert window.document.cassette.to_bytes().decode() == GO_VCR_V2


def test_a_dropped_file_is_opened(window: MainWindow, two: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(two))])
    event = QDropEvent(
        QPoint(10, 10).toPointF(),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)
    assert window.document is not None


def test_the_theme_changes_live(window: MainWindow, qtbot: QtBot, example: Path) -> None:
    window.open_paths([example])
    light = window.palette().window().color().name()
    window.actions_by_name["theme_dark"].trigger()
    qtbot.waitUntil(lambda: window.palette().window().color().name() != light)
    window.actions_by_name["theme_light"].trigger()
    qtbot.waitUntil(lambda: window.palette().window().color().name() == light)


def test_copies_for_other_programs(window: MainWindow, example: Path) -> None:
    window.open_paths([example])
    clipboard = QGuiApplication.clipboard()
    window.actions_by_name["copy_answer"].trigger()
    assert clipboard.text() == "Olá!"
    window.actions_by_name["copy_curl"].trigger()
    assert clipboard.text().startswith("curl -X POST https://openrouter.ai/api/v1/chat/completions")
    window.actions_by_name["copy_markdown"].trigger()
    assert "## user\n\nSay hi in Portuguese" in clipboard.text()


def test_problems_are_found_shown_and_fixed(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(GO_VCR_V2.replace("content_length: 7", "content_length: 9"))
    window.open_paths([path])
    with qtbot.waitSignal(window.problems.found, check_params_cb=bool):
        pass
    assert "content_length of request 0 is 2 too large" in window.status._problem.text()
    window.problems.panel._list.setCurrentRow(0)
    window.problems.panel._fix.click()
    assert window.document is not None
    assert window.document.cassette.to_bytes().decode() == GO_VCR_V2


def test_the_place_in_a_file_and_recent_files_are_remembered(
    window: MainWindow, settings: Settings, two: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    window.open_paths([two])
    assert window.document is not None
    window.select(window.document, 1)
    other = MainWindow(settings, AppTheme(qapp, ThemeChoice.LIGHT))
    qtbot.addWidget(other, before_close_func=close_documents)
    other.open_paths([two])
    assert other.position == 1
    assert settings.recent == [two]


def test_selecting_writes_nothing(window: MainWindow, five: Path, settings: Settings, tmp_path: Path) -> None:
    """Each row that was passed had the settings written, and waited for the disk twice."""
    window.open_paths([five])
    assert window.document is not None
    settings._store.sync()
    kept = (tmp_path / "settings.ini").read_bytes()
    for position in (1, 2, 3):
        window.select(window.document, position)
        settings._store.sync()
    assert (tmp_path / "settings.ini").read_bytes() == kept
    assert settings.place(five) == 3
    window.workspace.close(window.document)
    settings._store.sync()
    assert f"3 {five}" in (tmp_path / "settings.ini").read_text()


def test_the_window_closes_documents_one_by_one(window: MainWindow, two: Path, example: Path) -> None:
    window.open_paths([two, example])
    window.actions_by_name["close"].trigger()
    assert [document.path for document in window.workspace.documents] == [example]
    window.open_paths([example])
    window.actions_by_name["close"].trigger()
    assert window.welcome.isVisible()


def test_a_cassette_without_interactions_says_so(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "empty.yaml"
    path.write_text("version: 2\ninteractions: []\n")
    window.open_paths([path])
    assert window._nothing.isVisible()
    assert "0 interactions" in status_text(window)


def test_space_plays_from_the_list_too(window: MainWindow, example: Path) -> None:
    window.open_paths([example])
    window.tree.view.setFocus()
    QTest.keyClick(window.tree.view, Qt.Key.Key_Space)
    assert window.response_pane.player.is_playing
    QTest.keyClick(window.tree.view, Qt.Key.Key_Space)
    assert not window.response_pane.player.is_playing


# --- files that cannot be opened beside others


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.yaml"
    path.write_text("version: 2\ninteractions: [\n")
    return path


@pytest.mark.parametrize("broken_first", [True, False])
def test_a_broken_file_beside_a_good_one_is_told_in_a_notice(
    window: MainWindow, two: Path, broken: Path, broken_first: bool
) -> None:
    """Its error took the page, while the list had the good one's interaction selected."""
    window.open_paths([broken, two] if broken_first else [two, broken])
    assert window.request_pane.isVisible()
    assert window.notice.text.startswith("broken.yaml could not be opened: line ")
    button = next(
        button for button in window.notice.findChildren(QPushButton) if button.text() == "broken.yaml"
    )
    button.click()
    assert window.error_page is not None
    assert window.error_page.isVisible()
    window.open_paths([two])
    assert window.notice.text == ""
    assert window.request_pane.isVisible()


def test_broken_files_of_a_folder_are_counted(window: MainWindow, two: Path, broken: Path) -> None:
    (broken.parent / "empty.yaml").write_text("")
    window.open_paths([two.parent])
    assert window.document is not None
    assert window.notice.text == "2 files could not be opened."


def test_a_broken_file_alone_takes_the_page(window: MainWindow, two: Path, broken: Path) -> None:
    window.open_paths([two])
    window.open_paths([broken])
    assert window.notice.text == ""
    assert window.error_page is not None
    assert window.error_page.isVisible()


def test_a_file_that_breaks_later_leaves_what_was_read(window: MainWindow, two: Path) -> None:
    window.open_paths([two])
    assert window.document is not None
    two.write_text("version: 2\ninteractions: [\n")
    window.workspace.reload(window.document)
    assert window.request_pane.isVisible()
    assert "two.yaml" in window.notice.text
