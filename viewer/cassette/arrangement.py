"""The text around entries when they come, go or move: separators, brackets, the empty list.

In block style an entry is whole lines and needs nothing around it. In flow style and JSON a comma stands between
two entries, as a piece of glue of its own, which comes and goes with an entry. An empty list is `[]` in both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence as SequenceType
from typing import TYPE_CHECKING

from viewer.cassette import json_text, yaml_text
from viewer.cassette.layout import Syntax
from viewer.cassette.model import EditError
from viewer.cassette.new_text import indent_of
from viewer.cassette.node import AnyNode, Mapping, Scalar, find
from viewer.cassette.patterns import regex
from viewer.cassette.pieces import Patch, Piece, PieceKind, Splice, decode, encode

if TYPE_CHECKING:
    from viewer.cassette.cassette import Cassette

Step = Patch | Splice

_LEADING = regex(r"[ \t]*")
_KINDS = (PieceKind.ENTRY, PieceKind.SECOND)
_SECOND_PATH = ("responses",)


def removal(cassette: Cassette, positions: SequenceType[int]) -> list[Step]:
    """The steps that take the entries at these ascending positions out of the row."""
    if len(positions) == len(cassette):
        return _emptied(cassette)
    steps: list[Step] = []
    for kind in reversed(_KINDS):
        pieces = cassette.pieces.entries(kind)
        there = [position for position in positions if position < len(pieces)]
        steps.extend(_taken_out(cassette, pieces, position, positions) for position in reversed(there))
    return steps


def insertion(cassette: Cassette, at: int, texts: SequenceType[str]) -> list[Step]:
    """The steps that put the texts of one interaction's entries before position `at`."""
    needed = 2 if cassette.pieces.entries(PieceKind.SECOND) else 1
    if len(texts) != needed:
        raise EditError(
            f"an interaction of this cassette has {needed} {'entry' if needed == 1 else 'entries'}"
        )
    if not len(cassette):
        return _first(cassette, texts[0])
    steps: list[Step] = []
    # From the back to the front, so that what stands in front keeps its place.
    for kind, text in reversed(list(zip(_KINDS, texts, strict=False))):
        steps.extend(_put_in(cassette, kind, at, fitted(cassette, text)))
    return steps


def relocation(cassette: Cassette, position: int, to: int, texts: SequenceType[str]) -> list[Step]:
    """The steps that move the entries at `position`, whose texts become `texts`, so that they stand at `to`."""
    steps: list[Step] = []
    for kind, text in reversed(list(zip(_KINDS, texts, strict=False))):
        pieces = cassette.pieces.entries(kind)
        steps.extend(_moved(cassette, pieces, (position, to), Piece(kind, encode(_ended(cassette, text)))))
    return steps


def fitted(cassette: Cassette, text: str) -> str:
    """An entry's text with the newlines and the indentation of this cassette's entries."""
    newline = _newline(cassette)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if is_flow(cassette):
        model = cassette.pieces.text(cassette.pieces.entries()[0])
        text = _shifted(text.strip(), len(_last_indent(model)) - len(_last_indent(text.strip())))
        return text.replace("\n", newline)
    model = cassette.pieces.text(cassette.pieces.entries()[0])
    text = _shifted(text, len(_indent(model)) - len(_indent(text)), first=True)
    return (text if text.endswith("\n") else f"{text}\n").replace("\n", newline)


def is_flow(cassette: Cassette) -> bool:
    """Whether entries are separated by commas."""
    return cassette.layout.flow or cassette.layout.syntax is Syntax.JSON


# --- steps


def _taken_out(
    cassette: Cassette, pieces: SequenceType[int], position: int, gone: SequenceType[int]
) -> Splice:
    row, index = cassette.pieces, pieces[position]
    if not is_flow(cassette):
        return Splice(index, (row.piece(index),), ())
    if any(kept not in gone for kept in range(position)):
        return Splice(index - 1, (row.piece(index - 1), row.piece(index)), ())
    # Everything in front goes too: the comma behind goes along, which is that of the first entry to stay.
    stays = next(kept for kept in range(position + 1, len(pieces)) if kept not in gone)
    return Splice(index, (row.piece(index), row.piece(pieces[stays] - 1)), ())


def _moved(cassette: Cassette, pieces: SequenceType[int], way: tuple[int, int], new: Piece) -> list[Step]:
    row = cassette.pieces
    position, to = way
    index, target = pieces[position], pieces[to]
    if is_flow(cassette):
        # The comma goes along: the one behind when moving back, the one in front when moving forward.
        if to > position:
            comma = row.piece(index + 1)
            return [Splice(index, (row.piece(index), comma), ()), Splice(target - 1, (), (comma, new))]
        comma = row.piece(index - 1)
        return [Splice(index - 1, (comma, row.piece(index)), ()), Splice(target, (), (new, comma))]
    steps: list[Step] = [Splice(index, (row.piece(index),), ()), Splice(target, (), (new,))]
    return [*_end_of(cassette, pieces[-1]), *steps] if to > position else steps


def _ended(cassette: Cassette, text: str) -> str:
    """An entry's text as it stands anywhere but at the end of the file: its last line is a whole one."""
    return text if is_flow(cassette) or text.endswith(("\n", "\r")) else text + _newline(cassette)


def _end_of(cassette: Cassette, piece: int) -> list[Step]:
    """Gives the last entry's last line its newline, where the file ends without one."""
    text = cassette.pieces.text(piece)
    return [] if text.endswith(("\n", "\r")) else [Patch(piece, len(text), "", _newline(cassette))]


def _put_in(cassette: Cassette, kind: PieceKind, at: int, text: str) -> list[Step]:
    pieces = cassette.pieces.entries(kind)
    new = Piece(kind, encode(text))
    if is_flow(cassette):
        comma = Piece(PieceKind.GLUE, encode(_separator(cassette)))
        if at < len(pieces):
            return [Splice(pieces[at], (), (new, comma))]
        return [Splice(pieces[-1] + 1, (), (comma, new))]
    if at < len(pieces):
        return [Splice(pieces[at], (), (new,))]
    return [*_end_of(cassette, pieces[-1]), Splice(pieces[-1] + 1, (), (new,))]


def _separator(cassette: Cassette) -> str:
    pieces = cassette.pieces.entries()
    if len(pieces) > 1:
        return cassette.pieces.text(pieces[0] + 1)
    head = cassette.pieces.text(pieces[0] - 1) if pieces[0] else ""
    gap = head[len(head.rstrip()) :]
    if not gap and re.search(r'", "|\], "|\}, "', cassette.pieces.text(pieces[0])):
        gap = " "
    return f",{gap}"


# --- the empty list


def _emptied(cassette: Cassette) -> list[Step]:
    if is_flow(cassette):
        return [_emptied_flow(cassette)]
    steps: list[Step] = []
    for kind, path in reversed(list(zip(_KINDS, (cassette.layout.path, _SECOND_PATH), strict=True))):
        pieces = cassette.pieces.entries(kind)
        if pieces:
            steps.extend(_emptied_block(cassette, list(pieces), path))
    return steps


def _emptied_flow(cassette: Cassette) -> Splice:
    """Everything from the glue in front of the first list to that behind the last one, without what is in the lists."""
    row = cassette.pieces
    lists = [pieces for kind in _KINDS if (pieces := row.entries(kind))]
    first, last = lists[0][0] - 1, lists[-1][-1] + 1
    text = row.text(first).rstrip()
    for pieces in lists:
        behind = row.text(pieces[-1] + 1).lstrip()
        # YAML allows a comma behind the last entry too.
        text += behind.removeprefix(",").lstrip()
        if pieces is not lists[-1]:
            text = text.rstrip()
    old = tuple(row.piece(index) for index in range(first, last + 1))
    return Splice(first, old, (Piece(PieceKind.GLUE, encode(text)),))


def _emptied_block(cassette: Cassette, pieces: list[int], path: tuple[str, ...]) -> list[Step]:
    old = tuple(cassette.pieces.piece(index) for index in pieces)
    out = Splice(pieces[0], old, ())
    if not path:
        return [Splice(pieces[0], old, (Piece(PieceKind.GLUE, encode("[]" + _newline(cassette))),))]
    glue = pieces[0] - 1
    head = cassette.pieces.text(glue)
    keys = list(re.finditer(rf"^[ \t]*[\"']?{re.escape(path[-1])}[\"']?[ \t]*:", head, re.M))
    if not keys:
        raise EditError("the list's key cannot be found", remedy="Edit the file as text.")
    return [out, Patch(glue, keys[-1].end(), "", " []")]


def _first(cassette: Cassette, text: str) -> list[Step]:
    """The steps that put the first entry into an empty list."""
    glue, node = _empty_list(cassette)
    whole = cassette.pieces.text(glue)
    newline = _newline(cassette)
    head, tail = whole[: node.start], whole[node.end :]
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if cassette.layout.syntax is Syntax.JSON:
        before, entry, after = _json_first(whole, node, text.strip())
    else:
        head = head.rstrip(" \t")
        before = "" if not head else newline
        entry, after = text if text.endswith("\n") else f"{text}\n", ""
        tail = re.sub(r"\A[ \t]*(?:\r\n|\n|\r)?", "", tail)
    pieces = [
        Piece(PieceKind.GLUE, encode(head + before)),
        Piece(PieceKind.ENTRY, encode(entry.replace("\n", newline))),
        Piece(PieceKind.GLUE, encode(after + tail)),
    ]
    kept = tuple(piece for piece in pieces if piece.data)
    return [Splice(glue, (cassette.pieces.piece(glue),), kept)]


def _json_first(whole: str, node: AnyNode, entry: str) -> tuple[str, str, str]:
    """What stands before the entry, the entry, and what stands behind it, the list's brackets included."""
    outer = indent_of(whole, node.start)
    if "\n" not in whole.strip() and "\n" not in entry:
        return "[", entry, "]"
    step = _json_step(whole) or "  "
    inner = outer + step
    entry = _shifted(entry, len(inner) - len(_last_indent(entry)))
    return f"[\n{inner}", entry, f"\n{outer}]"


def _json_step(whole: str) -> str:
    hit = re.search(r"[{\[]\r?\n([ \t]+)\S", whole)
    return hit[1] if hit else ""


def _empty_list(cassette: Cassette) -> tuple[int, AnyNode]:
    """The piece of glue that holds the empty list, and its node; also where a recorder writes `{}` or nothing."""
    for index in cassette.pieces.entries(PieceKind.GLUE):
        text = cassette.pieces.text(index)
        roots = (
            [json_text.parse(text)] if cassette.layout.syntax is Syntax.JSON else yaml_text.parse_all(text)
        )
        for root in roots:
            for path in (("interactions",), ("http_interactions",), ("log", "entries"), ()):
                node = find(root, *path)
                if node is not None and not _is_other(node, path):
                    return index, node
    raise EditError("there is no list to put an interaction into", remedy="Edit the file as text.")


def _is_other(node: AnyNode, path: tuple[str, ...]) -> bool:
    """Whether a node is no empty list: a value, or a mapping with something in it."""
    if isinstance(node, Scalar):
        return bool(node.value and node.value not in ("~", "null"))
    return isinstance(node, Mapping) and (bool(node.pairs) or not path)


# --- lines


def _newline(cassette: Cassette) -> str:
    head = decode(cassette.source.data[:4096])
    if "\r\n" in head:
        return "\r\n"
    return "\r" if "\r" in head and "\n" not in head else "\n"


def _indent(text: str) -> str:
    hit = _LEADING.match(text)
    return hit[0] if hit else ""


def _last_indent(text: str) -> str:
    """The indentation of the last line, on which an entry of JSON closes."""
    return _indent(text.rpartition("\n")[2]) if "\n" in text else ""


def _shifted(text: str, by: int, *, first: bool = False) -> str:
    """The lines moved right or left; a line that is empty, or has not enough in front, stays.

    Safe for YAML: continuation lines of quoted scalars may stand anywhere, and those of block scalars move along.
    """
    if not by or ("\n" not in text and not first):
        return text
    lines = text.split("\n")
    start = 0 if first else 1
    for at in range(start, len(lines)):
        line = lines[at]
        if by > 0:
            lines[at] = f"{' ' * by}{line}" if line else line
        else:
            lines[at] = line[min(-by, len(line) - len(line.lstrip(" "))) :]
    return "\n".join(lines)
