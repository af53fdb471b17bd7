"""What can be compared: files, open cassettes, and single interactions of those."""

from __future__ import annotations

from pathlib import Path

import msgspec

from viewer.cassette.cassette import Cassette


class Excerpt(msgspec.Struct, frozen=True, eq=False):
    """One interaction of an open cassette."""

    cassette: Cassette
    position: int


Recording = Path | Cassette | Excerpt
