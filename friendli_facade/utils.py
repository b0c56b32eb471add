"""Settings of the client, under the names that Friendli's documentation uses."""

from collections.abc import Callable, Collection, Mapping
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import attrs

from friendli_facade._cache import Cache
from friendli_facade._language.unset import UNSET, Unset
from friendli_facade._rules.json_types import is_number
from friendli_facade._rules.violations import Violation, shortened
from friendli_facade.errors import AMBIGUOUS_STATUSES, FriendliError, ValidationError

__all__ = ["UNSET", "BackoffStrategy", "Cache", "Retry", "RetryConfig", "Timeout", "Unset"]

if TYPE_CHECKING:
    import httpx

    OnRetry = Callable[["Retry"], None]

# Statuses with which a server, or a proxy before it, says that it did not do the work.
_STATUS_CODES = frozenset({429, 500, 503})
_MOST = 10**12  # no clock counts as many milliseconds


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
        _check(self, _BACKOFF_RULES)


@attrs.frozen
class RetryConfig:
    """Whether, and how, a failed call is repeated. Raises ValidationError.

    Attributes:
        strategy: `backoff`, or `none` for no retries.
        backoff: How long to wait between attempts.
        retry_connection_errors: Repeat where the connection failed before the request was sent,
            unless that cannot heal: an unknown host, a certificate, a proxy that refuses.
        retry_ambiguous_errors: Repeat also where the request was sent and no whole answer came,
            or a proxy answers that none came to it (408, 499, 502, 504, 520 to 524, 598).
            The server may have drawn the picture: a retry may be paid for twice.
        status_codes: The statuses of errors after which a call is repeated.
        max_connection_time: How long a server that cannot be connected to is tried, in
            milliseconds after the call began. More is for a container that is still starting.
        max_attempts: How often a request is made at most, the first time included.
        on_retry: Called before each wait, in the call's thread or on its event loop, and never
            awaited: a function, and not an `async` one.
    """

    strategy: str = "backoff"
    backoff: BackoffStrategy = attrs.field(factory=BackoffStrategy)
    retry_connection_errors: bool = True
    retry_ambiguous_errors: bool = attrs.field(default=False, kw_only=True)
    status_codes: Collection[int] = attrs.field(default=_STATUS_CODES, kw_only=True)
    max_connection_time: float = attrs.field(default=5_000, kw_only=True)
    max_attempts: int = attrs.field(default=100, kw_only=True)
    on_retry: "OnRetry | None" = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        _check(self, _RETRY_RULES)
        ambiguous = AMBIGUOUS_STATUSES.intersection(self.status_codes)
        if ambiguous and not self.retry_ambiguous_errors:
            rule = (
                "must leave these to retry_ambiguous_errors=True: a proxy answers so for requests "
                "that it sent on, and a picture may be paid for twice"
            )
            raise ValidationError([Violation("status_codes", rule, shortened(sorted(ambiguous)))])


_Rule: TypeAlias = tuple[str, Callable[[Any], bool]]  # in words, and whether a value keeps to it


def _number(least: float) -> _Rule:
    return (
        f"must be a number from {least} to {_MOST:g}",
        lambda value: is_number(value) and least <= value <= _MOST,
    )


def _is_status(value: object) -> bool:
    return isinstance(value, int) and 400 <= value < 600


def _is_plain_function(value: object) -> bool:
    return callable(value) and not any(
        map(iscoroutinefunction, (value, getattr(value, "__call__", None)))  # noqa: B004
    )


_BOOL: _Rule = ("must be True or False", lambda value: isinstance(value, bool))
_BACKOFF_RULES: Mapping[str, _Rule] = {
    "initial_interval": _number(0),
    "max_interval": _number(0),
    "exponent": _number(1),
    "max_elapsed_time": _number(0),
}
_RETRY_RULES: Mapping[str, _Rule] = {
    "strategy": ("must be 'backoff' or 'none'", lambda value: value in ("backoff", "none")),
    "backoff": (
        "must be a utils.BackoffStrategy",
        lambda value: isinstance(value, BackoffStrategy),
    ),
    "retry_connection_errors": _BOOL,
    "retry_ambiguous_errors": _BOOL,
    "status_codes": (
        "must be a list, or set, of statuses from 400 to 599",
        lambda value: (
            isinstance(value, Collection)
            and all(_is_status(one) for one in cast("Collection[object]", value))
        ),
    ),
    "max_connection_time": _number(0),
    "max_attempts": (
        "must be an integer of at least 1",
        lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 1,
    ),
    "on_retry": (
        "must be a function, and not an async one: it is called and never awaited; start a task "
        "in it, or put what it is told into a queue",
        lambda value: value is None or _is_plain_function(value),
    ),
}


def _check(settings: object, rules: Mapping[str, _Rule]) -> None:
    """Raises ValidationError with every rule that an attribute of the settings breaks."""
    found = [
        Violation(name, rule, shortened(getattr(settings, name)))
        for name, (rule, is_kept) in rules.items()
        if not is_kept(getattr(settings, name))
    ]
    if found:
        raise ValidationError(found)
