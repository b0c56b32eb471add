"""The attempts of one job: the call's own retries, but for refusals, which concern the batch."""

import random
from collections.abc import Mapping
from functools import partial
from typing import Any

import anyio
import attrs
from anyio import to_thread

from friendli_facade._delivery import retries
from friendli_facade.batch._jobs import Checked, Method
from friendli_facade.errors import (
    APIConnectionError,
    AuthenticationError,
    FriendliError,
    SDKError,
)
from friendli_facade.utils import Retry

_REFUSALS = {429, 503}
# Not the random numbers of the caller, who may have seeded them: in every worker alike, say.
_RANDOM = random.SystemRandom()


class RefusedError(Exception):
    """The server refused a request that the call's own policy would repeat; leaves the call."""

    def __init__(self, error: SDKError) -> None:
        super().__init__(error)
        self.error = error


def is_refusal(error: SDKError) -> bool:
    """Whether an error says that the server has too much to do; a storage host's does not."""
    return error.status_code in _REFUSALS and error.method == "POST"


def refuses_account(error: Exception) -> bool:
    """Whether the server said no to who asks, and not to what is asked: no token, or no money."""
    if isinstance(error, SDKError) and error.status_code == 402:
        return True
    return isinstance(error, AuthenticationError)


class Attempts:
    """How often a job was sent, and whether it is sent again after a refusal."""

    def __init__(self, checked: Checked) -> None:
        self.number = 0
        self._config = checked.retries
        self._arguments: Mapping[str, Any] = {
            **checked.arguments,
            "retries": attrs.evolve(checked.retries, on_retry=self._on_retry),
        }
        self._began: float | None = None
        self.is_ambiguous = False  # since one of them was, which may be paid for
        self._images: tuple[Any, ...] = ()

    @property
    def seconds(self) -> float:
        """Since the first of them."""
        return 0 if self._began is None else anyio.current_time() - self._began

    @property
    def longest(self) -> float:
        """Seconds within which another attempt may begin."""
        return self._config.backoff.max_elapsed_time / 1000

    async def call(self, method: Method, threads: anyio.CapacityLimiter | None = None) -> Any:
        """The method's result; raises RefusedError, and what the method does."""
        self._began = self._began or anyio.current_time()
        self.number += 1
        try:
            if method.is_async:
                return await method.call(self._arguments)
            return await to_thread.run_sync(partial(method.call, self._arguments), limiter=threads)
        except RefusedError as refusal:
            self._keep(refusal.error)
            raise
        except FriendliError as error:
            self._keep(error)
            raise

    def _keep(self, error: FriendliError) -> None:
        error.attempts = self.number
        self.is_ambiguous = error.ambiguous = self.is_ambiguous or error.ambiguous
        self._images = error.images = (*self._images, *error.images)

    def wait_after(self, error: SDKError) -> float | None:
        """Seconds to wait after a refusal; None if there shall be no other attempt."""
        chance = _RANDOM.random()
        wait = retries.delay(error, self.number, self.seconds, self._config, chance)
        if wait is not None:
            self._tell(Retry(self.number, wait, error))
        return wait

    def _on_retry(self, retry: Retry) -> None:
        if isinstance(retry.error, SDKError) and is_refusal(retry.error):
            raise RefusedError(retry.error)
        if isinstance(retry.error, SDKError | APIConnectionError) and retry.error.method == "GET":
            self._tell(retry)  # of a download, which is no attempt of the job
            return
        self._tell(attrs.evolve(retry, attempt=self.number))
        self.number += 1

    def _tell(self, retry: Retry) -> None:
        if self._config.on_retry is not None:
            self._config.on_retry(retry)
