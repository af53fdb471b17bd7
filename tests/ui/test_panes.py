"""The two panes as a person uses them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from functools import partial
from typing import TypeVar

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPalette, QRegion
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLineEdit, QStyleOptionViewItem, QTableView, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.pictures import png
from tests.ui.samples import ASKED, TOOL_CALL, answer_in, interaction_of, reading_of
from viewer.cassette.body import Body
from viewer.cassette.edits import (
    AddHeader,
    RemoveHeader,
    SetEntryText,
    SetHeader,
    SetMethod,
    SetStatus,
    SetUrl,
)
from viewer.cassette.formats.base import Side
from viewer.cassette.headers import Headers
from viewer.cassette.model import Interaction, Kind
from viewer.stream import read
from viewer.ui.code_view import LineMark
from viewer.ui.grid import steps
from viewer.ui.headers_table import CellEditor
from viewer.ui.message_pane import MessagePane
from viewer.ui.request_pane import RequestPane
from viewer.ui.response_pane import ResponsePane
from viewer.ui.theme import load_theme

ANSWER = answer_in(["alpha ", "beta ", "gamma"], reasoning=["hm"])
Pane = TypeVar("Pane", bound=QWidget)
ENTRY = "- id: 0\n  request: {}\n"


@pytest.fixture
def request_pane(qtbot: QtBot) -> Iterator[RequestPane]:
    pane = RequestPane(load_theme("light"))
    yield from shown(qtbot, pane)


@pytest.fixture
def response_pane(qtbot: QtBot) -> Iterator[ResponsePane]:
    pane = ResponsePane(load_theme("light"))
    yield from shown(qtbot, pane)
    pane.player.pause()


def shown(qtbot: QtBot, pane: Pane) -> Iterator[Pane]:
    qtbot.addWidget(pane)
    pane.resize(480, 600)
    pane.show()
    qtbot.waitExposed(pane)
    yield pane


def show(
    pane: MessagePane, interaction: Interaction | None = None, *, read_only: bool = False
) -> list[object]:
    """Shows an interaction; the edits asked for are gathered."""
    edits: list[object] = []
    pane.edit_requested.connect(edits.append)
    interaction = interaction or interaction_of(ANSWER)
    pane.show_interaction(interaction, reading_of(interaction), ENTRY, read_only=read_only)
    return edits


def editor_in(widget: QWidget) -> QLineEdit:
    """The line that is typed into."""
    editor = widget.findChild(QLineEdit)
    assert editor is not None
    return editor


# --- tabs


def test_tabs_are_there_where_they_have_something_to_say(
    request_pane: RequestPane, response_pane: ResponsePane
) -> None:
    for pane in (request_pane, response_pane):
        show(pane)
    assert request_pane.tab_names() == ["conversation", "body", "headers", "yaml"]
    assert response_pane.tab_names() == ["transcript", "events", "body", "headers", "yaml"]
    plain = interaction_of("<html>", asked=None, content_type="text/html", url="https://e.test/a?q=1&r=%20x")
    for pane in (request_pane, response_pane):
        show(pane, plain)
    assert request_pane.tab_names() == ["body", "query", "headers", "yaml"]
    assert response_pane.tab_names() == ["body", "headers", "yaml"]


def test_an_error_is_told_once(response_pane: ResponsePane) -> None:
    """It stood in a transcript too, which had nothing else."""
    error = '{"error":{"message":"Rate limit exceeded","code":429}}'
    show(response_pane, interaction_of(error, content_type="application/json", status=429))
    assert response_pane.tab_names() == ["answer", "body", "headers", "yaml"]


def test_the_persons_choice_comes_back_where_the_tab_exists(response_pane: ResponsePane) -> None:
    show(response_pane)
    assert response_pane.tabs.current == "transcript"
    response_pane.select_tab("events")
    show(response_pane, interaction_of("x", content_type="text/plain"))
    assert response_pane.tabs.current == "body"
    show(response_pane)
    assert response_pane.tabs.current == "events"


def test_an_empty_tab_is_there_but_not_shown_first(request_pane: RequestPane) -> None:
    """A GET began with "empty · 0 B"."""
    asked = interaction_of("x", asked=None, content_type="text/plain", url="https://e.test/a")
    assert asked.request is not None
    empty = replace(asked.request, body=Body(b"", asked.request.headers))
    show(request_pane, replace(asked, request=empty))
    assert request_pane.tab_names() == ["body", "headers", "yaml"]
    assert request_pane.tabs.current == "headers"
    show(request_pane, asked)
    assert request_pane.tabs.current == "body"


def test_tabs_move_by_keys(response_pane: ResponsePane, qtbot: QtBot) -> None:
    show(response_pane)
    bar = response_pane.tabs.bar
    bar.setFocus()
    QTest.keyClick(bar, Qt.Key.Key_Right)
    assert response_pane.tabs.current == "events"
    QTest.keyClick(bar, Qt.Key.Key_End)
    assert response_pane.tabs.current == "yaml"
    assert response_pane.player.is_at_end


@pytest.mark.parametrize("key", [Qt.Key.Key_Down, Qt.Key.Key_Return])
def test_a_key_leads_from_the_tabs_to_the_page(response_pane: ResponsePane, key: Qt.Key) -> None:
    """A body's text was six Tab keys away."""
    show(response_pane)
    response_pane.select_tab("body")
    response_pane.tabs.bar.setFocus()
    QTest.keyClick(response_pane.tabs.bar, key)
    assert response_pane.body.panel.view.hasFocus()


def test_tabs_stand_closer_before_they_scroll(request_pane: RequestPane) -> None:
    """Buttons to scroll lay on top of the last title in a pane that had room for all titles."""
    show(request_pane)
    bar = request_pane.tabs.bar
    wide = bar.tabRect(0).width()
    titles = sum(bar.tabRect(index).width() - 2 * steps(2.5) for index in range(bar.count()))
    request_pane.resize(titles + bar.count() * 2 * steps(1.5) + steps(2), 600)
    assert bar.tabRect(0).width() < wide
    assert not any(button.isVisible() for button in bar.findChildren(QToolButton))
    request_pane.resize(titles, 600)
    buttons = [button for button in bar.findChildren(QToolButton) if button.isVisible()]
    assert buttons
    left = min(button.x() for button in buttons)
    under = QImage(bar.size(), QImage.Format.Format_RGB32)
    under.fill(Qt.GlobalColor.white)
    bar.render(under, QPoint(), QRegion(bar.rect()), QWidget.RenderFlag(0))
    places = [(x, y) for x in range(left, bar.width()) for y in range(bar.height())]
    assert {under.pixelColor(*place).name() for place in places} == {"#ffffff"}


def test_an_unknown_tab_is_refused(request_pane: RequestPane) -> None:
    show(request_pane)
    assert not request_pane.select_tab("nothing")
    assert request_pane.select_tab("yaml")


def test_what_is_no_http_says_so(request_pane: RequestPane, response_pane: ResponsePane) -> None:
    other = Interaction(0, Kind.GRPC, None, None, note="A gRPC call.")
    for pane in (request_pane, response_pane):
        pane.show_interaction(other, read(None, None), ENTRY)
        assert pane.tab_names() == ["yaml"]
        assert pane._note.text() == "A gRPC call."
        pane.clear()
        assert pane.tab_names() == []


# --- the header line


@pytest.mark.parametrize(
    ("field", "typed", "edit"), [("method", "get", SetMethod(0, "GET")), ("url", "u", SetUrl(0, "u"))]
)
def test_the_header_line_is_edited_in_place(
    request_pane: RequestPane, qtbot: QtBot, field: str, typed: str, edit: object
) -> None:
    edits = show(request_pane)
    widget = getattr(request_pane, field)
    QTest.mouseDClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    editor = editor_in(widget)
    QTest.keyClicks(editor, typed)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert edits == [edit]
    widget.setFocus()
    QTest.keyClick(widget, Qt.Key.Key_F2)
    QTest.keyClicks(editor, "zzz")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert not widget.is_editing
    assert edits == [edit]


@pytest.mark.parametrize(
    ("typed", "edit"),
    [("429", SetStatus(0, 429)), ("404 OK", SetStatus(0, 404)), ("200 Fine", SetStatus(0, 200, "Fine"))],
)
def test_a_status_takes_the_standard_reason_unless_one_is_given(
    response_pane: ResponsePane, qtbot: QtBot, typed: str, edit: SetStatus
) -> None:
    edits = show(response_pane)
    response_pane.status.begin_edit(typed)
    response_pane.status.commit()
    assert edits == [edit]


def test_a_refused_value_stays_in_its_field(response_pane: ResponsePane, request_pane: RequestPane) -> None:
    edits = show(response_pane)
    response_pane.status.begin_edit("teapot")
    response_pane.status.commit()
    assert edits == []
    assert response_pane.status.is_editing
    assert "three digits" in response_pane.notice.text
    show(request_pane)
    request_pane.url.begin_edit("https://other.test/")
    request_pane.url.commit()
    request_pane.show_edit_error("cannot be changed")
    assert request_pane.url.is_editing
    assert editor_in(request_pane.url).text() == "https://other.test/"


@pytest.mark.parametrize("modifier", [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier])
def test_enter_ends_an_edit_of_the_header_line(
    request_pane: RequestPane, modifier: Qt.KeyboardModifier
) -> None:
    """Enter was handed on by the editor, and began the edit again."""
    edits = show(request_pane)
    request_pane.url.begin_edit("https://other.test/")
    QTest.keyClick(editor_in(request_pane.url), Qt.Key.Key_Return, modifier)
    assert edits == [SetUrl(0, "https://other.test/")]
    assert not request_pane.url.is_editing
    assert request_pane.url.hasFocus()


def test_a_refused_value_given_up_takes_its_message_along(response_pane: ResponsePane) -> None:
    show(response_pane)
    response_pane.status.begin_edit("teapot")
    QTest.keyClick(editor_in(response_pane.status), Qt.Key.Key_Return)
    assert editor_in(response_pane.status).text() == "teapot"
    assert response_pane.notice.text
    QTest.keyClick(editor_in(response_pane.status), Qt.Key.Key_Escape)
    assert not response_pane.status.is_editing
    assert response_pane.notice.text == ""


def test_the_keyboard_goes_through_a_pane_from_top_to_bottom(response_pane: ResponsePane) -> None:
    """Tabs came before the line above them, and pages made late came after the replay."""
    show(response_pane)
    pane, transcript = response_pane, response_pane.transcript
    bar, transport = pane.tabs.bar, pane.replay_bar
    stops = by_tab_key(pane.status, 4)
    assert stops[0] is bar
    assert isinstance(stops[1], QToolButton)
    assert transcript.isAncestorOf(stops[2])
    assert transport.isAncestorOf(stops[3])
    for tab, page in (("body", pane.body), ("headers", pane.headers), ("events", pane.events)):
        pane.select_tab(tab)
        stops = by_tab_key(bar, 20)
        inside = [page.isAncestorOf(stop) for stop in stops]
        assert inside[0], tab
        assert transport.isAncestorOf(stops[inside.index(False)]), tab
        assert not any(inside[inside.index(False) :]), tab


def test_a_page_of_text_shows_that_the_keyboard_is_there(request_pane: RequestPane, qtbot: QtBot) -> None:
    show(request_pane)
    page, accent = request_pane.conversation.page, load_theme("light").accent
    request_pane.activateWindow()
    page.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(page.hasFocus)
    assert page.grab().toImage().pixelColor(page.viewport().pos() + QPoint(0, 9)) == accent
    request_pane.tabs.bar.setFocus()
    assert page.grab().toImage().pixelColor(page.viewport().pos() + QPoint(0, 9)) != accent


@pytest.mark.parametrize("width", [180, 480])
def test_headers_never_scroll_sideways(request_pane: RequestPane, qtbot: QtBot, width: int) -> None:
    """In a narrow pane the values' column was wider than what was left for it."""
    show(request_pane)
    request_pane.select_tab("headers")
    request_pane.resize(width, 600)
    table = request_pane.headers.table
    assert table.columnWidth(0) + table.columnWidth(1) == table.viewport().width()
    assert table.columnWidth(0) <= table.viewport().width() // 2
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() == 0)


def test_names_of_headers_are_in_line_with_the_conversation(request_pane: RequestPane) -> None:
    """They began at the edge of the pane."""
    show(request_pane)
    request_pane.select_tab("headers")
    image = request_pane.headers.table.viewport().grab().toImage()
    ground = image.pixelColor(0, 0)
    ratio = image.devicePixelRatio()
    left = min(
        x
        for x in range(image.width())
        if any(image.pixelColor(x, y) != ground for y in range(round(20 * ratio)))
    )
    assert steps(3.5) <= left / ratio <= steps(3.5) + 2


def by_tab_key(start: QWidget, count: int) -> list[QWidget]:
    """Where the Tab key goes from a widget."""
    found: list[QWidget] = []
    widget = start.nextInFocusChain()
    while widget is not None and widget is not start and len(found) < count:
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def test_nothing_is_edited_in_a_read_only_cassette(request_pane: RequestPane, qtbot: QtBot) -> None:
    show(request_pane, read_only=True)
    request_pane.url.setFocus()
    QTest.keyClick(request_pane.url, Qt.Key.Key_F2)
    assert not request_pane.url.is_editing
    request_pane.select_tab("yaml")
    QTest.keyClick(request_pane.yaml.panel.view, Qt.Key.Key_F2)
    assert not request_pane.yaml.panel.view.is_editing


def test_the_figures_of_the_response(response_pane: ResponsePane) -> None:
    show(response_pane)
    assert response_pane.figures.text == "2.00 s · 8 events · 24 tokens · $0.000022"


# --- the entry's text


def test_the_entrys_text_is_edited_and_a_mistake_keeps_it(request_pane: RequestPane, qtbot: QtBot) -> None:
    edits = show(request_pane)
    request_pane.select_tab("yaml")
    view = request_pane.yaml.panel.view
    view.begin_edit()
    view.select(view.text().index("0"), view.text().index("0") + 1)
    QTest.keyClicks(view, "7")
    QTest.keyClick(view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert edits == [SetEntryText(0, ENTRY.replace("0", "7"))]
    request_pane.show_edit_error("mapping values are not allowed here", 1, 4)
    assert view.is_editing
    assert view.text() == ENTRY.replace("0", "7")
    assert "not allowed" in request_pane.yaml.panel.notice.text
    view.revert()
    assert view.text() == ENTRY


# --- headers


def test_an_entry_that_cannot_be_read_is_marked_where_it_is_wrong(request_pane: RequestPane) -> None:
    other = Interaction(0, Kind.OTHER, None, None, note="line 2: wrong")
    request_pane.show_interaction(other, read(None, None), "- a: 1\n  b: c: d\n")
    assert request_pane.yaml.panel.view._line_marks == {1: LineMark.ERROR}


def test_fields_of_a_query_are_not_edited(request_pane: RequestPane, qtbot: QtBot) -> None:
    show(request_pane, interaction_of(ANSWER, url="https://e.test/?q=1"))
    request_pane.select_tab("query")
    table = request_pane.query.table
    table.begin_edit()
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert not table.is_editing


def test_headers_are_edited_added_and_deleted(request_pane: RequestPane, qtbot: QtBot) -> None:
    edits = show(request_pane)
    request_pane.select_tab("headers")
    table, model = request_pane.headers.table, request_pane.headers.model
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    table.setFocus()
    table.setCurrentIndex(model.index(0, 1))
    QTest.keyClick(table, Qt.Key.Key_Return)
    editor = editor_in(table)
    editor.selectAll()
    QTest.keyClicks(editor, "text/plain")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(edits))
    assert edits == [SetHeader(0, Side.REQUEST, 0, "Content-Type", "text/plain")]
    table.setCurrentIndex(model.index(1, 0))
    QTest.keyClick(table, Qt.Key.Key_Delete)
    assert edits[1:] == [RemoveHeader(0, Side.REQUEST, 1)]


def test_escape_leaves_a_header_as_it_was(request_pane: RequestPane, qtbot: QtBot) -> None:
    edits = show(request_pane)
    request_pane.select_tab("headers")
    table, model = request_pane.headers.table, request_pane.headers.model
    table.setCurrentIndex(model.index(0, 1))
    QTest.keyClick(table, Qt.Key.Key_F2)
    editor = editor_in(table)
    QTest.keyClicks(editor, "zzz")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert edits == []


@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Return])
def test_a_new_header_is_typed_by_keys_alone(request_pane: RequestPane, qtbot: QtBot, key: Qt.Key) -> None:
    """Tab behind the name added the header with an empty value, and the keyboard was on a button then."""
    edits = show(request_pane)
    request_pane.select_tab("headers")
    headers = request_pane.headers
    request_pane.edit_requested.connect(partial(add_header, request_pane))
    headers.add()
    type_into(headers.table, "X-New", key)
    qtbot.waitUntil(lambda: headers.table.currentIndex().column() == 1 and headers.table.is_editing)
    type_into(headers.table, "value", Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(edits))
    assert edits == [AddHeader(0, Side.REQUEST, "X-New", "value")]
    qtbot.waitUntil(headers.table.hasFocus)
    assert headers.model.pair(headers.table.currentIndex().row()) == ("X-New", "value")


def type_into(table: QTableView, text: str, end: Qt.Key) -> None:
    """Types into the cell that is edited."""
    editor = table.indexWidget(table.currentIndex())
    assert editor is not None
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, end)


def add_header(pane: MessagePane, edit: object) -> None:
    """Does what the document does."""
    assert isinstance(edit, AddHeader)
    interaction = interaction_of(ANSWER)
    assert interaction.request is not None
    pairs = [(header.name, header.value) for header in interaction.request.headers]
    headers = Headers.of([(edit.name, edit.value), *pairs])
    changed = replace(interaction, request=replace(interaction.request, headers=headers))
    pane.show_interaction(changed, reading_of(changed), ENTRY)


def test_a_changed_header_keeps_the_keyboard(request_pane: RequestPane, qtbot: QtBot) -> None:
    """The keyboard went on to the button below the table."""
    show(request_pane)
    request_pane.edit_requested.connect(lambda edit: show_again(request_pane))
    request_pane.select_tab("headers")
    table = request_pane.headers.table
    table.setFocus()
    table.setCurrentIndex(request_pane.headers.model.index(1, 1))
    QTest.keyClick(table, Qt.Key.Key_F2)
    editor = editor_in(table)
    QTest.keyClicks(editor, "changed")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(table.hasFocus)
    assert table.currentIndex().row() == 1


def show_again(pane: MessagePane) -> None:
    """Shows the same interaction, as after an edit."""
    interaction = interaction_of(ANSWER)
    pane.show_interaction(interaction, reading_of(interaction), ENTRY)


def test_a_new_header_is_given_up_by_escape(request_pane: RequestPane, qtbot: QtBot) -> None:
    edits = show(request_pane)
    request_pane.select_tab("headers")
    headers = request_pane.headers
    headers.add()
    assert headers.model.rowCount() == 3
    QTest.keyClick(editor_in(headers.table), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: headers.model.rowCount() == 2)
    assert edits == []


# --- the replay in its pane


def test_space_and_arrows_drive_the_replay(response_pane: ResponsePane, qtbot: QtBot) -> None:
    show(response_pane)
    page = response_pane.transcript.page
    page.setFocus()
    QTest.keyClick(page, Qt.Key.Key_Home)
    assert response_pane.player.event_index == -1
    QTest.keyClick(page, Qt.Key.Key_Right)
    QTest.keyClick(page, Qt.Key.Key_Right)
    QTest.keyClick(page, Qt.Key.Key_Left)
    assert response_pane.player.event_index == 0
    QTest.keyClick(page, Qt.Key.Key_Space)
    assert response_pane.player.is_playing
    QTest.keyClick(page, Qt.Key.Key_Space)
    assert not response_pane.player.is_playing
    QTest.keyClick(page, Qt.Key.Key_End)
    assert response_pane.player.is_at_end


def test_keys_typed_into_a_text_do_not_drive_the_replay(response_pane: ResponsePane, qtbot: QtBot) -> None:
    show(response_pane)
    response_pane.select_tab("body")
    view = response_pane.body.panel.view
    view.setFocus()
    view.begin_edit()
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Left):
        QTest.keyClick(view, key)
    assert response_pane.player.is_at_end
    assert view.text().startswith(" data:")
    view.revert()


def test_playing_ends_with_the_whole_answer(response_pane: ResponsePane, qtbot: QtBot) -> None:
    show(response_pane, interaction_of(ANSWER, duration=0.2))
    response_pane.play()
    with qtbot.waitSignal(response_pane.player.playing_changed, timeout=5000):
        pass
    assert "alpha beta gamma" in response_pane.transcript.page.toPlainText()


def test_a_row_of_the_table_leads_transcript_and_body(response_pane: ResponsePane, qtbot: QtBot) -> None:
    show(response_pane)
    for tab in ("body", "transcript", "events"):
        response_pane.select_tab(tab)
    table = response_pane.events.table
    QAbstractItemModelTester(response_pane.events.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    table.setFocus()
    table.setCurrentIndex(response_pane.events.model.index(3, 0))
    assert response_pane.player.event_index == 3
    response_pane.select_tab("transcript")
    marked = [chosen.cursor.selectedText() for chosen in response_pane.transcript.page.extraSelections()]
    assert marked == ["beta "]
    assert "gamma" in response_pane.transcript.page.toPlainText()


def test_a_place_in_the_body_leads_to_its_event(response_pane: ResponsePane, qtbot: QtBot) -> None:
    show(response_pane)
    response_pane.select_tab("events")
    response_pane.select_tab("body")
    view = response_pane.body.panel.view
    view.setFocus()
    at = view.text().index("gamma")
    view.select(at, at)
    assert response_pane.player.event_index == 4
    response_pane.select_tab("events")
    assert response_pane.events.current_event == 4


def test_a_body_that_is_opened_comes_to_the_event(response_pane: ResponsePane) -> None:
    """It was opened at its beginning, and stayed where it was when the replay had gone on out of sight."""
    show(response_pane, interaction_of(answer_in([f"word{number} " for number in range(400)])))
    view = response_pane.body.panel.view
    for event in (300, 40):
        response_pane.select_tab("transcript")
        response_pane._choose_event(event)
        response_pane.select_tab("body")
        line = view.text()[: view.text().index(f"word{event} ")].count("\n")
        assert view.first_visible_line <= line <= view.first_visible_line + 60
        assert view.first_visible_line > 20


def test_a_thought_that_is_folded_is_marked_by_its_heading(response_pane: ResponsePane) -> None:
    """Nothing showed which thought an event had brought."""
    show(response_pane)
    response_pane._choose_event(1)
    (marked,) = response_pane.transcript.page.extraSelections()
    assert "Reasoning" in marked.cursor.selectedText()


def test_the_table_follows_the_replay(response_pane: ResponsePane) -> None:
    show(response_pane)
    response_pane.select_tab("events")
    response_pane.player.seek_event(2)
    assert response_pane.events.current_event == 2
    assert '"alpha "' in response_pane.events.detail.view.text()
    response_pane.to_start()
    assert response_pane.events.current_event == -1


def test_what_events_add_is_said_in_a_few_words(response_pane: ResponsePane) -> None:
    show(response_pane, interaction_of(TOOL_CALL))
    response_pane.select_tab("events")
    model = response_pane.events.model
    added = [model.index(row, 3).data() for row in range(model.rowCount())]
    assert added[1] == "weather"
    assert added[2] == '{"location":'
    assert added[4] == "finish tool_calls"


def test_fifty_thousand_events_are_no_trouble(response_pane: ResponsePane) -> None:
    show(response_pane, interaction_of(answer_in(["word "] * 50_000), duration=60))
    response_pane.select_tab("events")
    response_pane.player.seek_event(40_000)
    assert response_pane.events.current_event == 40_000
    response_pane.player.seek_start()


def test_a_stream_has_a_bar_and_a_plain_answer_none(response_pane: ResponsePane) -> None:
    show(response_pane)
    assert response_pane.replay_bar.isVisible()
    assert response_pane.replay_bar._source.text() == "times estimated"
    show(response_pane, interaction_of("{}", content_type="application/json"))
    assert not response_pane.replay_bar.isVisible()


# --- the conversation


def conversation_in(pane: RequestPane, qtbot: QtBot) -> list[str]:
    """The lines of the conversation, once all of it is drawn."""
    qtbot.waitUntil(lambda: pane.conversation._work is None, timeout=10_000)
    return pane.conversation.page.toPlainText().split("\n")


def test_a_conversation_reads_as_blocks_by_role(request_pane: RequestPane, qtbot: QtBot) -> None:
    show(request_pane)
    assert conversation_in(request_pane, qtbot) == [
        "system",
        "You are a helpful assistant",
        "user",
        "What is the weather in Florence, Italy?",
        "assistant · tool call",
        "weather call_8fk2",
        '"location": "Florence, Italy"',
        "tool result",
        "call_8fk2",
        "40 C",
        "▸ Tools (1): weather",
        "▸ Parameters: max_tokens 4000 · stream",
    ]


def test_parameters_that_are_all_off_have_a_plain_title(request_pane: RequestPane, qtbot: QtBot) -> None:
    """The title ended in a colon with nothing behind it."""
    asked = {"messages": [{"role": "user", "content": "Hi"}], "stream": False}
    show(request_pane, interaction_of(ANSWER, asked=asked))
    assert conversation_in(request_pane, qtbot)[-1] == "▸ Parameters"


def test_a_picture_is_shown_as_a_tools_result(request_pane: RequestPane, qtbot: QtBot) -> None:
    """The card was empty."""
    source = {"type": "base64", "media_type": "image/png", "data": b64encode(png(1, 1)).decode()}
    result = {"type": "tool_result", "tool_use_id": "t1", "content": [{"type": "image", "source": source}]}
    asked = {"model": "claude-x", "max_tokens": 9, "messages": [{"role": "user", "content": [result]}]}
    answer = '{"type":"message","role":"assistant","content":[{"type":"text","text":"Yes"}]}'
    url = "https://api.anthropic.com/v1/messages"
    show(request_pane, interaction_of(answer, asked=asked, content_type="application/json", url=url))
    assert conversation_in(request_pane, qtbot)[:4] == ["tool result", "t1", "image/png", "\ufffc"]


def test_two_hundred_messages_and_a_very_long_one(request_pane: RequestPane, qtbot: QtBot) -> None:
    messages = [{"role": "user", "content": f"message {number} " + "word " * 100} for number in range(200)]
    messages.append({"role": "user", "content": "long " * 100_000})
    show(request_pane, interaction_of(ANSWER, asked={**ASKED, "messages": messages}))
    view = request_pane.conversation
    assert view.page.toPlainText().startswith("user\nmessage 0 ")
    qtbot.waitUntil(lambda: view._work is None, timeout=10_000)
    assert "message 199 " in view.page.toPlainText()
    assert "Show more: 480\u202f000 characters are left" in view.page.toPlainText()
    assert len(view.page.toPlainText()) < 200_000


def test_names_for_screen_readers(request_pane: RequestPane, response_pane: ResponsePane) -> None:
    for pane in (request_pane, response_pane):
        show(pane)
        for tab in pane.tab_names():
            pane.select_tab(tab)
        for widget in pane.findChildren(QWidget):
            is_ours = (
                widget.focusPolicy() & Qt.FocusPolicy.TabFocus
                and widget.isVisible()
                and widget.focusProxy() is None
            )
            if is_ours and not widget.objectName().startswith("qt_") and widget.isEnabled():
                named = widget.accessibleName() or getattr(widget, "text", str)()
                assert named, widget


def test_a_very_long_url_is_told_as_far_as_anybody_listens(request_pane: RequestPane) -> None:
    """Ten megabytes were handed to Qt for a tool tip, a description and a line: two seconds."""
    url = "https://e.test/" + "a" * 100_000
    interaction = interaction_of(ANSWER, url=url)
    request_pane.show_interaction(interaction, reading_of(interaction), ENTRY)
    field = request_pane.url
    assert len(field.toolTip()) < 3000
    assert len(field.accessibleDescription()) < 3000


def test_a_very_long_url_is_edited_whole(request_pane: RequestPane, qtbot: QtBot) -> None:
    """A line edit takes 32,767 characters; to leave it changed the URL to the first of them."""
    url = "https://e.test/" + "a" * 100_000
    interaction = interaction_of(ANSWER, url=url)
    request_pane.show_interaction(interaction, reading_of(interaction), ENTRY)
    field = request_pane.url
    field.begin_edit()
    assert editor_in(field).text() == url
    with qtbot.assertNotEmitted(field.committed):
        field.commit()


def table_with(response_pane: ResponsePane, header: tuple[str, str]) -> QTableView:
    """The table of an answer's headers, of which this is one."""
    interaction = interaction_of(ANSWER, headers=[header])
    response_pane.show_interaction(interaction, reading_of(interaction), ENTRY)
    response_pane.select_tab("headers")
    table = response_pane.headers.findChild(QTableView)
    assert isinstance(table, QTableView)
    return table


def test_a_very_long_header_is_edited_whole(response_pane: ResponsePane) -> None:
    value = "v" * 100_000
    table = table_with(response_pane, ("X-Long", value))
    table.edit(table.model().index(1, 1))
    assert editor_in(table).text() == value


def test_a_field_in_the_headers_grows_with_what_is_typed(response_pane: ResponsePane) -> None:
    response_pane.resize(800, 400)
    table = table_with(response_pane, ("X-Name", "value"))
    table.edit(table.model().index(0, 0))
    field = editor_in(table)
    # One that Qt makes leaves something behind each time; `CellEditor` tells why.
    assert isinstance(field, CellEditor)
    before = field.width()
    field.setText("short")
    assert field.width() == before
    field.setText("x" * 80)
    assert before < field.width() <= table.viewport().width() - field.x()
    field.setText("x" * 1000)
    assert field.width() == table.viewport().width() - field.x()
    table.itemDelegate().updateEditorGeometry(field, QStyleOptionViewItem(), table.model().index(0, 0))
    assert field.width() == table.viewport().width() - field.x()


def test_a_field_in_the_headers_has_an_edge(response_pane: ResponsePane) -> None:
    """Only the caret showed where one types."""
    table = table_with(response_pane, ("X-Name", "value"))
    response_pane.show()
    table.edit(table.model().index(0, 1))
    field = editor_in(table)
    picture = field.grab().toImage()
    corners = {
        picture.pixelColor(x, y).name() for x in (0, field.width() - 1) for y in (0, field.height() - 1)
    }
    assert corners == {field.palette().color(QPalette.ColorRole.Accent).name()}
