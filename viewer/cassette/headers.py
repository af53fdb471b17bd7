"""Header lines of a request or response, as recorded: order, case and duplicates kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec


class Header(msgspec.Struct, frozen=True):
    """One header line; a name that occurs twice is two of these."""

    name: str
    value: str


class Headers:
    """Header lines in the order of the file, duplicates included; names compare without case."""

    __slots__ = ("_items", "_read")

    def __init__(self, items: tuple[Header, ...] = ()) -> None:
        self._items: tuple[Header, ...] | None = items
        self._read: Callable[[], tuple[Header, ...]] = tuple

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Headers:
        """Headers from (name, value) pairs."""
        return cls(tuple(Header(name, value) for name, value in pairs))

    @classmethod
    def later(cls, read: Callable[[], tuple[Header, ...]]) -> Headers:
        """The headers that `read` gives, which is called when they are first looked at."""
        headers = cls()
        headers._items, headers._read = None, read
        return headers

    @property
    def items(self) -> tuple[Header, ...]:
        """The lines themselves."""
        items = self._items
        if items is None:
            # Two threads that ask at once read the same twice.
            items = self._items = self._read()
            self._read = tuple
        return items

    def __eq__(self, other: object) -> bool:
        return self.items == other.items if isinstance(other, Headers) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.items)

    def __repr__(self) -> str:
        return f"Headers({self.items})"

    def __iter__(self) -> Iterator[Header]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def get(self, name: str, default: str = "") -> str:
        """The first value under `name`, else `default`."""
        wanted = name.lower()
        for header in self.items:
            if header.name.lower() == wanted:
                return header.value
        return default

    def get_all(self, name: str) -> tuple[str, ...]:
        """Every value under `name`, in order."""
        wanted = name.lower()
        return tuple(header.value for header in self.items if header.name.lower() == wanted)
