"""The parts of a multipart body, with their places (RFC 2046, section 5.1; form-data: RFC 7578)."""

from __future__ import annotations

import re

import msgspec

from viewer.cassette.charset import decode_bytes
from viewer.cassette.headers import Header, Headers
from viewer.cassette.patterns import regex

# Batches of requests have up to a thousand; nobody finds anything in a menu of more.
_MOST_PARTS = 2000
_BOUNDARY = regex(r'boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;,"]{1,200}))', re.IGNORECASE)
_FIRST_LINE = regex(rb"(?:\r?\n)*--([^\r\n]{1,70}?)[ \t]*\r?\nContent-Disposition:", re.IGNORECASE)
_PARAMETER = r';\s*{}\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))'
_BLANK_LINE = regex(rb"\r?\n\r?\n|\A\r?\n")


class Part(msgspec.Struct, frozen=True):
    """One part: its headers, and the span of its content in the body's content."""

    headers: Headers
    start: int
    end: int

    @property
    def name(self) -> str:
        """The form field's name, "" where the part has none."""
        return self._parameter("name")

    @property
    def filename(self) -> str:
        """The file name that the client gave, "" where the part is no file."""
        return self._parameter("filename")

    def _parameter(self, name: str) -> str:
        match = re.search(_PARAMETER.format(name), self.headers.get("content-disposition"), re.IGNORECASE)
        return re.sub(r"\\(.)", r"\1", match[1] or match[2] or "") if match else ""


def split_parts(content: bytes, content_type: str) -> tuple[Part, ...]:
    """The parts in order; () for what is not multipart, or more than anybody looks at one by one.

    A last part without its closing line is kept. Where the header has no boundary (redacted, or lost), the first
    line gives it.
    """
    boundary = _boundary(content, content_type)
    if not boundary or content.count(b"\n--" + boundary) > _MOST_PARTS:
        return ()
    line = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
    parts: list[Part] = []
    start: int | None = None
    for match in line.finditer(content):
        if start is not None:
            parts.append(_part(content, start, match.start()))
        if match[1]:
            return tuple(parts)
        # The line end behind a delimiter may be the one in front of the next, so the pattern leaves it.
        start = min(match.end() + (2 if content.startswith(b"\r\n", match.end()) else 1), len(content))
    if start is not None:
        parts.append(_part(content, start, len(content)))
    return tuple(parts)


def _boundary(content: bytes, content_type: str) -> bytes:
    declared = _BOUNDARY.search(content_type) if "multipart/" in content_type.lower() else None
    if declared:
        return (declared[1] or declared[2]).encode("utf-8", "surrogateescape")
    first = _FIRST_LINE.match(content)
    return first[1] if first else b""


def _part(content: bytes, start: int, end: int) -> Part:
    end = max(start, end)
    blank = _BLANK_LINE.search(content[start:end])
    if blank is None:
        return Part(Headers(), start, end)
    lines = decode_bytes(content[start : start + blank.start()]).splitlines()
    headers = tuple(
        Header(name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines)
    )
    return Part(Headers(headers), start + blank.end(), end)
