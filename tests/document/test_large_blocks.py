"""Large blocks are mapped by themselves, however large the blocks were that were freed before."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from viewer.document.large_blocks import keep_large_blocks, map_large_blocks

ROOT = Path(__file__).resolve().parents[2]

# Frees a block of 20 MB, and tells whether what is made then and freed between what is kept goes back to the system.
SCRIPT = """
import sys
from viewer.document import large_blocks

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096

for name in sys.argv[1:]:
    assert getattr(large_blocks, name)()
del bytearray(b"x" * (20 << 20))[:]
before = resident()
parts = [b"x" * 300_000 for _ in range(100)]
kept = parts[::2]
del parts
print((resident() - before) // 1_000_000)
"""


def kept_by_a_process(*arguments: str) -> int:
    """The megabytes that a process has while it holds 15 of 30."""
    command = [sys.executable, "-c", SCRIPT, *arguments]
    return int(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has such a threshold")
def test_what_is_freed_between_what_is_used_goes_back() -> None:
    assert kept_by_a_process() >= 29
    assert kept_by_a_process("map_large_blocks") <= 17


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has such a threshold")
def test_blocks_for_a_large_body_stay_in_the_heap() -> None:
    script = SCRIPT.split("for name")[0] + (
        "large_blocks.map_large_blocks()\n"
        "large_blocks.keep_large_blocks()\n"
        "before = resident()\n"
        "for _ in range(2):\n"
        "    b'x' * (20 << 20)\n"
        "print((resident() - before) // 1_000_000)\n"
    )
    command = [sys.executable, "-c", script]
    kept = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert 20 <= int(kept) <= 22


def test_elsewhere_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not map_large_blocks()
    assert not keep_large_blocks()
