"""The tree of one entry's text, the same for YAML and JSON: what stands where.

Spans are code points of the entry's decoded text, end exclusive. A scalar's span is the scalar's own token:
without its anchor, its tag, or the comment behind it; a block scalar's starts at the `|` or `>` and ends
behind its last line's newline, blank lines that belong to its value (`|+`) included.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

import msgspec

# Bytes of one entry; its text, its tree, and what its body is shown as take some six times this.
MOST_BYTES = 256 << 20
# Nodes of one entry; they take a hundred bytes each, and a megabyte of YAML can hold half a million.
MOST_NODES = 2_000_000
TOO_MANY = f"holds more than {MOST_NODES:,} values"
_MOST_DIGITS = 18


class Node(msgspec.Struct):
    """What every node has: its span, and the tag as written (`!!binary`, `!`, or "" where there is none)."""

    start: int
    end: int
    tag: str


class Scalar(Node, gc=False):
    """A scalar. `style` is one of "" (plain), "'", '"', "|", ">"; `value` is what it means, as text.

    In JSON a string has style '"', and numbers, true, false and null are plain.
    """

    value: str
    style: str
    anchor: str = ""


class Mapping(Node):
    """A mapping; duplicate and complex keys are kept. `flow` is True for `{…}`; `anchor` is "" without one."""

    pairs: list[tuple[AnyNode, AnyNode]]
    flow: bool
    anchor: str = ""

    def get(self, key: str) -> AnyNode | None:
        """The value under the last scalar key equal to `key`, the one that loaders keep; else a merged one."""
        merges = False
        for name, value in reversed(self.pairs):
            if type(name) is Scalar:
                if name.value == key:
                    return value
                merges |= name.value == "<<"
        return self._get_merged(key) if merges else None

    def items(self) -> Iterator[tuple[str, AnyNode]]:
        """(key, value) of each pair whose key is a scalar, merged ones (`<<`) left out."""
        for name, value in self.pairs:
            if isinstance(name, Scalar):
                yield name.value, value

    def _get_own(self, key: str) -> AnyNode | None:
        for name, value in reversed(self.pairs):
            if isinstance(name, Scalar) and name.value == key:
                return value
        return None

    def _get_merged(self, key: str) -> AnyNode | None:
        """The value in the first merged mapping that has the key, each looked at once.

        Ten mappings that merge the one before ten times each would be looked at ten billion times.
        """
        seen = {id(self)}
        waiting = [*self._merged()][::-1]
        while waiting:
            merged = waiting.pop()
            if id(merged) in seen:
                continue
            seen.add(id(merged))
            found = merged._get_own(key)
            if found is not None:
                return found
            waiting += [*merged._merged()][::-1]
        return None

    def _merged(self) -> Iterator[Mapping]:
        """The mappings under `<<`, as https://yaml.org/type/merge.html has it."""
        for name, value in self.pairs:
            if isinstance(name, Scalar) and name.value == "<<" and not name.style:
                target = followed(value)
                for source in target.items if isinstance(target, Sequence) else [target]:
                    mapping = followed(source)
                    if isinstance(mapping, Mapping) and mapping is not self:
                        yield mapping


class Sequence(Node):
    """A sequence. `flow` is True for `[…]`."""

    items: list[AnyNode]
    flow: bool
    anchor: str = ""


class Alias(Node):
    """An alias `*name`. Its target may stand in another entry; None where it is nowhere."""

    name: str
    target: AnyNode | None = None


AnyNode = Scalar | Mapping | Sequence | Alias


def followed(node: AnyNode | None) -> AnyNode | None:
    """The node itself, or what an alias stands for."""
    return node.target if isinstance(node, Alias) else node


def find(node: AnyNode | None, *path: str | int) -> AnyNode | None:
    """The node reached by mapping keys and sequence positions, through aliases; None where the way ends."""
    # Reading a row asks a dozen times; nothing that can stand here is called.
    for step in path:
        if type(node) is Alias:
            node = node.target
        if isinstance(node, Mapping) and isinstance(step, str):
            node = node.get(step)
        elif (
            isinstance(node, Sequence)
            and isinstance(step, int)
            and -len(node.items) <= step < len(node.items)
        ):
            node = node.items[step]
        else:
            return None
    return node


def nodes(root: AnyNode) -> Iterator[AnyNode]:
    """Every node of a tree in the order of its text, without what aliases stand for."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, Mapping):
            stack.extend(child for pair in reversed(node.pairs) for child in reversed(pair))
        elif isinstance(node, Sequence):
            stack.extend(reversed(node.items))


def whole_number(text: str) -> int | None:
    """The number that digits of ASCII write; None for other text, and for more digits than anything here counts.

    `str.isdigit` takes "²" too, which int() does not, and int() itself refuses more than 4,300 digits.
    """
    return int(text) if len(text) <= _MOST_DIGITS and text.isascii() and text.isdigit() else None


def finite_number(text: str) -> float | None:
    """The number that a text writes; None where it is none, or none that can be counted with."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def text_of(node: AnyNode | None, default: str = "") -> str:
    """The value of a scalar, else `default`."""
    node = followed(node)
    return node.value if isinstance(node, Scalar) else default
