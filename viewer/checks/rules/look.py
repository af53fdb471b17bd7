"""A look at one interaction: what rules are given, and how they say what they found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from viewer.cassette.formats.base import Side
from viewer.cassette.node import AnyNode, Mapping, Sequence, find, followed
from viewer.checks.problem import Problem, Severity

if TYPE_CHECKING:
    from viewer.cassette.cassette import Cassette
    from viewer.cassette.edits import Edit
    from viewer.cassette.formats.base import Group
    from viewer.cassette.model import Interaction

# What was seen of the interactions before this one, by rules that compare them.
Seen = dict[tuple[str, str], int]


class Look(msgspec.Struct):
    """One interaction of a cassette, with its tree."""

    cassette: Cassette
    interaction: Interaction
    group: Group
    seen: Seen

    @property
    def position(self) -> int:
        """Its place in the file, from 0."""
        return self.interaction.position

    def node(self, *path: str) -> AnyNode | None:
        """The node at a path of the (first) entry, behind an alias what that stands for."""
        return followed(find(self.group[0].root, *path))

    def side(self, side: Side) -> AnyNode | None:
        """The node of the request or the response."""
        if side is Side.RESPONSE and len(self.group) > 1:
            return followed(self.group[1].root)
        return followed(self.group[0].root) if len(self.group) > 1 else self.node(side.value)

    def error(self, text: str, node: AnyNode | None = None, fix: Edit | None = None) -> Problem:
        """What keeps the recorder from loading or answering; `node` tells the line."""
        return Problem(text, Severity.ERROR, self.position, self._line(node), fix)

    def warning(self, text: str, node: AnyNode | None = None, fix: Edit | None = None) -> Problem:
        """What is likely not meant; `node` tells the line."""
        return Problem(text, Severity.WARNING, self.position, self._line(node), fix)

    def _line(self, node: AnyNode | None) -> int:
        line = self.cassette.line_of(self.position)
        if node is None:
            return line
        for entry in self.group:
            if node.start <= len(entry.text) and _holds(entry.root, node):
                index = self.group.index(entry)
                if index:
                    second = self.cassette.pieces.newlines_before(entry.piece)
                    return 1 + second + entry.text.count("\n", 0, node.start)
                return line + entry.text.count("\n", 0, node.start)
        return line


def _holds(root: AnyNode, wanted: AnyNode) -> bool:
    """Whether a node stands in a tree, followed by its span."""
    node: AnyNode | None = root
    while node is not None:
        if node is wanted:
            return True
        children: list[AnyNode] = []
        if isinstance(node, Mapping):
            children = [child for pair in node.pairs for child in pair]
        elif isinstance(node, Sequence):
            children = node.items
        node = next((c for c in children if c is wanted or c.start <= wanted.start < c.end), None)
    return False
