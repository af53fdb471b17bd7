"""Values made of an SDK's own types: every member filled, every text a mark that can be found again."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import Enum
from itertools import count
from typing import Annotated, Any, Literal, Union, get_args, get_origin

_DEPTH = 7


class Maker:
    """Makes values; `marks` are the texts in them, each with the names of the members that lead to it."""

    def __init__(self) -> None:
        self.marks: dict[str, tuple[str, ...]] = {}
        self._numbers = count(1)

    def value(self, kind: Any, path: tuple[str, ...] = ()) -> Any:
        """A value of a type; of a union's members the first that says something."""
        origin, args = get_origin(kind), get_args(kind)
        if origin is Annotated:
            return self.value(args[0], path)
        if origin is Literal:
            return args[0]
        if origin in (Union, types.UnionType):
            return self._of_union(args, path)
        if origin in (list, Sequence) or kind is list:
            return [self.value(args[0], path)] if args and len(path) < _DEPTH else []
        if origin in (dict, Mapping) or kind is dict:
            return {"a": self._mark((*path, "a"))}
        if isinstance(kind, type) and issubclass(kind, Enum):
            return next(iter(kind)).value
        if hasattr(kind, "model_fields"):
            return self.model(kind, path)
        return self._plain(kind, path)

    def model(self, kind: Any, path: tuple[str, ...] = ()) -> dict[str, Any]:
        """An object with every member that its class declares."""
        made = {}
        for name, field in kind.model_fields.items():
            shown = field.alias or name
            if len(path) < _DEPTH:
                made[shown] = self.value(field.annotation, (*path, shown))
        return {name: value for name, value in made.items() if value is not None}

    def _of_union(self, args: tuple[Any, ...], path: tuple[str, ...]) -> Any:
        wanted = [arg for arg in args if arg is not type(None)]
        models = [arg for arg in wanted if hasattr(arg, "model_fields")]
        return self.value((models or wanted)[0], path) if wanted else None

    def _plain(self, kind: Any, path: tuple[str, ...]) -> Any:
        if kind is bool:
            return True
        if kind in (int, float):
            return next(self._numbers)
        if kind is bytes:
            return "aGk="
        if kind is datetime:
            return "2025-01-01T00:00:00Z"
        return self._mark(path)

    def _mark(self, path: tuple[str, ...]) -> str:
        mark = f"mark{next(self._numbers)}x"
        self.marks[mark] = path
        return mark


def members(kind: Any) -> Iterator[Any]:
    """The classes of a union, whatever wraps it."""
    if get_origin(kind) is Annotated:
        yield from members(get_args(kind)[0])
    elif get_origin(kind) in (Union, types.UnionType):
        for arg in get_args(kind):
            yield from members(arg)
    elif hasattr(kind, "model_fields"):
        yield kind
