"""Notes on stderr what a program does that opening a cassette is no reason for.

Python's audit events tell of files, processes and sockets that Python opens. What Qt opens by itself they do not see;
`tests/ui/test_nothing_is_loaded.py` does.
"""

from __future__ import annotations

import sys
from pathlib import Path

_NEVER = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "pty.spawn", "socket.connect",
          "socket.getaddrinfo", "urllib.Request", "webbrowser.open", "ctypes.dlopen", "code.__new__")  # fmt: skip


def watch(path: str, home: str) -> None:
    """From now on, opening anything but this file, what is below `home` and the program's own files is noted."""
    allowed: tuple[str, ...] = (path, home, sys.prefix, sys.base_prefix, str(Path(__file__).resolve().parents[2]),
               "/proc/self/", "/dev/null", "/usr/lib/", "/usr/share/", "/etc/")  # fmt: skip
    # A link to the environment is resolved by some, and not by others.
    allowed += tuple(str(Path(place).resolve()) for place in (sys.prefix, sys.executable))

    def note(event: str, args: tuple[object, ...]) -> None:
        if event in _NEVER:
            print(f"audit: {event} {args!r}"[:200], file=sys.stderr, flush=True)
        elif event == "open" and isinstance(args[0], str) and not args[0].startswith(allowed):
            print(f"audit: open {args[0]!r}"[:200], file=sys.stderr, flush=True)

    sys.addaudithook(note)
