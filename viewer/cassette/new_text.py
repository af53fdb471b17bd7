"""New values as text: in block style as the neighbours have it, in flow style, and in JSON over one or more lines.

What a value looks like is measured from the entry's own tree: how far lists and mappings are indented, what
stands behind a colon and a comma, whether JSON stands on one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

import msgspec

from viewer.cassette.node import AnyNode, Mapping, Scalar, Sequence
from viewer.cassette.patterns import regex
from viewer.cassette.spelling.base import Place, Writer, is_block


class Text(msgspec.Struct, frozen=True):
    """A new scalar: its value, and its tag ("" for a string; "int", "null" and such are written plain)."""

    value: str
    tag: str = ""


_COLON = regex(r"[ \t]*:[ \t]*(?=[^\s])")

# A new value is a scalar, a list of values, or a mapping as a tuple of pairs.
New = Text | list["New"] | tuple[tuple[str, "New"], ...]


class NewText:
    """Spells new values for the entry `text` with the tree `root`."""

    def __init__(self, text: str, root: AnyNode, writer: Writer) -> None:
        self.text = text
        self.root = root
        self.writer = writer

    # --- block style; lines end with "\n"

    def block_pair(self, key: str, new: New, column: int) -> str:
        """A pair as lines that stand at `column`, the first without its indentation."""
        name = self.writer.spell(key, "", Place(column, column, is_key=True))
        if isinstance(new, Text):
            place = Place(column, column + len(name) + 2)
            return f"{name}: {_lined(self.writer.spell(new.value, new.tag, place))}"
        if not new:
            return f"{name}: {'[]' if isinstance(new, list) else '{}'}\n"
        if isinstance(new, list):
            return f"{name}:\n" + self._items(new, column + self._list_offset)
        inner = column + self._mapping_step
        return f"{name}:\n{' ' * inner}{self._pairs(new, inner)}"

    def block_item(self, new: New, column: int) -> str:
        """A list's item as lines whose dash stands at `column`, the first without its indentation."""
        if isinstance(new, Text):
            place = Place(indent=column, column=column + 2, in_list=True)
            return f"- {_lined(self.writer.spell(new.value, new.tag, place))}"
        if not new:
            return f"- {'[]' if isinstance(new, list) else '{}'}\n"
        if isinstance(new, list):
            return f"- {self._items(new, column + 2).lstrip(' ')}"
        return f"- {self._pairs(new, column + 2)}"

    def _items(self, new: list[New], column: int) -> str:
        return "".join(f"{' ' * column}{self.block_item(item, column)}" for item in new)

    def _pairs(self, new: tuple[tuple[str, New], ...], column: int) -> str:
        return f"{' ' * column}".join(self.block_pair(key, value, column) for key, value in new)

    # --- flow style and JSON; `indent` is the white space in front of the line that the value begins on

    def flow(self, new: New, place: Place, indent: str) -> str:
        """A value inside flow style."""
        inner = Place(place.indent, place.column, flow=place.flow + 1)
        if isinstance(new, Text):
            return self.writer.spell(new.value, new.tag, inner)
        if not new:
            return "[]" if isinstance(new, list) else "{}"
        deeper = indent + self.json_step
        if isinstance(new, list):
            return self._bracketed("[]", [self.flow(item, inner, deeper) for item in new], indent)
        pairs = [self.flow_pair(key, value, inner, deeper) for key, value in new]
        return self._bracketed("{}", pairs, indent)

    def flow_pair(self, key: str, new: New, place: Place, indent: str) -> str:
        """A pair inside flow style."""
        inner = Place(place.indent, place.column, is_key=True, flow=1)
        return f"{self.writer.spell(key, '', inner)}{self._colon}{self.flow(new, place, indent)}"

    def _bracketed(self, brackets: str, parts: list[str], indent: str) -> str:
        if not self.json_step:
            return brackets[0] + f",{self.separator}".join(parts) + brackets[1]
        lines = ",".join(f"\n{indent}{self.json_step}{part}" for part in parts)
        return f"{brackets[0]}{lines}\n{indent}{brackets[1]}"

    # --- measured from the entry

    @cached_property
    def separator(self) -> str:
        """What this text puts behind a comma between flow items on one line."""
        return " " if re.search(r'[\]}"\w],[ ]["\w{\[]', self.text) else ("" if '","' in self.text else " ")

    @cached_property
    def json_step(self) -> str:
        """The indentation step of JSON written over several lines, "" where it is on one (or the text is no JSON)."""
        if not (isinstance(self.root, Mapping) and self.root.flow and self.root.pairs):
            return ""
        gap = self.text[self.root.start + 1 : self.root.pairs[0][0].start]
        if "\n" not in gap:
            return ""
        # A `?` and a tag may stand in front of a key of YAML.
        inner = indent_of(self.text, self.root.pairs[0][0].start)
        return inner.removeprefix(indent_of(self.text, self.root.end - 1))

    @cached_property
    def _colon(self) -> str:
        if isinstance(self.root, Mapping) and self.root.flow and self.root.pairs:
            colon = _COLON.match(self.text, self.root.pairs[0][0].end)
            return colon[0] if colon else ": "
        return ": "

    @cached_property
    def _list_offset(self) -> int:
        """How far this entry's lists in mappings are indented against their keys."""
        for key, value in self._block_pairs():
            if isinstance(value, Sequence) and not value.flow and value.items:
                return max(0, self._column(self._dash(value.items[0])) - self._column(key.start))
        return 0

    @cached_property
    def _mapping_step(self) -> int:
        """How far this entry's mappings in mappings are indented against their keys."""
        for key, value in self._block_pairs():
            if isinstance(value, Mapping) and not value.flow and value.pairs:
                return max(1, self._column(value.pairs[0][0].start) - self._column(key.start))
        return 2

    def _block_pairs(self) -> Iterator[tuple[AnyNode, AnyNode]]:
        nodes: list[AnyNode] = [self.root]
        while nodes:
            node = nodes.pop(0)
            if isinstance(node, Mapping) and not node.flow:
                yield from node.pairs
                nodes.extend(value for _, value in node.pairs)
            elif isinstance(node, Sequence) and not node.flow:
                nodes.extend(node.items)

    def _dash(self, item: AnyNode) -> int:
        start = item.start
        if isinstance(item, Scalar) and item.tag:
            start = self.text.rfind(item.tag, 0, start)
        return self.text.rfind("-", 0, start)

    def _column(self, offset: int) -> int:
        return offset - line_start(self.text, offset)


def line_start(text: str, offset: int) -> int:
    """Where the line begins on which `offset` stands."""
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def indent_of(text: str, offset: int) -> str:
    """The white space in front of the line on which `offset` stands."""
    start = line_start(text, offset)
    line = text[start:offset]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _lined(spelled: str) -> str:
    return spelled if is_block(spelled) else f"{spelled}\n"
