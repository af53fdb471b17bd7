"""The list of keys."""

from __future__ import annotations

from types import ModuleType

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from viewer.ui import actions as of_the_main_window
from viewer.ui.compare import actions as of_a_comparison
from viewer.ui.keys_dialog import COMPARE_KEYS, MAIN_KEYS, Keys, KeysDialog

WINDOWS = [(of_the_main_window, MAIN_KEYS), (of_a_comparison, COMPARE_KEYS)]


@pytest.mark.parametrize(("module", "keys"), WINDOWS, ids=["main", "compare"])
def test_the_list_of_keys_fits_on_a_small_screen(qtbot: QtBot, module: ModuleType, keys: Keys) -> None:
    """Its button was below the edge of a screen of six hundred lines."""
    owner = QObject()
    actions = module.build_actions(owner)
    dialog = KeysDialog(keys, actions.values())
    qtbot.addWidget(dialog)
    dialog.open()
    assert dialog.height() < 500
    assert dialog.width() < 900
    text = "".join(label.text() for label in dialog.findChildren(QLabel))
    assert all(pressed in text for pressed, _ in keys)
    for action in actions.values():
        assert action.shortcut().isEmpty() or action.text().replace("&", "").strip("…") in text
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
