"""The three levels of a body: raw (as recorded), content (after content-encoding), text (after charset).

The headers help to read a body, but are never trusted: recorders decompress bodies and keep the
`content-encoding` header, and redact `content-type`. What the bytes say wins.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from viewer.cassette.charset import EIGHT_BIT, Text, decode_bytes, decode_text, encode_text
from viewer.cassette.codings import Decoded, apply_codings, undo_codings
from viewer.cassette.headers import Headers
from viewer.cassette.media_type import is_binary_type, media_type_of
from viewer.cassette.multipart import Part, split_parts

__all__ = ["Body", "Part", "decode_bytes", "encode_text"]


# What `recorded_as` is of a body that stands in the file as a tree.
TREE = "tree"


class Body:
    """A request's or response's body, read and decoded when asked and then remembered; a value, never changed.

    `raw` is what the recorder was given, with the recorder's own transport (base64, `!!binary` …) already
    undone; None where the cassette has no body at all, which is not the same as an empty one. `recorded_as` names
    that transport for the interface ("text", "base64" …). Where it is TREE, `raw` is what the recorder's loader dumps
    the tree to. `reason` says in a sentence why there is nothing to be seen.
    """

    def __init__(
        self,
        raw: bytes | None = None,
        headers: Headers | None = None,
        recorded_as: str = "text",
        reason: str = "",
    ) -> None:
        self.headers = Headers() if headers is None else headers
        self._recorded = raw, recorded_as, reason
        self._read: Callable[[], Body] | None = None

    @classmethod
    def later(cls, headers: Headers, read: Callable[[], Body]) -> Body:
        """The body that `read` gives, which is called when it is first looked at; `headers` are its headers."""
        body = cls(None, headers)
        body._read = read
        return body

    @property
    def _found(self) -> tuple[bytes | None, str, str]:
        read = self._read
        if read is not None:
            # Two threads that ask at once read the same twice.
            self._recorded = read()._found
            self._read = None
        return self._recorded

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Body):
            return NotImplemented
        return self._found == other._found and self.headers == other.headers

    def __hash__(self) -> int:
        return hash((self._found, self.headers))

    def __repr__(self) -> str:
        return f"Body({self.raw!r}, {self.headers!r}, {self.recorded_as!r})"

    @property
    def raw(self) -> bytes | None:
        """The bytes as recorded, None where there are none."""
        return self._found[0]

    @property
    def recorded_as(self) -> str:
        """The recorder's transport."""
        return self._found[1]

    @property
    def is_absent(self) -> bool:
        """Whether the cassette has no body here."""
        return self.raw is None

    @property
    def content(self) -> bytes:
        """The bytes after content-encoding, as far as they can be decoded (see `note`)."""
        return self._decoded.content

    @property
    def codings(self) -> tuple[str, ...]:
        """The content codings found in the bytes, in the order they were applied (`("gzip",)`)."""
        return tuple(layer.name for layer in self._decoded.layers)

    @cached_property
    def media_type(self) -> str:
        """The media type in lower case without parameters; the header's where the bytes don't contradict."""
        return media_type_of(self.content, self.headers.get("content-type"))

    @property
    def text(self) -> str | None:
        """The content as text, without its BOM; None where it is binary."""
        if self.recorded_as == TREE and self.raw is not None:
            return self._readable_tree
        return self._text.text if self._text else None

    @property
    def text_as_utf8(self) -> bytes | None:
        """What `text` is in UTF-8, where that is at hand: where the content is no other."""
        found = self._text if self.recorded_as != TREE else None
        is_content = found is not None and found.charset == "utf-8" and found.is_exact and not found.bom
        return self.content if is_content else None

    @property
    def charset(self) -> str:
        """Python's name of the charset that `text` was decoded with; "" where it is binary."""
        return self._text.charset if self._text else ""

    @property
    def bom(self) -> bytes:
        """The byte order mark in front of the text, else b""."""
        return self._text.bom if self._text else b""

    @property
    def is_binary(self) -> bool:
        """Whether there are bytes and they are no text."""
        return bool(self.raw) and self._text is None

    @property
    def note(self) -> str:
        """Why the body cannot be decoded or shown, as a sentence; "" where it can."""
        return self._found[2] or self._decoded.note

    def encode(self, text: str, *, keep_codings: bool = True) -> bytes:
        """The raw bytes for `text`: same charset and BOM, and compressed again as it was recorded.

        Unchanged text gives the recorded bytes. `keep_codings=False` leaves the bytes uncompressed.
        Raises UnicodeEncodeError where the charset has no such character.
        """
        is_tree = self.recorded_as == TREE
        if (keep_codings or is_tree) and text == self.text and self.raw is not None:
            return self.raw
        if is_tree:
            # The format makes a tree of it, and its loader's spelling of that.
            return encode_text(text)
        content = self._text.encode(text) if self._text else encode_text(text)
        return self.encode_content(content) if keep_codings else content

    def encode_content(self, content: bytes) -> bytes:
        """The raw bytes for `content`: compressed again as it was recorded."""
        if content == self.content and self.raw is not None:
            return self.raw
        return apply_codings(content, self._decoded)

    def parts(self) -> tuple[Part, ...]:
        """The parts of multipart content with their spans in `content`; () where it is something else."""
        return split_parts(self.content, self.headers.get("content-type"))

    def swells(self, most: int) -> bool:
        """Whether more than `most` bytes of content come out of the raw ones; costs no more than to decode so many."""
        if self.raw is None or "_decoded" in self.__dict__:
            return len(self.content) > most
        found = undo_codings(self.raw, self.headers.get_all("content-encoding"), limit=most)
        if found.is_too_large:
            return True
        self.__dict__["_decoded"] = found
        return len(found.content) > most

    @cached_property
    def _decoded(self) -> Decoded:
        return undo_codings(self.raw or b"", self.headers.get_all("content-encoding"))

    @cached_property
    def _readable_tree(self) -> str:
        """The tree on one line. Python's `json.dumps` escapes everything beyond ASCII, which nobody wants to read."""
        import json

        return json.dumps(json.loads(self.raw or b"null"), ensure_ascii=False)

    @cached_property
    def _text(self) -> Text | None:
        if self._decoded.note:
            return None
        found = decode_text(self.content, self.headers.get("content-type"))
        # Hardly any bytes are invalid in an 8-bit charset, so such text must not be an image's.
        is_surprising = found is not None and found.charset in EIGHT_BIT and is_binary_type(self.media_type)
        return None if is_surprising else found
