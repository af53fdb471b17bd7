"""What a recovery journal makes of a cassette: its exchanges carried out again, step by step.

Where the file is the one that the journal starts from, they fit. Where it is another one by now they may still
fit: each old text has to stand where the journal has it, and each changed entry has to parse. Nothing is moved to
where it might be meant.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from viewer.cassette.cassette import Cassette
from viewer.cassette.journal import Baseline, CarriedOut, Journal, JournalError, digest_of
from viewer.cassette.model import ParseError
from viewer.cassette.pieces import Exchange, Patch, Splice
from viewer.cassette.tree import parse_entry
from viewer.cassette.walk import walk_yaml

if TYPE_CHECKING:
    from viewer.cassette.layout import Layout

Progress = Callable[[float], None]


class Rebuilt(msgspec.Struct, frozen=True):
    """A cassette with everything in it that a journal tells, apart from every document.

    `is_same_file` says that the file was still the one that the journal starts from.
    """

    cassette: Cassette
    is_same_file: bool


def rebuild(journal: Journal, progress: Progress = lambda fraction: None) -> Rebuilt:
    """Opens the file and carries the journal out.

    `progress` is told the fraction of the file that is read, and may raise to stop. Raises JournalError where the
    changes do not fit, and CassetteError where the file cannot be opened.
    """
    cassette = Cassette.open(journal.cassette_path, progress=progress)
    same = is_same_file(cassette, journal)
    layout = starting_layout(cassette, journal.baseline, same=same)
    if layout is not None:
        cassette.adopt(layout)
    for change in journal.changes:
        if isinstance(change, CarriedOut):
            _carry_out(cassette, change, check=not same)
        else:
            cassette.walk()
    return Rebuilt(cassette, same)


def is_same_file(cassette: Cassette, journal: Journal) -> bool:
    """Whether a cassette that was just opened is what the journal starts from."""
    if journal.digest:
        return digest_of([cassette.source.data]) == journal.digest
    # The program died within the moment that a large file's digest takes.
    return cassette.source.state is not None and cassette.source.state.is_still(journal.baseline.state)


def starting_layout(cassette: Cassette, baseline: Baseline, *, same: bool) -> Layout | None:
    """The layout that the journal's exchanges count on; None where it is the one that opening found.

    Raises JournalError where the file is said to be the same and is not.
    """
    layout = cassette.layout
    if baseline.walked and not layout.exact:
        layout = walk_yaml(cassette.source.data)
    if baseline.row is not None:
        try:
            layout = baseline.row.lay_out(layout, cassette.source.data)
        except ValueError as err:
            if same:
                raise misfit(cassette, str(err)) from err
    return None if layout is cassette.layout else layout


def misfit(cassette: Cassette, reason: str) -> JournalError:
    """The error for changes that do not fit the file."""
    return JournalError(
        f"The unsaved changes do not fit the file as it is now ({reason}).", path=cassette.path
    )


def _carry_out(cassette: Cassette, change: CarriedOut, *, check: bool) -> None:
    try:
        exchange = change.exchange()
        for step in exchange.steps:
            if isinstance(step, Patch):
                _ensure_inside(cassette, step)
            cassette.apply(Exchange((step,)))
        if check:
            _ensure_parses(cassette, exchange)
    except (ValueError, IndexError, ParseError) as err:
        raise misfit(cassette, f"{change.label}: {err}") from err


def _ensure_inside(cassette: Cassette, patch: Patch) -> None:
    """An insertion has no old text that could tell whether it stands right, but it has to stand in the text."""
    if not 0 <= patch.piece < len(cassette.pieces):
        raise IndexError(f"there is no piece {patch.piece}")
    if not 0 <= patch.start <= len(cassette.pieces.text(patch.piece)) - len(patch.old):
        raise ValueError(f"piece {patch.piece} ends before {patch.start}")


def _ensure_parses(cassette: Cassette, exchange: Exchange) -> None:
    """Raises ParseError where a patched entry is none any more."""
    if any(isinstance(step, Splice) for step in exchange.steps):
        # Its pieces are taken out and put in whole.
        return
    patched = {step.piece for step in exchange.steps if isinstance(step, Patch)}
    for piece in patched.intersection(cassette.pieces.entries()):
        parse_entry(cassette.pieces.text(piece), cassette.layout)
