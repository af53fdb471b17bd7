"""What the rows of a list can be ordered by."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from viewer.document.summary import Summary


class Sorting(Enum):
    """What rows can be ordered by; the values name columns."""

    NUMBER = "number"
    METHOD = "method"
    PATH = "path"
    STATUS = "status"
    MODEL = "model"
    DURATION = "duration"
    SIZE = "size"
    TOKENS = "tokens"


KEYS: dict[Sorting, Callable[[Summary], Any]] = {
    Sorting.NUMBER: lambda row: row.position,
    Sorting.METHOD: lambda row: row.method,
    Sorting.PATH: lambda row: (row.host, row.path),
    Sorting.STATUS: lambda row: row.status or 0,
    Sorting.MODEL: lambda row: row.model.lower(),
    Sorting.DURATION: lambda row: row.duration or 0.0,
    Sorting.SIZE: lambda row: row.size,
    Sorting.TOKENS: lambda row: row.tokens or 0,
}
