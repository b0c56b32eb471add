"""Tells the processes that still live from those that were killed.

Each batch holds a lock on a file of its own for as long as it sends. The system ends the lock with
the process, however that ends, and never before: a process that was stopped for an hour still has
it. So nothing here goes by a clock. A ledger in WAL mode is of one machine anyway, as locks are.
"""

import os
import re
import secrets
import sys
from contextlib import suppress
from pathlib import Path

_TOKEN = re.compile(r"[0-9a-f]{16}")
_here: set[tuple[int, str]] = set()  # a lock does not keep its own process out


class Owner:
    """A batch that is alive, under the name `token`, until it is released."""

    def __init__(self, ledger: Path) -> None:
        while True:
            self.token = secrets.token_hex(8)
            self._path = _path(ledger, self.token)
            # First: another thread that clears away would have the lock as easily, and end it.
            _here.add((os.getpid(), self.token))
            with suppress(FileNotFoundError):
                self._path.parent.mkdir(exist_ok=True)
                self._file = self._path.open("xb")
                # Whoever clears away may have had it, or taken it, before it was locked.
                if _is_locked_by_us(self._file.fileno()) and self._path.exists():
                    break
                self._file.close()
            _here.discard((os.getpid(), self.token))

    def release(self) -> None:
        """Says that it sends nothing any more."""
        _here.discard((os.getpid(), self.token))
        self._file.close()
        self._path.unlink(missing_ok=True)
        with suppress(OSError):  # others are alive
            self._path.parent.rmdir()


def is_alive(ledger: Path, token: str | None) -> bool:
    """Whether the batch of that name, of this process or another, may still be sending."""
    if token is None or not _TOKEN.fullmatch(token):  # perhaps the way to another file
        return False
    if (os.getpid(), token) in _here:
        return True
    path = _path(ledger, token)
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return False
    with file:
        if not _is_locked_by_us(file.fileno(), reads=True):
            return True
        with suppress(OSError):  # some systems keep what is open
            path.unlink()
    return False


def clear(ledger: Path) -> None:
    """Takes the files of those away that were killed."""
    # None has begun, or the last of them took the folder away just now.
    with suppress(FileNotFoundError, NotADirectoryError):
        for path in _path(ledger, "-").parent.iterdir():
            is_alive(ledger, path.name)


def _path(ledger: Path, token: str) -> Path:
    return ledger.with_name(f"{ledger.name}-locks") / token


def _is_locked_by_us(descriptor: int, *, reads: bool = False) -> bool:
    """Locks a file for this process, and no child that is forked, unless another has it.

    Those that only look, where `reads`, do not keep each other out.
    """
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.lockf(descriptor, (fcntl.LOCK_SH if reads else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
