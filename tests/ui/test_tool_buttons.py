"""A toolbar's buttons and the changes of their actions."""

from __future__ import annotations

from PySide6.QtCore import SIGNAL
from PySide6.QtWidgets import QToolBar, QToolButton
from pytestqt.qtbot import QtBot

from viewer.ui.tool_buttons import forget_repeats


def test_a_button_does_not_connect_itself_once_more_at_each_change(qtbot: QtBot) -> None:
    """Qt's own do: a window that lives for days holds more, and is slower at each change."""
    bar = QToolBar()
    qtbot.addWidget(bar)
    action = bar.addAction("Undo")
    button = bar.widgetForAction(action)
    assert isinstance(button, QToolButton)
    forget_repeats(bar)
    before = action.receivers(SIGNAL("changed()"))
    for change in range(100):
        action.setEnabled(bool(change % 2))
        action.setText(f"Undo {change}")
        assert button.isEnabled() == action.isEnabled()
    assert action.receivers(SIGNAL("changed()")) <= before
    assert button.text() == "Undo 99"
    with qtbot.waitSignal(action.triggered):
        button.click()
