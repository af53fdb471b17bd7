"""What the lines of the interaction list are made of: columns, roles, places."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import Qt

from viewer.document.sorting import Sorting

if TYPE_CHECKING:
    from viewer.document.document import CassetteDocument


class Column(IntEnum):
    """The columns, in order; in the compact list the first shows everything."""

    NUMBER = 0
    METHOD = 1
    PATH = 2
    STATUS = 3
    MODEL = 4
    DURATION = 5
    SIZE = 6
    TOKENS = 7

    @property
    def sorting(self) -> Sorting:
        """What a click on its title orders by."""
        return Sorting[self.name]


class Role(IntEnum):
    """What a delegate asks for."""

    PLACE = Qt.ItemDataRole.UserRole + 1  # Place
    SUMMARY = Qt.ItemDataRole.UserRole + 2  # Summary, None on a cassette's line and until it is read
    CASSETTE = Qt.ItemDataRole.UserRole + 3  # CassetteLine, None on an interaction's line
    LINE = Qt.ItemDataRole.UserRole + 4  # either of them in one call; the position of what is not read yet


class Place(msgspec.Struct, frozen=True):
    """What a line stands for: an interaction, or the cassette itself where `position` is None."""

    document: CassetteDocument
    position: int | None = None


class CassetteLine(msgspec.Struct, frozen=True):
    """What a cassette's line shows. `shown` counts the interactions that match the filter."""

    name: str
    is_open: bool
    is_modified: bool
    is_filtered: bool
    is_working: bool
    shown: int
    total: int


def alignment(column: int) -> Qt.AlignmentFlag:
    """Figures stand at the right."""
    side = Qt.AlignmentFlag.AlignRight if column >= Column.DURATION else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
