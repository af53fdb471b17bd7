"""rvcr, VCR for Rust's reqwest (src/lib.rs of rvcr, with the vcr-cassette crate). Read-only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.cassette.families.http_interactions import HttpInteractions, recorder
from viewer.cassette.layout import Syntax

if TYPE_CHECKING:
    from viewer.cassette.formats.base import Probe


class Rvcr(HttpInteractions):
    """rvcr in JSON."""

    name = "rvcr"
    read_only = "rvcr cassettes are read-only here: how rvcr matches and loads them has not been verified."

    def recognises(self, probe: Probe) -> bool:
        return (
            probe.syntax is Syntax.JSON
            and probe.holds("http_interactions")
            and recorder(probe).lower().startswith("rvcr")
        )
