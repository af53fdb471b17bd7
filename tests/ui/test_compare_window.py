"""The window that compares two recordings, driven as a person does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.compare.recordings import LEFT, RIGHT, recording
from viewer.cassette.cassette import Cassette
from viewer.document.tasks import end_all, pending_jobs
from viewer.ui.compare.recording import Excerpt, Recording
from viewer.ui.compare.side_view import SideView
from viewer.ui.compare_window import CompareWindow
from viewer.ui.keys_dialog import KeysDialog
from viewer.ui.settings import Settings
from viewer.ui.theme import AppTheme, ThemeChoice


@pytest.fixture
def app_theme(qapp: QApplication) -> Iterator[AppTheme]:
    before = qapp.palette()
    theme = AppTheme(qapp, ThemeChoice.LIGHT)
    yield theme
    theme.deleteLater()
    qapp.setPalette(before)


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, app_theme: AppTheme) -> Iterator[CompareWindow]:
    settings = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    result = CompareWindow(settings, app_theme)
    qtbot.addWidget(result)
    result.resize(1280, 800)
    with qtbot.waitExposed(result):
        result.show()
    yield result
    result.close()
    end_all()


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    left, right = tmp_path / "left.yaml", tmp_path / "right.yaml"
    left.write_text(LEFT, encoding="utf-8")
    right.write_text(RIGHT, encoding="utf-8")
    return left, right


def settle(window: CompareWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.is_settled and not pending_jobs(), timeout=10_000)


def compare(window: CompareWindow, qtbot: QtBot, left: Recording, right: Recording) -> None:
    window.compare(left, right)
    settle(window, qtbot)


def test_two_interactions_of_one_cassette(
    window: CompareWindow, qtbot: QtBot, files: tuple[Path, Path]
) -> None:
    cassette = Cassette.open(files[0])
    compare(window, qtbot, Excerpt(cassette, 0), Excerpt(cassette, 1))
    assert len(window.pairs.model.lines) == 1
    assert window.windowTitle() == "left.yaml #0 ↔ left.yaml #1"
    assert window.status.place.text().startswith("difference 1 of ")


def listed(window: CompareWindow) -> list[str]:
    model = window.pairs.model
    return [
        f"{model.index(row).data()} {model.index(row).data(Qt.ItemDataRole.AccessibleTextRole)}"
        for row in range(model.rowCount())
    ]


def test_pairs_are_listed_with_what_differs(
    window: CompareWindow, qtbot: QtBot, files: tuple[Path, Path]
) -> None:
    compare(window, qtbot, *files)
    spoken = [line.spoken for line in window.pairs.model.lines]
    assert spoken == [
        "same, GET, models, api.example.com, 0 ↔ 0, same",
        "changed, POST, chat/completions, api.example.com, 1 ↔ 1, answer differs · 1 header",
        "noise, POST, chat/completions, api.example.com, 2 ↔ 2, same but for noise",
        "added, POST, embeddings, api.example.com, – ↔ 3, only on the right",
    ]
    assert window.status.pairs.text() == "4 interactions paired: 1 changed, 1 same, 1 noise, 1 added"


def test_the_first_difference_is_shown_at_once(
    window: CompareWindow, qtbot: QtBot, files: tuple[Path, Path]
) -> None:
    compare(window, qtbot, *files)
    assert window.tab == "answer"
    assert window.panes.left.text() == "Olá! Como posso ajudar?\n\n[finish: stop]"
    assert window.panes.right.text() == "Oi! Como posso ajudar?\n\n[finish: stop]"
    assert window.status.place.text() == "difference 1 of 1"
    assert [heading.name for heading in window.panes.headings] == ["left.yaml", "right.yaml"]
    assert window.figures.text == "Duration 1.50 s → 1.71 s, Tokens 24 → 26, Finish stop"


def test_next_walks_on_to_other_pairs_and_previous_comes_back(
    window: CompareWindow, qtbot: QtBot, files: tuple[Path, Path]
) -> None:
    compare(window, qtbot, *files)
    QTest.keyClick(window, Qt.Key.Key_F8)
    settle(window, qtbot)
    assert window.panes.headings[1].name == "right.yaml"
    assert window.pairs.view.currentIndex().row() == 3
    QTest.keyClick(window, Qt.Key.Key_F8)
    settle(window, qtbot)
    assert window.status.currentMessage() == "There is no further difference."
    QTest.keyClick(window, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    settle(window, qtbot)
    assert window.pairs.view.currentIndex().row() == 1
    assert window.tab == "answer"


def test_a_difference_far_out_in_a_line_is_scrolled_to(
    window: CompareWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    """Next marked its line and left it out of sight."""
    paths = tmp_path / "a.yaml", tmp_path / "b.yaml"
    for path, word in zip(paths, ("red", "blue"), strict=True):
        path.write_text(recording(f"{word} " + "x" * 400 + f" {word}"), encoding="utf-8")
    compare(window, qtbot, *paths)
    window.select_tab("yaml")
    settle(window, qtbot)
    bars = [view.horizontalScrollBar() for view in window.panes.views]
    assert [bar.value() for bar in bars] == [0, 0]
    assert window.panes.go_to(0, sideways=True)
    area = window.panes.left.area_of(window.panes.left.text().index("red"))
    assert window.panes.left.viewport().rect().contains(area.toRect())
    assert bars[0].value() == bars[1].value()


def test_noise_is_walked_to_once_it_is_not_muted(
    window: CompareWindow, qtbot: QtBot, files: tuple[Path, Path]
) -> None:
    compare(window, qtbot, *files)
    window.select_pair(2)
    settle(window, qtbot)
    assert window.select_tab("body")
    settle(window, qtbot)
    assert window.status.place.text() == "no difference but noise"
    assert window.actions_by_name["mute"].iconText() == "Mute noise · 1 muted"
    window.actions_by_name["mute"].trigger()
    settle(window, qtbot)
    assert window.panes.stop_count == 1
    assert window.actions_by_name["mute"].iconText() == "Mute noise"


def test_tabs_by_name_by_click_and_by_key(
    window: CompareWindow, qtbot: QtBot, files: tuple[Path, Path]
) -> None:
    compare(window, qtbot, *files)
    assert window.tabs == ["answer", "request", "body", "headers", "yaml"]
    assert window.select_tab("headers")
    settle(window, qtbot)
    assert window.tab == "headers"
    QTest.mouseClick(window.tab_bar, Qt.MouseButton.LeftButton, pos=window.tab_bar.tabRect(2).center())
    settle(window, qtbot)
    assert window.tab == "body"
    QTest.keyClick(window, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    settle(window, qtbot)
    assert window.tab == "headers"
    assert not window.select_tab("query")


def test_a_tab_can_be_chosen_while_its_pair_is_on_its_way(
    window: CompareWindow, qtbot: QtBot, files: tuple[Path, Path]
) -> None:
    """What `--select 3 --tab headers` does."""
    compare(window, qtbot, *files)
    window.select_pair(3)
    assert not window.select_tab("answer")
    assert window.select_tab("headers")
    settle(window, qtbot)
    assert window.tab == "headers"
    assert window.panes.right.text().startswith("POST https://api.example.com/v1/embeddings")


def test_lines_wrap_beside_each_other(window: CompareWindow, qtbot: QtBot, tmp_path: Path) -> None:
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_text(recording("many words " * 60 + "\nend"), encoding="utf-8")
    two.write_text(recording("few words\nend"), encoding="utf-8")
    compare(window, qtbot, one, two)
    left, right = window.panes.views

    def row_of_end(view: SideView) -> int:
        return view.page.rows.top(view.text().split("\n").index("end"))

    assert row_of_end(left) == row_of_end(right) > 4
    assert left.horizontalScrollBar().maximum() == 0
    before = row_of_end(left)
    window.resize(800, 700)
    qtbot.waitUntil(lambda: row_of_end(left) == row_of_end(right) > before)
    window.actions_by_name["wrap"].trigger()
    assert row_of_end(left) == row_of_end(right) == 1
    assert left.horizontalScrollBar().maximum() > 0


def test_both_sides_scroll_and_zoom_as_one(window: CompareWindow, qtbot: QtBot, tmp_path: Path) -> None:
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    lines = [f"line {number} " + "x" * 200 for number in range(300)]
    one.write_text(recording("\n".join(lines)), encoding="utf-8")
    two.write_text(recording("\n".join([*lines[:100], "new", "newer", *lines[100:]])), encoding="utf-8")
    compare(window, qtbot, one, two)
    window.actions_by_name["wrap"].setChecked(False)
    left, right = window.panes.views
    left.verticalScrollBar().setValue(1000)
    assert right.verticalScrollBar().value() == 1000
    right.horizontalScrollBar().setValue(77)
    assert left.horizontalScrollBar().value() == 77
    left.verticalScrollBar().setValue(left.verticalScrollBar().maximum())
    assert right.verticalScrollBar().value() == right.verticalScrollBar().maximum()
    height = left.row_height
    window.actions_by_name["zoom_in"].trigger()
    assert left.row_height == right.row_height > height
    middle = round(window.panes.overview.y_of(151))
    QTest.mouseClick(window.panes.overview, Qt.MouseButton.LeftButton, pos=QPoint(4, middle))
    first, fitting = left.rows_in_view()
    assert abs(first + fitting / 2 - 151) < 3


def test_a_pair_without_an_answer_has_no_answer_tab(
    window: CompareWindow, qtbot: QtBot, files: tuple[Path, Path]
) -> None:
    compare(window, qtbot, *files)
    window.select_pair(3)
    settle(window, qtbot)
    assert "answer" not in window.tabs
    assert window.panes.left.text() == ""
    assert "input" in window.panes.right.text()
    with pytest.raises(IndexError):
        window.select_pair(4)


def test_its_keys_are_listed_on_f1(window: CompareWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_F1)
    (dialog,) = window.findChildren(KeysDialog)
    assert any("Next Difference" in label.text() for label in dialog.findChildren(QLabel))
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_swapping_the_sides(window: CompareWindow, qtbot: QtBot, files: tuple[Path, Path]) -> None:
    compare(window, qtbot, *files)
    window.actions_by_name["swap"].trigger()
    settle(window, qtbot)
    assert (window.tab, window.pairs.view.currentIndex().row()) == ("answer", 1)
    assert window.panes.right.text().startswith("Olá!")
    assert [heading.name for heading in window.panes.headings] == ["right.yaml", "left.yaml"]


def test_open_cassettes_are_compared_as_they_are_now(
    window: CompareWindow, qtbot: QtBot, files: tuple[Path, Path]
) -> None:
    opened = Cassette.open(files[0])
    compare(window, qtbot, files[0], opened)
    assert window.notice.text == "The two recordings are identical, byte for byte."
    assert [heading.name for heading in window.panes.headings] == ["left.yaml", "left.yaml (open)"]


def test_the_tab_of_the_entries_text_is_named_as_the_files_are_written(
    window: CompareWindow, qtbot: QtBot, files: tuple[Path, Path]
) -> None:
    in_json = files[0].with_suffix(".json")
    in_json.write_text(json.dumps(yaml.safe_load(files[0].read_text(encoding="utf-8"))), encoding="utf-8")
    for left, right, title in ((*files, "YAML"), (in_json, in_json, "JSON"), (files[0], in_json, "Text")):
        compare(window, qtbot, left, right)
        assert [window.tab_bar.tabText(at) for at in range(window.tab_bar.count())][-1] == title


def labels_of(page: QWidget) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel)]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "There is no such file"),
        ("", "The file is empty"),
        ("name: build\nsteps: [one, two]\n", "no cassette"),
        ("interactions: [\n  a: }\n", "Line 2"),
    ],
)
def test_a_file_that_cannot_be_opened_is_told_kindly(
    window: CompareWindow, qtbot: QtBot, files: tuple[Path, Path], content: str | None, told: str
) -> None:
    broken = files[1].with_name("broken.yaml")
    if content is not None:
        broken.write_text(content, encoding="utf-8")
    compare(window, qtbot, files[0], broken)
    page, other = window.error_pages
    assert window.actions_by_name["mute"].iconText() == "Mute noise"  # as beside two that were opened
    assert page.isVisible()
    assert not other.isVisible()
    words = labels_of(page)
    assert "broken.yaml could not be opened" in words
    assert any(told in word for word in words), words
    window.actions_by_name["next"].trigger()
    window.actions_by_name["swap"].trigger()
    settle(window, qtbot)
    assert page.isVisible()


def test_two_files_that_cannot_be_opened_are_told_side_by_side(
    window: CompareWindow, qtbot: QtBot, files: tuple[Path, Path]
) -> None:
    """Of the right one only the status line told, without its name."""
    missing, empty = (files[0].with_name(name) for name in ("missing.yaml", "empty.yaml"))
    empty.touch()
    compare(window, qtbot, missing, empty)
    left, right = window.error_pages
    assert left.isVisible()
    assert right.isVisible()
    assert abs(left.width() - right.width()) <= 1
    assert left.x() < right.x()
    assert "missing.yaml could not be opened" in labels_of(left)
    assert "empty.yaml could not be opened" in labels_of(right)


def test_an_entry_that_cannot_be_read_is_told_and_shown_as_text(
    window: CompareWindow, qtbot: QtBot, files: tuple[Path, Path]
) -> None:
    files[1].write_text(RIGHT.replace("proto: HTTP/2.0", "proto: {HTTP/2.0", 1), encoding="utf-8")
    compare(window, qtbot, *files)
    unread = next(line for line in window.pairs.model.lines if line.numbers == "– ↔ 0")
    window.select_pair(unread.index)
    settle(window, qtbot)
    assert window.tabs == ["yaml"]
    assert window.notice.text.startswith("right.yaml: ")
    assert "line " in window.notice.text
    window.select_pair(unread.index + 1)
    settle(window, qtbot)
    assert window.notice.text == ""


def test_filtering_the_pairs(window: CompareWindow, qtbot: QtBot, files: tuple[Path, Path]) -> None:
    compare(window, qtbot, *files)
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(window.pairs.filter_field, "embed")
    assert listed(window) == [
        "POST embeddings added, POST, embeddings, api.example.com, – ↔ 3, only on the right"
    ]
    QTest.keyClick(window.pairs.filter_field, Qt.Key.Key_Down)
    settle(window, qtbot)
    assert "input" in window.panes.right.text()
    QTest.keyClick(window.pairs.filter_field, Qt.Key.Key_Escape)
    assert len(listed(window)) == 4


def test_finding_goes_through_both_sides(
    window: CompareWindow, qtbot: QtBot, files: tuple[Path, Path]
) -> None:
    compare(window, qtbot, *files)
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(window.find_field, "posso")
    qtbot.waitUntil(lambda: window.status.found.text() == "found 1 left, 1 right")
    found = []
    for _ in range(3):
        QTest.keyClick(window.find_field, Qt.Key.Key_Return)
        found.append((window.panes.active is window.panes.left, window.panes.active.selected_text()))
    assert found == [(True, "posso"), (False, "posso"), (True, "posso")]
    QTest.keyClick(window.find_field, Qt.Key.Key_Escape)
    assert window.find_field.text() == ""


def test_the_theme_changes_live(
    window: CompareWindow, qtbot: QtBot, files: tuple[Path, Path], app_theme: AppTheme
) -> None:
    compare(window, qtbot, *files)
    app_theme.choose(ThemeChoice.DARK)

    def is_dark() -> bool:
        image = window.grab().toImage()
        spots = QPoint(40, 500), QPoint(600, 600), QPoint(600, 40)
        return all(image.pixelColor(spot).lightness() < 80 for spot in spots)

    qtbot.waitUntil(is_dark)


def test_cancelling_and_comparing_again(
    window: CompareWindow, qtbot: QtBot, files: tuple[Path, Path]
) -> None:
    window.compare(*files)
    window.work.cancelled.emit()
    assert window.work.text.text() == "The comparison was cancelled."
    assert window.is_settled
    window.work.button.click()
    settle(window, qtbot)
    assert window.tab == "answer"


def test_recordings_that_hold_nothing(window: CompareWindow, qtbot: QtBot, tmp_path: Path) -> None:
    empty = tmp_path / "empty.yaml"
    empty.write_text("---\nversion: 2\ninteractions: []\n", encoding="utf-8")
    compare(window, qtbot, empty, empty)
    assert window.notice.text == "Neither recording holds an interaction."
    window.actions_by_name["next"].trigger()
    settle(window, qtbot)


def test_every_real_re_recording_can_be_walked_through(
    window: CompareWindow, qtbot: QtBot, corpus: Path
) -> None:
    walked = 0
    for folder in sorted((corpus / "pairs").iterdir())[::4]:
        files = [*folder.glob("before*"), *folder.glob("after*")] if folder.is_dir() else []
        if len(files) != 2:
            continue
        compare(window, qtbot, *files)
        for tab in window.tabs:
            assert window.select_tab(tab)
            settle(window, qtbot)
            left, right = window.panes.views
            assert left.page.rows.total == right.page.rows.total
        window.next()
        settle(window, qtbot)
        walked += 1
    assert walked > 6


def test_two_recordings_made_here(window: CompareWindow, qtbot: QtBot, tmp_path: Path) -> None:
    """Line by line beside each other: equal lines have equal rows."""
    one, two = tmp_path / "a" / "x.yaml", tmp_path / "b" / "x.yaml"
    for path, answer in ((one, "first\nsecond\nthird"), (two, "zero\nfirst\nthird\nfourth")):
        path.parent.mkdir()
        path.write_text(recording(answer), encoding="utf-8")
    compare(window, qtbot, one, two)
    left, right = window.panes.views
    rows = [
        {line: view.page.rows.top(number) for number, line in enumerate(view.text().split("\n"))}
        for view in (left, right)
    ]
    for line in ("first", "third", "[finish: stop]"):
        assert rows[0][line] == rows[1][line]
    assert [heading.name for heading in window.panes.headings] == ["a/x.yaml", "b/x.yaml"]
