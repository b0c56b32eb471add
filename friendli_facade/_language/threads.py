"""Threads for what waits: for a disk, or for a picture that a sync client downloads.

They are counted apart from anyio's own: all of those may be waiting for a call that waits here.
"""

from collections.abc import Callable
from typing import TypeVar, TypeVarTuple

import anyio
from anyio import to_thread
from anyio.lowlevel import RunVar

_Value = TypeVar("_Value")
_Arguments = TypeVarTuple("_Arguments")

_MOST = 40  # as many as anyio's own
_limiter: RunVar[anyio.CapacityLimiter] = RunVar("friendli_facade_threads")


async def run(
    function: Callable[[*_Arguments], _Value],
    *arguments: *_Arguments,
    abandon_on_cancel: bool = False,
) -> _Value:
    """What `function` gives in a thread; a task that is cancelled may leave it to itself."""
    try:
        limiter = _limiter.get()
    except LookupError:
        limiter = anyio.CapacityLimiter(_MOST)
        _limiter.set(limiter)
    return await to_thread.run_sync(
        function, *arguments, limiter=limiter, abandon_on_cancel=abandon_on_cancel
    )
