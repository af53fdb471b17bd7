"""The corpus's interactions, loaded by PyYAML and json alone, apart from the program's own readers."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from viewer.cassette.body import Body
from viewer.cassette.model import Headers, Request, Response
from viewer.stream import Reading, read

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Recording:
    """One recorded interaction in plain values."""

    place: str
    method: str
    url: str
    asked: bytes
    status: int | None
    headers: Pairs
    answer: bytes

    def read(self) -> Reading:
        """What the program makes of it."""
        request = Request(self.method, self.url, Headers(), Body(self.asked))
        headers = Headers.of(self.headers)
        return read(request, Response(self.status, "", headers, Body(self.answer, headers)))


class _Loader(yaml.CSafeLoader):
    """Loads every tag as the plain value below it."""

    yaml_constructors = {  # noqa: RUF012
        tag: constructor
        for tag, constructor in yaml.CSafeLoader.yaml_constructors.items()
        if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:map")
    }


def _plain(loader: yaml.CSafeLoader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        pairs = [(loader.construct_object(key, deep=True), value) for key, value in node.value]
        return {str(key): loader.construct_object(value, deep=True) for key, value in pairs}
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    text = loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode) else ""
    return base64.b64decode(text) if suffix == "binary" else text


_Loader.add_multi_constructor("tag:yaml.org,2002:python/", _plain)
_Loader.add_multi_constructor("!", _plain)
_Loader.add_multi_constructor("tag:yaml.org,2002:timestamp", _plain)
_Loader.add_multi_constructor("tag:yaml.org,2002:map", _plain)


def recordings(corpus: Path) -> Iterator[Recording]:
    """Every HTTP interaction of the corpus that plain loaders understand."""
    for path in sorted(corpus.rglob("*")):
        if path.is_file() and path.suffix not in (".tsv", ".md") and "malformed" not in path.parts:
            yield from _recordings_of(path, str(path.relative_to(corpus)))


def _recordings_of(path: Path, name: str) -> Iterator[Recording]:
    try:
        document = _load(path)
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, zlib.error):
        return
    for position, (asked, answered) in enumerate(_pairs(document)):
        if isinstance(asked, dict) and isinstance(answered, dict):
            yield _recording(f"{name}#{position}", asked, answered)


def _load(path: Path) -> Any:
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    elif path.suffix == ".zz":
        data = zlib.decompress(data)
    text = data.decode("utf-8-sig", "surrogateescape")
    return json.loads(text) if text.lstrip()[:1] in ("{", "[") else yaml.load(text, Loader=_Loader)


def _pairs(document: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(document, dict) and "requests" in document:
        yield from zip(document["requests"], document["responses"], strict=False)
        return
    if isinstance(document, dict) and isinstance(document.get("log"), dict):
        items = document["log"].get("entries") or []
    elif isinstance(document, dict):
        items = document.get("interactions") or document.get("http_interactions") or []
    else:
        items = document if isinstance(document, list) else []
    for item in items:
        if isinstance(item, dict):
            yield item.get("request") or item.get("Request"), item.get("response") or item.get("Response")


def _recording(place: str, asked: dict[str, Any], answered: dict[str, Any]) -> Recording:
    status = answered.get("code") or answered.get("status_code") or answered.get("status")
    if isinstance(status, dict):
        status = status.get("code", status.get("status_code"))
    return Recording(
        place,
        str(asked.get("method") or "GET").upper(),
        str(asked.get("url") or asked.get("uri") or asked.get("Uri") or ""),
        _inflated(_body(asked)),
        int(str(status)) if str(status).isdigit() else None,
        list(_headers(answered.get("headers"))),
        _inflated(_body(answered)),
    )


def _body(side: dict[str, Any]) -> bytes:
    if "parsed_body" in side:
        return json.dumps(side["parsed_body"]).encode()
    if "postData" in side:
        return _bytes((side["postData"] or {}).get("text"))
    if isinstance(side.get("content"), dict):
        return _har_content(side["content"])
    return _bytes(side.get("body") or side.get("content"))


def _har_content(content: dict[str, Any]) -> bytes:
    text = content.get("text") or ""
    try:
        if content.get("encoding") == "base64" and text.startswith("["):
            return b"".join(base64.b64decode(piece) for piece in json.loads(text))
        if content.get("encoding") == "base64":
            return base64.b64decode(text, validate=True)
    except ValueError:
        pass  # some recorders say base64 and write plain text
    return _bytes(text)


def _bytes(value: Any) -> bytes:
    if isinstance(value, dict):
        if "base64_string" in value:
            return base64.b64decode(value["base64_string"])
        return _bytes(next((value[name] for name in ("string", "body") if name in value), None))
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    return value if isinstance(value, bytes) else b""


def _inflated(data: bytes) -> bytes:
    try:
        return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    except (OSError, EOFError, zlib.error):
        return data


def _headers(headers: Any) -> Iterator[tuple[str, str]]:
    if isinstance(headers, dict):
        for name, value in headers.items():
            for item in value if isinstance(value, list) else [value]:
                yield str(name), str(item)
    for header in headers if isinstance(headers, list) else []:
        if isinstance(header, dict):
            yield str(header.get("name")), str(header.get("value"))
