"""Header lines of a request or response, as recorded: order, case and duplicates kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec


class Header(msgspec.Struct, frozen=True):
    """One header line; a name that occurs twice is two of these."""

    name: str
    value: str


class Headers(msgspec.Struct, frozen=True):
    """Header lines in the order of the file, duplicates included; names compare without case."""

    items: tuple[Header, ...] = ()

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

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Headers:
        """Headers from (name, value) pairs."""
        return cls(tuple(Header(name, value) for name, value in pairs))
