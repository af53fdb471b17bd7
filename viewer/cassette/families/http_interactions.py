"""What the descendants of Ruby's VCR share: Ruby VCR 2 and later, Betamax, R's vcr, and rvcr.

Their list is `http_interactions`; the body has its charset and its bytes beside each other. `recorded_with` says
which tool it was, at the end of the file, or in every entry (old versions of R's vcr).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from viewer.cassette.body_shapes import BodyPlace, Shape, base64_like, is_text, scalar_text
from viewer.cassette.families.tree_editing import set_at
from viewer.cassette.families.tree_format import TreeFormat
from viewer.cassette.node import AnyNode, Mapping, Scalar, find, followed, text_of

if TYPE_CHECKING:
    from viewer.cassette.body import Body
    from viewer.cassette.entry_editor import EntryEditor, New, Text
    from viewer.cassette.formats.base import Path, Probe, Side

_SHAPES = {"base64_string": Shape.BASE64, "raw_gzip": Shape.RAW_GZIP, "string": Shape.TEXT}


class HttpInteractions(TreeFormat):
    """A format whose entries are those of VCR's HTTP interactions."""

    url = ("uri",)
    protocol = ("http_version",)
    # Whether the file's language can hold bytes that are no text in a `string`, as tagged base64.
    tags_bytes: ClassVar[bool] = False
    # The keys of a body that is written anew.
    new_body: ClassVar[tuple[tuple[str, Text], ...]] = ()

    def status_path(self, response: AnyNode) -> Path:
        status = followed(find(response, "status"))
        if status is None:
            return ("status_code",)
        if isinstance(status, Scalar):
            return ("status",)
        return self.status if find(status, "code") is not None else ("status", "status_code")

    def body_place(self, node: AnyNode, side: Side) -> BodyPlace | None:
        if not isinstance(node, Mapping):
            return None
        body = followed(node.get("body"))
        if not isinstance(body, Mapping):
            return BodyPlace(node, "body")
        # Betamax leaves an empty `string` beside the `base64_string` that counts.
        key = next((key for key in _SHAPES if text_of(body.get(key))), None)
        key = key or next((key for key in _SHAPES if body.get(key) is not None), "string")
        return BodyPlace(body, key, _SHAPES[key], text_of(find(body, "encoding")))

    def write_body(self, editor: EntryEditor, node: AnyNode, side: Side, body: Body, raw: bytes) -> None:
        place = self.body_place(node, side)
        if place is not None and place.node is None:
            new: New = (*self.new_body, ("string", scalar_text(raw, self.binary_tag)))
            set_at(editor, node, ("body",), new)
        elif place is not None and self._needs_base64(place, raw):
            self._to_base64(editor, place, raw)
        else:
            super().write_body(editor, node, side, body, raw)

    def _needs_base64(self, place: BodyPlace, raw: bytes) -> bool:
        return (
            place.shape is Shape.TEXT and place.key == "string" and not self.tags_bytes and not is_text(raw)
        )

    def _to_base64(self, editor: EntryEditor, place: BodyPlace, raw: bytes) -> None:
        """Writes a body that is no longer text under `base64_string` instead of `string`."""
        for key, value in place.owner.pairs:
            if text_of(key) == place.key:
                editor.set(key, "base64_string")
                editor.set(value, base64_like(raw, "", self.base64_width))


def recorder(probe: Probe) -> str:
    """What `recorded_with` says, at the top or in the first entry."""
    return probe.text("recorded_with") or text_of(find(probe.first, "recorded_with"))


def is_known(recorded_with: str) -> bool:
    """Whether the name is that of a tool with a format of its own, so that no other format may take the file."""
    return recorded_with.lower().startswith(("betamax", "vcr", "rvcr"))
