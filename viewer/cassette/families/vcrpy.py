"""What vcrpy's cassettes share, in YAML and JSON, and with projects that put a serializer of their own on top.

Source: vcr/serializers/compat.py, vcr/serialize.py and vcr/stubs of vcrpy. A response's body is under
`body.string`; a request's is the value itself. Projects add a `base64_string`, or keep JSON as a tree: under
`data` (Cloud Custodian), or in the request's body itself (aiohttp's `json=` argument as tweepy records it).
"""

from __future__ import annotations

from viewer.cassette.body_shapes import BodyPlace, Shape
from viewer.cassette.families.tree_format import TreeFormat
from viewer.cassette.formats.base import Path, Side
from viewer.cassette.node import AnyNode, Mapping, Scalar, Sequence, find, followed, text_of

_SHAPES = {"string": Shape.TEXT, "base64_string": Shape.BASE64, "data": Shape.TREE}


class Vcrpy(TreeFormat):
    """A format whose entries are those of vcrpy."""

    url = ("uri",)
    protocol = ("http_version",)

    def status_path(self, response: AnyNode) -> Path:
        # vcrpy 2 to 5 recorded httpx so (vcr/stubs/httpx_stubs.py).
        return ("status_code",) if find(response, "status") is None else self.status

    def body_place(self, node: AnyNode, side: Side) -> BodyPlace | None:
        if not isinstance(node, Mapping):
            return None
        if side is Side.RESPONSE and node.get("body") is None and node.get("content") is not None:
            return BodyPlace(node, "content")
        body = followed(node.get("body"))
        if isinstance(body, Mapping):
            return _place_inside(node, body, side)
        if isinstance(body, Sequence):
            return BodyPlace(node, "body", Shape.TREE)
        return BodyPlace(node, "body")


def _place_inside(node: Mapping, body: Mapping, side: Side) -> BodyPlace:
    if body.tag.endswith(":_io.BytesIO") and isinstance(followed(find(body, "state", 0)), Scalar):
        # What a file object had in it: its state is the bytes, the position, and its attributes.
        return BodyPlace(body, "state", item=0)
    # `base64_string` wins over the empty `string` that stands beside it.
    for key in ("base64_string", "string", "data"):
        value = body.get(key)
        if value is not None and (key != "base64_string" or text_of(value)):
            return BodyPlace(body, key, _SHAPES[key])
    return BodyPlace(body, "string") if side is Side.RESPONSE else BodyPlace(node, "body", Shape.TREE)
