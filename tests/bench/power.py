"""Cuts the power of a file system at random moments while a program edits, journals and saves on it.

    python -m tests.bench.power [N]

As `tests.bench.kills`, on an ext4 of its own in a file in memory. At the moment of the cut ext4 is told to shut down
without flushing anything (EXT4_IOC_SHUTDOWN, which its own developers test with), so that what was not on the disk
is gone, for the machine as for the program; it is mounted anew, and recovers by its journal as after a power
failure. Then each save that had returned has to be in the file, and each edit that the recovery journal had
synced has to come back. Takes root and Linux.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.kills import EDITS_A_SAVE, Counters, doomed, fault_of, import_all, text_of

# _IOR('X', 125, __u32) of Linux' fs/ext4/ext4.h, and its flag for not even flushing ext4's own journal.
_SHUTDOWN = 0x8004587D
_NO_FLUSH = struct.pack("I", 2)


class Disk:
    """A file system in a file, whose power can be cut."""

    def __init__(self, folder: Path) -> None:
        self._image = folder / "disk"
        self.root = folder / "root"
        self.root.mkdir()
        self._image.write_bytes(b"")
        os.truncate(self._image, 64 << 20)
        _run("mkfs.ext4", "-q", "-F", str(self._image))

    @contextlib.contextmanager
    def mounted(self) -> Iterator[None]:
        """The file system is there meanwhile."""
        _run("mount", "-o", "loop", str(self._image), str(self.root))
        try:
            yield
        finally:
            _run("umount", str(self.root))

    def cut(self) -> None:
        """From now on nothing reaches the disk any more."""
        descriptor = os.open(self.root, os.O_RDONLY)
        fcntl.ioctl(descriptor, _SHUTDOWN, _NO_FLUSH)
        os.close(descriptor)


def _run(*words: str) -> None:
    subprocess.run(words, check=True)


def main(count: int) -> int:
    """Cuts the power `count` times; prints how often everything was whole, and the first faults."""
    if os.geteuid() != 0:
        print("mounting a file system takes root")
        return 2
    faults = []
    edits = saves = 0
    counters = Counters()
    with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
        disk = Disk(Path(name))
        path, folder = disk.root / "cassette.yaml", disk.root / "state" / "recovery"
        with disk.mounted():
            path.write_bytes(text_of(0))
        import_all_from(name)
        for _ in range(count):
            begun, saved = counters.begun, counters.saved
            with disk.mounted(), doomed(path, folder, counters, waits_for_disk=True):
                disk.cut()
            edits += counters.begun - begun
            saves += (counters.saved - saved) // EDITS_A_SAVE
            with disk.mounted():
                fault = fault_of(path, folder, counters)
            if fault:
                faults.append(fault)
    print(f"{count - len(faults)} of {count} whole ({edits} edits, {saves} saves)")
    print(*faults[:5], sep="\n", end="")
    return 1 if faults else 0


def import_all_from(folder: str) -> None:
    """As `import_all`, with a cassette that is not on the disk."""
    path = Path(folder, "other.yaml")
    path.write_bytes(text_of(0))
    import_all(path)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
