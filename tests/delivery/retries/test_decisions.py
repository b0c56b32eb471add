"""The pure decision: how long to wait before another attempt, or to give up."""

import random
from typing import NoReturn

import httpx
import pytest
import trio
from hypothesis import given, settings
from hypothesis import strategies as st
from trio.testing import MockClock

from friendli_facade import APIConnectionError, APITimeoutError, FriendliError, SDKError
from friendli_facade._delivery import deadline, retries
from friendli_facade._delivery.deadline import Attempt, Deadline
from friendli_facade._delivery.retries import delay, pause
from friendli_facade._requests.time_limits import TimeLimits
from friendli_facade.errors import Answer, of_status
from friendli_facade.utils import BackoffStrategy, RetryConfig
from tests.conftest import Clock

DEFAULT = RetryConfig()


class Highest(random.Random):
    """Draws what takes nothing off a wait."""

    def random(self) -> float:
        """Zero."""
        return 0.0


def answered(status: int, **headers: str) -> SDKError:
    """The error for a status."""
    return of_status(Answer("POST", "https://e", status, "", httpx.Headers(headers), b""))


def test_a_random_half_of_a_wait_is_taken_off() -> None:
    """Callers that failed together come again apart: between the half and the whole of a wait."""
    backoff = BackoffStrategy(1000, 60_000, 2, 120_000)
    config = RetryConfig(backoff=backoff)
    error = answered(503)
    assert [delay(error, 2, 0, config, chance) for chance in (0, 0.5, 1)] == [2, 1.5, 1]


def test_a_wait_that_no_float_can_hold_is_the_longest() -> None:
    """After two thousand attempts the power is past every float, and max_interval holds."""
    config = RetryConfig(backoff=BackoffStrategy(500, 60_000, 2, 120_000), max_attempts=10_000)
    assert delay(answered(503), 2_000, 0, config, 0) == 60


def test_where_the_clock_stands_still_the_waits_are_counted(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a test that freezes time a call ends all the same, after three seconds of waits."""
    monkeypatch.setattr(deadline, "monotonic", lambda: 5.0)
    monkeypatch.setattr(retries, "_RANDOM", Highest())

    def fail(_: Attempt) -> NoReturn:
        raise answered(503)

    limits = TimeLimits(httpx.Timeout(None), None)
    config = RetryConfig(backoff=BackoffStrategy(1000, 1000, 1, 3_000))
    with pytest.raises(SDKError):
        retries.run(fail, config, Deadline(limits))
    assert clock.sleeps == [1, 1, 1]


def test_a_pause_on_an_event_loop_takes_its_time() -> None:
    """As long as it is said, while the loop does other things."""

    async def waited() -> float:
        began = trio.current_time()
        await pause(7)
        return trio.current_time() - began

    assert trio.run(waited, clock=MockClock(autojump_threshold=0)) == pytest.approx(7)


def test_a_wait_may_end_at_a_limit_and_not_after_it() -> None:
    """At the elapsed limit, the connecting limit and the deadline exactly, there is one more."""
    backoff = BackoffStrategy(1000, 1000, 1, 10_000)
    config = RetryConfig(backoff=backoff, max_connection_time=5_000)
    refused = APIConnectionError("POST", "https://e", "refused", ambiguous=False)
    just_after = 9 + 1e-9
    assert [delay(answered(503), 1, at, config, 0) for at in (9, just_after)] == [1, None]
    assert [delay(refused, 1, at, config, 0) for at in (4, 4.001)] == [1, None]
    assert [delay(answered(503), 1, 0, config, 0, left=left) for left in (1, 0.999)] == [1, None]
    one_less, asked = answered(503, **{"Retry-After": "1"}), answered(503, **{"Retry-After": "2"})
    assert [delay(one, 1, 9, config, 0) for one in (one_less, asked)] == [1, None]


def test_the_pure_decision_gives_up_on_anything_else() -> None:
    """Errors that no repetition can mend are never repeated, whatever the policy."""
    opted = RetryConfig(retry_ambiguous_errors=True, status_codes=range(400, 600))
    assert delay(FriendliError(), 1, 0, opted, 0) is None
    assert delay(APITimeoutError("POST", "https://e", "slow"), 1, 0, opted, 0) is not None
    assert delay(answered(404), 1, 0, opted, 0) is not None
    lasting = APIConnectionError("POST", "https://e", "?", ambiguous=False, lasting=True)
    assert delay(lasting, 1, 0, opted, 0) is None
    assert delay(answered(404), 1, 0, DEFAULT, 0) is None


@settings(deadline=None)
@given(
    attempt=st.integers(1, 10_000),
    elapsed=st.floats(0, 200),
    chance=st.floats(0, 1),
    asked=st.none() | st.floats() | st.text(),
    initial=st.floats(0, 1e6),
    most=st.floats(0, 1e6),
    exponent=st.floats(1, 10),
    limit=st.floats(0, 1e6),
)
def test_no_decision_breaks_the_policy(
    attempt: int,
    elapsed: float,
    chance: float,
    asked: object,
    initial: float,
    most: float,
    exponent: float,
    limit: float,
) -> None:
    """Whatever comes, a wait is neither negative, nor above max_interval, nor past the limit."""
    headers = (
        {} if asked is None else {"Retry-After": str(asked).encode("ascii", "ignore").decode()}
    )
    error = of_status(Answer("POST", "https://e", 503, "", httpx.Headers(headers), b""))
    config = RetryConfig("backoff", BackoffStrategy(initial, most, exponent, limit))
    wait = delay(error, attempt, elapsed, config, chance)
    if wait is not None:
        assert 0 <= wait <= most / 1000
        assert elapsed + wait <= limit / 1000 * (1 + 1e-9)
