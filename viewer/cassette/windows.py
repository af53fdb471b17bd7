"""Searching long texts window by window.

One call of `re` holds the interpreter's lock until it returns: a tenth of a second for ten megabytes, in which no
window is painted. Between two windows other threads get their turn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_WINDOW = 1 << 19


def finditer(pattern: re.Pattern[str], text: str, around: int = 0) -> Iterator[re.Match[str]]:
    r"""What `pattern.finditer(text)` gives, for a pattern whose matches do not meet or overlap.

    A match, and what is looked at behind its first character, takes `around` characters more at the most.
    """
    size = len(text)
    for start in range(0, size or 1, _WINDOW):
        end = start + _WINDOW
        for match in pattern.finditer(text, start, min(end + around, size)):
            if match.start() >= end and end < size:
                break
            yield match


def is_in(pattern: re.Pattern[str], text: str, around: int = 0) -> bool:
    """Whether `pattern` matches anywhere in `text`; `around` as above."""
    return next(finditer(pattern, text, around), None) is not None


def substitute(pattern: re.Pattern[str], by: Callable[[re.Match[str]], str], text: str) -> str:
    """What `pattern.sub(by, text)` gives, for a pattern that matches single characters by themselves."""
    if len(text) <= _WINDOW:
        return pattern.sub(by, text)
    windows = (text[start : start + _WINDOW] for start in range(0, len(text), _WINDOW))
    return "".join(pattern.sub(by, window) for window in windows)


def split_at(pattern: re.Pattern[str], text: str) -> list[str]:
    """What `pattern.split(text)` gives, for a pattern that is `([…]+)`: texts and the runs between them, by turns."""
    parts = [""]
    for start in range(0, len(text), _WINDOW):
        first, *others = pattern.split(text[start : start + _WINDOW])
        parts[-1] += first
        if others and not parts[-1] and len(parts) > 1:
            # The run went on behind the window's end.
            parts.pop()
            parts[-1] += others.pop(0)
        parts += others
    return parts
