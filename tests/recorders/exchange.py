"""What goes over the wire in a test: a call that a client makes, and the answer that it gets."""

from __future__ import annotations

import gzip
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from typing import Any

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A request as a client makes it; `body` is None where none is sent."""

    method: str
    url: str
    headers: Pairs = ()
    body: bytes | None = None

    def as_json(self) -> dict[str, Any]:
        """What a driver is told."""
        body = None if self.body is None else b64encode(self.body).decode()
        return {"method": self.method, "url": self.url, "headers": self.headers, "body": body}


@dataclass(frozen=True, slots=True)
class Answer:
    """A response as the client got it from the recorder; `error` is the recorder's own word that there is none.

    Headers are in order of their names, and those in lower case: recorders keep them in mappings.
    """

    status: int = 0
    reason: str = ""
    headers: Pairs = ()
    body: bytes = b""
    error: str = ""

    @classmethod
    def of_json(cls, found: dict[str, Any]) -> Answer:
        """What a driver said."""
        if found.get("error"):
            return cls(error=found["error"])
        headers = sorted((name.lower(), value) for name, value in found["headers"])
        return cls(found["status"], found["reason"], tuple(headers), b64decode(found["body"]))

    @property
    def content(self) -> bytes:
        """The body without its gzip coding."""
        return gzip.decompress(self.body) if self.body.startswith(b"\x1f\x8b") else self.body

    def header(self, name: str) -> str:
        """The value of a header that is there once or never ("")."""
        return next((value for key, value in self.headers if key == name), "")

    def with_header(self, name: str, value: str) -> Answer:
        """The answer with one more header line."""
        return replace(self, headers=tuple(sorted([*self.headers, (name.lower(), value)])))

    def without_header(self, name: str, value: str | None = None) -> Answer:
        """The answer without the lines of a header, or without the one that has this value."""
        kept = [pair for pair in self.headers if pair[0] != name or value not in (None, pair[1])]
        return replace(self, headers=tuple(kept))

    def with_body(self, body: bytes) -> Answer:
        """The answer with another body, and the `content-length` of that if it had the old one's."""
        answer = replace(self, body=body)
        if self.header("content-length") != str(len(self.body)):
            return answer
        return answer.without_header("content-length").with_header("content-length", str(len(body)))
