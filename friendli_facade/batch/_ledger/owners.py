"""Tells the processes that still live from those that were killed.

Each batch holds a lock on a file of its own for as long as it sends. The system ends the lock with
the process, however that ends, and never before: a process that was stopped for an hour still has
it. So nothing here goes by a clock. A ledger in WAL mode is of one machine anyway, as locks are.
"""

import os
import secrets
import sys
from pathlib import Path

_here: set[tuple[int, Path]] = set()  # a lock does not keep its own process out


class Owner:
    """A batch that is alive, under the name `token`, until it is released."""

    def __init__(self, ledger: Path) -> None:
        self.token = secrets.token_hex(8)
        self._path = _path(ledger, self.token)
        self._file = self._path.open("xb")
        _lock(self._file.fileno())
        _here.add((os.getpid(), self._path))

    def release(self) -> None:
        """Says that it sends nothing any more."""
        _here.discard((os.getpid(), self._path))
        self._file.close()
        self._path.unlink(missing_ok=True)


def is_alive(ledger: Path, token: str) -> bool:
    """Whether the batch of that name, of this process or another, may still be sending."""
    path = _path(ledger, token)
    if (os.getpid(), path) in _here:
        return True
    try:
        file = path.open("r+b")
    except FileNotFoundError:
        return False
    with file:
        try:
            _lock(file.fileno())
        except OSError:
            return True
    path.unlink(missing_ok=True)
    return False


def _path(ledger: Path, token: str) -> Path:
    return ledger.with_name(f"{ledger.name}-{token}.lock")


def _lock(descriptor: int) -> None:
    """Locks a file for this process alone, and no child that is forked; raises OSError."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
