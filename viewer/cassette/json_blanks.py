"""The blanks around new JSON tokens, measured from those around the old ones.

Every gap between two tokens has a role (behind a comma, in front of a closing bracket …). A new gap is filled
like the gap of the same role in the same container, else like those at the same depth, else by the measured
indent: so compact, `", "` and indented texts, and those in no standard style, go on as they began.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import Enum
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from viewer.cassette.json_scan import is_string


class _Role(Enum):
    """Where a gap is; each belongs to the punctuation beside it."""

    EDGE = "edge"
    EMPTY = "inside an empty container"
    AFTER_OPEN = "behind an opening bracket"
    BEFORE_CLOSE = "in front of a closing bracket"
    AFTER_COMMA = "behind a comma"
    BEFORE_COMMA = "in front of a comma"
    AFTER_COLON = "behind a colon"
    BEFORE_COLON = "in front of a colon"
    NONE = "between what no punctuation separates"


_OWNED_BY_LEFT = (_Role.AFTER_OPEN, _Role.AFTER_COMMA, _Role.AFTER_COLON)
_OWNED_BY_RIGHT = (_Role.BEFORE_CLOSE, _Role.BEFORE_COMMA, _Role.BEFORE_COLON)
_BREAKABLE = (_Role.AFTER_OPEN, _Role.AFTER_COMMA, _Role.BEFORE_CLOSE)


class _Gap(NamedTuple):
    """The gap in front of token number `place`: role, depth of the container's content, and the container.

    A container is the index of its opening token; one that was opened outside the tokens has a negative number,
    the same for the old and the new ones.
    """

    place: int
    role: _Role
    depth: int
    container: int


class BlankChooser:
    """Fills the gaps between `wanted` tokens, which replace the tokens `old`.

    `blanks` stand around the old tokens, `typed` around the wanted ones in the edited text (one more than
    tokens). `partners` has for each wanted token the index of the old one that it is, or -1.
    """

    def __init__(
        self, old: list[str], blanks: list[str], wanted: list[str], typed: list[str], partners: list[int]
    ) -> None:
        self._old = old
        self._blanks = blanks
        self._wanted = wanted
        self._typed = typed
        self._partners = partners

    def chosen(self) -> list[str]:
        """The blanks before, between and behind the wanted tokens."""
        if not self._wanted:
            return [self._blanks[0]]
        kept = [self._blanks[0], *self._between_old_neighbours(), self._blanks[-1]]
        if None not in kept:
            return [blank for blank in kept if blank is not None]
        return [
            self._choose(gap) if blank is None else blank
            for gap, blank in zip(_gaps(self._wanted), kept, strict=True)
        ]

    @cached_property
    def _old_gaps(self) -> list[_Gap]:
        return list(_gaps(self._old))

    @cached_property
    def _style(self) -> _Style:
        return _Style(self._old_gaps, self._blanks)

    def _between_old_neighbours(self) -> Iterator[str | None]:
        """For each two wanted tokens the blanks between their partners, None where those are no neighbours."""
        for index, (left, right) in enumerate(pairwise(self._partners)):
            is_kept = left >= 0 and right == left + 1 and not self._swallows(index)
            yield self._blanks[right] if is_kept else None

    def _swallows(self, index: int) -> bool:
        """Whether the token is a new string without its end, which takes in whatever follows on its line."""
        token, partner = self._wanted[index], self._partners[index]
        is_new = partner < 0 or token != self._old[partner]
        return is_new and token[0] == '"' and not is_string(token)

    def _choose(self, gap: _Gap) -> str:
        left = self._partner(gap.place - 1)
        right = self._partner(gap.place)
        if gap.role is _Role.NONE or self._swallows(gap.place - 1):
            return self._typed[gap.place]
        if gap.role is _Role.EMPTY:
            return ""
        kept = self._kept(gap, left, right)
        return self._style.blank(gap, self._partner(gap.container)) if kept is None else kept

    def _partner(self, index: int) -> int:
        """The old token's index; containers opened outside are their own partners."""
        return index if index < 0 else self._partners[index]

    def _kept(self, gap: _Gap, left: int, right: int) -> str | None:
        """The blanks that the old punctuation beside the gap had on this side, if their role is the same."""
        if gap.role in _OWNED_BY_LEFT and left >= 0:
            place = left + 1
        elif gap.role in _OWNED_BY_RIGHT and right >= 0:
            place = right
        else:
            return None
        return self._blanks[place] if self._old_gaps[place].role is gap.role else None


class _Style:
    """What the old blanks look like, asked for one that is not there yet."""

    def __init__(self, gaps: list[_Gap], blanks: list[str]) -> None:
        self._in_container: dict[tuple[_Role, int], str] = {}
        self._inline: dict[_Role, Counter[str]] = {role: Counter() for role in _Role}
        self._breaks: Counter[tuple[int, bool]] = Counter()
        self._indents: dict[int, str] = {}
        self._newline = "\r\n" if any("\r\n" in blank for blank in blanks[1:-1]) else "\n"
        for gap in gaps:
            if gap.role not in (_Role.EDGE, _Role.EMPTY, _Role.NONE):
                self._measure(gap, blanks[gap.place])
        self._unit = self._measured_unit()

    def blank(self, gap: _Gap, container: int) -> str:
        """The blanks for a new gap; `container` is the old one that it is in, -1 for a new one."""
        sample = self._in_container.get((gap.role, container)) if container != -1 else None
        if sample is not None:
            return sample
        if gap.role in _BREAKABLE and self._is_broken(gap.depth, container):
            return self._newline + self._indent(gap.depth - (gap.role is _Role.BEFORE_CLOSE))
        return self._on_one_line(gap.role)

    def _measure(self, gap: _Gap, blank: str) -> None:
        self._in_container[gap.role, gap.container] = blank
        is_break = "\n" in blank
        if is_break and gap.role in _BREAKABLE:
            self._indents.setdefault(gap.depth - (gap.role is _Role.BEFORE_CLOSE), blank.rpartition("\n")[2])
        if not is_break:
            self._inline[gap.role][blank] += 1
        if gap.role in (_Role.AFTER_OPEN, _Role.AFTER_COMMA):
            self._breaks[gap.depth, is_break] += 1

    def _is_broken(self, depth: int, container: int) -> bool:
        """Whether each item of this container has a line of its own: as it has, else as most at its depth."""
        own = [self._in_container.get((role, container)) for role in _BREAKABLE] if container != -1 else []
        samples = [sample for sample in own if sample is not None]
        if samples:
            return any("\n" in sample for sample in samples)
        here = self._breaks[depth, True] - self._breaks[depth, False]
        return (
            here > 0
            if here
            else 2 * sum(n for (_, broken), n in self._breaks.items() if broken) > sum(self._breaks.values())
        )

    def _on_one_line(self, role: _Role) -> str:
        if self._inline[role]:
            return self._inline[role].most_common(1)[0][0]
        if role in (_Role.AFTER_COMMA, _Role.AFTER_COLON):
            other = _Role.AFTER_COLON if role is _Role.AFTER_COMMA else _Role.AFTER_COMMA
            is_spaced = " " in self._inline[other] or (role is _Role.AFTER_COLON and bool(self._indents))
            return " " if is_spaced else ""
        return ""

    def _indent(self, depth: int) -> str:
        if depth in self._indents or not self._indents:
            return self._indents.get(depth, self._unit * max(depth, 0))
        nearest = min(self._indents, key=lambda known: abs(known - depth))
        base = self._indents[nearest]
        if depth > nearest:
            return base + self._unit * (depth - nearest)
        return base[: max(len(base) - len(self._unit) * (nearest - depth), 0)]

    def _measured_unit(self) -> str:
        for depth, indent in self._indents.items():
            outer = self._indents.get(depth - 1)
            if outer is not None and indent.startswith(outer) and indent != outer:
                return indent[len(outer) :]
        return "  "


def _gaps(tokens: list[str]) -> Iterator[_Gap]:
    """Every gap, the two edges included; brackets are counted, whether or not they match."""
    stack: list[int] = []
    outside = -2
    left = ""
    for index, right in enumerate([*tokens, ""]):
        role = _role(left, right) if 0 < index < len(tokens) else _Role.EDGE
        yield _Gap(index, role, len(stack) + outside, stack[-1] if stack else outside)
        if right in ("{", "["):
            stack.append(index)
        elif right in ("}", "]"):
            if stack:
                stack.pop()
            else:
                outside -= 1
        left = right


def _role(left: str, right: str) -> _Role:
    if right in ("}", "]"):
        return _Role.EMPTY if left in ("{", "[") else _Role.BEFORE_CLOSE
    if left in ("{", "["):
        return _Role.AFTER_OPEN
    if left == ",":
        return _Role.AFTER_COMMA
    if left == ":":
        return _Role.AFTER_COLON
    if right == ",":
        return _Role.BEFORE_COMMA
    return _Role.BEFORE_COLON if right == ":" else _Role.NONE
