"""Streamed answers of about any size for the benchmarks, spelled as the services spell them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any, NamedTuple

_WORDS = (" the", " answer", "Olá", " é", " 42", "\n\n", "```python\n", " emoji 😀", ",", " streaming")


class Shape(NamedTuple):
    """One API's stream: where it is asked for, how its events are parted, and the payloads of its words."""

    url: str
    blank: bytes
    begin: Callable[[], Iterator[dict[str, Any]]]
    chunk: Callable[[str, int], dict[str, Any]]
    is_named: bool = False


def body_of(shape: Shape, size: int) -> bytes:
    """A stream of about `size` bytes."""
    events = [_event(shape, payload) for payload in shape.begin()]
    length = sum(map(len, events))
    for number, word in enumerate(cycle(_WORDS)):
        if length >= size:
            break
        events.append(_event(shape, shape.chunk(word, number)))
        length += len(events[-1])
    return b"".join(events)


def _event(shape: Shape, payload: dict[str, Any]) -> bytes:
    line_end = shape.blank[: len(shape.blank) // 2]
    text = json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()
    name = b"event: " + str(payload["type"]).encode() + line_end if shape.is_named else b""
    return name + b"data: " + text + shape.blank


def _nothing() -> Iterator[dict[str, Any]]:
    return iter(())


def _chat(word: str, number: int) -> dict[str, Any]:
    return {
        "id": "gen-1758698568-tDDRYhg82Z5qu5OL8vPp",
        "provider": "Novita",
        "model": "moonshotai/kimi-k2-0905",
        "object": "chat.completion.chunk",
        "created": 1758698568,
        "choices": [
            {
                "index": 0,
                "delta": {"role": "assistant", "content": word},
                "finish_reason": None,
                "native_finish_reason": None,
                "logprobs": None,
            }
        ],
        "system_fingerprint": "fp_1",
    }


def _begin_anthropic() -> Iterator[dict[str, Any]]:
    message = {"id": "msg_01", "type": "message", "role": "assistant", "model": "claude", "content": []}
    yield {"type": "message_start", "message": message}
    yield {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}


def _anthropic(word: str, number: int) -> dict[str, Any]:
    return {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": word}}


def _gemini(word: str, number: int) -> dict[str, Any]:
    return {
        "candidates": [{"content": {"parts": [{"text": word * 6}], "role": "model"}, "index": 0}],
        "usageMetadata": {
            "promptTokenCount": 11,
            "candidatesTokenCount": number,
            "totalTokenCount": 11 + number,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 11}],
        },
        "modelVersion": "gemini-2.5-pro",
        "responseId": "9QjYaLDsKq6Kz7IP2YmXsAg",
    }


def _begin_responses() -> Iterator[dict[str, Any]]:
    response = {
        "id": "resp_01",
        "object": "response",
        "status": "in_progress",
        "model": "gpt-5",
        "output": [],
    }
    yield {"type": "response.created", "sequence_number": 0, "response": response}


def _responses(word: str, number: int) -> dict[str, Any]:
    return {
        "type": "response.output_text.delta",
        "sequence_number": number + 1,
        "item_id": "msg_68d3b1f2c7a08190a1b2c3d4e5f60718",
        "output_index": 0,
        "content_index": 0,
        "delta": word,
        "logprobs": [],
        "obfuscation": "jZ8s0QpLw1v",
    }


SHAPES = {
    "chat": Shape("https://openrouter.ai/api/v1/chat/completions", b"\n\n", _nothing, _chat),
    "anthropic": Shape(
        "https://api.anthropic.com/v1/messages", b"\n\n", _begin_anthropic, _anthropic, is_named=True
    ),
    "gemini": Shape(
        "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse",
        b"\r\n\r\n",
        _nothing,
        _gemini,
    ),
    "responses": Shape(
        "https://api.openai.com/v1/responses", b"\n\n", _begin_responses, _responses, is_named=True
    ),
}
