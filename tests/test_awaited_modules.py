"""Modules that are imported when something of them is asked for."""

from __future__ import annotations

import builtins
import subprocess
import sys
from pathlib import Path

import pytest

from viewer.awaited_modules import modules_awaited

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _without_colorsys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)


def test_one_is_imported_with_its_first_attribute() -> None:
    plain = builtins.__import__
    with modules_awaited({"colorsys"}):
        import colorsys
    assert builtins.__import__ is plain
    assert "colorsys" not in sys.modules
    assert colorsys.rgb_to_hsv(0, 0, 0) == (0, 0, 0)
    assert "colorsys" in sys.modules


def test_others_import_it_whole() -> None:
    """Another thread may be one of them: nothing but a whole module is ever in `sys.modules`."""
    with modules_awaited({"colorsys"}):
        import colorsys  # noqa: F401
    import colorsys as again

    assert again is sys.modules["colorsys"]


def test_what_is_loaded_or_taken_from_it_is_not_awaited() -> None:
    with modules_awaited({"colorsys", "sys"}):
        import sys as loaded
        from colorsys import rgb_to_hsv
    assert loaded is sys
    assert rgb_to_hsv(0, 0, 0) == (0, 0, 0)


def test_one_that_is_not_there_is_missed_when_it_is_used() -> None:
    with modules_awaited({"not_there"}):
        import not_there  # type: ignore[import-not-found]
    with pytest.raises(ModuleNotFoundError, match="not_there"):
        not_there.thing  # noqa: B018


def test_shiboken_waits_with_what_it_never_uses() -> None:
    script = (
        "import sys; from viewer.load_qt import load_qt, _UNUSED; load_qt()\n"
        "import PySide6.QtWidgets as W\n"
        "print(sorted(_UNUSED & set(sys.modules)))\n"
        "try: W.QLabel.setText(1)\n"
        "except TypeError as error: print(str(error).splitlines()[0])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert ended[0] == "[]"
    assert "setText" in ended[1]
