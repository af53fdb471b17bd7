"""HAR 1.2 as browsers and proxies export it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.cassette.families.har import Har as HarFamily
from viewer.cassette.layout import Syntax
from viewer.cassette.node import Mapping, find, followed

if TYPE_CHECKING:
    from viewer.cassette.formats.base import Probe


class Har(HarFamily):
    """A HAR file that no recorder replays."""

    name = "HAR"

    def recognises(self, probe: Probe) -> bool:
        if probe.syntax is not Syntax.JSON or not probe.holds("log", "entries"):
            return False
        return probe.is_empty or isinstance(followed(find(probe.first, "request")), Mapping)
