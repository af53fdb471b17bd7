"""A format whose entries are trees: a request and a response, each with its keys.

Recorders differ in the names of keys, which are class attributes here, and in a few habits, which are methods.
What only edits need is imported by the methods that write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from viewer.cassette import header_shapes
from viewer.cassette.body import Body
from viewer.cassette.body_shapes import BodyPlace, Shape, read_place, value_of_json, write_place
from viewer.cassette.formats.base import Editing, Group, Numbering, Path, Probe, Side
from viewer.cassette.model import EditError, Interaction, Kind, Request, Response
from viewer.cassette.node import AnyNode, Mapping, Scalar, find, followed, text_of, whole_number

if TYPE_CHECKING:
    from viewer.cassette.entry_editor import EntryEditor
    from viewer.cassette.headers import Headers


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
            body=Body.later(headers, lambda: self.read_body(node, headers, Side.REQUEST)),
            protocol=text_of(find(node, *self.protocol)),
        )

    def read_response(self, node: AnyNode | None) -> Response | None:
        """The response that a node means, None where there is none."""
        if not isinstance(node, Mapping):
            return None
        headers = header_shapes.read_headers(find(node, *self.headers))
        code = text_of(find(node, *self.status_path(node)))
        return Response(
            status=whole_number(code),
            reason=self.read_reason(node),
            headers=headers,
            body=Body.later(headers, lambda: self.read_body(node, headers, Side.RESPONSE)),
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
        return Body(None, headers) if place is None else read_place(place, headers, is_json=_is_json(node))

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
        from viewer.cassette.families.tree_editing import TreeEditing

        return TreeEditing(self, group, interaction, editors)

    # --- what a format writes; `editor` is that of the message's entry

    def editor_of(self, editors: tuple[EntryEditor, ...], side: Side) -> EntryEditor:
        """The editor of the entry in which a message stands."""
        return editors[0]

    def write_status(self, editor: EntryEditor, response: AnyNode, code: int, reason: str) -> None:
        """Changes code and reason."""
        from viewer.cassette.families.tree_editing import set_at
        from viewer.cassette.new_text import Text

        set_at(editor, response, self.status_path(response), Text(str(code), "int"))
        if isinstance(find(response, *self.reason), Scalar):
            set_at(editor, response, self.reason, Text(reason))

    def write_body(self, editor: EntryEditor, node: AnyNode, side: Side, body: Body, raw: bytes) -> None:
        """Changes a body; `body` is the old one."""
        place = self.body_place(node, side)
        if place is None:
            raise EditError("there is no place for a body here", remedy="Edit it in the YAML tab.")
        write_place(editor, place, raw, is_json=_is_json(node), tag=self.binary_tag, width=self.base64_width)

    def as_loaded(self, node: AnyNode, side: Side, raw: bytes) -> bytes:
        """The bytes that the recorder's loader makes of a new body; they differ where it is kept as a tree."""
        place = self.body_place(node, side)
        if place is None or place.shape is not Shape.TREE:
            return raw
        from viewer.cassette.tree_values import dumped

        return dumped(value_of_json(raw)).encode("ascii")

    def write_url(self, editor: EntryEditor, request: AnyNode, value: str) -> None:
        """Changes the request's URL."""
        from viewer.cassette.families.tree_editing import set_at
        from viewer.cassette.new_text import Text

        set_at(editor, request, self.url, Text(value))

    def follow_request(self, editor: EntryEditor, node: AnyNode, old: Request, new: Request) -> None:
        """Changes what the format records of a request twice; nothing, in most."""

    def header_name(self, name: str) -> str:
        """How the recorder would spell the name of a new header."""
        return name

    def write_lengths(self, editor: EntryEditor, node: AnyNode, side: Side, old: Body, raw: bytes) -> None:
        """Changes what the format records of a body's length, where it was right before."""
        recorded = find(node, *self.length) if self.length else None
        if isinstance(recorded, Scalar) and recorded.value == str(len(old.raw or b"")):
            editor.set(recorded, str(len(raw)), "int")


def _is_json(node: AnyNode | None) -> bool:
    """Whether a message is written as JSON is: in flow style, every key in double quotes."""
    if not isinstance(node, Mapping) or not node.flow:
        return False
    return all(isinstance(key, Scalar) and key.style == '"' for key, _ in node.pairs)
