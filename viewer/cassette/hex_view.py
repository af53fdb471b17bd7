"""A hex dump by slices, so that a view shows the visible lines of any number of bytes."""

from __future__ import annotations

BYTES_PER_LINE = 16


def hex_line_count(content: bytes) -> int:
    """How many lines the dump of `content` has."""
    return -(-len(content) // BYTES_PER_LINE)


def hex_lines(content: bytes, start: int, count: int) -> list[str]:
    """`count` lines from line `start` on: offset, sixteen bytes in two groups, and their ASCII characters."""
    last = min(start + count, hex_line_count(content))
    digits = max(8, len(f"{len(content):x}"))
    return [_line(content, index * BYTES_PER_LINE, digits) for index in range(max(start, 0), last)]


def _line(content: bytes, offset: int, digits: int) -> str:
    row = content[offset : offset + BYTES_PER_LINE]
    left, right = row[:8].hex(" "), row[8:].hex(" ")
    characters = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
    return f"{offset:0{digits}x}  {left:<23}  {right:<23}  {characters}"
