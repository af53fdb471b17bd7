"""R's vcr, all versions, in YAML and JSON (R/http_interaction.R, R/serializer.R).

Version 2 has an integer as the status and, for bytes that are no text, `raw_gzip`: base64 of zlib data. Before
that the status is a mapping with `status_code` in quotes, `recorded_with` stands in every entry, and bytes are a
`base64_string` in lines of 76. Header values stand alone. Bodies count in matching.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.cassette.body_shapes import MIME_WIDTH
from viewer.cassette.families.http_interactions import HttpInteractions, is_known, recorder
from viewer.cassette.layout import Syntax
from viewer.cassette.model import Interaction
from viewer.cassette.node import AnyNode, Scalar, find, followed, text_of
from viewer.cassette.yaml_text import resolved_tag

if TYPE_CHECKING:
    from viewer.cassette.formats.base import Group, Probe


class RVcr(HttpInteractions):
    """R's vcr."""

    name = "R vcr"
    header_lists = False
    base64_width = MIME_WIDTH

    def recognises(self, probe: Probe) -> bool:
        if probe.syntax is Syntax.WIRE or not probe.holds("http_interactions"):
            return False
        name = recorder(probe)
        if name.startswith(("vcr/", "VCR-vcr/")):
            return True
        return not is_known(name) and probe.syntax is Syntax.YAML and _has_r_status(probe.first)

    def read(self, group: Group, position: int) -> Interaction:
        interaction = super().read(group, position)
        body = find(group[0].root, "response", "body")
        if text_of(find(body, "file")).lower() in ("yes", "true"):
            note = "The response's body is in a file of its own beside the cassette."
            return Interaction(
                position,
                interaction.kind,
                interaction.request,
                interaction.response,
                recorded_at=interaction.recorded_at,
                note=note,
            )
        return interaction


def _has_r_status(entry: AnyNode | None) -> bool:
    status = followed(find(entry, "response", "status"))
    if isinstance(status, Scalar):
        return resolved_tag(status) == "int"
    return find(status, "status_code") is not None
