"""What recorders number their entries by, kept right when entries come, go or move.

go-vcr's `id` is the position in the file (`Save` numbers anew), so it follows where every one equalled its
position. Polly.js's `_order` counts the entries with one `_id`, so a copy gets the next number, and those behind
a deleted one move up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from viewer.cassette.families.tree_format import TreeFormat
from viewer.cassette.formats.base import Numbering, Path
from viewer.cassette.model import ParseError
from viewer.cassette.node import AnyNode, Scalar, find, followed, text_of, whole_number
from viewer.cassette.patterns import regex
from viewer.cassette.pieces import Patch
from viewer.cassette.tree import parse_entry

if TYPE_CHECKING:
    from viewer.cassette.cassette import Cassette

# A position in the new order is that of an old entry, or NEW.
NEW = -1
_FIRST_KEY = regex(rb" *- +(\w+): (\d{1,18})[ \t]*\r?\n")


def renumbered(cassette: Cassette, order: Sequence[int]) -> list[Patch]:
    """Patches of the entries that stay, on the row as it is; `order` has their old positions in the new order."""
    numbering = _numbering(cassette)
    if numbering.position:
        return _positions(cassette, order, numbering.position) if _are_positions(cassette) else []
    if numbering.group:
        return _closed_gaps(cassette, order, numbering)
    return []


def numbered(cassette: Cassette, texts: Sequence[str], at: int) -> list[str]:
    """The texts of new entries with the numbers that they need from position `at` on."""
    numbering = _numbering(cassette)
    if numbering.position and _are_positions(cassette):
        roots = [parse_entry(text, cassette.layout) for text in texts]
        return [
            _with_number(text, _number(root, numbering.position), place)
            for place, (text, root) in enumerate(zip(texts, roots, strict=True), at)
        ]
    if numbering.group:
        return _numbered_in_groups(cassette, texts, numbering)
    return list(texts)


def _numbered_in_groups(cassette: Cassette, texts: Sequence[str], numbering: Numbering) -> list[str]:
    free: dict[str, int] = {}
    result = []
    for text in texts:
        root = parse_entry(text, cassette.layout)
        group = text_of(find(root, *numbering.group))
        if group not in free:
            taken = [order for _, order in _orders(cassette, numbering, group)]
            free[group] = max(taken, default=-1) + 1
        if free[group]:  # the first of its group keeps the number that it has
            text = _with_number(text, _number(root, ((numbering.order,),)), free[group])
            free[group] += 1
        result.append(text)
    return result


def _numbering(cassette: Cassette) -> Numbering:
    return cassette.format.numbering if isinstance(cassette.format, TreeFormat) else Numbering()


def _are_positions(cassette: Cassette) -> bool:
    """Whether every entry's number is its position.

    Where all numbers are read off first lines this also proves the split right: a false marker would shift the
    numbers of all entries behind it, unless it stands in the last one, which is parsed.
    """
    if not len(cassette):
        return True
    paths = _numbering(cassette).position
    cassette.group(len(cassette) - 1)
    return all(found is not None and found[1] == at for at, found in enumerate(_numbers(cassette, paths)))


def _numbers(cassette: Cassette, paths: tuple[Path, ...]) -> Iterator[tuple[int, int] | None]:
    """For each entry the offset of its number in its text, and the number."""
    for position, piece in enumerate(cassette.pieces.entries()):
        hit = _FIRST_KEY.match(cassette.pieces.data(piece))
        if hit and (hit[1].decode(),) in paths:
            yield hit.start(2), int(hit[2])
            continue
        node = _number(cassette.group(position)[0].root, paths)
        yield (node.start, int(node.value)) if node else None


def _number(root: AnyNode, paths: tuple[Path, ...]) -> Scalar | None:
    for path in paths:
        node = followed(find(root, *path))
        if isinstance(node, Scalar) and whole_number(node.value) is not None and not node.style:
            return node
    return None


def _positions(cassette: Cassette, order: Sequence[int], paths: tuple[Path, ...]) -> list[Patch]:
    places = list(_numbers(cassette, paths))
    pieces = cassette.pieces.entries()
    patches = []
    for new, old in enumerate(order):
        place = places[old] if old != NEW else None
        if place is not None and old != new:
            patches.append(Patch(pieces[old], place[0], str(old), str(new)))
    return patches


def _closed_gaps(cassette: Cassette, order: Sequence[int], numbering: Numbering) -> list[Patch]:
    """Moves numbers up behind deleted entries of the same group."""
    kept = set(order)
    patches = []
    for gone in [position for position in range(len(cassette)) if position not in kept]:
        root = cassette.group(gone)[0].root
        number = _number(root, ((numbering.order,),))
        if number is None:
            continue
        for position, value in _orders(cassette, numbering, text_of(find(root, *numbering.group))):
            if position in kept and value > int(number.value):
                patches.append((position, value))
    return _lowered(cassette, numbering, patches)


def _lowered(cassette: Cassette, numbering: Numbering, found: list[tuple[int, int]]) -> list[Patch]:
    patches = []
    for position, value in dict.fromkeys(found):
        node = _number(cassette.group(position)[0].root, ((numbering.order,),))
        new = value - found.count((position, value))
        if node is not None:
            patches.append(Patch(cassette.pieces.entries()[position], node.start, str(value), str(new)))
    return patches


def _orders(cassette: Cassette, numbering: Numbering, group: str) -> Iterator[tuple[int, int]]:
    """The positions and numbers of a group's entries; an entry without its name in the text is not parsed."""
    name = group.encode("utf-8", "surrogateescape")
    for position, piece in enumerate(cassette.pieces.entries()):
        if name not in cassette.pieces.data(piece):
            continue
        try:
            root = cassette.group(position)[0].root
        except ParseError:
            continue
        number = _number(root, ((numbering.order,),))
        if text_of(find(root, *numbering.group)) == group and number is not None:
            yield position, int(number.value)


def _with_number(text: str, node: Scalar | None, number: int) -> str:
    return text if node is None else f"{text[: node.start]}{number}{text[node.end :]}"
