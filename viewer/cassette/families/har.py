"""What HAR 1.2 files share, from browsers, proxies and Polly.js (http://www.softwareishard.com/blog/har-12-spec/).

A response's `content` is what came after content-encoding was undone, with its `size`; `bodySize` is what went
over the wire. A request's body is `postData`, as text or as `params`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from viewer.cassette.body import Body
from viewer.cassette.charset import encode_text
from viewer.cassette.entry_editor import EntryEditor, Text
from viewer.cassette.families.har_events import chunk_times, event_stream, message_times, received_messages
from viewer.cassette.families.har_text import BASE64, PLAIN, HarText, read_text, write_text
from viewer.cassette.families.tree_editing import set_at
from viewer.cassette.families.tree_format import TreeFormat
from viewer.cassette.formats.base import Group, Side
from viewer.cassette.model import EditError, Interaction
from viewer.cassette.node import (
    AnyNode,
    Mapping,
    Scalar,
    Sequence,
    find,
    finite_number,
    followed,
    text_of,
    whole_number,
)
from viewer.cassette.tree_values import patch_tree, value_of

if TYPE_CHECKING:
    from viewer.cassette.headers import Headers

_OWNERS = {Side.REQUEST: "postData", Side.RESPONSE: "content"}
_FORM = "application/x-www-form-urlencoded"
# Mirascope's persister keeps a body that is JSON beside its text, for people to read.
_PARSED_KEYS = ("textJSON", "textDecoded")


class Har(TreeFormat):
    """A format whose entries are those of a HAR log."""

    status = ("status",)
    reason = ("statusText",)
    protocol = ("httpVersion",)
    recorded_at = ("startedDateTime",)
    header_items = True

    def read(self, group: Group, position: int) -> Interaction:
        interaction = super().read(group, position)
        root = group[0].root
        if interaction.response is None:
            return interaction
        if isinstance(followed(find(root, "_webSocketMessages")), Sequence):
            return _with_messages(interaction, root)
        stream = event_stream(root)
        if not stream:
            return msgspec.structs.replace(interaction, note=_note(find(root, "response")))
        response = interaction.response
        if not response.body.raw:
            # Chrome keeps the events of an event stream, but not the stream.
            body = Body(stream.content, response.headers, recorded_as="events")
            response = msgspec.structs.replace(response, body=body)
        times = chunk_times(root, response.body.content)
        return msgspec.structs.replace(interaction, response=response, chunk_times=times)

    def duration(self, group: Group) -> float | None:
        milliseconds = finite_number(text_of(find(group[0].root, "time")))
        return milliseconds / 1000 if milliseconds is not None and milliseconds > 0 else None

    def read_body(self, node: AnyNode, headers: Headers, side: Side) -> Body:
        owner = find(node, _OWNERS[side])
        text = followed(find(owner, "text"))
        if isinstance(text, Scalar):
            found = _har_text(owner)
            return Body(found.raw, headers, recorded_as=found.recorded_as)
        form = _form(owner)
        return Body(encode_text(form), headers, recorded_as="form") if form else Body(None, headers)

    def write_body(self, editor: EntryEditor, node: AnyNode, side: Side, body: Body, raw: bytes) -> None:
        owner = followed(find(node, _OWNERS[side]))
        if body.recorded_as == "events":
            raise EditError(
                "this response is kept as single events, not as a body",
                remedy="Edit them in the entry's text.",
            )
        if not isinstance(owner, Mapping):
            set_at(editor, node, (_OWNERS[side],), _new_owner(raw, body))
            return
        if isinstance(find(owner, "text"), Scalar):
            _write_text(editor, owner, _har_text(owner), raw)
        elif _form(owner):
            raise EditError("this body is kept as form fields", remedy="Edit them in the entry's text.")
        else:
            _write_text(editor, owner, PLAIN, raw)

    def write_lengths(self, editor: EntryEditor, node: AnyNode, side: Side, old: Body, raw: bytes) -> None:
        owner = find(node, _OWNERS[side])
        old_text = encode_text(text_of(find(owner, "text")))
        new_text = encode_text(_spelled(raw, _har_text(owner))[0])
        new_content = Body(raw, old.headers).content
        # Polly.js counts the text, browsers the content, and both the body; where these agree, so do the new ones.
        lengths = {
            len(old_text): len(new_text),
            len(old.content): len(new_content),
            len(old.raw or b""): len(raw),
        }
        size = _follow(editor, find(owner, "size"), lengths)
        wire = _follow(editor, find(node, "bodySize"), lengths)
        saved = find(owner, "compression")
        if size and wire and isinstance(saved, Scalar) and saved.value == str(size[0] - wire[0]):
            editor.set(saved, str(size[1] - wire[1]), "int")


def _with_messages(interaction: Interaction, root: AnyNode) -> Interaction:
    """A connection that became a WebSocket: what it received is the answer."""
    response, received = interaction.response, received_messages(root)
    note = "The connection became a WebSocket. Its body is what was received, a line a message;"
    note += " what was sent stands in the entry's text."
    if response is None or response.body.raw or not received:
        return msgspec.structs.replace(interaction, note=note)
    body = Body(received.content, response.headers, recorded_as="events")
    return msgspec.structs.replace(
        interaction,
        response=msgspec.structs.replace(response, body=body),
        chunk_times=message_times(root, received.ends),
        note=note,
    )


def _note(response: AnyNode | None) -> str:
    """Why there is no answer, or no body of it: Chrome tells its error, Playwright the name of a file beside."""
    error = text_of(find(response, "_error"))
    if error:
        return f"The request failed: {error}."
    file = text_of(find(response, "content", "_file"))
    return f"The response's body is in a file of its own: {file}." if file else ""


def _har_text(owner: AnyNode | None) -> HarText:
    claims = text_of(find(owner, "encoding")) == "base64" or text_of(find(owner, "_encoding")) == "base64"
    claims = claims or text_of(find(owner, "_isBinary")) == "true"
    return read_text(text_of(find(owner, "text")), encoded=claims)


def _form(owner: AnyNode | None) -> str:
    """The form fields of a request as the body that they make; "" where there are none, or files."""
    fields = followed(find(owner, "params"))
    if not isinstance(fields, Sequence) or not text_of(find(owner, "mimeType")).startswith(_FORM):
        return ""
    return urlencode(
        [(text_of(find(field, "name")), text_of(find(field, "value"))) for field in fields.items]
    )


def _new_owner(raw: bytes, body: Body) -> tuple[tuple[str, Text], ...]:
    text, is_base64 = _spelled(raw, PLAIN)
    encoding = (("encoding", Text("base64")),) if is_base64 else ()
    kind = body.headers.get("content-type") or "text/plain"
    return (("mimeType", Text(kind)), ("text", Text(text)), *encoding)


def _spelled(raw: bytes, old: HarText) -> tuple[str, bool]:
    """New bytes in the coding of the old text, and whether that had to become base64."""
    try:
        return write_text(raw, old), False
    except EditError:
        return write_text(raw, BASE64), True


def _write_text(editor: EntryEditor, owner: Mapping, old: HarText, raw: bytes) -> None:
    text, is_base64 = _spelled(raw, old)
    if is_base64:
        set_at(editor, owner, ("encoding",), Text("base64"))
    _follow_parsed(editor, owner, text)
    set_at(editor, owner, ("text",), Text(text))


def _follow_parsed(editor: EntryEditor, owner: Mapping, new: str) -> None:
    """Changes a tree beside the text along with it, where it was the text's own."""
    for key in _PARSED_KEYS:
        tree = owner.get(key)
        if not isinstance(tree, Mapping | Sequence):
            continue
        try:
            old_value, new_value = json.loads(text_of(owner.get("text"))), json.loads(new)
        except ValueError:
            continue
        if value_of(tree, is_json=True) == old_value:
            patch_tree(editor, tree, new_value, is_json=True)


def _follow(editor: EntryEditor, node: AnyNode | None, lengths: dict[int, int]) -> tuple[int, int] | None:
    """Changes a length that was right; gives the old and the new one (the same where it was not right)."""
    old = whole_number(text_of(node)) if isinstance(node, Scalar) else None
    if not isinstance(node, Scalar) or old is None:
        return None
    new = lengths.get(old, old)
    if new != old:
        editor.set(node, str(new), "int")
    return old, new
