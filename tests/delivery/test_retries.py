"""What is repeated, when, and what never is."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from friendli_facade import (
    APIConnectionError,
    APITimeoutError,
    FriendliError,
    RateLimitError,
    SDKError,
    ServerError,
    ValidationError,
)
from friendli_facade._delivery.retries import delay
from friendli_facade._error_answers import retry_after
from friendli_facade.errors import Answer, InvalidResponseError, of_status
from friendli_facade.utils import BackoffStrategy, Retry, RetryConfig
from tests.conftest import Clock
from tests.transports import Wire, always, right

DEFAULT = RetryConfig()
NOT_SENT = [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), httpx.PoolTimeout("full")]
AMBIGUOUS = [
    httpx.ReadTimeout("slow"),
    httpx.ReadError("reset"),
    httpx.WriteError("reset"),
    httpx.WriteTimeout("slow"),
    httpx.RemoteProtocolError("gone"),
    httpx.DecodingError("bad gzip"),
]


def answered(status: int, **headers: str) -> SDKError:
    """The error for a status."""
    return of_status(Answer("POST", "https://e", status, "", httpx.Headers(headers), b""))


def failing(failure: Exception | httpx.Response, times: int) -> Callable[..., httpx.Response]:
    """Fails so often, then answers."""
    left = [failure] * times

    def handler(request: httpx.Request) -> httpx.Response:
        if not left:
            return right(request)
        outcome = left.pop()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return handler


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
async def test_a_refused_request_is_repeated(status: int, clock: Clock) -> None:
    """These statuses say that the work was not done; the call ends well, in sync and async."""
    for _ in range(2):
        wire = Wire(failing(httpx.Response(status), 2))
        wire.sync(retries=DEFAULT).container.image.generate(prompt="p")
        assert len(wire.requests) == 3
    wire = Wire(failing(httpx.Response(status), 2))
    await wire.asynchronous(retries=DEFAULT).container.image.generate(prompt="p")
    assert len(wire.requests) == 3
    assert len(clock.sleeps) == 6


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 422, 302, 204, 501, 529])
def test_other_statuses_are_raised_at_once(status: int) -> None:
    """What a repetition cannot mend is not repeated."""
    wire = Wire(always(status))
    with pytest.raises(SDKError) as failed:
        wire.sync(retries=DEFAULT).container.image.generate(prompt="p")
    assert (len(wire.requests), failed.value.attempts) == (1, 1)


@pytest.mark.parametrize("failure", NOT_SENT, ids=repr)
def test_what_was_not_sent_is_repeated(failure: Exception) -> None:
    """A connection that failed before the request was sent is tried again."""
    wire = Wire(failing(failure, 3))
    wire.sync(retries=DEFAULT).container.image.generate(prompt="p")
    assert len(wire.requests) == 4
    wire = Wire(failing(failure, 3))
    off = RetryConfig("backoff", BackoffStrategy(), retry_connection_errors=False)
    with pytest.raises(APIConnectionError) as failed:
        wire.sync(retries=off).container.image.generate(prompt="p")
    assert (len(wire.requests), failed.value.ambiguous) == (1, False)


@pytest.mark.parametrize("failure", AMBIGUOUS, ids=repr)
async def test_what_was_sent_and_not_answered_is_not_repeated(failure: Exception) -> None:
    """The picture may be paid for: it is raised, in sync and async, unless the caller opts in."""
    wire = Wire(failing(failure, 1))
    with pytest.raises(APIConnectionError) as failed:
        wire.sync(retries=DEFAULT).container.image.generate(prompt="p")
    assert (len(wire.requests), failed.value.ambiguous) == (1, True)
    wire = Wire(failing(failure, 1))
    with pytest.raises(APIConnectionError):
        await wire.asynchronous(retries=DEFAULT).container.image.generate(prompt="p")
    assert len(wire.requests) == 1
    wire = Wire(failing(failure, 1))
    opted = RetryConfig(retry_ambiguous_errors=True)
    wire.sync(retries=opted).container.image.generate(prompt="p")
    assert len(wire.requests) == 2


def test_an_answer_that_is_not_understood_is_not_repeated() -> None:
    """A broken 200 may hold a picture: it is raised, unless the caller opts in."""
    wire = Wire(failing(httpx.Response(200, text="?"), 1))
    with pytest.raises(InvalidResponseError):
        wire.sync(retries=DEFAULT).container.image.generate(prompt="p")
    assert len(wire.requests) == 1
    wire = Wire(failing(httpx.Response(200, text="?"), 1))
    opted = RetryConfig(retry_ambiguous_errors=True)
    wire.sync(retries=opted).container.image.generate(prompt="p")
    assert len(wire.requests) == 2


@pytest.mark.parametrize("off", [None, RetryConfig("none")])
def test_retries_can_be_turned_off(off: Any) -> None:
    """`None` for a client or a call means one attempt."""
    wire = Wire(always(503))
    for arguments in ({"retries": off}, {}):
        with pytest.raises(ServerError):
            wire.sync(retries=off).container.image.generate(prompt="p", **arguments)
    assert len(wire.requests) == 2


def test_a_call_overrides_the_clients_retries() -> None:
    """The call's configuration wins over the client's."""
    wire = Wire(failing(httpx.Response(503), 1))
    wire.sync(retries=None).container.image.generate(prompt="p", retries=DEFAULT)
    assert len(wire.requests) == 2


def test_all_attempts_end_within_the_elapsed_limit(clock: Clock) -> None:
    """By default a call stops trying after two minutes, and says how often it tried."""
    wire = Wire(always(503))
    with pytest.raises(ServerError) as failed:
        wire.sync(retries=DEFAULT).container.image.generate(prompt="p")
    assert 10 < len(wire.requests) < 30
    assert sum(clock.sleeps) <= 120
    assert failed.value.attempts == len(wire.requests)
    assert str(failed.value).endswith(f"(after {len(wire.requests)} attempts)")


def test_a_configured_limit_is_in_milliseconds(clock: Clock) -> None:
    """Intervals and limit are milliseconds, as Friendli's documentation has it."""
    backoff = BackoffStrategy(1000, 2000, 2, 7000)
    wire = Wire(always(503))
    with pytest.raises(ServerError):
        wire.sync(retries=RetryConfig("backoff", backoff, True)).container.image.generate(
            prompt="p"
        )
    lows, highs = [0.5, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0], [1.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0]
    assert all(
        low <= nap <= high for low, nap, high in zip(lows, clock.sleeps, highs, strict=False)
    )
    assert 4 <= sum(clock.sleeps) <= 7


def test_retry_after_is_waited_for(clock: Clock) -> None:
    """The server's own wish is honoured: seconds, or a date."""
    wire = Wire(failing(httpx.Response(429, headers={"Retry-After": "30"}), 1))
    wire.sync(retries=DEFAULT).container.image.generate(prompt="p")
    assert clock.sleeps == [30]


@pytest.mark.parametrize("value", ["86400", "inf", "1e300", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_retry_after_past_the_limit_is_raised_at_once(value: str, clock: Clock) -> None:
    """Nobody sleeps a day: the rate-limit error comes at once, with `retry_after`."""
    wire = Wire(always(429, headers={"Retry-After": value}))
    with pytest.raises(RateLimitError) as failed:
        wire.sync(retries=DEFAULT).container.image.generate(prompt="p")
    assert (len(wire.requests), clock.sleeps) == (1, [])
    assert failed.value.retry_after is not None
    assert failed.value.retry_after > 120


NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("0", 0),
        ("2", 2),
        (" 2.5 ", 2.5),
        ("inf", float("inf")),
        ("-1", None),
        ("nan", None),
        ("-inf", None),
        ("soon", None),
        ("", None),
        ("12:00", None),
        ("Fri, 20 Nov 2026 12:01:30 GMT", 90),
        ("Friday, 20-Nov-26 12:01:30 GMT", 90),
        ("Fri Nov 20 12:01:30 2026", 90),
        ("Fri, 20 Nov 2026 11:00:00 GMT", None),
        ("Fri, 99 Nov 2026 11:00:00 GMT", None),
        ("Fri, 20 Nov 99999999999 11:00:00 GMT", None),
    ],
)
def test_retry_after_in_all_its_forms(value: str | None, expected: float | None) -> None:
    """Seconds and all three forms of an HTTP date are read; the rest counts as absent."""
    assert retry_after.seconds(value, NOW) == expected


def test_every_retry_is_logged_and_can_be_watched(caplog: pytest.LogCaptureFixture) -> None:
    """Attempt, delay and reason go to the log and to `on_retry`."""
    seen: list[Retry] = []
    wire = Wire(failing(httpx.Response(503, headers={"Retry-After": "7"}), 2))
    with caplog.at_level(logging.INFO, "friendli_facade"):
        config = RetryConfig(on_retry=seen.append)
        wire.sync(retries=config).container.image.generate(prompt="p")
    assert [(retry.attempt, retry.delay, type(retry.error)) for retry in seen] == [
        (1, 7, ServerError),
        (2, 7, ServerError),
    ]
    first = caplog.records[0].getMessage()
    assert first.startswith("attempt 1 failed, next in 7.000 s: POST http://localhost:8000/v1/")


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


def test_an_http_date_is_counted_from_now(clock: Clock) -> None:
    """A date in the near future is waited for, to the second."""
    date = (datetime.now(UTC) + timedelta(seconds=20)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    wire = Wire(failing(httpx.Response(503, headers={"Retry-After": date}), 1))
    wire.sync(retries=DEFAULT).container.image.generate(prompt="p")
    assert 15 < clock.sleeps[0] <= 20


@pytest.mark.parametrize(
    "make",
    [
        lambda: RetryConfig("linear"),
        lambda: BackoffStrategy(initial_interval=-1),
        lambda: BackoffStrategy(max_interval=float("inf")),
        lambda: BackoffStrategy(exponent=0.5),
        lambda: BackoffStrategy(max_elapsed_time="5"),  # type: ignore[arg-type]
        lambda: BackoffStrategy(exponent=True),
    ],
)
def test_a_policy_that_is_none_is_refused(make: Callable[[], object]) -> None:
    """Wrong retry settings fail when they are made."""
    with pytest.raises(ValidationError, match="must be"):
        make()


def test_retries_of_another_type_are_refused() -> None:
    """`retries=3` is a clear error, for a call and for a client."""
    three: Any = 3
    with pytest.raises(
        ValidationError, match=r"retries must be a utils\.RetryConfig or None, not 3"
    ):
        Wire(right).sync().container.image.generate(prompt="p", retries=three)
    with pytest.raises(ValidationError):
        Wire(right).sync(retries=three)


def test_the_pure_decision_gives_up_on_anything_else() -> None:
    """Errors that no repetition can mend are never repeated, whatever the policy."""
    opted = RetryConfig(retry_ambiguous_errors=True, status_codes=range(600))
    assert delay(FriendliError(), 1, 0, opted, 0) is None
    assert delay(APITimeoutError("POST", "https://e", "slow"), 1, 0, opted, 0) is not None
    assert delay(answered(404), 1, 0, opted, 0) is not None
    assert delay(answered(404), 1, 0, DEFAULT, 0) is None
