"""Large blocks of memory that go back to the system when they are freed.

glibc maps a block of more than 128 KiB by itself, until the first such block is freed: from then on blocks of that
size come from the heap, up to 32 MiB (`M_MMAP_THRESHOLD` in https://man7.org/linux/man-pages/man3/mallopt.3.html).
There they leave holes between what is still in use: after a million actions 60 MB in a process of 140, though nothing
was lost. Where the size is told, it stays.

A mapped block costs a page fault for each 4 KiB, each time: 0.03 s while a body of ten megabytes is read, a third of
what that takes. So it ends with the first entry of such a size. Other libraries have no such threshold.
"""

from __future__ import annotations

import sys

_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_USUAL = 1 << 18
_LARGEST = 1 << 25


def map_large_blocks() -> bool:
    """Has blocks of 256 KiB and more mapped by themselves from now on; False where that cannot be said."""
    return _tell(_M_MMAP_THRESHOLD, _USUAL)


def keep_large_blocks() -> bool:
    """Has blocks of up to 32 MiB kept in the heap from now on; False where that cannot be said."""
    return _tell(_M_MMAP_THRESHOLD, _LARGEST) and _tell(_M_TRIM_THRESHOLD, 2 * _LARGEST)


def _tell(option: int, size: int) -> bool:
    if sys.platform != "linux":
        return False
    import ctypes

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and bool(mallopt(option, size))
