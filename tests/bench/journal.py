"""How long an edit takes until it would survive the program, and until it would survive the machine.

    python -m tests.bench.journal [FOLDER]

Edits a cassette of some 40 kB a hundred times, by a URL and by a body of 100 kB in turns, with its recovery journal
in FOLDER (a temporary one in /var/tmp without it). Told are the median and the worst: of handing an
edit to the system, which the interface waits for, and of the time until it is on the disk, which a worker waits for.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from tests.document.cassettes import text_of
from viewer.cassette.edits import SetBodyText, SetUrl
from viewer.cassette.formats.base import Side
from viewer.cassette.journal import Record
from viewer.cassette.journal_file import JournalWriter
from viewer.document.recovery import Recovery
from viewer.document.tasks import pending_jobs
from viewer.document.workspace import Workspace

_EDITS = 100


class TimedWriter(JournalWriter):
    """Notes how long each record took to be handed to the system."""

    took: list[float]

    def append(self, record: Record) -> None:
        """As `JournalWriter.append`."""
        start = time.perf_counter()
        super().append(record)
        self.took.append(time.perf_counter() - start)


def main(folder: Path) -> int:
    """Prints two lines."""
    import viewer.document.journal_keeper as keeper

    app = QCoreApplication(["journal"])
    # The keeper's own name for it, which is nobody else's business.
    keeper.__dict__["JournalWriter"] = TimedWriter
    TimedWriter.took = []
    path = folder / "cassette.yaml"
    path.write_text(text_of(150))
    workspace = Workspace()
    recovery = Recovery(workspace, folder / "recovery")
    workspace.open([path])
    (document,) = workspace.documents
    on_disk = []
    for number in range(_EDITS + 1):
        body = SetBodyText(number, Side.RESPONSE, f"{number} " * 20_000)
        start = time.perf_counter()
        document.edit(body if number % 2 else SetUrl(number, f"https://edit/{number}"))
        while pending_jobs():
            app.processEvents()
        on_disk.append(time.perf_counter() - start)
    for what, times in (
        ("handing it to the system", TimedWriter.took),
        ("from the edit to the disk", on_disk),
    ):
        # The first one imports what it needs.
        median, worst = statistics.median(times[1:]), max(times[1:])
        print(f"{what}: median {median * 1000:.1f} ms, worst {worst * 1000:.1f} ms")
    recovery.give_up()
    recovery.close()
    workspace.close(document)
    return 0


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(main(Path(sys.argv[1])))
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        sys.exit(main(Path(name)))
