"""The empty window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from viewer.ui.theme import load_theme
from viewer.ui.welcome import RecentButton, Welcome


def test_it_says_how_to_open(qtbot: QtBot) -> None:
    welcome = Welcome(load_theme("light"))
    qtbot.addWidget(welcome)
    assert any("Ctrl+O" in label.text() for label in welcome.findChildren(QLabel))


@pytest.mark.parametrize("width", [400, 1280])
def test_recent_files_stand_in_one_column(qtbot: QtBot, width: int) -> None:
    """Each stood in the middle, and a long folder was cut off where its last part begins."""
    welcome = Welcome(load_theme("light"))
    qtbot.addWidget(welcome)
    welcome.resize(width, 700)
    welcome.show()
    paths = [Path("/a/b.yaml"), Path("/" + "folder/" * 40 + "last/" + "name" * 40 + ".yaml")]
    welcome.show_recent(paths)
    buttons = welcome.findChildren(RecentButton)
    assert [button.text() for button in buttons] == [path.name for path in paths]
    qtbot.waitUntil(lambda: buttons[1].y() > buttons[0].y())
    assert len({(button.x(), button.width()) for button in buttons}) == 1
    assert welcome.rect().contains(buttons[1].geometry())


def test_a_recent_file_is_chosen_by_keys(qtbot: QtBot) -> None:
    welcome = Welcome(load_theme("dark"))
    qtbot.addWidget(welcome)
    welcome.show_recent([Path("/a.yaml")])
    chosen: list[Path] = []
    welcome.recent_chosen.connect(chosen.append)
    button = welcome.findChildren(RecentButton)[0]
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert chosen == [Path("/a.yaml")]
    welcome.show_recent([])
    qtbot.waitUntil(lambda: not welcome.findChildren(RecentButton))
