"""Where async clients read files."""

from collections.abc import Callable, Generator
from threading import Lock
from typing import TypeVar, TypeVarTuple

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar

_Value = TypeVar("_Value")
_Arguments = TypeVarTuple("_Arguments")

# Threads of our own, as many as anyio has: where all of its wait for calls of ours, one of which
# needs a thread, none would ever end.
_limiter: RunVar[CapacityLimiter] = RunVar("friendli_facade._inputs")


async def run(function: Callable[[*_Arguments], _Value], *arguments: *_Arguments) -> _Value:
    """What a function returns, called in a thread; a task that is cancelled leaves it alone."""
    try:
        limiter = _limiter.get()
    except LookupError:
        limiter = CapacityLimiter(40)
        _limiter.set(limiter)
    return await to_thread.run_sync(function, *arguments, limiter=limiter, abandon_on_cancel=True)


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
            return await run(self._next)
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
