"""Text of all scripts while it plays: nothing that was cut between two events is ever seen in halves."""

from __future__ import annotations

import json

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.samples import answer_in, chunk, interaction_of, reading_of, stream_of
from viewer.ui.theme import load_theme
from viewer.ui.transcript_view import TranscriptView

FAMILY = "👩\u200d👩\u200d👧"
PIECES = {
    "right to left": ["שלום ", "עולם", "! مرحبا", " بالعالم"],
    "cjk": ["日", "本", "語で", "す。𠮷", "野家"],
    "combining": ["e", "\u0301", "a\u0308", "ก", "ำ", "\u0e49", "न", "\u093f"],
    "emoji": ["👩", "\u200d", "👩\u200d", "👧", " 🇧", "🇷 👍", "🏽"],
    "mixed": ["**bold", " 😀** ", "`𝒳", "` שלום"],
}


@pytest.mark.parametrize("pieces", PIECES.values(), ids=PIECES)
def test_what_has_come_is_shown_and_nothing_else(qtbot: QtBot, pieces: list[str]) -> None:
    """After each event the page holds the pieces so far, forwards, backwards and from anywhere."""
    view = made(qtbot, answer_in(pieces))
    forwards = list(range(1, len(pieces) + 1))
    for event in [*forwards, *reversed(forwards), len(pieces), 1, len(pieces)]:
        view.show_event(event)
        assert "".join(pieces[:event]) in view.page.toPlainText()
        assert "\ufffd" not in view.page.toPlainText()
        assert "".join(pieces[: event + 1]) not in view.page.toPlainText() or event == len(pieces)


@pytest.mark.parametrize("text", ["a😀b", FAMILY, "𝒳𠮷🇧🇷"])
@pytest.mark.parametrize("split", [1, 2, 3])
def test_surrogate_pairs_cut_between_payloads_appear_whole(qtbot: QtBot, text: str, split: int) -> None:
    """`\\ud83d` in one payload and `\\ude00` in the next, as servers write that cut UTF-16 anywhere."""
    units = text.encode("utf-16-le")
    cut = [units[at : at + 2 * split] for at in range(0, len(units), 2 * split)]
    pieces = [piece.decode("utf-16-le", "surrogatepass") for piece in cut]
    body = "".join(f"data: {json.dumps(chunk({'content': piece}))}\n\n" for piece in pieces)
    assert "\\ud" in body
    view = made(qtbot, body)
    for event in range(len(pieces)):
        view.show_event(event)
        shown = b"".join(cut[: event + 1]).decode("utf-16-le", "ignore")
        assert view.page.toPlainText().startswith(shown)
        assert "\ufffd" not in view.page.toPlainText()
    assert view.page.toPlainText().startswith(text)


def test_a_half_that_never_becomes_whole_is_shown_as_one_mark(qtbot: QtBot) -> None:
    """The stream was cut off."""
    view = made(qtbot, stream_of([chunk({"content": "a"})]).replace('"a"', '"a\\ud83d"'))
    assert view.page.toPlainText().startswith("a\ufffd")


def test_lines_run_in_the_direction_of_their_text(qtbot: QtBot) -> None:
    """Qt tells it from each line's first strong letter."""
    view = made(qtbot, answer_in(["שלום\n", "hello"]))
    first = view.page.document().firstBlock()
    assert first.textDirection().name == "RightToLeft"
    assert first.next().textDirection().name == "LeftToRight"


def made(qtbot: QtBot, body: str) -> TranscriptView:
    """A view of an answer as it was written, without Markdown."""
    view = TranscriptView(load_theme("light"))
    qtbot.addWidget(view)
    view.set_markdown(False)
    view.resize(400, 400)
    view.show()
    qtbot.waitExposed(view)
    view.set_reading(reading_of(interaction_of(body)))
    return view
