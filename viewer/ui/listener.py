"""The running program's side of `single_instance.py`: it listens for what later starts hand over."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot

from viewer.ui.single_instance import TIMEOUT, socket_path

if TYPE_CHECKING:
    import socket
    from pathlib import Path

_MOST = 1 << 20


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
            connection.settimeout(TIMEOUT)
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
