"""Pictures of the window, and what is said where something of it cannot be shown."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from viewer.resources import resource

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = str(resource("examples/say-hi-in-portuguese.yaml"))


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ([EXAMPLE, "--select", "0", "--tab", "response/events", "--size", "900x600"], ""),
        ([EXAMPLE, "--select", "7"], "there is no interaction 7"),
        (["missing.yaml"], "missing.yaml: There is no such file."),
        (["--diff", EXAMPLE, "missing.yaml"], "missing.yaml: There is no such file."),
        (["--diff", EXAMPLE, EXAMPLE, "--select", "7"], "there is no pair 7"),
        (["--diff", EXAMPLE, EXAMPLE, "--tab", "nothing"], "there is no tab nothing"),
    ],
)
def test_a_picture_is_written_and_what_is_missing_in_it_said(
    tmp_path: Path, wanted: list[str], said: str
) -> None:
    """A file that was not there, or a pair, ended as if all were well, or in a traceback."""
    picture = tmp_path / "out.png"
    done = subprocess.run(
        [sys.executable, "-m", "viewer", "--screenshot", str(picture), *wanted],
        cwd=ROOT,
        env={**os.environ, "XDG_CONFIG_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == (2 if said else 0), done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not QImage(str(picture)).isNull()
    if not said:
        assert QImage(str(picture)).size().toTuple() == (900, 600)
