"""Whether every regular expression of the program takes time in proportion to its text.

    python -m tests.bench.patterns [--length 20000]

All modules are imported and their patterns collected. For each, hostile texts are made from what the pattern itself
knows: each of its characters, pairs of them, and each part that it repeats, over and over, behind each beginning
and in front of something that it does not expect. Each method that the program uses of it is tried (`search` where that
is called elsewhere). One that takes over a tenth of a second of CPU is slow: a linear one takes a millisecond. The exit
code is 1 where one is slow and not in ALLOWED, which says why it may be. Some minutes.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import os
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import viewer
from viewer.cassette.patterns import _Awaited

_MATCHED = "is matched, never searched"
ALLOWED = {
    "viewer.cassette.entry_editor._BEFORE_FLOW": "looks at what stands in front of one item that a person edits",
    "viewer.cassette.families.go_vcr._DURATION": "looks at texts of 100 characters at most",
    "viewer.cassette.json_build._ITEM": _MATCHED,
    "viewer.cassette.json_build._MEMBER": _MATCHED,
    "viewer.cassette.json_entries._NESTING": "ends at the first string that nothing closes",
    "viewer.cassette.spelling.go_yaml._DOT_FLOAT": _MATCHED,
    "viewer.cassette.spelling.go_yaml._FLOAT": _MATCHED,
    "viewer.cassette.spelling.goccy._NUMBER": _MATCHED,
    "viewer.cassette.spelling.goccy._TIME": _MATCHED,
    "viewer.cassette.spelling.symfony._NUMBER_LIKE": _MATCHED,
    "viewer.cassette.spelling.symfony._NUMERIC": _MATCHED,
    "viewer.cassette.spelling.symfony._TIMESTAMP": _MATCHED,
}
_METHODS = {"match", "search", "sub", "finditer", "findall", "split", "fullmatch"}
_SLOW = 0.1
_GIVE_UP = 1.0
_MOST_CHARACTERS = 40
_PAIRS_OF = 25
C: Any = _constants
_REPEATS = (C.MAX_REPEAT, C.MIN_REPEAT, C.POSSESSIVE_REPEAT)
_CLASSES = {
    C.CATEGORY_DIGIT: "7", C.CATEGORY_SPACE: " \t\n", C.CATEGORY_WORD: "a_7", C.CATEGORY_NOT_DIGIT: "a.",
    C.CATEGORY_NOT_SPACE: "a\\", C.CATEGORY_NOT_WORD: " .",
}  # fmt: skip


class _TooSlowError(Exception):
    pass


def main() -> int:
    """Tries every pattern; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--length", type=int, default=20_000)
    length: int = parser.parse_args().length
    signal.signal(signal.SIGVTALRM, _give_up)
    used, count, slow = _uses(), 0, 0
    for name, pattern in _patterns():
        methods = used.get(name, set()) & _METHODS or {"search"}
        count += 1
        for method in sorted({"finditer" if method == "findall" else method for method in methods}):
            seconds, text = _worst(pattern, method, length)
            if seconds > _SLOW:
                allowed = ALLOWED.get(name, "")
                slow += not allowed
                print(f"{name}.{method}: {seconds:.2f} s with {text!r} … {allowed or 'SLOW'}", flush=True)
    print(f"{count} patterns, {slow} slow")
    return 1 if slow else 0


def _patterns() -> Iterator[tuple[str, Any]]:
    """Every pattern that is a module's constant, alone or in a tuple or a dictionary, with its name."""
    seen = set()
    for info in pkgutil.walk_packages(viewer.__path__, "viewer."):
        if info.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(info.name)).items():
            for pattern in _inside(value):
                if (info.name, id(pattern)) not in seen and _is_own(info.name, name):
                    seen.add((info.name, id(pattern)))
                    yield f"{info.name}.{name}", pattern


def _is_own(module: str, name: str) -> bool:
    """Whether the module makes it, and does not import it."""
    source = Path(str(sys.modules[module].__file__)).read_text()
    return re.search(rf"^{re.escape(name)}\b[^\n]*=", source, re.M) is not None


def _inside(value: object) -> Iterator[Any]:
    if isinstance(value, re.Pattern | _Awaited):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _inside(item)
    elif isinstance(value, dict):
        yield from _inside(list(value.values()))


def _uses() -> dict[str, set[str]]:
    """The methods that are called of each name, by module."""
    used: dict[str, set[str]] = {}
    root = Path(viewer.__path__[0])
    for path in root.rglob("*.py"):
        module = ".".join(("viewer", *path.relative_to(root).with_suffix("").parts))
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                used.setdefault(f"{module}.{node.value.id}", set()).add(node.attr)
    return used


# --- hostile texts


def _worst(pattern: Any, method: str, length: int) -> tuple[float, str]:
    """The longest time, and what the text was made of; the first slow text ends it."""
    worst = (0.0, "")
    for before, part, behind in _hostile(pattern):
        for size in (30, 1000, length):
            text = before + part * (size // len(part)) + behind
            raw = text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text
            seconds = _time(pattern, method, raw)
            worst = max(worst, (seconds, f"{before}{part}"))
            if seconds > _SLOW:
                return worst
    return worst


def _hostile(pattern: Any) -> Iterator[tuple[str, str, str]]:
    source = pattern.pattern
    flags = pattern.flags & ~re.UNICODE if isinstance(source, bytes) else pattern.flags
    parsed = list(_parser.parse(source, flags))
    known: set[str] = set()
    _characters(parsed, known)
    characters = sorted(one for one in known | set(" \na") if not "\ud800" <= one <= "\udfff")[
        :_MOST_CHARACTERS
    ]
    parts = set(characters) | set(_repeated(parsed))
    if len(characters) <= _PAIRS_OF:
        parts |= {one + other for one in characters for other in characters}
    if len(parsed) == 1 and parsed[0][0] is C.SUBPATTERN:
        parsed = list(parsed[0][1][-1])
    befores = {_sample(parsed[:end], some) for end in range(len(parsed) + 1) for some in (False, True)}
    for before in sorted(befores):
        for part in sorted(parts - {""}):
            for behind in ("", "\x01", "!"):
                yield before, part, behind


def _characters(parsed: Iterable[Any], into: set[str]) -> None:
    """Every character that a pattern names."""
    for kind, value in parsed:
        if kind in (C.LITERAL, C.NOT_LITERAL):
            into.add(chr(value))
        elif kind is C.IN:
            for one, what in value:
                if one is C.LITERAL:
                    into.add(chr(what))
                elif one is C.RANGE:
                    into.update((chr(what[0]), chr(what[1])))
                elif one is C.CATEGORY:
                    into.update(_CLASSES[what])
        else:
            for inner in _inner(kind, value):
                _characters(inner, into)


def _repeated(parsed: Iterable[Any]) -> Iterator[str]:
    """A text of each part that is repeated, and of each alternative."""
    for kind, value in parsed:
        for inner in _inner(kind, value):
            if kind in (*_REPEATS, C.BRANCH):
                yield _sample(inner, False)
                yield _sample(inner, True)
            yield from _repeated(inner)


def _inner(kind: Any, value: Any) -> list[Any]:
    """The patterns inside of one."""
    if kind is C.BRANCH:
        return list(value[1])
    if kind in _REPEATS:
        return [value[2]]
    if kind is C.SUBPATTERN:
        return [value[-1]]
    if kind in (C.ASSERT, C.ASSERT_NOT):
        return [value[1]]
    return [value] if kind is C.ATOMIC_GROUP else []


def _sample(parsed: Iterable[Any], some: bool) -> str:
    """A text that a pattern takes, mostly; with `some` of what it may have, else with as little as it must."""
    pieces: list[str] = []
    for kind, value in parsed:
        if kind is C.LITERAL:
            pieces.append(chr(value))
        elif kind is C.NOT_LITERAL:
            pieces.append("a" if value != ord("a") else "b")
        elif kind is C.ANY:
            pieces.append("a")
        elif kind is C.IN:
            pieces.append(_member(value))
        elif kind is C.BRANCH:
            pieces.append(_sample(value[1][0], some))
        elif kind in _REPEATS:
            least, most, inner = value
            pieces.append(_sample(inner, some) * (max(least, min(2, most)) if some else least))
        elif kind in (C.SUBPATTERN, C.ATOMIC_GROUP):
            pieces.append(_sample(_inner(kind, value)[0], some))
    return "".join(pieces)


def _member(value: list[Any]) -> str:
    refuses = value[0][0] is C.NEGATE
    named: set[str] = set()
    _characters([(C.IN, value[1:] if refuses else value)], named)
    if refuses:
        return next((one for one in "a .x" if one not in named), "Q")
    return min(named, default="a")


def _time(pattern: Any, method: str, text: str | bytes) -> float:
    """Seconds of CPU; a search that goes on for ever is ended."""
    signal.setitimer(signal.ITIMER_VIRTUAL, _GIVE_UP)
    begun = time.process_time()
    try:
        if method == "sub":
            pattern.sub(text[:0], text)
        elif method == "finditer":
            for _ in pattern.finditer(text):
                pass
        else:
            getattr(pattern, method)(text)
    except _TooSlowError:
        return _GIVE_UP
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - begun


def _give_up(*_: object) -> None:
    raise _TooSlowError


if __name__ == "__main__":
    raise SystemExit(main())
