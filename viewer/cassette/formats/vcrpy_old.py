"""vcrpy's cassettes before version 1.0, in JSON and YAML: a list of entries with nothing around it.

Source: vcr/migration.py, which turns them into today's. The oldest ones have the URL's parts instead of a URI;
header lines of responses are a list of `Name: value` with the line's end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from viewer.cassette.entry_editor import EntryEditor, Text
from viewer.cassette.families.tree_editing import set_at
from viewer.cassette.families.vcrpy import Vcrpy
from viewer.cassette.layout import Syntax
from viewer.cassette.model import EditError
from viewer.cassette.node import AnyNode, Mapping, find, followed, text_of

if TYPE_CHECKING:
    from viewer.cassette.formats.base import Probe

_DEFAULT_PORTS = {"http": "80", "https": "443"}


class VcrpyOld(Vcrpy):
    """vcrpy before 1.0."""

    name = "vcrpy 0.x"

    def recognises(self, probe: Probe) -> bool:
        if probe.syntax is Syntax.WIRE or probe.layout.path != ():
            return False
        if probe.is_empty:
            return probe.is_bare("[")
        request = followed(find(probe.first, "request"))
        return isinstance(request, Mapping) and (
            request.get("uri") is not None or request.get("host") is not None
        )

    def read_url(self, request: AnyNode) -> str:
        if find(request, "uri") is not None:
            return super().read_url(request)
        scheme, host, port, path = (
            text_of(find(request, part)) for part in ("protocol", "host", "port", "path")
        )
        shown = "" if port == _DEFAULT_PORTS.get(scheme, "") else f":{port}"
        return f"{scheme}://{host}{shown}{path}"

    def write_url(self, editor: EntryEditor, request: AnyNode, value: str) -> None:
        if find(request, "uri") is not None:
            super().write_url(editor, request, value)
            return
        scheme, host, port, path = _parts(value)
        new = {"protocol": Text(scheme), "host": Text(host), "port": Text(port, "int"), "path": Text(path)}
        for key, text in new.items():
            if text_of(find(request, key)) != text.value:
                set_at(editor, request, (key,), text)


def _parts(url: str) -> tuple[str, str, str, str]:
    """Scheme, host, port and the rest of a URL."""
    try:
        parts = urlsplit(url)
        port = str(parts.port) if parts.port else _DEFAULT_PORTS[parts.scheme]
    except (ValueError, KeyError) as err:
        raise EditError(f"{url} is no URL of http or https", remedy="Begin it with https://.") from err
    rest = url.partition("://")[2]
    at = min((found for mark in "/?#" if (found := rest.find(mark)) >= 0), default=len(rest))
    return parts.scheme, parts.hostname or "", port, rest[at:] or "/"
