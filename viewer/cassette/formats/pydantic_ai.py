"""pydantic-ai's cassettes: vcrpy's, written by a serializer of its own (tests/json_body_serializer.py).

A JSON body stands as a tree under `parsed_body`; loading dumps it again with `json.dumps`, so a request's
`content-length` has to be the length of that (botocore compares the two). gRPC calls (xAI) and WebSocket messages
(realtime models) stand in cassettes of the same form, as samples instead of requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.cassette.body_shapes import BodyPlace, Shape, is_null
from viewer.cassette.families.vcrpy import Vcrpy
from viewer.cassette.layout import Syntax
from viewer.cassette.model import Interaction, Kind
from viewer.cassette.new_text import line_start
from viewer.cassette.node import AnyNode, Mapping, Scalar, find, text_of

if TYPE_CHECKING:
    from viewer.cassette.formats.base import Group, Probe, Side

_TREE = "parsed_body"
# `parsed_body` may stand in a later entry alone: so much of the file is searched for it.
_SEARCHED = 1 << 24
_GRPC_KEYS = frozenset({"request_sample", "response_sample", "request_stream", "response_stream"})


class PydanticAi(Vcrpy):
    """vcrpy with JSON bodies as trees."""

    name = "pydantic-ai"

    def recognises(self, probe: Probe) -> bool:
        if probe.syntax is not Syntax.YAML or not probe.holds("interactions"):
            return False
        if probe.is_empty:
            # Its serializers for what is no HTTP write the version in front; vcrpy has it behind, go-vcr behind `---`.
            return probe.data.startswith(b"version:")
        if _kind(probe.first) is not Kind.OTHER:
            return True
        sides = (find(probe.first, "request", _TREE), find(probe.first, "response", _TREE))
        return any(side is not None for side in sides) or _has_tree_key(probe)

    def read(self, group: Group, position: int) -> Interaction:
        kind = _kind(group[0].root)
        if kind is Kind.OTHER:
            return super().read(group, position)
        return Interaction(position, kind, None, None, note=_note(kind, group[0].root))

    def body_place(self, node: AnyNode, side: Side) -> BodyPlace | None:
        tree = find(node, _TREE)
        if (
            isinstance(node, Mapping)
            and tree is not None
            and not (isinstance(tree, Scalar) and is_null(tree))
        ):
            return BodyPlace(node, _TREE, Shape.TREE)
        return super().body_place(node, side)


def _kind(entry: AnyNode | None) -> Kind:
    """What an entry is, OTHER where it is a request with its response."""
    if not isinstance(entry, Mapping):
        return Kind.OTHER
    keys = {key for key, _ in entry.items()}
    if keys & _GRPC_KEYS:
        return Kind.GRPC
    return Kind.WEBSOCKET if {"kind", "direction"} <= keys else Kind.OTHER


def _note(kind: Kind, entry: AnyNode) -> str:
    if kind is Kind.GRPC:
        streams = find(entry, "response_stream") is not None
        return f"A gRPC call {'with a stream of answers' if streams else 'with its answer'}, shown as text."
    return f"A WebSocket {text_of(find(entry, 'kind'), 'entry')}, {text_of(find(entry, 'direction'))}; shown as text."


def _has_tree_key(probe: Probe) -> bool:
    """Whether some message of an entry has the key: at the column of the first message's keys."""
    request = find(probe.first, "request")
    if not isinstance(request, Mapping) or request.flow or not request.pairs:
        return False
    first = probe.layout.pieces.text(probe.layout.pieces.entries()[0])
    column = request.pairs[0][0].start - line_start(first, request.pairs[0][0].start)
    return probe.data.find(b"\n" + b" " * column + b"parsed_body:", 0, _SEARCHED) >= 0
