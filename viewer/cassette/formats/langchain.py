"""langchain's cassettes: vcrpy's requests and responses in two lists beside each other, mostly in a gzip file.

Written by the serializer of langchain-tests (langchain_tests/conftest.py). The n-th response answers the n-th
request, so an interaction has two entries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.cassette.families.vcrpy import Vcrpy
from viewer.cassette.formats.base import Group, Probe, Side
from viewer.cassette.layout import Syntax
from viewer.cassette.node import AnyNode, find, followed

if TYPE_CHECKING:
    from viewer.cassette.entry_editor import EntryEditor


class Langchain(Vcrpy):
    """vcrpy's requests and responses in two lists."""

    name = "langchain"

    def recognises(self, probe: Probe) -> bool:
        if probe.syntax is not Syntax.YAML:
            return False
        if probe.is_empty:
            return probe.get("requests") is not None and probe.get("responses") is not None
        return probe.layout.path == ("requests",) and find(probe.first, "method") is not None

    def side(self, group: Group, side: Side) -> AnyNode | None:
        if side is Side.REQUEST:
            return followed(group[0].root)
        return followed(group[1].root) if len(group) > 1 else None

    def editor_of(self, editors: tuple[EntryEditor, ...], side: Side) -> EntryEditor:
        return editors[0 if side is Side.REQUEST else 1]
