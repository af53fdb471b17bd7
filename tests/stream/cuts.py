"""Feeding decoders: whole, byte by byte, and cut anywhere."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Protocol

from hypothesis import strategies as st

from viewer.stream.event import Event


class Decoder(Protocol):
    """What every incremental decoder offers."""

    def feed(self, data: bytes) -> list[Event]: ...

    def flush(self) -> list[Event]: ...


def fed(make: Callable[[], Decoder], pieces: Iterable[bytes]) -> list[Event]:
    """The events of a decoder fed with `pieces`."""
    decoder = make()
    events = [event for piece in pieces for event in decoder.feed(piece)]
    return events + decoder.flush()


def by_bytes(content: bytes) -> list[bytes]:
    """`content` cut into single bytes."""
    return [content[place : place + 1] for place in range(len(content))]


@st.composite
def cut_anywhere(draw: st.DrawFn, contents: st.SearchStrategy[bytes]) -> tuple[bytes, list[bytes]]:
    """(content, pieces of it)."""
    content = draw(contents)
    places = sorted(draw(st.lists(st.integers(0, len(content)), max_size=6)))
    bounds = [0, *places, len(content)]
    return content, [content[start:end] for start, end in itertools.pairwise(bounds)]
