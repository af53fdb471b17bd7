"""Random clicks, keys, openings, replays and closings in the assembled window, and what they leave behind.

    python -m tests.bench.soak [--count 1000000] [--minutes 60] [--seed 1]

After a tenth of the actions (or of the minutes, where they are over first) everything is closed and counted: memory,
objects, timers, threads and file descriptors; and again at the end. The exit code is 1 where memory grew by more than
20 MB, or anything else by anything, where an action raised an error, and where an edit was made of another interaction
than is shown. Questions of the program are answered with Discard, file dialogs with nothing.
"""

from __future__ import annotations

import argparse
import gc
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QThreadPool, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QScrollArea, QWidget
from shiboken6 import isValid

from tests.bench.cassettes import GO_VCR, write_cassette
from tests.bench.window import make_window, open_in, resident, run_loop, settle, write_exchanges
from tests.ui.samples import TOOL_CALL, answer_in
from viewer.cassette.edits import Edit, SetStatus
from viewer.cassette.model import EditError
from viewer.document.document import CassetteDocument
from viewer.document.tasks import pending_jobs
from viewer.ui.main_window import MainWindow

_KEYS = (
    *(getattr(Qt.Key, f"Key_{name}") for name in ("Up", "Down", "Left", "Right", "Home", "End", "Tab")),
    *(getattr(Qt.Key, f"Key_{name}") for name in ("PageUp", "PageDown", "Return", "Escape", "Space")),
)
_LETTERS = 'aeiou {}[]":,.2\u00e1\u4eac'
_ACTIONS = ("undo", "redo", "wrap", "columns", "zoom_in", "zoom_out", "zoom_reset", "problems", "find")
_MOVES = ("play", "step_back", "step_forward", "to_start", "to_end")
_FILTERS = ("", "", "status:200", "has:tool", "model:m-1", "word", "zzz")


@dataclass(frozen=True, slots=True)
class State:
    """What the process holds."""

    megabytes: float
    objects: Counter[str]
    timers: int
    threads: int
    files: int

    @classmethod
    def now(cls) -> State:
        """Counted after everything that waits for deletion is deleted."""
        for _ in range(3):
            run_loop()
            gc.collect()
        found = [item for item in gc.get_objects() if isinstance(item, QObject) and isValid(item)]
        roots = [*QApplication.topLevelWidgets(), QApplication.instance()]
        owned = [item for root in roots if root is not None for item in root.findChildren(QObject)]
        every = {id(item): item for item in [*found, *owned]}
        return cls(
            resident(),
            Counter(type(item).__name__ for item in every.values()),
            sum(isinstance(item, QTimer) and item.isActive() for item in every.values()),
            _entries("/proc/self/task"),
            _entries("/proc/self/fd"),
        )


class Soak:
    """A window and what a restless person does to it. A step is one random action, then whatever it set off."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.window: MainWindow = make_window(folder)
        self.done: Counter[str] = Counter()
        self._chance = random.Random(seed)
        self.paths = _cassettes(folder)
        self._steps: list[tuple[Callable[[], None], int]] = [
            (self.select, 20),
            (self.press_key, 25),
            (self.type_letter, 15),
            (self.click, 15),
            (self.scroll, 8),
            (self.choose_tab, 8),
            (self.trigger, 4),
            (self.replay, 6),
            (self.filter, 1),
            (self.edit, 2),
            (self.open, 1),
            (self.close, 1),
        ]

    def step(self) -> None:
        """One action."""
        steps, weights = zip(*self._steps, strict=True)
        action = self._chance.choices(steps, weights)[0]
        self.done[action.__name__] += 1
        action()
        run_loop()

    def rest(self) -> State:
        """Closes everything and waits; what is left."""
        while self.window.workspace.documents:
            self.window.workspace.close(self.window.workspace.documents[0])
        self.window.tree.filter_field.clear()
        self.window.notice.clear()
        self.window.actions_by_name["zoom_reset"].trigger()
        settle(self.window)
        # A thread of the pool ends when it had nothing to do for half a minute; here they may end at once.
        _end_idle_threads()
        until = time.monotonic() + 1
        while pending_jobs() or time.monotonic() < until:
            run_loop()
        return State.now()

    # --- actions

    def select(self) -> None:
        """Another interaction."""
        document = self._document()
        if document is not None and len(document):
            self.window.select(document, self._chance.randrange(len(document)))

    def press_key(self) -> None:
        """A key that moves, begins or ends something, where the keyboard is."""
        self._send(self._chance.choice(_KEYS), "")

    def type_letter(self) -> None:
        """A character, where the keyboard is."""
        letter = self._chance.choice(_LETTERS)
        self._send(Qt.Key.Key_unknown, letter)

    def click(self) -> None:
        """The left button, on anything in the window that is no menu."""
        point = QPoint(
            self._chance.randrange(self.window.width()), self._chance.randrange(40, self.window.height())
        )
        target = self.window.childAt(point) or self.window
        place = QPointF(target.mapFrom(self.window, point))
        where = QPointF(self.window.mapToGlobal(point))
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        twice = self._chance.random() < 0.1
        kinds = [QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease]
        kinds += [QEvent.Type.MouseButtonDblClick, QEvent.Type.MouseButtonRelease] if twice else []
        for kind in kinds:
            held = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseButtonRelease else left
            if isValid(target):
                QApplication.sendEvent(target, QMouseEvent(kind, place, where, left, held, none))

    def scroll(self) -> None:
        """The wheel, on anything."""
        widgets = [widget for widget in self.window.findChildren(QScrollArea) if widget.isVisible()]
        views = [pane.body.panel.view for pane in self.window.panes if pane.tabs.current == "body"]
        target: QWidget = self._chance.choice([*widgets, *views, self.window.tree.view])
        by = QPoint(0, self._chance.choice((-1200, -120, 120, 1200)))
        none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
        place = QPointF(5, 5)
        event = QWheelEvent(place, place, QPoint(), by, none, Qt.KeyboardModifier.NoModifier, phase, False)
        child = target.viewport() if hasattr(target, "viewport") else target
        QApplication.sendEvent(child, event)

    def choose_tab(self) -> None:
        """Another tab of a pane."""
        pane = self._chance.choice(self.window.panes)
        if names := pane.tab_names():
            pane.select_tab(self._chance.choice(names))

    def trigger(self) -> None:
        """A command that asks for nothing."""
        action = self.window.actions_by_name[self._chance.choice(_ACTIONS)]
        if action.isEnabled():
            action.trigger()

    def replay(self) -> None:
        """Plays, steps, or lets some time pass in the replay."""
        player = self.window.response_pane.player
        if self._chance.random() < 0.5:
            player.tick()
        else:
            getattr(self.window.response_pane, self._chance.choice(_MOVES))()

    def filter(self) -> None:
        """Other words in the filter."""
        self.window.tree.filter_field.setText(self._chance.choice(_FILTERS))

    def edit(self) -> None:
        """Another status."""
        document = self.window.document
        if document is not None and len(document) and not document.cassette.format.read_only:
            try:
                document.edit(SetStatus(self.window.position, self._chance.choice((200, 404, 500))))
            except EditError:
                self.done["edit refused"] += 1

    def open(self) -> None:
        """A cassette, open already or not."""
        self.window.open_paths([self._chance.choice(self.paths)])

    def close(self) -> None:
        """A document, with its edits."""
        if (document := self._document()) is not None:
            self.window.workspace.close(document)

    def _document(self) -> CassetteDocument | None:
        documents = self.window.workspace.documents
        if not documents:
            self.open()
            return None
        return self._chance.choice(documents)

    def _send(self, key: Qt.Key, text: str) -> None:
        target = self.window.focusWidget() or self.window.tree.view
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            if isValid(target):
                QApplication.sendEvent(target, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))


def _cassettes(folder: Path) -> list[Path]:
    """A small one of streams and tool calls, one of many interactions, one with a large body."""
    names = ("streams.yaml", "many.yaml", "large.yaml")
    paths = [folder / name for name in names]
    write_exchanges(
        paths[0], [("{}", answer_in(["Ol\u00e1", " word"] * 20)), ("{}", TOOL_CALL)] * 3, "text/event-stream"
    )
    write_cassette(paths[1], GO_VCR, 1_000_000)
    large = "[" + ",".join(['{"id": 1, "s": "text"}'] * 20_000) + "]"
    write_exchanges(paths[2], [("{}", large), ("{}", "{}")], "application/json")
    return paths


def _entries(folder: str) -> int:
    return sum(1 for _ in Path(folder).iterdir())


def _end_idle_threads() -> None:
    pool = QThreadPool.globalInstance()
    pool.waitForDone(5000)
    pool.setExpiryTimeout(0)
    pool.start(lambda: None)
    pool.waitForDone(5000)


def _answer_questions() -> None:
    """Nobody is there to press a button."""
    QMessageBox.warning = lambda *_: QMessageBox.StandardButton.Discard  # type: ignore[method-assign]
    for name in ("getOpenFileNames", "getSaveFileName"):
        setattr(QFileDialog, name, lambda *_: ("", ""))
    QFileDialog.getExistingDirectory = lambda *_: ""  # type: ignore[method-assign]


def _note_strays(window: MainWindow, errors: list[str]) -> None:
    """Edits from a pane that are of another interaction than both panes show, before they are made."""
    make = window.editor.make

    def watched(document: CassetteDocument, edit: Edit, *told: Callable[..., object]) -> None:
        shown = {pane.position for pane in window.panes}
        if shown != {edit.position}:
            errors.append(f"{type(edit).__name__} of {edit.position} while {shown} was shown")
        make(document, edit, *told)

    setattr(window.editor, "make", watched)  # noqa: B010 - a method


def _note_errors() -> list[str]:
    """Errors that nobody catches, which Qt's calls of Python only print, as they come; each is printed too."""
    errors: list[str] = []

    def note(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        errors.append(repr(error)[:200])
        sys.__excepthook__(kind, error, trace)

    sys.excepthook = note
    return errors


def report(before: State, after: State) -> bool:
    """Prints what is left; whether that is little enough."""
    grown = after.megabytes - before.megabytes
    left = after.objects - before.objects
    print(f"memory {before.megabytes:.1f} to {after.megabytes:.1f} MB ({grown:+.1f}, at most 20)")
    print(f"objects {before.objects.total()} to {after.objects.total()}; more of: {dict(left) or 'none'}")
    for name in ("timers", "threads", "files"):
        print(f"{name} {getattr(before, name)} to {getattr(after, name)}")
    counts = all(getattr(after, name) <= getattr(before, name) for name in ("timers", "threads", "files"))
    return grown <= 20 and after.objects.total() <= before.objects.total() and counts


def main() -> int:
    """Runs and counts; 1 where something is left."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--minutes", type=float, default=60, help="by the clock, at most")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    _answer_questions()
    errors = _note_errors()
    with tempfile.TemporaryDirectory(prefix="cassette-bench-") as folder:
        soak = Soak(Path(folder), options.seed)
        _note_strays(soak.window, errors)
        open_in(soak.window, *soak.paths)
        done = _run(soak, options.count // 10, options.minutes * 6)
        before = soak.rest()
        for _ in range(9):
            done += _run(soak, options.count // 10, options.minutes * 6)
            print(f"{done:>9,} actions: {resident():.1f} MB", flush=True)
        after = soak.rest()
        print(f"{done:,} actions in {time.process_time():.0f} s of CPU: {dict(soak.done)}")
        good = report(before, after)
        print(f"errors: {errors or 'none'}")
        sys.stdout.flush()
        soak.window.close()
    return int(not good or bool(errors))


def _run(soak: Soak, count: int, seconds: float) -> int:
    until = time.monotonic() + seconds
    done = 0
    while done < count and time.monotonic() < until:
        soak.step()
        done += 1
    return done


if __name__ == "__main__":
    sys.exit(main())
