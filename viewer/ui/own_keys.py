"""Keys that a widget keeps for itself while it has the focus, before they are a shortcut of its surroundings."""

from __future__ import annotations

from collections.abc import Container

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent


def claim(event: QEvent, keys: Container[int]) -> bool:
    """Accepts a shortcut that is one of `keys` without modifiers; True where it was."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
    if not plain or event.key() not in keys:
        return False
    event.accept()
    return True
