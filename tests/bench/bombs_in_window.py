"""The assembled window with one hostile cassette: everything is looked at, and how it went is printed as JSON."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication, QLabel

from tests.bench.window import make_window, run_loop
from viewer.document.tasks import pending_jobs
from viewer.ui.code_view.finder import Finder, Query
from viewer.ui.main_window import MainWindow

# Interactions that are looked at, and seconds of CPU that are waited for at each step.
_INTERACTIONS = 60
_PATIENCE = 40
_PATTERN = r"(\w+\s*)+$|(a+)+b|(.*)*x"


class _Watch:
    """Turns of the event loop: the longest in seconds of the interface's thread, and by the clock."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.hold = self.wait = 0.0
        self.slowest = ""

    def settle(self, step: str = "") -> None:
        """Runs the loop until nothing is under way, or what is left may take longer."""
        until = time.process_time() + _PATIENCE
        while True:
            self.take(run_loop, step)
            if (self.window.is_settled and not pending_jobs()) or time.process_time() > until:
                break
            time.sleep(0.001)
        self.take(run_loop, step)

    def take(self, call: Callable[[], object], step: str = "") -> None:
        """Does something in the interface's thread."""
        wall, begun = time.monotonic(), time.thread_time()
        call()
        held, waited = time.thread_time() - begun, time.monotonic() - wall
        if held > self.hold:
            self.hold, self.slowest = held, step
        self.wait = max(self.wait, waited)


def run_window(path: str | Path) -> int:
    """Opens the cassette in a window, looks at everything, prints how it went; the exit status."""
    path = Path(path)
    window = make_window(Path(path.parent))
    watch = _Watch(window)
    watch.take(lambda: window.open_paths([path]), "open")
    watch.settle("opening")
    said = _said(window)
    document = window.document
    if document is not None:
        for position in range(min(len(document), _INTERACTIONS)):
            watch.take(partial(window.select, document, position), "select")
            watch.settle("selecting")
            _look(window, watch)
        watch.take(partial(window.tree.filter_field.setText, "body:x status:200 (a+)+"), "filter")
        watch.settle("filtering")
        watch.take(window.tree.filter_field.clear, "filter")
    print(
        json.dumps({"said": said, "hold": watch.hold, "wait": watch.wait, "slowest": watch.slowest}),
        flush=True,
    )
    if watch.hold > 0.1:
        import sys

        print(f"slowest: {watch.slowest}", file=sys.stderr)

    os._exit(0)  # as after a kill: what is still read in the background is nobody's any more


def _said(window: MainWindow) -> str:
    """What the window says of the file: its error, or how many interactions it found."""
    if window.document is not None:
        return f"{window.document.cassette.format.name}, {len(window.document)} interactions"
    page = window.error_page
    labels = page.findChildren(QLabel) if page else []
    return " ".join(label.text() for label in labels if label.isVisible()) or "still opening"


def _look(window: MainWindow, watch: _Watch) -> None:
    """Every tab of both panes, a search in each text, and the replay."""
    for pane in window.panes:
        for tab in pane.tab_names():
            watch.take(partial(pane.select_tab, tab), f"tab {tab}")
            watch.settle(f"showing {tab}")
            if tab in ("body", "yaml"):
                for finder in (pane.body if tab == "body" else pane.yaml).findChildren(Finder):
                    watch.take(partial(finder.set_query, Query(_PATTERN, pattern=True)), "find")
                    until = time.monotonic() + 2
                    while finder.is_searching and time.monotonic() < until:
                        watch.take(run_loop, "finding")
                    watch.take(partial(finder.set_query, Query("")), "end of finding")
    for move in ("to_start", "step_forward", "to_end"):
        watch.take(getattr(window.response_pane, move), move)
        watch.settle(move)
    QApplication.sendPostedEvents()
