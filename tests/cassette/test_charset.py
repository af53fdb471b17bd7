"""Bytes are shown as text where they are text, in the charset that they are in."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.cassette.charset import decode_bytes, decode_text, encode_text

GREETING = "Grüße aus Köln, 10 € für alle"


@pytest.mark.parametrize(
    ("content", "content_type", "charset"),
    [
        (GREETING.encode(), "", "utf-8"),
        (GREETING.encode(), "text/plain; charset=ISO-8859-1", "utf-8"),
        (GREETING.encode("cp1252"), "", "cp1252"),
        ("Grüße aus Köln".encode("latin-1"), "", "latin-1"),
        (GREETING.encode("iso-8859-15"), "text/html; charset='iso-8859-15'", "iso8859-15"),
        ("日本語のテキスト".encode("shift_jis"), "text/html; charset=Shift_JIS", "shift_jis"),
        ("日本語".encode("iso-2022-jp"), "text/html; charset=iso-2022-jp", "iso2022_jp"),
        ('<meta charset="gbk">你好'.encode("gbk"), "text/html", "gbk"),
        ('<?xml version="1.0" encoding="koi8-r"?><a>Привет</a>'.encode("koi8-r"), "", "koi8-r"),
        ('{"a": "é"}'.encode("utf-16-le"), "application/json", "utf-16-le"),
        ('{"a": "é"}'.encode("utf-16-be"), "", "utf-16-be"),
        ('{"a": "é"}'.encode("utf-32-le"), "", "utf-32-le"),
        (b"plain", "text/plain; charset=nonsense", "utf-8"),
        (b"plain", "text/plain; charset=base64", "utf-8"),
        (b"plain", "text/plain; charset=", "utf-8"),
        (b"plain", "text/plain; charset=iso-8859-1", "iso8859-1"),
        (b'{"a": 1}', "application/json; charset=iso-8859-1", "utf-8"),
        (b"plain", "text/plain; charset=us-ascii", "utf-8"),
        (b"\x1b[31mred\x1b[0m", "", "utf-8"),
    ],
)
def test_charsets(content: bytes, content_type: str, charset: str) -> None:
    found = decode_text(content, content_type)
    assert found is not None
    assert found.charset == charset
    assert found.encode(found.text) == content


def test_text_cut_inside_a_character_stays_text() -> None:
    content = "Grüße an alle ü".encode()[:-1]
    found = decode_text(content)
    assert found is not None
    assert found.text == "Grüße an alle \udcc3"
    assert found.encode(found.text) == content


@pytest.mark.parametrize(
    "content",
    [
        os.urandom(4096),
        bytes(range(256)),
        b"\0\0\0\x05\n\x03abc",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"\0" * 50,
    ],
)
def test_binary_is_no_text(content: bytes) -> None:
    assert decode_text(content) is None


@given(st.binary(max_size=60))
def test_any_bytes_come_back_from_their_string(raw: bytes) -> None:
    assert encode_text(decode_bytes(raw)) == raw


@given(
    st.lists(
        st.sampled_from(
            [b"\xed\xa0\xbd", b"\xed\xb8\x80", b"\xed\xb2\x80", b"\xed", b"\xa0", "é".encode(), b"a"]
        )
    )
)
def test_surrogates_come_back_from_their_string(pieces: list[bytes]) -> None:
    assert encode_text(decode_bytes(b"".join(pieces))) == b"".join(pieces)


@given(st.text(st.sampled_from("a é \ud83d \udbff \udc7f \udc00 \udfff"), max_size=8))
def test_strings_with_surrogates_come_back_from_their_bytes(value: str) -> None:
    assert decode_bytes(encode_text(value)) == value


@pytest.mark.parametrize("code", [0xDC80, 0xDCFF])
def test_strings_with_invalid_bytes_come_back_from_their_bytes(code: int) -> None:
    byte = chr(code)
    assert encode_text(f"a{byte}\ud83d") == b"a" + bytes([code - 0xDC00]) + b"\xed\xa0\xbd"
    assert decode_bytes(encode_text(f"a{byte}\ud83d")) == f"a{byte}\ud83d"


@given(st.text(max_size=30))
def test_any_proper_string_is_utf8(value: str) -> None:
    assert encode_text(value) == value.encode()
    assert decode_bytes(value.encode()) == value


@given(
    st.binary(max_size=80),
    st.sampled_from(["", "text/html; charset=shift_jis", "text/plain; charset=utf-16"]),
)
def test_whatever_is_text_comes_back(content: bytes, content_type: str) -> None:
    found = decode_text(content, content_type)
    assert found is None or found.encode(found.text) == content
