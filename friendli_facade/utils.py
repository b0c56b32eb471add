"""Settings of the client, under the names that Friendli's documentation uses."""

import math
from collections.abc import Callable, Collection, Iterator
from enum import Enum
from typing import TYPE_CHECKING, Literal, TypeAlias

import attrs

from friendli_facade._rules.keywords import is_number
from friendli_facade._rules.violations import Violation, shortened
from friendli_facade.errors import FriendliError, ValidationError

__all__ = ["UNSET", "BackoffStrategy", "Retry", "RetryConfig", "Timeout", "Unset"]

if TYPE_CHECKING:
    import httpx

    OnRetry = Callable[["Retry"], object]

# Statuses with which a server, or a proxy before it, says that it did not do the work.
_STATUS_CODES = frozenset({429, 500, 502, 503, 504})


class Unset(Enum):
    """The type of UNSET, which stands for an argument that is left to the server."""

    UNSET = "UNSET"

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return self.name


UNSET = Unset.UNSET

Timeout: TypeAlias = "float | httpx.Timeout | None | Unset"


@attrs.frozen
class Retry:
    """A failed attempt that will be repeated.

    `attempt` counts from 1, `delay` is the time until the next attempt in seconds, and `error`
    is why.
    """

    attempt: int
    delay: float
    error: FriendliError


@attrs.frozen
class BackoffStrategy:
    """How long to wait between attempts; times in milliseconds.

    The wait before the n-th retry is `initial_interval * exponent ** (n - 1)`, at most
    `max_interval`, of which a random half is taken off. No retry begins later than
    `max_elapsed_time` after the call did. Raises ValidationError.
    """

    initial_interval: float = 500
    max_interval: float = 60_000
    exponent: float = 1.5
    max_elapsed_time: float = 120_000

    def __attrs_post_init__(self) -> None:
        _raise(
            Violation(name, f"must be a finite number of at least {least}", shortened(value))
            for name, value in attrs.asdict(self).items()
            for least in [1 if name == "exponent" else 0]
            if not is_number(value) or not math.isfinite(value) or value < least
        )


@attrs.frozen
class RetryConfig:
    """Whether, and how, a failed call is repeated. Raises ValidationError.

    Args:
        strategy: `backoff`, or `none` for no retries.
        backoff: How long to wait between attempts.
        retry_connection_errors: Repeat where the connection failed before the request was sent.
        retry_ambiguous_errors: Repeat also where the request was sent and no whole answer came.
            The server may have drawn the picture: a retry may be paid for twice.
        status_codes: The statuses after which a call is repeated.
        on_retry: Called before each wait.
    """

    strategy: str = "backoff"
    backoff: BackoffStrategy = attrs.field(factory=BackoffStrategy)
    retry_connection_errors: bool = True
    retry_ambiguous_errors: bool = attrs.field(default=False, kw_only=True)
    status_codes: Collection[int] = attrs.field(default=_STATUS_CODES, kw_only=True)
    on_retry: "OnRetry | None" = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        strategy = Violation("strategy", "must be 'backoff' or 'none'", shortened(self.strategy))
        _raise(iter(() if self.strategy in {"backoff", "none"} else (strategy,)))


def _raise(found: Iterator[Violation]) -> None:
    if violations := list(found):
        raise ValidationError(violations)
