"""Enumerations of PySide, made in a fifth of the time.

WORKAROUND for what takes a fifth of the start: until the first paint PySide makes 340 enumerations with 4,500 members,
by the functional API of `enum`, and Python (3.11 to 3.13) takes 40 µs for each and 11 for each member. Most of that
goes into what they may be elsewhere: mixed with other types, and members with values that are descriptors or tuples
or cannot be hashed, or with names that mean something. Here the first of a kind is made by Python, and the others
after it; whole numbers with plain names are put in as `enum._proto_member` would. What is not that plain is left to
Python. `tests/test_quick_enums.py` holds each enumeration of PySide against Python's own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from enum import KEEP, Enum, EnumType, Flag, IntEnum, IntFlag
from functools import cache, reduce
from operator import or_
from typing import Any

_PLAIN: Callable[..., Any] = EnumType._create_  # type: ignore[attr-defined]
_KNOWN = (3, 13)
_KINDS = (Enum, IntEnum, Flag, IntFlag)


def make_enums_quickly() -> None:
    """From here on, by the functional API; where Python is newer than what was looked into, as ever."""
    if sys.version_info[:2] <= _KNOWN:
        EnumType._create_ = _create  # type: ignore[attr-defined]


def make_enums_as_ever() -> None:
    """Takes `make_enums_quickly` back."""
    EnumType._create_ = _PLAIN  # type: ignore[attr-defined]


def _create(cls: Any, class_name: str, names: Any, *, module: str | None = None, **settings: Any) -> Any:
    """`EnumType._create_`, which `EnumType.__call__` calls: who asks is two frames above."""
    if module is None:
        # Where Qt asks in a thread of its own, there may be nobody.
        with suppress(ValueError):
            module = sys._getframe(2).f_globals.get("__name__")
    if module is None or not _are_usual(settings) or not _are_plain(cls, names):
        return _PLAIN(cls, class_name, names, module=module, **settings)
    result = _empty(cls, class_name, module)
    _add_members(result, names)
    return result


def _are_usual(settings: dict[str, Any]) -> bool:
    """Whether they are those that PySide asks for."""
    given = {name: value for name, value in settings.items() if value is not None and name != "start"}
    return given == {"boundary": KEEP}


def _are_plain(cls: Any, names: Any) -> bool:
    """Whether these are pairs of a name that means nothing else in `cls` and a whole number, no name twice."""
    if cls not in _KINDS or not isinstance(names, list) or not names or isinstance(names[0], str):
        return False
    least = 0 if issubclass(cls, Flag) else -sys.maxsize
    taken = _taken(cls)
    for name, value in names:
        if value.__class__ is not int or value < least or name in taken or name[:1] == "_":
            return False
    return len(dict(names)) == len(names)


@cache
def _taken(cls: Any) -> frozenset[str]:
    return frozenset(name for base in (*cls.__mro__, EnumType, type) for name in vars(base))


def _empty(cls: Any, class_name: str, module: str) -> Any:
    """An enumeration without members, as `_PLAIN` makes it."""
    own = {
        name: value.copy() if isinstance(value, list | dict) else value for name, value in _body(cls).items()
    }
    result: Any = type.__new__(EnumType, class_name, (cls,), {**own, "__module__": module})
    # Within the body `type` would make another thing of it.
    type.__setattr__(result, "__new__", Enum.__new__)
    return result


@cache
def _body(cls: Any) -> dict[str, Any]:
    """What the class of an empty enumeration holds, but for what each has of its own."""
    body = vars(_PLAIN(cls, "Empty", (), module="", boundary=KEEP))
    return {name: value for name, value in body.items() if name not in ("__new__", "__dict__", "__weakref__")}


def _add_members(made: Any, names: Iterable[tuple[str, int]]) -> None:
    """Fills an enumeration without members. Of a flag's, those of one bit alone count as members of their own."""
    new, use_args, is_flag, put = made._new_member_, made._use_args_, issubclass(made, Flag), type.__setattr__
    in_order, by_name, by_value = made._member_names_, made._member_map_, made._value2member_map_
    for name, value in names:
        member = by_value.get(value)
        if member is None:
            member = new(made, value) if use_args else new(made)
            member._value_ = value
            member._name_ = name
            member.__objclass__ = made
            member._sort_order_ = len(in_order)
            by_value[value] = member
            if not is_flag or value.bit_count() == 1:
                in_order.append(name)
        put(made, name, member)
        by_name[name] = member
    if is_flag:
        _tell_bits(made)


def _tell_bits(made: Any) -> None:
    values = list(made._value2member_map_)
    singles = [value for value in values if value.bit_count() == 1]
    made._flag_mask_ = reduce(or_, values, 0)
    made._singles_mask_ = sum(singles)
    made._all_bits_ = (1 << made._flag_mask_.bit_length()) - 1
    if singles != sorted(singles):
        made._iter_member_ = made._iter_member_by_def_
