"""What tests of hostile input share: an end to what would never end, and a witness of files that are opened."""

from __future__ import annotations

import ctypes
import os
import signal
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

# Seconds of CPU; what is tested takes milliseconds, and took minutes or years.
_PATIENCE = 10.0
_IN_ACCESS, _IN_OPEN = 0x1, 0x20


class TooSlowError(Exception):
    """What should take no time took seconds."""


@contextmanager
def at_once() -> Iterator[None]:
    """Ends what goes on for seconds of CPU with TooSlowError; in the main thread, inside a pattern's search too."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, _PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _give_up(*_: object) -> None:
    raise TooSlowError


class FileWitness:
    """Sees who opens a file or reads it, in Python, in Qt, or in another process (Linux's inotify)."""

    def __init__(self, path: Path) -> None:
        if not sys.platform.startswith("linux"):
            pytest.skip("inotify is Linux's")
        libc = ctypes.CDLL(None, use_errno=True)
        self._fd = libc.inotify_init1(os.O_NONBLOCK)
        if self._fd < 0:
            pytest.skip("no inotify left for this user")
        assert libc.inotify_add_watch(self._fd, os.fsencode(path), _IN_ACCESS | _IN_OPEN) >= 0

    def saw(self) -> int:
        """How many times it was opened or read since the last question."""
        count = 0
        try:
            while data := os.read(self._fd, 1 << 16):
                at = 0
                while at < len(data):
                    (length,) = struct.unpack_from("I", data, at + 12)
                    at += 16 + length
                    count += 1
        except BlockingIOError:
            pass
        return count

    def close(self) -> None:
        """Looks no more."""
        os.close(self._fd)
