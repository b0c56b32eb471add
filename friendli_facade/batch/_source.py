"""Jobs as they come, from whatever gives them; never more of them than are asked for."""

from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Iterator, Sequence
from threading import Event
from typing import Any

import anyio

from friendli_facade._language import threads

_END = object()
_BRIEFLY = 0.01  # seconds
_PATIENCE = 1.0  # seconds


def is_source(jobs: object) -> bool:
    """Whether it gives jobs, one after the other."""
    return isinstance(jobs, Iterable | AsyncIterable) and not isinstance(jobs, str | bytes | dict)


async def each(jobs: Iterable[Any] | AsyncIterable[Any]) -> AsyncGenerator[Any]:
    """The jobs; those of an iterator are taken in a thread, as it may wait.

    An async generator is closed in the end, be it the caller's: trio warns of one that is not.
    """
    if isinstance(jobs, AsyncIterable):
        try:
            async for job in jobs:
                yield job
        finally:
            if isinstance(jobs, AsyncGenerator):
                with anyio.CancelScope(shield=True):
                    await jobs.aclose()
    elif isinstance(jobs, Sequence):
        for job in jobs:
            yield job
    else:
        taking = _Taking(iter(jobs))
        try:
            while (job := await threads.run(taking.next, abandon_on_cancel=True)) is not _END:
                yield job
        finally:
            with anyio.CancelScope(shield=True):
                await taking.leave()
        if taking.error is not None:
            raise taking.error


class _Taking:
    """Takes jobs of an iterator, which may wait for ever, in a thread that may be left to it.

    One at a time: the next may come only when something has come of this one.
    """

    def __init__(self, left: Iterator[Any]) -> None:
        self.error: BaseException | None = None
        self._left = left
        self._is_idle = Event()
        self._is_idle.set()

    def next(self) -> Any:
        """The next job; _END after the last, or after an `error`."""
        self._is_idle.clear()
        try:
            return next(self._left, _END)
        except BaseException as error:  # SystemExit too, which is no reason to leave what was sent
            self.error = error
            return _END
        finally:
            self._is_idle.set()

    async def leave(self) -> None:
        """Gives what takes one now the time to come to its end."""
        with anyio.move_on_after(_PATIENCE):
            while not self._is_idle.is_set():
                await anyio.sleep(_BRIEFLY)
