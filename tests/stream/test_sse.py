"""Server-sent events: the cases are named after the WHATWG specification's examples and rules (9.2.6)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stream.cuts import by_bytes, cut_anywhere, fed
from viewer.stream.event import Event, EventKind
from viewer.stream.sse import SseDecoder, decode

_PIECES = st.sampled_from(
    [
        b"data: ",
        b"data",
        b"event: x",
        b": c",
        b"id: 1",
        b"\n",
        b"\r",
        b"\r\n",
        b"\n\n",
        b"\xef\xbb\xbf",
        b"\xc3",
        b"\xa1",
        b" ",
        b"a",
        b":",
        b"retry: 10",
        b"\x00",
        b"data: {}\n\n",
    ]
)
_BODIES = st.lists(_PIECES, max_size=30).map(b"".join)


def dispatched(body: bytes) -> list[tuple[str, str, str]]:
    """(type, data, last event id) of what a browser would dispatch."""
    last, found = "", []
    for event in decode(body):
        last = event.id or last
        if event.kind is EventKind.MESSAGE and event.is_complete:
            found.append((event.type, event.data, last))
    return found


def test_example_of_stock_ticker() -> None:
    """Three data lines make one event of three lines."""
    assert dispatched(b"data: YHOO\ndata: +2\ndata: 10\n\n") == [("message", "YHOO\n+2\n10", "")]


def test_example_of_four_blocks() -> None:
    """A comment, an event with an id, one whose id is reset, and one that is not ended."""
    body = b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event"
    assert [data for _, data, _ in dispatched(body)] == ["first event", "second event"]
    first, _, _, last = decode(body)
    assert (first.kind, first.comment) == (EventKind.COMMENT, "test stream")
    assert (last.data, last.is_complete) == (" third event", False)


def test_example_of_empty_data() -> None:
    """`data` without a colon is an empty line of data; an unterminated one is kept, but incomplete."""
    body = b"data\n\ndata\ndata\n\ndata:"
    assert [data for _, data, _ in dispatched(body)] == ["", "\n"]
    assert [event.is_complete for event in decode(body)] == [True, True, False]


def test_example_of_one_leading_space() -> None:
    """One space behind the colon is removed, and only one."""
    assert dispatched(b"data:test\n\ndata: test\n\ndata:  test\n\n") == [
        ("message", "test", ""),
        ("message", "test", ""),
        ("message", " test", ""),
    ]


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_each_line_end(end: bytes) -> None:
    """LF, CR and CRLF end lines alike, and spans reach behind the blank line."""
    body = end.join([b"event: add", b"data: 1", b"", b"data: 2", b"", b""])
    first, second = decode(body)
    assert (first.name, first.data, second.data) == ("add", "1", "2")
    assert (first.start, first.end, second.end) == (0, second.start, len(body))


def test_mixed_line_ends() -> None:
    """One body may mix them; a CRLF is one line end, never two."""
    body = b"data: a\r\ndata: b\rdata: c\n\r\ndata: d\n\ndata: e\r\r"
    assert [event.data for event in decode(body)] == ["a\nb\nc", "d", "e"]


def test_byte_order_mark() -> None:
    """One BOM at the beginning is skipped; a second one makes an unknown field."""
    assert dispatched(b"\xef\xbb\xbfdata: x\n\n") == [("message", "x", "")]
    assert decode(b"\xef\xbb\xbfdata: x\n\n")[0].start == 3
    assert dispatched(b"\xef\xbb\xbf\xef\xbb\xbfdata: x\n\n") == []


def test_null_in_id() -> None:
    """An id with a NULL is ignored."""
    assert dispatched(b"id: a\0b\ndata: x\n\n") == [("message", "x", "")]


def test_retry() -> None:
    """Only ASCII digits are a retry time."""
    body = "retry: 1500\n\nretry: 15s\n\nretry: ١٢\n\n".encode()
    assert [event.retry for event in decode(body)] == [1500, None, None]
    assert {event.kind for event in decode(body)} == {EventKind.FIELDS}


def test_unknown_fields_are_ignored_and_kept_in_the_span() -> None:
    """Field names are case-sensitive; a name without a colon is a field."""
    body = b"Data: no\nfoo\nfoo: bar\ndata: yes\n\n"
    assert dispatched(body) == [("message", "yes", "")]
    assert decode(body)[0].end == len(body)


def test_comments_inside_an_event() -> None:
    """They stay with their event."""
    (event,) = decode(b": one\ndata: x\n:two\n\n")
    assert (event.kind, event.data, event.comment) == (EventKind.MESSAGE, "x", "one\ntwo")


def test_openrouter_comments() -> None:
    """Keep-alives before the first chunk are events of their own."""
    body = b": OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\ndata: {}\n\n"
    kinds = [event.kind for event in decode(body)]
    assert kinds == [EventKind.COMMENT, EventKind.COMMENT, EventKind.MESSAGE]


def test_invalid_utf8_is_replaced() -> None:
    """Bad bytes show as U+FFFD and leave the rest of the event alone."""
    assert decode(b"data: a\xffb\n\n")[0].data == "a\ufffdb"


def test_surplus_blank_lines_belong_to_no_event() -> None:
    """Empty lines before, between and after events."""
    events = decode(b"\n\n\ndata: a\n\n\n\n\ndata: b\n\n\n\n")
    assert [(event.start, event.end) for event in events] == [(3, 12), (15, 24)]


@given(cut_anywhere(_BODIES))
def test_cut_anywhere(body_and_pieces: tuple[bytes, list[bytes]]) -> None:
    """Whole, byte by byte and cut at random, the events are the same."""
    body, pieces = body_and_pieces
    whole = decode(body)
    assert fed(SseDecoder, pieces) == whole
    assert fed(SseDecoder, by_bytes(body)) == whole


@given(_BODIES)
def test_events_equal_a_plain_reading_of_the_rules(body: bytes) -> None:
    """What browsers dispatch, by the specification's line-by-line algorithm."""
    assert dispatched(body) == list(_by_the_rules(body))


def _by_the_rules(body: bytes) -> list[tuple[str, str, str]]:
    text = body.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:-1]
    data: list[str] = []
    kind = last = ""
    found = []
    for line in lines:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if data:
                found.append((kind or "message", "\n".join(data), last))
            data, kind = [], ""
        elif name == "data":
            data.append(value)
        elif name == "event":
            kind = value
        elif name == "id" and "\0" not in value and value:
            last = value
    return found


def test_a_long_event_in_small_pieces_takes_linear_time() -> None:
    """A megabyte without a blank line, fed in hundreds of bytes, is searched once."""
    body = b"data: " + b"x" * 1_000_000
    pieces = [body[place : place + 200] for place in range(0, len(body), 200)]
    (event,) = fed(SseDecoder, pieces)
    assert isinstance(event, Event)
    assert len(event.data) == 1_000_000
