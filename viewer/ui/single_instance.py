"""One running program for each user and display: a second start hands its files over and ends.

A socket in the user's runtime folder, which nobody else may enter. Where there is no such folder, or no such
sockets (Windows with Python 3.11), every start is a program of its own.

This is the second start's side, which needs no Qt; `listener.py` is the first one's. Sockets are imported when there
is something to say: a start that finds no other program goes without them.
"""

from __future__ import annotations

import os
from pathlib import Path

# Seconds until the other side is given up.
TIMEOUT = 2.0


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
            connection.settimeout(TIMEOUT)
            connection.connect(str(path))
            connection.sendall(json.dumps(request).encode())
            connection.shutdown(socket.SHUT_WR)
            return connection.recv(2) == b"ok"
    except OSError:
        return False
