"""The list of keys, in two columns that fit on a small screen."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from viewer.ui.actions import ACTIONS
from viewer.ui.grid import steps

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

_KEYS = (
    ("Enter, double click", "Begin an edit in place; in the list: go to the answer"),
    ("Ctrl+Enter", "Commit it"),
    ("Esc", "Take it back"),
    ("Del", "Delete the selected interactions, in the list"),
    ("Space", "Play and pause, outside text"),
    ("← →", "Step by event, outside text"),
    ("Home, End", "To the start, to the end, outside text"),
)


class KeysDialog(QDialog):
    """Says which key does what: those of the panes, then those of the menus."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard"))
        rows = [(keys, self.tr(what)) for keys, what in _KEYS] + _shortcuts(actions)
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


def _shortcuts(actions: Mapping[str, QAction]) -> list[tuple[str, str]]:
    """The first key of each action that has one, and what the action is called."""
    rows = []
    for spec in ACTIONS:
        action = actions[spec.name]
        keys = action.shortcut()
        if not keys.isEmpty():
            # An action's icon text is its text without mnemonic and dots.
            rows.append((keys.toString(QKeySequence.SequenceFormat.NativeText), action.iconText()))
    return rows


def _table(rows: list[tuple[str, str]]) -> str:
    cells = (
        f"<tr><td style='padding-right:{steps(5)}px'><b>{escape(keys)}</b></td><td>{escape(what)}</td></tr>"
        for keys, what in rows
    )
    return f"<table>{''.join(cells)}</table>"
