"""The desktop entry is valid, is installed for one account, starts the program, and takes nobody's files over."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

LINUX = Path(__file__).resolve().parents[1] / "packaging" / "linux"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="desktop entries are not for this system")


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


class Account:
    """A home folder with nothing in it but a text editor, which opens plain text."""

    def __init__(self, home: Path) -> None:
        self.data = home / "data"
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "XDG_DATA_HOME": str(self.data),
            "XDG_CONFIG_HOME": str(home / "config"),
            # The machine's types, but none of the machine's programs.
            "XDG_DATA_DIRS": str(home / "system"),
        }
        (self.data / "applications").mkdir(parents=True)
        (home / "config").mkdir()
        editor = "[Desktop Entry]\nType=Application\nName=Editor\nExec=true %F\nMimeType=text/plain;\n"
        (self.data / "applications" / "editor.desktop").write_text(editor)
        (home / "config" / "mimeapps.list").write_text("[Default Applications]\ntext/plain=editor.desktop\n")

    def run(self, *command: str | Path) -> str:
        """What the command printed; CalledProcessError where it failed."""
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def entry(self) -> configparser.SectionProxy:
        """The installed desktop entry."""
        parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        parser.read(self.data / "applications" / "cassette-viewer.desktop", encoding="utf-8")
        return parser["Desktop Entry"]

    def default_for(self, kind: str) -> str:
        return self.run("xdg-mime", "query", "default", kind)


@pytest.fixture
def account(tmp_path: Path) -> Account:
    return Account(tmp_path)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """Stands for the installed program, in a folder with a space, and notes its arguments."""
    path = tmp_path / "my tools" / "cassette-viewer"
    path.parent.mkdir()
    notes = tmp_path / "arguments"
    path.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >"{notes}.new"\nmv "{notes}.new" "{notes}"\n')
    path.chmod(0o755)
    return path


@needs("desktop-file-validate")
def test_desktop_entry_is_valid() -> None:
    checked = subprocess.run(
        ["desktop-file-validate", LINUX / "cassette-viewer.desktop"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stdout) == (0, "")


@needs("desktop-file-validate")
def test_installed_entry_is_valid_and_names_the_program(account: Account, program: Path) -> None:
    account.run(LINUX / "install.sh", program)
    entry = account.entry()
    assert entry["Exec"] == f'"{program}" %F'
    assert entry["TryExec"] == str(program)
    account.run("desktop-file-validate", account.data / "applications" / "cassette-viewer.desktop")
    assert (account.data / "icons/hicolor/scalable/apps" / f"{entry['Icon']}.svg").exists()


@needs("gio")
def test_the_desktop_starts_the_program_with_the_files(
    account: Account, program: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    account.run(LINUX / "install.sh", program)
    files = [tmp_path / "first.yaml", tmp_path / "the second.yaml"]
    for file in files:
        file.write_text("version: 2\n")

    account.run("gio", "launch", account.data / "applications" / "cassette-viewer.desktop", *files)

    # gio does not wait for what it starts.
    qtbot.waitUntil((tmp_path / "arguments").exists)
    assert (tmp_path / "arguments").read_text().splitlines() == [str(file) for file in files]


@needs("xdg-mime")
@needs("update-desktop-database")
def test_what_opened_yaml_and_json_before_still_does(account: Account, program: Path) -> None:
    account.run(LINUX / "install.sh", program)
    for kind in account.entry()["MimeType"].split(";")[:-1]:
        assert account.default_for(kind) == "editor.desktop"


@needs("xdg-mime")
def test_becomes_the_default_when_asked(account: Account, program: Path) -> None:
    account.run(LINUX / "install.sh", "--default", program)
    assert account.default_for("application/x-yaml") == "cassette-viewer.desktop"
    assert account.default_for("application/json") != "cassette-viewer.desktop"


def test_uninstalling_leaves_nothing(account: Account, program: Path) -> None:
    account.run(LINUX / "install.sh", program)
    account.run(LINUX / "uninstall.sh")
    left = {path.name for path in account.data.rglob("*") if path.is_file()}
    assert left <= {"editor.desktop", "mimeinfo.cache"}


def test_a_program_that_is_not_there_is_named(account: Account, tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError) as failure:
        account.run(LINUX / "install.sh", tmp_path / "nothing")
    assert f"{tmp_path}/nothing is no program" in failure.value.stderr
    assert not (account.data / "applications" / "cassette-viewer.desktop").exists()


def test_there_is_no_glob_that_takes_over_yaml() -> None:
    """A type of our own with a `*.yaml` glob would make every YAML file on the machine a cassette."""
    assert list(LINUX.rglob("*.xml")) == []
