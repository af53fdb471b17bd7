"""Large blocks are mapped by themselves, however large the blocks were that were freed before."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from viewer.document.large_blocks import keep_large_blocks, map_large_blocks

ROOT = Path(__file__).resolve().parents[2]

# Tells the library what the arguments say, and begins to count.
COUNT = """
import sys
from viewer.document import large_blocks

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096

for name in sys.argv[1:]:
    assert getattr(large_blocks, name)()
"""
# Frees a block of 20 MB, then holds 15 of 30 MB.
HOLD_HALF = """
del bytearray(b"x" * (20 << 20))[:]
before = resident()
parts = [b"x" * 300_000 for _ in range(100)]
kept = parts[::2]
del parts
"""
# Frees two blocks of 20 MB, one after the other.
HOLD_NOTHING = """
before = resident()
for _ in range(2):
    b"x" * (20 << 20)
"""

needs_glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has such a threshold")


def kept_by_a_process(doing: str, *told: str) -> int:
    """The megabytes that a process has more when it has done something."""
    script = f"{COUNT}{doing}print((resident() - before) // 1_000_000)"
    command = [sys.executable, "-c", script, *told]
    return int(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


@needs_glibc
def test_what_is_freed_between_what_is_used_goes_back() -> None:
    assert kept_by_a_process(HOLD_HALF) >= 29
    assert kept_by_a_process(HOLD_HALF, "map_large_blocks") <= 17


@needs_glibc
def test_blocks_for_a_large_body_stay_in_the_heap() -> None:
    assert 20 <= kept_by_a_process(HOLD_NOTHING, "map_large_blocks", "keep_large_blocks") <= 22


def test_elsewhere_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not map_large_blocks()
    assert not keep_large_blocks()
