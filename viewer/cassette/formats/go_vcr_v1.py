"""go-vcr, cassette format version 1: modules v1 and v2 (cassette/cassette.go).

The matcher compares method and URL alone, and no length is recorded, so a body can change without anything else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.cassette.families.go_vcr import GoVcr
from viewer.cassette.layout import Syntax
from viewer.cassette.node import Mapping, find

if TYPE_CHECKING:
    from viewer.cassette.formats.base import Probe


class GoVcrV1(GoVcr):
    """go-vcr's format version 1; its entries know no `proto` and no lengths."""

    name = "go-vcr v1"

    def recognises(self, probe: Probe) -> bool:
        if probe.syntax is Syntax.WIRE or not probe.holds("interactions"):
            return False
        if probe.is_empty:
            # vcrpy and pydantic-ai write `version: 1` too, but no document's start before it.
            return probe.data.startswith(b"---") and probe.text("version") == "1"
        request = find(probe.first, "request")
        if not isinstance(request, Mapping) or request.get("uri") is not None:
            return False
        return request.get("url") is not None or request.get("form") is not None
