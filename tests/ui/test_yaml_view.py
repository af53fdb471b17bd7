"""The text of an entry."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from viewer.document.tasks import pending_jobs
from viewer.ui.code_view import Place, PlainHighlighter, SpanHighlighter
from viewer.ui.theme import load_theme
from viewer.ui.yaml_view import YamlView

LONG = "- request: {method: GET}\n  response:\n    body: '" + "word " * 1_000_000 + "'\n"


@pytest.fixture
def view(qtbot: QtBot) -> YamlView:
    view = YamlView(load_theme("light"))
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show()
    return view


def test_a_short_text_has_its_colours_at_once(view: YamlView) -> None:
    view.show_text(0, "- a: 1\n", read_only=False)
    assert view.panel.view.page.highlighter.tokens("- a: 1", Place(0, 0, 0))


def test_a_long_text_gets_its_colours_later(view: YamlView, qtbot: QtBot) -> None:
    """It was parsed in the interface's thread, cut behind 4 MB: a mistake was marked where the cut was."""
    view.show_text(0, LONG, read_only=False)
    assert isinstance(view.panel.view.page.highlighter, PlainHighlighter)
    assert view.panel.view.text() == LONG
    qtbot.waitUntil(lambda: pending_jobs() == 0)
    assert isinstance(view.panel.view.page.highlighter, SpanHighlighter)
    assert not view.panel.view._line_marks


def test_colours_of_an_earlier_text_are_not_taken(view: YamlView, qtbot: QtBot) -> None:
    view.show_text(0, LONG, read_only=False)
    view.show_text(1, "plain", read_only=False)
    qtbot.waitUntil(lambda: pending_jobs() == 0)
    assert len(view.panel.view.page.highlighter.tokens("plain", Place(0, 0, 0))) == 1
    view.show_text(0, LONG, read_only=False)
    view.panel.view.begin_edit()
    view.panel.view.insert_text("# ")
    qtbot.waitUntil(lambda: pending_jobs() == 0)
    assert not view.panel.view.page.highlighter.tokens("# - request", Place(0, 0, 0))
