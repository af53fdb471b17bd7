"""Small recordings for tests of the interface, written here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from viewer.cassette.body import Body
from viewer.cassette.headers import Headers
from viewer.cassette.model import Interaction, Kind, Request, Response
from viewer.stream import Reading, read

URL = "https://api.example.test/v1/chat/completions"


def chunk(delta: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A chat completion chunk with one delta."""
    finish = more.pop("finish", None)
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "gen-1", "object": "chat.completion.chunk", "model": "m-1", "choices": [choice], **more}


def stream_of(chunks: Sequence[dict[str, Any]]) -> str:
    """The body of a stream of chunks."""
    return (
        "".join(f"data: {json.dumps(item, ensure_ascii=False)}\n\n" for item in chunks) + "data: [DONE]\n\n"
    )


def answer_in(texts: Sequence[str], *, reasoning: Sequence[str] = ()) -> str:
    """A stream that brings an answer in pieces, reasoning first."""
    chunks = [chunk({"role": "assistant", "content": ""})]
    chunks += [chunk({"reasoning": text}) for text in reasoning]
    chunks += [chunk({"content": text}) for text in texts]
    chunks.append(chunk({}, finish="stop"))
    usage = {"prompt_tokens": 20, "completion_tokens": 4, "total_tokens": 24, "cost": 2.2e-05}
    chunks.append({**chunk({}), "choices": [], "usage": usage})
    return stream_of(chunks)


TOOL_CALL = stream_of(
    [
        chunk({"role": "assistant", "content": "Let me see."}),
        chunk(
            {
                "tool_calls": [
                    {"index": 0, "id": "call_8fk2", "function": {"name": "weather", "arguments": ""}}
                ]
            }
        ),
        chunk({"tool_calls": [{"index": 0, "function": {"arguments": '{"location":'}}]}),
        chunk({"tool_calls": [{"index": 0, "function": {"arguments": '"Florence, Italy"}'}}]}),
        chunk({}, finish="tool_calls"),
    ]
)

ASKED = {
    "model": "m-1",
    "messages": [
        {"role": "system", "content": "You are a helpful assistant"},
        {"role": "user", "content": "What is the weather in Florence, Italy?"},
        {
            "role": "assistant",
            "tool_calls": [
                {
                    "id": "call_8fk2",
                    "type": "function",
                    "function": {"name": "weather", "arguments": '{"location": "Florence, Italy"}'},
                }
            ],
        },
        {"role": "tool", "tool_call_id": "call_8fk2", "content": "40 C"},
    ],
    "tools": [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}],
    "max_tokens": 4000,
    "stream": True,
}


def interaction_of(
    body: str | bytes,
    *,
    asked: Any = ASKED,
    content_type: str = "text/event-stream",
    duration: float | None = 2.0,
    url: str = URL,
    status: int = 200,
    headers: Sequence[tuple[str, str]] = (),
) -> Interaction:
    """An interaction with this response body."""
    sent = Headers.of([("Content-Type", "application/json"), ("Accept", "*/*")])
    got = Headers.of([("Content-Type", content_type), *headers])
    raw = body.encode("utf-8", "surrogateescape") if isinstance(body, str) else body
    request = Request("POST", url, sent, Body(json.dumps(asked).encode(), sent))
    response = Response(status, "OK" if status == 200 else "", got, Body(raw, got))
    return Interaction(0, Kind.HTTP, request, response, duration=duration)


def reading_of(interaction: Interaction) -> Reading:
    """What an interaction says."""
    return read(interaction.request, interaction.response, duration=interaction.duration)
