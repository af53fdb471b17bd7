"""What a body is for the person who looks at it: JSON, other text, a picture, parts, or bytes."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import msgspec

from viewer.cassette.hex_view import BYTES_PER_LINE, hex_lines
from viewer.cassette.json_pretty import pretty
from viewer.cassette.json_text import find_error

if TYPE_CHECKING:
    from viewer.cassette.body import Body
    from viewer.cassette.json_scan import JsonError

# Bytes of a binary body that are shown; nobody reads more, and saving gives all of them.
HEX_LIMIT = 4_000_000


class BodyKind(Enum):
    """How a body is shown; the value is its name for people."""

    ABSENT = "no body"
    EMPTY = "empty"
    JSON = "JSON"
    TEXT = "text"
    PICTURE = "image"
    BINARY = "binary"


class BodyContent(msgspec.Struct, frozen=True):
    """A body ready to be shown. `pretty` is its text made readable, `error` the mistake in its JSON.

    `error` is placed in `pretty` where that is there, else in `text`.
    """

    kind: BodyKind
    text: str = ""
    pretty: str | None = None
    error: JsonError | None = None

    def error_in_text(self) -> JsonError | None:
        """The same mistake, placed in the text as recorded."""
        return find_error(self.text) if self.error else None


def content_of(body: Body) -> BodyContent:
    """How to show a body."""
    if body.is_absent:
        return BodyContent(BodyKind.ABSENT)
    if body.text is None:
        kind = BodyKind.PICTURE if body.media_type.startswith("image/") else BodyKind.BINARY
        return BodyContent(kind, "\n".join(hex_lines(body.content, 0, HEX_LIMIT // BYTES_PER_LINE)))
    return text_content(body.text, is_json="json" in body.media_type, encoded=body.text_as_utf8)


def text_content(text: str, *, is_json: bool, encoded: bytes | None = None) -> BodyContent:
    """How to show a text; `is_json` says that it claims to be JSON, `encoded` is it in UTF-8 if that is at hand."""
    if not text:
        return BodyContent(BodyKind.EMPTY)
    looks_so = text.lstrip(" \t\r\n\ufeff")[:1] in ("{", "[") or is_json
    made = pretty(text, encoded) if looks_so else None
    if made is None:
        return BodyContent(BodyKind.TEXT, text)
    if made.error is not None and not is_json and "\n" in text.strip():
        # Several JSON values, one a line, are no broken JSON.
        first_line = text.lstrip().split("\n", 1)[0]
        if find_error(first_line) is None:
            return BodyContent(BodyKind.TEXT, text)
    return BodyContent(BodyKind.JSON, text, made.text, made.error)
