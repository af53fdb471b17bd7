"""Bodies in the window: shown as they are, edited at one place, everything else byte for byte."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.pictures import png
from viewer.cassette.body import Body
from viewer.cassette.cassette import Cassette
from viewer.cassette.edits import SetBodyText
from viewer.cassette.formats.base import Side
from viewer.cassette.headers import Headers
from viewer.ui.body_view import BodyView
from viewer.ui.theme import load_theme

_ODD = '{"a":  "\u00a0x\u2028y😀" ,\r\n\t"n": 0.000022, "n": 1E5, "\\u00e9": "\\ud83d", "content":"Olá!"}\r\n'


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[BodyView]:
    made = BodyView(load_theme("light"), Side.RESPONSE)
    qtbot.addWidget(made)
    made.resize(480, 400)
    made.show()
    yield made
    made.panel.view.revert()


def body_of(content: str | bytes, media_type: str = "application/json", **headers: str) -> Body:
    raw = content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
    names = {"Content-Type": media_type, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return Body(raw, Headers.of(names.items()))


def show(view: BodyView, body: Body, *, read_only: bool = False) -> list[SetBodyText]:
    """Shows a body; the edits that are asked for are gathered."""
    edits: list[SetBodyText] = []
    view.edit_requested.connect(edits.append)
    view.show_body(0, body, read_only=read_only)
    return edits


def type_over(qtbot: QtBot, view: BodyView, old: str, typed: str) -> None:
    """Selects `old` in the text shown, types over it with keys, and commits with Ctrl+Enter."""
    code = view.panel.view
    code.setFocus()
    QTest.keyClick(code, Qt.Key.Key_F2)
    assert code.is_editing
    start = code.text().index(old)
    code.select(start, start + len(old))
    QTest.keyClicks(code, typed)
    QTest.keyClick(code, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def edited(body: Body, edit: SetBodyText) -> bytes:
    """The bytes after an edit."""
    return body.encode(edit.text, keep_codings=edit.keep_codings)


def test_json_is_pretty_by_white_space_alone(view: BodyView) -> None:
    show(view, body_of('{"cost":0.000022,"a":[1,2.50]}'))
    assert view.panel.view.text() == '{\n  "cost": 0.000022,\n  "a": [\n    1,\n    2.50\n  ]\n}'
    view.set_pretty(False)
    assert view.panel.view.text() == '{"cost":0.000022,"a":[1,2.50]}'


def test_an_edit_in_the_pretty_view_changes_only_its_token(view: BodyView, qtbot: QtBot) -> None:
    body = body_of(_ODD)
    edits = show(view, body)
    type_over(qtbot, view, "Olá", "Oi")
    assert [edited(body, edit) for edit in edits] == [_ODD.replace("Olá", "Oi").encode()]


def test_the_caret_stays_where_an_edit_ended(view: BodyView, qtbot: QtBot) -> None:
    """It went to the start of the body."""
    body = body_of('{"first":1,"second":2}')
    edits = show(view, body)
    type_over(qtbot, view, "2", "34")
    qtbot.waitUntil(view.panel.view.hasFocus)
    view.show_body(0, body_of(edited(body, edits[0])), read_only=False)
    code = view.panel.view
    assert code.text()[: code.position].endswith('"second": 34')
    view.show_body(1, body, read_only=False)
    assert code.position == 0


def test_an_edit_in_the_raw_view_keeps_the_rest_byte_for_byte(view: BodyView, qtbot: QtBot) -> None:
    body = body_of(_ODD)
    edits = show(view, body)
    view.set_pretty(False)
    type_over(qtbot, view, "Olá", "Oi")
    assert [edited(body, edit) for edit in edits] == [_ODD.replace("Olá", "Oi").encode()]


def test_an_input_methods_text_goes_in_as_it_is(view: BodyView, qtbot: QtBot) -> None:
    body = body_of(_ODD)
    edits = show(view, body)
    code = view.panel.view
    code.begin_edit()
    at = code.text().index("Olá")
    code.select(at, at + 3)
    composing = QInputMethodEvent("にほ", [])
    QApplication.sendEvent(code, composing)
    done = QInputMethodEvent()
    done.setCommitString("日本😀\u00a0")
    QApplication.sendEvent(code, done)
    code.commit()
    assert [edited(body, edit) for edit in edits] == [_ODD.replace("Olá", "日本😀\u00a0").encode()]


def test_an_event_stream_is_shown_and_edited_as_recorded(view: BodyView, qtbot: QtBot) -> None:
    text = ': comment\r\n\r\ndata: {"content":"Ol\u00a0\u2028😀"}\r\n\r\ndata: [DONE]\n\n'
    body = body_of(text, "text/event-stream")
    edits = show(view, body)
    assert view.panel.view.text() == text
    type_over(qtbot, view, "Ol\u00a0", "Oi")
    assert [edited(body, edit) for edit in edits] == [text.replace("Ol\u00a0", "Oi").encode()]


def test_invalid_bytes_survive_an_edit(view: BodyView, qtbot: QtBot) -> None:
    raw = b"first \xff\xfe line\nchange me\n"
    body = body_of(raw, "text/plain; charset=utf-8")
    edits = show(view, body)
    if body.text is None:
        pytest.skip("shown as bytes")
    type_over(qtbot, view, "change", "leave")
    assert [edited(body, edit) for edit in edits] == [raw.replace(b"change", b"leave")]


def test_escape_and_an_unchanged_text_ask_for_nothing(view: BodyView, qtbot: QtBot) -> None:
    edits = show(view, body_of(_ODD))
    code = view.panel.view
    before = code.text()
    code.begin_edit()
    QTest.keyClicks(code, "zzz")
    QTest.keyClick(code, Qt.Key.Key_Escape)
    assert code.text() == before
    code.begin_edit()
    code.commit()
    assert edits == []


def test_finding_while_editing_goes_on_editing(view: BodyView) -> None:
    """Closing the find bar hid the field that had the focus, and so ended the edit."""
    edits = show(view, body_of(_ODD))
    code = view.panel.view
    code.begin_edit()
    view.open_find_bar()
    field = view.panel.find_bar.field
    QTest.keyClicks(field, "Ol")
    QTest.keyClick(field, Qt.Key.Key_Return)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert code.is_editing
    QTest.keyClicks(code, "Oi")
    code.commit()
    assert [edit.text for edit in edits] == [_ODD.replace("Ol", "Oi")]


def test_nothing_can_be_typed_into_a_read_only_body(view: BodyView, qtbot: QtBot) -> None:
    show(view, body_of(_ODD), read_only=True)
    QTest.keyClick(view.panel.view, Qt.Key.Key_F2)
    assert not view.panel.view.is_editing


@pytest.mark.parametrize(("answer", "keeps"), [("Keep Compressed", True), ("Store Plain", False)])
def test_a_compressed_body_asks_how_to_store_it(
    view: BodyView, qtbot: QtBot, answer: str, keeps: bool
) -> None:
    body = body_of(gzip.compress(b'{"a": "old"}'), Content_Encoding="gzip")
    edits = show(view, body)
    type_over(qtbot, view, "old", "new")
    assert edits == []
    button = next(button for button in view.panel.notice.findChildren(QPushButton) if button.text() == answer)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert [(edit.text, edit.keep_codings) for edit in edits] == [('{"a": "new"}', keeps)]


def test_broken_json_is_marked_and_may_be_kept(view: BodyView, qtbot: QtBot) -> None:
    edits = show(view, body_of('{"a": 1, "b": 2}'))
    type_over(qtbot, view, "2\n}", "2")
    assert [edit.text for edit in edits] == ['{"a": 1, "b": 2']
    view.show_body(0, body_of('{"a": 1, "b" 2}'), read_only=False)
    assert "line 3" in view.panel.notice.text


def test_a_refused_edit_keeps_what_was_typed(view: BodyView, qtbot: QtBot) -> None:
    edits = show(view, body_of('{"a": "old"}'))
    type_over(qtbot, view, "old", "new")
    assert view.show_error("cannot hold this", None)
    code = view.panel.view
    assert code.is_editing
    assert '"new"' in code.text()
    assert "cannot hold this" in view.panel.notice.text
    QTest.keyClick(code, Qt.Key.Key_Escape)
    assert '"old"' in code.text()
    assert len(edits) == 1


def test_bytes_are_shown_as_hex_and_pictures_as_pictures(view: BodyView) -> None:
    show(view, body_of(b"\x00\x01\x02\xff" * 8, "application/octet-stream"))
    assert view.panel.view.text().startswith("00000000  00 01 02 ff")
    assert view.panel.view.is_read_only
    picture = QImage(8, 4, QImage.Format.Format_RGB32)
    picture.fill(0xFF2459BD)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert QImageWriter(buffer, QByteArray(b"PNG")).write(picture)
    show(view, body_of(bytes(QByteArray(buffer.data()).data()), "image/png"))
    assert view._stack.currentIndex() == 1
    assert view._picture.pixmap().width() == 8


def test_lines_of_bytes_are_never_wrapped(view: BodyView) -> None:
    """In a narrow pane each line of hex became two."""
    show(view, body_of(b"\x00\x01\x02\xff" * 40, "application/octet-stream"))
    assert not view.panel.view.wraps
    view.set_wrap(False)
    view.set_wrap(True)
    assert not view.panel.view.wraps
    show(view, body_of("text", "text/plain"))
    assert view.panel.view.wraps


@pytest.mark.parametrize("size", [(8, 4), (2000, 100), (100, 2000)])
def test_a_picture_is_shown_whole(view: BodyView, size: tuple[int, int]) -> None:
    """A large one had to be scrolled, and its edges could not be told from the pane."""
    show(view, body_of(png(*size), "image/png"))
    shown = view._picture.shown_area()
    assert view._picture.rect().contains(shown)
    assert shown.width() <= size[0]
    assert shown.width() / shown.height() == pytest.approx(size[0] / size[1], rel=0.1)
    edge = view._picture.grab().toImage().pixelColor(shown.left() - 1, shown.top() + 1)
    assert edge == load_theme("light").line


def test_multipart_is_shown_by_part(view: BodyView) -> None:
    content = (
        b'--B\r\nContent-Disposition: form-data; name="model"\r\n\r\nwhisper\r\n'
        b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.json"\r\n'
        b'Content-Type: application/json\r\n\r\n{"x":1}\r\n--B--\r\n'
    )
    show(view, body_of(content, "multipart/form-data; boundary=B"))
    assert view._part_box.count() == 3
    view._part_box.setCurrentIndex(2)
    assert view.panel.view.text() == '{\n  "x": 1\n}'
    assert view.panel.view.is_read_only


def test_the_body_is_copied_and_saved(view: BodyView, tmp_path: Path) -> None:
    show(view, body_of(gzip.compress(b'{"a":1}'), Content_Encoding="gzip"))
    view.copy_body()
    assert json.loads(QGuiApplication.clipboard().text()) == {"a": 1}
    view.save_body(tmp_path / "body.json")
    assert (tmp_path / "body.json").read_bytes() == b'{"a":1}'
    view.save_body(tmp_path / "missing" / "body.json")
    assert "cannot be written" in view.panel.notice.text


def test_a_body_in_a_cassette_changes_at_one_place(view: BodyView, qtbot: QtBot, tmp_path: Path) -> None:
    """From the file through the window's keys and back to the file: only the line of the body differs."""
    body = json.dumps(_ODD)
    text = (
        "---\nversion: 2\ninteractions:\n    - id: 0\n      request:\n        proto: HTTP/1.1\n"
        '        content_length: 0\n        body: ""\n        headers: {}\n        url: https://e.test/\n'
        f"        method: GET\n      response:\n        content_length: -1\n        body: {body}\n"
        "        headers:\n            Content-Type:\n                - application/json\n        status: 200 OK\n"
        "        code: 200\n        duration: 1s\n"
    )
    path = tmp_path / "odd.yaml"
    path.write_bytes(text.encode())
    cassette = Cassette.open(path)
    response = cassette.interaction(0).response
    assert response is not None
    assert response.body.text == _ODD
    edits = show(view, response.body)
    type_over(qtbot, view, "Olá", "Oi")
    cassette.apply(edits[0].exchange(cassette))
    path.write_bytes(cassette.to_bytes())
    changed = Cassette.open(path)
    again = changed.interaction(0).response
    assert again is not None
    assert again.body.raw == _ODD.replace("Olá", "Oi").encode()
    before, after = text.splitlines(), path.read_bytes().decode().splitlines()
    assert [line for line in before if 'body: "{' not in line] == [
        line for line in after if 'body: "{' not in line
    ]
