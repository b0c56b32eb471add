"""Repeats failed attempts: one pure decision, and stamina to wait.

What is known not to have reached the server is repeated. What was sent, and not answered whole,
is ambiguous: the picture may be drawn and paid for, so it is raised, unless the caller says
otherwise.
"""

import logging
import random
from collections.abc import Awaitable, Callable
from functools import cache
from time import monotonic
from types import ModuleType
from typing import TypeVar

import attrs

from friendli_facade._delivery.logs import logger
from friendli_facade.errors import (
    APIConnectionError,
    FriendliError,
    InvalidResponseError,
    SDKError,
)
from friendli_facade.utils import Retry, RetryConfig

_Value = TypeVar("_Value")


def delay(
    error: FriendliError, attempt: int, elapsed: float, config: RetryConfig, chance: float
) -> float | None:
    """Seconds to wait before the next attempt; None to give up and raise `error`.

    `attempt` counts from 1, `elapsed` is in seconds, and `chance` is a random number from 0 to 1.
    """
    backoff = config.backoff
    if config.strategy == "none" or not _repeatable(error, config):
        return None
    longest = backoff.max_interval / 1000
    left = backoff.max_elapsed_time / 1000 - elapsed
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
    match error:
        case InvalidResponseError():
            return config.retry_ambiguous_errors
        case SDKError():
            return error.status_code in config.status_codes
        case APIConnectionError():
            return (
                config.retry_ambiguous_errors if error.ambiguous else config.retry_connection_errors
            )
        case _:
            return False


@attrs.define
class _Attempts:
    """The attempts of one call; tells stamina how long to wait after each."""

    config: RetryConfig
    started: float
    number: int = 1

    def __call__(self, error: Exception) -> float | bool:
        if not isinstance(error, FriendliError):
            return False
        error.attempts = self.number
        elapsed = monotonic() - self.started
        wait = delay(error, self.number, elapsed, self.config, random.random())  # noqa: S311
        if wait is None:
            return False
        logger.info("attempt %d failed, next in %.3f s: %s", self.number, wait, error)
        if self.config.on_retry is not None:
            self.config.on_retry(Retry(self.number, wait, error))
        self.number += 1
        return wait


@cache
def _stamina() -> ModuleType:
    import stamina

    # It logs each retry too, and without a handler Python would print that on standard error.
    logging.getLogger("stamina").addHandler(logging.NullHandler())
    return stamina


def run(once: Callable[[int], _Value], config: RetryConfig) -> _Value:
    """What `once` gives for the first attempt that does not fail; raises what the last one did."""
    attempts = _Attempts(config, monotonic())
    try:
        return once(1)
    except FriendliError as error:
        first = error
    # Most calls never come here, and need not pay for importing stamina.
    try:
        for attempt in _stamina().retry_context(on=attempts, attempts=None, timeout=None):
            with attempt:
                if attempts.number == 1:
                    raise first
                return once(attempts.number)
        raise first
    finally:
        del first  # it holds this frame, which would hold it


async def arun(once: Callable[[int], Awaitable[_Value]], config: RetryConfig) -> _Value:
    """The same as `run`, awaited."""
    attempts = _Attempts(config, monotonic())
    try:
        return await once(1)
    except FriendliError as error:
        first = error
    try:
        async for attempt in _stamina().retry_context(on=attempts, attempts=None, timeout=None):
            with attempt:
                if attempts.number == 1:
                    raise first
                return await once(attempts.number)
        raise first
    finally:
        del first
