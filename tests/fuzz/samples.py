"""Whole cassettes of every format that can be written, made here: three interactions each, in several spellings."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator
from typing import Any

import yaml

# Each format by its name, and by that of its reader in `tests.cassette.formats.independent`.
READERS = {
    "go-vcr v1": "go-vcr-v1",
    "go-vcr v2": "go-vcr-v2",
    "vcrpy": "vcrpy-yaml",
    "vcrpy JSON": "vcrpy-json",
    "vcrpy 0.x": "vcrpy-0x",
    "pydantic-ai": "pydantic-ai",
    "langchain": "vcrpy-gz",
    "Ruby VCR": "ruby-vcr",
    "Ruby VCR JSON": "ruby-vcr-json",
    "R vcr": "r-vcr",
    "Betamax": "betamax-json",
    "HAR": "har",
    "Polly.js": "polly-har",
}
_ASKED = '{"model": "m", "messages": [{"role": "user", "content": "Hi é"}]}'
_STREAM = 'data: {"choices": [{"index": 0, "delta": {"content": "Olá"}}]}\n\ndata: [DONE]\n\n'
_PACKED = gzip.compress(b'{"answer": "packed"}', mtime=0)


def samples() -> dict[str, list[bytes]]:
    """The cassettes of each format."""
    return {
        "go-vcr v2": _yamls({"version": 2, "interactions": _go(ids=True)}),
        "go-vcr v1": _yamls({"version": 1, "interactions": _go(ids=False)}),
        "vcrpy": _yamls({"interactions": _vcrpy(b=True), "version": 1}),
        "vcrpy JSON": _jsons({"version": 1, "interactions": _vcrpy(b=False)}),
        "vcrpy 0.x": _yamls(_old_vcrpy()) + _jsons(_old_vcrpy()),
        "pydantic-ai": _yamls({"interactions": _pydantic_ai(), "version": 1}),
        "langchain": _yamls(_langchain()),
        "Ruby VCR": _yamls({"http_interactions": _vcr(), "recorded_with": "VCR 6.3.1"}),
        "Ruby VCR JSON": _jsons({"http_interactions": _vcr(), "recorded_with": "VCR 6.3.1"}),
        "R vcr": _yamls({"http_interactions": _vcr(), "recorded_with": "VCR-vcr/2.0.0"}),
        "Betamax": _jsons({"http_interactions": _betamax(), "recorded_with": "betamax/0.9.0"}),
        "HAR": _jsons({"log": {"version": "1.2", "creator": {"name": "x"}, "entries": _har()}}),
        "Polly.js": _jsons({"log": {"_recordingName": "x", "version": "1.2", "entries": _polly()}})
        + _yamls({"log": {"_recordingName": "x", "entries": _polly()}}),
    }


class _Literal(yaml.SafeDumper):
    """Writes texts of several lines as `|`."""


def _literal(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Literal.add_representer(str, _literal)


class _Double(yaml.SafeDumper):
    """Indents the items of lists."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        return super().increase_indent(flow, False)


def _yamls(value: Any) -> list[bytes]:
    block = yaml.dump(value, Dumper=_Literal, sort_keys=False, allow_unicode=True)
    wide = yaml.dump(value, Dumper=_Double, sort_keys=False, indent=4, width=400)
    flow = yaml.dump(
        value, Dumper=yaml.SafeDumper, sort_keys=False, default_flow_style=True, allow_unicode=True
    )
    return [
        block.encode(),
        yaml.dump(value, Dumper=yaml.CSafeDumper, sort_keys=True).encode(),
        f"---\n{wide}# the end".encode(),
        flow.encode(),
        b"\xef\xbb\xbf" + block.replace("\n", "\r\n").encode(),
        block.encode("utf-16"),
        gzip.compress(block.encode(), mtime=0),
    ]


def _jsons(value: Any) -> list[bytes]:
    return [
        json.dumps(value).encode(),
        json.dumps(value, indent=2, ensure_ascii=False).encode() + b"\n",
        json.dumps(value, separators=(",", ":")).replace("/", "\\/").encode(),
        b"\xef\xbb\xbf" + json.dumps(value, indent="\t").replace("\n", "\r\n").encode(),
    ]


def _messages() -> Iterator[tuple[str, str, str | None, int, str, str | bytes, str]]:
    """Method, URL, request body, status, reason, response body and its media type."""
    yield (
        "GET",
        "https://api.example.com/v1/models?a=1&b=%20",
        None,
        200,
        "OK",
        '{"data": []}',
        "application/json",
    )
    yield (
        "POST",
        "https://api.example.com/v1/chat/completions",
        _ASKED,
        200,
        "OK",
        _STREAM,
        "text/event-stream",
    )
    yield "PUT", "http://example.com/é", "a=1&b=x+y", 404, "Not Found", _PACKED, "application/json"


def _asked_headers(body: str | None) -> dict[str, list[str]]:
    length = {"Content-Length": [str(len(body.encode()))]} if body is not None else {}
    return {"Accept": ["*/*"], **length, "X-Two": ["a: b", "'c'"]}


def _answer_headers(body: str | bytes, kind: str) -> dict[str, list[str]]:
    raw = body if isinstance(body, bytes) else body.encode()
    coding = {"Content-Encoding": ["gzip"]} if isinstance(body, bytes) else {}
    return {
        "Content-Type": [kind],
        **coding,
        "Content-Length": [str(len(raw))],
        "Set-Cookie": ["a=1", "b=2; c"],
    }


def _go(*, ids: bool) -> list[Any]:
    entries = []
    for number, (method, url, asked, status, reason, answer, kind) in enumerate(_messages()):
        length = len((asked or "").encode())
        request: dict[str, Any] = {
            "body": asked or "",
            "form": {},
            "headers": _asked_headers(asked),
            "url": url,
            "method": method,
        }
        response: dict[str, Any] = {"body": answer, "headers": _answer_headers(answer, kind)}
        if ids:
            request |= {"content_length": length, "host": "", "transfer_encoding": []}
            response |= {
                "content_length": len(answer if isinstance(answer, bytes) else answer.encode()),
                "uncompressed": False,
            }
        response |= {"status": f"{status} {reason}", "code": status, "duration": "1.5s" if ids else ""}
        entries.append(({"id": number} if ids else {}) | {"request": request, "response": response})
    return entries


def _vcrpy(*, b: bool) -> list[Any]:
    entries = []
    for method, url, asked, status, reason, answer, kind in _messages():
        body: Any = answer if b or isinstance(answer, str) else answer.decode("latin-1")
        entries.append(
            {
                "request": {"body": asked, "headers": _asked_headers(asked), "method": method, "uri": url},
                "response": {
                    "body": {"string": body},
                    "headers": _answer_headers(answer, kind),
                    "status": {"code": status, "message": reason},
                },
            }
        )
    return entries


def _old_vcrpy() -> list[Any]:
    entries = []
    for entry in _vcrpy(b=False):
        entry["response"]["body"]["string"] = entry["response"]["body"]["string"].replace("\x1f", "")
        entries.append(entry)
    return entries


def _pydantic_ai() -> list[Any]:
    entries = []
    for entry in _vcrpy(b=True):
        asked = entry["request"]
        if asked["body"] and asked["body"].startswith("{"):
            asked["parsed_body"] = json.loads(asked.pop("body"))
            asked["headers"]["Content-Length"] = [str(len(json.dumps(asked["parsed_body"])))]
        asked["headers"] = {name.lower(): value for name, value in asked["headers"].items()}
        answered = entry["response"]
        answered["headers"] = {name.lower(): value for name, value in answered["headers"].items()}
        if str(answered["body"]["string"]).startswith("{"):
            answered["parsed_body"] = json.loads(answered.pop("body")["string"])
        entries.append(entry)
    return entries


def _langchain() -> dict[str, Any]:
    entries = _vcrpy(b=True)
    return {"requests": [e["request"] for e in entries], "responses": [e["response"] for e in entries]}


def _vcr() -> list[Any]:
    entries = []
    for method, url, asked, status, reason, answer, kind in _messages():
        packed = isinstance(answer, bytes)
        body: dict[str, Any] = {"encoding": "ASCII-8BIT" if packed else "UTF-8"}
        body |= (
            {"base64_string": base64.encodebytes(answer).decode()}
            if isinstance(answer, bytes)
            else {"string": answer}
        )
        entries.append(
            {
                "request": {
                    "method": method.lower(),
                    "uri": url,
                    "body": {"encoding": "UTF-8", "string": asked or ""},
                    "headers": _asked_headers(asked),
                },
                "response": {
                    "status": {"code": status, "message": reason},
                    "headers": _answer_headers(answer, kind),
                    "body": body,
                },
                "recorded_at": "Tue, 01 Nov 2022 04:58:44 GMT",
            }
        )
    return entries


def _betamax() -> list[Any]:
    entries = _vcr()
    for entry in entries:
        entry["request"]["method"] = entry["request"]["method"].upper()
        entry["response"]["url"] = entry["request"]["uri"]
        entry["recorded_at"] = "2022-11-01T04:58:44"
    return entries


def _har() -> list[Any]:
    entries = []
    for method, url, asked, status, reason, answer, kind in _messages():
        content: dict[str, Any] = {"mimeType": kind, "size": len(answer)}
        if isinstance(answer, bytes):
            content |= {"encoding": "base64", "text": base64.b64encode(answer).decode()}
        else:
            content |= {"text": answer}
        posted = {"postData": {"mimeType": "application/json", "text": asked}} if asked else {}
        entries.append(
            {
                "startedDateTime": "2022-11-01T04:58:44.000Z",
                "time": 12.5,
                "request": {"method": method, "url": url, "httpVersion": "HTTP/1.1", "cookies": [],
                            "headers": _items(_asked_headers(asked)), "queryString": [], **posted,
                            "headersSize": -1, "bodySize": len(asked or "")},
                "response": {"status": status, "statusText": reason, "httpVersion": "HTTP/1.1", "cookies": [],
                             "headers": _items(_answer_headers(answer, kind)), "content": content,
                             "redirectURL": "", "headersSize": -1, "bodySize": -1},
                "cache": {},
                "timings": {"send": 0, "wait": 12.5, "receive": 0},
            }
        )  # fmt: skip
    return entries


def _items(headers: dict[str, list[str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, values in headers.items() for value in values]


def _polly() -> list[Any]:
    ids = (
        "0053563c13b96bdde5d2dd349b7656d6",
        "0053563c13b96bdde5d2dd349b7656d6",
        "ff53563c13b96bdde5d2dd349b7656d6",
    )
    return [
        {"_id": id_, "_order": order, **entry}
        for id_, order, entry in zip(ids, (0, 1, 0), _har(), strict=True)
    ]
