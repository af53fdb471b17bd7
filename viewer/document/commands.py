"""The one command on the undo stack: an edit with the exchange that makes it, and the other way unmakes it.

Order matters: an exchange is built and checked before its command is pushed, because a command whose `redo`
raises stays on Qt's stack. From there on neither redo nor undo can fail, and neither asks.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING
from weakref import WeakMethod

from PySide6.QtGui import QUndoCommand

from viewer.cassette.pieces import Exchange

if TYPE_CHECKING:
    from viewer.cassette.edits import Edit

# Takes the exchange as it was made, and whether it is to be taken back.
CarryOut = Callable[["Edit", Exchange, bool], None]

_NEVER_MERGED = -1
_MERGED_BY_KEY = 1


class EditCommand(QUndoCommand):
    """One step of undo. It stores patches, never whole entries.

    `carry_out` is a bound method; it is held weakly, since Qt's stack would otherwise keep its document alive
    in a circle that Python's collector cannot see.
    """

    def __init__(self, edit: Edit, exchange: Exchange, carry_out: CarryOut) -> None:
        super().__init__(edit.label)
        self.edit = edit
        self.exchange = exchange
        self._carry_out = WeakMethod(carry_out)

    def redo(self) -> None:
        self._carry(back=False)

    def undo(self) -> None:
        self._carry(back=True)

    def id(self) -> int:
        return _NEVER_MERGED if merge_key(self.edit) is None else _MERGED_BY_KEY

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Takes in the step that follows, where both are typing in the same field."""
        if not isinstance(other, EditCommand) or merge_key(other.edit) != merge_key(self.edit):
            return False
        self.exchange = Exchange(self.exchange.steps + other.exchange.steps)
        self.edit = other.edit
        return True

    def _carry(self, *, back: bool) -> None:
        carry_out = self._carry_out()
        if carry_out is not None:
            carry_out(self.edit, self.exchange, back)


def merge_key(edit: Edit) -> Hashable | None:
    """The field that an edit types in, from its optional `merge_key`; None where it is a step of its own."""
    key: Hashable | None = getattr(edit, "merge_key", None)
    return key
