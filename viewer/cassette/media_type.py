"""What a body is, from its header and from its first bytes.

The header is wrong often enough: redacted (`**REDACTED**`), missing, `text/plain` for JSON, an error page in
JSON under `text/event-stream`. Bytes that cannot be mistaken win; bytes that could be anything leave it alone.
"""

from __future__ import annotations

import re
import zlib

from viewer.cassette.patterns import regex

_HEADER = regex(r"\s*([a-zA-Z0-9!#$&^_.+-]+/[a-zA-Z0-9!#$&^_.+-]+)\s*(?:[;,]|\Z)")
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"\x1aE\xdf\xa3", "video/webm"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
# Formats that are one of the above inside, so that a header naming them is right.
_CONTAINERS: dict[str, tuple[str, ...]] = {
    "application/zip": ("application/", "model/"),
    "audio/mpeg": ("audio/",),
    "audio/ogg": ("audio/", "video/", "application/ogg"),
    "video/mp4": ("audio/", "video/", "image/"),
    "video/webm": ("audio/", "video/"),
}
_BLANKS = b" \t\r\n"
_HEAD = 65536
_SSE_START = regex(rb"(?:\xef\xbb\xbf)?(?::[^\r\n]*+[\r\n]++|[\r\n]++)*+(?:data|event|id|retry):")
_SSE_DATA = regex(rb"^data:", re.MULTILINE)
_HTML = regex(
    rb"\s*+(?:(?><!--.{0,2000}?-->)\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_SVG = regex(
    rb"\s*+(?:<\?xml[^>]*+>\s*+)?(?:(?><!--.*?-->)\s*+)*+(?:<!DOCTYPE svg[^>]*+>\s*+)?<svg[\s>]", re.DOTALL
)
_XML = regex(rb"\s*<\?xml\s")
_JSON_OBJECT = regex(rb'\{\s*+(?:"(?:[^"\\]++|\\.)*+"\s*+:|\}\s*+\Z)', re.DOTALL)
_JSON_ARRAY = regex(rb'\[\s*(?:[\[{"\d-]|true\b|false\b|null\b|\]\s*\Z)')
# What text may really be, so that a sniffed text type replaces only vague or impossible ones.
_VAGUE = {
    "",
    "text/plain",
    "application/octet-stream",
    "binary/octet-stream",
    "application/x-www-form-urlencoded",
}
_EVENT_STREAM = "application/vnd.amazon.eventstream"
_BINARY = (
    "image/", "audio/", "video/", "font/", "application/octet-stream", "application/zip", "application/gzip",
    "application/x-protobuf", "application/grpc", _EVENT_STREAM,
)  # fmt: skip


def media_type_of(content: bytes, header: str = "") -> str:
    """The media type in lower case, without parameters; "" where neither header nor bytes tell."""
    declared = _declared(header)
    binary = _binary_type(content)
    if binary:
        is_named = declared not in _VAGUE and declared.startswith(_CONTAINERS.get(binary, (binary,)))
        return declared if is_named and declared != "application/json" else binary
    text = _text_type(content)
    return text if text and _is_better(text, declared) else declared


def is_binary_type(media_type: str) -> bool:
    """Whether content of this type is never text."""
    return media_type.startswith(_BINARY) and media_type != "image/svg+xml"


def is_event_stream_prelude(content: bytes) -> bool:
    """Whether it begins with an AWS event-stream message: two lengths and their CRC32 (Smithy event stream)."""
    if len(content) < 16:
        return False
    total, headers = int.from_bytes(content[:4], "big"), int.from_bytes(content[4:8], "big")
    return total >= 16 + headers and zlib.crc32(content[:8]) == int.from_bytes(content[8:12], "big")


def _declared(header: str) -> str:
    match = _HEADER.match(header)
    return match[1].lower() if match else ""


def _binary_type(content: bytes) -> str:
    for magic, name in _MAGIC:
        if content.startswith(magic):
            return name
    if content.startswith(b"RIFF"):
        return _RIFF.get(content[8:12], "")
    if content[4:8] == b"ftyp":
        return "image/avif" if content[8:12] == b"avif" else "video/mp4"
    return _EVENT_STREAM if is_event_stream_prelude(content) else ""


def _text_type(content: bytes) -> str:
    head = content[:_HEAD]
    if _SSE_START.match(head) and _SSE_DATA.search(head):
        return "text/event-stream"
    if head.lstrip().startswith(b"<"):
        return _markup_type(head)
    return "application/json" if _is_json(content) else ""


def _markup_type(head: bytes) -> str:
    if _SVG.match(head):
        return "image/svg+xml"
    if _HTML.match(head):
        return "text/html"
    return "application/xml" if _XML.match(head) else ""


def _is_json(content: bytes) -> bool:
    """Whether it begins and ends as a JSON mapping or list does; cut-off text is not corrected to JSON."""
    start = content[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip(_BLANKS)
    last = content[-200:].rstrip(_BLANKS)[-1:]
    if start[:1] == b"{":
        return last == b"}" and bool(_JSON_OBJECT.match(start))
    return start[:1] == b"[" and last == b"]" and bool(_JSON_ARRAY.match(start))


def _is_better(sniffed: str, declared: str) -> bool:
    if declared in _VAGUE:
        return True
    if declared.startswith(("image/", "audio/", "video/", "application/pdf", "application/zip")):
        return sniffed != "application/xml" or declared != "image/svg+xml"
    if sniffed == "application/json":
        return declared in ("text/html", "text/event-stream", _EVENT_STREAM, "application/xml", "text/xml")
    if sniffed == "text/event-stream":
        return "json" in declared or declared in ("text/html", _EVENT_STREAM)
    if sniffed == "text/html":
        return "json" in declared or declared in ("text/event-stream", _EVENT_STREAM)
    return False
