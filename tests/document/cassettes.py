"""Cassettes of any length, written for the tests of documents and lists."""

from __future__ import annotations

from pathlib import Path

from viewer.cassette.cassette import Cassette
from viewer.cassette.source import source_of

METHODS = ("GET", "POST", "PUT")
STATUSES = (200, 404, 500)

_ENTRY = """    - id: {id}
      request:
        body: '{{"model":"{model}","n":{id}}}'
        headers: {{}}
        url: https://{host}/v1/things/{id}
        method: {method}
      response:
        body: body of {id}
        headers: {{}}
        status: {status} Status
        code: {status}
        duration: {duration}ms
"""


def entry(number: int, **changes: object) -> str:
    """The text of one interaction; every third is a POST, every third a 404 …"""
    values: dict[str, object] = {
        "id": number,
        "model": f"model-{number % 5}",
        "host": f"host{number % 2}.example.com",
        "method": METHODS[number % 3],
        "status": STATUSES[number % 3],
        "duration": 1000 - number % 1000,
    }
    return _ENTRY.format(**(values | changes))


def text_of(count: int) -> str:
    """A go-vcr v2 cassette of `count` interactions."""
    return f"---\nversion: 2\ninteractions:\n{''.join(map(entry, range(count)))}" if count else _EMPTY


_EMPTY = "---\nversion: 2\ninteractions: []\n"


def cassette_of(text: str, path: Path | None = None) -> Cassette:
    """The cassette that a text makes."""
    return Cassette.of(source_of(text.encode()), path)


def cassette(count: int) -> Cassette:
    """An open cassette of `count` interactions."""
    return cassette_of(text_of(count))
