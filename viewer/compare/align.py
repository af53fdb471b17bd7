"""Which interaction of one recording is which of another.

Interactions are paired in order where method, host and path are the same (a longest common subsequence); what
is left over is paired with its like elsewhere, as moved; then neighbours that differ only in their path, as
changed; the rest stands alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from rapidfuzz.distance import Indel
from rapidfuzz.fuzz import ratio

from viewer.cassette.model import Interaction

_ALIKE = 60.0


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
    for tag, left_start, left_end, right_start, right_end in _opcodes(left, right):
        if tag == "equal":
            size = left_end - left_start
            pairs.extend(Pair(left_start + at, right_start + at) for at in range(size))
        else:
            pairs.extend(Pair(at, None) for at in range(left_start, left_end))
            pairs.extend(Pair(None, at) for at in range(right_start, right_end))
    return _join_neighbours(_join_moved(pairs, left, right), left, right)


def _opcodes(left: Sequence[str], right: Sequence[str]) -> Iterable[tuple[str, int, int, int, int]]:
    return [
        (op.tag, op.src_start, op.src_end, op.dest_start, op.dest_end)
        for op in Indel.opcodes(list(left), list(right))
    ]


def _join_moved(pairs: list[Pair], left: Sequence[str], right: Sequence[str]) -> list[Pair]:
    """Pairs equal signatures that stand at different places of the order."""
    waiting: dict[str, list[int]] = {}
    for pair in pairs:
        if pair.left is not None and pair.right is None:
            waiting.setdefault(left[pair.left], []).append(pair.left)
    taken: set[int] = set()
    joined = []
    for pair in pairs:
        if pair.left is None and pair.right is not None and waiting.get(right[pair.right]):
            source = waiting[right[pair.right]].pop(0)
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
    lefts = [pair.left for pair in run if pair.left is not None]
    rights = [pair.right for pair in run if pair.right is not None]
    result: list[Pair] = []
    for source in lefts:
        target = next((at for at in rights if ratio(left[source], right[at]) >= _ALIKE), None)
        if target is None:
            result.append(Pair(source, None))
            continue
        before = rights.index(target)
        result.extend(Pair(None, at) for at in rights[:before])
        del rights[: before + 1]
        result.append(Pair(source, target))
    return [*result, *(Pair(None, at) for at in rights)]
