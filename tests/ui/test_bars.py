"""Menus and toolbar."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QSettings, QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QToolBar, QToolButton
from pytestqt.qtbot import QtBot

from viewer.ui import icons
from viewer.ui.compare_window import CompareWindow
from viewer.ui.main_window import MainWindow
from viewer.ui.settings import Settings
from viewer.ui.theme import AppTheme, ThemeChoice


@pytest.fixture(params=[MainWindow, CompareWindow])
def window(request: pytest.FixtureRequest, qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> QMainWindow:
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    made: QMainWindow = request.param(Settings(store), AppTheme(qapp, ThemeChoice.LIGHT))
    qtbot.addWidget(made)
    made.show()
    return made


def menus(window: QMainWindow) -> list[QMenu]:
    found = [menu for menu in window.menuBar().findChildren(QMenu) if isinstance(menu, QMenu)]
    assert len(found) >= 3
    return found


def mnemonic(action: QAction) -> str:
    _, mark, behind = action.text().partition("&")
    return behind[:1].lower() if mark else ""


def test_every_entry_of_a_menu_has_a_letter_of_its_own(window: QMainWindow) -> None:
    for menu in menus(window):
        if menu.title() == "Open &Recent":
            continue  # files have names, which may hold anything
        entries = [action for action in menu.actions() if not action.isSeparator()]
        assert [action.text() for action in entries if not mnemonic(action)] == []
        letters = Counter(map(mnemonic, entries))
        assert [letter for letter, count in letters.items() if count > 1] == [], menu.title()


def test_no_key_does_two_things(window: QMainWindow) -> None:
    keys = Counter(
        keys.toString() for action in window.findChildren(QAction) for keys in set(action.shortcuts())
    )
    assert [key for key, count in keys.items() if count > 1] == []


def test_a_check_mark_is_not_hidden_behind_an_icon(window: QMainWindow, qtbot: QtBot) -> None:
    """Whether lines wrap could not be seen in the menu."""
    checkable = [action for action in window.findChildren(QAction) if action.isCheckable()]
    assert checkable
    assert all(action.icon().isNull() or not action.isIconVisibleInMenu() for action in checkable)


def test_buttons_of_the_toolbar_stand_apart(window: QMainWindow) -> None:
    bar = window.findChild(QToolBar)
    assert bar is not None
    buttons = [button for button in bar.findChildren(QToolButton) if button.isVisible()]
    assert len({(button.y(), button.height()) for button in buttons}) == 1
    edges = [(button.x(), button.x() + button.width()) for button in sorted(buttons, key=lambda b: b.x())]
    assert all(after[0] - before[1] >= 4 for before, after in pairwise(edges))
    assert all("&" not in button.text() for button in buttons)


def test_icons_are_drawn_for_the_screen_that_the_window_is_moved_to(
    window: QMainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(icons, "_ratios", {1.0})
    monkeypatch.setattr(window, "devicePixelRatio", lambda: 1.75)
    QApplication.sendEvent(window, QEvent(QEvent.Type.DevicePixelRatioChange))
    bar = window.findChild(QToolBar)
    assert bar is not None
    drawn = [action.icon() for action in bar.actions() if not action.icon().isNull()]
    assert drawn
    assert all(QSize(28, 28) in one.availableSizes() for one in drawn)
