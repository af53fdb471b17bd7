"""How fast streams are read, as ratios measured in one run: `python -m tests.bench.stream [megabytes]`.

- SSE decoding against httpx-sse (`pip install httpx-sse`; skipped where it is absent): at least as fast.
- Body to transcript against splitting the body and json.loads of every payload: at most 1.6 times.
"""

from __future__ import annotations

import importlib
import json
import statistics
import sys
import time
from collections.abc import Callable

from viewer.cassette.body import Body
from viewer.cassette.model import Headers, Request, Response
from viewer.stream import read, sse

_ROUNDS = 5
_CHUNK = {
    "id": "gen-1758698568-tDDRYhg82Z5qu5OL8vPp",
    "provider": "Novita",
    "model": "moonshotai/kimi-k2-0905",
    "object": "chat.completion.chunk",
    "created": 1758698568,
    "choices": [
        {
            "index": 0,
            "delta": {"role": "assistant", "content": ""},
            "finish_reason": None,
            "native_finish_reason": None,
            "logprobs": None,
        }
    ],
    "system_fingerprint": "fp_1",
}
_WORDS = (" the", " answer", "Olá", " é", " 42", "\n\n", "```python\n", " emoji 😀", ",", " streaming")


def chat_body(size: int) -> bytes:
    """A streamed chat completion of about `size` bytes, spelled as services spell it."""
    lines: list[bytes] = []
    length = 0
    while length < size:
        word = _WORDS[len(lines) % len(_WORDS)]
        _CHUNK["choices"][0]["delta"]["content"] = word  # type: ignore[index]
        text = json.dumps(_CHUNK, separators=(",", ":"), ensure_ascii=False)
        lines.append(f"data: {text}\n\n".encode())
        length += len(lines[-1])
    return b"".join(lines) + b"data: [DONE]\n\n"


def median(call: Callable[[], object]) -> float:
    """The middle of several runs, in seconds."""
    times = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


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


def split_and_load(body: bytes) -> int:
    """The least that any reader of such a body has to do."""
    count = 0
    for block in body.split(b"\n\n"):
        if block.startswith(b"data: {"):
            json.loads(block[6:])
            count += 1
    return count


def transcript(body: bytes) -> str:
    """Everything: framing, events, choice of the provider, deltas, transcript."""
    headers = Headers.of([("content-type", "text/event-stream")])
    request = Request("POST", "https://openrouter.ai/api/v1/chat/completions", Headers(), Body())
    return read(request, Response(200, "OK", headers, Body(body, headers))).transcript.text


def main() -> None:
    """Print medians and ratios."""
    size = int(float(sys.argv[1]) * 1e6) if len(sys.argv) > 1 else 20_000_000
    body = chat_body(size)
    ours = median(lambda: sse.decode(body))
    print(f"body {len(body) / 1e6:.1f} MB, {len(sse.decode(body))} events, medians of {_ROUNDS}")
    print(f"SSE decode           {ours:.3f} s")
    theirs = with_httpx_sse(body)
    if theirs is not None:
        other = median(theirs)
        print(f"httpx-sse            {other:.3f} s   ratio ours/theirs {ours / other:.2f} (at most 1)")
    least = median(lambda: split_and_load(body))
    whole = median(lambda: transcript(body))
    print(f"split + json.loads   {least:.3f} s")
    print(f"body to transcript   {whole:.3f} s   ratio {whole / least:.2f} (at most 1.6)")


if __name__ == "__main__":
    main()
