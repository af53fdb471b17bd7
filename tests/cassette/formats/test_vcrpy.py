"""vcrpy in all its forms: what its entries say, and how they are edited."""

from __future__ import annotations

import gzip
import json

import pytest

from tests.cassette.formats.helpers import both, cassette_of, changed, edited, loaded
from viewer.cassette.edits import (
    AddHeader,
    RemoveHeader,
    SetBodyContent,
    SetBodyText,
    SetHeader,
    SetStatus,
    SetUrl,
)
from viewer.cassette.formats.base import Side
from viewer.cassette.model import EditError
from viewer.cassette.source import source_of

YAML = """interactions:
- request:
    body: null
    headers:
      X-Bytes:
      - !!binary |
        w6k=
    method: GET
    uri: u
  response:
    body:
      string: !!binary |
        H4sIAAAAAAAC/8vPBgBH3dx5AgAAAA==
    headers:
      Content-Encoding: [gzip]
      Content-Length: ['22']
    status: {code: 200, message: OK}
version: 1
"""


def test_yaml() -> None:
    request, response = both(cassette_of(YAML).interaction(0))
    assert request.body.is_absent
    assert request.headers.get("x-bytes") == "Ã©"
    assert (response.body.text, response.body.codings, response.body.recorded_as) == (
        "ok",
        ("gzip",),
        "base64",
    )
    new = loaded(edited(YAML, SetHeader(0, Side.REQUEST, 0, "X-Bytes", "ab")))
    assert new["request"]["headers"] == {"X-Bytes": [b"ab"]}
    new = loaded(edited(YAML, SetBodyText(0, Side.RESPONSE, "okay")))["response"]
    assert gzip.decompress(new["body"]["string"]) == b"okay"
    assert new["headers"]["Content-Length"] == [str(len(new["body"]["string"]))]
    plain = loaded(edited(YAML, SetBodyText(0, Side.RESPONSE, "okay", keep_codings=False)))["response"]
    assert plain["headers"] == {"Content-Length": ["4"]}
    assert loaded(edited(YAML, SetBodyText(0, Side.REQUEST, "q")))["request"]["body"] == "q"


def test_all_of_several_codings_go() -> None:
    for old, new in (("[gzip]", "[gzip, identity]"), (" [gzip]", "\n      - gzip\n      - identity")):
        plain = edited(YAML.replace(old, new), SetBodyText(0, Side.RESPONSE, "okay", keep_codings=False))
        assert loaded(plain)["response"]["headers"] == {"Content-Length": ["4"]}


def test_response_without_a_body() -> None:
    text = YAML.replace("    body:\n      string: !!binary |\n        H4sIAAAAAAAC/8vPBgBH3dx5AgAAAA==\n", "")
    assert both(cassette_of(text).interaction(0))[1].body.is_absent


HTTPX = """interactions:
- request:
    body: '{}'
    headers: {}
    method: POST
    uri: u
  response:
    content: '{"a": 1}'
    headers:
      content-type:
      - application/json
    http_version: HTTP/1.1
    status_code: 200
version: 1
"""


def test_httpx_of_old() -> None:
    _, response = both(cassette_of(HTTPX).interaction(0))
    assert (response.status, response.body.raw, response.protocol) == (200, b'{"a": 1}', "HTTP/1.1")
    assert changed(HTTPX, edited(HTTPX, SetStatus(0, 404))) == (
        "    status_code: 200",
        "    status_code: 404",
    )
    assert loaded(edited(HTTPX, SetBodyText(0, Side.RESPONSE, "[]")))["response"]["content"] == "[]"


def test_a_request_body_that_is_a_tree() -> None:
    text = HTTPX.replace("body: '{}'", "body:\n      hidden: true\n      name: x")
    request, _ = both(cassette_of(text).interaction(0))
    assert request.body.text == '{"hidden": true, "name": "x"}'
    new = edited(text, SetBodyText(0, Side.REQUEST, '{"hidden": false, "name": "x"}'))
    assert changed(text, new) == ("      hidden: true", "      hidden: false")


def test_data_as_a_tree_in_json() -> None:
    entry = {
        "request": {"method": "GET", "uri": "u", "body": None, "headers": {}},
        "response": {
            "status": {"code": 200, "message": "OK"},
            "headers": {},
            "body": {"data": {"a": [1.50, "é"]}},
        },
    }
    text = json.dumps({"version": 1, "interactions": [entry]}, indent=4).replace("1.5", "1.50")
    _, response = both(cassette_of(text).interaction(0))
    assert response.body.text == '{"a": [1.5, "é"]}'
    new = edited(text, SetBodyText(0, Side.RESPONSE, '{"a": [1.5, "ü"], "b": {"c": []}}'))
    assert "1.50" in new
    assert loaded(new)["response"]["body"]["data"] == {"a": [1.5, "ü"], "b": {"c": []}}
    with pytest.raises(EditError, match="JSON"):
        SetBodyContent(0, Side.RESPONSE, b"\xff").exchange(cassette_of(text))


def test_json_cannot_hold_bytes() -> None:
    text = '{"interactions": [{"request": {"method": "GET", "uri": "u", "body": "x", "headers": {}}}], "version": 1}'
    with pytest.raises(EditError, match="no text"):
        SetBodyContent(0, Side.REQUEST, b"\xff").exchange(cassette_of(text))


OLD = """[
    {
        "request": {
            "body": null,\x20
            "protocol": "http",\x20
            "method": "GET",\x20
            "headers": {
                "Accept": "*/*"
            },\x20
            "host": "httpbin.org",\x20
            "path": "/ip",\x20
            "port": 80
        },\x20
        "response": {
            "status": {
                "message": "OK",\x20
                "code": 200
            },\x20
            "headers": [
                "Content-Type: application/json\\r\\n",\x20
                "Content-Length: 2\\r\\n"
            ],\x20
            "body": {
                "string": "{}"
            }
        }
    }
]
"""


def test_before_version_1() -> None:
    request, response = both(cassette_of(OLD).interaction(0))
    assert request.url == "http://httpbin.org/ip"
    assert response.headers.get("content-type") == "application/json"
    new = loaded(edited(OLD, SetUrl(0, "https://x.test:8080/a?b=c")))["request"]
    assert (new["protocol"], new["host"], new["port"], new["path"]) == ("https", "x.test", 8080, "/a?b=c")
    assert (
        loaded(edited(OLD, SetBodyText(0, Side.RESPONSE, "{  }")))["response"]["headers"][1]
        == "Content-Length: 4\r\n"
    )
    added = loaded(edited(OLD, AddHeader(0, Side.RESPONSE, "X", "1")))["response"]["headers"]
    assert added[-1] == "X: 1\r\n"
    assert len(loaded(edited(OLD, RemoveHeader(0, Side.RESPONSE, 1)))["response"]["headers"]) == 1
    with pytest.raises(EditError, match="no URL"):
        SetUrl(0, "nowhere").exchange(cassette_of(OLD))


LANGCHAIN = """requests:
- body: !!binary |
    e30=
  headers:
    Content-Length: ['2']
  method: POST
  uri: u
responses:
- body:
    string: x
  headers:
    Content-Type: '**REDACTED**'
  status:
    code: 200
    message: OK
"""


def test_name_and_value_of_a_whole_header_line_change_at_once() -> None:
    """Both stand in one scalar, which was changed twice, and the edit could not be made."""
    new = loaded(edited(OLD, SetHeader(0, Side.RESPONSE, 1, "X-Length", "3")))["response"]["headers"]
    assert new[1] == "X-Length: 3\r\n"


def test_langchain() -> None:
    data = gzip.compress(LANGCHAIN.encode(), 9, mtime=0)
    cassette = cassette_of(data)
    request, response = both(cassette.interaction(0))
    assert (request.body.raw, response.body.raw, response.status) == (b"{}", b"x", 200)
    assert cassette.to_bytes() == data
    assert loaded(edited(LANGCHAIN, SetBodyText(0, Side.REQUEST, "[1]")))["request"]["body"] == b"[1]"
    assert loaded(edited(LANGCHAIN, SetStatus(0, 500)))["response"]["status"]["code"] == 500
    assert loaded(edited(LANGCHAIN, SetBodyText(0, Side.RESPONSE, "y")))["response"]["body"] == {
        "string": "y"
    }
    cassette.apply(SetStatus(0, 500).exchange(cassette))
    assert gzip.decompress(cassette.to_bytes()).decode() == edited(LANGCHAIN, SetStatus(0, 500))
    assert source_of(cassette.to_bytes()).wrapping == "gzip"


def test_langchain_with_a_response_missing() -> None:
    text = LANGCHAIN.replace("responses:", "- method: GET\n  uri: v\nresponses:")
    cassette = cassette_of(text)
    assert len(cassette) == 2
    assert cassette.interaction(1).response is None
    with pytest.raises(EditError, match="no response"):
        SetStatus(1, 500).exchange(cassette)


MIXED = HTTPX.replace(
    "      content-type:\n",
    "      Set-Cookie: a\n      X-Null: null\n      accept:\n      - b\n      content-type:\n",
)


def test_a_bare_value_among_lists_is_no_example() -> None:
    """A new header got a bare value as the first one has, and vcrpy made a header of each of its characters."""
    new = loaded(edited(MIXED.replace("      X-Null: null\n", ""), AddHeader(0, Side.RESPONSE, "new", "1")))
    assert new["response"]["headers"]["new"] == ["1"]


@pytest.mark.parametrize(("name", "values"), [("set-cookie", ["a", "2"]), ("x-null", [None, "2"])])
def test_a_second_value_makes_a_list(name: str, values: list[str | None]) -> None:
    """It was written as a second key of the same name, which hides the first from every loader."""
    headers = loaded(edited(MIXED, AddHeader(0, Side.RESPONSE, name, "2")))["response"]["headers"]
    assert list(headers) == ["Set-Cookie", "X-Null", "accept", "content-type"]
    assert {key.lower(): value for key, value in headers.items()}[name] == values


def test_bytes_of_a_file_object() -> None:
    """requests and botocore hand over open files; vcrpy records them as BytesIO objects."""
    text = YAML.replace(
        "    body: null\n",
        """    body: !!python/object/new:_io.BytesIO
      state: !!python/tuple
      - !!binary |
        eyJhIjogMX0=
      - 0
      - null
""",
    )
    request, _ = both(cassette_of(text).interaction(0))
    assert (request.body.raw, request.body.recorded_as) == (b'{"a": 1}', "base64")
    new = edited(text, SetBodyText(0, Side.REQUEST, '{"a": 2}'))
    assert new == text.replace("eyJhIjogMX0=", "eyJhIjogMn0=")
