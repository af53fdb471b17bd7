"""A lock on an open file, by which one program tells others that it is alive: the system lets go when it dies."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import msvcrt
    import os

    # Windows refuses to read what is locked, so the lock lies far behind any file's end.
    _FAR = 1 << 62

    def try_lock(descriptor: int) -> bool:
        """Locks the file for this program, until the descriptor is closed; False where another one has it."""
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def try_lock(descriptor: int) -> bool:
        """Locks the file for this program, until the descriptor is closed; False where another one has it.

        Where the file system knows no locks, nobody has it.
        """
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True
