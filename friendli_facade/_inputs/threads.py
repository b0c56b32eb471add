"""Reads a picture's pieces for an async client."""

from collections.abc import Generator
from threading import Lock

from friendli_facade._language import threads


class Reading:
    """Takes pieces from a generator, each in a thread.

    When a task is cancelled, the thread that it leaves alone closes the generator.
    """

    def __init__(self, pieces: Generator[bytes]) -> None:
        self._pieces = pieces
        self._lock = Lock()
        self._is_left = False

    async def next(self) -> bytes:
        """The next piece; nothing after the last."""
        try:
            return await threads.run(self._next, abandon_on_cancel=True)
        except BaseException:
            self._close()
            raise

    def _next(self) -> bytes:
        try:
            with self._lock:
                return b"" if self._is_left else next(self._pieces, b"")
        finally:
            if self._is_left:
                self._close()

    def _close(self) -> None:
        self._is_left = True
        # Whoever has the lock looks at what was just set after giving it back.
        if self._lock.acquire(blocking=False):
            try:
                self._pieces.close()
            finally:
                self._lock.release()
