"""Kills a program with SIGKILL at random moments while it edits, journals and saves, and counts what is whole.

    python -m tests.bench.kills [N]

Each time a fresh process opens the cassette and goes on with edit, journal, save, in the order in which the
document layer does it. Afterwards the file has to be one of the versions that were saved, byte for byte, and the
file together with its journal has to give the last edit that was journalled, or the one under way. The process is
forked from this one, so that a thousand kills take a minute.
"""

from __future__ import annotations

import mmap
import os
import random
import signal
import struct
import sys
import tempfile
import time
from pathlib import Path

from tests.cassette.samples import GO_VCR_V2
from viewer.cassette.cassette import Cassette
from viewer.cassette.edits import SetUrl
from viewer.cassette.journal import CarriedOut, Replacing, baseline_of, digest_of
from viewer.cassette.journal_file import JournalWriter, orphans
from viewer.cassette.rebuild import rebuild
from viewer.cassette.row_record import RowRecord
from viewer.cassette.source import FileState
from viewer.cassette.storage import save

_FIRST_URL = "https://api.example.com/v1/models"
_EDITS_A_SAVE = 2
# The moment of the kill is spread over several rounds of edits and saves.
_LONGEST = 0.04
# A killed program's writes are with the system already, so that no disk is needed to lose or keep them.
_MEMORY = Path("/dev/shm")
# Makes the cassette long enough that writing it takes a while.
_PADDING = "# padding\n" * 50_000


class Counters:
    """What the child tells its parent, in memory that both have: which edit was begun, and which is journalled."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 16)

    @property
    def begun(self) -> int:
        return int(struct.unpack_from("<q", self._memory, 0)[0])

    @begun.setter
    def begun(self, number: int) -> None:
        struct.pack_into("<q", self._memory, 0, number)

    @property
    def journalled(self) -> int:
        return int(struct.unpack_from("<q", self._memory, 8)[0])

    @journalled.setter
    def journalled(self, number: int) -> None:
        struct.pack_into("<q", self._memory, 8, number)


def text_of(number: int) -> bytes:
    """The cassette after edit `number`."""
    url = f"https://edit/{number}" if number else _FIRST_URL
    return (_PADDING + GO_VCR_V2.replace(_FIRST_URL, url)).encode()


def number_in(data: bytes) -> int | None:
    """The edit that a cassette's bytes stand for; None where they are no version of it."""
    _, found, rest = data.partition(b"https://edit/")
    number = int(rest.split(b"\n")[0]) if found and rest[:1].isdigit() else 0
    return number if data == text_of(number) else None


def edit_and_save(path: Path, folder: Path, counters: Counters) -> None:
    """What the killed program does, for ever."""
    cassette = Cassette.open(path)
    state = cassette.source.state
    number = counters.begun
    is_as_opened = True
    while True:
        row = None if is_as_opened else RowRecord.of(cassette.pieces)
        digest = digest_of(cassette.pieces.chunks())
        baseline = baseline_of(cassette, state=state, program="", digest=digest, row=row)
        writer = JournalWriter(folder, baseline)
        for _ in range(_EDITS_A_SAVE):
            number += 1
            counters.begun = number
            edit = SetUrl(1, f"https://edit/{number}")
            exchange = edit.exchange(cassette)
            cassette.apply(exchange)
            writer.append(CarriedOut.of(edit.label, edit.position, exchange))
            counters.journalled = number
            writer.sync()
        state = _save(cassette, path, state, writer)
        writer.remove()
        is_as_opened = False


def _save(cassette: Cassette, path: Path, state: FileState | None, writer: JournalWriter) -> FileState:
    def note(new: FileState) -> None:
        writer.append(Replacing(os.fsencode(path), new))

    return save(cassette.chunks(), path, expected=state, about_to_replace=note)


def kill_one(path: Path, folder: Path, counters: Counters) -> None:
    """Starts a program and kills it."""
    begun = counters.begun
    child = os.fork()
    if child == 0:
        try:
            edit_and_save(path, folder, counters)
        finally:
            os._exit(1)
    while counters.begun == begun:
        time.sleep(0.0005)
    time.sleep(random.uniform(0, _LONGEST))
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        raise RuntimeError("the program ended by itself")


def fault_of(path: Path, folder: Path, counters: Counters) -> str:
    """What is wrong after a kill; "" where the file is whole and nothing journalled is lost."""
    saved = number_in(path.read_bytes())
    if saved is None:
        return "the file is neither the old one nor the new one"
    recovered = saved
    for orphan in orphans(folder):
        journal = orphan.read()
        if not journal.is_saved() and journal.count:
            rebuilt = rebuild(journal)
            if not rebuilt.is_same_file:
                return "the journal starts from another file"
            recovered = number_in(rebuilt.cassette.to_bytes()) or 0
        orphan.remove()
    if not counters.journalled <= recovered <= counters.begun:
        return f"edit {counters.journalled} was journalled, and {recovered} came back"
    # The next program goes on from the file.
    counters.begun = counters.journalled = saved
    return ""


def main(count: int) -> int:
    """Kills `count` programs; prints how many left everything whole, and the first faults."""
    counters = Counters()
    faults = []
    edits = 0
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as name:
        path, folder = Path(name, "cassette.yaml"), Path(name, "recovery")
        path.write_bytes(text_of(0))
        # Has everything imported that the programs, which are forks of this one, would begin with.
        SetUrl(1, "https://edit/").exchange(Cassette.open(path))
        for _ in range(count):
            before = counters.begun
            kill_one(path, folder, counters)
            fault = fault_of(path, folder, counters)
            edits += counters.begun - before
            if fault:
                faults.append(fault)
        leftovers = len(list(path.parent.glob(".*.tmp")))
    done = f"{edits // _EDITS_A_SAVE} saves done, {leftovers} kills while one was written"
    print(f"{count - len(faults)} of {count} whole ({done})")
    print(*faults[:5], sep="\n", end="")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
