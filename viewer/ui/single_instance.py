"""One running program for each user and display: a second start hands its files over and ends.

A socket in the user's runtime folder, which nobody else may enter. Where there is no such folder, or no such
sockets (Windows with Python 3.11), every start is a program of its own.

Sockets are imported when there is something to say: a start that finds no other program goes without them.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot

if TYPE_CHECKING:
    import socket

_TIMEOUT = 2.0
_MOST = 1 << 20


def socket_path() -> Path | None:
    """Where the running program listens; None where it cannot."""
    folder = os.environ.get("XDG_RUNTIME_DIR")
    if not folder or not Path(folder).is_dir():
        return None
    display = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY") or "none"
    safe = "".join(c if c.isalnum() else "-" for c in f"{os.environ.get('QT_QPA_PLATFORM', '')}{display}")
    return Path(folder) / f"cassette-viewer-{safe[-40:]}.socket"


def hand_over(request: dict[str, object]) -> bool:
    """Gives a request to the running program; False where there is none."""
    path = socket_path()
    if path is None or not path.exists():
        return False
    import json
    import socket

    if not hasattr(socket, "AF_UNIX"):
        return False
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(_TIMEOUT)
            connection.connect(str(path))
            connection.sendall(json.dumps(request).encode())
            connection.shutdown(socket.SHUT_WR)
            return connection.recv(2) == b"ok"
    except OSError:
        return False


class Listener(QObject):
    """Listens for what later starts hand over. `received` carries a request."""

    received = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._path = socket_path()
        self._socket: socket.socket | None = None
        if self._path is not None:
            self._listen(self._path)

    def close(self) -> None:
        """Stops listening, and takes the socket away."""
        if self._socket is not None and self._path is not None:
            self._notifier.setEnabled(False)
            self._socket.close()
            self._socket = None
            with contextlib.suppress(OSError):
                self._path.unlink()

    def _listen(self, path: Path) -> None:
        import socket

        if not hasattr(socket, "AF_UNIX"):
            return
        with contextlib.suppress(OSError):
            path.unlink()
        server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            server.bind(str(path))
            path.chmod(0o600)
            server.listen(4)
        except OSError:
            server.close()
            return
        server.setblocking(False)
        self._socket = server
        self._notifier = QSocketNotifier(server.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._accept)

    @Slot()
    def _accept(self) -> None:
        import json

        if self._socket is None:
            return
        try:
            connection, _ = self._socket.accept()
        except OSError:
            return
        with connection:
            connection.settimeout(_TIMEOUT)
            try:
                request = json.loads(_received(connection))
                connection.sendall(b"ok")
            except (OSError, ValueError):
                return
        if isinstance(request, dict):
            self.received.emit(request)


def _received(connection: socket.socket) -> bytes:
    data = b""
    while len(data) < _MOST:
        block = connection.recv(65536)
        if not block:
            break
        data += block
    return data
