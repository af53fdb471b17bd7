"""What a recorder's format has to say, and what most of them share.

A format reads an interaction from the tree of its entry, and writes each change that the program offers back
into that tree. Most recorders differ in the names of keys alone; `TreeFormat` takes those as class attributes.
Adding a format is one file beside this one and one line in `registry.py`.
"""

from __future__ import annotations

import http
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, Protocol

from viewer.cassette import header_shapes
from viewer.cassette.body import Body
from viewer.cassette.body_shapes import BodyPlace, Shape, read_place, value_of_json, write_place
from viewer.cassette.entry_editor import EntryEditor, New, Text
from viewer.cassette.headers import Headers
from viewer.cassette.layout import Layout, Syntax
from viewer.cassette.model import EditError, Interaction, Kind, Request, Response
from viewer.cassette.node import AnyNode, Mapping, Scalar, Sequence, find, followed, text_of
from viewer.cassette.tree_values import dumped


class Side(Enum):
    """Which of an interaction's two messages is meant."""

    REQUEST = "request"
    RESPONSE = "response"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry's text with its tree; `piece` is its index in the row of pieces."""

    piece: int
    text: str
    root: AnyNode


# The entries that one interaction owns: one, or in langchain's form two.
Group = tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Probe:
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

    def set_body(self, side: Side, raw: bytes) -> None:
        """Changes a body as recorded, and the lengths that were right before."""

    def set_recorded_length(self, side: Side, length: int) -> None:
        """Changes the length that the format records beside a body."""


Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Numbering:
    """How a recorder numbers its entries.

    `position` are the places of a number that is the entry's position in the file. `group` is the place of a name
    that several entries may share, `order` the key of the number that tells those apart.
    """

    position: tuple[Path, ...] = ()
    group: Path = ()
    order: str = ""


def reason_phrase(code: int) -> str:
    """The standard reason phrase, "" for a code that has none."""
    try:
        return http.HTTPStatus(code).phrase
    except ValueError:
        return ""


class TreeFormat:
    """A format whose entries are trees with a request and a response in them."""

    name: ClassVar[str]
    read_only: ClassVar[str] = ""
    # Paths inside the request's and the response's node.
    method: ClassVar[Path] = ("method",)
    url: ClassVar[Path] = ("url",)
    headers: ClassVar[Path] = ("headers",)
    body: ClassVar[Path] = ("body",)
    status: ClassVar[Path] = ("status", "code")
    reason: ClassVar[Path] = ("status", "message")
    protocol: ClassVar[Path] = ("protocol",)
    recorded_at: ClassVar[Path] = ("recorded_at",)
    # Where the length of a message's body stands beside its headers; () where the format has no such thing.
    length: ClassVar[Path] = ()
    # Whether a header's values stand in a list under its name, and whether a new method is in lower case.
    header_lists: ClassVar[bool] = True
    # Whether headers are a list of names and values, so that an empty list means no headers (PHP and R write
    # an empty mapping so too).
    header_items: ClassVar[bool] = False
    lower_method: ClassVar[bool] = False
    numbering: ClassVar[Numbering] = Numbering()
    # The tag of bytes that are no text, and the width of base64 lines (0: one line).
    binary_tag: ClassVar[str] = "!!binary"
    base64_width: ClassVar[int] = 0

    def recognises(self, probe: Probe) -> bool:
        raise NotImplementedError

    def side(self, group: Group, side: Side) -> AnyNode | None:
        """The node of one message."""
        return followed(find(group[0].root, side.value))

    def read(self, group: Group, position: int) -> Interaction:
        request = self.side(group, Side.REQUEST)
        if not isinstance(request, Mapping):
            return Interaction(position, Kind.OTHER, None, None, note="This entry holds no HTTP request.")
        return Interaction(
            position,
            Kind.HTTP,
            self.read_request(request),
            self.read_response(self.side(group, Side.RESPONSE)),
            recorded_id=self.recorded_id(group),
            duration=self.duration(group),
            recorded_at=text_of(find(group[0].root, *self.recorded_at)),
        )

    def read_request(self, node: AnyNode) -> Request:
        """The request that a node means."""
        headers = header_shapes.read_headers(find(node, *self.headers))
        return Request(
            method=text_of(find(node, *self.method)).upper(),
            url=self.read_url(node),
            headers=headers,
            body=self.read_body(node, headers, Side.REQUEST),
            protocol=text_of(find(node, *self.protocol)),
        )

    def read_response(self, node: AnyNode | None) -> Response | None:
        """The response that a node means, None where there is none."""
        if not isinstance(node, Mapping):
            return None
        headers = header_shapes.read_headers(find(node, *self.headers))
        code = text_of(find(node, *self.status_path(node)))
        return Response(
            status=int(code) if code.isascii() and code.isdigit() else None,
            reason=self.read_reason(node),
            headers=headers,
            body=self.read_body(node, headers, Side.RESPONSE),
            protocol=text_of(find(node, *self.protocol)),
        )

    def read_reason(self, response: AnyNode) -> str:
        """The reason phrase without its code."""
        return text_of(find(response, *self.reason))

    def read_url(self, request: AnyNode) -> str:
        """The request's URL."""
        return text_of(find(request, *self.url))

    def status_path(self, response: AnyNode) -> Path:
        """Where the status code stands; older versions of some recorders have other places."""
        return self.status

    def read_body(self, node: AnyNode, headers: Headers, side: Side) -> Body:
        """The body of a message's node."""
        place = self.body_place(node, side)
        return Body(None, headers) if place is None else read_place(place, headers, is_json=_is_flow(node))

    def body_place(self, node: AnyNode, side: Side) -> BodyPlace | None:
        """Where the body of a message stands, or would stand; None where there is no place for one."""
        owner = followed(find(node, *self.body[:-1]))
        return BodyPlace(owner, self.body[-1]) if isinstance(owner, Mapping) else None

    def recorded_id(self, group: Group) -> str:
        """The entry's own number or key, "" where the format has none."""
        return ""

    def duration(self, group: Group) -> float | None:
        """How long the response took, in seconds, where the recorder says so."""
        return None

    def edit(self, group: Group, interaction: Interaction, editors: tuple[EntryEditor, ...]) -> Editing:
        if self.read_only:
            raise EditError(self.read_only)
        if interaction.kind is not Kind.HTTP:
            raise EditError("this entry is no HTTP interaction", remedy="Edit it in the YAML tab.")
        return TreeEditing(self, group, interaction, editors)

    # --- what a format writes; `editor` is that of the message's entry

    def editor_of(self, editors: tuple[EntryEditor, ...], side: Side) -> EntryEditor:
        """The editor of the entry in which a message stands."""
        return editors[0]

    def write_status(self, editor: EntryEditor, response: AnyNode, code: int, reason: str) -> None:
        """Changes code and reason."""
        set_at(editor, response, self.status_path(response), Text(str(code), "int"))
        if isinstance(find(response, *self.reason), Scalar):
            set_at(editor, response, self.reason, Text(reason))

    def write_body(self, editor: EntryEditor, node: AnyNode, side: Side, body: Body, raw: bytes) -> None:
        """Changes a body; `body` is the old one."""
        place = self.body_place(node, side)
        if place is None:
            raise EditError("there is no place for a body here", remedy="Edit it in the YAML tab.")
        write_place(editor, place, raw, is_json=_is_flow(node), tag=self.binary_tag, width=self.base64_width)

    def as_loaded(self, node: AnyNode, side: Side, raw: bytes) -> bytes:
        """The bytes that the recorder's loader makes of a new body; they differ where it is kept as a tree."""
        place = self.body_place(node, side)
        if place is None or place.shape is not Shape.TREE:
            return raw
        return dumped(value_of_json(raw)).encode("ascii")

    def write_url(self, editor: EntryEditor, request: AnyNode, value: str) -> None:
        """Changes the request's URL."""
        set_at(editor, request, self.url, Text(value))

    def write_lengths(self, editor: EntryEditor, node: AnyNode, side: Side, old: Body, raw: bytes) -> None:
        """Changes what the format records of a body's length, where it was right before."""
        recorded = find(node, *self.length) if self.length else None
        if isinstance(recorded, Scalar) and recorded.value == str(len(old.raw or b"")):
            editor.set(recorded, str(len(raw)), "int")


class TreeEditing:
    """Changes one interaction of a TreeFormat."""

    def __init__(
        self, format_: TreeFormat, group: Group, interaction: Interaction, editors: tuple[EntryEditor, ...]
    ) -> None:
        self._format = format_
        self._group = group
        self._interaction = interaction
        self._editors = editors

    def set_method(self, value: str) -> None:
        node, editor = self._message(Side.REQUEST)
        old = text_of(find(node, *self._format.method))
        lower = old.islower() if old else self._format.lower_method
        set_at(editor, node, self._format.method, Text(value.lower() if lower else value))

    def set_url(self, value: str) -> None:
        node, editor = self._message(Side.REQUEST)
        self._format.write_url(editor, node, value)

    def set_status(self, code: int, reason: str | None) -> None:
        if not 100 <= code <= 999:
            raise EditError(f"{code} is no HTTP status", remedy="Give three digits.")
        node, editor = self._message(Side.RESPONSE)
        self._format.write_status(editor, node, code, reason_phrase(code) if reason is None else reason)

    def set_header(self, side: Side, index: int, name: str, value: str) -> None:
        node, editor = self._message(side)
        owner = find(node, *self._format.headers)
        old = header_shapes.read_headers(owner).items
        if not 0 <= index < len(old):
            raise EditError(f"there is no header line {index + 1}")
        if old[index].name != name:
            header_shapes.rename(editor, owner, index, name)
        if old[index].value != value:
            header_shapes.set_value(editor, owner, index, value)

    def add_header(self, side: Side, name: str, value: str) -> None:
        node, editor = self._message(side)
        owner = find(node, *self._format.headers)
        target = followed(owner)
        unusable = isinstance(target, Sequence) and not target.items and not self._format.header_items
        if unusable or not isinstance(target, Mapping | Sequence):
            new: New = ((name, [Text(value)] if self._format.header_lists else Text(value)),)
            set_at(editor, node, self._format.headers, new)
            return
        header_shapes.add(editor, owner, name, value, lists=self._format.header_lists)

    def remove_header(self, side: Side, index: int) -> None:
        node, editor = self._message(side)
        header_shapes.remove(editor, find(node, *self._format.headers), index)

    def set_body(self, side: Side, raw: bytes) -> None:
        node, editor = self._message(side)
        message = self._interaction.request if side is Side.REQUEST else self._interaction.response
        if message is None:
            raise EditError(f"there is no {side.value} here")
        raw = self._format.as_loaded(node, side, raw)
        self._format.write_body(editor, node, side, message.body, raw)
        if not self._is_head(side):
            self._follow_content_length(editor, node, message, raw)
            self._format.write_lengths(editor, node, side, message.body, raw)

    def set_recorded_length(self, side: Side, length: int) -> None:
        node, editor = self._message(side)
        if not self._format.length:
            raise EditError(f"{self._format.name} records no length beside a body")
        set_at(editor, node, self._format.length, Text(str(length), "int"))

    def _is_head(self, side: Side) -> bool:
        """A response to HEAD tells the length of a body that was never sent: RFC 9110, section 9.3.2."""
        request = self._interaction.request
        return side is Side.RESPONSE and request is not None and request.method == "HEAD"

    def _follow_content_length(
        self, editor: EntryEditor, node: AnyNode, message: Request | Response, raw: bytes
    ) -> None:
        owner = find(node, *self._format.headers)
        for index, header in enumerate(message.headers):
            if header.name.lower() == "content-length" and header.value.strip() == str(
                len(message.body.raw or b"")
            ):
                header_shapes.set_value(editor, owner, index, str(len(raw)))

    def _message(self, side: Side) -> tuple[AnyNode, EntryEditor]:
        node = self._format.side(self._group, side)
        if node is None:
            raise EditError(f"there is no {side.value} here")
        return node, self._format.editor_of(self._editors, side)


def _is_flow(node: AnyNode | None) -> bool:
    """Whether a message is written as JSON is; a message of YAML in flow style is treated alike."""
    return isinstance(node, Mapping) and node.flow


def set_at(editor: EntryEditor, node: AnyNode, path: Path, new: New) -> None:
    """Sets the value at a path; its last key is inserted where it is missing."""
    parent = find(node, *path[:-1])
    parent = followed(parent)
    if not isinstance(parent, Mapping):
        raise EditError(f"there is no {'.'.join(path)} here", remedy="Edit it in the YAML tab.")
    existing = parent.get(path[-1])
    if isinstance(new, Text) and isinstance(existing, Scalar):
        editor.set(existing, new.value, kept_tag(existing, new))
    else:
        editor.set_pair(parent, path[-1], new)


def kept_tag(node: Scalar, new: Text) -> str:
    """A number that stands in quotes stays a string: R vcr writes `'200'`."""
    return "" if node.style and new.tag in ("int", "float") else new.tag
