"""Gives a document the unsaved edits back that a recovery journal holds, one step of undo for each.

What the journal's undos and redos did is done by the document's own undo stack, so that it ends as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from viewer.cassette.journal import CarriedOut, Journal
from viewer.cassette.model import EditError
from viewer.cassette.rebuild import is_same_file, misfit, starting_layout
from viewer.cassette.walk import walk_yaml
from viewer.document.commands import EditCommand

if TYPE_CHECKING:
    from viewer.cassette.cassette import Cassette
    from viewer.cassette.pieces import Exchange
    from viewer.document.document import CassetteDocument


class RecoveredEdit(msgspec.Struct, frozen=True):
    """An edit of which only the label, the place and the exchange are known any more."""

    label: str
    position: int
    recorded: Exchange

    def reach(self, cassette: Cassette) -> int:
        """Nothing is parsed."""
        return 0

    def exchange(self, cassette: Cassette) -> Exchange:
        """The recorded exchange; raises EditError where it does not fit."""
        pieces = cassette.pieces
        try:
            pieces.apply(self.recorded)
        except (ValueError, IndexError) as err:
            raise EditError(str(err)) from err
        pieces.apply(self.recorded.inverse())
        return self.recorded


def reapply(document: CassetteDocument, journal: Journal) -> None:
    """Carries out what the journal holds, in a document that was just opened.

    `rebuild.rebuild` has to have tried it before. Raises JournalError where it does not fit after all, and the
    document is to be reloaded then.
    """
    same = is_same_file(document.cassette, journal)
    layout = starting_layout(document.cassette, journal.baseline, same=same)
    if layout is not None:
        document.adopt(layout)
    for change in journal.changes:
        if isinstance(change, CarriedOut):
            _carry_out(document, change)
        else:
            document.adopt(walk_yaml(b"".join(document.cassette.pieces.chunks())))


def _carry_out(document: CassetteDocument, change: CarriedOut) -> None:
    try:
        exchange = change.exchange()
        if _next_undo(document) == exchange.inverse():
            document.undo()
        elif _next_redo(document) == exchange:
            document.redo()
        else:
            document.edit(RecoveredEdit(change.label, change.position, exchange))
    except (ValueError, EditError) as err:
        raise misfit(document.cassette, f"{change.label}: {err}") from err


def _next_undo(document: CassetteDocument) -> Exchange | None:
    stack = document.undo_stack
    command = stack.command(stack.index() - 1) if stack.canUndo() else None
    return command.exchange if isinstance(command, EditCommand) else None


def _next_redo(document: CassetteDocument) -> Exchange | None:
    stack = document.undo_stack
    command = stack.command(stack.index()) if stack.canRedo() else None
    return command.exchange if isinstance(command, EditCommand) else None
