from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.samples import TOOL_CALL, answer_in, interaction_of, reading_of
from viewer.ui.event_kinds import EventTint
from viewer.ui.grid import steps
from viewer.ui.player import Player
from viewer.ui.replay_bar import ReplayBar
from viewer.ui.theme import load_theme


@pytest.fixture
def player(qtbot: QtBot) -> Iterator[Player]:
    made = Player()
    yield made
    made.pause()


@pytest.fixture
def bar(qtbot: QtBot, player: Player) -> ReplayBar:
    made = ReplayBar(load_theme("dark"), player)
    qtbot.addWidget(made)
    made.resize(480, 70)
    made.show()
    show(made, player, answer_in(["a", "b", "c"], reasoning=["hm"]))
    return made


def show(bar: ReplayBar, player: Player, body: str, duration: float | None = 2.0) -> None:
    reading = reading_of(interaction_of(body, duration=duration))
    player.load(reading.timeline)
    bar.show_reading(reading)


def test_the_figures_of_a_replay(bar: ReplayBar, player: Player) -> None:
    assert bar._event.text() == "event 8 of 8"
    assert bar._time.text() == "2.00 / 2.00 s"
    assert bar._source.text() == "times estimated"
    assert bar._first.text().startswith("first token 0.")
    assert bar._rate.text().endswith("tok/s")
    player.seek_event(2)
    assert bar._event.text() == "event 3 of 8"


def test_a_recording_without_times_says_so(bar: ReplayBar, player: Player) -> None:
    show(bar, player, answer_in(["a"]), None)
    assert bar._source.text() == "times unknown"
    assert (bar._first.text(), bar._rate.text()) == ("", "")


def test_figures_that_do_not_fit_are_left_out(player: Player, qtbot: QtBot) -> None:
    """They made the response four hundred pixels wide at least, and the request got what was left of a window."""
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(700, 100)
    bar = ReplayBar(load_theme("dark"), player, host)
    bar.resize(480, 70)
    host.show()
    show(bar, player, answer_in(["a", "b", "c"], reasoning=["hm"]))
    assert bar._first.isVisible()
    assert bar._rate.isVisible()
    least = bar.minimumSizeHint().width()
    assert least < steps(72)
    bar.resize(least, bar.height())
    assert not bar._rate.isVisible()
    assert not bar._time.isVisible()
    left = (bar._event, bar._source)
    qtbot.waitUntil(lambda: all(label.width() >= label.sizeHint().width() for label in left))
    bar.resize(600, bar.height())
    assert bar._rate.isVisible()
    assert bar._time.isVisible()


def test_a_click_on_the_slider_seeks(bar: ReplayBar, player: Player) -> None:
    slider = bar.slider
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() // 2, slider.height() // 2))
    assert 0.9 < player.seconds < 1.1
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(0, 5))
    assert player.event_index == -1


def test_page_keys_on_the_slider_seek(bar: ReplayBar, player: Player) -> None:
    bar.slider.setFocus()
    QTest.keyClick(bar.slider, Qt.Key.Key_PageDown)
    assert player.seconds == pytest.approx(1.8, abs=0.01)


def test_the_buttons_drive_the_player(bar: ReplayBar, player: Player) -> None:
    QTest.mouseClick(bar._start, Qt.MouseButton.LeftButton)
    assert player.event_index == -1
    QTest.mouseClick(bar._forward, Qt.MouseButton.LeftButton)
    assert player.event_index == 0
    QTest.mouseClick(bar.play_button, Qt.MouseButton.LeftButton)
    assert player.is_playing
    assert "Pause" in bar.play_button.accessibleName()
    QTest.mouseClick(bar.play_button, Qt.MouseButton.LeftButton)
    assert not player.is_playing


def test_the_menu_sets_speed_loop_and_longest_wait(bar: ReplayBar, player: Player) -> None:
    actions = {action.text(): action for action in bar._menu.actions()}
    actions["4×"].trigger()
    assert player.speed == 4
    assert bar.speed_button.text() == "4× ▾"
    actions["Loop"].trigger()
    assert player.loops


def test_events_are_tinted_by_what_they_bring(bar: ReplayBar, player: Player) -> None:
    assert bar.tints[1:5] == [EventTint.REASONING, EventTint.TEXT, EventTint.TEXT, EventTint.TEXT]
    show(bar, player, TOOL_CALL)
    assert bar.tints[1:4] == [EventTint.TOOL] * 3
    assert bar.tints[-1] is EventTint.REST
