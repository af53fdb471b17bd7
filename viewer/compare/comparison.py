"""Two cassettes compared: their pairs, and for each pair what differs, in words and in lines."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from viewer.cassette.cassette import Cassette, Progress, read_interaction
from viewer.cassette.model import Interaction
from viewer.compare.align import Pair, align, signature
from viewer.compare.hunks import Change, Hunk, hunks
from viewer.compare.noise import masked, masked_lines
from viewer.compare.recorded import recording_date
from viewer.compare.runs import Check
from viewer.compare.views import View, text_of
from viewer.stream import Reading, read

# Readings, texts and comparisons kept: those of the pair that is looked at, and of a few around it.
_KEPT = 16
_DIFFERS = {
    View.ANSWER: "answer differs",
    View.REQUEST: "request differs",
    View.BODY: "body differs",
    View.YAML: "entry differs",
}


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
    """The two texts of a pair under a view with their blocks."""

    left: str
    right: str
    hunks: tuple[Hunk, ...]

    @property
    def muted(self) -> frozenset[int]:
        """The indexes of blocks that differ in noise alone."""
        return frozenset(index for index, hunk in enumerate(self.hunks) if hunk.is_noise)

    def differences(self, *, with_noise: bool = False) -> list[int]:
        """The indexes of the blocks that differ."""
        return [
            index
            for index, hunk in enumerate(self.hunks)
            if hunk.change is not Change.EQUAL and (with_noise or not hunk.is_noise)
        ]


class Comparison:
    """Compares two open cassettes. Nothing but the pairing is computed before it is asked for.

    Not thread-safe, since cassettes are not. What takes long calls the `check` it is given, which may raise to
    stop it; `progress` is told the fraction of the interactions read, and may do the same.
    """

    def __init__(self, left: Cassette, right: Cassette, progress: Progress = lambda fraction: None) -> None:
        self.left = left
        self.right = right
        self._signatures = (
            _signatures(left, lambda done: progress(done / 2)),
            _signatures(right, lambda done: progress(0.5 + done / 2)),
        )
        # One interaction beside one: that is what was asked for, alike or not.
        is_one = len(self._signatures[0]) == len(self._signatures[1]) == 1
        self.pairs = [Pair(0, 0)] if is_one else align(*self._signatures)
        self._readings = lru_cache(maxsize=_KEPT)(self._read)
        self.texts = lru_cache(maxsize=_KEPT)(self._texts)
        self._sides: dict[tuple[Pair, View], Sides] = {}

    def heading(self, pair: Pair) -> tuple[str, str]:
        """Method and URL without query of a pair, as the right side has it; no URL where it is not HTTP."""
        lefts, rights = self._signatures
        text = rights[pair.right] if pair.right is not None else lefts[pair.left or 0]
        method, _, url = text.partition(" ")
        return method, url

    def interaction(self, side: Cassette, position: int | None) -> Interaction | None:
        """The interaction on one side of a pair."""
        return None if position is None else self._readings(side is self.left, position)[0]

    def reading(self, side: Cassette, position: int | None) -> Reading | None:
        """What the interaction on one side of a pair says."""
        return None if position is None else self._readings(side is self.left, position)[1]

    def sides(self, pair: Pair, view: View, check: Check = lambda: None) -> Sides:
        """The two texts of a pair under a view, compared."""
        key = pair, view
        if key not in self._sides:
            while len(self._sides) >= _KEPT:
                self._sides.pop(next(iter(self._sides)))
            self._sides[key] = compared(*self.texts(pair, view), check)
        return self._sides[key]

    def differs(
        self, pair: Pair, view: View, check: Check = lambda: None, *, with_noise: bool = False
    ) -> bool:
        """Whether the texts of a pair differ under a view, in more than noise unless that counts too."""
        left, right = self.texts(pair, view)
        if left == right or with_noise:
            return left != right
        return bool(self.sides(pair, view, check).differences())

    def notes(self, pair: Pair) -> tuple[str, str]:
        """What could not be read on the two sides, "" where all is well."""
        interactions = self.interaction(self.left, pair.left), self.interaction(self.right, pair.right)
        left, right = (interaction.note if interaction else "" for interaction in interactions)
        return left, right

    def views(self, pair: Pair) -> list[View]:
        """The views in which the pair has something to say."""
        return [view for view in View if any(self.texts(pair, view))]

    def recorded(self, pair: Pair) -> tuple[str, str]:
        """The days on which the two sides were recorded, "" where they do not say so."""
        interactions = self.interaction(self.left, pair.left), self.interaction(self.right, pair.right)
        left, right = (recording_date(interaction) if interaction else "" for interaction in interactions)
        return left, right

    def is_same(self, pair: Pair) -> bool:
        """Whether both sides are there and their entries are the same text: nothing can differ then."""
        if pair.left is None or pair.right is None:
            return False
        return self.left.entry_text(pair.left) == self.right.entry_text(pair.right)

    def summary(self, pair: Pair, check: Check = lambda: None) -> PairSummary:
        """What differs in a pair, in a line."""
        if pair.right is None:
            return PairSummary(Mark.REMOVED, "only on the left")
        if pair.left is None:
            return PairSummary(Mark.ADDED, "only on the right")
        is_same = self.is_same(pair)
        differs = [] if is_same else self._differing_parts(pair, check)
        if pair.moved:
            return PairSummary(Mark.MOVED, " · ".join(["moved", *differs]))
        if differs:
            return PairSummary(Mark.CHANGED, " · ".join(differs))
        if is_same:
            return PairSummary(Mark.SAME, "same")
        return PairSummary(Mark.NOISE, "same but for noise")

    def figures(self, pair: Pair) -> list[tuple[str, str, str]]:
        """(name, left, right) of duration, events, tokens, cost and finish reason, as far as a side has them."""
        left, right = self._figures(self.left, pair.left), self._figures(self.right, pair.right)
        return [(name, left[name], right[name]) for name in left if left[name] or right[name]]

    def differing(self, pair: Pair, check: Check = lambda: None, *, with_noise: bool = False) -> list[View]:
        """The views in which the pair differs, as the first of them tells it.

        Without noise: a body whose answer differs is not named again, a stream is judged by its answer, since
        chunks never fall alike, and the entry's own text counts only where no other view tells what differs.
        """
        views = self.views(pair)
        if self.is_same(pair):
            return []
        if with_noise or pair.left is None or pair.right is None:
            return [view for view in views if self.differs(pair, view, check, with_noise=True)]
        wanted = [
            view for view in (View.ANSWER, View.REQUEST, View.HEADERS) if self.differs(pair, view, check)
        ]
        streams = self._is_streamed(pair)
        if View.ANSWER not in wanted and not streams and self.differs(pair, View.BODY, check):
            wanted.append(View.BODY)
        if not wanted and not streams and self.differs(pair, View.YAML, check):
            wanted.append(View.YAML)
        return [view for view in View if view in wanted]

    def _is_streamed(self, pair: Pair) -> bool:
        readings = self.reading(self.left, pair.left), self.reading(self.right, pair.right)
        return all(reading is not None and reading.has_stream for reading in readings)

    def _differing_parts(self, pair: Pair, check: Check) -> list[str]:
        """What differs, in words."""
        parts = ["status differs"] if self._differs_in_status(pair) else []
        for view in self.differing(pair, check):
            if view is not View.HEADERS:
                parts.append(_DIFFERS[view])
            elif count := self._differing_headers(pair):
                parts.append(f"{count} header{'' if count == 1 else 's'}")
        return parts

    def _differs_in_status(self, pair: Pair) -> bool:
        interactions = self.interaction(self.left, pair.left), self.interaction(self.right, pair.right)
        responses = [interaction.response if interaction else None for interaction in interactions]
        left, right = (response.status if response else None for response in responses)
        return left != right

    def _differing_headers(self, pair: Pair) -> int:
        left, right = (set(masked(text).split("\n")) for text in self.texts(pair, View.HEADERS))
        names = {line.partition(":")[0] for line in left ^ right if ": " in line or ":\0" in line}
        return len(names)

    def _texts(self, pair: Pair, view: View) -> tuple[str, str]:
        return self._text(self.left, pair.left, view), self._text(self.right, pair.right, view)

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


def compared(left: str, right: str, check: Check = lambda: None) -> Sides:
    """Two texts, compared line by line; lines that differ in noise alone are matched all the same."""
    return Sides(left, right, tuple(hunks(left, right, masked_lines, check)))


def _signatures(cassette: Cassette, progress: Progress) -> list[str]:
    signatures: list[str] = []
    # The count may shrink when the first look at an entry finds the rows again.
    while len(signatures) < len(cassette):
        signatures.append(signature(read_interaction(cassette, len(signatures))))
        progress(len(signatures) / max(1, len(cassette)))
    return signatures
