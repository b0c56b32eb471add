"""Tests of limits that are short, and real."""

from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from friendli_facade import FriendliError


async def patiently(check: Callable[[float], Awaitable[None]], *limits: float) -> None:
    """Checks with the first limit, and with the next where a busy machine was too slow for that.

    What is wrong, and not late, fails with each of them.
    """
    for seconds in limits[:-1]:
        with suppress(AssertionError, FriendliError, pytest.fail.Exception):
            await check(seconds)
            return
    await check(limits[-1])
