"""Cassettes of any size for the benches, spelled as their recorders spell them.

An entry takes 3 kB on average, as in recordings of web APIs; every twentieth is a streamed answer of some 15 kB. A
pool of entries is rendered once and then numbered, so that a gigabyte is written in seconds. Write them below a
temporary folder: nothing here deletes anything.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

# Stands in a rendered entry where its position in the file belongs.
_NUMBER = "1234567890123"
_POOL = 60
_BLOCK = 1 << 22
_TEXT = (
    "the answer to this is that a café in Lisbon serves good coffee and 東京 has trains which are 'never' late; "
    'one "quoted" word, a number 42, a colon: here, an emoji 😀 and a path /v1/chat/completions'
)
_WORDS = tuple(_TEXT.split())


@dataclass(frozen=True, slots=True)
class Recorder:
    """How one recorder writes: what stands before, between and behind the entries, and the entries themselves.

    `marker` is what every entry but the first begins with, newline included; "" in JSON.
    """

    name: str
    suffix: str
    marker: str
    head: str
    entry: Callable[[Exchange], str]
    between: str
    tail: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was recorded; `number` in the URL is put in later."""

    url: str
    request_headers: dict[str, str]
    request_body: str
    response_headers: dict[str, str]
    response_body: str


def write_cassette(path: Path, recorder: Recorder, size: int) -> int:
    """Writes a cassette of about `size` bytes (never less) to `path`; the number of its interactions."""
    with path.open("wb") as file:
        written = file.write(recorder.head.encode())
        block: list[bytes] = []
        waiting = 0
        for count, entry in enumerate(_entries(recorder), start=1):  # noqa: B007 - counts what is returned
            block.append(entry)
            waiting += len(entry)
            if waiting >= _BLOCK or written + waiting >= size:
                written += file.write(b"".join(block))
                block, waiting = [], 0
            if written >= size:
                break
        file.write(recorder.tail.encode())
    return count


def write_parsed_bodies(path: Path, count: int, size: int = 100_000) -> None:
    """Writes a cassette as pydantic-ai does, in which each response is a tree of about `size` bytes."""
    chance = random.Random(5)
    with path.open("w", encoding="utf-8") as file:
        file.write("interactions:\n")
        for number in range(count):
            file.write(_pydantic_ai(_url(str(number)), chance, size))
        file.write("version: 1\n")


def expected_row(recorder: Recorder, position: int) -> tuple[str, str, int]:
    """Method, URL and status of the interaction at `position`, for a bench to check what it measures."""
    return "POST", _url(str(position)), 200


def _entries(recorder: Recorder) -> Iterator[bytes]:
    """Entries without an end, with their separators."""
    pool = [recorder.entry(exchange).encode() for exchange in _exchanges()]
    between, number = recorder.between.encode(), _NUMBER.encode()
    position = 0
    while True:
        text = pool[position % len(pool)].replace(number, b"%d" % position)
        yield between + text if position else text
        position += 1


def _exchanges() -> Iterator[Exchange]:
    chance = random.Random(3)
    for number in range(_POOL):
        question = _sentence(chance, 30)
        body = {
            "model": "example/model-1",
            "messages": [{"role": "user", "content": question}],
            "stream": True,
        }
        answer = _stream(chance) if number % 20 == 0 else _answer(chance)
        yield Exchange(
            _url(_NUMBER), _request_headers(), json.dumps(body), _response_headers(chance, answer), answer
        )


def _url(number: str) -> str:
    return f"https://api.example.com/v1/projects/{number}/completions?page=2"


def _request_headers() -> dict[str, str]:
    return {
        "Accept": "application/json",
        "Accept-Encoding": "gzip, deflate",
        "Connection": "keep-alive",
        "Content-Type": "application/json",
        "User-Agent": "example/1.0 (https://example.com)",
        "X-Stainless-Arch": "arm64",
        "X-Stainless-Lang": "python",
        "X-Stainless-Os": "Linux",
    }


def _response_headers(chance: random.Random, answer: str) -> dict[str, str]:
    return {
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": "no-cache, must-revalidate",
        "Cf-Ray": f"{chance.getrandbits(64):x}-LIS",
        "Content-Type": "text/event-stream" if answer.startswith("data:") else "application/json",
        "Date": "Sun, 26 Oct 2025 19:07:40 GMT",
        "Permissions-Policy": 'payment=(self "https://checkout.example.com" "https://js.example.com")',
        "Server": "cloudflare",
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
        "X-Request-Id": f"{chance.getrandbits(128):x}",
    }


def _sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(_WORDS, k=words))


def _answer(chance: random.Random) -> str:
    content = _sentence(chance, chance.randint(20, 150))
    answer = {"id": f"gen-{_NUMBER}", "choices": [{"index": 0, "message": {"content": content}}]}
    return json.dumps(answer, ensure_ascii=False)


def _stream(chance: random.Random) -> str:
    deltas = [
        {"choices": [{"index": 0, "delta": {"content": f" {word}"}}]}
        for word in chance.choices(_WORDS, k=180)
    ]
    lines = [f"data: {json.dumps({'id': f'gen-{_NUMBER}', **delta})}\n\n" for delta in deltas]
    return "".join(lines) + "data: [DONE]\n\n"


# --- entries


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _scalar(text: str, indent: int) -> str:
    """A string as go-yaml v3 and Psych write it: in single quotes, or literal where it has several lines."""
    if "\n" not in text:
        return _quoted(text)
    blank = " " * indent
    lines = "".join(f"{blank}{line}\n" if line else "\n" for line in text.split("\n")[:-1])
    return f"|{'+' if text.endswith(chr(10) * 2) else ''}\n{lines}".rstrip(" ")


def _go_headers(headers: dict[str, str], indent: int) -> str:
    blank = " " * indent
    return "".join(f"{blank}{name}:\n{blank}    - {_quoted(value)}\n" for name, value in headers.items())


def _go_vcr(exchange: Exchange) -> str:
    response = _scalar(exchange.response_body, 12).rstrip("\n")
    if exchange.response_body.endswith("\n\n"):
        response += "\n"
    return (
        f"    - id: {_NUMBER}\n      request:\n        proto: HTTP/1.1\n        proto_major: 1\n"
        f"        proto_minor: 1\n        content_length: {len(exchange.request_body.encode())}\n"
        "        host: api.example.com\n"
        f"        body: {_quoted(exchange.request_body)}\n"
        f"        headers:\n{_go_headers(exchange.request_headers, 12)}"
        f"        url: {exchange.url}\n        method: POST\n"
        "      response:\n        proto: HTTP/2.0\n        proto_major: 2\n        proto_minor: 0\n"
        f"        content_length: -1\n        body: {response}\n"
        f"        headers:\n{_go_headers(exchange.response_headers, 12)}"
        "        status: 200 OK\n        code: 200\n        duration: 967.754833ms\n"
    )


def _ruby_headers(headers: dict[str, str]) -> str:
    return "".join(f"      {name}:\n      - {_quoted(value)}\n" for name, value in headers.items())


def _ruby_vcr(exchange: Exchange) -> str:
    return (
        f"- request:\n    method: post\n    uri: {exchange.url}\n"
        f"    body:\n      encoding: UTF-8\n      string: {_quoted(exchange.request_body)}\n"
        f"    headers:\n{_ruby_headers(exchange.request_headers)}"
        "  response:\n    status:\n      code: 200\n      message: OK\n"
        f"    headers:\n{_ruby_headers(exchange.response_headers)}"
        "    body:\n      encoding: UTF-8\n"
        f"      string: {_scalar(exchange.response_body, 8).rstrip(chr(10))}\n"
        "  recorded_at: Sun, 26 Oct 2025 19:07:40 GMT\n"
    )


def _vcrpy_value(exchange: Exchange) -> dict[str, Any]:
    return {
        "request": {
            "body": exchange.request_body,
            "headers": {name: [value] for name, value in exchange.request_headers.items()},
            "method": "POST",
            "uri": exchange.url,
        },
        "response": {
            "body": {"string": exchange.response_body},
            "headers": {name: [value] for name, value in exchange.response_headers.items()},
            "status": {"code": 200, "message": "OK"},
        },
    }


def _vcrpy(exchange: Exchange) -> str:
    return str(yaml.dump([_vcrpy_value(exchange)], Dumper=yaml.CDumper))


def _vcrpy_json(exchange: Exchange) -> str:
    text = json.dumps(_vcrpy_value(exchange), indent=4)
    return " " * 8 + text.replace("\n", "\n" + " " * 8)


def _betamax(exchange: Exchange) -> str:
    value = {
        "request": {
            "body": {"encoding": "utf-8", "string": exchange.request_body},
            "headers": exchange.request_headers,
            "method": "POST",
            "uri": exchange.url,
        },
        "response": {
            "body": {"encoding": "utf-8", "string": exchange.response_body},
            "headers": exchange.response_headers,
            "status": {"code": 200, "message": "OK"},
            "url": exchange.url,
        },
        "recorded_at": "2025-10-26T19:07:40",
    }
    return json.dumps(value)


def _pydantic_ai(url: str, chance: random.Random, size: int) -> str:
    def values() -> dict[str, Any]:
        number = chance.random()
        return {"index": 0, "logprob": -number, "text": chance.choice(_WORDS), "token": int(number * 1e5)}

    # Such a mapping takes some 80 bytes at its indent.
    value = {
        "request": {"headers": {"accept": ["*/*"]}, "method": "POST", "parsed_body": {"a": 1}, "uri": url},
        "response": {
            "headers": {"content-type": ["application/json"]},
            "parsed_body": {"choices": [values() for _ in range(size // 80)]},
            "status": {"code": 200, "message": "OK"},
        },
    }
    return str(yaml.dump([value], Dumper=yaml.CDumper, width=120, allow_unicode=True))


GO_VCR = Recorder(
    "go-vcr v2", ".yaml", "\n    - id:", "---\nversion: 2\ninteractions:\n", _go_vcr, between="", tail=""
)
VCRPY = Recorder("vcrpy", ".yaml", "\n- request:", "interactions:\n", _vcrpy, between="", tail="version: 1\n")
RUBY_VCR = Recorder(
    "Ruby VCR",
    ".yml",
    "\n- request:",
    "---\nhttp_interactions:\n",
    _ruby_vcr,
    between="",
    tail="recorded_with: VCR 6.3.1\n",
)
VCRPY_JSON = Recorder(
    "vcrpy JSON",
    ".json",
    "",
    '{\n    "version": 1,\n    "interactions": [\n',
    _vcrpy_json,
    between=",\n",
    tail="\n    ]\n}\n",
)
BETAMAX = Recorder(
    "Betamax",
    ".json",
    "",
    '{"http_interactions": [',
    _betamax,
    between=", ",
    tail='], "recorded_with": "betamax/0.9.0"}',
)

YAML_RECORDERS = (GO_VCR, VCRPY, RUBY_VCR)
JSON_RECORDERS = (VCRPY_JSON, BETAMAX)
