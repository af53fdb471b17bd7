"""A server on the loopback interface that answers a fixed script, for recorders to record."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import cast

from tests.recorders.exchange import Call, Pairs

JSON = ("Content-Type", "application/json")


@dataclass(frozen=True, slots=True)
class Scene:
    """A call, its URL without the server's address, and what the server answers to it."""

    call: Call
    status: int
    headers: Pairs
    body: bytes
    chunked: bool = False


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


_PAGES = "/v1/models?limit=2&after=a%20b"
_PROMPT = {
    "model": "m",
    "stream": True,
    "messages": [{"role": "user", "content": 'Diga "olá" 👋\nem inglês'}],
}
_STREAM = "".join(
    f"data: {json.dumps({'choices': [{'delta': {'content': piece}}]}, ensure_ascii=False)}\n\n"
    for piece in ("Hel", "lo ", "– 👋", "\n")
)
_MODELS = {"data": [{"id": f"model-{n}", "price": 0.000022} for n in range(30)]}

# The positions by which tests name the scenes; what some recorders cannot record stands at the end.
PAGE_1, CHAT, FORM, PAGE_2, EMPTY, HEAD, PLAIN, GZIP, BYTES = range(9)
SCRIPT = (
    Scene(
        Call("GET", _PAGES, (("Accept", "application/json"), ("X-Client", "tests"))),
        200,
        (JSON, ("Set-Cookie", "a=1; Path=/"), ("Set-Cookie", "b=2"), ("X-Request-Id", "req_1")),
        _json({"data": ["a", "b"], "has_more": True}),
    ),
    Scene(
        Call("POST", "/v1/chat/completions", (JSON, ("Authorization", "Bearer key")), _json(_PROMPT)),
        200,
        (("Content-Type", "text/event-stream; charset=utf-8"),),
        f"{_STREAM}data: [DONE]\n\n".encode(),
        chunked=True,
    ),
    Scene(
        Call(
            "POST",
            "/token?scope=all",
            (("Content-Type", "application/x-www-form-urlencoded"),),
            b"grant=code&code=a%2Bb&scope=x+y",
        ),
        201,
        (JSON, ("X-Odd", "yes")),
        _json({"access": "é", "expires": 3600}),
    ),
    Scene(
        Call("GET", _PAGES, (("Accept", "application/json"), ("X-Client", "tests"))),
        200,
        (JSON, ("X-Request-Id", "req_2")),
        _json({"data": ["c"], "has_more": False}),
    ),
    Scene(Call("DELETE", "/v1/files/1"), 204, (), b""),
    Scene(Call("HEAD", "/v1/files/2"), 200, (("Content-Length", "1234"), ("ETag", '"abc"')), b""),
    Scene(
        Call("PUT", "/v1/files/3", (("Content-Type", "text/plain"),), b"first\nsecond\n"),
        404,
        (("Content-Type", "text/plain"),),
        b"line one\nline two\n",
    ),
    Scene(
        Call("GET", "/models.json", (("Accept-Encoding", "gzip"),)),
        200,
        (JSON, ("Content-Encoding", "gzip")),
        gzip.compress(_json(_MODELS), mtime=0),
    ),
    Scene(Call("GET", "/logo"), 200, (("Content-Type", "application/octet-stream"),), bytes(range(256))),
)


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    # So that closing waits for the last answer.
    block_on_close = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.scenes = list(SCRIPT)


class _Handler(BaseHTTPRequestHandler):
    # Connections are closed after each answer: nobody has to close those that a recorder keeps.
    protocol_version = "HTTP/1.1"

    def do_any(self) -> None:
        """Answers with the next scene of this method and path."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        scenes = cast(_Server, self.server).scenes
        scene = next(
            scene for scene in scenes if (scene.call.method, scene.call.url) == (self.command, self.path)
        )
        scenes.remove(scene)
        self.send_response(scene.status)
        for name, value in scene.headers:
            self.send_header(name, value)
        self._send(scene)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_any

    def _send(self, scene: Scene) -> None:
        self.send_header("Connection", "close")
        if scene.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif self.command != "HEAD" and scene.status != 204:
            self.send_header("Content-Length", str(len(scene.body)))
        self.end_headers()
        if not scene.chunked:
            self.wfile.write(scene.body)
            return
        for piece in (scene.body[:40], scene.body[40:], b""):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing on standard error."""


@contextmanager
def serving() -> Iterator[str]:
    """The address of a server that plays the script once."""
    with _Server() as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
