"""Small answers of every API, written for the tests: (name, url, content type, body)."""

from __future__ import annotations

import base64
import json
from typing import Any, NamedTuple

from viewer.cassette.body import Body
from viewer.cassette.model import Headers, Request, Response
from viewer.stream import Reading, read


class Sample(NamedTuple):
    """One answer."""

    name: str
    url: str
    body: bytes
    asked: bytes = b"{}"

    def read(self, body: bytes | None = None) -> Reading:
        """The program's reading of it, or of another body in its place."""
        return reading(self.url, self.body if body is None else body, self.asked)


def reading(url: str, body: bytes, asked: bytes = b"", status: int = 200, kind: str = "") -> Reading:
    """A reading of an answer at `url`."""
    headers = Headers.of([("Content-Type", kind)] if kind else [])
    return read(
        Request("POST", url, Headers(), Body(asked)), Response(status, "OK", headers, Body(body, headers))
    )


def sse(*payloads: Any, names: bool = False, end: str = "\n") -> bytes:
    """Payloads as server-sent events; with `names`, each is led by its type."""
    blocks = []
    for payload in payloads:
        name = f"event: {payload['type']}{end}" if names else ""
        text = payload if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False)
        blocks.append(f"{name}data: {text}{end}{end}")
    return "".join(blocks).encode("utf-8", "surrogatepass")


def chat_chunk(
    delta: dict[str, Any], finish: str | None = None, index: int = 0, **more: Any
) -> dict[str, Any]:
    """One chat completion chunk."""
    choice = {"index": index, "delta": delta, "finish_reason": finish}
    return {"id": "c1", "object": "chat.completion.chunk", "model": "m", "choices": [choice], **more}


CHAT = Sample(
    "chat",
    "https://api.openai.com/v1/chat/completions",
    sse(
        chat_chunk({"role": "assistant", "content": ""}),
        chat_chunk({"reasoning_content": "Hm"}),
        chat_chunk({"content": "Olá"}),
        chat_chunk({"content": "!"}),
        chat_chunk(
            {"tool_calls": [{"index": 0, "id": "t", "function": {"name": "add", "arguments": '{"a"'}}]}
        ),
        chat_chunk({"tool_calls": [{"index": 0, "function": {"arguments": ":1}"}}]}),
        chat_chunk({}, "tool_calls"),
        "[DONE]",
    ),
    b'{"model":"m","messages":[{"role":"system","content":"S"},{"role":"user","content":"Hi"}],"temperature":0.70}',
)
ANTHROPIC = Sample(
    "anthropic",
    "https://api.anthropic.com/v1/messages",
    sse(
        {
            "type": "message_start",
            "message": {"id": "m1", "type": "message", "role": "assistant", "model": "claude", "content": []}
            | {"usage": {"input_tokens": 5, "cache_read_input_tokens": 3, "output_tokens": 1}},
        },
        {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "Hm"}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "sig"}},
        {"type": "ping"},
        {"type": "content_block_stop", "index": 0},
        {"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "Olá!"}},
        {
            "type": "content_block_delta",
            "index": 1,
            "delta": {
                "type": "citations_delta",
                "citation": {"title": "A page", "url": "https://a.example", "cited_text": "so"},
            },
        },
        {"type": "content_block_stop", "index": 1},
        {
            "type": "content_block_start",
            "index": 2,
            "content_block": {"type": "tool_use", "id": "t", "name": "add", "input": {}},
        },
        {
            "type": "content_block_delta",
            "index": 2,
            "delta": {"type": "input_json_delta", "partial_json": '{"a":1}'},
        },
        {"type": "content_block_stop", "index": 2},
        {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 9}},
        {"type": "message_stop"},
        names=True,
    ),
    b'{"model":"claude","system":"S","messages":[{"role":"user","content":"Hi"}],"max_tokens":9}',
)
RESPONSES = Sample(
    "responses",
    "https://api.openai.com/v1/responses",
    sse(
        {"type": "response.created", "response": {"id": "r1", "model": "gpt", "output": []}},
        {
            "type": "response.reasoning_summary_text.delta",
            "output_index": 0,
            "summary_index": 0,
            "delta": "Hm",
        },
        {"type": "response.reasoning_summary_text.done", "output_index": 0, "summary_index": 0, "text": "Hm"},
        {"type": "response.output_text.delta", "output_index": 1, "content_index": 0, "delta": "Olá"},
        {"type": "response.output_text.delta", "output_index": 1, "content_index": 0, "delta": "!"},
        {"type": "response.output_text.done", "output_index": 1, "content_index": 0, "text": "Olá!"},
        {
            "type": "response.output_item.added",
            "output_index": 2,
            "item": {"type": "function_call", "name": "add", "call_id": "t", "arguments": ""},
        },
        {"type": "response.function_call_arguments.delta", "output_index": 2, "delta": '{"a":1}'},
        {"type": "response.function_call_arguments.done", "output_index": 2, "arguments": '{"a":1}'},
        {
            "type": "response.completed",
            "response": {
                "id": "r1",
                "model": "gpt",
                "status": "completed",
                "output": [],
                "usage": {"input_tokens": 5, "output_tokens": 9, "total_tokens": 14},
            },
        },
        names=True,
    ),
    b'{"model":"gpt","instructions":"S","input":"Hi","max_output_tokens":9}',
)
GEMINI = Sample(
    "gemini",
    "https://generativelanguage.googleapis.com/v1beta/models/gemini:streamGenerateContent?alt=sse",
    sse(
        {
            "candidates": [{"content": {"role": "model", "parts": [{"text": "Hm", "thought": True}]}}],
            "modelVersion": "gemini",
            "responseId": "g1",
        },
        {"candidates": [{"content": {"role": "model", "parts": [{"text": "Olá!"}]}}]},
        {
            "candidates": [
                {
                    "content": {"parts": [{"functionCall": {"name": "add", "args": {"a": 1}}}]},
                    "finishReason": "STOP",
                }
            ],
            "usageMetadata": {"promptTokenCount": 5, "candidatesTokenCount": 9, "totalTokenCount": 14},
        },
        end="\r\n",
    ),
    b'{"systemInstruction":{"parts":[{"text":"S"}]},"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}',
)
COHERE = Sample(
    "cohere",
    "https://api.cohere.com/v2/chat",
    sse(
        {"type": "message-start", "id": "k1", "delta": {"message": {"role": "assistant"}}},
        {"type": "tool-plan-delta", "delta": {"message": {"tool_plan": "Hm"}}},
        {
            "type": "tool-call-start",
            "index": 0,
            "delta": {"message": {"tool_calls": {"id": "t", "function": {"name": "add", "arguments": ""}}}},
        },
        {
            "type": "tool-call-delta",
            "index": 0,
            "delta": {"message": {"tool_calls": {"function": {"arguments": '{"a":1}'}}}},
        },
        {"type": "content-delta", "index": 1, "delta": {"message": {"content": {"text": "Olá!"}}}},
        {
            "type": "message-end",
            "delta": {
                "finish_reason": "TOOL_CALL",
                "usage": {"tokens": {"input_tokens": 5.0, "output_tokens": 9.0}},
            },
        },
        names=True,
    ),
    b'{"model":"command","messages":[{"role":"system","content":"S"},{"role":"user","content":"Hi"}]}',
)
_OLLAMA: list[dict[str, Any]] = [
    {
        "model": "q",
        "created_at": "2025-01-01T00:00:00.100000000Z",
        "message": {"role": "assistant", "thinking": "Hm"},
    },
    {
        "model": "q",
        "created_at": "2025-01-01T00:00:00.400000000Z",
        "message": {"role": "assistant", "content": "Olá!"},
    },
    {
        "model": "q",
        "created_at": "2025-01-01T00:00:00.900000000Z",
        "message": {
            "role": "assistant",
            "tool_calls": [{"id": "t", "function": {"name": "add", "arguments": {"a": 1}}}],
        },
        "done": True,
        "done_reason": "stop",
        "prompt_eval_count": 5,
        "eval_count": 9,
    },
]
OLLAMA = Sample(
    "ollama",
    "http://localhost:11434/api/chat",
    b"".join(json.dumps({"done": False} | line).encode() + b"\n" for line in _OLLAMA),
    b'{"model":"q","messages":[{"role":"system","content":"S"},{"role":"user","content":"Hi"}]}',
)
CONVERSE = Sample(
    "converse",
    "https://bedrock-runtime.us-east-1.amazonaws.com/model/x/converse",
    json.dumps(
        {
            "output": {
                "message": {
                    "role": "assistant",
                    "content": [
                        {"reasoningContent": {"reasoningText": {"text": "Hm", "signature": "sig"}}},
                        {"text": "Olá!"},
                        {"toolUse": {"toolUseId": "t", "name": "add", "input": {"a": 1}}},
                    ],
                }
            },
            "stopReason": "tool_use",
            "usage": {"inputTokens": 5, "outputTokens": 9, "totalTokens": 14},
        }
    ).encode(),
    b'{"system":[{"text":"S"}],"messages":[{"role":"user","content":[{"text":"Hi"}]}]}',
)

ALL = (CHAT, ANTHROPIC, RESPONSES, GEMINI, COHERE, OLLAMA, CONVERSE)


def wrapped_for_bedrock(payload: bytes) -> bytes:
    """A payload as InvokeModelWithResponseStream wraps it."""
    return b'{"bytes":"' + base64.b64encode(payload) + b'"}'
