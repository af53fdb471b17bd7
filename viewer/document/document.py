"""An open cassette with what editing it needs: its path, its undo stack, and signals for its views.

An edit goes in this order: its exchange is made, which checks it (editing.py); an `EditCommand` is pushed; that says
`about_to_change`, applies the exchange, says `rows_changed` where interactions came or went, and `changed`.
Undo and redo go the last three steps again.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoStack

from viewer.cassette.cassette import Cassette, read_interaction
from viewer.cassette.layout import Layout, Syntax
from viewer.cassette.model import (
    EditError,
    Interaction,
    Kind,
    ParseError,
    SaveError,
    TooLargeError,
    UnconfirmedError,
)
from viewer.cassette.pieces import Exchange, Patch, Pieces, Splice
from viewer.document.summaries import Summaries
from viewer.document.tasks import Job, run_in_background

if TYPE_CHECKING:
    from collections.abc import Callable

    from viewer.cassette.edits import Edit
    from viewer.cassette.journal import CarriedOut
    from viewer.cassette.source import FileState
    from viewer.document.commands import EditCommand
    from viewer.document.editing import Made
    from viewer.document.saving import Save
    from viewer.document.summary import Summary

# Below this size a whole file's events are walked at once (a tenth of a second); above it in the background.
_WALKED_AT_ONCE = 1 << 20
# Parsing so many bytes takes a twentieth of a second, and an edit parses twice.
_EDITED_AT_ONCE = 1 << 18
# So many patches take a hundredth of a second.
_STEPS_AT_ONCE = 2000
# Up to this size a save is not felt; a compressed file takes longer.
_SAVED_AT_ONCE = 8 << 20
_PACKED_AT_ONCE = 1 << 20


class CassetteDocument(QObject):
    """A cassette being looked at and edited.

    Signals:
        about_to_change(Edit): an edit is about to be made, undone or redone.
        changed(Edit | None): it was; None where everything may be different (the rows were found again).
        rows_changed(tuple[RowChange, ...]): interactions came or went; before `changed`.
        rows_reset(): all rows were found again; before `changed(None)`.
        edit_ended(Edit, Exception | None): an edit in the background was made, or cannot be (EditError), or was
            stopped (EditingStoppedError).
        carried_out(Edit, Exchange): an exchange was made, by an edit, an undo or a redo; before `changed`.
        about_to_replace(Path, FileState): a new file, which has this state, is about to take the old one's place;
            comes in the thread that saves.
        save_progressed(float): how much of a save in the background is done, 0 to 1.
        save_failed(Exception): a save in the background failed, or was stopped (SavingStoppedError).
        unconfirmed(): a save is as good as done, but a power failure may bring the old file back; before `saved`.
        saved(): the file holds what the document holds.
        modified_changed(bool): whether there is something to save.
    """

    about_to_change = Signal(object)
    changed = Signal(object)
    rows_changed = Signal(object)
    rows_reset = Signal()
    edit_ended = Signal(object, object)
    carried_out = Signal(object, object)
    about_to_replace = Signal(object, object)
    save_progressed = Signal(float)
    save_failed = Signal(object)
    unconfirmed = Signal()
    saved = Signal()
    modified_changed = Signal(bool)

    def __init__(self, cassette: Cassette, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.cassette = cassette
        self.undo_stack = QUndoStack(self)
        self.undo_stack.cleanChanged.connect(self._tell_modified)
        self.file_state: FileState | None = cassette.source.state
        self._layout = cassette.layout
        self._walk_job: Job | None = None
        self._walk_failed = False
        self._saving: Save | None = None
        self._making: tuple[Edit, Job] | None = None
        self._made: Made | None = None
        self.summaries = Summaries(cassette, self)
        self.summaries.misread.connect(self._find_rows_again)

    @property
    def path(self) -> Path | None:
        """Where the cassette is saved; None before its first save."""
        return self.cassette.path

    @property
    def is_modified(self) -> bool:
        """Whether the document differs from its file, or is about to."""
        return self.is_editing or not self.undo_stack.isClean()

    def __len__(self) -> int:
        return len(self.cassette)

    def __bool__(self) -> bool:
        """A document is something even when it is empty."""
        return True

    def edit(self, edit: Edit) -> bool:
        """Makes an edit, as one step of undo; False where it changes nothing.

        Raises EditError, with nothing changed, where it cannot be made.
        """
        from viewer.document.editing import exchange_of

        self._ensure_free()
        try:
            exchange = exchange_of(edit, self.cassette)
        finally:
            self._notice_layout()
        return self._push(edit, exchange)

    @property
    def is_editing(self) -> bool:
        """Whether an edit is being made in the background; nothing else can be edited, undone or saved meanwhile."""
        return self._making is not None

    def edits_at_once(self, edit: Edit) -> bool:
        """Whether an edit looks at so little that nobody would notice how long `edit` takes."""
        return edit.reach(self.cassette) <= _EDITED_AT_ONCE

    def edit_in_background(self, edit: Edit) -> None:
        """Makes an edit as `edit` does, in the background: `edit_ended` says how it went.

        Raises EditError where the cassette is being saved or edited.
        """
        from viewer.document.editing import make

        self._ensure_free()
        self._make(edit, partial(make, edit, self.cassette.snapshot()), self._finish_edit)

    def stop_editing(self) -> None:
        """Gives up the edit that is being made in the background; nothing is changed then."""
        from viewer.document.editing import EditingStoppedError

        self._end_edit(EditingStoppedError("The change was stopped; nothing is changed."))

    def interaction(self, position: int) -> Interaction:
        """The interaction at `position`; one that cannot be read comes with a note in place of its messages."""
        if self._walks_at_once:
            interaction = read_interaction(self.cassette, position)
            self._notice_layout()
            return interaction
        try:
            return self.cassette.reader(position)()
        except ParseError as err:
            self._doubt_rows(err)
            return Interaction(position, Kind.OTHER, None, None, note=self._placed(err, position))

    def misread(self, position: int, error: ParseError) -> Interaction:
        """What an interaction is that a worker could not read, for this error.

        Where the rows may be wrong they are found again, in a small file at once; else reading it again would only
        fail again.
        """
        layout = self.cassette.layout
        is_certain = layout.exact or layout.syntax is not Syntax.YAML or isinstance(error, TooLargeError)
        if self._walks_at_once and not is_certain:
            return self.interaction(position)
        self._doubt_rows(error)
        return Interaction(position, Kind.OTHER, None, None, note=self._placed(error, position))

    def misfit(self, position: int) -> ParseError | None:
        """Why an entry does not parse, where finding out what that means would take too long to wait for.

        The rows are then found again in the background, unless that failed already.
        """
        error = None if self._walks_at_once else self.cassette.misfit(position)
        if error is not None:
            self._doubt_rows(error)
        return error

    def summary(self, position: int) -> Summary:
        """The row of the interaction at `position`, read now if it was not before."""
        return self.summaries.read(position)

    def save(self, path: Path | None = None, *, overwrite: bool = False) -> None:
        """Saves to `path`, which the document then belongs to, or to its own.

        Raises SaveError; ChangedOnDiskError where somebody else changed the file since it was read, which
        `overwrite` allows.
        """
        save = self._prepare_save(path, overwrite=overwrite)
        try:
            state = save.run(lambda fraction: None)
        except UnconfirmedError as err:
            self._settle_unconfirmed(save, err)
            raise
        self._settle(save, state)

    @property
    def is_saving(self) -> bool:
        """Whether the document is being saved in the background; nothing can be edited meanwhile."""
        return self._saving is not None

    @property
    def saves_at_once(self) -> bool:
        """Whether it is so small that nobody would notice how long `save` takes."""
        source = self.cassette.source
        return len(source.data) <= (_SAVED_AT_ONCE if source.is_plain() else _PACKED_AT_ONCE)

    def save_in_background(self, path: Path | None = None, *, overwrite: bool = False) -> None:
        """Saves as `save` does, in the background: `saved` or `save_failed` says how it went.

        Raises SaveError where there is nothing to save to, or a save is under way.
        """
        from viewer.document.saving import run_save

        self._saving = self._prepare_save(path, overwrite=overwrite)
        run_in_background(
            partial(run_save, self._saving), self._finish_saving, self._fail_saving, self._tell_saving
        )

    def stop_saving(self) -> None:
        """Has a save in the background stop; the old file stays, unless the new one stands there already."""
        if self._saving is not None:
            self._saving.stop()

    def goes_at_once(self, *, back: bool) -> bool:
        """Whether nobody would notice how long `undo`, or else `redo`, takes."""
        command = self._command(back)
        return command is None or len(command.exchange.steps) <= _STEPS_AT_ONCE

    def go_in_background(self, *, back: bool) -> None:
        """Takes the last edit back, or makes it again, in the background: `edit_ended` says how it went.

        Raises EditError where the cassette is being saved or edited.
        """
        from viewer.document.editing import carry_out

        self._ensure_free()
        command = self._command(back)
        if command is not None:
            op = partial(carry_out, command.edit, command.exchange, back, self.cassette.snapshot())
            self._make(command.edit, op, self._finish_undo if back else self._finish_redo)

    def record_of(self, edit: Edit, exchange: Exchange) -> CarriedOut:
        """What a journal keeps of an exchange that was just carried out; a worker that made it has it ready."""
        from viewer.cassette.journal import CarriedOut

        made = self._made
        if made is not None and made.exchange is exchange and made.record is not None:
            return made.record
        return CarriedOut.of(edit.label, edit.position, exchange)

    def undo(self) -> None:
        """Takes the last edit back; not while the document is being saved or edited."""
        if not self.is_saving and not self.is_editing:
            self.undo_stack.undo()

    def redo(self) -> None:
        """Makes the last edit that was taken back again; not while the document is being saved or edited."""
        if not self.is_saving and not self.is_editing:
            self.undo_stack.redo()

    def adopt(self, layout: Layout) -> None:
        """Takes a layout that was found elsewhere for the text as it stands now."""
        self.cassette.adopt(layout)
        self._notice_layout()

    def close(self) -> None:
        """Ends all work for this document; nothing is asked and nothing saved."""
        if self._saving is not None:
            self._saving.stop()
            self._saving.wait()
        if self.is_editing:
            self.stop_editing()
        self._end_walk()
        self.summaries.stop()
        self.undo_stack.cleanChanged.disconnect(self._tell_modified)
        self.undo_stack.clear()

    def _ensure_free(self) -> None:
        if self.is_saving:
            raise EditError("the cassette is being saved", remedy="Wait until it is saved, or cancel that.")
        if self.is_editing:
            raise EditError("the cassette is being changed", remedy="Wait until that is done, or cancel it.")

    def _push(self, edit: Edit, exchange: Exchange) -> bool:
        from viewer.document.commands import EditCommand

        if not any(_has_effect(step) for step in exchange.steps):
            return False
        self.undo_stack.push(EditCommand(edit, exchange, self._carry_out))
        return True

    def _command(self, back: bool) -> EditCommand | None:
        from viewer.document.commands import EditCommand

        stack = self.undo_stack
        command = stack.command(stack.index() - 1 if back else stack.index())
        return command if isinstance(command, EditCommand) else None

    def _make(self, edit: Edit, op: Callable[[Job], Made], finish: Callable[[Made], None]) -> None:
        self._making = edit, run_in_background(op, finish, self._fail_edit)

    def _finish_edit(self, made: Made) -> None:
        self._finish(made, lambda edit: made.exchange is not None and self._push(edit, made.exchange))

    def _finish_undo(self, made: Made) -> None:
        self._finish(made, lambda _: self.undo_stack.undo())

    def _finish_redo(self, made: Made) -> None:
        self._finish(made, lambda _: self.undo_stack.redo())

    def _finish(self, made: Made, carry_out: Callable[[Edit], object]) -> None:
        """Has what a worker made carried out, by taking over the cassette in which it did so."""
        if self._making is None:
            return
        (edit, _), self._making = self._making, None
        if made.layout is not None:
            self.adopt(made.layout)
        self._made = made if made.changed is not None else None
        try:
            carry_out(edit)
        finally:
            self._made = None
        self.edit_ended.emit(edit, made.error)

    def _fail_edit(self, error: Exception) -> None:
        self._end_edit(error)

    def _end_edit(self, error: Exception) -> None:
        if self._making is not None:
            (edit, job), self._making = self._making, None
            job.cancel()
            self.edit_ended.emit(edit, error)

    def _carry_out(self, edit: Edit, exchange: Exchange, back: bool) -> None:
        from viewer.document.row_changes import patched_positions, row_changes

        made = self._made
        if made is not None and made.exchange is not None:
            exchange = made.exchange
        elif back:
            exchange = exchange.inverse()
        self.about_to_change.emit(edit)
        self._end_walk()
        self._walk_failed = False
        pieces = self.cassette.pieces
        rows = row_changes(pieces, exchange)
        patched = [] if rows else patched_positions(pieces, exchange)
        if made is not None and made.changed is not None:
            self.cassette.take_over(made.changed)
        else:
            self.cassette.apply(exchange)
        if rows:
            self.summaries.shift(rows)
            self.rows_changed.emit(rows)
        else:
            self.summaries.forget(patched)
        self.carried_out.emit(edit, exchange)
        self.changed.emit(edit)

    @Slot(bool)
    def _tell_modified(self, clean: bool) -> None:
        self.modified_changed.emit(not clean)

    # --- saving

    def _prepare_save(self, path: Path | None, *, overwrite: bool) -> Save:
        from viewer.document.saving import Save

        if self.is_saving:
            raise SaveError("This cassette is being saved already.", path=self.path)
        if self.is_editing:
            raise SaveError(
                "This cassette is being changed.", path=self.path, remedy="Wait until that is done."
            )
        target = path or self.path
        if target is None:
            raise SaveError("This cassette has no file yet.", remedy="Use Save As.")
        is_own = self.path is not None and os.path.realpath(target) == os.path.realpath(self.path)
        expected = self.file_state if is_own and not overwrite else None
        return Save(self.cassette, target, expected, self.about_to_replace.emit)

    def _settle(self, save: Save, state: FileState) -> None:
        self.file_state = state
        self.cassette.path = save.path
        self.undo_stack.setClean()
        self.saved.emit()

    def _settle_unconfirmed(self, save: Save, error: UnconfirmedError) -> None:
        self.unconfirmed.emit()
        self._settle(save, error.state)

    def _finish_saving(self, state: FileState) -> None:
        save, self._saving = self._saving, None
        if save is not None:
            self._settle(save, state)

    def _fail_saving(self, error: Exception) -> None:
        save, self._saving = self._saving, None
        if save is not None and isinstance(error, UnconfirmedError):
            self._settle_unconfirmed(save, error)
        self.save_failed.emit(error)

    def _tell_saving(self, fraction: float) -> None:
        self.save_progressed.emit(fraction)

    # --- rows that were split wrongly

    @property
    def _walks_at_once(self) -> bool:
        """Whether the cassette may walk the whole file when an entry does not parse alone."""
        layout = self.cassette.layout
        return (
            layout.exact
            or layout.syntax is not Syntax.YAML
            or len(self.cassette.source.data) < _WALKED_AT_ONCE
        )

    def _doubt_rows(self, error: ParseError) -> None:
        """An entry does not parse alone: it may be none, unless it only is too large."""
        if not isinstance(error, TooLargeError):
            self._find_rows_again()

    @Slot()
    def _find_rows_again(self) -> None:
        """Has the whole file's events walked, since an entry did not parse alone."""
        layout = self.cassette.layout
        if self._walk_job or self._walk_failed or layout.exact or layout.syntax is not Syntax.YAML:
            return
        # Few files ever need it.
        from viewer.cassette.walk import walk_yaml

        data = b"".join(self.cassette.pieces.chunks())
        self._walk_job = run_in_background(
            lambda job: walk_yaml(data, lambda fraction: job.check()), self._adopt, self._keep_rows
        )

    def _adopt(self, layout: Layout) -> None:
        self._walk_job = None
        self.adopt(layout)

    def _keep_rows(self, error: Exception) -> None:
        """The file is malformed at large: the rows that were found are the best there are."""
        self._walk_job = None
        if not isinstance(error, ParseError):
            raise error
        self._walk_failed = True
        self.summaries.resume()

    def _end_walk(self) -> None:
        if self._walk_job is not None:
            self._walk_job.cancel()
            self._walk_job = None

    def _notice_layout(self) -> None:
        """Tells everybody where the cassette has found its entries again."""
        old, self._layout = self._layout, self.cassette.layout
        if old is self._layout:
            return
        self._end_edit(
            EditError(
                "the interactions of this file stand elsewhere than it seemed; they have been read anew",
                remedy="Make the change again.",
            )
        )
        if not self._undo_still_fits(old.pieces):
            modified = self.is_modified
            self.undo_stack.clear()
            if modified:
                self.undo_stack.resetClean()
        self.summaries.clear()
        self.rows_reset.emit()
        self.changed.emit(None)

    def _undo_still_fits(self, old: Pieces) -> bool:
        """Whether the pieces that the undo stack's patches count on are the same ones in the new row."""
        from viewer.document.commands import EditCommand

        commands = [self.undo_stack.command(index) for index in range(self.undo_stack.count())]
        steps = [step for c in commands if isinstance(c, EditCommand) for step in c.exchange.steps]
        if any(isinstance(step, Splice) for step in steps):
            return False
        last = max((step.piece for step in steps if isinstance(step, Patch)), default=-1)
        new = self.cassette.pieces
        return last < len(new) and all(old.data(i) == new.data(i) for i in range(last + 1))

    def _placed(self, err: ParseError, position: int) -> str:
        line = self.cassette.line_of(position) + (err.line or 1) - 1
        return f"line {line}: {err.message}"


def _has_effect(step: Patch | Splice) -> bool:
    if isinstance(step, Patch):
        return step.old != step.new
    return step.removed != step.inserted
