"""Real streams, put together by the vendors' own SDKs (`pip install openai anthropic`; skipped without them).

A loopback server replays the recorded body; what the SDK makes of it equals the transcript.
"""

from __future__ import annotations

import importlib
import json
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.stream.recordings import Recording, recordings
from viewer.stream.event import Framing
from viewer.stream.transcript import PartKind, Transcript

pytestmark = pytest.mark.filterwarnings("ignore")
_LIMIT = 15
"""How many streams of an API are compared; the SDKs are slow to start a request."""

Said = tuple[str, list[tuple[str, str]]]


@pytest.fixture(scope="module")
def streams(corpus: Path) -> list[Recording]:
    """The corpus's event streams."""
    return [item for item in recordings(corpus) if item.read().framing is Framing.SSE]


def sdk(name: str) -> Any:
    """A vendor's SDK, or the test is skipped."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return importlib.import_module(name)
        except ImportError:
            pytest.skip(f"{name} is not installed")


@contextmanager
def replaying(body: bytes) -> Iterator[str]:
    """The URL of a server that answers every request with `body` as an event stream."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name is http.server's
            self.rfile.read(int(self.headers.get("content-length", 0)))
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def by_openai_chat(base: str) -> Said:
    """The first choice's text and tool calls, by the SDK's own parsing of chunks."""
    client = sdk("openai").OpenAI(api_key="none", base_url=base, max_retries=0)
    text = ""
    calls: dict[int, tuple[str, str]] = {}
    with client:
        for chunk in client.chat.completions.create(model="m", messages=[], stream=True):
            for choice in chunk.choices or []:
                if choice.index == 0:
                    text += choice.delta.content or ""
                    for call in choice.delta.tool_calls or []:
                        name, arguments = calls.get(call.index, ("", ""))
                        calls[call.index] = (
                            name or call.function.name or "",
                            arguments + (call.function.arguments or ""),
                        )
    return text, list(calls.values())


def by_openai_responses(base: str) -> Said:
    """The final response's text and function calls, from the SDK's completed event."""
    client = sdk("openai").OpenAI(api_key="none", base_url=base, max_retries=0)
    items: list[Any] = []
    with client:
        for event in client.responses.create(model="m", input="", stream=True):
            if event.type == "response.output_item.done":
                items.append(event.item)
    contents = [part for item in items if item.type == "message" for part in item.content]
    text = "".join(getattr(part, "text", "") for part in contents)
    return text, [(item.name, item.arguments) for item in items if item.type == "function_call"]


def by_anthropic(base: str) -> Said:
    """The final message's text and tool calls, accumulated by the SDK."""
    client = sdk("anthropic").Anthropic(api_key="none", base_url=base, max_retries=0)
    with client, client.messages.stream(model="m", max_tokens=9, messages=[]) as stream:
        blocks = stream.get_final_message().content
    text = "".join(block.text for block in blocks if block.type == "text")
    calls = [(block.name, json.dumps(block.input)) for block in blocks if block.type.endswith("tool_use")]
    return text, calls


@pytest.mark.parametrize(
    ("end", "host", "name", "assemble"),
    [
        ("/chat/completions", "", "openai", by_openai_chat),
        ("/v1/responses", "", "openai", by_openai_responses),
        ("/v1/messages", "api.anthropic.com", "anthropic", by_anthropic),
    ],
    ids=["chat", "responses", "anthropic"],
)
def test_transcripts_equal_the_vendors_sdk(
    streams: list[Recording], end: str, host: str, name: str, assemble: Callable[[str], Said]
) -> None:
    """Text and tool calls of recorded streams, each with the arguments' values."""
    sdk(name)
    compared = 0
    for recording in streams:
        reading = recording.read()
        is_meant = recording.url.endswith(end) and host in recording.url
        if not is_meant or reading.transcript.error or compared >= _LIMIT:
            continue
        with replaying(recording.answer) as base:
            expected = assemble(base)
        assert _with_values(_said(reading.transcript)) == _with_values(expected), recording.place
        compared += 1
    assert compared > 10


def _said(transcript: Transcript) -> Said:
    parts = [part for part in transcript.parts if part.choice == 0]
    text = "".join(part.text for part in parts if part.kind is PartKind.TEXT)
    calls = [
        part for part in parts if part.kind is PartKind.TOOL_CALL and not part.fact("kind").endswith("_call")
    ]
    return text, [(part.name, part.text) for part in calls]


def _with_values(said: Said) -> tuple[str, list[tuple[str, Any]]]:
    text, calls = said
    return text, [(name, json.loads(arguments or "{}")) for name, arguments in calls]
