"""Edits of the list itself: interactions that are deleted, inserted, copied and moved.

Positions count interactions from 0. Before anything is counted, the entries concerned are checked to be entries
(`Cassette.verify`), since the fast split is a guess. What an edit gives is splices of the row of pieces, and
patches of the numbers that recorders keep.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

import msgspec

from viewer.cassette.arrangement import Step, insertion, relocation, removal
from viewer.cassette.model import EditError, ParseError
from viewer.cassette.node import Mapping
from viewer.cassette.numbering import NEW, numbered, renumbered
from viewer.cassette.pieces import Exchange, Patch, PieceKind, Splice
from viewer.cassette.tree import parse_entry

if TYPE_CHECKING:
    from viewer.cassette.cassette import Cassette

# Bytes of entries that are parsed in a quarter of a second.
_VERIFIED_WHOLE = 4_000_000


class DeleteInteractions(msgspec.Struct, frozen=True):
    """Deletes the interactions at these positions."""

    positions: tuple[int, ...]
    label: ClassVar[str] = "Delete Interactions"

    @property
    def position(self) -> int:
        """The first interaction that goes."""
        return min(self.positions, default=0)

    def exchange(self, cassette: Cassette) -> Exchange:
        """The steps; raises EditError for a position that is not there."""
        gone = sorted(set(self.positions))
        _ensure(cassette, gone)
        if not gone:
            return Exchange(())
        stays = set(range(len(cassette))).difference(gone)
        return _exchange(renumbered(cassette, sorted(stays)), removal(cassette, gone))


class InsertInteraction(msgspec.Struct, frozen=True):
    """Inserts an interaction before position `at`, given as the text of its entry (of its two, in langchain's form).

    The text is that of an entry of the same format, from any cassette; newlines and indentation are fitted.
    """

    at: int
    texts: tuple[str, ...]
    label: ClassVar[str] = "Insert Interaction"

    @property
    def position(self) -> int:
        """Where it will stand."""
        return self.at

    def exchange(self, cassette: Cassette) -> Exchange:
        """The steps; raises EditError for text that is no entry."""
        _ensure(cassette, [self.at - 1] if self.at else [])
        for text in self.texts:
            _check_entry(cassette, text)
        texts = (numbered(cassette, self.texts[0], self.at), *self.texts[1:])
        order = [*range(self.at), NEW, *range(self.at, len(cassette))]
        return _exchange(renumbered(cassette, order), insertion(cassette, self.at, texts))


class DuplicateInteraction(msgspec.Struct, frozen=True):
    """Puts a copy of an interaction behind it."""

    position: int
    label: ClassVar[str] = "Duplicate Interaction"

    def exchange(self, cassette: Cassette) -> Exchange:
        """The steps; raises EditError for a position that is not there."""
        _ensure(cassette, [self.position])
        return InsertInteraction(self.position + 1, texts_of(cassette, self.position)).exchange(cassette)


class MoveInteraction(msgspec.Struct, frozen=True):
    """Moves an interaction, so that it stands at position `to` afterwards."""

    position: int
    to: int
    label: ClassVar[str] = "Move Interaction"

    def exchange(self, cassette: Cassette) -> Exchange:
        """The steps; raises EditError for a position that is not there."""
        _ensure(cassette, [self.position, self.to])
        if self.position == self.to:
            return Exchange(())
        order = [position for position in range(len(cassette)) if position != self.position]
        order.insert(self.to, self.position)
        own = cassette.pieces.entries()[self.position]
        numbers = renumbered(cassette, order)
        first, *others = texts_of(cassette, self.position)
        for patch in numbers:
            if patch.piece == own:
                first = first[: patch.start] + patch.new + first[patch.start + len(patch.old) :]
        steps = relocation(cassette, self.position, self.to, (first, *others))
        return _exchange([patch for patch in numbers if patch.piece != own], steps)


def texts_of(cassette: Cassette, position: int) -> tuple[str, ...]:
    """The texts of an interaction's entries, for `InsertInteraction` into a cassette of the same format."""
    return tuple(entry.text for entry in cassette.group(position))


def _exchange(numbers: Sequence[Patch], steps: Sequence[Step]) -> Exchange:
    """Patches first, those at the ends of texts before the numbers in them; then the splices, which move pieces."""
    patches = [step for step in steps if isinstance(step, Patch)]
    splices = [step for step in steps if isinstance(step, Splice)]
    return Exchange((*patches, *numbers, *splices))


def _ensure(cassette: Cassette, positions: Sequence[int]) -> None:
    """Raises EditError unless the list can be changed at these positions."""
    if cassette.format.read_only:
        raise EditError(cassette.format.read_only)
    if cassette.layout.links:
        raise EditError(
            "interactions of this cassette refer to anchors in each other, so the list stays as it is",
            remedy="Edit the file as text.",
        )
    layout, count = cassette.layout, len(cassette)
    if len(cassette.pieces.entries(PieceKind.SECOND)) not in (0, count):
        raise EditError(
            "this cassette has not as many responses as requests, so which belong together would change",
            remedy="Edit the file as text.",
        )
    wrong = [position for position in positions if not 0 <= position < count]
    if wrong:
        raise EditError(f"there is no interaction {wrong[0]}", remedy=f"This cassette has {count}.")
    _verify(cassette, positions)
    if cassette.layout is not layout and len(cassette) != count:
        raise EditError(
            "the interactions of this file stand elsewhere than it seemed; they have been read anew",
            remedy="Choose the interaction again.",
        )


def _verify(cassette: Cassette, positions: Sequence[int]) -> None:
    """Makes sure that entries are entries: all in front where that takes no time, else those beside the positions.

    A false marker makes the entry before it fail, so an entry is one if it parses and the one before it does.
    """
    if not positions:
        return
    last = max(positions) + 1
    if _is_small(cassette, last):
        cassette.verify(last)
        return
    for position in positions:
        for neighbour in range(max(0, position - 1), position + 1):
            cassette.group(neighbour)


def _is_small(cassette: Cassette, count: int) -> bool:
    """Whether the first `count` interactions are parsed in no time."""
    room = _VERIFIED_WHOLE
    for position in range(count):
        room -= cassette.size(position)
        if room < 0:
            return False
    return True


def _check_entry(cassette: Cassette, text: str) -> None:
    try:
        root = parse_entry(text, cassette.layout)
    except ParseError as err:
        raise EditError(f"the text is no entry of a list: {err.message}", line=err.line) from err
    if not isinstance(root, Mapping):
        raise EditError("the text is no mapping", remedy="An entry has a request and a response.")
