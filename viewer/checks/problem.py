"""A problem of a cassette, as a value."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from viewer.cassette.edits import Edit


class Severity(Enum):
    """How bad a problem is: an error would not load or replay; a warning is likely not what was meant."""

    ERROR = "error"
    WARNING = "warning"


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with an interaction, or with the whole file where `position` is None.

    `line` counts from 1 in the file. `fix` is an edit that mends it safely, where there is one.
    """

    message: str
    severity: Severity
    position: int | None = None
    line: int | None = None
    fix: Edit | None = None
