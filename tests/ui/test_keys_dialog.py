"""The list of keys."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from viewer.ui.actions import build_actions
from viewer.ui.keys_dialog import KeysDialog


def test_the_list_of_keys_fits_on_a_small_screen(qtbot: QtBot) -> None:
    """Its button was below the edge of a screen of six hundred lines."""
    owner = QObject()
    actions = build_actions(owner)
    dialog = KeysDialog(actions)
    qtbot.addWidget(dialog)
    dialog.open()
    assert dialog.height() < 500
    assert dialog.width() < 900
    text = "".join(label.text() for label in dialog.findChildren(QLabel))
    for action in actions.values():
        assert action.shortcut().isEmpty() or action.iconText() in text
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
