"""Ruby's VCR 2 and later, in YAML and JSON (lib/vcr/structs.rb, lib/vcr/cassette/serializers.rb).

`recorded_at` must be an HTTP date and must be there, or loading raises. A body's string is encoded to the
`encoding` beside it; with `preserve_exact_body_bytes` it is `base64_string`, in lines of 60 (`pack("m")`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from viewer.cassette.body_shapes import RUBY_WIDTH
from viewer.cassette.entry_editor import Text
from viewer.cassette.families.http_interactions import HttpInteractions, is_known, recorder
from viewer.cassette.layout import Syntax

if TYPE_CHECKING:
    from viewer.cassette.formats.base import Probe


class _RubyVcr(HttpInteractions):
    syntax: ClassVar[Syntax]
    lower_method = True
    base64_width = RUBY_WIDTH
    new_body = (("encoding", Text("UTF-8")),)

    def recognises(self, probe: Probe) -> bool:
        if probe.syntax is not self.syntax or not probe.holds("http_interactions"):
            return False
        name = recorder(probe)
        return name.startswith("VCR") or not is_known(name)

    def header_name(self, name: str) -> str:
        """As WebMock normalizes it, since VCR may be told to match by headers."""
        return "-".join(part.capitalize() for part in name.replace("_", "-").split("-"))


class RubyVcrYaml(_RubyVcr):
    """Ruby VCR in YAML, which Psych writes."""

    name = "Ruby VCR"
    syntax = Syntax.YAML
    # Psych's own tag, local to the document.
    binary_tag = "!binary"
    tags_bytes = True


class RubyVcrJson(_RubyVcr):
    """Ruby VCR in JSON."""

    name = "Ruby VCR JSON"
    syntax = Syntax.JSON
