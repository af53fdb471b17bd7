"""What an event adds, as one of few kinds with a colour each: ticks of the replay, rows of the table."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import TYPE_CHECKING

from viewer.stream.transcript import Delta, PartKind
from viewer.ui.theme import Theme, mix

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

    from viewer.stream.reading import Reading


class EventTint(Enum):
    """How an event is coloured; later ones win where an event adds several things."""

    REST = 0
    REASONING = 1
    TEXT = 2
    TOOL = 3
    ERROR = 4


_TINTS = {
    PartKind.TEXT: EventTint.TEXT,
    PartKind.REFUSAL: EventTint.TEXT,
    PartKind.IMAGE: EventTint.TEXT,
    PartKind.AUDIO: EventTint.TEXT,
    PartKind.REASONING: EventTint.REASONING,
    PartKind.TOOL_CALL: EventTint.TOOL,
    PartKind.TOOL_RESULT: EventTint.TOOL,
    PartKind.ERROR: EventTint.ERROR,
}


def event_tints(reading: Reading) -> list[EventTint]:
    """The tint of each event of a reading."""
    tints = [EventTint.REST] * len(reading.events)
    for delta in reading.deltas:
        tint = tint_of(delta)
        if 0 <= delta.event < len(tints) and tint.value > tints[delta.event].value:
            tints[delta.event] = tint
    return tints


def tint_of(delta: Delta) -> EventTint:
    """The tint of what one delta adds; deltas that bring nothing to see are the rest."""
    brings = delta.text or delta.name or delta.media is not None
    return _TINTS.get(delta.kind, EventTint.REST) if brings else EventTint.REST


def tint_color(tint: EventTint, theme: Theme) -> QColor:
    """The colour of a tint on the pane."""
    return {
        EventTint.REASONING: theme.reasoning,
        EventTint.TEXT: theme.accent,
        EventTint.TOOL: theme.keyword,
        EventTint.ERROR: theme.error,
    }.get(tint, theme.dim)


def tick_color(tint: EventTint, theme: Theme) -> QColor:
    """The colour of a tint where it is no text: the amber of reasoning may be brighter then."""
    color = tint_color(tint, theme)
    if tint is EventTint.REASONING and not theme.dark:
        return color.lighter(165)
    return mix(color, theme.pane, 0.35) if tint is EventTint.REST else color


def first_token_event(tints: Iterable[EventTint]) -> int | None:
    """The first event that brought a part of the answer."""
    return next((index for index, tint in enumerate(tints) if tint is not EventTint.REST), None)
