"""Which interaction of one recording is which of another.

Interactions are paired in order where method, host and path are the same (a longest common subsequence); what
is left over is paired with its like elsewhere, as moved; then neighbours that differ only in their path, as
changed; the rest stands alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from rapidfuzz.fuzz import ratio

from viewer.cassette.model import Interaction
from viewer.compare.runs import runs

_ALIKE = 60.0
# Neighbours that stand alone are weighed this often in a run: each against each would take minutes for thousands.
_MOST_LOOKS = 100_000


@dataclass(frozen=True, slots=True)
class Pair:
    """Positions in the left and the right recording; None where there is no counterpart.

    `moved` says that the order of the two recordings differs here.
    """

    left: int | None
    right: int | None
    moved: bool = False


def signature(interaction: Interaction) -> str:
    """What makes an interaction the same one in another recording: method, host and path."""
    request = interaction.request
    if request is None:
        return interaction.kind.value
    try:
        url = urlsplit(request.url)
    except ValueError:
        return f"{request.method} {request.url}"
    return f"{request.method} {url.netloc}{url.path}"


def align(left: Sequence[str], right: Sequence[str]) -> list[Pair]:
    """Pairs of the interactions with these signatures, in an order in which both sides read forwards."""
    pairs: list[Pair] = []
    for run in runs(left, right):
        lefts, rights = range(run.left_start, run.left_end), range(run.right_start, run.right_end)
        if run.same:
            pairs.extend(Pair(*both) for both in zip(lefts, rights, strict=True))
        else:
            pairs.extend(Pair(at, None) for at in lefts)
            pairs.extend(Pair(None, at) for at in rights)
    return _join_neighbours(_join_moved(pairs, left, right), left, right)


def _join_moved(pairs: list[Pair], left: Sequence[str], right: Sequence[str]) -> list[Pair]:
    """Pairs equal signatures that stand at different places of the order."""
    waiting: dict[str, deque[int]] = {}
    for pair in pairs:
        if pair.left is not None and pair.right is None:
            waiting.setdefault(left[pair.left], deque()).append(pair.left)
    taken: set[int] = set()
    joined = []
    for pair in pairs:
        if pair.left is None and pair.right is not None and waiting.get(right[pair.right]):
            source = waiting[right[pair.right]].popleft()
            taken.add(source)
            joined.append(Pair(source, pair.right, moved=True))
        else:
            joined.append(pair)
    return [pair for pair in joined if pair.moved or pair.right is not None or pair.left not in taken]


def _join_neighbours(pairs: list[Pair], left: Sequence[str], right: Sequence[str]) -> list[Pair]:
    """Pairs what stands alone on both sides between the same two pairs and is alike."""
    joined: list[Pair] = []
    run: list[Pair] = []
    for pair in [*pairs, Pair(0, 0)]:
        if (pair.left is None) != (pair.right is None):
            run.append(pair)
            continue
        joined.extend(_paired_run(run, left, right))
        run = []
        joined.append(pair)
    return joined[:-1]


def _paired_run(run: list[Pair], left: Sequence[str], right: Sequence[str]) -> list[Pair]:
    """Each of the left with the next of the right that is alike, as far as a number of looks goes."""
    lefts = [pair.left for pair in run if pair.left is not None]
    rights = deque(pair.right for pair in run if pair.right is not None)
    looks = _MOST_LOOKS
    result: list[Pair] = []
    for source in lefts:
        for ahead, target in enumerate(islice(rights, max(looks, 0))):
            looks -= 1
            if ratio(left[source], right[target]) >= _ALIKE:
                result.extend(Pair(None, rights.popleft()) for _ in range(ahead))
                result.append(Pair(source, rights.popleft()))
                break
        else:
            result.append(Pair(source, None))
    return [*result, *(Pair(None, at) for at in rights)]
