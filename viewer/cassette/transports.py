"""How recorders put bytes into text: base64, base64 of compressed data, Polly's chunks, hex digits.

Each transport decodes text to bytes, and encodes bytes as a given older text was encoded: line width, line
ends, alphabet and padding.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from itertools import pairwise

import msgspec

from viewer.cassette.codings import apply_codings, undo_codings
from viewer.cassette.patterns import regex

_BLANKS = regex(r"\s+")
_URL_ALPHABET = str.maketrans("-_", "+/")
_TO_URL_ALPHABET = str.maketrans("+/", "-_")
_RUBY_WIDTH = 60
_MIME_WIDTH = 76


class Transport(msgspec.Struct, frozen=True):
    """A transport by its `name` in the interface.

    `decode(text)` raises ValueError where the text is not in it; `encode(data, like)` writes as `like` was.
    """

    name: str
    decode: Callable[[str], bytes]
    encode: Callable[[bytes, str], str]


def decode_base64(text: str) -> bytes:
    """The bytes behind base64 in lines of any width, in either alphabet, padded or not.

    Raises ValueError for any other character, or a length that no bytes give.
    """
    digits = _BLANKS.sub("", text).translate(_URL_ALPHABET)
    if "=" not in digits:
        digits += "=" * (-len(digits) % 4)
    try:
        return base64.b64decode(digits, validate=True)
    except binascii.Error as error:
        raise ValueError(f"This is no base64 ({error}).") from error


def encode_base64(data: bytes, like: str) -> str:
    """`data` in base64, with the lines, alphabet and padding of `like`."""
    digits = base64.b64encode(data).decode("ascii")
    if ("-" in like or "_" in like) and not ("+" in like or "/" in like):
        digits = digits.translate(_TO_URL_ALPHABET)
    if like.strip() and len(_BLANKS.sub("", like)) % 4 and "=" not in like:
        digits = digits.rstrip("=")
    line_end = "\r\n" if "\r\n" in like else "\n"
    if "\n" not in like.rstrip("\r\n"):
        width = _unknown_width(like)
    else:
        width = len(like.split(line_end, 1)[0])
    lines = [digits[start : start + width] for start in range(0, len(digits), width)] if width else [digits]
    last = like[len(like.rstrip("\r\n")) :]
    return line_end.join(lines) + (last if lines != [""] else "")


def decode_raw_gzip(text: str) -> bytes:
    """The bytes behind base64 of zlib or gzip data, as R's `memCompress` writes it; ValueError otherwise."""
    decoded = undo_codings(decode_base64(text), max_layers=1)
    if decoded.note or not decoded.layers:
        raise ValueError(decoded.note or "This is no base64 of compressed data.")
    return decoded.content


def encode_raw_gzip(data: bytes, like: str) -> str:
    """`data` compressed and in base64, both as `like` is."""
    return encode_base64(apply_codings(data, undo_codings(decode_base64(like), max_layers=1)), like)


def decode_chunks(text: str) -> bytes:
    """The bytes of a JSON array of base64 or hex strings, as Polly.js writes binary bodies; else ValueError."""
    return b"".join(_decode_chunk(chunk) for chunk in _chunks(text))


def encode_chunks(data: bytes, like: str) -> str:
    """`data` as a JSON array, cut where `like` is cut; the last chunk takes what is left over."""
    old = _chunks(like) or [""]
    sizes = [len(_decode_chunk(chunk)) for chunk in old]
    cuts = [sum(sizes[:index]) for index in range(len(sizes))] + [len(data)]
    pieces = [data[start:end] for start, end in pairwise(cuts)]
    kept = [index for index, piece in enumerate(pieces) if piece or index == 0]
    chunks = [_encode_chunk(pieces[index], old[index]) for index in kept]
    import json

    separators = (", ", ": ") if '", "' in like else (",", ":")
    return json.dumps(chunks, separators=separators)


def decode_hex(text: str) -> bytes:
    """The bytes behind hex digits, as old Polly.js versions write binary bodies; ValueError otherwise."""
    return bytes.fromhex(text)


def encode_hex(data: bytes, like: str) -> str:
    """`data` in hex digits, in capitals if `like` is."""
    return data.hex().upper() if like != like.lower() else data.hex()


def _unknown_width(like: str) -> int:
    """One line tells no width: Ruby and MIME writers end it with a line end, others write one line for ever."""
    if like == like.rstrip("\r\n"):
        return 0
    return _RUBY_WIDTH if len(like.rstrip("\r\n")) <= _RUBY_WIDTH else _MIME_WIDTH


def _chunks(text: str) -> list[str]:
    import json  # for Polly's chunks alone

    chunks = json.loads(text)
    if not isinstance(chunks, list) or not all(isinstance(chunk, str) for chunk in chunks):
        raise ValueError("This is no JSON array of strings.")
    return chunks


def _is_hex(chunk: str) -> bool:
    return len(chunk) % 2 == 0 and bool(re.fullmatch(r"(?:1f8b|789c|78da|7801)[0-9a-f]+", chunk))


def _decode_chunk(chunk: str) -> bytes:
    return decode_hex(chunk) if _is_hex(chunk) else decode_base64(chunk)


def _encode_chunk(data: bytes, like: str) -> str:
    if _is_hex(like):
        return encode_hex(data, like)
    chunk = encode_base64(data, like)
    # Base64 that happens to look like compressed data in hex digits is told from it by a blank.
    return f"{chunk}\n" if _is_hex(chunk) else chunk


BASE64 = Transport("base64", decode_base64, encode_base64)
RAW_GZIP = Transport("base64 of compressed data", decode_raw_gzip, encode_raw_gzip)
POLLY_CHUNKS = Transport("base64 chunks", decode_chunks, encode_chunks)
HEX = Transport("hex", decode_hex, encode_hex)
