"""What a start can wait with until people see the window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer

_AFTER = 300


def after_first_paint(owner: QObject, call: Callable[[], object]) -> None:
    """Calls `call` when the first paint is over, as long as `owner` lives.

    The time counts from the event loop's first turn, however long it takes until then.
    """
    QTimer.singleShot(0, owner, partial(QTimer.singleShot, _AFTER, owner, call))
