"""A toolbar's buttons, each of which hears of a change of its action once.

QToolButton takes over its action's text, icon and state at every change, and connects itself to the action's `changed`
each time anew (Qt 6.11, `QToolButton::setDefaultAction`): 144 bytes a change that stay as long as the window, and one
call more at each next one. What is connected there only gives the button of an action with a menu its arrow, and no
action in a toolbar has a menu here.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import SIGNAL, QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolBar, QToolButton


def forget_repeats(bar: QToolBar) -> None:
    """From here on nothing is left of the changes of the actions in `bar`."""
    for action in bar.actions():
        button = bar.widgetForAction(action)
        if isinstance(button, QToolButton):
            _forget(action, button)
            action.changed.connect(partial(_forget, action, button))


def _forget(action: QAction, button: QToolButton) -> None:
    # The stubs know a slot as receiver only, not None for all.
    QObject.disconnect(action, SIGNAL("changed()"), button, None)  # type: ignore[call-overload]
