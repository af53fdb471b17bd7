"""Kills a program with SIGKILL at random moments while it edits, journals and saves, and counts what is whole.

    python -m tests.bench.kills [N]

Each time a fresh process opens the cassette in a workspace, as the program does, and goes on editing, journalling and
saving, at once and in the background by turns. Afterwards the file has to be one of the versions that were saved,
byte for byte, and the file together with its journal has to give the last edit that was made, or the one under
way. The process is forked from this one, so that a thousand kills take a minute or two.
"""

from __future__ import annotations

import contextlib
import itertools
import mmap
import os
import random
import signal
import struct
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from tests.cassette.samples import GO_VCR_V2
from viewer.cassette.cassette import Cassette
from viewer.cassette.edits import SetUrl
from viewer.cassette.journal import baseline_of, digest_of, frame, parse_journal, title
from viewer.cassette.journal_file import orphans
from viewer.cassette.model import CassetteError
from viewer.cassette.rebuild import rebuild
from viewer.cassette.row_record import RowRecord
from viewer.document.journal_keeper import program_version
from viewer.document.recovery import Recovery
from viewer.document.tasks import pending_jobs
from viewer.document.workspace import Workspace

_FIRST_URL = "https://api.example.com/v1/models"
EDITS_A_SAVE = 2
# The moment of the kill is spread over several rounds of edits and saves, and within one, in seconds.
_MOST_EDITS = 12
_LONGEST = 0.005
# A killed program's writes are with the system already, so that no disk is needed to lose or keep them.
_MEMORY = Path("/dev/shm")
# Makes the cassette long enough that writing it takes a while.
_PADDING = "# padding\n" * 50_000


class Counters:
    """What the child tells its parent, in memory that both have: which edit was begun, is journalled, is saved."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 24)

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

    @property
    def saved(self) -> int:
        return int(struct.unpack_from("<q", self._memory, 16)[0])

    @saved.setter
    def saved(self, number: int) -> None:
        struct.pack_into("<q", self._memory, 16, number)


def text_of(number: int) -> bytes:
    """The cassette after edit `number`."""
    url = f"https://edit/{number}" if number else _FIRST_URL
    return (_PADDING + GO_VCR_V2.replace(_FIRST_URL, url)).encode()


def number_in(data: bytes) -> int | None:
    """The edit that a cassette's bytes stand for; None where they are no version of it."""
    _, found, rest = data.partition(b"https://edit/")
    number = int(rest.split(b"\n")[0]) if found and rest[:1].isdigit() else 0
    return number if data == text_of(number) else None


def edit_and_save(path: Path, folder: Path, counters: Counters, *, waits_for_disk: bool = False) -> None:
    """What the killed program does, for ever; an edit counts as journalled once it is made, or once it is on disk."""
    app = QCoreApplication(["kills"])
    workspace = Workspace()
    recovery = Recovery(workspace, folder)
    # Where the power is cut the disk fails before the program is killed; it goes no further then.
    recovery.failed.connect(lambda path, error: signal.pause())
    workspace.open([path])
    while workspace.is_opening:
        app.processEvents()
    (document,) = workspace.documents
    document.save_failed.connect(lambda error: signal.pause())
    number = counters.begun
    for is_at_once in itertools.cycle([True, False]):
        for _ in range(EDITS_A_SAVE):
            number += 1
            counters.begun = number
            document.edit(SetUrl(1, f"https://edit/{number}"))
            while waits_for_disk and pending_jobs():
                app.processEvents()
            counters.journalled = number
            app.processEvents()
        if is_at_once:
            document.save()
        else:
            document.save_in_background()
            while document.is_saving:
                app.processEvents()
        counters.saved = number
    recovery.close()


def import_all(path: Path) -> None:
    """Has everything imported that the programs, which are forks of this one, would begin with."""
    cassette = Cassette.open(path)
    exchange = SetUrl(1, "https://edit/").exchange(cassette)
    cassette.apply(exchange)
    baseline = baseline_of(cassette, state=None, program=program_version(), digest=digest_of([]), row=None)
    parse_journal(title() + frame(baseline))
    RowRecord.of(cassette.pieces)


@contextlib.contextmanager
def doomed(path: Path, folder: Path, counters: Counters, *, waits_for_disk: bool = False) -> Iterator[None]:
    """Starts a program, waits for a random moment, and kills it at the end."""
    begun = counters.begun
    child = os.fork()
    if child == 0:
        try:
            edit_and_save(path, folder, counters, waits_for_disk=waits_for_disk)
        finally:
            os._exit(1)
    edits = random.randint(1, _MOST_EDITS)
    while counters.begun < begun + edits:
        time.sleep(0.0005)
        if os.waitpid(child, os.WNOHANG) != (0, 0):
            raise RuntimeError("the program ended by itself")
    time.sleep(random.uniform(0, _LONGEST))
    yield
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def fault_of(path: Path, folder: Path, counters: Counters) -> str:
    """What is wrong after a kill; "" where the file is whole and nothing journalled is lost."""
    saved = number_in(path.read_bytes())
    if saved is None:
        return "the file is neither the old one nor the new one"
    if saved < counters.saved:
        return f"edit {counters.saved} was saved, and the file has {saved}"
    recovered = saved
    for orphan in orphans(folder):
        try:
            journal = orphan.read()
            if not journal.is_saved() and journal.count:
                rebuilt = rebuild(journal)
                if not rebuilt.is_same_file:
                    return "the journal starts from another file"
                recovered = number_in(rebuilt.cassette.to_bytes()) or 0
        except CassetteError as err:
            return str(err)
        finally:
            orphan.remove()
    if not counters.journalled <= recovered <= counters.begun:
        return f"edit {counters.journalled} was journalled, and {recovered} came back"
    # The next program goes on from the file.
    counters.begun = counters.journalled = counters.saved = saved
    return ""


def main(count: int) -> int:
    """Kills `count` programs; prints how many left everything whole, and the first faults."""
    counters = Counters()
    faults = []
    edits = 0
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as name:
        path, folder = Path(name, "cassette.yaml"), Path(name, "recovery")
        path.write_bytes(text_of(0))
        import_all(path)
        for _ in range(count):
            before = counters.begun
            with doomed(path, folder, counters):
                pass
            fault = fault_of(path, folder, counters)
            edits += counters.begun - before
            if fault:
                faults.append(fault)
        leftovers = len(list(path.parent.glob(".*.tmp")))
    done = f"{edits // EDITS_A_SAVE} saves done, {leftovers} kills while one was written"
    print(f"{count - len(faults)} of {count} whole ({done})")
    print(*faults[:5], sep="\n", end="")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
