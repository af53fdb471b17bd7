"""ExVCR's JSON cassettes (lib/exvcr/json.ex, lib/exvcr/record.ex). Read-only.

A response's type is `ok` or `error`; an error's body is its reason. With `binary` the body is base64 of an Erlang
term, which only Elixir can read. httpc writes the status as `["HTTP/1.1", 200, "OK"]`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from viewer.cassette.families.tree_format import TreeFormat
from viewer.cassette.layout import Syntax
from viewer.cassette.node import AnyNode, Sequence, find, followed, text_of, whole_number

if TYPE_CHECKING:
    from viewer.cassette.formats.base import Group, Probe
    from viewer.cassette.model import Interaction, Response


class ExVcr(TreeFormat):
    """ExVCR in JSON."""

    name = "ExVCR"
    read_only = (
        "ExVCR cassettes are read-only here: their requests are patterns, and bodies may be Erlang terms."
    )
    status = ("status_code",)
    header_lists = False

    def recognises(self, probe: Probe) -> bool:
        if probe.syntax is not Syntax.JSON or probe.layout.path != ():
            return False
        request, response = find(probe.first, "request"), find(probe.first, "response")
        return (
            find(request, "options") is not None
            or text_of(find(response, "type")) in ("ok", "error")
            or (find(request, "url") is not None and find(response, "status_code") is not None)
        )

    def read(self, group: Group, position: int) -> Interaction:
        interaction = super().read(group, position)
        response = find(group[0].root, "response")
        if text_of(find(response, "type")) == "error":
            reason = text_of(find(response, "body"))
            return msgspec.structs.replace(interaction, response=None, note=f"The request failed: {reason}.")
        if text_of(find(response, "binary")) == "true":
            return msgspec.structs.replace(interaction, note="The body is an Erlang term in base64.")
        return interaction

    def read_response(self, node: AnyNode | None) -> Response | None:
        response = super().read_response(node)
        status = followed(find(node, "status_code"))
        if response is None or not isinstance(status, Sequence) or len(status.items) != 3:
            return response
        protocol, code, reason = (text_of(item) for item in status.items)
        return msgspec.structs.replace(response, status=whole_number(code), reason=reason, protocol=protocol)
