"""An entry's text as the tree of its interaction, in whatever language the file is written.

YAML is what nearly all are written in; the parser of JSON is imported with the first file of that kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.cassette import wire, yaml_text
from viewer.cassette.layout import Layout, Syntax
from viewer.cassette.model import ParseError, TooLargeError
from viewer.cassette.node import MOST_BYTES, AnyNode, Sequence

if TYPE_CHECKING:
    from viewer.cassette.yaml_text import Resolve


def ensure_readable(size: int) -> None:
    """Raises TooLargeError for an entry of so many bytes that it is not even decoded."""
    if size > MOST_BYTES:
        raise TooLargeError(f"the entry takes more than {MOST_BYTES >> 20} MiB, and is not read", line=1)


def parse_entry(text: str, layout: Layout, resolve: Resolve | None = None) -> AnyNode:
    """The tree of one entry: the item itself, without the list around it.

    Raises ParseError, with line and column in `text`, where the text is not exactly one item.
    """
    if layout.syntax is Syntax.JSON:
        from viewer.cassette import json_text

        return json_text.parse(text)
    if layout.syntax is Syntax.WIRE:
        return wire.parse_record(text)
    root = yaml_text.parse(text, resolve)
    if layout.flow:
        if root is None:
            raise ParseError("the entry is empty", line=1)
        return root
    if not isinstance(root, Sequence) or len(root.items) != 1:
        raise ParseError("this is not one item of a list", line=1)
    return root.items[0]
