"""A target: what is done to an input, and what must hold whatever the input is.

A target raises for a broken rule and for nothing else; `BrokenRuleError` says which. Inputs are plain bytes.
Where a target has choices to make (which edit, which charset), they come from the last bytes, so that the front
of an input stays a file or a body that a person can read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

Check = Callable[[bytes], None]


class BrokenRuleError(AssertionError):
    """A rule that does not hold."""


class Target(msgspec.Struct, frozen=True):
    """`check(data)` raises where a rule is broken. `seeds` are inputs to begin from; `words` help mutations."""

    name: str
    check: Check
    seeds: Callable[[], Iterable[bytes]]
    words: tuple[str, ...] = ()
    max_length: int = 4096


def ensure(holds: object, rule: str, *facts: object) -> None:
    """Raises BrokenRuleError with the rule and the facts, each cut, unless it holds."""
    if not holds:
        raise BrokenRuleError("\n".join([rule, *(f"  {fact!r}"[:2000] for fact in facts)]))


class Choices:
    """Choices that the last `count` bytes of an input make; zeros where it is shorter."""

    def __init__(self, data: bytes, count: int) -> None:
        self.rest = data[:-count] if len(data) >= count else b""
        self._bytes = data[-count:].ljust(count, b"\0")
        self._at = 0

    def number(self, below: int) -> int:
        """A number from 0, below `below`; behind the last byte always 0."""
        value = 0
        for _ in range(1 if below <= 256 else 2):
            value = value << 8 | (self._bytes[self._at] if self._at < len(self._bytes) else 0)
            self._at += 1
        return value % below

    def of(self, options: Iterable[object]) -> object:
        """One of the options."""
        options = tuple(options)
        return options[self.number(len(options))]

    @property
    def left(self) -> int:
        """How many bytes have not been used."""
        return max(0, len(self._bytes) - self._at)
