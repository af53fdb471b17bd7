"""Regular expressions as module constants that cost nothing until they are used.

Compiling one takes half a millisecond. The modules of the program name some hundred and fifty, and the first
paint of a cassette uses a dozen.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, AnyStr, Generic, cast


def regex(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, compiled when one of its methods is first asked for.

    Use its methods; the functions of `re` (`re.sub(pattern, …)`) do not take it. A pattern that is wrong
    raises re.error at its first use.
    """
    return cast("re.Pattern[AnyStr]", _Awaited(pattern, flags))


@contextmanager
def patterns_awaited(*packages: str) -> Iterator[None]:
    """While this lasts, what packages that are being imported compile with `re.compile` awaits its first use.

    For packages whose patterns are costly and not used by every program: those of PyYAML's Python reader take a
    third of the time that importing it takes, those of shiboken a tenth of the start. They may use methods
    of their patterns alone. Another thread may compile meanwhile; only the packages' own modules get what waits.
    """
    plain = re.compile

    def compile_or_wait(pattern: Any, flags: Any = 0) -> Any:
        caller = sys._getframe(1).f_globals.get("__name__", "")
        if isinstance(pattern, str | bytes) and caller.partition(".")[0] in packages:
            return _AwaitedByMethod(pattern, flags)
        return plain(pattern, flags)

    re.compile = compile_or_wait
    try:
        yield
    finally:
        re.compile = plain


class _Awaited(Generic[AnyStr]):
    """Has the attributes of its compiled pattern: each is fetched once, and from then on as near as there."""

    def __init__(self, pattern: AnyStr, flags: int) -> None:
        self.pattern: AnyStr = pattern
        self._flags = flags

    @cached_property
    def _compiled(self) -> re.Pattern[AnyStr]:
        return re.compile(self.pattern, self._flags)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._compiled, name)
        setattr(self, name, value)
        return value

    def __repr__(self) -> str:
        return f"regex({self.pattern!r}, {self._flags!r})"


class _AwaitedByMethod(_Awaited[AnyStr]):
    """Compiled when a method is called, not where one is fetched: packages keep `pattern.match` while they load."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def method(*arguments: Any, **named: Any) -> Any:
            return getattr(self._compiled, name)(*arguments, **named)

        return method
