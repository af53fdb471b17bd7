"""The content codings of a body: found in its bytes, undone one after the other, and done again.

A `content-encoding` header is a hint alone: many recorders decompress and keep it (51 gzip and 15 br files of
the survey), some redact it. It decides only where bytes cannot tell, and then decoding must succeed whole.
"""

from __future__ import annotations

import msgspec

from viewer.cassette.charset import decode_text
from viewer.cassette.compression import CODINGS, Coding, CodingError, TooLargeError

MAX_CONTENT = 256 << 20
# Text shrinks to a fifth, the dullest to a hundredth: what swells further is a bomb.
_MAX_RATIO = 128
# A file may hold thousands of small ones, and all are looked at for the list.
_ALWAYS_ALLOWED = 4 << 20
MAX_LAYERS = 6
_ALIASES = {"x-gzip": "gzip", "x-deflate": "deflate", "brotli": "br", "zstandard": "zstd", "x-zstd": "zstd"}


class Layer(msgspec.Struct, frozen=True):
    """One coding of a chain, with the data that it made."""

    coding: Coding
    data: bytes

    @property
    def name(self) -> str:
        """The coding's name as `content-encoding` has it."""
        return self.coding.name


class Decoded(msgspec.Struct, frozen=True):
    """The content, the layers in the order they were applied, and why it cannot be decoded further, if so."""

    content: bytes
    layers: tuple[Layer, ...] = ()
    note: str = ""
    is_too_large: bool = False


def undo_codings(
    raw: bytes, declared: tuple[str, ...] = (), max_layers: int = MAX_LAYERS, limit: int = MAX_CONTENT
) -> Decoded:
    """`raw` without its codings, the outermost `max_layers` at most.

    `declared` are the values of content-encoding, which may be wrong. Where all layers together would be larger than
    `limit`, or swell as no text does, the rest is left as it is, with a note.
    """
    names = [_ALIASES.get(name, name) for name in _names(declared)]
    limit = min(limit, max(_ALWAYS_ALLOWED, _MAX_RATIO * len(raw)))
    layers: list[Layer] = []
    data = raw
    while data and len(layers) < max_layers:
        try:
            found = _undo_one(data, names, limit)
        except CodingError as error:
            is_too_large = isinstance(error, TooLargeError)
            return Decoded(data, tuple(reversed(layers)), f"The body {error}.", is_too_large)
        if found is None:
            break
        coding, content = found
        layers.append(Layer(coding, data))
        limit -= len(content)
        names = _without_last(names, coding.name)
        data = content
    note = "" if layers else _why_unreadable(data, names)
    return Decoded(data, tuple(reversed(layers)), note)


def apply_codings(content: bytes, like: Decoded) -> bytes:
    """`content` with the layers of `like` applied again, each as it was done before."""
    old_content = like.content
    for layer in like.layers:
        content = (
            layer.data if content == old_content else layer.coding.encode(content, layer.data, old_content)
        )
        old_content = layer.data
    return content


def _names(declared: tuple[str, ...]) -> list[str]:
    return [name.strip().lower() for value in declared for name in value.split(",") if name.strip()]


def _undo_one(data: bytes, names: list[str], limit: int) -> tuple[Coding, bytes] | None:
    """The outermost coding of `data` with its content, or None; CodingError where it is there but broken."""
    for coding in CODINGS:
        if (coding.needs_header and coding.name not in names) or not coding.found(data):
            continue
        try:
            return coding, coding.decode(data, limit)
        except CodingError as error:
            if coding.is_certain or isinstance(error, TooLargeError):
                raise type(error)(f"is {coding.name} data that {error}") from error
    return None


def _without_last(names: list[str], name: str) -> list[str]:
    """A coding that only a header can tell is undone once for each time that the header names it."""
    for index in range(len(names) - 1, -1, -1):
        if names[index] == name:
            return names[:index] + names[index + 1 :]
    return names


def _why_unreadable(data: bytes, names: list[str]) -> str:
    unproven = [name for name in names if name in ("br", "deflate")]
    if not unproven or decode_text(data) is not None:
        return ""
    return f"The body is said to be {unproven[-1]} data, but cannot be decompressed as such."
