"""What two texts have in common at their ends, found by comparing slices: that is done in C."""

from __future__ import annotations

_CHUNK = 1 << 16


def shared_ends(a: str, b: str) -> tuple[int, int]:
    """How many characters two texts have in common at the front, and behind that at the back."""
    front = shared_front(a, b)
    return front, shared_back(a, b, min(len(a), len(b)) - front)


def shared_front(a: str, b: str) -> int:
    """The length of the common start."""
    limit = min(len(a), len(b))
    low = 0
    while low < limit and a[low : low + _CHUNK] == b[low : low + _CHUNK]:
        low += _CHUNK
    low, high = min(low, limit), min(low + _CHUNK, limit)
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def shared_back(a: str, b: str, limit: int) -> int:
    """The length of the common end, `limit` at most."""

    def tail_equals(skip: int, length: int) -> bool:
        end_a, end_b = len(a) - skip, len(b) - skip
        return a[end_a - length : end_a] == b[end_b - length : end_b]

    low = 0
    while low < limit and tail_equals(low, min(_CHUNK, limit - low)):
        low += min(_CHUNK, limit - low)
    high = min(low + _CHUNK, limit)
    while low < high:
        middle = (low + high + 1) // 2
        if tail_equals(low, middle - low):
            low = middle
        else:
            high = middle - 1
    return low
