"""How fast the text view is, beside QPlainTextEdit with the same text.

    QT_QPA_PLATFORM=offscreen python -m tests.bench.code_view

Prints a table: the median of several runs, what it is measured against, the ratio, and the bound. Times are those
that the thread works, so that other work on the machine counts little.
"""

from __future__ import annotations

import resource
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from time import thread_time

from PySide6.QtWidgets import QApplication, QPlainTextEdit

from viewer.ui.code_view import CodeView, JsonHighlighter

LINES = 600_000
SIZE = (1000, 800)


def pretty_json(lines: int) -> str:
    """Pretty JSON of so many lines, some 17 characters each."""
    block = '  {\n    "id": 12345,\n    "ok": true,\n    "s": "Olá, x"\n  },\n'
    return "[\n" + block * (lines // 5) + "  0\n]"


def one_line(size: int) -> str:
    """Raw JSON of so many characters in one line."""
    item = '{"id":12345,"name":"a \\"quoted\\" name","values":[1,2.5,null]},'
    return "[" + item * (size // len(item)) + "0]"


def seconds(work: Callable[[], object], times: int = 5) -> float:
    """The median time of some runs."""
    taken = []
    for _ in range(times):
        begun = thread_time()
        work()
        taken.append(thread_time() - begun)
    return statistics.median(taken)


def resident() -> float:
    """Megabytes of memory in use now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


class Bench:
    """One view on the screen and the rows measured with it."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, float, float | None, float]] = []
        self.view = CodeView()
        self.view.resize(*SIZE)
        self.view.set_highlighter(JsonHighlighter())
        self.view.set_read_only(False)
        self.view.show()

    def show(self, text: str) -> None:
        """Set a text and paint it."""
        self.view.set_text(text)
        self.paint()

    def paint(self) -> None:
        """Paint at once."""
        self.view.viewport().repaint()

    def plain(self, text: str) -> float:
        """The time QPlainTextEdit takes to show a text."""
        field = QPlainTextEdit()
        field.resize(*SIZE)
        field.show()
        QApplication.processEvents()

        def work() -> None:
            field.setPlainText(text)
            field.viewport().repaint()

        return seconds(work, 1)

    def open_large(self, name: str, text: str) -> None:
        """First paint of a text against QPlainTextEdit."""
        before = resident()
        own = seconds(lambda: self.show(text))
        self.rows.append((f"{name}: memory beside the text (MB)", resident() - before, None, 120))
        self.rows.append((f"{name}: set and paint", own, self.plain(text), 0.1))

    def keystroke(self, name: str, offset: int) -> None:
        """A typed character to its paint."""
        self.view.begin_edit()
        self.view.select(offset, offset)
        self.paint()

        def work() -> None:
            self.view.type_text("x")
            self.paint()

        self.rows.append((f"{name}: keystroke to paint (ms)", seconds(work, 30) * 1e3, None, 16))
        self.view.revert()

    def scroll(self, name: str) -> None:
        """Frames of pages never seen before, in the direction that has more of them."""
        bars = self.view.verticalScrollBar(), self.view.horizontalScrollBar()
        bar = max(bars, key=lambda bar: bar.maximum())
        frames = []
        for step in range(300):
            begun = thread_time()
            bar.setValue(bar.maximum() * step // 300)
            self.paint()
            frames.append((thread_time() - begun) * 1e3)
        self.rows.append((f"{name}: scrolled frame, median (ms)", statistics.median(frames), None, 33))
        self.rows.append((f"{name}: scrolled frame, worst (ms)", max(frames), None, 33))

    def report(self) -> None:
        """Print the table."""
        for name, value, against, bound in self.rows:
            ratio = f"{value / against:.3f} of {against:.3f} s" if against else f"{value:.2f}"
            verdict = "ok" if (value / against if against else value) <= bound else "OVER"
            print(f"{name:55} {ratio:>22}  at most {bound:<5} {verdict}")


def main() -> None:
    """Measure all."""
    application = QApplication(sys.argv)
    bench = Bench()
    application.processEvents()
    median_body = pretty_json(400)
    bench.show(median_body)
    bench.rows.append(
        ("8 kB body: set and paint (ms)", seconds(lambda: bench.show(median_body)) * 1e3, None, 16)
    )
    for wrap in (False, True):
        bench.view.set_wrap(wrap)
        kind = "wrapped" if wrap else "unwrapped"
        text = pretty_json(LINES)
        bench.open_large(f"10 MB pretty, {kind}", text)
        application.processEvents()
        bench.keystroke(f"10 MB pretty, {kind}", len(text) // 2)
        bench.scroll(f"10 MB pretty, {kind}")
        line = one_line(10_000_000)
        bench.open_large(f"10 MB in one line, {kind}", line)
        bench.keystroke(f"10 MB in one line, {kind}", len(line) // 2)
        bench.keystroke(f"10 MB in one line, at its end, {kind}", len(line) - 10)
        bench.scroll(f"10 MB in one line, {kind}")
    bench.report()


if __name__ == "__main__":
    main()
