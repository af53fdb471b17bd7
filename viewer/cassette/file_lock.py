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

    def is_locked_elsewhere(descriptor: int) -> bool:
        """False: Windows itself keeps a file that another program has open from being replaced."""
        return False

else:
    import errno
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

    def is_locked_elsewhere(descriptor: int) -> bool:
        """Whether another program has locked the file, in either of Unix' ways; where not, it is locked now."""
        if not try_lock(descriptor):
            return True
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as err:
            # The others say that the file system knows no locks.
            return err.errno in (errno.EACCES, errno.EAGAIN)
        return False
