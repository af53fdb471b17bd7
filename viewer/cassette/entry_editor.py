"""Changes to one entry's tree, written as patches of its text.

A scalar's own span is replaced; a new pair or item gets a line of its own as its neighbours have one; nothing
else moves. Works the same on YAML in block or flow style and on JSON, which is flow style with JSON scalars.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from viewer.cassette.model import EditError
from viewer.cassette.new_text import New as New
from viewer.cassette.new_text import NewText, indent_of, line_start
from viewer.cassette.new_text import Text as Text
from viewer.cassette.node import Alias, AnyNode, Mapping, Scalar, Sequence, nodes
from viewer.cassette.patterns import regex
from viewer.cassette.pieces import Patch
from viewer.cassette.shared_ends import shared_ends
from viewer.cassette.spelling.base import Place, Writer, is_block

_LINE_REST = regex(r"[^\n\r]*(?:\r\n|\n|\r)?")
# What may stand between the comma, or the opening bracket, and an item's own text.
_BEFORE_FLOW = regex(r"(?:\?\s+)?(?:[!&][^\s,\[\]{}]*\s+)*\Z")
# YAML allows a comma behind the last item too; a comment may stand in front of it.
_CLOSING_COMMA = regex(r"(?:\s++|#[^\n\r]*+)*+,")


# Spells something new for a place inside flow style, given the indentation of its line.
_Spell = Callable[[Place, str], str]


class _Change(msgspec.Struct):
    start: int
    end: int
    new: str


class EntryEditor:
    """Collects changes to the tree of `text`, then gives them as patches.

    Every method raises EditError for what cannot be changed, such as an alias.
    """

    def __init__(self, text: str, root: AnyNode, writer: Writer) -> None:
        self.text = text
        self.root = root
        self.writer = writer
        self._new = NewText(text, root, writer)
        self._changes: list[_Change] = []
        # The nodes of this entry, where it has aliases: what those stand for may be another one's.
        self._own: set[int] | None = None

    def patches(self, piece: int) -> list[Patch]:
        """The changes as patches of a piece, from the back to the front, each cut to what differs."""
        patches = []
        for change in sorted(self._changes, key=lambda change: (change.start, change.end), reverse=True):
            old = self.text[change.start : change.end]
            front, back = shared_ends(old, change.new)
            if len(old) == len(change.new) == front:
                continue
            end = len(old) - back
            patches.append(
                Patch(piece, change.start + front, old[front:end], change.new[front : len(change.new) - back])
            )
        return patches

    def set(self, node: AnyNode, value: str, tag: str = "") -> None:
        """Gives a scalar another value; its tag is replaced too where there is one, an anchor stays."""
        if not isinstance(node, Scalar):
            what = "an alias" if isinstance(node, Alias) else "not a single value"
            raise EditError(
                f"this value is {what} and cannot be replaced by text here", remedy="Edit it in the YAML tab."
            )
        if node.value == value and tag == node.tag and (node.style or tag):
            return
        self._ensure_own(node)
        start = self._tag_start(node)
        spelled = self.writer.spell(value, tag, self._place_of(node, start))
        if node.start == node.end and self.text[start - 1 : start] == ":":
            spelled = f" {spelled}"
        self._replace_scalar(start, node.end, spelled)

    def replace(self, node: AnyNode, new: New) -> None:
        """Puts a new value, of whatever shape, in the place of a node."""
        if isinstance(new, Text) and isinstance(node, Scalar):
            self.set(node, new.value, new.tag)
        else:
            self._ensure_own(node)
            self._replace_tree(node, new)

    def set_pair(self, mapping: Mapping, key: str, new: New, after: str = "") -> None:
        """Sets the value under `key`, or inserts the pair behind the key `after` (at the end without one)."""
        for name, value in mapping.pairs:
            if isinstance(name, Scalar) and name.value == key:
                self.replace(value, new)
                return
        self.insert_pair(mapping, _position_after(mapping, after), key, new)

    def insert_pair(self, mapping: Mapping, at: int, key: str, new: New) -> None:
        """Inserts a pair before the one at index `at`, or at the end."""
        self._ensure_own(mapping)
        if mapping.flow or not mapping.pairs:
            self._insert_flow(mapping, at, lambda place, indent: self._new.flow_pair(key, new, place, indent))
            return
        column = self._column_at(self._pair_start(mapping.pairs[0][0]))
        self._insert_line(mapping, at, self._new.block_pair(key, new, column), column)

    def remove_pair(self, mapping: Mapping, at: int) -> None:
        """Removes the pair at index `at`; a mapping that loses its last pair becomes `{}`."""
        self.remove_children(mapping, [at])

    def insert_item(self, sequence: Sequence, at: int, new: New) -> None:
        """Inserts an item before the one at index `at`, or at the end."""
        self._ensure_own(sequence)
        if sequence.flow or not sequence.items:
            self._insert_flow(sequence, at, lambda place, indent: self._new.flow(new, place, indent))
            return
        column = self._dash(sequence.items[0])
        self._insert_line(sequence, at, self._new.block_item(new, column), column)

    def remove_item(self, sequence: Sequence, at: int) -> None:
        """Removes the item at index `at`; a sequence that loses its last one becomes `[]`."""
        self.remove_children(sequence, [at])

    def remove_children(self, parent: Mapping | Sequence, indexes: list[int]) -> None:
        """Removes several pairs or items, given by their ascending indexes."""
        self._ensure_own(parent)
        spans = self._child_spans(parent)
        if indexes and len(indexes) == len(spans):
            self._remove_all(parent, spans)
            return
        for first, last in _runs(indexes):
            self._remove_run(parent, spans, first, last)

    # --- where things stand

    def _ensure_own(self, node: AnyNode) -> None:
        """Raises EditError for a node of another entry, whose place in the text is none in this one."""
        if self._own is None:
            own = list(nodes(self.root))
            has_aliases = any(isinstance(found, Alias) for found in own)
            self._own = {id(found) for found in own} if has_aliases else set()
        if self._own and id(node) not in self._own:
            raise EditError(
                "this value stands in another interaction, to which an alias points",
                remedy="Edit it there, or replace the alias in the YAML tab.",
            )

    def _line_start(self, offset: int) -> int:
        return line_start(self.text, offset)

    def _column_at(self, offset: int) -> int:
        return offset - self._line_start(offset)

    def _column(self, node: AnyNode) -> int:
        return self._column_at(self._tag_start(node))

    def _pair_start(self, key: AnyNode) -> int:
        """Where a pair of a block mapping begins: at its key, or at the `?` before one that is long or no scalar."""
        start = self._tag_start(key)
        if not isinstance(key, Scalar):
            # A tag may stand between the two, on a line of its own.
            return max(self.text.rfind("?", 0, start), 0)
        before = self.text[self._line_start(start) : start].rstrip(" ")
        return self._line_start(start) + len(before) - 1 if before.endswith("?") else start

    def _flow_start(self, node: AnyNode, inside: int) -> int:
        """Where an item or a pair of a flow collection begins: with its `?`, its tag and its anchor."""
        before = _BEFORE_FLOW.search(self.text, inside, node.start)
        return before.start() if before else node.start

    def _dash_at(self, item: AnyNode) -> int:
        return self.text.rfind("-", 0, self._tag_start(item))

    def _dash(self, item: AnyNode) -> int:
        return self._column_at(self._dash_at(item))

    def _tag_start(self, node: AnyNode) -> int:
        """Where a node's tag begins, if it has one, else the node."""
        if not node.tag:
            return node.start
        at = self.text.rfind(node.tag, 0, node.start)
        return at if at >= 0 and not self.text[at + len(node.tag) : node.start].strip() else node.start

    def _owner(self, node: AnyNode) -> tuple[AnyNode | None, AnyNode | None, int]:
        """The innermost collection around a node, the key it stands under, and how many flow ones are around."""
        parent, key, flow = None, None, 0
        current: AnyNode = self.root
        while current is not node and isinstance(current, Mapping | Sequence):
            flow += current.flow
            parent = current
            children = (
                current.items
                if isinstance(current, Sequence)
                else [n for pair in current.pairs for n in pair]
            )
            at = next(
                (
                    i
                    for i, child in enumerate(children)
                    if child is node or child.start <= node.start < child.end
                ),
                None,
            )
            if at is None:
                break
            key = None
            if isinstance(current, Mapping):
                key = children[at - 1] if at % 2 else children[at]
            current = children[at]
        return parent, key, flow

    def _place_of(self, node: AnyNode, start: int) -> Place:
        parent, key, flow = self._owner(node)
        column = self._column_at(start)
        if flow:
            return Place(self._line_indent(start), column, is_key=key is node, flow=flow)
        if isinstance(parent, Sequence):
            return Place(self._dash(node), column, in_list=True)
        return Place(self._column(key) if key else 0, column, is_key=key is node)

    def _line_indent(self, offset: int) -> int:
        return len(indent_of(self.text, offset))

    def _behind_line(self, offset: int) -> int:
        """The start of the line behind the one on which something ends at `offset` (or ended just before it)."""
        if offset == self._line_start(offset) and offset:
            return offset
        rest = _LINE_REST.match(self.text, offset)
        return rest.end() if rest else offset

    def _newline(self, near: int) -> str:
        at = self.text.find("\n", self._line_start(near))
        if at < 0:
            at = self.text.rfind("\n", 0, near)
        if at < 0:
            return "\r" if "\r" in self.text else "\n"
        return "\r\n" if self.text[at - 1 : at] == "\r" else "\n"

    # --- block style

    def _replace_scalar(self, start: int, end: int, spelled: str) -> None:
        spelled = spelled.replace("\n", self._newline(start))
        ended = self.text[end - 1 : end] in ("\n", "\r") and end > start
        if is_block(spelled) and not ended:
            rest = _LINE_REST.match(self.text, end)
            end = rest.end() if rest else end
            comment = (rest[0] if rest else "").rstrip("\r\n")
            if comment.strip():
                head, _, lines = spelled.partition("\n")
                spelled = f"{head.rstrip()}{comment}\n{lines}"
        elif ended and not is_block(spelled):
            spelled += self._newline(start)
        self._changes.append(_Change(start, end, spelled))

    def _replace_tree(self, node: AnyNode, new: New) -> None:
        """Puts a value in the place of one of another shape; in block style its whole pair or item is written anew."""
        parent, key, flow = self._owner(node)
        start = self._tag_start(node)
        if parent is None or flow:
            lines = self._new.flow(new, self._place_of(node, start), indent_of(self.text, start))
        elif isinstance(key, Scalar):
            start = self._tag_start(key)
            lines = self._new.block_pair(key.value, new, self._column(key))
        elif isinstance(parent, Sequence):
            start = self._dash_at(node)
            lines = self._new.block_item(new, self._column_at(start))
        else:
            raise EditError("this value has no simple key", remedy="Edit it in the YAML tab.")
        if self.text[node.end - 1 : node.end] not in ("\n", "\r"):
            lines = lines.removesuffix("\n")
        self._changes.append(_Change(start, node.end, lines.replace("\n", self._newline(start))))

    def _insert_line(self, parent: Mapping | Sequence, at: int, lines: str, column: int) -> None:
        """Puts lines before the child at index `at`, or behind the last one."""
        spans = self._child_spans(parent)
        if at < len(spans):
            offset, indent = spans[at][0], " " * column
            first_on_line = not self.text[self._line_start(offset) : offset].strip(" ")
            # Whole lines where possible, so that those behind can be removed in the same exchange.
            offset = self._line_start(offset) if first_on_line else offset
            lines = indent + lines if first_on_line else lines + indent
        else:
            offset = self._behind_line(parent.end)
            lines = f"{' ' * column}{lines}"
            if offset == len(self.text) and self.text[-1:] not in ("\n", "\r"):
                lines = "\n" + lines.removesuffix("\n")
        self._changes.append(_Change(offset, offset, lines.replace("\n", self._newline(parent.start))))

    def _child_spans(self, parent: Mapping | Sequence) -> list[tuple[int, int]]:
        if parent.flow:
            return self._flow_spans(parent)
        if isinstance(parent, Mapping):
            return [(self._pair_start(key), value.end) for key, value in parent.pairs]
        return [(self._dash_at(item), item.end) for item in parent.items]

    def _flow_spans(self, parent: Mapping | Sequence) -> list[tuple[int, int]]:
        children = parent.pairs if isinstance(parent, Mapping) else [(item, item) for item in parent.items]
        spans: list[tuple[int, int]] = []
        for first, last in children:
            inside = spans[-1][1] if spans else parent.start + 1
            spans.append((self._flow_start(first, inside), max(last.end, first.end)))
        return spans

    def _remove_all(self, parent: Mapping | Sequence, spans: list[tuple[int, int]]) -> None:
        if parent.flow:
            self._changes.append(_Change(parent.start + 1, parent.end - 1, ""))
        else:
            empty = "{}" if isinstance(parent, Mapping) else "[]"
            self._empty_block(parent, spans[0][0], spans[-1][1], empty)

    def _remove_run(
        self, parent: Mapping | Sequence, spans: list[tuple[int, int]], first: int, last: int
    ) -> None:
        """Removes neighbours, but not all; the white space between the others stays as it is."""
        if last + 1 < len(spans):
            start, end = spans[first][0], spans[last + 1][0]
        elif parent.flow:
            start, end = spans[first - 1][1], spans[last][1]
        else:
            start, end = self._line_start(spans[first][0]), self._behind_line(spans[last][1])
        self._changes.append(_Change(start, end, ""))

    def _empty_block(self, parent: Mapping | Sequence, start: int, end: int, empty: str) -> None:
        """Writes `{}` or `[]` behind the parent's key in place of its only line."""
        before = self.text[:start].rstrip()
        newline = self._newline(start) if self.text[end - 1 : end] in ("\n", "\r") else ""
        if before.endswith(":") and "\n" in self.text[len(before) : start]:
            self._changes.append(_Change(len(before), end, f" {empty}{newline}"))
        else:
            self._changes.append(_Change(start, end, f"{empty}{newline}"))

    # --- flow style

    def _insert_flow(self, parent: Mapping | Sequence, at: int, spell: _Spell) -> None:
        spans = self._child_spans(parent)
        place = Place(self._line_indent(parent.start), self._column_at(parent.start), flow=1)
        step = self._new.json_step
        new = spell(place, indent_of(self.text, parent.start) + step)
        inside = parent.start + 1
        if not spans:
            self._fill(parent, new)
            return
        new = new.replace("\n", self._newline(parent.start))
        gap = self._gap(inside, spans)
        closing_comma = _CLOSING_COMMA.match(self.text, spans[-1][1])
        if at == len(spans) and closing_comma:
            self._changes.append(_Change(closing_comma.end(), closing_comma.end(), f"{gap}{new},"))
        elif at:
            self._changes.append(_Change(spans[at - 1][1], spans[at - 1][1], f",{gap}{new}"))
        else:
            self._changes.append(_Change(spans[0][0], spans[0][0], f"{new},{gap}"))

    def _gap(self, inside: int, spans: list[tuple[int, int]]) -> str:
        """The white space before an item, as between its neighbours, else as before the first one."""
        if len(spans) > 1:
            comma = self.text.find(",", spans[0][1], spans[1][0])
            return self.text[comma + 1 : spans[1][0]]
        gap = self.text[inside : spans[0][0]]
        return gap if "\n" in gap else self._new.separator

    def _fill(self, parent: Mapping | Sequence, new: str) -> None:
        """Puts something into a collection that had nothing in it: over several lines if those around it are."""
        start, end = parent.start + 1, parent.end - 1
        others = next(
            (change for change in self._changes if (change.start, change.end) == (start, end)), None
        )
        if others is None:
            others = _Change(start, end, "")
            self._changes.append(others)
        comma = f",{self._new.separator}" if others.new else ""
        if not self._new.json_step:
            others.new += comma + new
            return
        newline, indent = self._newline(parent.start), indent_of(self.text, parent.start)
        closing = newline + indent
        line = f"{closing}{self._new.json_step}" + new.replace("\n", newline)
        others.new = others.new.removesuffix(closing) + comma.strip() + line + closing


def _position_after(mapping: Mapping, after: str) -> int:
    for at, (name, _) in enumerate(mapping.pairs):
        if isinstance(name, Scalar) and name.value == after:
            return at + 1
    return len(mapping.pairs)


def _runs(indexes: list[int]) -> list[tuple[int, int]]:
    """Ascending indexes as (first, last) of neighbours."""
    runs: list[tuple[int, int]] = []
    for index in indexes:
        if runs and runs[-1][1] == index - 1:
            runs[-1] = (runs[-1][0], index)
        else:
            runs.append((index, index))
    return runs
