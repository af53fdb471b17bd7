"""Settings of a file's writer, measured from the file's own text.

A writer's settings (indentation step, line width, escaping of what is not ASCII) are chosen by whoever set
the recorder up. They show in every file that is long enough; where one does not show, the caller's default
stays.
"""

from __future__ import annotations

import re
from collections import Counter

_SAMPLE = 400_000
_NESTED = re.compile(
    r"^(?P<outer> *(?:- +)*)[\w.'\"-]+:(?: *[{]?)\n(?P<inner> +)(?=[\w.'\"-]+:(?:[ \n]))", re.MULTILINE
)


def step(sample: str, default: int) -> int:
    """How many columns a nested block mapping is indented by, most often."""
    found = _steps(sample)
    return max(found, key=lambda columns: found[columns]) if found else default


def widest_step(sample: str, default: int) -> int:
    """The most columns that a nested block mapping is indented by."""
    return max(_steps(sample), default=default)


def narrowest_step(sample: str, default: int) -> int:
    """The fewest columns that a nested block mapping is indented by."""
    return min(_steps(sample), default=default)


def _steps(sample: str) -> Counter[int]:
    matches = _NESTED.finditer(sample, 0, _SAMPLE)
    found = Counter(len(match["inner"]) - len(match["outer"]) for match in matches)
    return +Counter({columns: count for columns, count in found.items() if columns > 0})
