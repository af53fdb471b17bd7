"""Makes every file operation of a save and of the recovery journal fail, and counts what is whole afterwards.

    python -m tests.bench.faults

Three times over. In an injected layer, where each operation that is asked of Python's `os` and `fcntl` fails once,
or it and all behind it: with six errors, for a plain file, a new one, one behind a symbolic link and another
user's. By `strace -e inject`, where the system calls themselves fail, or the program is killed as it enters one
(skipped without strace). On a tmpfs with room for so many pages, from none to enough (skipped without root).
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tests.cassette.faults import (
    ERRORS,
    KINDS,
    NEW,
    operations_of_a_save,
    outcome,
    prepared,
    save_with_fault,
)
from tests.document.journal_faults import edit_with_fault
from viewer.cassette.model import SaveError
from viewer.cassette.storage import save, state_of

# A killed or failing program's writes are with the system already; no disk is needed to lose or keep them.
_MEMORY = Path("/dev/shm")
_PAGE = 4096


class Tally:
    """How many of a kind of fault were survived; prints its line when it is left."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._tried = 0
        self.wrong: list[str] = []
        self.operations: set[str] = set()

    def note(self, operation: str, wrong: str) -> None:
        """Counts one fault."""
        self._tried += 1
        self.operations.add(operation)
        if wrong:
            self.wrong.append(f"  {operation}: {wrong}")

    def tell(self) -> bool:
        """Prints the figure; whether all were survived."""
        kinds = f", at {', '.join(sorted(self.operations))}" if self.operations else ""
        print(f"{self._what}: {self._tried - len(self.wrong)} of {self._tried}{kinds}")
        print(*self.wrong[:5], sep="\n", end="\n" if self.wrong else "")
        return not self.wrong


@contextlib.contextmanager
def empty_folder() -> Iterator[Path]:
    """A folder in memory, where that is to be had."""
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as name:
        yield Path(name)


# --- the injected layer


def fail_saves() -> bool:
    """Each operation of a save, in each way, for each kind of file."""
    tally = Tally("save, injected faults")
    for kind, stays in itertools.product(KINDS, (False, True)):
        with empty_folder() as folder:
            count = len(operations_of_a_save(folder, kind))
        for number, error in itertools.product(range(count), ERRORS):
            with empty_folder() as folder:
                tally.note(*save_with_fault(folder, kind, number, error, stays=stays))
    return tally.tell()


def fail_journals() -> bool:
    """Each operation of a journal, in each way."""
    from PySide6.QtCore import QCoreApplication

    app = QCoreApplication.instance() or QCoreApplication(["faults"])
    tally = Tally("journal, injected faults")
    raised: list[str] = []
    sys.excepthook = lambda kind, err, trace: raised.append(f"raised {err!r}")
    with empty_folder() as folder:
        count = len(edit_with_fault(folder, -1, errno.EIO)[0].asked)
    for number, error, stays in itertools.product(range(count), ERRORS, (False, True)):
        with empty_folder() as folder:
            faults, wrong = edit_with_fault(folder, number, error, stays=stays)
            # A worker may have one thing less to do where two edits come at once.
            if faults.failed:
                tally.note(faults.failed, "; ".join([wrong, *raised]) if wrong or raised else "")
            raised.clear()
    sys.excepthook = sys.__excepthook__
    del app
    return tally.tell()


# --- the system's own calls

_CALL = re.compile(r"^(\w+)\(.* = (-?\d+|\?)", re.MULTILINE)
# Python's memory, and the pipe by which the program is started.
_NOT_FILES = {"mmap", "munmap", "mprotect", "brk", "read", "exit_group"}
_ERRORS = ("EIO", "ENOSPC", "EACCES", "EROFS", "EDQUOT")


def traced(folder: Path, kind: str, *inject: str) -> tuple[int, str]:
    """Saves in a program of its own under strace; its exit code (2 for any other error), and what strace saw."""
    path, _ = prepared(folder, kind)
    expected = state_of(path)
    log = folder / ".strace"
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        status = 2
        with contextlib.suppress(BaseException):
            os.read(read, 1)
            status = 1 if outcome(path, expected) else 0
        os._exit(status)
    words = ["strace", "-qq", "-o", str(log), "-p", str(child), "-e", "trace=%file,%desc"]
    tracer = subprocess.Popen([*words, *inject], stderr=subprocess.DEVNULL)
    while "TracerPid:\t0" in Path(f"/proc/{child}/status").read_text() and tracer.poll() is None:
        pass
    os.write(write, b"x")
    _, status = os.waitpid(child, 0)
    tracer.wait()
    for descriptor in (read, write):
        os.close(descriptor)
    return os.waitstatus_to_exitcode(status), log.read_text()


def calls_of_a_save(kind: str) -> list[tuple[str, int]]:
    """The system calls of a save, each as its name and its number among its like, from 1."""
    with empty_folder() as folder:
        status, log = traced(folder, kind)
    assert status == 0, log
    seen: Counter[str] = Counter()
    calls = []
    for name, _ in _CALL.findall(log):
        if name not in _NOT_FILES:
            seen[name] += 1
            calls.append((name, seen[name]))
    return calls


def _what_is_wrong(folder: Path, kind: str, status: int, log: str, *, killed: bool) -> str:
    path = folder / ("link.yaml" if kind == "symbolic link" else "cassette.yaml")
    stands = path.read_bytes() if path.exists() else None
    old = None if kind == "new file" else b"old"
    if killed:
        return (
            "" if status == -9 and stands in (old, NEW) else f"ended with {status}; the file holds {stands!r}"
        )
    if "(INJECTED)" not in log:
        return "nothing was injected"
    return (
        "" if (status, stands) in ((0, NEW), (1, old)) else f"ended with {status}; the file holds {stands!r}"
    )


def fail_system_calls() -> bool:
    """Each system call of a save, in each way; and a kill at each."""
    if shutil.which("strace") is None:
        print("system calls: skipped, strace is not installed")
        return True
    failing, killing = Tally("save, failing system calls"), Tally("save, killed at a system call")
    for kind in KINDS:
        for (name, number), way in itertools.product(calls_of_a_save(kind), (*_ERRORS, "KILL")):
            what = "signal" if way == "KILL" else "error"
            with empty_folder() as folder:
                status, log = traced(folder, kind, "-e", f"inject={name}:{what}={way}:when={number}")
                wrong = _what_is_wrong(folder, kind, status, log, killed=way == "KILL")
            (killing if way == "KILL" else failing).note(name, wrong and f"{number}, {way}: {wrong}")
    return all([failing.tell(), killing.tell()])


# --- a disk that is full


def fill_disks() -> bool:
    """Saves of ten pages over a file of ten where there is room for none, one, two … more."""
    tally = Tally("save, full disk")
    for pages in range(16):
        with empty_folder() as folder:
            # A page each for the folder and the file's ten.
            size = f"size={(11 + pages) * _PAGE}"
            mount = ["mount", "-t", "tmpfs", "-o", size, "none", str(folder)]
            if subprocess.run(mount, capture_output=True, check=False).returncode:
                print("full disk: skipped, mounting a small one takes root")
                return True
            try:
                tally.note("", _save_on_full_disk(folder / "cassette.yaml"))
            finally:
                subprocess.run(["umount", str(folder)], check=True)
    tally.operations.clear()
    return tally.tell()


def _save_on_full_disk(path: Path) -> str:
    old, new = b"o" * 10 * _PAGE, b"n" * 10 * _PAGE
    path.write_bytes(old)
    try:
        save([new], path, expected=state_of(path))
    except SaveError as err:
        is_clear = "No space left on device. The old file is unchanged." in str(err)
        whole = path.read_bytes() == old and len(list(path.parent.iterdir())) == 1
        return "" if is_clear and whole else str(err)
    return "" if path.read_bytes() == new else "the file is neither the old nor the new one"


def main() -> int:
    """Prints a line for each kind of fault; 1 where something was not survived."""
    kinds: Iterable[Callable[[], bool]] = (fail_saves, fail_journals, fail_system_calls, fill_disks)
    survived = [fail() for fail in kinds]
    return 0 if all(survived) else 1


if __name__ == "__main__":
    sys.exit(main())
