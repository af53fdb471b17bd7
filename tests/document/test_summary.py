"""What a row says about an interaction, and how its figures are written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cassette.samples import GO_VCR_V2
from tests.document.cassettes import cassette_of
from tests.ui.samples import interaction_of
from viewer.cassette.body import Body
from viewer.cassette.cassette import Cassette, read_interaction
from viewer.cassette.headers import Headers
from viewer.cassette.model import CassetteError, Interaction, Kind, Request
from viewer.document import summary
from viewer.document.row_text import duration_text, kind_text, second_line, short_path, size_text, spoken
from viewer.document.summary import Summary, model_of, split_url, summarise
from viewer.resources import resource


def test_the_example() -> None:
    cassette = cassette_of(resource("examples/say-hi-in-portuguese.yaml").read_text(encoding="utf-8"))
    row = summarise(cassette.interaction(0), cassette.size(0))
    assert row == Summary(
        0,
        method="POST",
        url="https://openrouter.ai/api/v1/chat/completions",
        status=200,
        reason="OK",
        model="moonshotai/kimi-k2-0905",
        duration=1.429727375,
        size=cassette.size(0),
        tokens=24,
        events=row.events,
        has_stream=True,
    )
    assert row.events >= 7
    assert (row.host, row.path) == ("openrouter.ai", "/api/v1/chat/completions")
    assert second_line(row) == f"kimi-k2-0905 · stream, {row.events} events · 24 tok"
    assert "POST" in spoken(row)


def test_no_stream_and_no_model() -> None:
    row = summarise(cassette_of(GO_VCR_V2).interaction(1), 640)
    assert (row.method, row.status, row.model, row.has_stream, row.events) == ("GET", 404, "", False, 0)
    assert second_line(row) == "api.example.com · 640 B"


def _request(url: str, body: str = "") -> Request:
    return Request("POST", url, Headers(), Body(body.encode()))


@pytest.mark.parametrize(
    ("url", "body", "model"),
    [
        ("https://a/v1/chat", '{"model":"gpt-5"}', "gpt-5"),
        ("https://a/v1/chat", ' {"model":"é"', ""),
        ("https://a/v1/chat", '{"model":5}', ""),
        ("https://a/v1/chat", "[]", ""),
        ("https://g/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse", "{}", "gemini-2.5-pro"),
        ("https://b/model/us.amazon.nova-lite-v1%3A0/converse", "{}", "us.amazon.nova-lite-v1:0"),
        ("https://z/openai/deployments/gpt-4o/chat/completions?api-version=1", '{"n":1}', "gpt-4o"),
        ("https://a/v1/models", "", ""),
    ],
)
def test_the_model_a_request_names(url: str, body: str, model: str) -> None:
    assert model_of(_request(url, body)) == model


def test_a_model_that_is_no_utf8_is_none() -> None:
    """It raised UnicodeDecodeError, and the row stayed empty."""
    request = Request("POST", "https://a/model/m/converse", Headers(), Body(b'{"model":"a\xff"}'))
    assert model_of(request) == "m"


@pytest.mark.parametrize(
    ("url", "host", "path"),
    [
        ("https://a.b:8080/c?d", "a.b:8080", "/c?d"),
        ("http://user:pw@a.b/c", "a.b", "/c"),
        ("//a.b/c", "a.b", "/c"),
        ("/only/path", "", "/only/path"),
        ("http://[::1", "[::1", ""),
        ("", "", ""),
    ],
)
def test_a_url_in_two(url: str, host: str, path: str) -> None:
    assert split_url(url) == (host, path)


@pytest.mark.parametrize(
    ("path", "short"),
    [
        ("/api/v1/chat/completions", "chat/completions"),
        ("/v1beta/models/gemini:generateContent", "models/gemini:generateContent"),
        ("/v1", "v1"),
        ("/", "/"),
        ("", "/"),
        ("/orgs/x?per_page=1", "orgs/x?per_page=1"),
    ],
)
def test_short_paths(path: str, short: str) -> None:
    assert short_path(path) == short


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, ""), (0.0, "0 ms"), (0.0123, "12 ms"), (1.4297, "1.43 s"), (12.34, "12.3 s"), (125, "2:05 min")],
)
def test_durations(seconds: float | None, text: str) -> None:
    assert duration_text(seconds) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (2900, "2.9 kB"), (18_400, "18 kB"), (1_500_000_000, "1.5 GB")],
)
def test_sizes(size: int, text: str) -> None:
    assert size_text(size) == text


def test_a_url_that_is_none_makes_a_row_too() -> None:
    interaction = Interaction(0, Kind.HTTP, _request("http://[::1/x", "{}"), None)
    assert summarise(interaction, 1).note == "no response"


def test_kinds() -> None:
    assert kind_text(Summary(0, has_stream=True, has_tool=True, events=3)) == "tool call"
    assert kind_text(Summary(0, has_stream=True, events=1)) == "stream, 1 event"
    assert kind_text(Summary(0, has_stream=True, note="rate limited")) == "rate limited"
    other = summarise(Interaction(4, Kind.GRPC, None, None, note="This entry is no HTTP."), 99)
    assert (other.kind, other.note, other.position) == (Kind.GRPC, "This entry is no HTTP.", 4)


def test_every_real_interaction_has_a_row(corpus: Path) -> None:
    """No URL, body or stream of the corpus stops a row from being made."""
    rows = 0
    for path in sorted(corpus.rglob("*.yaml")):
        try:
            cassette = Cassette.open(path)
        except CassetteError:
            continue
        for position in range(min(len(cassette), 2)):
            row = summarise(read_interaction(cassette, position), cassette.size(position))
            assert row.position == position
            assert row.method or row.note or row.kind is not Kind.HTTP or row.url == ""
            assert spoken(row)
            rows += 1
    assert rows > 100


def test_the_row_of_a_huge_stream_is_told_by_its_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """200,000 events were assembled for the row and for the panes at the same time."""
    chunk = {"model": "m", "choices": [{"index": 0, "delta": {"content": "word " * 9}}]}
    last = chunk | {"usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}}
    events = [json.dumps(chunk)] * 3000 + [json.dumps(last), "[DONE]"]
    body = "".join(f"data: {event}\n\n" for event in events)
    interaction = interaction_of(body)
    whole = summarise(interaction, 1)
    assert (whole.events, whole.tokens) == (3002, 7)
    monkeypatch.setattr(summary, "_HUGE", 1000)
    monkeypatch.setattr(summary, "_told", lambda reading: pytest.fail("it is assembled"))
    assert summarise(interaction, 1) == whole
