"""The formats that can be read and not edited: what their entries say, and why not."""

from __future__ import annotations

import json

import pytest

from tests.cassette.formats.helpers import both, cassette_of
from viewer.cassette.edits import SetUrl
from viewer.cassette.model import EditError
from viewer.cassette.structure import DeleteInteractions

PHP = """
-
    request:
        method: GET
        url: 'https://x.test/1'
        headers:
            Host: x.test
    response:
        status:
            code: '200'
            message: OK
        headers:
            Set-Cookie:
                - a=1
                - b=2
        body: "{\\n}"
        curl_info:
            total_time: 0.25
    index: 0
"""


def test_php_vcr() -> None:
    interaction = cassette_of(PHP).interaction(0)
    request, response = both(interaction)
    assert (request.url, response.status, response.body.text) == ("https://x.test/1", 200, "{\n}")
    assert response.headers.get_all("set-cookie") == ("a=1", "b=2")
    assert interaction.duration == 0.25


def test_easyvcr() -> None:
    asked = {
        "Body": "",
        "ContentHeaders": {"B": "2"},
        "RequestHeaders": {"A": "1"},
        "Method": "GET",
        "Uri": "u",
    }
    status = {"Code": 200, "Message": "OK"}
    answered = {"Body": "x", "ContentHeaders": {}, "ResponseHeaders": {}, "Status": status}
    entry = {"Duration": 298, "RecordedAt": "2024", "Request": asked, "Response": answered}
    interaction = cassette_of(json.dumps([entry])).interaction(0)
    request, response = both(interaction)
    assert [(header.name, header.value) for header in request.headers] == [("A", "1"), ("B", "2")]
    assert (response.status, response.reason, response.body.raw) == (200, "OK", b"x")
    assert (interaction.duration, interaction.recorded_at) == (0.298, "2024")


EXVCR = {
    "request": {"method": "get", "url": "u", "options": [], "headers": [], "body": ""},
    "response": {"type": "ok", "status_code": ["HTTP/1.1", 200, "OK"], "headers": {"A": "1"}, "body": "x"},
}


def test_exvcr() -> None:
    _, response = both(cassette_of(json.dumps([EXVCR])).interaction(0))
    assert (response.status, response.reason, response.protocol) == (200, "OK", "HTTP/1.1")
    failed = {**EXVCR, "response": {"type": "error", "body": "nxdomain", "status_code": None, "headers": []}}
    interaction = cassette_of(json.dumps([failed])).interaction(0)
    assert interaction.response is None
    assert "nxdomain" in interaction.note


REQUEST = b"POST https://x.test/a HTTP/1.1\r\nHost: x.test\r\nA: 1\nB: 2\r\n\r\n{}"
RESPONSE = b"HTTP/2.0 200 OK\r\nContent-Type: text/plain\r\n\r\nabc"
CHUNKED = b"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"


def trace(*records: tuple[bytes, bytes]) -> bytes:
    parts = [b"%d %d\n%s%s" % (len(asked), len(answered), asked, answered) for asked, answered in records]
    return b"httprr trace v1\n" + b"".join(parts)


def test_httprr() -> None:
    data = trace((REQUEST, RESPONSE), (REQUEST, CHUNKED), (b"\xff\xfe", b""))
    cassette = cassette_of(data)
    assert len(cassette) == 3
    assert cassette.to_bytes() == data
    request, response = both(cassette.interaction(0))
    assert (request.method, request.url, request.body.raw) == ("POST", "https://x.test/a", b"{}")
    assert [header.name for header in request.headers] == ["Host", "A", "B"]
    assert (response.status, response.reason, response.body.raw) == (200, "OK", b"abc")
    _, chunked = both(cassette.interaction(1))
    assert (chunked.status, chunked.reason, chunked.body.raw) == (404, "Not Found", b"abcde")
    assert cassette.interaction(2).note


RVCR = json.dumps({
    "http_interactions": [{"request": {"method": "get", "uri": "u", "body": {"string": ""}, "headers": {}}}],
    "recorded_with": "rVCR 0.1.0",
})  # fmt: skip


@pytest.mark.parametrize("text", [PHP, json.dumps([EXVCR]), RVCR, trace((REQUEST, RESPONSE))])
def test_edits_say_why_not(text: str | bytes) -> None:
    cassette = cassette_of(text)
    assert cassette.format.read_only
    for edit in (SetUrl(0, "v"), DeleteInteractions((0,))):
        with pytest.raises(EditError, match="read-only"):
            edit.exchange(cassette)
