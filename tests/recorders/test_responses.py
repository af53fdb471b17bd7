"""After an edit of a response the recorder gives the edited one, to the same request."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.recorders.conftest import NewTake
from tests.recorders.roster import Recorder
from tests.recorders.server import BYTES, CHAT, EMPTY, FORM, GZIP, PAGE_1, PLAIN
from tests.recorders.take import Take
from tests.recorders.test_requests import VALUES, texts_for
from viewer.cassette.edits import (
    AddHeader,
    RemoveHeader,
    SetBodyContent,
    SetBodyText,
    SetHeader,
    SetStatus,
)
from viewer.cassette.formats.base import Side

RESPONSE = Side.RESPONSE


@pytest.mark.parametrize("code", [201, 404, 429, 503])
def test_status(take: Take, code: int) -> None:
    take.apply(SetStatus(take.position(CHAT), code))
    take.expect_status(CHAT, code)
    take.check()


@pytest.mark.parametrize("reason", ["Odd: it is", "yes", "200"])
def test_status_with_a_reason(take: Take, reason: str) -> None:
    take.apply(SetStatus(take.position(PAGE_1), 299, reason))
    take.expect_status(PAGE_1, 299, reason)
    take.check()


@pytest.mark.parametrize("value", VALUES)
def test_header_value(take: Take, value: str) -> None:
    index = take.header_index(PAGE_1, RESPONSE, "X-Request-Id")
    name = take.headers(PAGE_1, RESPONSE).items[index].name
    take.apply(SetHeader(take.position(PAGE_1), RESPONSE, index, name, value))
    answer = take.answers[PAGE_1]
    take.answers[PAGE_1] = answer.without_header("x-request-id").with_header("x-request-id", value)
    take.check()


def test_one_of_two_values(take: Take) -> None:
    index = take.header_index(PAGE_1, RESPONSE, "Set-Cookie", "b=2")
    name = take.headers(PAGE_1, RESPONSE).items[index].name
    take.apply(SetHeader(take.position(PAGE_1), RESPONSE, index, name, "b=3; Path=/x"))
    answer = take.answers[PAGE_1]
    take.answers[PAGE_1] = answer.without_header("set-cookie", "b=2").with_header(
        "set-cookie", "b=3; Path=/x"
    )
    take.check()


def test_one_of_two_values_removed(take: Take) -> None:
    index = take.header_index(PAGE_1, RESPONSE, "Set-Cookie", "a=1; Path=/")
    take.apply(RemoveHeader(take.position(PAGE_1), RESPONSE, index))
    take.answers[PAGE_1] = take.answers[PAGE_1].without_header("set-cookie", "a=1; Path=/")
    take.check()


def test_added_headers(take: Take) -> None:
    take.apply(AddHeader(take.position(FORM), RESPONSE, "x-new", "a: 'b'"))
    take.apply(AddHeader(take.position(FORM), RESPONSE, "Retry-After", "20"))
    take.answers[FORM] = take.answers[FORM].with_header("x-new", "a: 'b'").with_header("retry-after", "20")
    take.check()


def test_second_value(take: Take) -> None:
    name = take.headers(PAGE_1, RESPONSE).items[take.header_index(PAGE_1, RESPONSE, "Set-Cookie")].name
    take.apply(AddHeader(take.position(PAGE_1), RESPONSE, name, "c=3"))
    take.answers[PAGE_1] = take.answers[PAGE_1].with_header("set-cookie", "c=3")
    take.check()


def test_removed_header(take: Take) -> None:
    index = take.header_index(FORM, RESPONSE, "X-Odd")
    take.apply(RemoveHeader(take.position(FORM), RESPONSE, index))
    take.answers[FORM] = take.answers[FORM].without_header("x-odd")
    take.check()


def test_all_headers_removed(take: Take) -> None:
    if take.recorder.name == "R vcr":
        pytest.skip("webmockr 0.8 fails on every response without headers")
    for index in reversed(range(len(take.headers(EMPTY, RESPONSE)))):
        take.apply(RemoveHeader(take.position(EMPTY), RESPONSE, index))
    take.answers[EMPTY] = replace(take.answers[EMPTY], headers=())
    take.check()


def test_json_body(take: Take) -> None:
    text = json.dumps({"data": ["c", "é 👋"], "has_more": None, "n": 1.5})
    take.apply(SetBodyText(take.position(PAGE_1), RESPONSE, text))
    take.expect_body(PAGE_1, text.encode())
    take.check()


def test_one_word_of_a_stream(take: Take) -> None:
    text = take.response(CHAT).body.text
    assert text is not None
    text = text.replace("Hel", "“Hé”")
    take.apply(SetBodyText(take.position(CHAT), RESPONSE, text))
    take.expect_body(CHAT, text.encode())
    take.check()


@pytest.mark.parametrize("text", ["", "\n", "data: [DONE]\r\n\r\n", ": only a comment\n\n"])
def test_another_stream(take: Take, text: str) -> None:
    take.apply(SetBodyText(take.position(CHAT), RESPONSE, text))
    take.expect_body(CHAT, text.encode())
    take.check()


def test_any_text_as_a_body(new_take: NewTake, recorder: Recorder) -> None:
    for text in texts_for(recorder):
        take = new_take()
        take.ask_only(PLAIN)
        take.apply(SetBodyText(take.position(PLAIN), RESPONSE, text))
        take.expect_body(PLAIN, text.encode())
        take.check()


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=40))
def test_drawn_text_as_a_body(new_take: NewTake, text: str) -> None:
    take = new_take()
    if take.recorder.slow:
        pytest.skip("this recorder takes long for each")
    take.ask_only(PLAIN)
    take.apply(SetBodyText(take.position(PLAIN), RESPONSE, text))
    take.expect_body(PLAIN, text.encode())
    take.check()


def test_body_of_a_response_without_one(take: Take) -> None:
    take.apply(SetStatus(take.position(EMPTY), 200))
    take.apply(SetBodyText(take.position(EMPTY), RESPONSE, "deleted\n"))
    take.expect_status(EMPTY, 200)
    take.expect_body(EMPTY, b"deleted\n")
    take.check()


def test_compressed_body_stays_compressed(take: Take) -> None:
    if take.recorder.scenes <= GZIP:
        pytest.skip("this recorder does not record compressed bodies")
    text = json.dumps({"data": ["é", 1]})
    take.apply(SetBodyText(take.position(GZIP), RESPONSE, text))
    answer = take.replayed(take.calls)[GZIP]
    assert answer.content == text.encode()
    assert answer.body.startswith(b"\x1f\x8b") == take.answers[GZIP].body.startswith(b"\x1f\x8b")
    assert answer.header("content-encoding") == take.answers[GZIP].header("content-encoding")
    if take.answers[GZIP].header("content-length") == str(len(take.answers[GZIP].body)):
        assert answer.header("content-length") == str(len(answer.body))
    take.count()


def test_compressed_body_stored_plain(take: Take) -> None:
    if take.recorder.scenes <= GZIP:
        pytest.skip("this recorder does not record compressed bodies")
    text = json.dumps({"data": ["é", 1]})
    take.apply(SetBodyText(take.position(GZIP), RESPONSE, text, keep_codings=False))
    answer = take.replayed(take.calls)[GZIP]
    assert answer.body == text.encode()
    assert not answer.header("content-encoding")
    take.count()


@pytest.mark.parametrize(
    "content", [b"\xff\x00\x80", bytes(range(128, 256)) + bytes(range(128)), b"now it is text\n", b""]
)
def test_bytes(take: Take, content: bytes) -> None:
    if take.recorder.scenes <= BYTES:
        pytest.skip("this recorder does not record bytes that are no text")
    take.apply(SetBodyContent(take.position(BYTES), RESPONSE, content))
    take.expect_body(BYTES, content)
    take.check()


def test_everything_of_a_response(take: Take) -> None:
    position = take.position(PLAIN)
    take.apply(SetStatus(position, 200))
    take.apply(SetBodyText(position, RESPONSE, "found\n\n"))
    take.apply(AddHeader(position, RESPONSE, "X-All", "1"))
    take.expect_status(PLAIN, 200)
    take.expect_body(PLAIN, b"found\n\n")
    take.answers[PLAIN] = take.answers[PLAIN].with_header("x-all", "1")
    take.check()
