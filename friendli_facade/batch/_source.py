"""Jobs as they come, from whatever gives them; never more of them than are asked for."""

from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Iterator, Sequence
from itertools import islice
from time import monotonic
from typing import Any

import anyio

from friendli_facade import _threads

_MOST = 32  # taken at once, within
_BRIEFLY = 0.01  # seconds


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
        left = iter(jobs)
        while taken := await _threads.run(_take, left):
            for job in taken:
                yield job


def _take(left: Iterator[Any]) -> list[Any]:
    end = monotonic() + _BRIEFLY
    taken: list[Any] = []
    for job in islice(left, _MOST):
        taken.append(job)
        if monotonic() > end:
            break
    return taken
