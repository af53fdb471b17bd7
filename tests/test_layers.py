"""Holds the direction of the layers: what stands below never imports what stands above it.

    cassette  <-  stream  <-  checks, compare  <-  document  <-  ui  <-  app, cli

`start` leads from the command line, which `options` reads, to `app`. `document` may use QtCore and QtGui, the layers
below it no Qt at all, and so the `cassette` command loads none.
`viewer.resources` may be imported by all. Formats do not import formats, providers do not import providers: only
the registry imports what it lists. What several of them share stands in a module that is none.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "viewer"

# What each layer may import of ours, besides itself.
BELOW = {
    "resources": set[str](),
    "options": set[str](),
    "awaited_modules": set[str](),
    "quick_enums": set[str](),
    "load_qt": {"awaited_modules", "quick_enums", "cassette"},
    "cassette": {"resources"},
    "stream": {"resources", "cassette"},
    "checks": {"resources", "cassette", "stream"},
    "compare": {"resources", "cassette", "stream"},
    "document": {"resources", "cassette", "stream", "checks", "compare"},
    "ui": {"resources", "cassette", "stream", "checks", "compare", "document"},
    "cli": {"resources", "cassette", "stream", "checks", "compare"},
    "app": {
        "resources",
        "options",
        "quick_enums",
        "cassette",
        "stream",
        "checks",
        "compare",
        "document",
        "ui",
    },
    "start": {"awaited_modules", "options", "load_qt", "app", "ui"},
    "__main__": {"start"},
    "__init__": set[str](),
}
QT = ("PySide6", "shiboken6")
WITHOUT_QT = {
    "resources",
    "options",
    "awaited_modules",
    "quick_enums",
    "cassette",
    "stream",
    "checks",
    "compare",
    "cli",
    "__init__",
}
WITHOUT_WIDGETS = {"document"}
NO_WIDGETS = {"PySide6.QtCore", "PySide6.QtGui", "shiboken6"}
# Folders of formats and providers, each with a `registry` that lists them and the `base` they follow.
PLUGGED = ("viewer.cassette.formats", "viewer.stream.providers")


def module_name(path: Path) -> str:
    """`viewer.cassette.formats.__init__` for viewer/cassette/formats/__init__.py."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def layer_of(module: str) -> str:
    """`cassette` for viewer.cassette.formats.base, `__init__` for the package itself."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imports_of(source: str, module: str) -> Iterator[str]:
    """Every module that `source` imports, wherever in it: in functions and under TYPE_CHECKING too."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=origin, names=names, level=level):
                base = ".".join(module.split(".")[:-level]) if level else ""
                start = ".".join(part for part in (base, origin) if part)
                # The name may be a module (`from viewer.ui import theme`) or stand in one; both are looked at.
                yield from (f"{start}.{name.name}" for name in names)


def violations(source: str, module: str) -> list[str]:
    """What `source`, as the text of `module`, imports and should not."""
    return [
        f"{module} imports {target}"
        for target in imports_of(source, module)
        if _breaks_layers(module, target) or _breaks_qt(module, target) or _breaks_plugs(module, target)
    ]


def _breaks_layers(module: str, target: str) -> bool:
    if target.split(".")[0] != "viewer":
        return False
    layer, other = layer_of(module), layer_of(target)
    # `from viewer import __version__` names no layer.
    return other in BELOW and other not in {layer, "__init__"} and other not in BELOW[layer]


def _breaks_qt(module: str, target: str) -> bool:
    if not target.startswith(QT):
        return False
    layer = layer_of(module)
    if layer in WITHOUT_WIDGETS:
        return not any(f"{target}.".startswith(f"{allowed}.") for allowed in NO_WIDGETS)
    return layer in WITHOUT_QT


def _breaks_plugs(module: str, target: str) -> bool:
    for folder in PLUGGED:
        if module.startswith(f"{folder}.") and target.startswith(f"{folder}."):
            own, other = module.split(".")[3], target.split(".")[3]
            return own != "registry" and other != own and other in plugged_into(folder)
    return False


@cache
def plugged_into(folder: str) -> set[str]:
    """The formats or providers of a folder: what its registry imports."""
    registry = ROOT / folder.replace(".", "/") / "registry.py"
    targets = imports_of(registry.read_text(encoding="utf-8"), f"{folder}.registry")
    return {target.split(".")[3] for target in targets if target.startswith(f"{folder}.")} - {"base"}


MODULES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_imports_look_down(path: Path) -> None:
    assert violations(path.read_text(encoding="utf-8"), module_name(path)) == []


def test_every_module_belongs_to_a_layer() -> None:
    assert {layer_of(module_name(path)) for path in MODULES} <= BELOW.keys()


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("viewer.cassette.model", "import viewer.stream.sse"),
        ("viewer.cassette.model", "from viewer.stream import sse"),
        ("viewer.cassette.model", "from viewer import ui"),
        ("viewer.cassette.model", "from ..stream import sse"),
        ("viewer.cassette.__init__", "from ..stream import sse"),
        ("viewer.cassette.model", "from PySide6.QtCore import QObject"),
        ("viewer.stream.sse", "def late():\n    from viewer.document import tasks"),
        ("viewer.checks.secrets", "from viewer.compare.align import pairs"),
        ("viewer.compare.align", "if TYPE_CHECKING:\n    import PySide6"),
        ("viewer.document.tasks", "from PySide6.QtWidgets import QWidget"),
        ("viewer.document.tasks", "from PySide6 import QtWidgets"),
        ("viewer.document.document", "from viewer.ui.theme import Theme"),
        ("viewer.ui.theme", "from viewer.app import Program"),
        ("viewer.cli", "from viewer.document import document"),
        ("viewer.cli", "from viewer.ui import theme"),
        ("viewer.resources", "from viewer.cassette import model"),
    ],
)
def test_looking_up_is_seen(module: str, source: str) -> None:
    assert len(violations(source, module)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("viewer.cassette.formats.base", "from viewer.cassette.model import Cassette"),
        ("viewer.cassette.model", "from viewer.resources import resource"),
        ("viewer.document.tasks", "from PySide6.QtCore import QObject"),
        ("viewer.document.tasks", "from PySide6 import QtGui\nfrom shiboken6 import isValid"),
        ("viewer.ui.theme", "from viewer.document.tasks import Job"),
        ("viewer.ui.theme", "from viewer import __version__"),
        ("viewer.ui.theme", "import viewer"),
        ("viewer.app", "from viewer.ui.theme import AppTheme"),
        ("viewer.cli", "from viewer.checks import replayability"),
    ],
)
def test_looking_down_is_allowed(module: str, source: str) -> None:
    assert violations(source, module) == []


@pytest.mark.parametrize("folder", PLUGGED)
def test_a_format_that_imports_a_format_is_seen(folder: str) -> None:
    assert plugged_into(folder)
    for name in plugged_into(folder):
        source = f"from {folder}.{name} import anything"
        assert violations(source, f"{folder}.made_up")
        assert violations(source, f"{folder}.__init__")
        assert not violations(source, f"{folder}.{name}")
        assert not violations(source, f"{folder}.registry")


LOADED_WITHOUT_QT = [
    module_name(path)
    for path in MODULES
    if layer_of(module_name(path)) in WITHOUT_QT and path.name != "__init__.py"
]


def test_the_layers_without_qt_load_no_qt() -> None:
    """The imports above could be hidden (importlib, a dependency); a process that loads them all cannot lie."""
    script = (
        "import importlib, sys\n"
        f"for name in {LOADED_WITHOUT_QT!r}: importlib.import_module(name)\n"
        f"print(*(name for name in sys.modules if name.startswith({QT!r})))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert loaded.returncode == 0, loaded.stderr
    assert loaded.stdout.strip() == ""
