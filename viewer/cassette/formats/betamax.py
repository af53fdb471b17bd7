"""Betamax, VCR for Python's requests (betamax/cassette/interaction.py, betamax/util.py).

`recorded_at` must be `%Y-%m-%dT%H:%M:%S`. A compressed body, or any with `preserve_exact_body_bytes`, is a
`base64_string` on one line. The oldest files have a bare string as the body and `status_code` beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.cassette.entry_editor import Text
from viewer.cassette.families.http_interactions import HttpInteractions, is_known, recorder
from viewer.cassette.layout import Syntax
from viewer.cassette.node import find

if TYPE_CHECKING:
    from viewer.cassette.formats.base import Probe


class Betamax(HttpInteractions):
    """Betamax in JSON."""

    name = "Betamax"
    new_body = (("encoding", Text("utf-8")),)

    def recognises(self, probe: Probe) -> bool:
        if probe.syntax is not Syntax.JSON or not probe.holds("http_interactions"):
            return False
        name = recorder(probe)
        # A file without the tool's name: requests alone records the response's own URL.
        return name.startswith("betamax") or (
            not is_known(name) and find(probe.first, "response", "url") is not None
        )
