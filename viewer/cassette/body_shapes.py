"""The ways in which recorders write a body, read and edited alike."""

from __future__ import annotations

import base64
import binascii

from viewer.cassette.body import Body
from viewer.cassette.charset import decode_bytes, encode_text
from viewer.cassette.entry_editor import EntryEditor, Text
from viewer.cassette.headers import Headers
from viewer.cassette.node import AnyNode, Mapping, Scalar, followed

BINARY_TAGS = ("!!binary", "!binary")


def scalar_bytes(node: AnyNode | None) -> bytes | None:
    """The bytes of a body written as a string or as tagged base64; None for null or nothing.

    A tagged value that is no base64 is taken as it is.
    """
    node = followed(node)
    if not isinstance(node, Scalar) or is_null(node):
        return None
    if node.tag in BINARY_TAGS:
        try:
            return base64.b64decode("".join(node.value.split()), validate=True)
        except (binascii.Error, ValueError):
            return encode_text(node.value)
    return encode_text(node.value)


def is_null(node: Scalar) -> bool:
    """Whether a scalar is YAML's or JSON's null."""
    return not node.style and not node.tag and node.value in ("", "~", "null", "Null", "NULL")


def scalar_body(node: AnyNode | None, headers: Headers) -> Body:
    """The body in a scalar."""
    tagged = isinstance(node, Scalar) and node.tag in BINARY_TAGS
    return Body(scalar_bytes(node), headers, recorded_as="base64" if tagged else "text")


def set_scalar(editor: EntryEditor, node: Scalar, raw: bytes, binary_tag: str = "!!binary") -> None:
    """Writes a body into a scalar: as text where the bytes are UTF-8 text and it was text before, else base64."""
    new = scalar_text(raw, binary_tag, node.tag if node.tag in BINARY_TAGS else "")
    editor.set(node, new.value, new.tag)


def scalar_text(raw: bytes, binary_tag: str = "!!binary", old_tag: str = "") -> Text:
    """A body as a new scalar; `old_tag` is the binary tag that it had before, if it had one."""
    if old_tag or not _is_utf8(raw):
        return Text(base64.b64encode(raw).decode("ascii"), old_tag or binary_tag)
    return Text(decode_bytes(raw))


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def pair(node: AnyNode | None, key: str) -> AnyNode | None:
    """The value under a key of a mapping, else None."""
    node = followed(node)
    return node.get(key) if isinstance(node, Mapping) else None
