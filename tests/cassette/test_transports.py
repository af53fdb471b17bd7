"""Bytes in text, and back as they were written."""

from __future__ import annotations

import base64
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.cassette.transports import BASE64, HEX, POLLY_CHUNKS, RAW_GZIP, Transport


def lines(data: bytes, width: int, line_end: str) -> str:
    digits = base64.b64encode(data).decode()
    return "".join(digits[start : start + width] + line_end for start in range(0, len(digits), width))


@given(
    st.binary(max_size=200),
    st.sampled_from([4, 60, 64, 76]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.sampled_from(["", "urlsafe", "unpadded"]),
)
def test_base64_keeps_its_lines(data: bytes, width: int, line_end: str, is_ended: bool, kind: str) -> None:
    text = lines(data, width, line_end)
    text = text if is_ended else text.removesuffix(line_end)
    if kind == "urlsafe":
        text = text.replace("+", "-").replace("/", "_")
    if kind == "unpadded":
        text = text.replace("=", "")
        text = text.removesuffix(line_end) if text.endswith(line_end * 2) else text
    assert BASE64.decode(text) == data
    assert BASE64.encode(data, text) == text


def test_new_base64_lines_are_as_long_as_the_old() -> None:
    old = lines(bytes(100), 60, "\n")
    assert BASE64.encode(bytes(range(200)), old) == lines(bytes(range(200)), 60, "\n")
    assert BASE64.encode(bytes(range(200)), "QQ==\n") == lines(bytes(range(200)), 60, "\n")
    assert BASE64.encode(bytes(range(200)), "QQ==") == base64.b64encode(bytes(range(200))).decode()


@pytest.mark.parametrize(
    ("transport", "text"),
    [
        (BASE64, '{"a": 1}'),
        (BASE64, "QQ=Q"),
        (BASE64, "A"),
        (RAW_GZIP, "QQ=="),
        (RAW_GZIP, "no base64!"),
        (POLLY_CHUNKS, '{"a": "b"}'),
        (POLLY_CHUNKS, "[1]"),
        (POLLY_CHUNKS, "H4sI"),
        (POLLY_CHUNKS, '["no base64!"]'),
        (HEX, "zz"),
        (HEX, "123"),
    ],
)
def test_other_text_is_refused(transport: Transport, text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message is Python's own for some
        transport.decode(text)


@given(st.binary(max_size=100), st.integers(1, 9))
def test_compressed_base64(data: bytes, level: int) -> None:
    text = lines(zlib.compress(data, level), 76, "\n")
    assert RAW_GZIP.decode(text) == data
    assert RAW_GZIP.encode(data, text) == text
    assert RAW_GZIP.decode(RAW_GZIP.encode(data + b"x", text)) == data + b"x"


@given(st.lists(st.binary(min_size=1, max_size=30), min_size=1, max_size=4), st.binary(max_size=60))
def test_chunks(pieces: list[bytes], new: bytes) -> None:
    text = json.dumps([base64.b64encode(piece).decode() for piece in pieces], separators=(",", ":"))
    data = b"".join(pieces)
    assert POLLY_CHUNKS.decode(text) == data
    assert POLLY_CHUNKS.encode(data, text) == text
    assert POLLY_CHUNKS.decode(POLLY_CHUNKS.encode(new, text)) == new


def test_chunks_of_hex_digits() -> None:
    text = '["1f8b0800aa","1f8bff"]'
    assert POLLY_CHUNKS.decode(text) == bytes.fromhex("1f8b0800aa1f8bff")
    assert POLLY_CHUNKS.encode(POLLY_CHUNKS.decode(text), text) == text


def test_a_chunk_of_base64_that_looks_like_hex_digits_stays_base64() -> None:
    data = base64.b64decode("1f8b0800")
    assert POLLY_CHUNKS.decode(POLLY_CHUNKS.encode(data, '["QQ=="]')) == data


@given(st.binary(max_size=40))
def test_hex(data: bytes) -> None:
    for text in (data.hex(), data.hex().upper()):
        assert HEX.decode(text) == data
        assert HEX.encode(data, text) == text
