"""The three levels of a body, and the way back from its text."""

from __future__ import annotations

import base64
import codecs
import gzip
import re
import zlib
from itertools import product
from pathlib import Path

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from viewer.cassette import codings
from viewer.cassette.body import Body
from viewer.cassette.headers import Header, Headers

TEXT = '{"answer": "Grüße, 世界 😀"}'


def raw_deflate(data: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-15)
    return deflater.compress(data) + deflater.flush()


def aws_chunked(data: bytes) -> bytes:
    signature = b";chunk-signature=" + b"0" * 64
    return b"%x%s\r\n%s\r\n0%s\r\n\r\n" % (len(data), signature, data, signature)


COMPRESSORS = {
    "gzip": lambda data: gzip.compress(data, mtime=1700000000),
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
    "aws-chunked": aws_chunked,
}


def body(raw: bytes | None, encoding: str = "", content_type: str = "") -> Body:
    return Body(raw, Headers.of([("Content-Encoding", encoding), ("content-type", content_type)]))


def test_no_body_is_not_an_empty_one() -> None:
    absent, empty = Body(None), Body(b"")
    assert absent.is_absent
    assert not empty.is_absent
    for each in (absent, empty):
        assert (each.content, each.text, each.is_binary, each.note, each.media_type) == (
            b"",
            "",
            False,
            "",
            "",
        )
        assert each.encode("") == b""
        assert each.encode("new") == b"new"


@pytest.mark.parametrize(
    "names", [*((name,) for name in COMPRESSORS), *product(["gzip", "br", "zstd"], repeat=2)]
)
def test_codings_are_undone_and_done_again(names: tuple[str, ...]) -> None:
    raw = TEXT.encode()
    for name in names:
        raw = COMPRESSORS[name](raw)
    recorded = body(raw, ", ".join(names))
    assert recorded.codings == names
    assert recorded.text == TEXT
    assert recorded.encode(TEXT) == raw
    changed = body(recorded.encode(TEXT + " "), ", ".join(names))
    assert changed.text == TEXT + " "
    assert changed.codings == names
    assert recorded.encode("x", keep_codings=False) == b"x"


@pytest.mark.parametrize("name", ["gzip", "deflate", "zstd", "aws-chunked"])
def test_bytes_tell_their_coding_without_a_header(name: str) -> None:
    recorded = Body(COMPRESSORS[name](TEXT.encode()))
    assert recorded.codings == (name,)
    assert recorded.text == TEXT


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd", "aws-chunked", "**REDACTED**"])
def test_a_header_about_plain_bytes_is_not_believed(name: str) -> None:
    recorded = body(TEXT.encode(), name)
    assert (recorded.codings, recorded.text, recorded.note) == ((), TEXT, "")


def test_deflate_without_its_zlib_wrapper() -> None:
    raw = raw_deflate(TEXT.encode())
    recorded = body(raw, "deflate")
    assert (recorded.codings, recorded.text) == (("deflate",), TEXT)
    assert recorded.encode(TEXT + "!") == raw_deflate(f"{TEXT}!".encode())


@pytest.mark.parametrize("level", range(1, 10))
def test_an_edit_compresses_as_the_recording_was(level: int) -> None:
    """An edit undone by hand gives the recorded bytes, so the level and the gzip header must be the old ones."""
    old, new = "words and more words " * 200, "words and fewer words " * 200
    raw = gzip.compress(old.encode(), level, mtime=1234)
    again = Body(Body(raw).encode(new)).encode(old)
    assert again == raw
    raw = zlib.compress(old.encode(), level)
    assert Body(Body(raw).encode(new)).encode(old) == raw


def test_a_gzip_header_is_kept() -> None:
    deflated = raw_deflate(b"old")
    trailer = zlib.crc32(b"old").to_bytes(4, "little") + (3).to_bytes(4, "little")
    header = b"\x1f\x8b\x08\x1c\x01\x02\x03\x04\x00\x03\x04\x00AB\x00\x00name\x00comment\x00"
    recorded = Body(header + deflated + trailer)
    assert recorded.text == "old"
    assert recorded.encode("new").startswith(header)
    assert Body(recorded.encode("new")).text == "new"


def test_gzip_members_and_padding() -> None:
    assert Body(gzip.compress(b"one ") + gzip.compress(b"two") + b"\0" * 20).text == "one two"


@pytest.mark.parametrize(
    ("raw", "encoding", "words"),
    [
        (gzip.compress(TEXT.encode(), mtime=0)[:-5], "", "gzip data that is cut off"),
        (gzip.compress(TEXT.encode(), mtime=0)[:10] + b"\xff" * 40, "gzip", "damaged"),
        (zstandard.compress(TEXT.encode())[:-3], "", "zstd data that"),
        (b"\x8b\x00\x80\x01\x02" * 9, "br", "said to be br"),
        (aws_chunked(b"text")[:-80], "", "aws-chunked data that"),
    ],
)
def test_what_cannot_be_decoded_says_why(raw: bytes, encoding: str, words: str) -> None:
    recorded = body(raw, encoding)
    assert words in recorded.note
    assert recorded.content == raw
    assert recorded.text is None
    assert recorded.is_binary


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_bombs_do_not_go_off(name: str) -> None:
    raw = COMPRESSORS[name](b"\0" * (20 << 20))
    recorded = body(raw, name)
    assert "would decompress to more than" in recorded.note
    assert len(recorded.content) == len(raw)


def test_the_limit_on_content_is_a_number() -> None:
    assert codings.MAX_CONTENT == 256 * 1024 * 1024


@given(st.binary(max_size=200), st.sampled_from(["", "gzip", "br", "deflate", "aws-chunked", "gzip, br"]))
def test_any_bytes_come_back(raw: bytes, encoding: str) -> None:
    recorded = body(raw, encoding)
    if recorded.text is not None:
        assert recorded.encode(recorded.text) == raw
        changed = recorded.encode_content(recorded.content + b"x")
        if not recorded.codings:
            assert changed == raw + b"x"
    assert recorded.encode_content(recorded.content) == raw
    assert isinstance(recorded.media_type, str)


def test_a_byte_order_mark_is_kept() -> None:
    for bom, name in [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ]:
        recorded = Body(bom + TEXT.encode(name))
        assert (recorded.text, recorded.charset, recorded.bom) == (TEXT, name, bom)
        assert recorded.encode("é") == bom + "é".encode(name)


def test_a_character_that_the_charset_lacks_is_an_error() -> None:
    recorded = body("é".encode("latin-1"), content_type="text/plain; charset=iso-8859-1")
    assert recorded.encode("ü") == b"\xfc"
    with pytest.raises(UnicodeEncodeError):
        recorded.encode("世")


def test_recorded_bodies(corpus: Path) -> None:
    """The compressed bodies of real Betamax cassettes are read, and an edit taken back gives text and codings back."""
    read = reproduced = 0
    for file in sorted((corpus / "betamax-json").rglob("*.json")):
        for raw in re.findall(rb'"base64_string": "(H4sI[A-Za-z0-9+/=]+)"', file.read_bytes()):
            recorded = Body(base64.b64decode(raw), recorded_as="base64")
            text = recorded.text
            assert text is not None
            assert recorded.codings == ("gzip",)
            again = Body(Body(recorded.encode(text + "x")).encode(text))
            assert (again.text, again.codings) == (text, ("gzip",))
            read += 1
            reproduced += again.raw == recorded.raw
    assert read > 20
    assert reproduced > read / 2


def test_bodies_are_values() -> None:
    assert Body(b"a") == Body(b"a")
    assert Body(b"a") != Body(b"a", recorded_as="base64")
    assert len({Body(b"a"), Body(b"a")}) == 1


def test_what_is_read_later_is_read_once_and_equal() -> None:
    asked: list[str] = []

    def lines() -> tuple[Header, ...]:
        asked.append("headers")
        return (Header("A", "1"),)

    def read() -> Body:
        asked.append("body")
        return Body(b"x", headers, "base64")

    headers = Headers.later(lines)
    later = Body.later(headers, read)
    assert asked == []
    now = Body(b"x", Headers.of([("A", "1")]), "base64")
    assert (later, hash(later), repr(later)) == (now, hash(now), repr(now))
    assert later.raw == b"x"
    assert len(headers) == 1
    assert sorted(asked) == ["body", "headers"]
    assert later != Body(b"x", Headers.of([("A", "1")]))
    assert later != b"x"


@pytest.mark.parametrize(
    ("raw", "content_type", "at_hand"),
    [
        ("Olá".encode(), "", True),
        (b"{}", "application/json", True),
        (gzip.compress("Olá".encode(), mtime=0), "", True),
        (codecs.BOM_UTF8 + b"{}", "", False),
        ("Olá".encode("latin-1"), "text/plain; charset=latin-1", False),
        ("Olá €".encode() + b"\xff", "", False),
        ("Olá".encode("utf-16"), "", False),
        (b"\x00\x01\x02\xff", "", False),
    ],
)
def test_the_text_in_utf8_is_at_hand_where_it_is_the_content(
    raw: bytes, content_type: str, at_hand: bool
) -> None:
    found = Body(raw, Headers.of([("content-type", content_type)]))
    assert found.text_as_utf8 == (found.content if at_hand else None)
    if at_hand:
        assert found.text is not None
        assert found.text_as_utf8 == found.text.encode()
