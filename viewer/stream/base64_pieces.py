"""Base64 that was sent in pieces, each of them encoded by itself."""

from __future__ import annotations

from binascii import Error, a2b_base64, b2a_base64
from collections.abc import Sequence


def joined_base64(pieces: Sequence[str]) -> str:
    """The base64 of what the pieces decode to, one after the other; a damaged piece is left out."""
    if all(len(piece) % 4 == 0 and not piece.endswith("=") for piece in pieces[:-1]):
        return "".join(pieces)
    return b2a_base64(b"".join(map(_decoded, pieces)), newline=False).decode()


def _decoded(piece: str) -> bytes:
    try:
        return a2b_base64(piece)
    except (Error, ValueError):
        return b""
