"""What every test needs: no display, no home folder of the machine's, and the corpus where it is there.

The tests also count which files of the corpus they opened, over all of pytest-xdist's workers, and say so at
the end: CI fails when a cassette of the corpus was left unread.
"""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

# Before Qt is imported: it reads these once.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.update(LC_ALL="C.UTF-8", TZ="UTC")
os.environ.pop("QT_STYLE_OVERRIDE", None)
time.tzset()
_HOME = tempfile.mkdtemp(prefix="cassette-viewer-tests-")
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
for _variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"):
    os.environ[_variable] = tempfile.mkdtemp(dir=_HOME)

import pytest  # noqa: E402
from hypothesis import settings  # noqa: E402
from PySide6.QtCore import QThreadPool  # noqa: E402

# The suite is a regression check: the same examples every time. `--hypothesis-profile=search` tries other ones,
# twenty times as many where a test has no number of its own. Neither has deadlines: a busy machine is no failure.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.register_profile("search", derandomize=False, deadline=None, max_examples=2000, print_blob=True)
settings.load_profile("suite")

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
_NO_CASSETTES = {"README.md", "INDEX.tsv"}
_opened: set[str] = set()
_opened_by_workers = pytest.StashKey[set[str]]()


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real cassettes beside the checkout; a test that asks for it is skipped without it."""
    if not (CORPUS / "INDEX.tsv").exists():
        pytest.skip(f"no corpus at {CORPUS}")
    return CORPUS


@pytest.fixture(autouse=True)
def _no_background_work_left() -> Iterator[None]:
    """Fails a test that leaves work running in Qt's own thread pool, or a thread of its own."""
    before = set(threading.enumerate())
    yield
    assert QThreadPool.globalInstance().waitForDone(5000), "background work was left running"
    # The pool's threads stay for the next work; Python knows those only as dummies.
    left = [
        thread
        for thread in set(threading.enumerate()) - before
        if not isinstance(thread, threading._DummyThread)
    ]
    assert not left, f"threads were left running: {left}"


@pytest.fixture(autouse=True)
def _no_unexpected_errors_logged(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test in which an error was logged; one that expects that asks for `caplog` and looks itself."""
    noted = _ErrorNotes()
    logging.getLogger().addHandler(noted)
    yield
    logging.getLogger().removeHandler(noted)
    assert noted.messages == [] or "caplog" in request.fixturenames


class _ErrorNotes(logging.Handler):
    """Keeps what is logged as an error or worse."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def _note_corpus_files(event: str, args: tuple[object, ...]) -> None:
    """Audit hook that notes each file of the corpus as it is opened, whoever opens it and however."""
    if event == "open" and isinstance(args[0], (str, Path)):
        path = str(args[0])
        for prefix in _CORPUS_PREFIXES:
            if path.startswith(prefix):
                _opened.add(path.removeprefix(prefix))


# The folder may be a link, and a test may have followed it.
_CORPUS_PREFIXES = {f"{CORPUS}{os.sep}", f"{CORPUS.resolve()}{os.sep}"}
if CORPUS.exists():
    sys.addaudithook(_note_corpus_files)


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_opened_by_workers] = set()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In a worker of pytest-xdist: hands the controller what was opened here."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["corpus_opened"] = sorted(_opened)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """In the controller: a worker has ended (or died, and then has nothing to say)."""
    output: dict[str, list[str]] = getattr(node, "workeroutput", {})
    config: pytest.Config = node.config  # type: ignore[attr-defined]
    config.stash[_opened_by_workers].update(output.get("corpus_opened", ()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Says how much of the corpus was read; `.ci/run` reads this line."""
    opened = config.stash[_opened_by_workers] | _opened
    wanted = {str(path.relative_to(CORPUS)) for path in CORPUS.rglob("*") if path.is_file()}
    wanted = {name for name in wanted if Path(name).name not in _NO_CASSETTES}
    if opened & wanted:
        terminalreporter.write_line(f"corpus: read {len(opened & wanted)} of {len(wanted)} files")
        for name in sorted(wanted - opened)[:10]:
            terminalreporter.write_line(f"corpus: not read: {name}")
