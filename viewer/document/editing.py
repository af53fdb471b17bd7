"""How an edit's exchange is made: at once, or by a worker for what takes so long that it would be noticed.

A worker has a snapshot of the cassette, so the window goes on reading the cassette itself. What it finds on the way
(the rows stand elsewhere than it seemed) comes back beside the exchange, or beside the reason why there is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from viewer.cassette.journal import CarriedOut
from viewer.cassette.model import CassetteError, EditError
from viewer.cassette.pieces import PieceKind

if TYPE_CHECKING:
    from viewer.cassette.cassette import Cassette
    from viewer.cassette.edits import Edit
    from viewer.cassette.layout import Layout
    from viewer.cassette.pieces import Exchange
    from viewer.document.tasks import Job


class EditingStoppedError(EditError):
    """The user stopped an edit that was being made; nothing was changed."""


class Made(msgspec.Struct, frozen=True):
    """What came of an edit in a worker: its exchange or an error.

    `layout` is the new one where the rows were found anew; else `changed` is the cassette in which the edit is made,
    and `record` what a journal keeps of that.
    """

    exchange: Exchange | None = None
    error: EditError | None = None
    layout: Layout | None = None
    changed: Cassette | None = None
    record: CarriedOut | None = None


def exchange_of(edit: Edit, cassette: Cassette) -> Exchange:
    """The edit's exchange; raises EditError, whatever it is that speaks against the edit."""
    try:
        return edit.exchange(cassette)
    except EditError:
        raise
    except CassetteError as err:
        raise EditError(err.message, line=err.line, column=err.column, remedy=err.remedy) from err
    except UnicodeEncodeError as err:
        lost = err.object[err.start : err.end]
        raise EditError(
            f"the body's charset {err.encoding} has no {lost!r}", remedy="Use other characters."
        ) from err


def make(edit: Edit, snapshot: Cassette, job: Job) -> Made:
    """An edit as the work of a background job, on a cassette that nobody else has."""
    before = snapshot.layout
    exchange, error = None, None
    try:
        exchange = exchange_of(edit, snapshot)
    except EditError as err:
        error = err
    if snapshot.layout is not before:
        return Made(exchange, error, snapshot.layout)
    if exchange is None:
        return Made(None, error)
    return _carried_out(edit, exchange, snapshot, job)


def carry_out(edit: Edit, exchange: Exchange, back: bool, snapshot: Cassette, job: Job) -> Made:
    """An exchange, or what takes it back, as the work of a background job on a cassette that nobody else has."""
    return _carried_out(edit, exchange.inverse() if back else exchange, snapshot, job)


def _carried_out(edit: Edit, exchange: Exchange, snapshot: Cassette, job: Job) -> Made:
    job.check()
    snapshot.apply(exchange)
    for kind in (PieceKind.ENTRY, PieceKind.SECOND):
        snapshot.pieces.entries(kind)  # found here, they are known to whoever takes it over
    job.check()
    return Made(exchange, changed=snapshot, record=CarriedOut.of(edit.label, edit.position, exchange))
