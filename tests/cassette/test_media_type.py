"""What a body is: the header, unless the bytes cannot be what it says."""

from __future__ import annotations

import base64
import zlib
from pathlib import Path

import pytest

from viewer.cassette.media_type import is_binary_type, is_event_stream_prelude, media_type_of

PRELUDE = (16).to_bytes(4, "big") + (0).to_bytes(4, "big")
MESSAGE = PRELUDE + zlib.crc32(PRELUDE).to_bytes(4, "big")
MESSAGE += zlib.crc32(MESSAGE).to_bytes(4, "big")
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


@pytest.mark.parametrize(
    ("content", "header", "expected"),
    [
        (b'{"a": 1}', "Application/JSON; charset=utf-8", "application/json"),
        (b'{"a": 1}', "**REDACTED**", "application/json"),
        (b'{"a": 1}', "text/plain", "application/json"),
        (b' [1, 2]\n', "", "application/json"),
        (b'{"error": {}}', "text/event-stream", "application/json"),
        (b'{"a": 1}', "application/vnd.api+json", "application/vnd.api+json"),
        (b'{"a": 1}\n{"b": 2}', "application/x-ndjson", "application/x-ndjson"),
        (b"[INFO] started]", "text/plain", "text/plain"),
        (b"{braces}", "", ""),
        (b'data: {"a": 1}\n\n', "**REDACTED**", "text/event-stream"),
        (b"event: ping\ndata: {}\n\n", "application/json", "text/event-stream"),
        (b": OPENROUTER PROCESSING\n\ndata: {}\n\n", "", "text/event-stream"),
        (b"id: 7\nname: x\n", "text/plain", "text/plain"),
        (b"<!DOCTYPE html><html></html>", "application/json", "text/html"),
        (b"<html></html>", "", "text/html"),
        (b'<?xml version="1.0"?><svg xmlns="x"/>', "", "image/svg+xml"),
        (b'<?xml version="1.0"?><a/>', "text/xml", "text/xml"),
        (PNG, "", "image/png"),
        (PNG, "image/jpeg", "image/png"),
        (PNG, "text/html", "image/png"),
        (b"\xff\xd8\xff\xe0", "application/octet-stream", "image/jpeg"),
        (b"GIF89a", "", "image/gif"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "", "image/webp"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "", "audio/wav"),
        (b"%PDF-1.7", "**REDACTED**", "application/pdf"),
        (b"PK\x03\x04", "application/vnd.ms-office", "application/vnd.ms-office"),
        (b"PK\x03\x04", "application/octet-stream", "application/zip"),
        (b"ID3\x04", "audio/mp3", "audio/mp3"),
        (MESSAGE, "**REDACTED**", "application/vnd.amazon.eventstream"),
        (b"", "text/html; charset=x", "text/html"),
        (b"hello", "", ""),
        (b"hello", "text/plain, text/html", "text/plain"),
    ],
)  # fmt: skip
def test_media_types(content: bytes, header: str, expected: str) -> None:
    assert media_type_of(content, header) == expected


def test_a_prelude_needs_its_checksum() -> None:
    assert is_event_stream_prelude(MESSAGE)
    assert not is_event_stream_prelude(MESSAGE[:8] + b"\0\0\0\0" + MESSAGE[12:])
    assert not is_event_stream_prelude(b"\0" * 16)


def test_binary_types() -> None:
    assert is_binary_type("image/png")
    assert not is_binary_type("image/svg+xml")
    assert not is_binary_type("application/json")


def test_streams_recorded_under_a_redacted_header(corpus: Path) -> None:
    """langchain's cassettes hide the content type of Bedrock's event streams."""
    import gzip

    import yaml

    found = 0
    for file in sorted(corpus.rglob("*.yaml.gz"))[:20]:
        tree = yaml.load(gzip.decompress(file.read_bytes()), Loader=yaml.CBaseLoader)
        for response in tree.get("responses", []):
            raw = response.get("body", {}).get("string", "")
            if raw.startswith("AAA"):
                assert (
                    media_type_of(base64.b64decode(raw), "**REDACTED**")
                    == "application/vnd.amazon.eventstream"
                )
                found += 1
    if not found:
        pytest.skip("no such cassette here")
