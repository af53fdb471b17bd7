"""Resources are found from a checkout, and travel in the wheel."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from viewer.resources import resource

ROOT = Path(__file__).resolve().parents[1]


def test_finds_the_example() -> None:
    assert resource("examples/say-hi-in-portuguese.yaml").read_bytes().startswith(b"---\n")


def test_says_what_is_missing_and_where() -> None:
    with pytest.raises(FileNotFoundError, match=r"no resource 'icons/none\.svg' in .*icons"):
        resource("icons/none.svg")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    # The extra `test` brings the build backend, so nothing is downloaded here.
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.mark.slow
def test_wheel_holds_every_resource(wheel: Path) -> None:
    wanted = {
        "viewer/" + path.relative_to(ROOT).as_posix()
        for path in (ROOT / "resources").rglob("*")
        if path.is_file()
    }
    assert wanted <= set(zipfile.ZipFile(wheel).namelist())


@pytest.mark.slow
def test_resources_are_found_from_an_unpacked_wheel(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    asked = "from viewer.resources import resource; print(resource('themes/dark.toml'))"
    # -P, and a folder of its own: nothing of the checkout may be importable.
    answer = subprocess.run(
        [sys.executable, "-P", "-c", asked],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(answer.stdout.strip()) == tmp_path / "viewer" / "resources" / "themes" / "dark.toml"
