"""The program as it is installed from its wheel, in a real window, driven by the keyboard.

Nothing in it knows that it is being tested: keys go in through the X server, and what it shows and saves comes
out as pixels and as a file.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
import venv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from viewer.resources import resource

ROOT = Path(__file__).resolve().parents[1]
SIZE = (1280, 800)
# The transcript's text in a window of that size: below the tabs of the response, left of any scroll bar.
ANSWER = (820, 125, 400, 60)
# Below the toolbar: the bar's left end, its button Restore; and the page's colour below it.
BAR, RESTORE, FILTER = (4, 70), (1056, 70), (4, 90)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not all(map(shutil.which, ("Xvfb", "openbox", "xdotool"))),
        reason="Xvfb, openbox or xdotool is not installed",
    ),
]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installed program, in a virtual environment that has the libraries of this one but not this checkout."""
    folder = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    environment = folder / "venv"
    venv.create(environment, with_pip=False)
    python = environment / "bin" / "python"
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    (wheel,) = folder.glob("*.whl")
    run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        wheel,
    )
    (site / "libraries.pth").write_text(f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n")
    assert str(site) in run(python, "-P", "-c", "import viewer; print(viewer.__file__)")
    return environment / "bin" / "cassette-viewer"


@contextlib.contextmanager
def screen(tmp_path: Path) -> Iterator[tuple[dict[str, str], subprocess.Popen[bytes]]]:
    """A fresh X server with a window manager, and the environment for it with a home folder of its own."""
    read, write = os.pipe()
    pixels = f"{SIZE[0] + 80}x{SIZE[1] + 80}x24"
    # A server begins anew when its only client leaves it (an xdotool that found no window yet), and refuses whoever
    # comes meanwhile: once in sixty starts that was the window manager.
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-noreset", "-screen", "0", pixels, "-nolisten", "tcp"],
        pass_fds=(write,),
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as answer:
        number = answer.readline().strip()
    environment = {
        **{
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("QT_", "PYTHON", "WAYLAND"))
        },
        "DISPLAY": f":{number}",
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_RUNTIME_DIR": str(tmp_path),
    }
    manager = subprocess.Popen(["openbox"], env=environment, stderr=subprocess.DEVNULL)
    try:
        yield environment, server
    finally:
        for process in (manager, server):
            process.terminate()
            process.wait(10)


@pytest.fixture
def display(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a screen."""
    with screen(tmp_path) as (environment, _):
        yield environment


class Person:
    """Somebody at the keyboard of the window of a process."""

    def __init__(self, environment: dict[str, str], process: subprocess.Popen[bytes], folder: Path) -> None:
        self._environment = environment
        self._picture = folder / "window.ppm"
        self._process = process
        self._window = wait_for(self._find_window, "the window appears")
        self._do("windowsize", "--sync", self._window, *map(str, SIZE))
        self._do("windowmove", self._window, "0", "0")
        # A window manager that has just begun does not know how at first.
        wait_for(self._activate, "the window is active")

    def press(self, *keys: str) -> None:
        """Presses keys, one after the other."""
        for key in keys:
            self._do("key", "--clearmodifiers", key)
            time.sleep(0.15)

    def type(self, text: str) -> None:
        """Types a text."""
        self._do("type", "--clearmodifiers", "--delay", "20", text)
        time.sleep(0.3)

    def click(self, x: int, y: int) -> None:
        """Clicks at a point."""
        self._do("mousemove", str(x), str(y), "click", "1")

    def pixel(self, x: int, y: int) -> int:
        """The colour of a point of the screen."""
        return self._screen().pixel(x, y)

    def answer(self) -> QImage:
        """What stands on the screen where the answer is."""
        return self._screen().copy(*ANSWER)

    def _screen(self) -> QImage:
        self._picture.write_bytes(
            subprocess.run(
                [sys.executable, "-c", _GRAB], env=self._environment, check=True, capture_output=True
            ).stdout
        )
        return QImage(str(self._picture))

    def title(self) -> str:
        """The window's title."""
        return self._do("getwindowname", self._window).strip()

    def _find_window(self) -> str:
        assert self._process.poll() is None, "the program ended"
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", "say-hi"],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return found.stdout.split("\n")[0]

    def _activate(self) -> bool:
        words = ["xdotool", "windowactivate", "--sync", self._window]
        return subprocess.run(words, capture_output=True, check=False, env=self._environment).returncode == 0

    def _do(self, *words: str) -> str:
        return run("xdotool", *words, env=self._environment)


# A picture of the whole screen as PNG, taken by a client of its own.
_GRAB = """
import sys
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QGuiApplication
app = QGuiApplication(["grab", "-platform", "xcb"])
buffer = QBuffer()
buffer.open(QIODevice.OpenModeFlag.WriteOnly)
app.primaryScreen().grabWindow(0).save(buffer, "PNG")
sys.stdout.buffer.write(bytes(buffer.data()))
"""


def run(*words: object, env: dict[str, str] | None = None) -> str:
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout


def wait_for(look: Callable[[], object], what: str, seconds: float = 30.0) -> str:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return str(found)
        time.sleep(0.1)
    pytest.fail(f"gave up waiting until {what}")


def test_open_play_edit_save(program: Path, display: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "say-hi.yaml"
    shutil.copyfile(resource("examples/say-hi-in-portuguese.yaml"), file)
    old = file.read_bytes()
    log = (tmp_path / "log").open("wb")
    process = subprocess.Popen([program, file], env=display, cwd=tmp_path, stdout=log, stderr=log)
    try:
        person = Person(display, process, tmp_path)
        whole = person.answer()
        wait_for(lambda: person.answer() == whole, "the window is at rest")

        person.press("ctrl+Home")
        empty = person.answer()
        assert empty != whole, "back at the start, nothing was said yet"
        person.press("ctrl+space")
        wait_for(lambda: person.answer() not in (empty, whole), "the answer begins")
        wait_for(lambda: person.answer() == whole, "the answer is played to its end")

        person.press("ctrl+f")
        person.type('content":"Ol')
        person.press("Return", "Escape", "F2")
        person.type('content":"Oi')
        person.press("ctrl+Return")
        assert file.read_bytes() == old, "nothing is written before it is saved"
        person.press("ctrl+s")
        wait_for(lambda: file.read_bytes() != old, "the file is saved")
        assert file.read_bytes() == old.replace(b'"content":"Ol"', b'"content":"Oi"')

        person.press("ctrl+q")
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
        log.close()
    assert (tmp_path / "log").read_text() == ""


@contextlib.contextmanager
def running(program: Path, file: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """The program with a file in it; it has ended afterwards."""
    process = subprocess.Popen([program, file], env=environment, cwd=file.parent, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("end", ["killed", "session"])
def test_unsaved_edits_are_offered_after_a_crash(program: Path, tmp_path: Path, end: str) -> None:
    """The program is killed, or its display server dies; the next start gives the edits back."""
    file = tmp_path / "say-hi.yaml"
    shutil.copyfile(resource("examples/say-hi-in-portuguese.yaml"), file)
    old = file.read_bytes()
    with screen(tmp_path) as (environment, server), running(program, file, environment) as process:
        person = Person(environment, process, tmp_path)
        person.press("ctrl+f")
        person.type('content":"Ol')
        person.press("Return", "Escape", "F2")
        person.type('content":"Oi')
        person.press("ctrl+Return")
        wait_for(lambda: list(tmp_path.rglob("*.journal")), "the edit is journalled")
        if end == "killed":
            process.send_signal(signal.SIGKILL)
        else:
            server.kill()
        process.wait(20)
    assert file.read_bytes() == old
    with screen(tmp_path) as (environment, _), running(program, file, environment) as process:
        person = Person(environment, process, tmp_path)
        wait_for(lambda: person.pixel(*BAR) != person.pixel(*FILTER), "the bar makes its offer")
        offered = person.answer()
        person.click(*RESTORE)
        wait_for(lambda: person.answer() != offered, "the answer is the edited one")
        person.press("ctrl+s")
        wait_for(lambda: file.read_bytes() != old, "the edits are back, and saved")
        assert file.read_bytes() == old.replace(b'"content":"Ol"', b'"content":"Oi"')
        person.press("ctrl+q")
        assert process.wait(20) == 0
    assert not list(tmp_path.rglob("*.journal"))
