"""Enumerations that are made quickly are those that Python makes."""

from __future__ import annotations

import _thread
import enum
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from enum import KEEP, Enum, Flag, IntEnum, IntFlag
from functools import partial
from itertools import starmap
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.quick_enums import make_enums_as_ever, make_enums_quickly

ROOT = Path(__file__).resolve().parents[1]
KINDS = (Enum, IntEnum, Flag, IntFlag)
ODD_NAMES = ["mro", "name", "value", "_one", "__two__", "real", "bit_length", "__init__", "keys"]
NAMES = st.sampled_from(ODD_NAMES) | st.from_regex(r"[A-Z][A-Za-z0-9_]{0,8}", fullmatch=True)
BITS = st.integers(0, 34).map(lambda place: 1 << place)
PAIRS = st.lists(st.tuples(NAMES, BITS | st.integers(-4, 70) | st.integers(-(2**70), 2**70)), max_size=12)

# Makes each enumeration of these modules in both ways as PySide asks for it, and prints what differs.
EVERY_ONE = """
import enum, sys
from tests.test_quick_enums import difference
from viewer import quick_enums

ways, count, quick = enum.EnumType._create_, 0, 0

def both(cls, class_name, names, **settings):
    global count, quick
    settings["module"] = settings.get("module") or sys._getframe(2).f_globals["__name__"]
    own, others = ways(cls, class_name, names, **settings), quick_enums._create(cls, class_name, names, **settings)
    count += 1
    quick += quick_enums._are_plain(cls, names)
    if said := difference(own, others):
        print(class_name, said)
    return others

enum.EnumType._create_ = both
from PySide6 import QtCore, QtGui, QtNetwork, QtSvg, QtWidgets
for module in (QtCore, QtGui, QtWidgets, QtSvg, QtNetwork):
    for name in dir(module):
        getattr(module, name)
print(count, quick)
"""


@pytest.fixture(autouse=True)
def _as_ever() -> Iterator[None]:
    yield
    make_enums_as_ever()


def make(quickly: bool, kind: Any, pairs: Any, **settings: Any) -> Any:
    """The enumeration, or how it is refused."""
    (make_enums_quickly if quickly else make_enums_as_ever)()
    try:
        return kind("Made", pairs, **settings)
    except (TypeError, ValueError, OverflowError) as error:
        return f"{type(error).__name__}: {error}"
    finally:
        make_enums_as_ever()


def difference(one: Any, other: Any) -> str:
    """What tells two enumerations apart; "" where nothing does."""
    if not isinstance(one, enum.EnumType):
        return "" if one == other else f"{one} and {other}"
    for name in sorted({*vars(one), *vars(other)}):
        here, there = (_told(vars(made).get(name, "missing")) for made in (one, other))
        if here != there and not (callable(here) and callable(there)):
            return f"{name}: {here} and {there}"
    members: dict[str, Any] = dict(one.__members__)
    for name, member in members.items():
        if _attributes(member) != _attributes(other[name]):
            return f"{name}: {_attributes(member)} and {_attributes(other[name])}"
    return _difference_in_use(one, other)


def _difference_in_use(one: Any, other: Any) -> str:
    uses: list[Callable[[Any, Any], Any]] = [
        lambda made, value: made(value),
        lambda made, _: list(made),
        lambda made, value: list(made(value)),
        lambda made, value: (
            ~made(value),
            made(value) | made(1),
            made(value) & made(6),
            made(value) ^ made(2),
        ),
        lambda made, value: (hash(made(value)), str(made(value)), f"{made(value)}", bool(made(value))),
        lambda made, value: made(value).__reduce_ex__(2)[1],
    ]
    for value in (0, 1, 3, 255, *(member._value_ for member in one.__members__.values())):
        for use in uses:
            here, there = (_outcome(use, made, value) for made in (one, other))
            if here != there:
                return f"{value}: {here} and {there}"
    return ""


def _outcome(use: Callable[[Any, Any], Any], made: Any, value: Any) -> str:
    try:
        return repr(use(made, value))
    except (TypeError, ValueError, AttributeError) as error:
        return f"{type(error).__name__}: {error}"


def _told(value: Any) -> Any:
    if isinstance(value, Enum):
        return value._name_, value._value_
    if isinstance(value, enum.property):
        return "redirects", value.fget
    if isinstance(value, dict):
        return [(key, _told(part)) for key, part in value.items()]
    return value


def _attributes(member: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(member).items() if name != "__objclass__"}


def test_every_enumeration_of_pyside_is_as_python_makes_it() -> None:
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", EVERY_ONE],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    *differences, counted = ended.stdout.splitlines()
    every, quick = map(int, counted.split())
    assert differences == []
    assert every > 300
    assert quick > 0.95 * every


@given(st.sampled_from(KINDS), PAIRS)
def test_any_other_too(kind: Any, pairs: list[tuple[str, int]]) -> None:
    own, quick = (make(way, kind, pairs, boundary=KEEP, module="made") for way in (False, True))
    assert difference(own, quick) == ""


@pytest.mark.parametrize(
    "names", ["One Two", ["One", "Two"], {"One": 1}, [("One", "text")], [("One", (1, 2))], ()]
)
def test_other_ways_to_name_members_are_left_to_python(names: Any) -> None:
    own, quick = (make(way, Enum, names) for way in (False, True))
    assert difference(own, quick) == ""
    assert quick.__module__ == own.__module__ == __name__


def test_one_is_of_the_module_that_asks() -> None:
    made = make(True, IntEnum, [("One", 1)], boundary=KEEP)
    assert (made.__module__, made.__qualname__, made.One + 1) == (__name__, "Made", 2)


def test_where_nobody_asks_it_is_made_all_the_same() -> None:
    """A thread of Qt's own has no frame of Python's that could have asked."""
    made: list[Any] = []
    make_enums_quickly()
    kind: Any = IntEnum
    asked = starmap(partial(kind, "Made", [("One", 1)], boundary=KEEP), [()])
    _thread.start_new_thread(made.extend, (asked,))
    until = time.monotonic() + 10
    while not made and time.monotonic() < until:
        time.sleep(0.001)
    assert [list(each) for each in made] == [[1]]


def test_those_of_another_kind_are_left_to_python() -> None:
    class Loud(Enum):
        def shout(self) -> str:
            return f"{self.name}!"

    assert make(True, Loud, [("One", 1)], boundary=KEEP).One.shout() == "One!"
    strict = make(True, Flag, [("One", 1)])
    with pytest.raises(ValueError, match="invalid value"):
        strict(2)


def test_python_makes_them_again_afterwards() -> None:
    plain = vars(enum.EnumType)["_create_"]
    make_enums_quickly()
    assert vars(enum.EnumType)["_create_"] is not plain
    make_enums_as_ever()
    assert vars(enum.EnumType)["_create_"] is plain
