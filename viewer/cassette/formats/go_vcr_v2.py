"""go-vcr, cassette format version 2: modules v3 and v4 (pkg/cassette/cassette.go), and charm's x/vcr around v4.

`load` takes version 2 alone. v4's default matcher compares method, URL, headers, body and `content_length` with
the request made, so an edited request body needs its length to follow; `Save` numbers `id` from 0.
"""

from __future__ import annotations

from viewer.cassette.families.go_form import whole_form
from viewer.cassette.families.go_vcr import GoVcr
from viewer.cassette.formats.base import Group, Numbering, Probe
from viewer.cassette.layout import Syntax
from viewer.cassette.node import find, text_of


class GoVcrV2(GoVcr):
    """go-vcr's format version 2."""

    name = "go-vcr v2"
    length = ("content_length",)
    form_readings = (whole_form, *GoVcr.form_readings)
    # DataDog's client writes it inside the request.
    numbering = Numbering(position=(("id",), ("request", "id")))

    def recognises(self, probe: Probe) -> bool:
        # JSON is YAML to Go's decoder.
        return (
            probe.syntax is not Syntax.WIRE and probe.holds("interactions") and probe.text("version") == "2"
        )

    def recorded_id(self, group: Group) -> str:
        root = group[0].root
        return text_of(find(root, "id")) or text_of(find(root, "request", "id"))
