"""Finding: the same matches as a plain search, in slices, and a pattern that runs away is stopped."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.hostile import at_once
from viewer.ui.code_view import CodeView, FindBar
from viewer.ui.code_view import finder as finder_module
from viewer.ui.code_view.finder import Finder, Query


@pytest.fixture
def view(qtbot: QtBot) -> CodeView:
    view = CodeView()
    qtbot.addWidget(view)
    return view


@pytest.fixture
def bar(view: CodeView, qtbot: QtBot) -> Iterator[FindBar]:
    window = QWidget()
    qtbot.addWidget(window)
    bar = FindBar(view)
    layout = QVBoxLayout(window)
    layout.addWidget(view)
    layout.addWidget(bar)
    window.resize(600, 400)
    window.show()
    view.setFocus()
    yield bar
    window.hide()


def found(finder: Finder, query: Query) -> list[tuple[int, int]]:
    finder.set_query(query)
    finder.restart()
    while finder.is_searching:
        finder._slice()
    return [finder.match(index) for index in range(finder.count)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.text(alphabet="aAbé🎉\n\ud800", max_size=60),
    st.text(alphabet="aAb🎉", min_size=1, max_size=3),
    st.booleans(),
)
def test_finds_what_a_plain_search_finds(view: CodeView, text: str, wanted: str, case: bool) -> None:
    view.set_text(text)
    flags = re.IGNORECASE * (not case)
    spans = [match.span() for match in re.finditer(re.escape(wanted), text, flags)]
    assert found(view.finder, Query(wanted, case=case)) == spans
    assert found(view.finder, Query(re.escape(wanted), case=case, pattern=True)) == spans


def test_matches_at_the_edges_of_slices(view: CodeView, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finder_module, "_WINDOW", 7)
    text = "abc" * 50 + "\n" + "abc" * 50
    view.set_text(text)
    assert len(found(view.finder, Query("cabc"))) == len(re.findall("cabc", text))


def test_a_runaway_pattern_is_stopped(view: CodeView) -> None:
    view.set_text("a" * 5000 + "b\n")
    assert found(view.finder, Query("(a+)+$", pattern=True)) == []
    assert "too long" in view.finder.error


def test_a_pattern_that_is_slow_at_every_character_is_stopped(view: CodeView) -> None:
    """It stayed just below the limit at each of them: fourteen seconds, in which the window did not answer."""
    view.set_text('    "k1000000": 1,\n' * 3600)
    with at_once():
        assert found(view.finder, Query(r"(\w+\s*)+$|(a+)+b|(.*)*x", pattern=True)) == []
    assert "too long" in view.finder.error


def test_a_usual_pattern_has_room_enough(view: CodeView) -> None:
    view.set_text('"a key": "a value", ' * 3000 + '"id"\n')
    assert len(found(view.finder, Query(r'"a key":.*"id"', pattern=True))) == 1
    assert len(found(view.finder, Query(r'("a [a-z]+"(: |, ))+"id"', pattern=True))) == 1


def test_a_broken_pattern_says_so(view: CodeView) -> None:
    view.set_text("abc")
    assert found(view.finder, Query("(", pattern=True)) == []
    assert view.finder.error


def test_too_many_matches_are_counted_up_to_a_bound(view: CodeView, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finder_module, "MOST", 10)
    view.set_text("a" * 50)
    assert len(found(view.finder, Query("a"))) == 10
    assert view.finder.is_full


def test_bar_counts_and_steps(bar: FindBar, view: CodeView, qtbot: QtBot) -> None:
    view.set_text("one two\nONE two\none")
    view.find_requested.emit()
    QTest.keyClicks(bar.field, "one")
    qtbot.waitUntil(lambda: bar.count.text() == "1 of 3")
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert bar.count.text() == "2 of 3"
    assert view.selection == (8, 11)
    QTest.keyClick(bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert bar.count.text() == "3 of 3"
    bar.case.click()
    qtbot.waitUntil(lambda: bar.count.text().endswith("of 2"))
    bar.field.setText("absent")
    qtbot.waitUntil(lambda: bar.count.text() == "No matches")


def test_escape_closes_the_bar(bar: FindBar, view: CodeView, qtbot: QtBot) -> None:
    view.set_text("one two")
    view.select(0, 3)
    bar.open()
    assert bar.field.text() == "one"
    with qtbot.waitSignal(bar.closed):
        QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert view.hasFocus()
    assert not view.finder.count


def test_finding_does_not_end_an_edit(bar: FindBar, view: CodeView, qtbot: QtBot) -> None:
    view.set_text("one two")
    view.set_read_only(False)
    view.begin_edit()
    QTest.keyClicks(view, "x")
    bar.open()
    assert bar.field.hasFocus()
    assert view.is_editing
    other = QWidget(bar.window())
    other.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    other.show()
    with qtbot.waitSignal(view.edit_committed):
        other.setFocus()


def test_matches_follow_an_edit(view: CodeView) -> None:
    view.set_text("one two one")
    assert len(found(view.finder, Query("one"))) == 2
    view.set_read_only(False)
    view.begin_edit()
    view.type_text("one ")
    while view.finder.is_searching:
        view.finder._slice()
    assert view.finder.match(1) == (4, 7)
