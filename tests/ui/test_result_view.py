"""The first tab of answers without words."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from tests.ui.pictures import png
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
from viewer.ui.result_table import METER, RowsModel, Table, shown_cell
from viewer.ui.result_view import ResultView, files_of
from viewer.ui.sparkline import Sparkline
from viewer.ui.theme import load_theme

SOUND = Sound("audio/mpeg", b"12345", Shape(2.5, 44_100, 1))


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[ResultView]:
    view = ResultView(load_theme("light"))
    qtbot.addWidget(view)
    view.resize(420, 500)
    view.show()
    qtbot.waitExposed(view)
    yield view
    qtbot.waitUntil(lambda: not view.is_decoding)


def show(qtbot: QtBot, view: ResultView, value: Value) -> str:
    """Shows a value; everything that can then be read on it."""
    view.show_value(value)
    qtbot.waitUntil(lambda: not view.is_decoding)
    rows = view.table.rows
    cells = [cell for row in range(rows.rowCount()) for cell in rows.line(row)]
    return "\n".join([view.title.text(), view.detail.text(), view.text(), *cells])


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (ErrorMessage(429, "slow down", (("type", "rate"),)), ["Error 429", "slow down", "type  rate"]),
        (ErrorMessage(None, ""), ["Error", "says nothing more"]),
        (
            Embeddings((Vector(1536, 1.0, (0.25, -0.5)), Vector(1536, 1.0, (0.0, 1.0)))),
            ["2 vectors", "1536 dimensions · norm 1.0000", "0.25, -0.5"],
        ),
        (
            Images((Media("image", url="https://e.test/a.png"),), ("a cat",)),
            ["1 image", "https://e.test/a.png · not in the recording", "a cat"],
        ),
        (Picture("image/png", b"broken"), ["1 image", "image/png · 6 B"]),
        (SOUND, ["Sound, 2.50 s", "audio/mpeg", "44\u202f100 Hz", "mono", "5 B"]),
        (Sound("audio/x", b"", Shape()), ["Sound, unknown length"]),
        (
            Moderation((Verdict(True, (("hate", True, 0.9), ("other", False, None))),)),
            ["Flagged", "hate", "0.900000", "other"],
        ),
        (Moderation((Verdict(False, (("hate", False, 0.0),)),) * 2), ["Not flagged", "0 of 2 inputs"]),
        (
            Listing(("id", "created"), (("m-1", "1700000000"), ("m-2", ""))),
            ["2 in the list", "m-1", "2023-11-14 22:13:20", "m-2"],
        ),
        (
            Listing(("member", "value"), (("id", "b-1"), ("created_at", "1700000000")), "batch"),
            ["batch", "b-1", "2023-11-14 22:13:20"],
        ),
    ],
)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_value_says_what_it_is(
    qtbot: QtBot, view: ResultView, value: Value, said: list[str], theme: str
) -> None:
    """In words that can be selected and copied, in either theme."""
    shown = show(qtbot, view, value)
    view.set_theme(load_theme(theme))
    assert all(text in shown for text in said), shown
    assert view.text() in shown
    view.show_value(None)
    assert (view.title.text(), view.text()) == ("", "")


def test_pictures_are_decoded_from_the_recording_alone(qtbot: QtBot, view: ResultView) -> None:
    """Each with its size in pixels; Copy gives the picture."""
    encoded = base64.b64encode(png(30, 20)).decode()
    elsewhere = Media("image", url="https://e.test/a.png")
    said = show(qtbot, view, Images((Media("image/png", encoded), elsewhere)))
    assert "2 images" in said
    assert "30 × 20 · image/png · " in said
    assert "￼" in view.page.toPlainText()
    view.copy()
    assert QGuiApplication.clipboard().image().width() == 30


def test_a_picture_of_an_answer_left_behind_never_shows(qtbot: QtBot, view: ResultView) -> None:
    """Another interaction was chosen while it was decoded."""
    view.show_value(Picture("image/png", png(30, 20)))
    said = show(qtbot, view, ErrorMessage(500, "no"))
    assert "image" not in said


def test_vectors_have_a_face(qtbot: QtBot, view: ResultView) -> None:
    """The first vector's numbers as bars; other values have none."""
    show(qtbot, view, Embeddings((Vector(3, 1.0, (0.5, -1.0, 0.0)),)))
    assert view.sparkline.isVisible()
    up, down, zero = view.sparkline.bars()
    assert down.height() == pytest.approx(2 * up.height())
    assert up.bottom() == down.top() == zero.top()
    show(qtbot, view, Listing(("id",), (("a",),)))
    assert not view.sparkline.isVisible()


def test_a_sparkline_of_zeros_divides_by_nothing(qtbot: QtBot) -> None:
    line = Sparkline(load_theme("dark"))
    qtbot.addWidget(line)
    line.show_numbers([0.0, 0.0], "two")
    assert [bar.height() for bar in line.bars()] == [0.0, 0.0]


def test_lines_are_copied_as_they_are_shown(qtbot: QtBot, view: ResultView) -> None:
    """The chosen ones by Ctrl+C, all by the button where none is chosen."""
    show(qtbot, view, Listing(("id", "created"), (("m-1", "1700000000"), ("m-2", ""))))
    view.copy()
    assert QGuiApplication.clipboard().text() == "m-1\t2023-11-14 22:13:20\nm-2\t"
    view.table.selectRow(1)
    view.table.setFocus()
    QTest.keyClick(view.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "m-2\t"


def test_numbers_are_sorted_by_value() -> None:
    """And come before texts; the table's own order comes back."""
    model = RowsModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show(Table(("n",), (("10",), ("b",), ("9.5",), ("A",), ("1e-3",), ("",)), meter=None))
    ten = QPersistentModelIndex(model.index(0, 0))
    model.sort(0)
    assert ten.data() == "10"
    assert column(model) == ["1e-3", "9.5", "10", "", "A", "b"]
    model.sort(0, Qt.SortOrder.DescendingOrder)
    assert column(model) == ["b", "A", "", "10", "9.5", "1e-3"]
    model.sort(-1)
    assert column(model) == ["10", "b", "9.5", "A", "1e-3", ""]
    assert tester is not None


def column(model: QAbstractItemModel) -> list[str]:
    """The texts of the first column."""
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_scores_have_a_meter(qtbot: QtBot, view: ResultView) -> None:
    """The score alone; a score that was not told has none."""
    show(qtbot, view, Moderation((Verdict(True, (("hate", True, 0.9), ("other", False, None))),)))
    rows = view.table.rows
    assert [rows.index(0, at).data(METER) for at in range(3)] == [None, None, 0.9]
    assert rows.index(1, 2).data(METER) is None


def test_only_what_is_a_time_is_shown_as_one() -> None:
    assert shown_cell("created", "1700000000") == "2023-11-14 22:13:20"
    assert shown_cell("bytes", "1700000000") == "1700000000"
    assert shown_cell("created_at", "2024-01-01T00:00:00Z") == "2024-01-01T00:00:00Z"


def test_what_can_be_saved(tmp_path: Path, view: ResultView) -> None:
    """The sound or the pictures as recorded; several never over files that are there."""
    assert files_of(SOUND) == [("sound.mp3", b"12345")]
    assert files_of(Picture("image/png", b"x")) == [("image.png", b"x")]
    encoded = base64.b64encode(b"x").decode()
    elsewhere = Media("image", url="https://e.test/a.png")
    two = files_of(Images((Media("image/png", encoded), elsewhere, Media("image/jpeg", encoded))))
    assert two == [("image-1.png", b"x"), ("image-2.jpg", b"x")]
    view.show_value(SOUND)
    assert view.save_button.isVisible()
    view.save([(tmp_path / name, data) for name, data in two])
    assert (tmp_path / "image-2.jpg").read_bytes() == b"x"
    view.save([(tmp_path / "image-1.png", b"y"), (tmp_path / "image-3.png", b"y")])
    assert (tmp_path / "image-1.png").read_bytes() == b"x"
    assert "cannot be written" in view.notice.text
