"""The way into the layer: first views, summaries, notes, and bodies that are not what they claim."""

from __future__ import annotations

import base64
import io
import json
import struct
import wave

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stream import samples
from tests.stream.samples import ANTHROPIC, CHAT, chat_chunk, reading, sse
from tests.stream.test_framing import message
from viewer.stream import read
from viewer.stream.event import Framing
from viewer.stream.resources import (
    Embeddings,
    ErrorMessage,
    Images,
    Listing,
    Moderation,
    Picture,
    Sound,
    View,
)
from viewer.stream.sound import Shape
from viewer.stream.transcript import PartKind

_OPENAI = "https://api.openai.com/v1"


def test_nothing_at_all() -> None:
    """An interaction without request and response is read, and says nothing."""
    found = read(None, None)
    assert (found.framing, found.view, found.events, found.notes) == (Framing.NONE, View.BODY, [], ())
    assert found.transcript.parts == ()
    assert found.conversation is None
    assert found.summary.tokens is None


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/embeddings", {"data": [{"embedding": [3.0, 4.0]}]}),
        (
            "/embeddings",
            {"data": [{"embedding": base64.b64encode(struct.pack("<2f", 3, 4)).decode()}], "model": "m"},
        ),
        ("/models/x:embedContent", {"embedding": {"values": [3, 4]}}),
        ("/models/x:batchEmbedContents", {"embeddings": [{"values": [3, 4]}]}),
        ("/models/x:predict", {"predictions": [{"embeddings": {"values": [3, 4]}}]}),
        ("/v2/embed", {"id": "1", "embeddings": {"float": [[3, 4]]}}),
        ("/api/embed", {"model": "m", "embeddings": [[3, 4]]}),
        ("/api/embeddings", {"embedding": [3, 4]}),
        ("/model/t/invoke", {"embedding": [3, 4], "inputTextTokenCount": 2}),
        ("/hf", [[3, 4]]),
    ],
)
def test_embeddings(path: str, body: object) -> None:
    """Length and norm of the vector, wherever an API puts it."""
    found = reading("https://x.example" + path, json.dumps(body).encode())
    assert found.view is View.EMBEDDINGS
    assert isinstance(found.value, Embeddings)
    (vector,) = found.value.vectors
    assert (vector.length, vector.norm, vector.first) == (2, 5.0, (3.0, 4.0))


_MANY = [{"id": str(number), "embedding": [3.0, 4.0]} for number in range(50)]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/embeddings", {"data": _MANY, "model": "m"}),
        ("/hf", [[3, 4]] * 50),
        ("/models", {"data": [{"id": f"m{number}"} for number in range(50)]}),
        (
            "/chat/completions",
            {"n": [0] * 99, "model": "m", "choices": [{"message": {"content": "word " * 50}}]},
        ),
        ("/chat/completions", [{"id": number} for number in range(99)]),
        ("/chat/completions", {"rows": [{"name": "x"}] * 99}),
    ],
)
def test_a_large_answer_is_read_as_a_small_one(
    path: str, body: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a large one, only how it begins is decoded until that says that it is more than a body."""

    def outcome() -> object:
        found = reading(_OPENAI + path, json.dumps(body).encode())
        found.read_ahead()
        return found.view, found.value, found.transcript, found.deltas

    expected = outcome()
    monkeypatch.setattr("viewer.stream.reading.LARGE", 100)
    monkeypatch.setattr("viewer.stream.payload._PART", 100)
    monkeypatch.setattr("viewer.stream.payload._FRONT", 200)
    assert outcome() == expected


def test_a_large_body_that_says_nothing_is_never_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten megabytes of rows, posted to a chat API's address, took a fifth of a second and much memory."""

    def decode(text: str) -> None:
        raise AssertionError("decoded as a whole")

    monkeypatch.setattr("viewer.stream.reading.decode", decode)
    body = json.dumps([{"id": number, "name": "x" * 50} for number in range(20_000)]).encode()
    found = reading(_OPENAI + "/chat/completions", body)
    found.read_ahead()
    assert found.view is View.BODY


@pytest.mark.parametrize(
    ("answer", "is_shared"),
    [
        ('{"a": "Olá"}'.encode(), True),
        (b'\xef\xbb\xbf{"a": "Ol\xc3\xa1"}', False),
        (b'{"a": "Ol\xc3\xa1 \xff"}', False),
        (b'{"a": "Ol\xe1"}', False),
    ],
)
def test_a_large_answer_shares_its_text_with_the_body(
    answer: bytes, is_shared: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = reading(_OPENAI, answer).events
    monkeypatch.setattr("viewer.stream.reading.LARGE", 1)
    large = reading(_OPENAI, answer)
    assert large.events == small
    assert large._response is not None
    assert (large.events[0].data is large._response.body.text) == is_shared


def test_images() -> None:
    """Inline and by URL, with the revised prompt; a picture as a body."""
    body = {"data": [{"b64_json": "AAAA", "revised_prompt": "A cat"}, {"url": "https://a.example/1.png"}]}
    found = reading(_OPENAI + "/images/generations", json.dumps(body).encode())
    assert found.view is View.IMAGES
    assert isinstance(found.value, Images)
    assert [(item.type, item.base64, item.url) for item in found.value.media] == [
        ("image/png", "AAAA", ""),
        ("image", "", "https://a.example/1.png"),
    ]
    assert found.value.captions == ("A cat",)
    png = b"\x89PNG\r\n\x1a\n" + bytes(40)
    picture = reading("https://a.example/1.png", png, kind="image/png")
    assert (picture.view, picture.value) == (View.IMAGES, Picture("image/png", png))


def test_sound() -> None:
    """The length of a WAV in seconds."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(8000))
    found = reading(_OPENAI + "/audio/speech", file.getvalue(), kind="audio/wav")
    assert found.view is View.SOUND
    assert isinstance(found.value, Sound)
    assert found.value.shape == Shape(0.5, 8000, 1)


def test_bare_samples_tell_their_rate_in_the_type() -> None:
    """Gemini's and OpenAI's PCM has no header."""
    found = reading(_OPENAI + "/audio/speech", bytes(32_000), kind="audio/L16;codec=pcm;rate=16000")
    assert isinstance(found.value, Sound)
    assert found.value.shape == Shape(1.0, 16_000, 1)


def test_moderation() -> None:
    """Each input's verdict with the scores of its categories."""
    result = {"flagged": True, "categories": {"hate": True}, "category_scores": {"hate": 0.9}}
    found = reading(_OPENAI + "/moderations", json.dumps({"results": [result]}).encode())
    assert found.view is View.MODERATION
    assert isinstance(found.value, Moderation)
    (verdict,) = found.value.verdicts
    assert (verdict.flagged, verdict.categories) == (True, (("hate", True, 0.9),))


def test_listing() -> None:
    """Models, files, batches: the id first, plain members as columns."""
    body = {"object": "list", "data": [{"object": "model", "id": "m1", "x": {}}, {"id": "m2"}]}
    found = reading(_OPENAI + "/models", json.dumps(body).encode())
    assert found.view is View.LISTING
    assert found.value == Listing(("id", "object"), (("m1", "model"), ("m2", "")))


def test_a_single_object() -> None:
    """One batch is a table of its members, those of inner objects beside their outer name."""
    body = {"id": "batch_1", "object": "batch", "errors": None, "request_counts": {"total": 2, "failed": 0}}
    found = reading(_OPENAI + "/batches/batch_1", json.dumps(body).encode())
    assert found.value == Listing(
        ("member", "value"),
        (
            ("id", "batch_1"),
            ("object", "batch"),
            ("errors", ""),
            ("request_counts.total", "2"),
            ("request_counts.failed", "0"),
        ),
        "batch",
    )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"error":{"message":"No such model","type":"x"}}', "No such model"),
        (b'{"detail":"Invalid API Key"}', "Invalid API Key"),
        (b'{"detail":[{"msg":"Field required"}]}', "Field required"),
        (b'{"message":"Too many"}', "Too many"),
        (b'[{"error":{"message":"Not found"}}]', "Not found"),
        (b"upstream connect error", "upstream connect error"),
        (b"<html>502</html>", "OK"),
        (b"", "OK"),
    ],
)
@pytest.mark.parametrize("path", ["/chat/completions", "/anything"])
def test_errors(body: bytes, said: str, path: str) -> None:
    """The message, whatever its shape; the reason phrase where there is none."""
    found = reading("https://x.example" + path, body, status=404)
    assert found.view is View.ERROR
    assert isinstance(found.value, ErrorMessage)
    assert (found.value.status, found.value.message) == (404, said)


def test_what_an_error_is_called() -> None:
    """Type, code and parameter, from the error's own object first; in a stream, what its event told."""
    error = {"message": "Bad", "type": "invalid_request_error", "code": None, "param": "model"}
    found = reading(_OPENAI + "/chat/completions", json.dumps({"error": error}).encode(), status=400)
    assert isinstance(found.value, ErrorMessage)
    assert found.value.facts == (("type", "invalid_request_error"), ("param", "model"))
    passed_on = {"message": "Provider returned error", "code": 429, "metadata": {"raw": "busy", "x": {}}}
    found = reading(_OPENAI + "/chat/completions", json.dumps({"error": passed_on}).encode(), status=429)
    assert isinstance(found.value, ErrorMessage)
    assert found.value.facts == (("code", "429"), ("raw", "busy"))
    google = {"error": {"code": 429, "message": "Quota", "status": "RESOURCE_EXHAUSTED"}}
    found = reading("https://x.example/models/g:generateContent", json.dumps(google).encode(), status=429)
    assert isinstance(found.value, ErrorMessage)
    assert found.value.facts == (("code", "429"), ("status", "RESOURCE_EXHAUSTED"))


def test_a_summary_of_a_long_stream_reads_its_ends() -> None:
    """Model and usage of a megabyte, without reading its middle."""
    chunks = [chat_chunk({"content": "word "}) for _ in range(8000)]
    last = {
        "object": "chat.completion.chunk",
        "choices": [],
        "usage": {"prompt_tokens": 3, "completion_tokens": 4},
    }
    found = CHAT.read(sse(*chunks, last))
    assert len(found.content) > 1_000_000
    assert (found.summary.model, found.summary.tokens, found.summary.has_stream) == ("m", 7, True)
    assert "events" not in vars(found)
    assert found.transcript.usage == found.summary.usage


def test_a_summary_knows_of_tool_calls() -> None:
    """By the body's bytes; a null or empty list of calls is none."""
    assert CHAT.read().summary.has_tool_call
    assert ANTHROPIC.read().summary.has_tool_call
    assert not CHAT.read(b'{"choices":[{"message":{"content":"x","tool_calls":null}}]}').summary.has_tool_call
    assert not CHAT.read(b'{"choices":[{"message":{"content":"x","tool_calls": []}}]}').summary.has_tool_call


def test_a_stream_that_stops_in_the_middle() -> None:
    """What came is shown, with a note where it stops."""
    found = CHAT.read(CHAT.body[: CHAT.body.index(b"!") + 1])
    assert found.transcript.text == "Olá"
    assert found.notes[0] == "The stream stops in the middle of event 3."


def test_a_payload_that_is_no_json() -> None:
    """It is kept as "other", and said to be unreadable; the rest is read."""
    found = CHAT.read(
        sse(chat_chunk({"content": "a"})) + b"data: {oops\n\n" + sse(chat_chunk({"content": "b"}))
    )
    assert found.transcript.text == "ab"
    assert [delta.kind for delta in found.deltas_of(1)] == [PartKind.OTHER]
    assert found.notes[0].startswith("Event 1: its payload is not read as JSON")


def test_a_page_instead_of_a_stream() -> None:
    """HTML under `text/event-stream` gives a note and no events."""
    found = reading(CHAT.url, b"<html>Sorry</html>", kind="text/event-stream")
    assert (found.framing, found.events) == (Framing.NONE, [])
    assert "HTML" in found.notes[0]


def test_lost_checksums() -> None:
    """A broken event stream shows what came before, and why it stops."""
    body = message(b'{"contentBlockIndex":0,"delta":{"text":"So"}}', event_type="contentBlockDelta")
    found = reading("https://x.example/model/y/converse-stream", body + b"\x00\x00\x00\x40garbagegarbage")
    assert found.transcript.text == "So"
    assert found.notes == ("Event 1: the checksum of the message's lengths is wrong.",)


_BODIES = st.sampled_from([sample.body for sample in samples.ALL])
_URLS = st.sampled_from([sample.url for sample in samples.ALL] + ["http://[::1", "", "\x00"])


_SCRAPS = st.sampled_from([b"null", b"[]", b"{}", b"1e999", b'"', b"-1", b"\\ud83d"])


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A sample with stretches replaced, repeated, or cut away."""
    body = draw(_BODIES)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = start + draw(st.integers(0, 40))
        scrap = draw(
            st.binary(max_size=8)
            | st.sampled_from([b"null", b"[]", b"{}", b"1e999", b'"', b"-1", b"\\ud83d"])
        )
        body = body[:start] + scrap * draw(st.integers(0, 3)) + body[end:]
    return body


@settings(max_examples=300, deadline=1000)
@given(mutated(), _URLS, mutated())
def test_mutated_bodies_never_raise(body: bytes, url: str, asked: bytes) -> None:
    """Every property of a reading can be asked of any bytes."""
    found = reading(url, body, asked)
    assert len({delta.event for delta in found.deltas}) == len(found.events)
    assert found.transcript_at(len(found.events)) == found.transcript
    assert len(found.timeline.starts) == len(found.events)
    assert all(not any("\ud800" <= char <= "\udfff" for char in delta.text) for delta in found.deltas)
    assert isinstance(found.view, View)
    assert found.summary.provider == found.provider_name
    found.conversation  # noqa: B018
    found.repair  # noqa: B018
