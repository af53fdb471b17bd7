from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from viewer.stream.resources import (
    Embeddings,
    ErrorMessage,
    Images,
    Listing,
    Moderation,
    Picture,
    Sound,
    Value,
    Vector,
    Verdict,
)
from viewer.stream.sound import Shape
from viewer.stream.transcript import Media
from viewer.ui.theme import load_theme
from viewer.ui.value_view import ValueView


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (ErrorMessage(429, "slow down"), ["Error 429", "slow down"]),
        (Embeddings((Vector(1536, 1.0, (0.25, -0.5)),)), ["1536 numbers, norm 1.0000", "0.25, -0.5"]),
        (
            Images((Media("image", url="https://e.test/a.png"),), ("a cat",)),
            ["https://e.test/a.png", "a cat"],
        ),
        (Picture("image/png", b"broken"), ["image/png", "6 B"]),
        (Sound("audio/mpeg", b"12345", Shape(2.5)), ["audio/mpeg", "2.50 s", "5 B"]),
        (Sound("audio/x", b"", Shape()), ["length unknown"]),
        (
            Moderation((Verdict(True, (("hate", True, 0.9), ("other", False, None))),)),
            ["Flagged", "hate", "0.900000"],
        ),
        (Listing(("id", "size"), (("m-1", "7"), ("m-2", ""))), ["2 in the list", "m-1", "size 7", "m-2"]),
    ],
)
def test_each_value_says_what_it_is(qtbot: QtBot, value: Value, said: list[str]) -> None:
    view = ValueView(load_theme("light"))
    qtbot.addWidget(view)
    view.show_value(value)
    shown = view.page.toPlainText()
    assert all(text in shown for text in said), shown
    view.show_value(None)
    assert view.page.toPlainText() == ""
