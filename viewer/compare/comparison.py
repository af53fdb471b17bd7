"""Two cassettes compared: their pairs, and for each pair what differs, in words and in lines."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from viewer.cassette.cassette import Cassette, read_interaction
from viewer.cassette.model import Interaction
from viewer.compare.align import Pair, align, signature
from viewer.compare.hunks import Change, Hunk, hunks, lines_of
from viewer.compare.noise import is_noise, masked
from viewer.compare.views import View, text_of
from viewer.stream import Reading, read

_KEPT = 32


class Mark(Enum):
    """What is to be said of a pair at a glance; the value is its sign."""

    SAME = "="
    NOISE = "≈"
    CHANGED = "●"
    ADDED = "+"
    REMOVED = "−"
    MOVED = "↕"


@dataclass(frozen=True, slots=True)
class PairSummary:
    """A pair in a line: its mark, and what differs ("answer differs · 3 headers")."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Sides:
    """The two texts of a pair under a view with their blocks.

    `muted` holds the indexes of blocks that differ in noise alone.
    """

    left: str
    right: str
    hunks: tuple[Hunk, ...]
    muted: frozenset[int]

    def differences(self, *, with_noise: bool = False) -> list[int]:
        """The indexes of the blocks that differ."""
        return [
            index
            for index, hunk in enumerate(self.hunks)
            if hunk.change is not Change.EQUAL and (with_noise or index not in self.muted)
        ]


class Comparison:
    """Compares two open cassettes. Nothing but the pairing is computed before it is asked for."""

    def __init__(self, left: Cassette, right: Cassette) -> None:
        self.left = left
        self.right = right
        self.pairs = align(_signatures(left), _signatures(right))
        self._readings = lru_cache(maxsize=_KEPT)(self._read)

    def interaction(self, side: Cassette, position: int | None) -> Interaction | None:
        """The interaction on one side of a pair."""
        return None if position is None else self._readings(side is self.left, position)[0]

    def reading(self, side: Cassette, position: int | None) -> Reading | None:
        """What the interaction on one side of a pair says."""
        return None if position is None else self._readings(side is self.left, position)[1]

    def texts(self, pair: Pair, view: View) -> tuple[str, str]:
        """The two texts of a pair under a view; "" on a side that has no interaction."""
        return self._text(self.left, pair.left, view), self._text(self.right, pair.right, view)

    def sides(self, pair: Pair, view: View) -> Sides:
        """The two texts of a pair under a view, compared."""
        return compared(*self.texts(pair, view))

    def views(self, pair: Pair) -> list[View]:
        """The views in which the pair has something to say."""
        return [view for view in View if any(self.texts(pair, view))]

    def summary(self, pair: Pair) -> PairSummary:
        """What differs in a pair, in a line."""
        if pair.right is None:
            return PairSummary(Mark.REMOVED, "only on the left")
        if pair.left is None:
            return PairSummary(Mark.ADDED, "only on the right")
        differs = self._differing_parts(pair)
        if pair.moved:
            return PairSummary(Mark.MOVED, " · ".join(["moved", *differs]))
        if differs:
            return PairSummary(Mark.CHANGED, " · ".join(differs))
        left, right = self.texts(pair, View.YAML)
        if left == right:
            return PairSummary(Mark.SAME, "same")
        return PairSummary(Mark.NOISE, "same but for noise")

    def figures(self, pair: Pair) -> list[tuple[str, str, str]]:
        """(name, left, right) of duration, events, tokens, cost and finish reason, as far as a side has them."""
        left, right = self._figures(self.left, pair.left), self._figures(self.right, pair.right)
        return [(name, left[name], right[name]) for name in left if left[name] or right[name]]

    def _differing_parts(self, pair: Pair) -> list[str]:
        parts = []
        left, right = self.interaction(self.left, pair.left), self.interaction(self.right, pair.right)
        assert left is not None
        assert right is not None
        if (left.response.status if left.response else None) != (
            right.response.status if right.response else None
        ):
            parts.append("status differs")
        for view, name in ((View.ANSWER, "answer"), (View.REQUEST, "request")):
            texts = self.texts(pair, view)
            if masked(texts[0]) != masked(texts[1]):
                parts.append(f"{name} differs")
        if "answer differs" not in parts and not self.texts(pair, View.ANSWER)[0]:
            texts = self.texts(pair, View.BODY)
            if masked(texts[0]) != masked(texts[1]):
                parts.append("body differs")
        count = self._differing_headers(pair)
        if count:
            parts.append(f"{count} header{'' if count == 1 else 's'}")
        return parts

    def _differing_headers(self, pair: Pair) -> int:
        left, right = (set(masked(text).split("\n")) for text in self.texts(pair, View.HEADERS))
        names = {line.partition(":")[0] for line in left ^ right if ": " in line or ":\0" in line}
        return len(names)

    def _text(self, side: Cassette, position: int | None, view: View) -> str:
        if position is None:
            return ""
        interaction, reading = self._readings(side is self.left, position)
        return text_of(view, interaction, reading, side.entry_text(position) if view is View.YAML else "")

    def _figures(self, side: Cassette, position: int | None) -> dict[str, str]:
        figures = dict.fromkeys(("Duration", "Events", "Tokens", "Cost", "Finish"), "")
        if position is None:
            return figures
        interaction, reading = self._readings(side is self.left, position)
        usage = reading.transcript.usage
        if interaction.duration is not None:
            figures["Duration"] = f"{interaction.duration:.2f} s"
        if reading.has_stream:
            figures["Events"] = str(len(reading.events))
        if usage.tokens is not None:
            figures["Tokens"] = str(usage.tokens)
        if usage.cost:
            figures["Cost"] = f"${usage.cost}"
        figures["Finish"] = reading.transcript.finish_reason
        return figures

    def _read(self, is_left: bool, position: int) -> tuple[Interaction, Reading]:
        interaction = read_interaction(self.left if is_left else self.right, position)
        reading = read(
            interaction.request,
            interaction.response,
            duration=interaction.duration,
            chunk_times=interaction.chunk_times,
        )
        return interaction, reading


def compared(left: str, right: str) -> Sides:
    """Two texts, compared line by line."""
    blocks = tuple(hunks(left, right))
    left_lines, right_lines = lines_of(left), lines_of(right)
    muted = frozenset(
        index
        for index, hunk in enumerate(blocks)
        if hunk.change is Change.CHANGED
        and is_noise(
            "\n".join(left_lines[hunk.left_start : hunk.left_end]),
            "\n".join(right_lines[hunk.right_start : hunk.right_end]),
        )
    )
    return Sides(left, right, blocks, muted)


def _signatures(cassette: Cassette) -> list[str]:
    signatures = []
    position = 0
    # The count may shrink when the first look at an entry finds the rows again.
    while position < len(cassette):
        signatures.append(signature(read_interaction(cassette, position)))
        position += 1
    return signatures
