"""EasyVCR's JSON cassettes: a list with times, in the letter case of the language that wrote it. Read-only.

C# writes `RecordedAt`, Java and others `recordedAt`; headers of the content stand apart from the message's own.
Described from files, not from the recorder's source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.cassette import header_shapes
from viewer.cassette.body import Body
from viewer.cassette.body_shapes import scalar_bytes
from viewer.cassette.headers import Headers
from viewer.cassette.layout import Syntax
from viewer.cassette.model import EditError, Interaction, Kind, Request, Response
from viewer.cassette.node import AnyNode, Mapping, finite_number, followed, text_of, whole_number

if TYPE_CHECKING:
    from viewer.cassette.entry_editor import EntryEditor
    from viewer.cassette.formats.base import Editing, Group, Probe

_HEADER_KEYS = ("requestheaders", "responseheaders", "contentheaders", "headers")


class EasyVcr:
    """EasyVCR in JSON."""

    name = "EasyVCR"
    read_only = (
        "EasyVCR cassettes are read-only here: how EasyVCR matches and loads them has not been verified."
    )

    def recognises(self, probe: Probe) -> bool:
        if probe.syntax is not Syntax.JSON or probe.layout.path != ():
            return False
        return _get(probe.first, "recordedat") is not None or _get(probe.first, "duration") is not None

    def read(self, group: Group, position: int) -> Interaction:
        root = group[0].root
        request, response = _get(root, "request"), _get(root, "response")
        if not isinstance(request, Mapping):
            return Interaction(position, Kind.OTHER, None, None, note="This entry holds no HTTP request.")
        return Interaction(
            position,
            Kind.HTTP,
            _request(request),
            _response(response) if isinstance(response, Mapping) else None,
            duration=_seconds(text_of(_get(root, "duration"))),
            recorded_at=text_of(_get(root, "recordedat")),
        )

    def edit(self, group: Group, interaction: Interaction, editors: tuple[EntryEditor, ...]) -> Editing:
        raise EditError(self.read_only)


def _request(node: Mapping) -> Request:
    headers = _headers(node)
    return Request(
        text_of(_get(node, "method")).upper(), text_of(_get(node, "uri")), headers, _body(node, headers)
    )


def _response(node: Mapping) -> Response:
    headers = _headers(node)
    status = _get(node, "status")
    code = text_of(_get(status, "code"))
    return Response(
        status=whole_number(code),
        reason=text_of(_get(status, "message")),
        headers=headers,
        body=_body(node, headers),
        protocol=text_of(_get(node, "httpversion")),
    )


def _body(node: Mapping, headers: Headers) -> Body:
    return Body(scalar_bytes(_get(node, "body")), headers)


def _headers(node: Mapping) -> Headers:
    parts = [header_shapes.read_headers(_get(node, key)) for key in _HEADER_KEYS]
    return Headers(tuple(header for part in parts for header in part))


def _get(node: AnyNode | None, key: str) -> AnyNode | None:
    """The value under a key in whatever letter case; `key` is in lower case."""
    node = followed(node)
    if not isinstance(node, Mapping):
        return None
    return next(
        (followed(value) for name, value in node.items() if name.lower().replace("_", "") == key), None
    )


def _seconds(milliseconds: str) -> float | None:
    number = finite_number(milliseconds)
    return None if number is None else number / 1000
