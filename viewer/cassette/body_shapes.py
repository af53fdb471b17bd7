"""The ways in which recorders write a body, read and edited alike.

A body stands as a value under a key of some mapping: as text, as tagged or untagged base64, as base64 of zlib
data (R), or as a tree. `BodyPlace` says where and how; formats differ in how they find it. Few keep a tree, so
what reads and writes one is imported with the first.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from enum import Enum
from typing import TYPE_CHECKING

import msgspec

from viewer.cassette import transports
from viewer.cassette.body import TREE, Body
from viewer.cassette.charset import decode_bytes, encode_text
from viewer.cassette.model import EditError
from viewer.cassette.node import AnyNode, Mapping, Scalar, find, followed, text_of

if TYPE_CHECKING:
    from viewer.cassette.entry_editor import EntryEditor
    from viewer.cassette.headers import Headers
    from viewer.cassette.new_text import New, Text

BINARY_TAGS = ("!!binary", "!binary")


class Shape(Enum):
    """How the bytes of a body are written."""

    TEXT = "text"
    BASE64 = "base64"
    RAW_GZIP = transports.RAW_GZIP.name
    TREE = TREE


class BodyPlace(msgspec.Struct, frozen=True):
    """A body's place: under `key` of `owner`, in `shape`. `encoding` is the charset that the recorder wrote beside.

    The key may be missing from the owner; then there is no body yet. `item` is its place in a list there.
    """

    owner: Mapping
    key: str
    shape: Shape = Shape.TEXT
    encoding: str = ""
    item: int | None = None

    @property
    def node(self) -> AnyNode | None:
        """The value itself."""
        value = self.owner.get(self.key)
        return value if self.item is None else find(value, self.item)


def read_place(place: BodyPlace, headers: Headers, *, is_json: bool) -> Body:
    """The body at a place."""
    node = place.node
    if place.shape is Shape.TREE:
        return _tree_body(node, headers, is_json=is_json)
    raw = scalar_bytes(node, place.encoding)
    if place.shape is Shape.TEXT:
        tagged = isinstance(node, Scalar) and node.tag in BINARY_TAGS
        return Body(raw, headers, recorded_as="base64" if tagged else "text")
    decoded = None if raw is None else _decoded_in(place.shape, text_of(node))
    return Body(raw, headers) if decoded is None else Body(decoded, headers, recorded_as=place.shape.value)


def write_place(
    editor: EntryEditor, place: BodyPlace, raw: bytes, *, is_json: bool, tag: str = "!!binary", width: int = 0
) -> None:
    """Changes the body at a place, in the shape that it has.

    `tag` is the format's tag for bytes that are no text; `width` that of its base64 lines, 0 for one line.
    """
    from viewer.cassette.new_text import Text

    if place.shape is Shape.TREE:
        assert place.node is not None
        # An alias gives way to the new tree: what it stands for is somebody else's too.
        _write_tree(editor, place.node, raw, is_json=is_json)
        return
    node = followed(place.node)
    new: New
    if place.shape is Shape.TEXT:
        new = scalar_text(raw, tag, node, is_json=is_json, encoding=place.encoding)
    else:
        new = Text(_encoded_in(place.shape, raw, text_of(node), width))
    if isinstance(node, Scalar) and isinstance(new, Text):
        editor.set(node, new.value, new.tag)
    else:
        editor.set_pair(place.owner, place.key, new)


def _write_tree(editor: EntryEditor, node: AnyNode, raw: bytes, *, is_json: bool) -> None:
    from viewer.cassette.tree_values import SwollenError, patch_tree

    try:
        patch_tree(editor, node, value_of_json(raw), is_json=is_json)
    except RecursionError as err:
        raise EditError("this body is nested too deep to be changed here", remedy="Edit it as text.") from err
    except SwollenError as err:
        raise EditError(str(err), remedy="Edit it as text.") from err


def _encoded_in(shape: Shape, raw: bytes, old: str, width: int) -> str:
    if shape is not Shape.RAW_GZIP:
        return base64_like(raw, old, width)
    try:
        return transports.encode_raw_gzip(raw, old)
    except ValueError:
        return base64_like(zlib.compress(raw), old, width)


def value_of_json(raw: bytes) -> object:
    """The value of a body that has to be JSON; raises EditError where it is none."""
    import json

    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as err:
        raise EditError(
            f"this cassette keeps the body as a tree, so it has to be JSON ({err})",
            remedy="Mend the JSON, or edit the entry in its YAML tab.",
        ) from err


def _tree_body(node: AnyNode | None, headers: Headers, *, is_json: bool) -> Body:
    from viewer.cassette.tree_values import SwollenError, dumped, value_of

    try:
        raw = dumped(value_of(node, is_json=is_json)).encode("ascii")
        return Body(raw, headers, TREE)
    except RecursionError:
        return Body(None, headers, TREE, "The body's tree is nested too deep to be shown.")
    except SwollenError as err:
        return Body(None, headers, TREE, f"The body cannot be shown: {err}.")


def _decoded_in(shape: Shape, text: str) -> bytes | None:
    """The bytes behind the text of an untagged value; None where it is not in its shape."""
    try:
        return transports.decode_raw_gzip(text) if shape is Shape.RAW_GZIP else transports.decode_base64(text)
    except ValueError:
        return None


def decoded_base64(text: str) -> bytes | None:
    """The bytes behind base64 text in any line lengths, None where it is none."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def base64_like(raw: bytes, old: str, width: int) -> str:
    """Base64 text with lines as the old text has them.

    One line, or none, shows no width: then it is `width` (0: one line), with a newline behind Ruby's lines.
    """
    if "\n" in old.rstrip("\n") or (old and not width):
        return transports.encode_base64(raw, old)
    text = base64.b64encode(raw).decode("ascii")
    if not width or (old and not old.endswith("\n") and len(old) > width):
        return text
    wrapped = "\n".join(text[at : at + width] for at in range(0, len(text), width))
    ended = old.endswith("\n") if old else width == RUBY_WIDTH
    return wrapped + "\n" if wrapped and ended else wrapped


# Ruby's pack("m"): 45 bytes a line, each line ended by a newline.
RUBY_WIDTH = 60
MIME_WIDTH = 76


def scalar_bytes(node: AnyNode | None, encoding: str = "") -> bytes | None:
    """The bytes of a body written as a string or as tagged base64; None for null or nothing.

    A tagged value that is no base64 is taken as it is.
    """
    node = followed(node)
    if not isinstance(node, Scalar) or is_null(node):
        return None
    decoded = decoded_base64(node.value) if node.tag in BINARY_TAGS else None
    return _encoded(node.value, encoding) if decoded is None else decoded


def _encoded(value: str, encoding: str) -> bytes:
    """A string's bytes in the charset that the recorder names; in UTF-8 where Python or the charset cannot."""
    if encoding and not value.isascii():
        try:
            return value.encode(encoding)
        except (LookupError, UnicodeEncodeError):
            pass
    return encode_text(value)


def is_null(node: Scalar) -> bool:
    """Whether a scalar is YAML's or JSON's null."""
    if node.tag:
        return node.tag in ("!!null", "!<tag:yaml.org,2002:null>")
    return not node.style and node.value in ("", "~", "null", "Null", "NULL")


def scalar_body(node: AnyNode | None, headers: Headers) -> Body:
    """The body in a scalar."""
    node = followed(node)
    tagged = isinstance(node, Scalar) and node.tag in BINARY_TAGS
    return Body(scalar_bytes(node), headers, recorded_as="base64" if tagged else "text")


def scalar_text(
    raw: bytes,
    tag: str = "!!binary",
    old: AnyNode | None = None,
    *,
    is_json: bool = False,
    encoding: str = "",
) -> Text:
    """A body as a new scalar: as text where the bytes are text and were before, else as tagged base64.

    Raises EditError in JSON, which has no tags, where the bytes are no text.
    """
    from viewer.cassette.new_text import Text

    old_tag = old.tag if isinstance(old, Scalar) and old.tag in BINARY_TAGS else ""
    text = None if old_tag else _decoded(raw, encoding)
    if text is not None:
        return Text(text)
    if is_json:
        raise EditError(
            "a string of this cassette cannot hold bytes that are no text",
            remedy="Store the body uncompressed, or as text.",
        )
    return Text(base64.b64encode(raw).decode("ascii"), old_tag or tag)


def is_text(raw: bytes) -> bool:
    """Whether bytes are UTF-8 text, so that a string can hold them."""
    return _decoded(raw, "") is not None


def _decoded(raw: bytes, encoding: str) -> str | None:
    if encoding and not raw.isascii():
        try:
            return raw.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            pass
    text = decode_bytes(raw)
    # Invalid bytes come as U+DC80 to U+DCFF; other lone surrogates are text that JSON escapes wrote.
    return None if any("\udc80" <= character <= "\udcff" for character in text) else text
