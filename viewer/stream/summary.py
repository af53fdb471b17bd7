"""What a row of a list shows of an answer, without reading all of a long stream."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from viewer.cassette.patterns import regex
from viewer.stream import assembly, framing
from viewer.stream.event import Event, Framing
from viewer.stream.telling import tell
from viewer.stream.transcript import Transcript, Usage

if TYPE_CHECKING:
    from viewer.stream.providers.base import Provider

HEAD = 32 * 1024
"""How much of a long stream's beginning is read."""
_TAIL = 96 * 1024
_TOOL = regex(rb'"(?:tool_calls|tool_use|functionCall|function_call|toolUse)"\s*[:,}]\s*+(?!null|\[\s*\])')
_BORDER = {Framing.SSE: re.compile(rb"\r?\n\r?\n"), Framing.NDJSON: re.compile(rb"\n")}


class Summary(msgspec.Struct, frozen=True):
    """Model, tokens and the like of an answer. `has_tool_call` goes by the body's bytes."""

    model: str = ""
    usage: Usage = msgspec.field(default=Usage())
    finish_reason: str = ""
    error: str = ""
    has_stream: bool = False
    has_tool_call: bool = False
    provider: str = ""
    service: str = ""

    @property
    def tokens(self) -> int | None:
        """All tokens that the API counted, None where it did not."""
        return self.usage.tokens


def is_long(content: bytes, framed: Framing) -> bool:
    """Whether a summary is worth taking from the stream's two ends alone."""
    return framed in _BORDER and len(content) > 2 * (HEAD + _TAIL)


def of_ends(content: bytes, framed: Framing, provider: Provider | None) -> Transcript:
    """The transcript of a long stream's first and last events: all that a summary needs."""
    border = _BORDER[framed]
    first, last = content[:HEAD], content[-_TAIL:]
    cuts = [match.end() for match in border.finditer(first)]
    start = border.search(last)
    events = framing.decode(first[: cuts[-1]] if cuts else b"", framed)
    events += framing.decode(last[start.end() :] if start else b"", framed)
    return assembly.assemble(tell(_renumbered(events), provider).deltas)


def _renumbered(events: list[Event]) -> list[Event]:
    return [
        Event(
            index,
            event.start,
            event.end,
            event.data,
            event.name,
            kind=event.kind,
            is_complete=event.is_complete,
        )
        for index, event in enumerate(events)
    ]


def has_tool_call(content: bytes) -> bool:
    """Whether a tool call's words stand in the body with something behind them."""
    return _TOOL.search(content) is not None
