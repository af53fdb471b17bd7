"""How many inputs were tried: counted in a file, so that the count outlives a crash."""

from __future__ import annotations

import mmap
import struct
from pathlib import Path

_COUNT = struct.Struct("<Q")


class Count:
    """A count that begins at 0, in the file at `path`."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_COUNT.pack(0))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _COUNT.size)

    def add(self, number: int = 1) -> None:
        """Counts `number` more."""
        _COUNT.pack_into(self._memory, 0, _COUNT.unpack_from(self._memory)[0] + number)


def counted(path: Path) -> int:
    """What was counted in the file at `path`; 0 without one."""
    return int(_COUNT.unpack(path.read_bytes())[0]) if path.exists() else 0
