"""Modules that another module imports at its top and that a start may never use.

Like `importlib.util.LazyLoader`, but for those who import them while this lasts, and for nobody else: what stands in
`sys.modules` is always whole, so that two threads may import it at once.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any


@contextmanager
def modules_awaited(names: Collection[str]) -> Iterator[None]:
    """While this lasts, `import name` of a module that is not loaded gives one that is at its first attribute.

    `names` are those of modules that are in no package. `from name import thing` imports as ever, and a module
    that cannot be imported raises ImportError where it is first used.
    """
    plain = builtins.__import__

    def import_or_wait(
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> Any:
        if name in names and name not in sys.modules and not fromlist and not level:
            return _Awaited(name)
        return plain(name, globals, locals, fromlist or (), level)

    builtins.__import__ = import_or_wait
    try:
        yield
    finally:
        builtins.__import__ = plain


class _Awaited:
    """A module that is imported when something of it is asked for."""

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self.__name__), name)
