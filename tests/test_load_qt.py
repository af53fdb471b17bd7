"""What shiboken compiles is compiled once, and never taken from what does not fit."""

from __future__ import annotations

import builtins
import os
import subprocess
import sys
from pathlib import Path

import pytest

from viewer.load_qt import compiled_once

ROOT = Path(__file__).resolve().parents[1]
NAME = "shibokensupport/made_up.py"

# Loads Qt as the program does, and tells how much of shiboken was compiled for it.
COUNT = """
import builtins
plain = builtins.compile
names = []
def compile(source, filename, *rest, **named):
    names.append(str(filename))
    return plain(source, filename, *rest, **named)
builtins.compile = compile
from viewer.load_qt import load_qt
load_qt()
assert builtins.compile is compile and builtins.__import__ is builtins.__orig_import__
from PySide6.QtCore import QObject
print(len([name for name in names if "shiboken" in name]), QObject.setObjectName.__doc__)
"""


# Loads Qt as the program does, and tells how many enumerations Python made for it, of how many there are in `Qt` alone.
COUNT_ENUMS = """
import enum
from viewer import quick_enums
plain = quick_enums._PLAIN
made = []
def counted(*arguments, **settings):
    made.append(arguments)
    return plain(*arguments, **settings)
quick_enums._PLAIN = counted
from viewer.load_qt import load_qt
load_qt()
from PySide6.QtCore import Qt
print(len(made), sum(isinstance(value, enum.EnumType) for value in vars(Qt).values()))
"""


@pytest.fixture(autouse=True)
def _bytecode_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


def run(source: bytes, kept: Path | None, name: str = NAME) -> object:
    """What `source` says when it is compiled while compilations are kept."""
    with compiled_once(kept):
        code = compile(source, name, "exec")
    said: dict[str, object] = {}
    exec(code, said)
    return said["said"]


def test_a_second_start_compiles_nothing_of_shiboken(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path), "PYTHONDONTWRITEBYTECODE": ""}
    first, second = (
        subprocess.run(
            [sys.executable, "-c", COUNT],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split(maxsplit=1)
        for _ in range(2)
    )
    assert int(first[0]) > 5
    assert int(second[0]) == 0
    assert first[1] == second[1]
    assert "name: str" in second[1]


def test_next_to_no_enumeration_is_made_by_python() -> None:
    """One of each kind, which the others follow, and those without members."""
    ended = subprocess.run(
        [sys.executable, "-c", COUNT_ENUMS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    by_python, in_qt = map(int, ended.stdout.split())
    assert in_qt > 80
    assert by_python < 10


def test_what_was_compiled_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "__pycache__" / "kept.pyc"
    assert run(b"said = 1", kept) == 1
    assert [path.name for path in kept.parent.iterdir()] == ["kept.pyc"]
    monkeypatch.setattr(builtins, "compile", lambda *_: pytest.fail("compiled again"))
    assert run(b"said = 1", kept) == 1


def test_another_source_of_that_name_is_compiled(tmp_path: Path) -> None:
    kept = tmp_path / "kept.pyc"
    assert run(b"said = 1", kept) == 1
    assert run(b"said = 2", kept) == 2
    assert run(b"said = 2", kept) == 2


@pytest.mark.parametrize("damage", [b"", b"\0" * 16, b"half"])
def test_a_damaged_file_is_written_anew(tmp_path: Path, damage: bytes) -> None:
    kept = tmp_path / "kept.pyc"
    run(b"said = 1", kept)
    whole = kept.read_bytes()
    kept.write_bytes(whole[: len(whole) // 2] if damage == b"half" else damage)
    assert run(b"said = 1", kept) == 1
    assert kept.read_bytes() == whole


def test_where_nothing_can_be_kept_it_is_compiled(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert run(b"said = 1", tmp_path / "file" / "kept.pyc") == 1
    assert run(b"said = 1", None) == 1


def test_nothing_is_kept_where_python_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert run(b"said = 1", tmp_path / "kept.pyc") == 1
    assert not list(tmp_path.iterdir())


def test_what_is_not_shibokens_is_not_kept(tmp_path: Path) -> None:
    assert run(b"said = 1", tmp_path / "kept.pyc", name="other.py") == 1
    assert not list(tmp_path.iterdir())
