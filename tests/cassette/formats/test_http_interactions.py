"""Ruby VCR, Betamax and R's vcr: what their entries say, and how their bodies, lengths and statuses are edited."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import pytest

from tests.cassette.formats.helpers import both, cassette_of, changed, edited, loaded
from viewer.cassette.edits import AddHeader, SetBodyContent, SetBodyText, SetMethod, SetStatus
from viewer.cassette.formats.base import Side
from viewer.cassette.model import EditError

RUBY = """---
http_interactions:
- request:
    method: post
    uri: https://x.test/a
    body:
      encoding: UTF-8
      string: '{"a":1}'
    headers:
      Content-Length:
      - '7'
  response:
    status:
      code: 200
      message: OK
    headers:
      Content-Type:
      - text/plain
    body:
      encoding: ASCII-8BIT
      string: !binary |-
        w6k=
    http_version: '1.1'
  recorded_at: Mon, 24 Jun 2013 18:32:07 GMT
recorded_with: VCR 6.3.1
"""


def test_ruby_vcr() -> None:
    interaction = cassette_of(RUBY).interaction(0)
    request, response = both(interaction)
    assert (request.method, request.url, request.body.raw) == ("POST", "https://x.test/a", b'{"a":1}')
    assert (response.status, response.reason, response.protocol) == (200, "OK", "1.1")
    assert (response.body.text, response.body.recorded_as) == ("é", "base64")
    assert interaction.recorded_at == "Mon, 24 Jun 2013 18:32:07 GMT"
    assert changed(RUBY, edited(RUBY, SetMethod(0, "PUT"))) == ("    method: post", "    method: put")
    new = loaded(edited(RUBY, SetBodyText(0, Side.REQUEST, '{"a":22}')))["request"]
    assert (new["body"]["string"], new["headers"]["Content-Length"]) == ('{"a":22}', ["8"])
    assert "string: !binary |-\n        w6nDqQ==\n" in edited(RUBY, SetBodyText(0, Side.RESPONSE, "éé"))
    assert "string: !binary |-\n" in edited(RUBY, SetBodyContent(0, Side.REQUEST, b"\xff\0"))


def test_a_string_is_encoded_as_the_recorder_says() -> None:
    text = RUBY.replace("encoding: UTF-8\n      string: '{\"a\":1}'", "encoding: ISO-8859-1\n      string: é")
    assert both(cassette_of(text).interaction(0))[0].body.raw == b"\xe9"
    new = edited(text, SetBodyContent(0, Side.REQUEST, "ü".encode("latin-1")))
    assert loaded(new)["request"]["body"]["string"] == "ü"


def test_a_missing_body_gets_its_keys() -> None:
    text = RUBY.replace("    body:\n      encoding: ASCII-8BIT\n      string: !binary |-\n        w6k=\n", "")
    assert both(cassette_of(text).interaction(0))[1].body.is_absent
    new = loaded(edited(text, SetBodyText(0, Side.RESPONSE, "x")))
    assert new["response"]["body"] == {"encoding": "UTF-8", "string": "x"}


def with_body(body: dict[str, Any], recorder: str, **more: Any) -> str:
    request = {"method": "get", "uri": "u", "body": {"string": ""}, "headers": {}}
    response = {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": body, **more}
    entry = {"request": request, "response": response, "recorded_at": "x"}
    return json.dumps({"http_interactions": [entry], "recorded_with": recorder}, indent=2)


LONG = bytes(range(256))


@pytest.mark.parametrize("old", [b"", b"{}", LONG])
def test_ruby_packs_base64_in_lines_of_60(old: bytes) -> None:
    packed = base64.b64encode(old).decode()
    lines = "".join(f"{packed[at : at + 60]}\n" for at in range(0, len(packed), 60))
    text = with_body({"encoding": "UTF-8", "base64_string": lines}, "VCR 6.2.0")
    assert both(cassette_of(text).interaction(0))[1].body.raw == old
    new = loaded(edited(text, SetBodyContent(0, Side.RESPONSE, LONG * 2)))["response"]["body"][
        "base64_string"
    ]
    assert {len(line) for line in new.split("\n")[:-2]} == {60}
    assert new.endswith("\n")
    assert base64.b64decode(new) == LONG * 2


def test_betamax_keeps_base64_on_one_line() -> None:
    body = {"string": "", "base64_string": base64.b64encode(LONG).decode(), "encoding": "utf-8"}
    text = with_body(body, "betamax/0.8.1")
    new = loaded(edited(text, SetBodyContent(0, Side.RESPONSE, LONG * 2)))["response"]["body"]
    assert new == {"string": "", "base64_string": base64.b64encode(LONG * 2).decode(), "encoding": "utf-8"}


@pytest.mark.parametrize("recorder", ["betamax/0.8.1", "VCR 6.2.0"])
def test_json_strings_that_become_binary(recorder: str) -> None:
    text = with_body({"encoding": "UTF-8", "string": "x"}, recorder)
    new = loaded(edited(text, SetBodyContent(0, Side.RESPONSE, b"\xff\xfe")))["response"]["body"]
    assert list(new) == ["encoding", "base64_string"]
    assert base64.b64decode(new["base64_string"]) == b"\xff\xfe"


def test_betamax_of_old() -> None:
    request = {"method": "GET", "uri": "u", "body": "", "headers": {"A": "1"}}
    response = {"status_code": 200, "url": "u", "headers": {}, "body": {"string": "x", "encoding": None}}
    entry = {"request": request, "response": response}
    text = json.dumps({"http_interactions": [entry], "recorded_with": "betamax"})
    assert both(cassette_of(text).interaction(0))[1].status == 200
    assert loaded(edited(text, SetStatus(0, 404)))["response"]["status_code"] == 404
    assert loaded(edited(text, SetBodyText(0, Side.REQUEST, "q")))["request"]["body"] == "q"
    assert loaded(edited(text, AddHeader(0, Side.REQUEST, "B", "2")))["request"]["headers"] == {
        "A": "1",
        "B": "2",
    }
    assert loaded(edited(text, AddHeader(0, Side.RESPONSE, "B", "2")))["response"]["headers"] == {"B": ["2"]}


R_OLD = """http_interactions:
- request:
    method: get
    uri: u
    body:
      encoding: ''
      string: ''
    headers:
      Accept: '*/*'
  response:
    status:
      status_code: '200'
      message: OK
      explanation: Request fulfilled, document follows
    headers:
      status: HTTP/1.1 200 OK
    body:
      encoding: ''
      file: no
      string: abc
  recorded_at: 2022-11-09 09:22:03 GMT
  recorded_with: vcr/1.1.0, webmockr/0.8.0
"""
R_NEW = """http_interactions:
- request:
    method: GET
    uri: u
    headers: []
  response:
    status: 400
    headers:
      content-type: text/plain
    body:
      raw_gzip: RAW
  recorded_at: 2025-09-04 08:30:30
recorded_with: VCR-vcr/2.0.0
""".replace("RAW", base64.b64encode(zlib.compress(b"abc")).decode())


def test_r_vcr_before_2() -> None:
    request, response = both(cassette_of(R_OLD).interaction(0))
    assert (request.headers.get("accept"), response.status, response.reason) == ("*/*", 200, "OK")
    new = edited(R_OLD, SetStatus(0, 404))
    assert "status_code: '404'\n      message: Not Found\n" in new
    assert loaded(edited(R_OLD, AddHeader(0, Side.REQUEST, "X", "1")))["request"]["headers"]["X"] == "1"
    binary = loaded(edited(R_OLD, SetBodyContent(0, Side.RESPONSE, LONG)))["response"]["body"]
    assert "string" not in binary
    assert base64.b64decode(binary["base64_string"]) == LONG


def test_r_vcr_2() -> None:
    _, response = both(cassette_of(R_NEW).interaction(0))
    assert (response.status, response.body.raw) == (400, b"abc")
    assert loaded(edited(R_NEW, SetStatus(0, 404)))["response"]["status"] == 404
    new = loaded(edited(R_NEW, SetBodyText(0, Side.RESPONSE, "abcd")))["response"]["body"]["raw_gzip"]
    assert zlib.decompress(base64.b64decode(new)) == b"abcd"
    assert loaded(edited(R_NEW, AddHeader(0, Side.REQUEST, "X", "1")))["request"]["headers"] == {"X": "1"}
    assert loaded(edited(R_NEW, SetBodyText(0, Side.REQUEST, "q")))["request"]["body"] == {"string": "q"}


def test_r_vcr_with_bodies_in_files() -> None:
    interaction = cassette_of(R_OLD.replace("file: no", "file: yes")).interaction(0)
    assert "file of its own" in interaction.note


RUBY_1 = """---\x20
- !ruby/struct:VCR::HTTPInteraction\x20
  request: !ruby/struct:VCR::Request\x20
    method: :get
    uri: http://example.com:80/foo
    body:\x20
    headers:\x20
  response: !ruby/struct:VCR::Response\x20
    status: !ruby/struct:VCR::ResponseStatus\x20
      code: 200
      message: OK\x20
    headers:\x20
      content-type:\x20
      - text/html;charset=utf-8
    body: foo response
    http_version: "1.1"
"""


def test_ruby_vcr_1_can_be_read_alone() -> None:
    cassette = cassette_of(RUBY_1)
    request, response = both(cassette.interaction(0))
    assert (request.method, request.url, request.body.is_absent) == ("GET", "http://example.com:80/foo", True)
    assert (response.status, response.body.text) == (200, "foo response")
    assert cassette.to_bytes().decode() == RUBY_1
    with pytest.raises(EditError, match="read-only"):
        SetStatus(0, 404).exchange(cassette)


def test_ruby_header_names_are_spelled_as_webmock_does() -> None:
    """VCR may be told to match by headers, and compares their names as they stand."""
    headers = loaded(edited(RUBY, AddHeader(0, Side.REQUEST, "x-api_key", "1")))["request"]["headers"]
    assert headers == {"Content-Length": ["7"], "X-Api-Key": ["1"]}
