"""Which interactions of a document a list shows and in which order: filtered and sorted in slices.

No row costs memory or a call before somebody asks: without a filter the rows are a `range`, with one an array
of positions. A scan walks the positions in slices of SLICE seconds; at the end of each the stretch of rows
it passed is replaced by what matched there, and the rows behind it are still those of the filter before.
So results stream in, from the top, and nothing flickers while one types.

Interactions that have not been read yet cannot match: they are read in the background, those first whose
text holds the words, and join the rows as they arrive. Bodies are searched in the same way.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from time import perf_counter
from typing import TYPE_CHECKING, Any
from weakref import WeakMethod

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from viewer.cassette.model import Interaction, ParseError
from viewer.document.filter import Query
from viewer.document.sorting import KEYS, Sorting
from viewer.document.summaries import LARGE
from viewer.document.tasks import Job, run_in_background

if TYPE_CHECKING:
    from viewer.document.document import CassetteDocument
    from viewer.document.row_changes import RowChange

SLICE = 0.005
JOINING = 50  # milliseconds for which rows that were found late are collected
_EVERY = 256
_MANY_CHANGES = 8
_ENDED = object()


Replace = Callable[["FilteredRows", int, int, Sequence[int]], None]


class FilteredRows(QObject):
    """The rows of one document: `positions` in the order shown.

    `replace(rows, start, end, new)` is asked to make each change of them, and does it by `set_stretch`; so a
    model can begin and end its rows around it. It is a bound method, held weakly: whoever owns the rows is
    freed without waiting for Python's collector, which may run in any thread.

    Signals:
        working_changed(bool): a scan or a search began or ended.
    """

    working_changed = Signal(bool)

    def __init__(self, document: CassetteDocument, replace: Replace) -> None:
        super().__init__()
        self.document = document
        self.positions: Sequence[int] = range(len(document))
        self.query = Query()
        self.sorting = Sorting.NUMBER
        self.descending = False
        self._replacer = WeakMethod(replace)
        self._unread: set[int] = set()
        self._work: list[Iterator[None]] = []
        self._was_working = False
        self._large: list[int] = []
        self._job: Job | None = None
        self._timer = QTimer(self, interval=0, singleShot=True)
        self._timer.timeout.connect(self._slice)
        self._joining: set[int] = set()
        self._join_timer = QTimer(self, interval=JOINING, singleShot=True)
        self._join_timer.timeout.connect(self._join)
        document.summaries.arrived.connect(self._take_arrived)
        document.summaries.swept.connect(self._take_swept)
        document.rows_changed.connect(self._take_changes)
        document.rows_reset.connect(self.reset)

    @property
    def is_working(self) -> bool:
        """Whether rows may still come or go by themselves."""
        return bool(self._work or self._unread or self._large or self._job or self._joining)

    @property
    def is_in_file_order(self) -> bool:
        """Whether the rows stand as in the file."""
        return self.sorting is Sorting.NUMBER and not self.descending

    def row_of(self, position: int) -> int | None:
        """The row at which an interaction is shown, None where it is not."""
        rows = self.positions
        if isinstance(rows, range):
            return rows.index(position) if position in rows else None
        if self.is_in_file_order:
            row = bisect_left(rows, position)
            return row if row < len(rows) and rows[row] == position else None
        try:
            return rows.index(position)
        except ValueError:
            return None

    def set_stretch(self, start: int, end: int, new: Sequence[int]) -> None:
        """Puts `new` in the place of the rows from `start` to `end`; for `replace` alone."""
        if start == 0 and end == len(self.positions) and isinstance(new, range):
            self.positions = new
            return
        rows = self.positions if isinstance(self.positions, array) else array("q", self.positions)
        rows[start:end] = array("q", new)
        self.positions = rows

    def set_query(self, query: Query) -> None:
        """Filters by `query` from now on. The first slice is done when this returns."""
        before, self.query = self.query, query
        self._restart(narrowing=bool(before) and not self.is_working and query.narrows(before))

    def set_sorting(self, sorting: Sorting, *, descending: bool = False) -> None:
        """Orders by `sorting` from now on, once every row is known."""
        self.sorting, self.descending = sorting, descending
        self._restart()

    @Slot()
    def reset(self) -> None:
        """The document's interactions are other ones: everything is filtered again."""
        self._show(range(0))
        self._restart()

    def stop(self) -> None:
        """Ends all work."""
        self._timer.stop()
        self._drop_work()

    # --- the work, by slices

    def _restart(self, *, narrowing: bool = False) -> None:
        self._drop_work()
        if not self.query and self.sorting is Sorting.NUMBER:
            everything = range(len(self.document))
            self._show(everything[::-1] if self.descending else everything)
        elif self.is_in_file_order:
            self._work.append(self._scan(self.positions if narrowing else range(len(self.document))))
        else:
            self._work.append(self._order())
        self._slice()

    def _drop_work(self) -> None:
        self._work.clear()
        self._unread.clear()
        self._large.clear()
        self._joining.clear()
        self.document.summaries.end_sweep()
        if self._job is not None:
            self._job.cancel()
            self._job = None

    @Slot()
    def _slice(self) -> None:
        until = perf_counter() + SLICE
        while self._work and perf_counter() < until:
            job = self._work[0]
            if next(job, _ENDED) is _ENDED and job in self._work:
                self._work.remove(job)
        if self._work:
            self._timer.start()
        self._tell_working()

    def _tell_working(self) -> None:
        if self.is_working is not self._was_working:
            self._was_working = self.is_working
            self.working_changed.emit(self._was_working)

    def _scan(self, candidates: Sequence[int]) -> Iterator[None]:
        """Asks the candidates, ascending, one after the other; replaces a stretch of rows at the end of each slice."""
        peek, matches = self.document.summaries.peek, self.query.matches
        to_search: list[int] = []
        candidates = list(candidates) if not isinstance(candidates, range) else candidates
        searches = bool(self.query.body_words)
        at = 0
        while at < len(candidates):
            hits: list[int] = []
            row = bisect_left(self.positions, candidates[at])
            until = perf_counter() + SLICE
            while at < len(candidates) and perf_counter() < until:
                for position in candidates[at : at + _EVERY]:
                    known = peek(position)
                    if known is None:
                        self._unread.add(position)
                    elif matches(known):
                        (to_search if searches else hits).append(position)
                at += _EVERY
            passed = candidates[at] if at < len(candidates) else len(self.document)
            end = bisect_left(self.positions, passed)
            self._show_stretch(row, end, hits)
            yield
        self._work.append(self._read_missing())
        if searches:
            self._work.append(self._search(to_search))

    def _read_missing(self) -> Iterator[None]:
        """Has what was never read read now, what looks like a match before the rest."""
        if not self._unread:
            return
        for position in sorted(self._unread):
            if self._looks_likely(position):
                self.document.summaries.want(position)
            yield
        self.document.summaries.sweep()

    def _looks_likely(self, position: int) -> bool:
        cassette = self.document.cassette
        return cassette.size(position) <= LARGE and self.query.likely_in(cassette.entry_text(position))

    def _search(self, candidates: Sequence[int]) -> Iterator[None]:
        """Searches the bodies of rows that match otherwise, likely ones first."""
        unlikely = []
        for position in candidates:
            if self._looks_likely(position):
                self._search_one(position)
            else:
                unlikely.append(position)
            yield
        for position in unlikely:
            self._search_one(position)
            yield

    def _search_one(self, position: int) -> None:
        if self.document.cassette.size(position) > LARGE:
            self._large.append(position)
            self._search_large()
        elif self._bodies_match(position):
            self._add([position])

    def _search_large(self) -> None:
        """Has a worker search the next of the large entries, if none does already."""
        if self._job is None and self._large:
            position = self._large.pop(0)
            query, read = self.query, self.document.cassette.reader(position)
            self._job = run_in_background(
                lambda job: (position, _matches(query, read)),
                self._take_searched,
                self._fail_search,
                patient=True,
            )

    def _take_searched(self, found: tuple[int, bool]) -> None:
        self._job = None
        position, matches = found
        if matches:
            self._add([position])
        self._search_large()
        self._tell_working()

    def _fail_search(self, error: Exception) -> None:
        self._job = None
        raise error

    def _order(self) -> Iterator[None]:
        """Filters and sorts everything, once all rows are known."""
        summaries = self.document.summaries
        if not summaries.is_complete:
            self._unread.add(-1)
            summaries.sweep()
            return
        keyed: list[tuple[Any, int]] = []
        key = KEYS[self.sorting]
        for position in range(len(self.document)):
            row = summaries.peek(position)
            if row is not None and self.query.matches(row) and self._bodies_match(position):
                keyed.append((key(row), position))
            if not position % _EVERY:
                yield
        keyed.sort(key=itemgetter(0), reverse=self.descending)
        self._show([position for _, position in keyed])

    def _bodies_match(self, position: int) -> bool:
        return not self.query.body_words or _matches(self.query, self.document.cassette.reader(position))

    @Slot(object)
    def _take_arrived(self, positions: Iterable[int]) -> None:
        """Rows have been read: those that were missing may match."""
        arrived = self._unread.intersection(positions)
        if not arrived:
            return
        self._unread -= arrived
        rows = ((position, self.document.summaries.peek(position)) for position in sorted(arrived))
        matching = [position for position, row in rows if row is not None and self.query.matches(row)]
        if self.query.body_words:
            self._work.append(self._search(matching))
            self._timer.start()
        else:
            self._add(matching)
        self._tell_working()

    @Slot(object)
    def _take_changes(self, changes: Sequence[RowChange]) -> None:
        """Interactions came or went. New ones are shown whatever the filter says: somebody just made them."""
        if not self.is_in_file_order:
            self.reset()
            return
        if len(changes) > _MANY_CHANGES:
            self._take_many(changes)
        else:
            self._take_each(changes)
        if not self.query:
            self.positions = range(len(self.document))
        elif self.is_working:
            self._restart()

    def _take_many(self, changes: Sequence[RowChange]) -> None:
        """Shows what many changes leave at once: a view looks at its whole selection after each that it sees."""
        grown = sum(change.inserted - change.removed for change in changes)
        came = -1
        left = list(range(len(self.document) - grown))
        for change in changes:
            left[change.at : change.at + change.removed] = [came] * change.inserted
        shown = set(self.positions)
        self._show([at for at, before in enumerate(left) if before == came or before in shown])

    def _take_each(self, changes: Sequence[RowChange]) -> None:
        for change in changes:
            if not self.query:
                self._take_unfiltered(change)
                continue
            start = bisect_left(self.positions, change.at)
            end = bisect_left(self.positions, change.at + change.removed)
            if start != end:
                self._replace(start, end, ())
            self._renumber(start, change.inserted - change.removed)
            if change.inserted:
                self._replace(start, start, range(change.at, change.at + change.inserted))

    def _take_unfiltered(self, change: RowChange) -> None:
        """Rows are positions, so that nobody has to count 300,000 of them anew."""
        left, new = len(self.positions) - change.removed, range(change.at, change.at + change.inserted)
        if change.removed:
            self._replace(change.at, change.at + change.removed, ())
        rows = array("q", range(left + len(new)))
        del rows[new.start : new.stop]
        self.positions = rows
        if new:
            self._replace(change.at, change.at, new)

    def _renumber(self, start: int, by: int) -> None:
        """Interactions before those of the rows from `start` have come or gone."""
        rows = array("q", self.positions)
        rows[start:] = array("q", map(by.__add__, rows[start:]))
        self.positions = rows

    @Slot()
    def _take_swept(self) -> None:
        if not self.is_in_file_order and -1 in self._unread:
            self._unread.clear()
            self._work.append(self._order())
            self._timer.start()

    # --- what is shown

    def _add(self, positions: Iterable[int]) -> None:
        """Lets rows join, in file order; soon, together with others, since a view lays out its lines each time."""
        self._joining.update(positions)
        if self._joining and not self._join_timer.isActive():
            self._join_timer.start()

    @Slot()
    def _join(self) -> None:
        joining, self._joining = sorted(self._joining), set()
        if joining:
            start, end = bisect_left(self.positions, joining[0]), bisect_left(self.positions, joining[-1])
            self._show_stretch(start, end, sorted({*self.positions[start:end], *joining}))
        self._tell_working()

    def _show(self, positions: Sequence[int]) -> None:
        self._show_stretch(0, len(self.positions), positions)

    def _replace(self, start: int, end: int, new: Sequence[int]) -> None:
        replace = self._replacer()
        if replace is not None:
            replace(self, start, end, new)

    def _show_stretch(self, start: int, end: int, new: Sequence[int]) -> None:
        """Replaces rows, without touching those that stay at the front and at the back of the stretch."""
        old = self.positions[start:end]
        front = _shared(old, new)
        back = _shared(old[front:][::-1], new[front:][::-1])
        start, end = start + front, end - back
        new = new[front : len(new) - back]
        if start != end or new:
            self._replace(start, end, new)


def _matches(query: Query, read: Callable[[], Interaction]) -> bool:
    """Whether an interaction's bodies match; those of a malformed entry do not."""
    try:
        return query.matches_bodies(read())
    except ParseError:
        return False


def _shared(a: Sequence[int], b: Sequence[int]) -> int:
    """How many items two sequences share at the front."""
    if isinstance(a, range) and isinstance(b, range):
        return min(len(a), len(b)) if a[:1] == b[:1] else 0
    count = 0
    for one, other in zip(a, b, strict=False):
        if one != other:
            break
        count += 1
    return count
