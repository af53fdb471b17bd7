"""The list of keys, in two columns that fit on a small screen."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from viewer.ui.grid import steps

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

Keys = tuple[tuple[str, str], ...]
"""What to press, and what it does."""

MAIN_KEYS: Keys = (
    ("Enter, double click", "Begin an edit in place; in the list: go to the answer"),
    ("Ctrl+Enter", "Commit it"),
    ("Esc", "Take it back"),
    ("Del", "Delete the selected interactions, in the list"),
    ("Space", "Play and pause, outside text"),
    ("← →", "Step by event, outside text"),
    ("Home, End", "To the start, to the end, outside text"),
)
COMPARE_KEYS: Keys = (
    ("↑ ↓", "To the pair above, to the one below, in the list and its filter"),
    ("Enter", "To the next place found, in the find field"),
    ("Esc", "Empty the filter, leave the find field"),
)


class KeysDialog(QDialog):
    """Says which key does what: a window's own keys, then those of its menus."""

    def __init__(self, keys: Keys, actions: Iterable[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard"))
        rows = [(pressed, self.tr(does)) for pressed, does in keys] + _shortcuts(actions)
        half = (len(rows) + 1) // 2
        columns = QHBoxLayout()
        columns.setSpacing(steps(8))
        for part in (rows[:half], rows[half:]):
            label = QLabel(_table(part))
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            columns.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(steps(6), steps(5), steps(6), steps(4))
        layout.setSpacing(steps(4))
        layout.addLayout(columns)
        layout.addWidget(buttons)


def show_keys(keys: Keys, actions: Iterable[QAction], window: QWidget) -> None:
    """Lists the keys of a window over it."""
    dialog = KeysDialog(keys, actions, window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def _shortcuts(actions: Iterable[QAction]) -> list[tuple[str, str]]:
    """The first key of each action that has one, and what the action is called."""
    rows = []
    for action in actions:
        keys = action.shortcut()
        if not keys.isEmpty():
            # Its icon text may be a shorter one for the toolbar.
            called = action.text().replace("&", "").removesuffix("…")
            rows.append((keys.toString(QKeySequence.SequenceFormat.NativeText), called))
    return rows


def _table(rows: list[tuple[str, str]]) -> str:
    cells = (
        f"<tr><td style='padding-right:{steps(5)}px'><b>{escape(keys)}</b></td><td>{escape(what)}</td></tr>"
        for keys, what in rows
    )
    return f"<table>{''.join(cells)}</table>"
