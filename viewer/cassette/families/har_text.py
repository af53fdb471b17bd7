"""How the text of a HAR body stands for bytes: plain, base64, or the chunks that Polly.js got from the network.

Polly.js keeps a body with a content-encoding as the chunks that came, in a JSON array: of base64 since version 5
(with `encoding: base64`), of hex before (with `_isBinary`). The encoding is not to be trusted: EasyPost's files
say base64 while the text is plain JSON.
Source: packages/@pollyjs/adapter-node-http/src/index.js and utils/src/utils/http-headers.js of Polly.js.
"""

from __future__ import annotations

import base64
import binascii
import json
from enum import Enum

import msgspec

from viewer.cassette.charset import decode_bytes, encode_text
from viewer.cassette.model import EditError
from viewer.cassette.patterns import regex
from viewer.cassette.transports import encode_chunks

_HEX = regex(r"(?:[0-9a-fA-F]{2})*\Z")
# gzip, zlib, zstd: what bytes look like whose text would not say that it is base64.
_COMPRESSED = (b"\x1f\x8b", b"\x78\x01", b"\x78\x9c", b"\x78\xda", b"\x28\xb5\x2f\xfd")


class Coding(Enum):
    """How text stands for bytes."""

    PLAIN = "text"
    BASE64 = "base64"
    HEX = "hex"


class HarText(msgspec.Struct, frozen=True):
    """A text with its coding and its bytes, and whether it is an array of chunks."""

    text: str
    raw: bytes
    coding: Coding
    chunked: bool = False

    @property
    def recorded_as(self) -> str:
        """What to call it in the interface."""
        return f"{self.coding.value} in chunks" if self.chunked else self.coding.value


PLAIN = HarText("", b"", Coding.PLAIN)
BASE64 = HarText("", b"", Coding.BASE64)


def read_text(text: str, *, encoded: bool) -> HarText:
    """What a body's text stands for; `encoded` says that the entry claims base64 or binary."""
    chunks = _chunks(text)
    if chunks is not None:
        for coding in (Coding.HEX, Coding.BASE64):
            parts = [_decoded(chunk, coding) for chunk in chunks]
            found = [part for part in parts if part is not None]
            raw = b"".join(found)
            if len(found) == len(parts) and (encoded or raw.startswith(_COMPRESSED)):
                return HarText(text, raw, coding, chunked=True)
    if encoded:
        plain = _decoded(text, Coding.BASE64)
        if plain is not None:
            return HarText(text, plain, Coding.BASE64)
    return HarText(text, encode_text(text), Coding.PLAIN)


def write_text(raw: bytes, like: HarText) -> str:
    """The text for new bytes, in the coding and the form of the old one; raises EditError for what it cannot hold."""
    if like.chunked and like.coding is Coding.BASE64:
        return encode_chunks(raw, like.text)
    text = _encoded(raw, like.coding)
    return json.dumps([text]) if like.chunked else text


def _chunks(text: str) -> list[str] | None:
    """The strings of a JSON array of nothing else; None for any other text."""
    if not text.startswith('["'):
        return None
    try:
        chunks = json.loads(text)
    except ValueError:
        return None
    return chunks if all(isinstance(chunk, str) for chunk in chunks) else None


def _decoded(text: str, coding: Coding) -> bytes | None:
    if coding is Coding.HEX:
        return bytes.fromhex(text) if _HEX.match(text) else None
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _encoded(raw: bytes, coding: Coding) -> str:
    if coding is Coding.HEX:
        return raw.hex()
    if coding is Coding.BASE64:
        return base64.b64encode(raw).decode("ascii")
    text = decode_bytes(raw)
    if any("\udc80" <= character <= "\udcff" for character in text):
        raise EditError("this text cannot hold bytes that are no text", remedy="Store the body uncompressed.")
    return text
