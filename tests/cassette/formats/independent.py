"""Readers of cassettes that share no code with the program: PyYAML and json, and each recorder's rules again.

`read(path)` gives what a file holds as plain values; entries that are no HTTP interaction come as None.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import csv
import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HeaderList = list[tuple[str, str]]


@dataclass
class Message:
    """A request (`first` is method and URL) or a response (`first` is the status)."""

    first: tuple[Any, ...]
    headers: HeaderList
    body: bytes | None


@dataclass
class Expected:
    """What one interaction holds."""

    request: Message
    response: Message | None


class _Loader(yaml.CSafeLoader):
    """Takes unknown tags for what they stand on, and dates for text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def _any(loader: Any, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return tuple(loader.construct_sequence(node, deep=True))
    if suffix == "binary":
        return base64.b64decode(node.value)
    return node.value


_Loader.add_multi_constructor("!", _any)
_Loader.add_multi_constructor("tag:yaml.org,2002:python/", _any)
_Loader.add_constructor("!", lambda loader, node: _any(loader, "", node))


def load(data: bytes) -> Any:
    """The value of a cassette's bytes."""
    if data.startswith(b"\x1f\x8b"):
        data = gzip.decompress(data)
    text = data.decode("utf-16") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else data.decode("utf-8-sig")
    if text.lstrip()[:1] in ("{", "["):
        # Flow style of YAML begins alike.
        with contextlib.suppress(json.JSONDecodeError):
            return json.loads(text)
    return yaml.load(text, _Loader)


def index(corpus: Path) -> dict[str, dict[str, str]]:
    """INDEX.tsv by path."""
    with (corpus / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        return {row["path"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}


def read(data: bytes, format_: str) -> list[Expected | None]:
    """The interactions of a cassette; `format_` is its name in INDEX.tsv, which is that of its folder."""
    if format_ == "httprr":
        return _httprr(gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data)
    return [READERS[format_](entry) for entry in entries(load(data))]


def entries(value: Any) -> list[Any]:
    """The list of a loaded cassette; langchain's two lists as pairs."""
    if isinstance(value, list):
        return value
    if "requests" in value:
        pairs = zip(value["requests"], value["responses"], strict=True)
        return [{"request": request, "response": response} for request, response in pairs]
    found = value.get("interactions", value.get("http_interactions"))
    if found is None:
        found = value["log"]["entries"] if "log" in value else []
    return list(found)


# --- parts


def _bytes(value: Any) -> bytes | None:
    if value is None or isinstance(value, bytes):
        return value
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else json.dumps(value).encode()


def _texts(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list | tuple) else [value]:
        if isinstance(item, bytes):
            yield item.decode("latin-1")
        else:
            yield "" if item is None else str(item)


def _name(key: Any) -> str:
    while isinstance(key, tuple):
        key = key[0]
    return str(key)


def _headers(value: Any) -> HeaderList:
    if isinstance(value, dict):
        return [(_name(key), text) for key, values in value.items() for text in _texts(values)]
    found: HeaderList = []
    for item in value or []:
        if isinstance(item, dict):
            found.extend((item["name"], text) for text in _texts(item["value"]))
        elif isinstance(item, list | tuple):
            found.extend((item[0], text) for text in _texts(item[1]))
        else:
            name, _, rest = item.partition(":")
            found.append((name.strip(), rest.strip()))
    return found


# --- formats


def _go_vcr(entry: Any) -> Expected:
    asked, answered = entry["request"], entry["response"]
    return Expected(
        Message(
            (asked["method"].upper(), asked["url"]),
            _headers(asked.get("headers")),
            _bytes(asked.get("body")),
        ),
        Message((answered["code"],), _headers(answered.get("headers")), _bytes(answered.get("body"))),
    )


def _vcrpy(entry: Any) -> Expected | None:
    if "request" not in entry:
        return None
    asked, answered = entry["request"], entry["response"]
    url = asked.get("uri")
    if url is None:
        url = (
            f"{asked['protocol']}://{asked['host']}" + f":{asked['port']}".removesuffix(":80") + asked["path"]
        )
    status = answered["status"]["code"] if "status" in answered else answered["status_code"]
    return Expected(
        Message((asked["method"].upper(), url), _headers(asked["headers"]), _vcrpy_body(asked, request=True)),
        Message((status,), _headers(answered["headers"]), _vcrpy_body(answered, request=False)),
    )


def _vcrpy_body(message: Any, *, request: bool) -> bytes | None:
    if message.get("parsed_body") is not None:
        return json.dumps(message["parsed_body"]).encode()
    if "content" in message:
        return _bytes(message["content"])
    body = message.get("body")
    if request or not isinstance(body, dict):
        return _bytes(body)
    return _bytes(body["data"] if "data" in body else body["string"])


def _http_interactions(entry: Any) -> Expected:
    asked, answered = entry["request"], entry["response"]
    status = answered.get("status", answered.get("status_code"))
    if isinstance(status, dict):
        status = status.get("code", status.get("status_code"))
    return Expected(
        Message((asked["method"].upper(), asked["uri"]), _headers(asked.get("headers")), _vcr_body(asked)),
        Message((int(status),), _headers(answered["headers"]), _vcr_body(answered)),
    )


def _vcr_body(message: Any) -> bytes | None:
    body = message.get("body")
    if not isinstance(body, dict):
        return _bytes(body)
    if body.get("base64_string"):
        return base64.b64decode(body["base64_string"])
    if "raw_gzip" in body:
        return zlib.decompress(base64.b64decode(body["raw_gzip"]), 47)
    return _bytes(body.get("string", body.get("base64_string")))


def _har(entry: Any) -> Expected:
    asked, answered = entry["request"], entry["response"]
    return Expected(
        Message(
            (asked["method"].upper(), asked["url"]),
            _headers(asked["headers"]),
            _har_body(asked.get("postData", {})),
        ),
        Message((answered["status"],), _headers(answered["headers"]), _har_answer(entry)),
    )


def _har_answer(entry: Any) -> bytes | None:
    """The content; of a WebSocket, which has none, what was received, a message a line."""
    body = _har_body(entry["response"]["content"])
    messages = [
        message["data"] for message in entry.get("_webSocketMessages", ()) if message["type"] == "receive"
    ]
    received = "".join(message.rstrip("\n") + "\n" for message in messages)
    return body or (received.encode() if messages else body)


def _har_body(content: Any) -> bytes | None:
    text = content.get("text")
    if text is not None and content.get("encoding") == "base64":
        try:
            return base64.b64decode(text, validate=True)
        except binascii.Error:
            pass
    return _bytes(text)


def _php_vcr(entry: Any) -> Expected:
    asked, answered = entry["request"], entry["response"]
    return Expected(
        Message((asked["method"], asked["url"]), _headers(asked["headers"]), _bytes(asked.get("body"))),
        Message(
            (int(answered["status"]["code"]),), _headers(answered["headers"]), _bytes(answered.get("body"))
        ),
    )


def _easyvcr(entry: Any) -> Expected:
    asked, answered = entry["Request"], entry["Response"]
    return Expected(
        Message(
            (asked["Method"], asked["Uri"]),
            _headers(asked["RequestHeaders"]) + _headers(asked["ContentHeaders"]),
            _bytes(asked["Body"]),
        ),
        Message(
            (answered["Status"]["Code"],),
            _headers(answered["ResponseHeaders"]) + _headers(answered["ContentHeaders"]),
            _bytes(answered["Body"]),
        ),
    )


def _exvcr(entry: Any) -> Expected:
    asked, answered = entry["request"], entry["response"]
    request = Message(
        (asked.get("method", "").upper(), asked["url"]),
        _headers(asked.get("headers")),
        _bytes(asked.get("body")),
    )
    if answered.get("type") == "error":
        return Expected(request, None)
    status = answered["status_code"]
    code = status[1] if isinstance(status, list) else status
    return Expected(
        request, Message((code,), _headers(answered.get("headers")), _bytes(answered.get("body")))
    )


def _httprr(data: bytes) -> list[Expected | None]:
    found: list[Expected | None] = []
    rest = data.removeprefix(b"httprr trace v1\n")
    while rest:
        lengths, rest = rest.split(b"\n", 1)
        asked, answered = (int(length) for length in lengths.split())
        request, response, rest = rest[:asked], rest[asked : asked + answered], rest[asked + answered :]
        first, headers, body = _wire(request)
        method, url, _ = first.split(" ")
        code, answered_headers, content = _wire(response)
        found.append(
            Expected(
                Message((method, url), headers, body),
                Message((int(code.split(" ")[1]),), answered_headers, content),
            )
        )
    return found


def _wire(data: bytes) -> tuple[str, HeaderList, bytes]:
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode().splitlines()
    return first, [(line.split(": ", 1)[0], line.split(": ", 1)[1]) for line in lines], body


READERS: dict[str, Callable[[Any], Expected | None]] = {
    "go-vcr-v1": _go_vcr,
    "go-vcr-v2": _go_vcr,
    "seed": _go_vcr,
    "vcrpy-yaml": _vcrpy,
    "vcrpy-json": _vcrpy,
    "vcrpy-gz": _vcrpy,
    "vcrpy-0x": _vcrpy,
    "pydantic-ai": _vcrpy,
    "ruby-vcr": _http_interactions,
    "ruby-vcr-json": _http_interactions,
    "betamax-json": _http_interactions,
    "rvcr-json": _http_interactions,
    "r-vcr": _http_interactions,
    "har": _har,
    "polly-har": _har,
    "php-vcr": _php_vcr,
    "easyvcr-json": _easyvcr,
    "exvcr-json": _exvcr,
}
