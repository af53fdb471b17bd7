"""vcrpy's YAML cassettes (version 1.0 and later; vcr/serializers/yamlserializer.py).

Written with keys in order, so `version: 1` stands behind the list, in most files. Matching is by method and the
parts of the URL unless a project asks for more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.cassette.families.vcrpy import Vcrpy
from viewer.cassette.layout import Syntax
from viewer.cassette.node import Mapping, find, followed

if TYPE_CHECKING:
    from viewer.cassette.formats.base import Probe


class VcrpyYaml(Vcrpy):
    """vcrpy in YAML, plain or in gzip."""

    name = "vcrpy"

    def recognises(self, probe: Probe) -> bool:
        if probe.syntax is not Syntax.YAML or not probe.holds("interactions"):
            return False
        return probe.is_empty or isinstance(followed(find(probe.first, "request")), Mapping)
