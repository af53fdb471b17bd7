"""What a recorder's format has to say.

A format reads an interaction from its entries, and gives a hand to change it with. Most recorders' entries are
trees that differ in the names of keys alone: see `families/tree_format.py`.
Adding a format is one file beside this one and one line in `registry.py`.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Protocol

import msgspec

from viewer.cassette.node import AnyNode, Mapping, Sequence, find, text_of

if TYPE_CHECKING:
    from viewer.cassette.entry_editor import EntryEditor
    from viewer.cassette.headers import Headers
    from viewer.cassette.layout import Layout, Syntax
    from viewer.cassette.model import Interaction


class Side(Enum):
    """Which of an interaction's two messages is meant."""

    REQUEST = "request"
    RESPONSE = "response"


class Entry(msgspec.Struct, frozen=True):
    """An entry's text with its tree; `piece` is its index in the row of pieces."""

    piece: int
    text: str
    root: AnyNode


# The entries that one interaction owns: one, or in langchain's form two.
Group = tuple[Entry, ...]


class Probe(msgspec.Struct, frozen=True):
    """What a file's format is judged by: never its name.

    `top` holds the trees of what stands around the entries: the top level without its list. `first` is the tree
    of the first entry that can be read, None in an empty cassette. `data` is the file's text in UTF-8.
    """

    layout: Layout
    top: tuple[AnyNode, ...]
    first: AnyNode | None
    data: bytes

    @property
    def syntax(self) -> Syntax:
        """The language that the file is written in."""
        return self.layout.syntax

    @property
    def is_empty(self) -> bool:
        """Whether there are no entries; where there are some, and none can be read, `first` is None all the same."""
        return not self.layout.pieces.entries()

    def get(self, *path: str) -> AnyNode | None:
        """The node at a path from the top, the list left out; None where there is none."""
        return next((found for root in self.top if (found := find(root, *path)) is not None), None)

    def text(self, *path: str) -> str:
        """The scalar at a path from the top, "" where there is none."""
        return text_of(self.get(*path))

    def is_bare(self, bracket: str) -> bool:
        """Whether the file is an empty list or mapping and nothing else; `bracket` is the opening one."""
        root = self.top[0] if self.top else None
        if bracket == "[":
            return isinstance(root, Sequence) and not root.items
        return isinstance(root, Mapping) and not root.pairs

    def holds(self, *path: str) -> bool:
        """Whether the list of interactions stands at `path`, an empty one too."""
        return self.get(*path) is not None if self.is_empty else self.layout.path == path


class Format(Protocol):
    """One recorder's format. `read_only` says why a cassette cannot be edited, "" where it can."""

    @property
    def name(self) -> str:
        """What the format is called, in the interface too: "go-vcr v2"."""

    @property
    def read_only(self) -> str:
        """Why it cannot be edited, or ""."""

    def recognises(self, probe: Probe) -> bool:
        """Whether a file is of this format, given that no format before it in the registry took it."""

    def read(self, group: Group, position: int) -> Interaction:
        """The interaction that a group of entries means; never raises for odd contents, but notes them."""

    def edit(self, group: Group, interaction: Interaction, editors: tuple[EntryEditor, ...]) -> Editing:
        """A hand to change this interaction with."""


class Editing(Protocol):
    """Changes to one interaction, in the format's own terms; all raise EditError for what cannot be done."""

    def set_method(self, value: str) -> None:
        """Changes the request's method, spelled in the format's letter case."""

    def set_url(self, value: str) -> None:
        """Changes the request's URL."""

    def set_status(self, code: int, reason: str | None) -> None:
        """Changes the response's status; without a reason the standard phrase of RFC 9110 goes with it."""

    def set_header(self, side: Side, index: int, name: str, value: str) -> None:
        """Changes the header line at `index`."""

    def add_header(self, side: Side, name: str, value: str) -> None:
        """Adds a header line."""

    def remove_header(self, side: Side, index: int) -> None:
        """Removes the header line at `index`."""

    def remove_headers(self, side: Side, name: str) -> None:
        """Removes every header line of that name, in whatever letter case."""

    def set_headers(self, side: Side, headers: Headers) -> None:
        """Puts other header lines in the place of all that there are."""

    def set_body(self, side: Side, raw: bytes) -> None:
        """Changes a body as recorded, and the lengths that were right before."""

    def set_recorded_length(self, side: Side, length: int) -> None:
        """Changes the length that the format records beside a body."""


Path = tuple[str, ...]


class Numbering(msgspec.Struct, frozen=True):
    """How a recorder numbers its entries.

    `position` are the places of a number that is the entry's position in the file. `group` is the place of a name
    that several entries may share, `order` the key of the number that tells those apart.
    """

    position: tuple[Path, ...] = ()
    group: Path = ()
    order: str = ""
