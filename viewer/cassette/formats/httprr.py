"""httprr's traces of HTTP on the wire (golang.org/x/oscar/internal/httprr, langchaingo). Read-only.

wire.py has the layout of records; here their messages are read (RFC 9112).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.cassette.body import Body
from viewer.cassette.charset import encode_text
from viewer.cassette.headers import Headers
from viewer.cassette.layout import Syntax
from viewer.cassette.model import EditError, Interaction, Kind, Request, Response
from viewer.cassette.node import find, text_of, whole_number
from viewer.cassette.patterns import regex

if TYPE_CHECKING:
    from viewer.cassette.entry_editor import EntryEditor
    from viewer.cassette.formats.base import Editing, Group, Probe

_HEAD = regex(rb"([^\n]*?)\r?\n((?:[^\r\n][^\n]*+\n)*+)\r?\n")
_CHUNK = regex(rb"([0-9a-fA-F]{1,8})[^\r\n]*\r?\n")


class Httprr:
    """httprr's trace version 1."""

    name = "httprr"
    read_only = (
        "httprr traces are read-only here: replay compares whole requests byte by byte after scrubbing."
    )

    def recognises(self, probe: Probe) -> bool:
        return probe.syntax is Syntax.WIRE

    def read(self, group: Group, position: int) -> Interaction:
        request, response = (
            encode_text(text_of(find(group[0].root, side))) for side in ("request", "response")
        )
        asked, answered = _message(request), _message(response)
        if asked is None:
            return Interaction(position, Kind.OTHER, None, None, note="This record holds no HTTP request.")
        line, headers, body = asked
        method, _, rest = line.partition(" ")
        url, _, protocol = rest.rpartition(" ")
        return Interaction(
            position,
            Kind.HTTP,
            Request(method.upper(), url, headers, Body(body, headers), protocol),
            _response(*answered) if answered else None,
        )

    def edit(self, group: Group, interaction: Interaction, editors: tuple[EntryEditor, ...]) -> Editing:
        raise EditError(self.read_only)


def _response(line: str, headers: Headers, body: bytes) -> Response:
    protocol, _, rest = line.partition(" ")
    code, _, reason = rest.partition(" ")
    return Response(whole_number(code), reason, headers, Body(body, headers), protocol)


def _message(data: bytes) -> tuple[str, Headers, bytes] | None:
    """First line, headers and body of a message; None where there is no head."""
    head = _HEAD.match(data)
    if head is None:
        return None
    lines = head[2].decode("latin-1").splitlines()
    headers = Headers.of(
        (name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines)
    )
    body = data[head.end() :]
    if "chunked" in headers.get("transfer-encoding").lower():
        body = _joined_chunks(body)
    return head[1].decode("latin-1"), headers, body


def _joined_chunks(body: bytes) -> bytes:
    """The content of a chunked body (RFC 9112, section 7.1); the body itself where it is not chunked as it says."""
    parts: list[bytes] = []
    at = 0
    while (size := _CHUNK.match(body, at)) is not None:
        length = int(size[1], 16)
        if not length:
            return b"".join(parts)
        end = size.end() + length
        parts.append(body[size.end() : end])
        at = end + (2 if body[end : end + 2] == b"\r\n" else 1)
    return body
