"""Retry settings that are none are refused when they are made, in words."""

import functools
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest

from friendli_facade import ValidationError, utils
from friendli_facade.utils import BackoffStrategy, Retry, RetryConfig


async def watch(retry: Retry) -> None:
    """What an async program might want to await."""


class Watcher:
    """The same as an object."""

    async def __call__(self, retry: Retry) -> None:
        """Is awaited by nobody."""


CODES = "status_codes must be a list, or set, of statuses from 400 to 599, not "
ATTEMPTS = "max_attempts must be an integer of at least 1, not "
HOOK = "on_retry must be a function, and not an async one: "
WRONG_CODES: list[Any] = [429, None, [200], ["429"], "429", [True], [600], iter([429]), [[]], b"x"]
WRONG_HOOKS: list[Any] = [
    *(watch, functools.partial(watch), Watcher(), Watcher().__call__),
    *("print", 0),
]


@pytest.mark.parametrize("name", ["initial_interval", "max_interval", "exponent"])
@pytest.mark.parametrize(
    "value", [-1, float("inf"), float("nan"), "5", None, True, 10**400, -(10**400), 1e300]
)
def test_a_backoff_is_of_numbers_that_clocks_can_count(name: str, value: Any) -> None:
    """Times are milliseconds from 0 to 1e12, and so is the exponent, from 1 on."""
    with pytest.raises(
        ValidationError, match=rf"^{name} must be a number from [01] to 1e\+12, not "
    ):
        BackoffStrategy(**{name: value})


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"strategy": "linear"}, "strategy must be 'backoff' or 'none', not 'linear'"),
        ({"strategy": ["none"]}, "strategy must be 'backoff' or 'none', not ['none']"),
        ({"strategy": None}, "strategy must be 'backoff' or 'none', not None"),
        ({"backoff": None}, "backoff must be a utils.BackoffStrategy, not None"),
        ({"backoff": 500}, "backoff must be a utils.BackoffStrategy, not 500"),
        ({"retry_connection_errors": 1}, "retry_connection_errors must be True or False, not 1"),
        (
            {"retry_ambiguous_errors": "false"},
            "retry_ambiguous_errors must be True or False, not 'false'",
        ),
        *(({"status_codes": codes}, CODES) for codes in WRONG_CODES),
        ({"max_connection_time": -1}, "max_connection_time must be a number from 0 to 1e+12, "),
        *(({"max_attempts": number}, ATTEMPTS) for number in (0, True, "3", 2.0, None)),
        *(({"on_retry": hook}, HOOK) for hook in WRONG_HOOKS),
    ],
)
def test_a_policy_that_is_none_is_refused(arguments: dict[str, Any], words: str) -> None:
    """A wrong type or value fails when it is made, not after the first 503, or never."""
    with pytest.raises(ValidationError) as failed:
        RetryConfig(**arguments)
    assert str(failed.value).startswith(words)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    """All rules that a policy breaks are in one error."""
    with pytest.raises(ValidationError) as failed:
        RetryConfig("no", None, "no", max_attempts=0)  # type: ignore[arg-type]  # pyright: ignore
    found = [violation.argument for violation in failed.value.violations]
    assert found == ["strategy", "backoff", "retry_connection_errors", "max_attempts"]


def test_ambiguous_statuses_are_left_to_the_setting_that_says_so() -> None:
    """A status with which a proxy says that it sent the request on is not listed by accident."""
    with pytest.raises(ValidationError, match=r"retry_ambiguous_errors=True.* not \[502, 504\]$"):
        RetryConfig(status_codes=[429, 502, 503, 504])
    assert RetryConfig(status_codes=[502], retry_ambiguous_errors=True).status_codes == [502]


@pytest.mark.parametrize(
    "make",
    [
        lambda: RetryConfig("backoff", BackoffStrategy(1, 1, 1.0, 0), False),
        lambda: RetryConfig(status_codes=frozenset({HTTPStatus.TOO_MANY_REQUESTS})),
        lambda: RetryConfig(status_codes=range(409, 412)),
        lambda: RetryConfig(status_codes=(), on_retry=print),
        lambda: RetryConfig(on_retry=functools.partial(print, "again"), max_attempts=1),
        lambda: RetryConfig(max_connection_time=300_000),
    ],
)
def test_every_policy_that_makes_sense_can_be_made(make: Callable[[], object]) -> None:
    """Integers, enums of statuses, ranges and any plain callable are taken."""
    make()


def test_what_is_not_given_is_no_value() -> None:
    """It counts as false, as None does, and shows its name."""
    assert not utils.UNSET
