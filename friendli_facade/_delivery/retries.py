"""Repeats failed attempts: one pure decision, and the waiting.

What is known not to have been done is repeated. What was sent, and not answered whole, is
ambiguous: the picture may be drawn and paid for, so it is raised, unless the caller says otherwise.
"""

import random
import time
from collections.abc import Awaitable, Callable
from math import inf
from typing import Any, TypeVar

import attrs

from friendli_facade._delivery.deadline import Attempt, Deadline
from friendli_facade._delivery.logs import logger
from friendli_facade.errors import APIConnectionError, DownloadError, FriendliError, SDKError
from friendli_facade.utils import Retry, RetryConfig

_Value = TypeVar("_Value")
# Not the random numbers of the caller, who may have seeded them: in every worker alike, say.
_RANDOM = random.SystemRandom()


def delay(
    error: FriendliError,
    attempt: int,
    elapsed: float,
    config: RetryConfig,
    chance: float,
    *,
    left: float = inf,
) -> float | None:
    """Seconds to wait before the next attempt; None to give up and raise `error`.

    `attempt` counts from 1, `elapsed` is in seconds, `chance` is a random number from 0 to 1, and
    `left` are the seconds after which the call must have ended.
    """
    backoff = config.backoff
    if config.strategy == "none" or attempt >= config.max_attempts:
        return None
    if not _repeatable(error, config):
        return None
    longest = backoff.max_interval / 1000
    left = min(left, backoff.max_elapsed_time / 1000 - elapsed)
    if isinstance(error, APIConnectionError) and not error.ambiguous:
        left = min(left, config.max_connection_time / 1000 - elapsed)
    try:
        wait = min(longest, backoff.initial_interval / 1000 * backoff.exponent ** (attempt - 1))
    except OverflowError:
        wait = longest
    wait *= 1 - chance / 2
    asked = error.retry_after if isinstance(error, SDKError) else None
    if asked is not None:
        if asked > left:
            return None
        wait = max(wait, min(asked, longest))
    return wait if wait <= left else None


def _repeatable(error: FriendliError, config: RetryConfig) -> bool:
    if error.ambiguous:
        return config.retry_ambiguous_errors
    match error:
        case SDKError():
            return error.status_code in config.status_codes
        case APIConnectionError():
            return config.retry_connection_errors and not error.lasting
        case _:
            return False


@attrs.define
class Attempts:
    """The attempts of one call."""

    config: RetryConfig
    deadline: Deadline
    number: int = 1
    waited: float = 0
    ambiguous: bool = False
    images: tuple[Any, ...] = ()

    def next(self) -> Attempt:
        """The attempt to make now."""
        return Attempt(self.number, self.deadline)

    def wait_after(self, error: FriendliError) -> float | None:
        """Seconds to wait after an attempt that failed; None if there shall be no other."""
        error.attempts = self.number
        # A clock may stand still, in a test say; the waits go on.
        elapsed = max(self.deadline.elapsed, self.waited)
        chance = _RANDOM.random()
        wait = delay(error, self.number, elapsed, self.config, chance, left=self.deadline.left)
        # Once one attempt may have been paid for, so may the call; a download costs nothing.
        if not isinstance(error, DownloadError):
            self.ambiguous = error.ambiguous = self.ambiguous or error.ambiguous
            # What an earlier attempt drew is paid for, however the last one failed.
            self.images = error.images = (*self.images, *error.images)
        if wait is None:
            return None
        logger.info("attempt %d failed, next in %.3f s: %s", self.number, wait, error)
        if self.config.on_retry is not None:
            self.config.on_retry(Retry(self.number, wait, error))
        self.number += 1
        self.waited += wait
        return wait


def run(once: Callable[[Attempt], _Value], config: RetryConfig, deadline: Deadline) -> _Value:
    """What `once` gives for the first attempt that does not fail; raises what the last one did."""
    attempts = Attempts(config, deadline)
    while True:
        try:
            return once(attempts.next())
        except FriendliError as error:
            wait = attempts.wait_after(error)
            if wait is None:
                raise
        time.sleep(wait)


async def arun(
    once: Callable[[Attempt], Awaitable[_Value]], config: RetryConfig, deadline: Deadline
) -> _Value:
    """The same as `run`, awaited."""
    attempts = Attempts(config, deadline)
    while True:
        try:
            return await once(attempts.next())
        except FriendliError as error:
            wait = attempts.wait_after(error)
            if wait is None:
                raise
        await pause(wait)


async def pause(seconds: float) -> None:
    """Waits on the running event loop."""
    import anyio  # which a sync client never needs

    await anyio.sleep(seconds)
