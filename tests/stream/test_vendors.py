"""Real streams, put together by the vendors' own SDKs (`pip install .[oracles]`; skipped without them).

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
from tests.stream.samples import OLLAMA
from viewer.stream.event import Framing
from viewer.stream.transcript import PartKind, Transcript

pytestmark = pytest.mark.filterwarnings("ignore")
_LIMIT = 15
"""How many streams of an API are compared; the SDKs are slow to start a request."""

Said = tuple[str, list[tuple[str, str]]]


@pytest.fixture(scope="module")
def streams(corpus: Path) -> list[Recording]:
    """The corpus's event streams; of Ollama its whole answers too, which are a stream of one line."""
    framings = (Framing.SSE, Framing.NDJSON)
    found = recordings(corpus)
    return [item for item in found if "//ollama.com" in item.url or item.read().framing in framings]


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


def by_google(base: str) -> Said:
    """Text and function calls of all chunks, as the SDK's models read them."""
    genai = sdk("google.genai")
    client = genai.Client(api_key="none", http_options={"base_url": base})
    text = ""
    calls: list[tuple[str, str]] = []
    for chunk in client.models.generate_content_stream(model="m", contents="?"):
        content = chunk.candidates[0].content if chunk.candidates else None
        for part in (content.parts if content else None) or []:
            if part.text and not part.thought:
                text += part.text
            if part.function_call:
                calls.append((part.function_call.name, json.dumps(part.function_call.args)))
    return text, calls


def by_cohere(base: str) -> Said:
    """Text and tool calls, added up over the SDK's typed events."""
    client = sdk("cohere").ClientV2(api_key="none", base_url=base)
    text = ""
    calls: list[tuple[str, str]] = []
    for event in client.chat_stream(model="m", messages=[]):
        message: Any = getattr(getattr(event, "delta", None), "message", None)
        if event.type == "content-delta":
            text += message.content.text or ""
        elif event.type == "tool-call-start":
            call = message.tool_calls.function
            calls.append((call.name, call.arguments or ""))
        elif event.type == "tool-call-delta":
            name, arguments = calls[-1]
            calls[-1] = (name, arguments + message.tool_calls.function.arguments)
    return text, calls


def by_ollama(base: str) -> Said:
    """Text and tool calls of all lines."""
    text = ""
    calls: list[tuple[str, str]] = []
    for chunk in sdk("ollama").Client(host=base).chat(model="m", messages=[], stream=True):
        text += chunk.message.content or ""
        for call in chunk.message.tool_calls or []:
            calls.append((call.function.name, json.dumps(dict(call.function.arguments))))
    return text, calls


@pytest.mark.parametrize(
    ("end", "host", "name", "assemble", "least"),
    [
        ("/chat/completions", "", "openai", by_openai_chat, 10),
        ("/v1/responses", "", "openai", by_openai_responses, 10),
        ("/v1/messages", "api.anthropic.com", "anthropic", by_anthropic, 10),
        (":streamGenerateContent?alt=sse", "generativelanguage", "google.genai", by_google, 10),
        ("/v2/chat", "api.cohere.com", "cohere", by_cohere, 1),
        ("/api/chat", "ollama.com", "ollama", by_ollama, 1),
    ],
    ids=["chat", "responses", "anthropic", "google", "cohere", "ollama"],
)
def test_transcripts_equal_the_vendors_sdk(
    streams: list[Recording], end: str, host: str, name: str, assemble: Callable[[str], Said], least: int
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
    assert compared >= least


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


def test_a_streamed_ollama_answer_equals_the_sdks() -> None:
    """The corpus has none that is streamed; the sample has a thought, text and several lines."""
    with replaying(OLLAMA.body) as base:
        expected = by_ollama(base)
    assert expected[0]
    assert _with_values(_said(OLLAMA.read().transcript)) == _with_values(expected)
