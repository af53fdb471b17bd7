"""php-vcr's cassettes in YAML and JSON (src/VCR/Storage, src/VCR/Request.php). Read-only.

The reader of YAML splits records at lines that begin with `-`, so a list with its dashes in the first column is
all it takes; that of JSON counts braces. Headers, body and form fields count in matching.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.cassette.families.tree_format import TreeFormat
from viewer.cassette.layout import Syntax
from viewer.cassette.node import AnyNode, Scalar, find, finite_number, followed, text_of

if TYPE_CHECKING:
    from viewer.cassette.formats.base import Group, Path, Probe


class PhpVcr(TreeFormat):
    """php-vcr in YAML or JSON."""

    name = "php-vcr"
    read_only = (
        "php-vcr cassettes are read-only here: php-vcr reads them line by line and not as YAML or JSON, "
        "so that an edit could make it lose a record."
    )
    header_lists = False

    def recognises(self, probe: Probe) -> bool:
        if probe.syntax is Syntax.WIRE or probe.layout.path != ():
            return False
        request = find(probe.first, "request")
        return find(request, "url") is not None and find(request, "method") is not None

    def status_path(self, response: AnyNode) -> Path:
        # The first versions had the number alone.
        return ("status",) if isinstance(followed(find(response, "status")), Scalar) else self.status

    def duration(self, group: Group) -> float | None:
        text = text_of(find(group[0].root, "response", "curl_info", "total_time"))
        return finite_number(text)
