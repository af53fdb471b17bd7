"""Changes to one interaction of a format whose entries are trees, lengths included."""

from __future__ import annotations

import http
from typing import TYPE_CHECKING, Any

import msgspec

from viewer.cassette import header_shapes
from viewer.cassette.body import Body
from viewer.cassette.formats.base import Group, Path, Side
from viewer.cassette.headers import Header, Headers
from viewer.cassette.model import EditError, Interaction, Request, Response
from viewer.cassette.new_text import New, Text
from viewer.cassette.node import AnyNode, Mapping, Scalar, Sequence, find, followed, text_of

if TYPE_CHECKING:
    from viewer.cassette.entry_editor import EntryEditor
    from viewer.cassette.families.tree_format import TreeFormat


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
        self._follow(method=value.upper())

    def set_url(self, value: str) -> None:
        node, editor = self._message(Side.REQUEST)
        self._format.write_url(editor, node, value)
        self._follow(url=value)

    def set_status(self, code: int, reason: str | None) -> None:
        if not 100 <= code <= 999:
            raise EditError(f"{code} is no HTTP status", remedy="Give three digits.")
        node, editor = self._message(Side.RESPONSE)
        self._format.write_status(editor, node, code, reason_phrase(code) if reason is None else reason)

    def set_header(self, side: Side, index: int, name: str, value: str) -> None:
        node, editor = self._message(side)
        owner = find(node, *self._format.headers)
        headers = list(header_shapes.read_headers(owner))
        if 0 <= index < len(headers):
            name = name if name == headers[index].name else self._format.header_name(name)
            headers[index] = Header(name, value)
        header_shapes.set_line(editor, owner, index, name, value)
        self._follow_headers(side, headers)

    def add_header(self, side: Side, name: str, value: str) -> None:
        node, editor = self._message(side)
        name = self._format.header_name(name)
        owner = find(node, *self._format.headers)
        self._follow_headers(side, [*header_shapes.read_headers(owner), Header(name, value)])
        target = followed(owner)
        unusable = isinstance(target, Sequence) and not target.items and not self._format.header_items
        if unusable or not isinstance(target, Mapping | Sequence):
            new: New = ((name, [Text(value)] if self._format.header_lists else Text(value)),)
            set_at(editor, node, self._format.headers, new)
            return
        header_shapes.add(editor, owner, name, value, lists=self._format.header_lists)

    def remove_header(self, side: Side, index: int) -> None:
        node, editor = self._message(side)
        owner = find(node, *self._format.headers)
        header_shapes.remove(editor, owner, index)
        headers = list(header_shapes.read_headers(owner))
        self._follow_headers(side, headers[:index] + headers[index + 1 :])

    def remove_headers(self, side: Side, name: str) -> None:
        node, editor = self._message(side)
        owner = find(node, *self._format.headers)
        header_shapes.remove_named(editor, owner, name)
        kept = [header for header in header_shapes.read_headers(owner) if header.name.lower() != name.lower()]
        self._follow_headers(side, kept)

    def set_headers(self, side: Side, headers: Headers) -> None:
        node, editor = self._message(side)
        old = header_shapes.read_headers(find(node, *self._format.headers))
        if old != headers:
            headers = Headers.of((self._format.header_name(header.name), header.value) for header in headers)
            owner = followed(find(node, *self._format.headers))
            as_items = self._format.header_items or (isinstance(owner, Sequence) and bool(owner.items))
            new = header_shapes.new_headers(
                headers, owner if as_items else None, lists=self._format.header_lists
            )
            set_at(editor, node, self._format.headers, new)
            self._follow_headers(side, list(headers))

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
        if side is Side.REQUEST:
            self._follow(body=Body(raw, message.headers))

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

    def _follow_headers(self, side: Side, headers: list[Header]) -> None:
        if side is Side.REQUEST:
            self._follow(headers=Headers(tuple(headers)))

    def _follow(self, **changed: Any) -> None:
        """Takes along what the format derives from the request; `changed` are the fields that it has anew."""
        old = self._interaction.request
        if old is not None:
            node, editor = self._message(Side.REQUEST)
            self._format.follow_request(editor, node, old, msgspec.structs.replace(old, **changed))

    def _message(self, side: Side) -> tuple[AnyNode, EntryEditor]:
        node = self._format.side(self._group, side)
        if node is None:
            raise EditError(f"there is no {side.value} here")
        return node, self._format.editor_of(self._editors, side)


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
    """A number that stands in quotes stays a string, unless a tag says that it is none: R vcr writes `'200'`."""
    return "" if node.style and not node.tag and new.tag in ("int", "float") else new.tag


def reason_phrase(code: int) -> str:
    """The standard reason phrase, "" for a code that has none."""
    try:
        return http.HTTPStatus(code).phrase
    except ValueError:
        return ""
