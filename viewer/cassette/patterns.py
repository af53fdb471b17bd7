"""Regular expressions as module constants that cost nothing until they are used.

Compiling one takes half a millisecond. The modules of the program name some hundred and fifty, and the first
paint of a cassette uses a dozen.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, AnyStr, Generic, cast


def regex(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, compiled when one of its methods is first asked for.

    Use its methods; the functions of `re` (`re.sub(pattern, …)`) do not take it. A pattern that is wrong
    raises re.error at its first use.
    """
    return cast("re.Pattern[AnyStr]", _Awaited(pattern, flags))


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
