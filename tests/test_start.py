"""What a start must not load: the first paint waits for every module that it imports.

The modules named here were each measured at the start, and are imported by what needs them first. One that comes
back costs a part of a millisecond to some ten; `python -m tests.bench.start --imports` tells.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "resources" / "examples" / "say-hi-in-portuguese.yaml"

# The two classes stand for all those that PySide sets up when it looks for the class of an object that only Qt knows.
# Nothing of the modules is seen before somebody edits, compares, opens a menu or another tab, or a file is odd.
NOT_AT_THE_START = {
    "PySide6.QtCore.QProcess",
    "PySide6.QtWidgets.QWizard",
    "brotli",
    "dataclasses",
    "gzip",
    "json",
    "pygments",
    "rapidfuzz",
    "socket",
    "tomllib",
    "viewer.cassette.edits",
    "viewer.cassette.entry_editor",
    "viewer.cassette.families.tree_editing",
    "viewer.cassette.file_lock",
    "viewer.cassette.json_text",
    "viewer.cassette.long_values",
    "viewer.cassette.scalar_parts",
    "viewer.cassette.new_text",
    "viewer.cassette.spelling",
    "viewer.cassette.spelling.detect",
    "viewer.cassette.structure",
    "viewer.cassette.walk",
    "viewer.checks.problem",
    "viewer.checks.replayability",
    "viewer.compare",
    "viewer.document.commands",
    "viewer.document.recovery",
    "viewer.document.row_changes",
    "viewer.document.saving",
    "viewer.stream.exports",
    "viewer.stream.providers.anthropic",
    "viewer.stream.providers.errors",
    "viewer.stream.services",
    "viewer.stream.sound",
    "viewer.ui.arguments",
    "viewer.ui.body_view",
    "viewer.ui.code_view.code_view",
    "viewer.ui.code_view.highlighters",
    "viewer.ui.compare_window",
    "viewer.ui.error_page",
    "viewer.ui.events_table",
    "viewer.ui.headers_table",
    "viewer.ui.pictures",
    "viewer.ui.problems_panel",
    "viewer.ui.saver",
    "viewer.ui.welcome",
    "viewer.ui.yaml_view",
    "zstandard",
}

# What showing a cassette in a terminal does without.
NOT_FOR_SHOW = {
    "PySide6",
    "brotli",
    "importlib.metadata",
    "pygments",
    "rapidfuzz",
    "viewer.cassette.edits",
    "viewer.checks.replayability",
    "viewer.cli.check",
    "viewer.cli.edit",
    "viewer.compare",
    "viewer.document",
    "zstandard",
}

# Starts as the installed command does, and ends behind the first paint with what is loaded by then.
SCRIPT = """
import os, sys
from PySide6 import QtCore, QtWidgets
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

run = QApplication.exec

def tell():
    classes = [
        f"{module.__name__}.{name}"
        for module in (QtCore, QtWidgets)
        for name, value in vars(module).items()
        if isinstance(value, type)
    ]
    visible = any(widget.isVisible() for widget in QApplication.topLevelWidgets())
    print(visible, *sys.modules, *classes, flush=True)
    os._exit(0)

def run_and_tell(*_):
    QTimer.singleShot(0, lambda: QTimer.singleShot(0, tell))
    return run()

QApplication.exec = run_and_tell
from viewer.start import main
sys.exit(main(["--new-instance", sys.argv[1]]))
"""


# Starts where a program is said to be running, and tells what is loaded when it has been handed the file.
HANDED_OVER = """
import sys
import viewer.ui.single_instance as single_instance
single_instance.hand_over = lambda request: request == {"open": [sys.argv[1]]}
from viewer.start import main
print(main([sys.argv[1]]), *sys.modules)
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The modules in a process that has shown the example, and the classes that PySide has set up there."""
    home = tmp_path_factory.mktemp("home")
    places = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")
    environment = {**os.environ, **dict.fromkeys(places, str(home)), "QT_QPA_PLATFORM": "offscreen"}
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(EXAMPLE)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
    visible, *modules = ended.stdout.split()
    assert visible == "True"
    return set(modules)


def test_a_start_that_hands_over_loads_no_qt() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", HANDED_OVER, str(EXAMPLE)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    status, *modules = ended.stdout.split()
    assert status == "0"
    assert not {name for name in modules if name.startswith(("PySide6", "shiboken6"))}


def test_the_start_shows_the_example(loaded: set[str]) -> None:
    assert {"viewer.ui.transcript_view", "viewer.ui.conversation_view", "viewer.cassette.yaml_text"} <= loaded
    assert "viewer.stream.providers.openai_chat" in loaded
    assert "PySide6.QtWidgets.QTableView" in loaded


def test_the_start_loads_few_modules_of_ours(loaded: set[str]) -> None:
    """Each takes a quarter of a millisecond; one more is no harm, fifteen are looked at by whoever adds the last."""
    assert len([name for name in loaded if name.split(".")[0] == "viewer"]) <= 140


@pytest.mark.parametrize("name", sorted(NOT_AT_THE_START))
def test_the_start_does_not_load(name: str, loaded: set[str]) -> None:
    assert name not in loaded


def test_the_command_loads_what_it_shows_with() -> None:
    script = "import sys; from viewer.cli import main; print(main(sys.argv[1:])); print(*sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", script, "show", str(EXAMPLE)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    *_, status, modules = ended.stdout.splitlines()
    assert status == "0"
    assert not NOT_FOR_SHOW & set(modules.split())
