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
from viewer.cassette.cassette import find_links
from viewer.cassette.formats.detect import lay_out
from viewer.cassette.layout import Syntax
from viewer.cassette.model import EditError, ParseError
from viewer.cassette.node import Mapping
from viewer.cassette.numbering import NEW, numbered, renumbered
from viewer.cassette.patterns import regex
from viewer.cassette.pieces import Exchange, Patch, PieceKind, Splice
from viewer.cassette.tree import parse_entry

if TYPE_CHECKING:
    from viewer.cassette.cassette import Cassette

# A comma with blanks, line ends and comments around it.
_SEPARATOR = regex(r"(?:\s|(?<=\s)#[^\r\n]*)*+,(?:\s|(?<=\s)#[^\r\n]*)*+")
# Bytes of entries that are parsed in a quarter of a second.
_VERIFIED_WHOLE = 4_000_000
# Looking at an entry's number takes as long as parsing so many bytes.
_NUMBER = 30


class _Several(msgspec.Struct, frozen=True):
    """What is done to the interactions at these positions."""

    positions: tuple[int, ...]

    @property
    def position(self) -> int:
        """The first interaction that is meant."""
        return min(self.positions, default=0)

    def reach(self, cassette: Cassette) -> int:
        """As `Edit.reach`."""
        return _reach(cassette, self.positions)


class DeleteInteractions(_Several, frozen=True):
    """Deletes the interactions at these positions."""

    label: ClassVar[str] = "Delete Interactions"

    def exchange(self, cassette: Cassette) -> Exchange:
        """The steps; raises EditError for a position that is not there."""
        gone = sorted(set(self.positions))
        _ensure(cassette, gone)
        if not gone:
            return Exchange(())
        stays = set(range(len(cassette))).difference(gone)
        exchange = _exchange(renumbered(cassette, sorted(stays)), removal(cassette, gone))
        if not stays:
            _ensure_opens(cassette, exchange)
        return exchange


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

    def reach(self, cassette: Cassette) -> int:
        """As `Edit.reach`."""
        return _reach(cassette, [self.at - 1] if self.at else []) + sum(map(len, self.texts))

    def exchange(self, cassette: Cassette) -> Exchange:
        """The steps; raises EditError for text that is no entry."""
        _ensure(cassette, [self.at - 1] if self.at else [])
        for text in self.texts:
            _check_entry(cassette, text)
        texts = (*numbered(cassette, self.texts[:1], self.at), *self.texts[1:])
        order = [*range(self.at), NEW, *range(self.at, len(cassette))]
        return _exchange(renumbered(cassette, order), insertion(cassette, self.at, texts))


class DuplicateInteraction(msgspec.Struct, frozen=True):
    """Puts a copy of an interaction behind it."""

    position: int
    label: ClassVar[str] = "Duplicate Interaction"

    def reach(self, cassette: Cassette) -> int:
        """As `Edit.reach`."""
        return _reach(cassette, [self.position])

    def exchange(self, cassette: Cassette) -> Exchange:
        """The steps; raises EditError for a position that is not there."""
        return DuplicateInteractions((self.position,)).exchange(cassette)


class DuplicateInteractions(_Several, frozen=True):
    """Puts copies of the interactions at these positions, in their order, behind the last of them."""

    label: ClassVar[str] = "Duplicate Interactions"

    def exchange(self, cassette: Cassette) -> Exchange:
        """The steps; raises EditError for a position that is not there."""
        copied = sorted(set(self.positions))
        _ensure(cassette, copied)
        if not copied:
            return Exchange(())
        at = copied[-1] + 1
        groups = [texts_of(cassette, position) for position in copied]
        firsts = numbered(cassette, [group[0] for group in groups], at)
        order = [*range(at), *[NEW] * len(groups), *range(at, len(cassette))]
        steps: list[Step] = []
        # All go in front of the same entry: the last of them first.
        for first, group in reversed(list(zip(firsts, groups, strict=True))):
            steps += insertion(cassette, at, (first, *group[1:]))
        # From the back to the front, so that what stands in front keeps its place.
        splices = sorted(_splices(steps), key=lambda splice: -splice.at)
        return _exchange(renumbered(cassette, order), [*_patches(steps), *splices])


class MoveInteraction(msgspec.Struct, frozen=True):
    """Moves an interaction, so that it stands at position `to` afterwards."""

    position: int
    to: int
    label: ClassVar[str] = "Move Interaction"

    def reach(self, cassette: Cassette) -> int:
        """As `Edit.reach`."""
        return _reach(cassette, [self.position, self.to])

    def exchange(self, cassette: Cassette) -> Exchange:
        """The steps; raises EditError for a position that is not there."""
        _ensure(cassette, [self.position, self.to])
        return _moved(cassette, [(self.position, self.to)] if self.position != self.to else [])


class MoveInteractions(_Several, frozen=True):
    """Moves the interactions at these positions by one place, towards the start (`step` -1) or the end (1).

    Neighbours move together: what stood in their way goes round them.
    """

    step: int
    label: ClassVar[str] = "Move Interactions"

    def exchange(self, cassette: Cassette) -> Exchange:
        """The steps; raises EditError where a position is not there, or there is no place to move to."""
        moved = sorted(set(self.positions))
        ways = [(first - 1, last) if self.step < 0 else (last + 1, first) for first, last in _runs(moved)]
        _ensure(cassette, sorted({*moved, *(passed for passed, _ in ways)}))
        return _moved(cassette, ways)


def _runs(positions: Sequence[int]) -> list[tuple[int, int]]:
    """The first and the last of each run of neighbours among ascending positions."""
    runs: list[tuple[int, int]] = []
    for position in positions:
        if runs and runs[-1][1] == position - 1:
            runs[-1] = runs[-1][0], position
        else:
            runs.append((position, position))
    return runs


def _moved(cassette: Cassette, ways: Sequence[tuple[int, int]]) -> Exchange:
    """The steps that move interactions from positions to others; no way touches what another one does."""
    order = list(range(len(cassette)))
    for position, to in ways:
        order.insert(to, order.pop(position))
    numbers = renumbered(cassette, order)
    pieces = cassette.pieces.entries()
    own = {pieces[position] for position, _ in ways}
    steps: list[Step] = []
    for position, to in ways:
        first, *others = texts_of(cassette, position)
        for patch in numbers:
            if patch.piece == pieces[position]:
                first = first[: patch.start] + patch.new + first[patch.start + len(patch.old) :]
        steps += relocation(cassette, position, to, (first, *others))
    return _exchange([patch for patch in numbers if patch.piece not in own], steps)


def texts_of(cassette: Cassette, position: int) -> tuple[str, ...]:
    """The texts of an interaction's entries, for `InsertInteraction` into a cassette of the same format."""
    return tuple(entry.text for entry in cassette.group(position))


def _exchange(numbers: Sequence[Patch], steps: Sequence[Step]) -> Exchange:
    """Patches first, those at the ends of texts before the numbers in them; then the splices, which move pieces."""
    return Exchange((*_patches(steps), *numbers, *_splices(steps)))


def _patches(steps: Sequence[Step]) -> list[Patch]:
    """The patches among steps, each once: two interactions may ask for the same newline."""
    return list(dict.fromkeys(step for step in steps if isinstance(step, Patch)))


def _splices(steps: Sequence[Step]) -> list[Splice]:
    return [step for step in steps if isinstance(step, Splice)]


def _ensure(cassette: Cassette, positions: Sequence[int]) -> None:
    """Raises EditError unless the list can be changed at these positions."""
    if cassette.format.read_only:
        raise EditError(cassette.format.read_only)
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
    find_links(cassette, positions)
    if cassette.layout.links:
        raise EditError(
            "interactions of this cassette refer to anchors in each other, so the list stays as it is",
            remedy="Edit the file as text.",
        )
    if cassette.layout is not layout and len(cassette) != count:
        raise EditError(
            "the interactions of this file stand elsewhere than it seemed; they have been read anew",
            remedy="Choose the interaction again.",
        )
    if not _is_one_list(cassette):
        raise EditError(
            "this file has its interactions in several lists, which stay as they are",
            remedy="Edit the file as text.",
        )


def _ensure_opens(cassette: Cassette, exchange: Exchange) -> None:
    """Raises EditError where the file is malformed around its interactions, and opens for their sake alone."""
    left = cassette.snapshot()
    left.apply(exchange)
    try:
        lay_out(left.pieces.whole())
    except ParseError as err:
        raise EditError(
            f"without its interactions this file could not be opened: {err.message}",
            line=err.line,
            remedy="Edit the file as text.",
        ) from err


def _is_one_list(cassette: Cassette) -> bool:
    """Whether nothing stands between the entries, or nothing but commas: a file of several documents has more."""
    row, pieces = cassette.pieces, cassette.pieces.entries()
    if not pieces or cassette.layout.syntax is not Syntax.YAML:
        return True
    apart = 2 if cassette.layout.flow else 1
    if pieces[-1] - pieces[0] != apart * (len(pieces) - 1):
        return False
    return apart == 1 or all(_SEPARATOR.fullmatch(row.text(piece + 1)) for piece in pieces[:-1])


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


def _reach(cassette: Cassette, positions: Sequence[int]) -> int:
    """About how many bytes `_verify` parses and the numbers take."""
    count = len(cassette)
    there = [position for position in positions if 0 <= position < count]
    last = max(there, default=-1) + 1
    parsed = sum(map(cassette.size, range(last))) if _is_small(cassette, last) else 0
    return parsed + 2 * sum(map(cassette.size, there)) + count * _NUMBER


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
