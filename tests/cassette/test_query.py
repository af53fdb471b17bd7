from __future__ import annotations

import pytest

from viewer.cassette import query
from viewer.cassette.body import Body
from viewer.cassette.headers import Headers
from viewer.cassette.model import Request
from viewer.cassette.query import form_fields, query_fields, split_url


@pytest.mark.parametrize(
    ("url", "fields"),
    [
        ("https://e.test/a?q=a+b&empty=&q=%C3%A9#part?x=1", (("q", "a b"), ("empty", ""), ("q", "é"))),
        ("https://e.test/a", ()),
        ("no url ?a=%zz", (("a", "%zz"),)),
    ],
)
def test_query(url: str, fields: tuple[tuple[str, str], ...]) -> None:
    assert query_fields(url) == fields


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://e.test:8/a/b?q#f", ("https://e.test:8", "/a/b?q#f")),
        ("https://e.test?q", ("https://e.test", "?q")),
        ("/only/a/path", ("", "/only/a/path")),
        ("", ("", "")),
    ],
)
def test_a_url_is_cut_before_its_path(url: str, parts: tuple[str, str]) -> None:
    assert split_url(url) == parts


def test_forms() -> None:
    def request(content_type: str, body: bytes) -> Request:
        headers = Headers.of([("Content-Type", content_type)])
        return Request("POST", "https://e.test/", headers, Body(body, headers))

    assert form_fields(request("application/x-www-form-urlencoded", b"a=1&b=x%20y")) == (
        ("a", "1"),
        ("b", "x y"),
    )
    parts = (
        b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
        b'--B\r\nContent-Disposition: form-data; name="f"; filename="x.bin"\r\n\r\n\x00\x01\r\n--B--\r\n'
    )
    assert form_fields(request("multipart/form-data; boundary=B", parts)) == (
        ("a", "1"),
        ("f", "x.bin (2 bytes)"),
    )
    assert form_fields(request("application/json", b"{}")) == ()


def test_more_fields_than_anybody_reads_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two million of them held the window for eleven seconds."""
    monkeypatch.setattr(query, "_MOST_FIELDS", 10)
    assert len(query_fields("/?" + "a=b&" * 9)) == 9
    assert query_fields("/?" + "a=b&" * 10) == ()
    headers = Headers.of([("Content-Type", "application/x-www-form-urlencoded")])
    assert form_fields(Request("POST", "/", headers, Body(b"a=b&" * 10, headers))) == ()
