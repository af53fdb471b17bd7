"""Whatever a cassette refers to: nothing is read from the disk and nothing is fetched to show it.

A witness of the operating system tells of the file whoever opens it, Qt included; that it does is shown first, by a
label that is given markup. The network is watched by Python's audit events and by what is loaded: Qt's own network
module never is.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QColor, QImage, QTextDocument
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from tests.hostile import FileWitness
from viewer.cassette.model import ReadError
from viewer.document.plain_text import plain, shortened
from viewer.ui.line_styles import highlighter_for
from viewer.ui.main_window import MainWindow
from viewer.ui.notice_bar import NoticeBar
from viewer.ui.settings import Settings
from viewer.ui.text_flow import TextFlow
from viewer.ui.theme import AppTheme, ThemeChoice, load_theme

ADDRESS = "http://127.0.0.1:9/picture.png"
_fetched: list[str] = []


def _note_fetches(event: str, args: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.getaddrinfo", "urllib.Request", "subprocess.Popen", "os.system"):
        _fetched.append(event)


sys.addaudithook(_note_fetches)


@pytest.fixture(autouse=True)
def _nothing_was_fetched() -> None:
    """What other tests of this process have started does not count."""
    _fetched.clear()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture on the disk, which a page would show."""
    image = QImage(20, 20, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    path = tmp_path / "secret.png"
    assert image.save(str(path))
    return path


@pytest.fixture
def witness(picture: Path) -> Iterator[FileWitness]:
    witness = FileWitness(picture)
    yield witness
    witness.close()


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> MainWindow:
    settings = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    window = MainWindow(settings, AppTheme(qapp, ThemeChoice.LIGHT))
    qtbot.addWidget(window, before_close_func=close_documents)
    window.resize(1280, 800)
    window.show()
    return window


def close_documents(window: MainWindow) -> None:
    for document in list(window.workspace.documents):
        window.workspace.close(document)


def markups(target: str) -> dict[str, tuple[str, str]]:
    """Answers of every kind that refer to a target: their text and media type."""
    markdown = (
        f"![a]({target}) [b]({target}) <img src='{target}'> <{target}>\n\n# ![c]({target})\n- ![d]({target})\n"
        f"<style>@import url('{target}'); p {{ background: url({target}) }}</style><p>x</p>\n"
        f"| ![e]({target}) | f |\n\n```html\n<img src='{target}'>\n```\n"
    )
    html = (
        f"<!doctype html><html><head><base href='{target}'><link rel=stylesheet href='{target}'></head>"
        f"<body background='{target}'><img src='{target}'><iframe src='{target}'></iframe>{markdown}</body></html>"
    )
    svg = (
        f'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY e SYSTEM "{target}">]>'
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">'
        f'<image xlink:href="{target}" width="9" height="9"/><use xlink:href="{target}#a"/><text>&e;</text></svg>'
    )
    image = {"type": "image_url", "image_url": {"url": target}}
    return {
        "chat": (json.dumps(chat(markdown)), "application/json"),
        "chat of html": (json.dumps(chat(html)), "application/json"),
        "parts": (json.dumps(chat([image, {"type": "text", "text": svg}])), "application/json"),
        "images": (json.dumps({"created": 1, "data": [{"url": target}]}), "application/json"),
        "listing": (json.dumps({"data": [{"id": f"<img src='{target}'>"}]}), "application/json"),
        "error": (json.dumps({"error": {"message": f"<img src='{target}'>"}}), "application/json"),
        "stream": (f"data: {json.dumps(chat(markdown))}\n\n", "text/event-stream"),
        "html": (html, "text/html"),
        "svg": (svg, "image/svg+xml"),
        "svg that says it is png": (svg, "image/png"),
        "markdown": (markdown, "text/markdown"),
    }


def chat(content: object) -> dict[str, object]:
    message = {"role": "assistant", "content": content}
    return {"id": "c", "model": "m", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}


def cassette(target: str) -> str:
    """A cassette in every field of which the target stands."""
    tag = json.dumps(f"<img src='{target}'>")
    asked = json.dumps({"model": "m", "messages": [{"role": "user", "content": chat([])["choices"]}]})
    entries = []
    for text, kind in markups(target).values():
        entries.append(
            f"- request:\n    body: {json.dumps(asked)}\n    headers: {{{tag}: [{tag}]}}\n    method: {tag}\n"
            f"    uri: {json.dumps(f'https://api.example.test/<img src={target}>')}\n"
            f"  response:\n    body: {{string: {json.dumps(text)}}}\n"
            f"    headers: {{content-type: [{json.dumps(kind)}], x: [{tag}]}}\n"
            f"    status: {{code: 200, message: {tag}}}\n"
        )
    entries.append(f"- {tag}: {tag}\n")
    return "interactions:\n" + "".join(entries) + "version: 1\n"


def look_at_everything(window: MainWindow, qtbot: QtBot) -> int:
    """Shows every tab of every interaction, and every tool tip; how many tool tips there were."""
    tips = 0
    document = window.document
    assert document is not None
    for position in range(len(document)):
        window.select(document, position)
        qtbot.waitUntil(lambda: window.is_settled)
        for pane in window.panes:
            for tab in pane.tab_names():
                pane.select_tab(tab)
                QApplication.processEvents()
                tips += show_tips(window)
    return tips


def show_tips(window: MainWindow) -> int:
    """Shows the tool tips of all that is visible, as the pointer would."""
    texts = [widget.toolTip() for widget in window.findChildren(QWidget) if widget.isVisible()]
    for view in window.findChildren(QAbstractItemView):
        model = view.model()
        if model is None or not view.isVisible():
            continue
        for row in range(min(model.rowCount(), 20)):
            for column in range(min(model.columnCount(), 6)):
                texts.append(str(model.index(row, column).data(Qt.ItemDataRole.ToolTipRole) or ""))
    texts = [text for text in texts if text]
    for text in texts:
        QToolTip.showText(QPoint(9, 9), text)
        QApplication.processEvents()
    QToolTip.hideText()
    return len(texts)


def test_the_witness_sees_what_qt_loads(qtbot: QtBot, picture: Path, witness: FileWitness) -> None:
    """Without this the other tests would prove nothing."""
    label = QLabel(f"<img src='file://{picture}'>")
    qtbot.addWidget(label)
    label.show()
    label.grab()
    assert witness.saw()
    QToolTip.showText(QPoint(9, 9), f"<img src='{picture}'>")
    QApplication.processEvents()
    QToolTip.hideText()
    assert witness.saw()


def test_a_page_loads_nothing(qtbot: QtBot, picture: Path, witness: FileWitness) -> None:
    flow = TextFlow(load_theme("light"))
    qtbot.addWidget(flow)
    for target in (f"file://{picture}", str(picture), picture.name, ADDRESS):
        flow.setHtml(f"<style>body {{ background: url({target}) }}</style><img src='{target}'>")
        flow.show()
        flow.grab()
        flow.setMarkdown(f"![x]({target})")
        flow.grab()
        for kind in QTextDocument.ResourceType:
            assert not flow.loadResource(kind.value, target)
    assert not witness.saw()
    assert not _fetched


@pytest.mark.parametrize("kind", ["file", "path", "name", "net"])
def test_a_cassette_loads_nothing(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, picture: Path, witness: FileWitness, kind: str
) -> None:
    target = {"file": f"file://{picture}", "path": str(picture), "name": picture.name, "net": ADDRESS}[kind]
    path = tmp_path / "hostile.yaml"
    path.write_text(cassette(target))
    witness.saw()
    window.open_paths([path])
    qtbot.waitUntil(lambda: window.is_settled and window.interaction is not None)
    assert look_at_everything(window, qtbot) > 100
    assert not witness.saw()
    assert not _fetched
    maps = Path("/proc/self/maps")
    assert not maps.exists() or "Qt6Network" not in maps.read_text()


def test_what_is_wrong_with_a_file_is_no_markup(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, picture: Path, witness: FileWitness
) -> None:
    """A file's name and its contents stand in errors."""
    for name, text in (
        ("<img src='secret.png'>.yaml", "a: b: c"),
        ("b.json", f'{{"<img src={picture}>": tru}}'),
    ):
        path = tmp_path / name
        path.write_text(text)
        window.open_paths([path])
        window.grab()
    window.notice.say(str(ReadError(f"<img src='{picture}'>", path=picture)))
    window.grab()
    assert window.findChildren(NoticeBar)
    assert not witness.saw()


def test_markup_is_shown_as_it_is() -> None:
    assert plain("a < b, a > b") == "a < b, a > b"
    assert "<img" not in plain("<img src='x.png'>")
    assert "&lt;img" in plain("<img src='x.png'>")
    assert len(plain("x" * 1_000_000)) < 3000
    assert shortened("short") == "short"
    assert len(shortened("x" * 1_000_000)) < 3000


def test_the_language_of_a_code_block_runs_no_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for a language that it does not know, Pygments looked for it in every installed package."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("looked for plugins")

    monkeypatch.setattr("pygments.plugin.iter_entry_points", refuse)
    monkeypatch.setattr("importlib.metadata.entry_points", refuse)
    for language in ("no-such-language", "../../x", "", "x" * 10_000):
        assert type(highlighter_for(language)).__name__ == "PlainHighlighter"
    for language in ("Python", "js", "c++", "sh", "json"):
        assert type(highlighter_for(language)).__name__ == "LexerHighlighter"
