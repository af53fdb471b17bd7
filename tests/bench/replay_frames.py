"""How long the frames of a replay take: 50,000 events and 2 MB of answer, played as in the window.

    python -m tests.bench.replay_frames [--events 50000] [--bytes 2000000] [--shape lines|one|markdown|code]

Prints the slowest, the median and the 99th percentile of a frame's time in milliseconds (one tick of the
player, what follows it in the pane, and the painting), the time of the last against the first tenth, what
memory the finished page takes, and what playing it again adds.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import time
from collections.abc import Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from tests.ui.samples import answer_in, interaction_of, reading_of
from viewer.ui.response_pane import ResponsePane
from viewer.ui.theme import apply_theme, load_theme

_SENTENCE = "The current weather in Florence is **40 °C**, very hot; drink `water` often and stay inside. "


def main() -> None:
    """Plays one answer and prints the figures."""
    options = _options()
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme = load_theme("light")
    apply_theme(app, theme)
    interaction = interaction_of(
        answer_in(list(texts(options.events, options.bytes, options.shape))), duration=60
    )
    reading = reading_of(interaction)
    pane = ResponsePane(theme)
    pane.resize(480, 700)
    pane.show()
    begun = time.perf_counter()
    pane.show_interaction(interaction, reading, "")
    app.processEvents()
    print(f"shown after {(time.perf_counter() - begun) * 1000:.0f} ms (reading the events included)")
    pane.select_tab(options.tab)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    frames = list(play(app, pane, options.speed))
    played = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(options.again):
        replay(app, pane, options.speed)
    grown_again = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - played
    if options.late:
        print([(index, round(frame)) for index, frame in enumerate(frames) if frame > 33][:40])
    tenth = max(1, len(frames) // 10)
    late = [frame for frame in frames if frame > 33]
    slow = statistics.quantiles(frames, n=100)[98]
    print(
        f"{len(reading.events)} events, {len(reading.transcript.text)} characters, {len(frames)} frames: "
        f"slowest {max(frames):.1f} ms, 99 % under {slow:.1f} ms, median {statistics.median(frames):.2f} ms, "
        f"over 33 ms: {len(late)}; last tenth {statistics.median(frames[-tenth:]):.2f} ms, "
        f"first {statistics.median(frames[:tenth]):.2f} ms; the page took {(played - before) / 1024:.1f} MB, "
        f"playing {options.again} times more {grown_again / 1024:.1f} MB"
    )


def play(app: QApplication, pane: ResponsePane, speed: float) -> Iterator[float]:
    """Plays with a clock of our own, so that every frame is 16 ms of the answer, and times each frame."""
    player = pane.player
    now = [0.0]
    player._clock = lambda: now[0]
    player.set_speed(speed)
    player.play()
    player._timer.stop()
    while player.is_playing:
        now[0] += 0.016
        begun = time.process_time()
        player.tick()
        app.sendPostedEvents()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # as a running loop does
        app.processEvents()
        yield (time.process_time() - begun) * 1000


def replay(app: QApplication, pane: ResponsePane, speed: float) -> None:
    """Plays once more from the start. Outside of `exec` nobody else lets go of the page that was left."""
    pane.player.seek_start()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    for _ in play(app, pane, speed):
        pass


def texts(events: int, size: int, shape: str) -> Iterator[str]:
    """Pieces of an answer, each about the same length."""
    each = max(1, size // events)
    source = {
        "lines": _SENTENCE + "\n",
        "one": _SENTENCE,
        "markdown": f"## Heading\n{_SENTENCE * 3}\n\n- {_SENTENCE}\n- {_SENTENCE}\n\n",
        "code": "```python\n"
        + "def weather(place: str) -> float:\n    return 40.0  # always\n\n" * 40
        + "```\n\n",
    }[shape]
    whole = source * (size // len(source) + 1)
    for index in range(events):
        yield whole[index * each : (index + 1) * each]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=50_000)
    parser.add_argument("--bytes", type=int, default=2_000_000)
    parser.add_argument("--shape", choices=("lines", "one", "markdown", "code"), default="markdown")
    parser.add_argument("--tab", default="transcript")
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--again", type=int, default=1, help="how many times to play once more, for memory")
    parser.add_argument("--late", action="store_true", help="name the frames over 33 ms")
    return parser.parse_args()


if __name__ == "__main__":
    main()
