from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.samples import TOOL_CALL, answer_in, interaction_of, reading_of
from viewer.cassette.cassette import Cassette, read_interaction
from viewer.stream import read
from viewer.ui.grid import steps
from viewer.ui.text_flow import CARD
from viewer.ui.theme import load_theme
from viewer.ui.transcript_view import TranscriptView

WEATHER = ["The current weather ", "is **40", " °C**.\n", "\n- drink ", "water\n- ", "stay 😀 in the shade"]
THOUGHT = ["Let me ", "think about ", "it."]


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[TranscriptView]:
    made = TranscriptView(load_theme("light"))
    qtbot.addWidget(made)
    made.resize(480, 500)
    made.show()
    yield made
    made.set_reading(None)


def settle(qtbot: QtBot, view: TranscriptView) -> None:
    qtbot.waitUntil(lambda: not view._later.isActive(), timeout=20_000)


def draw_rest(view: TranscriptView) -> None:
    """Draws what a busy machine had no time for in the first slice."""
    while view._later.isActive():
        view._later.stop()
        view._show_on()


def test_a_finished_answer_is_shown_whole_with_its_figures(view: TranscriptView) -> None:
    view.set_reading(reading_of(interaction_of(answer_in(WEATHER, reasoning=THOUGHT))))
    shown = view.page.toPlainText()
    assert "is 40 °C." in shown
    assert "•  drink water" in shown
    assert shown.startswith("▸ Reasoning · ")
    assert "think about" not in shown
    assert shown.endswith("Input 20\u2003 Output 4\u2003 Cost $0.000022\u2003 Finish stop")


def test_reasoning_unfolds_by_its_link_and_folds_again(view: TranscriptView) -> None:
    view.set_reading(reading_of(interaction_of(answer_in(WEATHER, reasoning=THOUGHT))))
    folded = view.page.toPlainText()
    view.page.anchorClicked.emit(QUrl("fold:0"))
    assert "▾ Reasoning" in view.page.toPlainText()
    assert "Let me think about it." in view.page.toPlainText()
    view.page.anchorClicked.emit(QUrl("fold:0"))
    assert view.page.toPlainText() == folded


def test_it_unfolds_by_the_keyboard_alone(view: TranscriptView, qtbot: QtBot) -> None:
    view.set_reading(reading_of(interaction_of(answer_in(WEATHER, reasoning=THOUGHT))))
    view.page.setFocus()
    QTest.keyClick(view.page, Qt.Key.Key_Tab)
    QTest.keyClick(view.page, Qt.Key.Key_Return)
    assert "Let me think about it." in view.page.toPlainText()


def test_before_the_first_event_the_page_waits(view: TranscriptView) -> None:
    """The caret was drawn over the line of figures, which stood in the answer's place."""
    view.set_reading(reading_of(interaction_of(answer_in(WEATHER))))
    whole = view.page.toPlainText()
    view.show_event(-1)
    assert view.page.toPlainText() == ""
    view.show_event(2)
    assert "The current weather" in view.page.toPlainText()
    assert view.page.toPlainText().endswith("Finish stop")
    view.show_event(100)
    assert view.page.toPlainText() == whole


def test_every_event_shows_what_had_arrived(view: TranscriptView) -> None:
    reading = reading_of(interaction_of(answer_in(WEATHER, reasoning=THOUGHT)))
    view.set_reading(reading)
    view.set_markdown(False)
    for event in range(-1, len(reading.events)):
        view.show_event(event, playing=True)
        expected = reading.transcript_at(event).text
        assert expected in view.page.toPlainText()
        rest = reading.transcript.text[len(expected) :]
        assert not rest or expected + rest[:3] not in view.page.toPlainText()


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.integers(-1, 12), min_size=1, max_size=12), st.sampled_from(["text", "tool"]), st.booleans()
)
def test_however_an_event_is_reached_it_looks_the_same(
    view: TranscriptView, events: list[int], kind: str, markdown: bool
) -> None:
    body = TOOL_CALL if kind == "tool" else answer_in(WEATHER, reasoning=THOUGHT)
    reading = reading_of(interaction_of(body))
    view.set_reading(reading)
    view.set_markdown(markdown)
    for event in events:
        view.show_event(min(event, len(reading.events) - 1), playing=True)
    draw_rest(view)
    shown = view.page.toHtml()
    view._draw_anew()
    draw_rest(view)
    assert shown == view.page.toHtml()


def test_arguments_are_pretty_once_they_are_whole(view: TranscriptView) -> None:
    view.set_reading(reading_of(interaction_of(TOOL_CALL)))
    assert 'weather call_8fk2\n"location": "Florence, Italy"' in view.page.toPlainText()
    view.show_event(2)
    assert 'weather call_8fk2\n{"location":' in view.page.toPlainText()


def test_a_click_on_a_word_is_a_click_on_its_event(view: TranscriptView, qtbot: QtBot) -> None:
    reading = reading_of(interaction_of(answer_in(["alpha ", "beta ", "gamma"])))
    view.set_reading(reading)
    cursor = view.page.document().find("beta")
    cursor.setPosition(cursor.selectionStart() + 2)
    place = view.page.cursorRect(cursor).center()
    with qtbot.waitSignal(view.event_activated) as blocker:
        QTest.mouseClick(view.page.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))
    assert reading.deltas_of(blocker.args[0])[0].text == "beta "


@pytest.mark.parametrize("body", [TOOL_CALL, answer_in(WEATHER)])
def test_what_an_event_brought_is_marked(view: TranscriptView, body: str) -> None:
    reading = reading_of(interaction_of(body))
    view.set_reading(reading)
    for delta in reading.deltas:
        if delta.part < 0 or not delta.text.strip():
            continue
        view.mark_event(delta.event)
        marked = "".join(selection.cursor.selectedText() for selection in view.page.extraSelections())
        seen = delta.text.replace("**", "").replace("- ", "").replace("\n", "").strip("{} ")
        assert seen.strip() in marked.replace("\u2029", "").replace("•  ", "")
    view.mark_event(None)
    assert view.page.extraSelections() == []


def test_a_long_answer_is_there_at_once_and_filled_later(view: TranscriptView, qtbot: QtBot) -> None:
    texts = [f"line {number} with **some** words\n" for number in range(20_000)]
    reading = reading_of(interaction_of(answer_in(texts)))
    view.set_reading(reading)
    assert view.page.toPlainText().startswith("line 0 with some words")
    assert "line 19999" not in view.page.toPlainText()
    settle(qtbot, view)
    assert "line 19999 with some words" in view.page.toPlainText()


def test_nothing_is_ever_loaded(view: TranscriptView, tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"x")
    text = f'<img src="{secret.as_uri()}"> ![x]({secret.as_uri()}) <b>no html</b>'
    view.set_reading(reading_of(interaction_of(answer_in([text]))))
    assert "<b>no html</b>" in view.page.toPlainText()
    kind = QTextDocument.ResourceType.ImageResource.value
    assert view.page.loadResource(kind, QUrl.fromLocalFile(str(secret))).isNull()
    assert (
        view.page.loadResource(QTextDocument.ResourceType.HtmlResource.value, QUrl("https://e.test/")) is None
    )


def test_real_answers_play_to_what_they_are(view: TranscriptView, corpus: Path, qtbot: QtBot) -> None:
    """Every part of real streams stands on the page after playing, as after loading."""
    seen = 0
    paths = [path for path in sorted((corpus / "go-vcr-v2").rglob("*.yaml")) if "stream" in str(path)]
    for path in paths[::3]:
        interaction = read_interaction(Cassette.open(path), 0)
        reading = read(interaction.request, interaction.response, duration=interaction.duration)
        if not reading.has_stream:
            continue
        view.set_reading(reading)
        settle(qtbot, view)
        whole = view.page.toHtml()
        for event in range(0, len(reading.events), max(1, len(reading.events) // 50)):
            view.show_event(event, playing=True)
        view.show_event(len(reading.events) - 1)
        settle(qtbot, view)
        assert view.page.toHtml() == whole, path
        seen += 1
    assert seen


def test_a_quotation_is_told_from_the_answer(view: TranscriptView) -> None:
    """A citation's words once stood between the answer's as if they belonged to it."""
    citation = {"type": "char_location", "cited_text": "Ruby is red.", "document_title": "facts.txt"}
    content = [
        {"type": "text", "text": "It is red.", "citations": [citation]},
        {"type": "text", "text": "Thus."},
    ]
    answer = {"type": "message", "role": "assistant", "model": "claude", "content": content}
    url = "https://api.anthropic.com/v1/messages"
    view.set_reading(reading_of(interaction_of(json.dumps(answer), content_type="application/json", url=url)))
    blocks = {}
    block = view.page.document().firstBlock()
    while block.isValid():
        blocks[block.text()] = block.blockFormat().hasProperty(CARD)
        block = block.next()
    assert blocks["Ruby is red."]
    assert not blocks["It is red."]
    assert not blocks["Thus."]


@pytest.mark.parametrize("body", [TOOL_CALL, answer_in(WEATHER, reasoning=THOUGHT), answer_in(WEATHER)])
def test_the_top_keeps_its_distance(view: TranscriptView, body: str) -> None:
    """A card at the top once stood closer to the tabs than a text does."""
    view.set_reading(reading_of(interaction_of(body)))
    document = view.page.document()
    is_card = document.begin().blockFormat().hasProperty(CARD)
    top = view.page.block_area(document.begin()).top() - (steps(2) if is_card else 0)
    assert top == pytest.approx(document.documentMargin(), abs=1)


def test_a_line_of_figures_breaks_between_them(view: TranscriptView) -> None:
    """`Finish` stood on one line, and its value on the next."""
    view.set_reading(reading_of(interaction_of(answer_in(WEATHER))))
    figures = view.page.document().lastBlock().text()
    assert "Finish\u00a0stop" in figures
    assert "\u2003 Finish" in figures


def test_a_long_answer_begins_at_its_start(qtbot: QtBot) -> None:
    """Shown before the window was, it once stood scrolled to its end."""
    view = TranscriptView(load_theme("light"))
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.set_reading(reading_of(interaction_of(answer_in(["word " * 40 + "\n\n"] * 40))))
    view.show()
    qtbot.waitExposed(view)
    settle(qtbot, view)
    assert view.page.verticalScrollBar().maximum() > 300
    assert view.page.verticalScrollBar().value() == 0
