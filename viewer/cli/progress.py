"""A progress bar on a terminal, for work that takes over a second."""

from __future__ import annotations

import sys
import time
from types import TracebackType

_AFTER = 1.0
_EVERY = 0.1
_WIDTH = 30


class Progress:
    """Call it with the fraction done, from 0 to 1; it draws on standard error where that is a terminal."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._next = time.monotonic() + _AFTER
        self._drawn = False

    def __enter__(self) -> Progress:
        return self

    def __call__(self, fraction: float) -> None:
        now = time.monotonic()
        if now < self._next or not sys.stderr.isatty():
            return
        self._next = now + _EVERY
        self._drawn = True
        filled = round(max(0.0, min(1.0, fraction)) * _WIDTH)
        print(
            f"\r{self._what} [{'#' * filled}{' ' * (_WIDTH - filled)}]", end="", file=sys.stderr, flush=True
        )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._drawn:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
