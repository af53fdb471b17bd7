"""HAR and Polly.js: codings of the text, sizes, events, forms, headers."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from tests.cassette.formats.helpers import both, cassette_of, edited, loaded
from viewer.cassette.edits import AddHeader, RemoveHeader, SetBodyContent, SetBodyText, SetHeader
from viewer.cassette.formats.base import Side
from viewer.cassette.model import EditError


def har(
    content: dict[str, Any], *, polly: bool = False, request: dict[str, Any] | None = None, **more: Any
) -> str:
    body_size = more.pop("bodySize", -1)
    headers = more.pop("headers", [])
    entry = {
        **({"_id": "a" * 32, "_order": 0} if polly else {}),
        "startedDateTime": "2024-01-01T00:00:00.000Z",
        "time": 1500,
        "request": {"method": "POST", "url": "u", "headers": [], "bodySize": 0, **(request or {})},
        "response": {
            "status": 200, "statusText": "OK", "httpVersion": "HTTP/1.1", "headers": headers, "content": content,
            "bodySize": body_size,
        },
        **more,
    }  # fmt: skip
    return json.dumps({"log": {"version": "1.2", "entries": [entry]}}, indent=2)


def test_an_entry() -> None:
    interaction = cassette_of(har({"mimeType": "text/plain", "text": "é"})).interaction(0)
    _, response = both(interaction)
    assert (response.status, response.reason, response.protocol) == (200, "OK", "HTTP/1.1")
    assert (interaction.duration, interaction.recorded_at) == (1.5, "2024-01-01T00:00:00.000Z")
    assert response.body.raw == "é".encode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"size": 3, "bodySize": 3}, {"size": 5, "bodySize": 5}),
        ({"size": 3, "bodySize": -1}, {"size": 5, "bodySize": -1}),
        ({"size": 3, "bodySize": 2, "compression": 1}, {"size": 5, "bodySize": 2, "compression": 3}),
        ({"size": 9, "bodySize": 9}, {"size": 9, "bodySize": 9}),
    ],
)
def test_sizes_that_were_right_follow(before: dict[str, int], after: dict[str, int]) -> None:
    sizes = {key: value for key, value in before.items() if key != "bodySize"}
    text = har({**sizes, "mimeType": "text/plain", "text": "abc"}, bodySize=before["bodySize"])
    response = loaded(edited(text, SetBodyText(0, Side.RESPONSE, "abcde")))["response"]
    assert {**response["content"], "bodySize": response["bodySize"]} == {
        **after, "mimeType": "text/plain", "text": "abcde",
    }  # fmt: skip


def test_base64() -> None:
    text = har({"encoding": "base64", "text": base64.b64encode(b"\xff\xfe").decode(), "size": 2})
    body = both(cassette_of(text).interaction(0))[1].body
    assert (body.raw, body.recorded_as) == (b"\xff\xfe", "base64")
    content = loaded(edited(text, SetBodyContent(0, Side.RESPONSE, b"\xff\xfe\xfd")))["response"]["content"]
    assert content == {"encoding": "base64", "text": "//79", "size": 3}


def test_plain_text_that_claims_to_be_base64() -> None:
    text = har({"encoding": "base64", "text": '{"a": 1}'}, polly=True)
    body = both(cassette_of(text).interaction(0))[1].body
    assert (body.raw, body.recorded_as) == (b'{"a": 1}', "text")
    content = loaded(edited(text, SetBodyText(0, Side.RESPONSE, '{"a": 2}')))["response"]["content"]
    assert content == {"encoding": "base64", "text": '{"a": 2}'}


def test_text_that_becomes_binary() -> None:
    text = har({"mimeType": "text/plain", "text": "abc"})
    content = loaded(edited(text, SetBodyContent(0, Side.RESPONSE, b"\xff")))["response"]["content"]
    assert content == {"mimeType": "text/plain", "text": "/w==", "encoding": "base64"}
    for empty in ({}, {"mimeType": "x"}):
        content = loaded(edited(har(empty), SetBodyContent(0, Side.RESPONSE, b"\xff")))["response"]["content"]
        assert content == {**empty, "text": "/w==", "encoding": "base64"}


PACKED = gzip.compress(b'{"a": 1}', mtime=0)


@pytest.mark.parametrize("coding", ["hex", "base64"])
@pytest.mark.parametrize("claim", [{"encoding": "base64"}, {"_isBinary": True}, {}])
def test_pollys_chunks(coding: str, claim: dict[str, Any]) -> None:
    parts = [PACKED[:12], PACKED[12:]]
    chunks = [part.hex() if coding == "hex" else base64.b64encode(part).decode() for part in parts]
    array = json.dumps(chunks, separators=(",", ":"))
    headers = [{"name": "content-encoding", "value": "gzip"}]
    text = har({**claim, "text": array, "size": len(array)}, polly=True, headers=headers)
    body = both(cassette_of(text).interaction(0))[1].body
    assert (body.raw, body.text, body.codings) == (PACKED, '{"a": 1}', ("gzip",))
    assert body.recorded_as == f"{coding} in chunks"
    response = loaded(edited(text, SetBodyText(0, Side.RESPONSE, '{"a": 22}')))["response"]
    new = json.loads(response["content"]["text"])
    decode = bytes.fromhex if coding == "hex" else base64.b64decode
    assert gzip.decompress(b"".join(map(decode, new))) == b'{"a": 22}'
    assert response["content"]["size"] == len(response["content"]["text"])


def test_a_json_array_of_strings_is_no_chunks() -> None:
    text = har(
        {"text": '["abcd", "ef01"]'}, polly=True, headers=[{"name": "content-encoding", "value": "gzip"}]
    )
    assert both(cassette_of(text).interaction(0))[1].body.raw == b'["abcd", "ef01"]'


def test_a_tree_beside_the_text_follows() -> None:
    posted = {"mimeType": "application/json", "text": '{"a":1}', "textJSON": {"a": 1}}
    text = har({}, request={"postData": posted, "bodySize": 7}, polly=True)
    request = loaded(edited(text, SetBodyText(0, Side.REQUEST, '{"a":22}')))["request"]
    assert request["postData"] == {"mimeType": "application/json", "text": '{"a":22}', "textJSON": {"a": 22}}
    assert request["bodySize"] == 8


def test_forms() -> None:
    fields = [{"name": "a", "value": "1 2"}, {"name": "b", "value": "é"}]
    posted = {"mimeType": "application/x-www-form-urlencoded", "params": fields}
    text = har({}, request={"postData": posted})
    assert both(cassette_of(text).interaction(0))[0].body.raw == b"a=1+2&b=%C3%A9"
    with pytest.raises(EditError, match="form fields"):
        SetBodyText(0, Side.REQUEST, "a=1").exchange(cassette_of(text))


def test_a_request_without_a_body_gets_one() -> None:
    request = loaded(edited(har({}), SetBodyText(0, Side.REQUEST, "x")))["request"]
    assert request["postData"] == {"mimeType": "text/plain", "text": "x"}


def test_headers() -> None:
    text = har({}, headers=[{"name": "A", "value": "1"}, {"name": "B", "value": ["2", "3"]}])
    _, response = both(cassette_of(text).interaction(0))
    assert [(header.name, header.value) for header in response.headers] == [
        ("A", "1"),
        ("B", "2"),
        ("B", "3"),
    ]
    added = loaded(edited(text, AddHeader(0, Side.RESPONSE, "C", "4")))["response"]["headers"]
    assert added[-1] == {"name": "C", "value": "4"}
    assert loaded(edited(text, AddHeader(0, Side.REQUEST, "C", "4")))["request"]["headers"] == [added[-1]]
    assert loaded(edited(text, SetHeader(0, Side.RESPONSE, 2, "B", "x")))["response"]["headers"][1][
        "value"
    ] == ["2", "x"]
    assert loaded(edited(text, RemoveHeader(0, Side.RESPONSE, 1)))["response"]["headers"][1]["value"] == ["3"]
    assert len(loaded(edited(text, RemoveHeader(0, Side.RESPONSE, 0)))["response"]["headers"]) == 1


EVENTS = [
    {"time": 1704067200.5, "eventName": "message", "eventId": "", "data": '{"a":1}'},
    {"time": 1704067201.25, "eventName": "done", "eventId": "7", "data": "x\ny"},
]
STREAM = 'data: {"a":1}\n\nevent: done\nid: 7\ndata: x\ndata: y\n\n'


@pytest.mark.parametrize("content", [{}, {"text": STREAM}])
def test_events_give_the_stream_and_its_times(content: dict[str, str]) -> None:
    text = har({"mimeType": "text/event-stream", **content}, _eventSourceMessages=EVENTS)
    interaction = cassette_of(text).interaction(0)
    _, response = both(interaction)
    assert response.body.text == STREAM
    assert [(time.offset, time.seconds) for time in interaction.chunk_times] == [
        (15, 0.5),
        (len(STREAM), 1.25),
    ]
    if not content:
        with pytest.raises(EditError, match="single events"):
            SetBodyText(0, Side.RESPONSE, "x").exchange(cassette_of(text))


SAID = [
    {"type": "send", "time": 1704067200.1, "opcode": 1, "data": '{"type":"response.create"}'},
    {"type": "receive", "time": 1704067200.5, "opcode": 1, "data": '{"type":"session.created"}'},
    {
        "type": "receive",
        "time": 1704067201.0,
        "opcode": 1,
        "data": '{"type":"response.text.delta","delta":"é"}\n',
    },
]


def test_what_a_websocket_received_is_the_answer() -> None:
    """A line a message, with the recorded times; what was sent is no part of it, and none of it is edited."""
    cassette = cassette_of(har({}, _webSocketMessages=SAID))
    interaction = cassette.interaction(0)
    _, response = both(interaction)
    first, second = '{"type":"session.created"}\n', '{"type":"response.text.delta","delta":"é"}\n'
    assert response.body.text == first + second
    assert [(time.offset, time.seconds) for time in interaction.chunk_times] == [
        (len(first), 0.5),
        (len((first + second).encode()), 1.0),
    ]
    assert "what was sent" in interaction.note
    with pytest.raises(EditError, match="single events"):
        SetBodyText(0, Side.RESPONSE, "x").exchange(cassette)


def test_a_websocket_that_received_nothing_is_noted() -> None:
    interaction = cassette_of(har({}, _webSocketMessages=SAID[:1])).interaction(0)
    assert "WebSocket" in interaction.note
    assert both(interaction)[1].body.is_absent


POLLY_YAML = """log:
  _recordingName: x
  entries:
    - _id: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
      _order: 0
      request:
        headers:
          - name: a
            value: '1'
        method: GET
        url: u
      response:
        content:
          size: 3
          text: abc
        headers: []
        status: 200
        statusText: OK
  version: '1.2'
"""


def test_polly_in_yaml() -> None:
    cassette = cassette_of(POLLY_YAML)
    interaction = cassette.interaction(0)
    assert (cassette.format.name, interaction.recorded_id) == ("Polly.js", "a" * 32)
    content = loaded(edited(POLLY_YAML, SetBodyText(0, Side.RESPONSE, "abcde")))["response"]["content"]
    assert content == {"size": 5, "text": "abcde"}
    added = loaded(edited(POLLY_YAML, AddHeader(0, Side.REQUEST, "b", "2")))["request"]["headers"]
    assert added[-1] == {"name": "b", "value": "2"}
