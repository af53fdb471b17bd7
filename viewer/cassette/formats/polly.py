"""Polly.js: HAR, in JSON or (with a persister of the project's own) in YAML.

Replay finds an entry by `_id`, a hash of the request that was made, and `_order` among those with the same hash;
it never reads the recorded request (packages/@pollyjs/persister/src/index.js).
"""

from __future__ import annotations

from viewer.cassette.families.har import Har
from viewer.cassette.formats.base import Group, Numbering, Probe
from viewer.cassette.layout import Syntax
from viewer.cassette.node import find, text_of
from viewer.cassette.patterns import regex

_ID = regex(r"[0-9a-f]{32}\Z")


class Polly(Har):
    """Polly.js's HAR."""

    name = "Polly.js"
    numbering = Numbering(group=("_id",), order="_order")

    def recognises(self, probe: Probe) -> bool:
        if probe.syntax is Syntax.WIRE or not probe.holds("log", "entries"):
            return False
        named = probe.get("log", "_recordingName") is not None
        return named or _ID.match(text_of(find(probe.first, "_id"))) is not None

    def recorded_id(self, group: Group) -> str:
        return text_of(find(group[0].root, "_id"))
