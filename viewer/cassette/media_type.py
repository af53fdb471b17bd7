"""What a body is, from its header and from its first bytes."""

from __future__ import annotations


def media_type_of(content: bytes, header: str) -> str:
    """The media type in lower case, without parameters."""
    return header.split(";")[0].strip().lower()
