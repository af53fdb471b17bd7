"""vcrpy's JSON cassettes (version 1.0 and later; vcr/serializers/jsonserializer.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.cassette.families.vcrpy import Vcrpy
from viewer.cassette.layout import Syntax
from viewer.cassette.node import Mapping, find, followed

if TYPE_CHECKING:
    from viewer.cassette.formats.base import Probe


class VcrpyJson(Vcrpy):
    """vcrpy in JSON, whose strings can hold text alone."""

    name = "vcrpy JSON"

    def recognises(self, probe: Probe) -> bool:
        if probe.syntax is not Syntax.JSON:
            return False
        if probe.is_empty:
            return probe.holds("interactions") or probe.is_bare("{")
        return probe.holds("interactions") and isinstance(followed(find(probe.first, "request")), Mapping)
