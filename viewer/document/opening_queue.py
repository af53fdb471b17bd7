"""What was asked to be opened: the first files at once, the rest in turns that leave time to paint between them."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from time import perf_counter

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal, Slot

# So many files are opened before anything else, folders looked into counted along.
_AT_ONCE = 8
# Seconds that a turn may take, besides the file it ends with.
_TURN = 0.01
_ENDINGS = (".yaml", ".yml", ".json", ".har", ".httprr", ".gz", ".zz")


class Asked(msgspec.Struct, frozen=True):
    """A file to open. In a folder it may turn out to be no cassette, which is no error there."""

    path: Path
    in_folder: bool


class OpeningQueue(QObject):
    """Tells one file after the other. Folders are listed first, so that progress can be told.

    Signals:
        wanted(Asked): this file is to be opened now.
        progressed(Path, float): which file comes next, and how much is done, 0 to 1.
        ended(): nothing waits any more.
    """

    wanted = Signal(object)
    progressed = Signal(object, float)
    ended = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._listing: Iterator[Asked | None] = iter(())
        self._waiting: deque[Asked] = deque()
        self._done = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._take_turn)

    @property
    def is_busy(self) -> bool:
        """Whether something waits."""
        return self._timer.isActive()

    def add(self, paths: Sequence[Path]) -> None:
        """Opens the first of these files, and has the rest wait."""
        asked = _asked(paths)
        if self.is_busy:
            self._listing = chain(self._listing, asked)
            return
        for found in islice(asked, _AT_ONCE):
            if found is not None:
                self.wanted.emit(found)
        if rest := list(islice(asked, 1)):
            self._listing = chain(rest, asked)
            self._timer.start()

    def cancel(self) -> None:
        """Forgets what waits."""
        self._listing = iter(())
        self._waiting.clear()
        self._done = 0
        self._timer.stop()

    @Slot()
    def _take_turn(self) -> None:
        end = perf_counter() + _TURN
        self._take_step()
        while self.is_busy and perf_counter() < end:
            self._take_step()
        if self._waiting:
            self.progressed.emit(self._waiting[0].path, self._done / (self._done + len(self._waiting)))

    def _take_step(self) -> None:
        """Lists one more; opens one when all are listed."""
        for listed in self._listing:
            if listed is not None:
                self._waiting.append(listed)
            return
        if self._waiting:
            self._done += 1
            self.wanted.emit(self._waiting.popleft())
        if not self._waiting:
            self.cancel()
            self.ended.emit()


def _asked(paths: Sequence[Path]) -> Iterator[Asked | None]:
    """The files at these paths and in these folders; None for each folder looked into, which may take its time."""
    for path in paths:
        if path.is_dir():
            yield from _files_in(path)
        else:
            yield Asked(path, in_folder=False)


def _files_in(folder: Path) -> Iterator[Asked | None]:
    for parent, folders, names in os.walk(folder):
        yield None
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.lower().endswith(_ENDINGS) and not name.startswith("."):
                yield Asked(Path(parent, name), in_folder=True)
