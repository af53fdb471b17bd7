"""Mutated bodies, by the hundred thousand: `python -m tests.bench.stream_mutations [count] [seed]`.

Each sample answer is cut, overwritten and repeated at random, and read in full. Prints exceptions (there must
be none), the slowest body in processor time, and the time per kilobyte of the largest against the median: reading is
proportional to size.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
import traceback

from tests.stream import samples
from tests.stream.samples import reading

_SCRAPS = (
    b"null",
    b"[]",
    b"{}",
    b"1e999",
    b'"',
    b"-1",
    b"\\ud83d",
    b"\xff",
    b"\n\n",
    b"data: ",
    b"true",
    b"[[[[",
)
_URLS = tuple(sample.url for sample in samples.ALL)


def mutated(body: bytes, chance: random.Random) -> bytes:
    """`body` with one to five stretches changed."""
    for _ in range(chance.randint(1, 5)):
        start = chance.randrange(len(body) + 1)
        end = start + chance.choice((0, 1, 4, 30, 200))
        scrap = chance.choice(_SCRAPS) if chance.random() < 0.7 else chance.randbytes(4)
        if chance.random() < 0.1:
            scrap = body[start:end] * chance.choice((2, 50))
        body = body[:start] + scrap + body[end:]
    return body


def read_all(url: str, body: bytes, asked: bytes) -> None:
    """Ask a reading for everything."""
    found = reading(url, body, asked)
    found.transcript, found.timeline, found.conversation, found.view, found.summary, found.repair  # noqa: B018


def main() -> None:
    """Read mutated bodies and print what became of them."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    chance = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    failures = 0
    times: list[tuple[float, int]] = []
    for _ in range(count):
        sample = chance.choice(samples.ALL)
        body, asked = mutated(sample.body, chance), mutated(sample.asked, chance)
        start = time.process_time()
        try:
            read_all(chance.choice((sample.url, chance.choice(_URLS))), body, asked)
        except Exception:
            failures += 1
            if failures <= 3:
                traceback.print_exc()
        times.append((time.process_time() - start, len(body)))
    slowest = max(times)
    rates = [seconds / max(1, size) * 1024e6 for seconds, size in times]
    large = [rate for rate, (_, size) in zip(rates, times, strict=True) if size > 5000]
    print(f"{count} bodies, {failures} exceptions, {sum(seconds for seconds, _ in times):.1f} s")
    print(f"slowest {slowest[0] * 1000:.1f} ms for {slowest[1]} bytes")
    print(
        f"median {statistics.median(rates):.0f} µs/kB; over 5 kB {statistics.median(large or [0]):.0f} µs/kB"
    )


if __name__ == "__main__":
    main()
