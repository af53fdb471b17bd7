"""Ruby's VCR 1.x: a list of marshalled structs (`!ruby/struct:VCR::HTTPInteraction`). Read-only.

VCR 2 cannot load these files; they are migrated by `VCR::Cassette::Migrator` (lib/vcr/cassette/migrator.rb).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.cassette.families.http_interactions import HttpInteractions
from viewer.cassette.layout import Syntax
from viewer.cassette.model import Request
from viewer.cassette.node import AnyNode, Mapping

if TYPE_CHECKING:
    from viewer.cassette.formats.base import Probe

_TAG = "!ruby/struct:VCR"


class RubyVcr1(HttpInteractions):
    """Ruby VCR 1.x in YAML."""

    name = "Ruby VCR 1.x"
    read_only = (
        "Ruby VCR 1.x cassettes are read-only here: VCR 2 and later cannot load them. "
        "Migrate the file with VCR's own migrator first."
    )

    def recognises(self, probe: Probe) -> bool:
        if probe.syntax is not Syntax.YAML or not isinstance(probe.first, Mapping):
            return False
        return probe.first.tag.startswith(_TAG)

    def read_request(self, node: AnyNode) -> Request:
        request = super().read_request(node)
        return Request(request.method.removeprefix(":"), request.url, request.headers, request.body)
