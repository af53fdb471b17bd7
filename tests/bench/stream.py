"""How fast streams are read, as ratios measured in one run: `python -m tests.bench.stream [megabytes]`.

- SSE decoding against httpx-sse (`pip install httpx-sse`; skipped where it is absent): at least as fast.
- Body to transcript, for each API, against splitting the body and json.loads of every payload: at most 1.6
  times.

What is compared takes turns, and the least time of each counts: whatever else the machine does only adds.
"""

from __future__ import annotations

import gc
import importlib
import json
import sys
import time
from collections.abc import Callable

from tests.bench.stream_bodies import SHAPES, Shape, body_of
from viewer.cassette.body import Body
from viewer.cassette.model import Headers, Request, Response
from viewer.stream import read, sse

_ROUNDS = 7


def least_times(*calls: Callable[[], object]) -> list[float]:
    """The least processor time of each call, in seconds; they take turns."""
    times = [float("inf")] * len(calls)
    for _ in range(_ROUNDS):
        for number, call in enumerate(calls):
            gc.collect()
            start = time.process_time()
            call()
            times[number] = min(times[number], time.process_time() - start)
    return times


def with_httpx_sse(body: bytes) -> Callable[[], object] | None:
    """Decoding by httpx-sse: its two decoders, fed with the whole text at once, which is its best case."""
    try:
        decoders = importlib.import_module("httpx_sse._decoders")
    except ImportError:
        return None

    def run() -> object:
        lines = decoders.SSELineDecoder()
        return _decode_lines(decoders.SSEDecoder(), lines.decode(body.decode()) + lines.flush())

    return run


def _decode_lines(decoder: object, lines: list[str]) -> int:
    decode = decoder.decode  # type: ignore[attr-defined]
    return sum(1 for line in lines if decode(line) is not None)


def split_and_load(body: bytes, blank: bytes) -> int:
    """The least that any reader of such a body has to do."""
    count = 0
    for block in body.split(blank):
        start = block.find(b"data: {")
        if start >= 0:
            json.loads(block[start + 6 :])
            count += 1
    return count


def transcript(body: bytes, url: str) -> str:
    """Everything: framing, events, choice of the provider, deltas, transcript."""
    headers = Headers.of([("content-type", "text/event-stream")])
    request = Request("POST", url, Headers(), Body())
    return read(request, Response(200, "OK", headers, Body(body, headers))).transcript.text


def main() -> None:
    """Prints times and ratios."""
    size = int(float(sys.argv[1]) * 1e6) if len(sys.argv) > 1 else 20_000_000
    _compare_decoding(body_of(SHAPES["chat"], size))
    for name, shape in SHAPES.items():
        _compare_reading(name, shape, body_of(shape, size))


def _compare_decoding(body: bytes) -> None:
    theirs = with_httpx_sse(body)
    ours, *others = least_times(lambda: sse.decode(body), *([theirs] if theirs else []))
    print(f"body {len(body) / 1e6:.1f} MB, {len(sse.decode(body))} events, least of {_ROUNDS} runs")
    print(f"SSE decoding          {ours:.3f} s")
    for other in others:
        print(f"httpx-sse             {other:.3f} s   ratio ours/theirs {ours / other:.2f} (at most 1)")


def _compare_reading(name: str, shape: Shape, body: bytes) -> None:
    least, whole = least_times(lambda: split_and_load(body, shape.blank), lambda: transcript(body, shape.url))
    ratio = whole / least
    print(f"{name:<10} split + json.loads {least:.3f} s   to transcript {whole:.3f} s   ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
