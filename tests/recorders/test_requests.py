"""After an edit of a request the recorder answers the request as it is now, and no longer the old one."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace

import pytest

from tests.recorders.conftest import NewTake
from tests.recorders.roster import Recorder
from tests.recorders.server import CHAT, EMPTY, FORM, PAGE_1, PLAIN, SCRIPT
from tests.recorders.take import Take
from viewer.cassette.edits import (
    AddHeader,
    RemoveHeader,
    SetBodyContent,
    SetBodyText,
    SetHeader,
    SetMethod,
    SetUrl,
)
from viewer.cassette.formats.base import Side

REQUEST = Side.REQUEST


def test_unedited_tape_replays_what_the_server_sent(take: Take) -> None:
    """Without this the other tests could compare errors with errors."""
    for scene, answer in zip(SCRIPT, take.answers, strict=False):
        assert not answer.error
        assert answer.status == scene.status
        assert answer.content == _plain(scene.body)
        assert answer.reason or not take.recorder.tells_reason
    take.check()


def _plain(body: bytes) -> bytes:
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_method(take: Take, method: str) -> None:
    old = take.calls[PLAIN]
    take.apply(SetMethod(take.position(PLAIN), method))
    take.expect_call(PLAIN, method=method)
    take.check()
    if take.recorder.finds_by_request:
        take.refuses(old)


# In the spelling that WebMock gives a URL before VCR compares it: the query in order, each name once.
@pytest.mark.parametrize(
    "rest",
    [
        "/edited",
        "/v1/models",
        "/v1/models?limit=20",
        "/edited?empty=&q=a%20b&u=%C3%A9",
        "/v1/a:b/c,d;e(f)'g'!*?x=1,2&yes=no",
    ],
)
@pytest.mark.parametrize("at", [PAGE_1, CHAT, FORM], ids=["GET", "POST", "form"])
def test_url(take: Take, at: int, rest: str) -> None:
    old, new = take.calls[at], take.address(at) + rest
    take.apply(SetUrl(take.position(at), new))
    take.expect_call(at, url=new)
    take.check()
    if take.recorder.finds_by_request and at != PAGE_1:
        take.refuses(old)


def test_url_of_another_host(take: Take) -> None:
    """go-vcr v4 compares the recorded host too."""
    new = "https://api.example.com:8443/v1/models?limit=1"
    take.apply(SetUrl(take.position(CHAT), new))
    take.expect_call(CHAT, url=new)
    take.check()


# Values that YAML 1.1, 1.2 or a loader of its own would read as something else than text.
VALUES = ("text/plain; q=0.5", "yes", "12:30:45", "0123", "1_000", "~", "2024-01-01", "\"a\": 'b' #c")


@pytest.mark.parametrize("value", VALUES)
def test_header_value(take: Take, value: str) -> None:
    index = take.header_index(PAGE_1, REQUEST, "Accept")
    name = take.headers(PAGE_1, REQUEST).items[index].name
    old = take.calls[PAGE_1].headers
    take.apply(SetHeader(take.position(PAGE_1), REQUEST, index, name, value))
    take.expect_call(PAGE_1, headers=(("Accept", value), *old[1:]))
    take.check()


def test_header_name(take: Take) -> None:
    index = take.header_index(CHAT, REQUEST, "Authorization")
    value = take.headers(CHAT, REQUEST).items[index].value
    take.apply(SetHeader(take.position(CHAT), REQUEST, index, "X-Api-Key", value))
    headers = take.calls[CHAT].headers
    take.expect_call(CHAT, headers=(*headers[:1], ("X-Api-Key", value)))
    take.check()


@pytest.mark.parametrize("name", ["X-New", "x-new"])
def test_added_header(take: Take, name: str) -> None:
    take.apply(AddHeader(take.position(CHAT), REQUEST, name, "a: 'b'"))
    take.expect_call(CHAT, headers=(*take.calls[CHAT].headers, (name, "a: 'b'")))
    take.check()


def test_first_header(take: Take) -> None:
    """A request that was recorded without headers of its own gets one."""
    take.apply(AddHeader(take.position(EMPTY), REQUEST, "X-First", "1"))
    take.expect_call(EMPTY, headers=(("X-First", "1"),))
    take.check()


def test_removed_header(take: Take) -> None:
    index = take.header_index(CHAT, REQUEST, "Authorization")
    take.apply(RemoveHeader(take.position(CHAT), REQUEST, index))
    take.expect_call(CHAT, headers=take.calls[CHAT].headers[:1])
    take.check()


def test_all_headers_removed(take: Take) -> None:
    """The last header to go leaves a mapping that the recorder still takes for headers."""
    names = {name.lower() for name, _ in take.calls[PAGE_1].headers}
    for index in reversed(range(len(take.headers(PAGE_1, REQUEST)))):
        if take.headers(PAGE_1, REQUEST).items[index].name.lower() in names:
            take.apply(RemoveHeader(take.position(PAGE_1), REQUEST, index))
    take.expect_call(PAGE_1, headers=())
    take.check()


def test_json_body(take: Take) -> None:
    old = take.calls[CHAT]
    text = json.dumps({"model": "other", "messages": [{"role": "user", "content": "longer\n than é 👋"}]})
    take.apply(SetBodyText(take.position(CHAT), REQUEST, text))
    take.expect_call(CHAT, body=text.encode())
    take.check()
    if take.recorder.strict:
        take.refuses(old)


@pytest.mark.parametrize("body", [b"grant=code&scope=b&scope=c+d&new=%26", b"x=", b""])
def test_form_body(take: Take, body: bytes) -> None:
    """go-vcr keeps the form beside the body, with the query's fields in it."""
    take.apply(SetBodyText(take.position(FORM), REQUEST, body.decode()))
    take.expect_call(FORM, body=body)
    take.check()


def test_form_body_with_another_query(take: Take) -> None:
    url = take.address(FORM) + "/token?more=1&scope=some"
    take.apply(SetBodyText(take.position(FORM), REQUEST, "grant=2"))
    take.apply(SetUrl(take.position(FORM), url))
    take.expect_call(FORM, body=b"grant=2", url=url)
    take.check()


TEXTS = (
    "x", "yes", "~", "12:30:45", "1_000", "  leading\n", "trailing \n\n\n", "tab\there", "é 日本 😀",
    "- a\n- b\n", "---\n...\n", "# c", "key: value", '{"a": "b"}', "\"'\\", "a\r\nb\r\n", "word " * 60,
    "\u0085 \u2028 \ufeff", "\x07\x7f",
)  # fmt: skip


def texts_for(recorder: Recorder) -> tuple[str, ...]:
    """The texts, or a few of them."""
    return TEXTS[::4] if recorder.slow else TEXTS


def test_any_text_as_a_body(new_take: NewTake, recorder: Recorder) -> None:
    for text in texts_for(recorder):
        take = new_take()
        take.ask_only(PLAIN)
        take.apply(SetBodyText(take.position(PLAIN), REQUEST, text))
        take.expect_call(PLAIN, body=text.encode())
        take.check()


def test_body_where_there_was_none(take: Take) -> None:
    take.apply(SetMethod(take.position(PAGE_1), "POST"))
    take.apply(SetBodyContent(take.position(PAGE_1), REQUEST, b"new body"))
    take.expect_call(PAGE_1, method="POST", body=b"new body")
    if "content-length" in {header.name.lower() for header in take.request(PLAIN).headers}:
        # This recorder notes the headers that requests adds by itself.
        take.apply(AddHeader(take.position(PAGE_1), REQUEST, "Content-Length", "8"))
    take.check()


def test_body_emptied(take: Take) -> None:
    take.apply(SetBodyText(take.position(PLAIN), REQUEST, ""))
    take.expect_call(PLAIN, body=b"")
    take.check()


def test_everything_of_a_request(take: Take) -> None:
    url = take.address(PLAIN) + "/all?of=it"
    position = take.position(PLAIN)
    take.apply(SetMethod(position, "POST"))
    take.apply(SetUrl(position, url))
    take.apply(SetBodyText(position, REQUEST, "third\n"))
    take.apply(AddHeader(position, REQUEST, "X-All", "1"))
    old = take.calls[PLAIN]
    take.expect_call(PLAIN, method="POST", url=url, headers=(*old.headers, ("X-All", "1")), body=b"third\n")
    take.check()
    if take.recorder.finds_by_request:
        take.refuses(old, replace(take.calls[PLAIN], method="PUT"))
