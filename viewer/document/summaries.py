"""The rows of one cassette, read when somebody looks, in slices that leave the window free.

The order of things: a view asks for a row. Within the first milliseconds after the event loop turned it is
read at once, so that a screenful of usual entries is there at the first paint; behind that it waits, and slices
of SLICE seconds read the waiting rows, the last asked first. An entry above LARGE bytes is read by a worker,
one at a time. `sweep` has every other row read too, for sorting and filtering.

Slices in the interface's thread rather than one busy worker: each callback from Qt into Python would have to
win the interpreter's lock back from it, up to 5 ms a time, and painting is a hundred callbacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from time import perf_counter
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from viewer.cassette.layout import Syntax
from viewer.cassette.model import Kind, ParseError, TooLargeError
from viewer.document.summary import Summary, summarise, swells
from viewer.document.tasks import Job, run_in_background

if TYPE_CHECKING:
    from viewer.cassette.cassette import Cassette
    from viewer.document.row_changes import RowChange

SLICE = 0.008
LARGE = 1 << 15
# Bytes of a decompressed body that are read as quickly as an entry of LARGE bytes.
LARGE_CONTENT = 1 << 18


class Summaries(QObject):
    """The rows of one cassette by position.

    Signals:
        arrived(list[int]): these positions have been read, or read again.
        swept(): every row is known.
        misread(): an entry does not parse alone; reading waits for `clear` (the entries were found again) or
            `resume` (they are the best there are).
    """

    arrived = Signal(object)
    swept = Signal()
    misread = Signal()

    def __init__(self, cassette: Cassette, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cassette = cassette
        self._known: dict[int, Summary] = {}
        self._stale: set[int] = set()
        self._waiting: dict[int, None] = {}
        self._large: dict[int, None] = {}
        self._sweeping = False
        self._round: Iterator[int] = iter(())
        self._job: Job | None = None
        self._arrived: list[int] = []
        self._spent = 0.0
        self._halted = False
        self._trust_errors = False
        self._timer = QTimer(self, interval=0, singleShot=True)
        self._timer.timeout.connect(self._slice)

    def __len__(self) -> int:
        return len(self._cassette)

    @property
    def known(self) -> int:
        """How many rows have been read."""
        return len(self._known)

    @property
    def is_complete(self) -> bool:
        """Whether every row is known as it is now."""
        return len(self._known) == len(self) and not self._stale

    def peek(self, position: int) -> Summary | None:
        """The row as last read, which is not set off by asking; None where it never was."""
        return self._known.get(position)

    def ask(self, position: int) -> Summary | None:
        """The row for a view that shows it: at once where that is quick, else None until it has `arrived`."""
        if position >= len(self):
            return None
        known = self._known.get(position)
        if known is not None and position not in self._stale:
            return known
        if self._spent < SLICE and not self._halted and self._cassette.size(position) <= LARGE:
            started = perf_counter()
            self._take_small(position)
            self._spent += perf_counter() - started
            known = self._known.get(position)
        else:
            self._waiting.pop(position, None)
            self._waiting[position] = None
        self._timer.start()
        return known

    def read(self, position: int) -> Summary:
        """The row, read now whatever it takes."""
        known = self._known.get(position)
        if known is None or position in self._stale:
            try:
                self._take(summarise(self._cassette.reader(position)(), self._cassette.size(position)))
            except ParseError as err:
                self._take(self._malformed(position, err))
        return self._known[position]

    def want(self, position: int) -> None:
        """Has a row read before those that nobody asked for."""
        self._waiting[position] = None
        self._timer.start()

    def sweep(self) -> None:
        """Has all rows read; says `swept` at the end."""
        self._sweeping = True
        self._round = iter(range(len(self)))
        self._timer.start()

    def end_sweep(self) -> None:
        """Reads no more rows than views ask for."""
        self._sweeping = False

    def forget(self, positions: Iterable[int]) -> None:
        """These rows have changed: what is known stays until it is asked for, and is then read again."""
        changed = set(positions)
        self._stale.update(changed & self._known.keys())
        if changed & self._large.keys():
            self._end_job()
            self._timer.start()

    def shift(self, changes: Iterable[RowChange]) -> None:
        """Interactions came or went: the others' rows move along, and are read again when asked for."""
        for change in changes:
            self._known = dict(_shifted(self._known, change))
        self._stale = set(self._known)
        self._restart()

    def clear(self) -> None:
        """All rows were found again."""
        self._known.clear()
        self._stale.clear()
        self._trust_errors = False
        self._restart()

    def resume(self) -> None:
        """Entries that do not parse alone are malformed: they get a row that says so."""
        self._halted = False
        self._trust_errors = True
        self._timer.start()

    def stop(self) -> None:
        """Ends all work."""
        self._timer.stop()
        self._sweeping = False
        self._waiting.clear()
        self._large.clear()
        self._end_job()

    def _restart(self) -> None:
        self._halted = False
        self._waiting.clear()
        self._large.clear()
        self._end_job()
        if self._sweeping:
            self.sweep()

    def _end_job(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None

    @property
    def _notes_errors(self) -> bool:
        """Whether an entry that does not parse is malformed; else the file may have been split wrongly."""
        layout = self._cassette.layout
        return self._trust_errors or layout.exact or layout.syntax is not Syntax.YAML

    # --- slices

    @Slot()
    def _slice(self) -> None:
        """Reads waiting rows, then those of the sweep, until the slice is over; and once more soon."""
        self._spent = 0.0
        until = perf_counter() + SLICE
        while not self._halted and perf_counter() < until:
            position = self._next()
            if position is None:
                break
            if self._cassette.size(position) > LARGE:
                self._large[position] = None
            else:
                self._take_small(position)
        self._start_job()
        self._report()

    def _next(self) -> int | None:
        while self._waiting:
            position, _ = self._waiting.popitem()
            if position < len(self) and self._is_wanted(position):
                return position
        if self._sweeping:
            for position in self._round:
                if self._is_wanted(position):
                    return position
            # Rows that changed since this round passed them, if any, are the next one.
            self._round = iter(sorted(self._stale))
        return None

    def _is_wanted(self, position: int) -> bool:
        return (position not in self._known or position in self._stale) and position not in self._large

    def _take_small(self, position: int) -> None:
        try:
            found = self._cassette.reader(position)()
        except ParseError as err:
            self._take_error(position, err)
            return
        if swells(found, LARGE_CONTENT):
            self._large[position] = None
        else:
            self._take(summarise(found, self._cassette.size(position)))

    def _take_error(self, position: int, err: ParseError) -> None:
        if self._notes_errors or isinstance(err, TooLargeError):
            self._take(self._malformed(position, err))
        else:
            self._halt(position)

    def _malformed(self, position: int, err: ParseError) -> Summary:
        """The row of an entry that does not parse, with the line of the file."""
        line = self._cassette.line_of(position) + (err.line or 1) - 1
        note = f"line {line}: {err.message}"
        return Summary(position, kind=Kind.OTHER, note=note, size=self._cassette.size(position))

    def _halt(self, position: int) -> None:
        self._waiting[position] = None
        self._halted = True
        self.misread.emit()

    def _take(self, summary: Summary) -> None:
        self._known[summary.position] = summary
        self._stale.discard(summary.position)
        self._arrived.append(summary.position)

    def _report(self) -> None:
        arrived, self._arrived = self._arrived, []
        if arrived:
            self.arrived.emit(arrived)
        if self._halted:
            return
        if self._waiting:
            self._timer.start()
        elif self._sweeping and self.is_complete:
            self._sweeping = False
            self.swept.emit()
        elif self._sweeping and not self._large:
            self._timer.start()

    # --- large entries

    def _start_job(self) -> None:
        if self._job is not None or not self._large or self._halted:
            return
        position = next(reversed(self._large))
        read, size = self._cassette.reader(position), self._cassette.size(position)
        self._job = run_in_background(
            lambda job: summarise(read(), size), self._take_large, self._fail_large, patient=True
        )

    def _take_large(self, summary: Summary) -> None:
        self._job = None
        self._large.pop(summary.position, None)
        self._take(summary)
        self._timer.start()

    def _fail_large(self, error: Exception) -> None:
        self._job = None
        position, _ = self._large.popitem()
        if not isinstance(error, ParseError):
            raise error
        self._take_error(position, error)
        self._timer.start()


def _shifted(known: dict[int, Summary], change: RowChange) -> Iterator[tuple[int, Summary]]:
    by = change.inserted - change.removed
    for position, summary in known.items():
        if position < change.at:
            yield position, summary
        elif position >= change.at + change.removed:
            yield position + by, _moved(summary, position + by)


def _moved(summary: Summary, position: int) -> Summary:
    return msgspec.structs.replace(summary, position=position)
