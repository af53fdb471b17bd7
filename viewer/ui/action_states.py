"""Which actions can be asked for now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from viewer.cassette.model import Interaction
    from viewer.document.document import CassetteDocument
    from viewer.stream import Reading

_OF_A_FILE = ("save_as", "reload", "close", "compare_saved", "find")
_OF_THE_LIST = ("delete", "duplicate", "move_up", "move_down", "edit")
_OF_A_REQUEST = ("copy_curl", "copy_markdown", "copy_answer", "copy_json", "save_body")
_OF_A_STREAM = ("play", "step_back", "step_forward", "to_start", "to_end")


def update_states(
    actions: Mapping[str, QAction],
    document: CassetteDocument | None,
    interaction: Interaction | None,
    reading: Reading | None,
) -> None:
    """Enables what the shown document, interaction and stream allow, and disables the rest."""
    is_free = document is not None and not document.is_editing
    stack = document.undo_stack if document and is_free else None
    actions["undo"].setEnabled(stack is not None and stack.canUndo())
    actions["redo"].setEnabled(stack is not None and stack.canRedo())
    undo, redo = (stack.undoText(), stack.redoText()) if stack else ("", "")
    actions["undo"].setToolTip(_translated("Undo {0}").format(undo).strip())
    actions["redo"].setToolTip(_translated("Redo {0}").format(redo).strip())
    actions["save"].setEnabled(document is not None and document.is_modified)
    writable = document is not None and not document.cassette.format.read_only and len(document) > 0
    for names, allowed in (
        (_OF_A_FILE, document is not None),
        (_OF_THE_LIST, writable and is_free),
        (_OF_A_REQUEST, interaction is not None and interaction.request is not None),
        (_OF_A_STREAM, reading is not None and reading.has_stream),
    ):
        for name in names:
            actions[name].setEnabled(allowed)


def _translated(text: str) -> str:
    return QCoreApplication.translate("Actions", text)
