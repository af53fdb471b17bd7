"""Content codings (gzip, deflate, br, zstd …): found in the bytes, undone, and done again."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layer:
    """One coding of a chain."""

    name: str


@dataclass(frozen=True, slots=True)
class Decoded:
    """What came out: the content, the layers in the order they were applied, and why it stopped early."""

    content: bytes
    layers: tuple[Layer, ...] = ()
    note: str = ""


def undo_codings(raw: bytes, declared: tuple[str, ...] = ()) -> Decoded:
    """`raw` without its codings; `declared` are the values of content-encoding, which may be wrong."""
    if raw.startswith(b"\x1f\x8b"):
        try:
            return Decoded(gzip.decompress(raw), (Layer("gzip"),))
        except (OSError, EOFError, zlib.error) as error:
            return Decoded(raw, (), f"The gzip data cannot be decompressed: {error}.")
    return Decoded(raw)


def apply_codings(content: bytes, like: Decoded) -> bytes:
    """`content` with the layers of `like` applied again."""
    for layer in like.layers:
        if layer.name == "gzip":
            content = gzip.compress(content, mtime=0)
    return content
