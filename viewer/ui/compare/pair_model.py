"""The pairs of a comparison as a list: each with what differs in it, filtered by words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from viewer.compare.comparison import Comparison, Mark, PairSummary
from viewer.document.plain_text import plain
from viewer.document.row_text import short_path

WORDS = {
    Mark.SAME: "same",
    Mark.NOISE: "noise",
    Mark.CHANGED: "changed",
    Mark.ADDED: "added",
    Mark.REMOVED: "removed",
    Mark.MOVED: "moved",
}
"""A mark in a word: for the filter, screen readers, and the count at the bottom of the window."""


class Role(IntEnum):
    """What the model gives beside the roles of Qt."""

    LINE = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class PairLine:
    """A pair as it is listed. `numbers` is "0 ↔ 0"; `summary` is None until it is computed."""

    index: int
    method: str
    path: str
    host: str
    numbers: str
    summary: PairSummary | None = None

    @property
    def spoken(self) -> str:
        """The line as one sentence, for screen readers; the filter looks here too."""
        told = [self.method, self.path, self.host, self.numbers]
        if self.summary is not None:
            told = [WORDS[self.summary.mark], *told, self.summary.text]
        return ", ".join(part for part in told if part)


class PairModel(QAbstractListModel):
    """The pairs that the filter lets through, in their order.

    A filter is words that all have to occur, in any case: "changed embeddings".
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[PairLine] = []
        self._shown: list[int] = []
        self._words: list[str] = []

    @property
    def lines(self) -> Sequence[PairLine]:
        """All pairs, whatever the filter says."""
        return self._lines

    def set_comparison(self, comparison: Comparison | None) -> None:
        """Lists the pairs of another comparison, their summaries still to come."""
        self.beginResetModel()
        self._lines = _lines_of(comparison) if comparison else []
        self._shown = [line.index for line in self._lines if self._matches(line)]
        self.endResetModel()

    def set_summaries(self, first: int, summaries: Sequence[PairSummary]) -> None:
        """Takes over what differs in the pairs from `first` on."""
        for index, summary in enumerate(summaries, first):
            self._lines[index] = replace(self._lines[index], summary=summary)
        if self._words:
            self._refilter()
        elif summaries:
            last = self.index(first + len(summaries) - 1)
            self.dataChanged.emit(self.index(first), last)

    def set_filter(self, text: str) -> None:
        """Shows only pairs in which every word occurs."""
        self.beginResetModel()
        self._words = text.casefold().split()
        self._shown = [line.index for line in self._lines if self._matches(line)]
        self.endResetModel()

    def pair_at(self, row: int) -> int:
        """The index, among all pairs, of the one in a row."""
        return self._shown[row]

    def row_of(self, index: int) -> int | None:
        """The row of a pair; None where the filter hides it."""
        return self._shown.index(index) if index in self._shown else None

    def _refilter(self) -> None:
        """Takes out and puts in the few lines that a slice of summaries changes: the cursor stays in its place."""
        wanted = [line.index for line in self._lines if self._matches(line)]
        keep = set(wanted)
        for row in range(len(self._shown) - 1, -1, -1):
            if self._shown[row] not in keep:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._shown[row]
                self.endRemoveRows()
        for row, index in enumerate(wanted):
            if row >= len(self._shown) or self._shown[row] != index:
                self.beginInsertRows(QModelIndex(), row, row)
                self._shown.insert(row, index)
                self.endInsertRows()

    def _matches(self, line: PairLine) -> bool:
        text = line.spoken.casefold()
        return all(word in text for word in self._words)

    # --- Qt overrides

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._shown)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if not 0 <= index.row() < len(self._shown):
            return None
        line = self._lines[self._shown[index.row()]]
        if role == Role.LINE:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{line.method} {line.path}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return line.spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            text = f"{line.method} {line.host}/{line.path}" if line.host else line.method
            return plain(f"{text}\n{line.summary.text}" if line.summary else text)
        return None


def _lines_of(comparison: Comparison) -> list[PairLine]:
    lines = []
    for index, pair in enumerate(comparison.pairs):
        method, url = comparison.heading(pair)
        host, slash, path = url.partition("/")
        left, right = ("–" if at is None else str(at) for at in (pair.left, pair.right))
        lines.append(
            PairLine(index, method, short_path(slash + path) if url else "", host, f"{left} ↔ {right}")
        )
    return lines
