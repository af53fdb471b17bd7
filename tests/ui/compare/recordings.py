"""Two small recordings to compare, written for these tests: an answer, some noise, and an interaction more."""

from __future__ import annotations

import json

_HEAD = "---\nversion: 2\ninteractions:\n"


def entry(
    number: int,
    path: str,
    answer: str | None,
    *,
    method: str = "POST",
    request: str = "{}",
    ident: str = "gen-aaaaaaaaaa",
    server: str = "one",
    duration: str = "1.5s",
    tokens: int = 24,
) -> str:
    """One interaction as go-vcr v2 writes it; `answer` None makes a response that is no completion."""
    body = {"data": []} if answer is None else completion(answer, ident, tokens)
    return f"""    - id: {number}
      request:
        proto: HTTP/1.1
        proto_major: 1
        proto_minor: 1
        content_length: {len(request)}
        transfer_encoding: []
        trailer: {{}}
        host: api.example.com
        remote_addr: ""
        request_uri: ""
        body: '{request}'
        form: {{}}
        headers:
            Content-Type:
                - application/json
        url: https://api.example.com/v1/{path}
        method: {method}
      response:
        proto: HTTP/2.0
        proto_major: 2
        proto_minor: 0
        transfer_encoding: []
        trailer: {{}}
        content_length: -1
        uncompressed: true
        body: '{json.dumps(body, ensure_ascii=False)}'
        headers:
            Content-Type:
                - application/json
            Server:
                - {server}
        status: 200 OK
        code: 200
        duration: {duration}
"""


def completion(answer: str, ident: str, tokens: int) -> dict[str, object]:
    """A chat completion."""
    message = {"role": "assistant", "content": answer}
    return {
        "id": ident,
        "object": "chat.completion",
        "model": "small",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"total_tokens": tokens},
    }


def recording(answer: str) -> str:
    """A recording of one answer."""
    return _HEAD + entry(0, "chat/completions", answer)


LEFT = (
    _HEAD
    + entry(0, "models", None, method="GET")
    + entry(1, "chat/completions", "Olá! Como posso ajudar?")
    + entry(2, "chat/completions", "Tchau.")
)
RIGHT = (
    _HEAD
    + entry(0, "models", None, method="GET")
    + entry(1, "chat/completions", "Oi! Como posso ajudar?", server="two", duration="1.71s", tokens=26)
    + entry(2, "chat/completions", "Tchau.", ident="gen-bbbbbbbbbb")
    + entry(3, "embeddings", None, request='{"input": "x"}')
)
