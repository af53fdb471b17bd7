"""Bodies as answers and requests of each provider: read in full, replayed event by event, exported."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tests.fuzz.target import Choices, Target, ensure
from tests.stream import samples
from viewer.cassette.body import Body
from viewer.cassette.headers import Headers
from viewer.cassette.model import ChunkTime, Interaction, Kind, Request, Response
from viewer.compare.views import View, text_of
from viewer.stream import Reading, read
from viewer.stream.exports import as_curl, as_json, as_markdown
from viewer.stream.providers.registry import providers

_CHOICES = 8
_TAIL = bytes(_CHOICES)
_SEPARATOR = b"\xff\xfd"
_NAMES = tuple(provider.name for provider in providers())
_URLS = (
    *(sample.url for sample in samples.ALL),
    "", "http://[", "https://api.openai.com/v1/embeddings", "https://api.openai.com/v1/images/generations",
    "https://api.openai.com/v1/audio/speech", "https://x.test/v1/completions",
    "https://api.openai.com/v1/threads/t/runs",
    "https://bedrock-runtime.us-east-1.amazonaws.com/model/anthropic.x/invoke-with-response-stream",
)  # fmt: skip
_TYPES = (
    "",
    "application/json",
    "text/event-stream",
    "application/x-ndjson",
    "audio/mpeg",
    "audio/wav",
    "image/png",
    "audio/pcm",
)
_STATUSES = (200, 200, 400, 500, None, 101)


def check(data: bytes, provider: str = "") -> None:
    """Everything that a reading has is there, whatever the bodies are."""
    choices = Choices(data, _CHOICES)
    body, _, asked = choices.rest.partition(_SEPARATOR)
    kind = _TYPES[choices.number(len(_TYPES))]
    headers = Headers.of([("Content-Type", kind)] if kind else [])
    url = _URLS[choices.number(len(_URLS))]
    request = Request("POST", url, Headers(), Body(asked))
    response = Response(_STATUSES[choices.number(len(_STATUSES))], "", headers, Body(body, headers))
    times = (
        (ChunkTime(choices.number(256), 1.5), ChunkTime(choices.number(256), 0.5))
        if choices.number(2)
        else ()
    )
    reading = read(
        request, response, duration=(None, 0.0, 2.5)[choices.number(3)], chunk_times=times, provider=provider
    )
    _check_reading(reading)
    _check_exports(reading, Interaction(0, Kind.HTTP, request, response))


def _check_reading(reading: Reading) -> None:
    reading.summary, reading.view, reading.value, reading.conversation  # noqa: B018
    whole = reading.transcript
    events, deltas = reading.events, reading.deltas
    ensure(
        [delta.event for delta in deltas] == sorted(delta.event for delta in deltas), "deltas are in order"
    )
    ensure({delta.event for delta in deltas} <= set(range(len(events))), "a delta belongs to an event")
    ensure(all(note for note in reading.notes), "a note says something")
    timeline = reading.timeline
    last = 0.0
    for event in range(len(events)):
        time = timeline.time_of(event)
        ensure(last <= time, "events play in order", timeline)
        last = time
    if events:
        ensure(reading.transcript_at(len(events) - 1).text == whole.text, "all events give the whole answer")
        reading.transcript_at(len(events) // 2)
    if reading.repair is not None and reading.repaired is not None:
        ensure(
            len(reading.repaired.events) == len(events),
            "a repaired answer has the same events",
            reading.content,
        )


def _check_exports(reading: Reading, interaction: Interaction) -> None:
    as_markdown(reading.conversation, reading.transcript)
    as_json(interaction)
    if interaction.request is not None:
        as_curl(interaction.request)
    for view in View:
        text_of(view, interaction, reading, "")


def _seeds() -> Iterator[bytes]:
    for number, sample in enumerate(samples.ALL):
        tail = bytes([0, number]) + _TAIL[2:]
        yield sample.body + _SEPARATOR + sample.asked + tail
        yield _SEPARATOR + sample.asked + tail
        for part in (sample.body[: len(sample.body) // 2], sample.body[len(sample.body) // 2 :]):
            yield part + _SEPARATOR + sample.asked + tail


_WORDS = (
    '"type":', '"delta":', '"content":', '"choices":[{', '"message":{', '"text":', '"role":"assistant"',
    '"tool_calls":[{',
    '"function":{', '"arguments":', '"usage":{', '"index":', '"error":{', '"parts":[{', '"candidates":[{', "data: ",
    "event: ",
    "\n\n", "null", "[]", "{}", "1e999", "-1", "true", '"\\ud83d"', '"id":', '"name":', '"input":', '"output":[{',
    '"data":[{',
    '"embedding":', '"b64_json":', '"finish_reason":', '"stop_reason":', '"content_block":{', '"image_url":',
    '"source":{',
)  # fmt: skip

TARGETS = (
    Target("reading", check, _seeds, _WORDS),
    *(
        Target("reading-" + name.lower().replace(" ", "-"), partial(check, provider=name), _seeds, _WORDS)
        for name in _NAMES
    ),
)
