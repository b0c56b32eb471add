"""What is repeated, when, and what never is."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from friendli_facade import (
    APIConnectionError,
    DownloadError,
    RateLimitError,
    SDKError,
    ServerError,
)
from friendli_facade._error_answers import retry_after
from friendli_facade.errors import AMBIGUOUS_STATUSES, InvalidResponseError
from friendli_facade.utils import BackoffStrategy, RetryConfig
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


@pytest.mark.parametrize("status", [429, 500, 503])
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


@pytest.mark.parametrize("status", sorted(AMBIGUOUS_STATUSES))
async def test_what_a_proxy_sent_on_is_not_repeated(status: int) -> None:
    """The picture may be drawn behind it, and paid for: it is raised, unless the caller opts in."""
    wire = Wire(failing(httpx.Response(status), 1))
    with pytest.raises(SDKError) as failed:
        wire.sync(retries=DEFAULT).container.image.generate(prompt="p")
    assert (len(wire.requests), failed.value.ambiguous) == (1, True)
    wire = Wire(failing(httpx.Response(status), 1))
    with pytest.raises(SDKError):
        await wire.asynchronous(retries=DEFAULT).container.image.generate(prompt="p")
    assert len(wire.requests) == 1
    wire = Wire(failing(httpx.Response(status), 1))
    opted = RetryConfig(retry_ambiguous_errors=True)
    wire.sync(retries=opted).container.image.generate(prompt="p")
    assert len(wire.requests) == 2


def test_a_call_of_which_one_attempt_was_ambiguous_is_so() -> None:
    """The first attempt may have drawn a picture, though the last did not even connect."""
    left: list[Exception] = [httpx.ConnectError("refused"), httpx.ReadError("reset")]

    def handler(request: httpx.Request) -> httpx.Response:
        raise left.pop() if len(left) > 1 else left[0]

    opted = RetryConfig(retry_ambiguous_errors=True)
    with pytest.raises(APIConnectionError) as failed:
        Wire(handler).sync(retries=opted).container.image.generate(prompt="p")
    assert failed.value.attempts > 1
    assert failed.value.ambiguous


def test_a_download_is_never_ambiguous() -> None:
    """The picture is paid for already, and fetching it again costs nothing."""
    left = [httpx.ReadError("reset")]

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            item = {"seed": 7, "response_format": "png", "url": "https://e.example/a.png"}
            return httpx.Response(200, json={"data": [item]})
        if left:
            raise left.pop()
        return httpx.Response(200, text="no picture")

    result = Wire(handler).sync(retries=DEFAULT).dedicated.image.generate(model="m", prompt="p")
    with pytest.raises(DownloadError) as failed:
        result.images[0].read()
    assert (failed.value.attempts, failed.value.ambiguous) == (2, False)


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
    with pytest.raises(InvalidResponseError) as failed:
        wire.sync(retries=DEFAULT).container.image.generate(prompt="p")
    assert (len(wire.requests), failed.value.ambiguous) == (1, True)
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


def test_a_clock_that_stands_still_does_not_keep_a_call_going(
    monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    """Under a frozen clock the waits count as time, and without waits the attempts are counted."""
    monkeypatch.setattr("time.sleep", clock.sleeps.append)
    wire = Wire(always(503))
    with pytest.raises(ServerError):
        wire.sync(retries=DEFAULT).container.image.generate(prompt="p")
    assert sum(clock.sleeps) <= 120
    at_once = BackoffStrategy(initial_interval=0)
    for config in (RetryConfig(backoff=at_once), RetryConfig(backoff=at_once, max_attempts=7)):
        wire = Wire(always(503))
        with pytest.raises(ServerError) as failed:
            wire.sync(retries=config).container.image.generate(prompt="p")
        assert len(wire.requests) == failed.value.attempts == config.max_attempts


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


def test_an_http_date_is_counted_from_now(clock: Clock) -> None:
    """A date in the near future is waited for, to the second."""
    date = (datetime.now(UTC) + timedelta(seconds=50)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    wire = Wire(failing(httpx.Response(503, headers={"Retry-After": date}), 1))
    wire.sync(retries=DEFAULT).container.image.generate(prompt="p")
    assert 20 < clock.sleeps[0] <= 50


def test_waits_are_not_of_the_callers_random_numbers(clock: Clock) -> None:
    """Who seeds `random` gets the numbers of that seed, and workers of one seed wait unlike."""
    waits: list[list[float]] = []
    for _ in range(2):
        random.seed(7)
        expected, clock.sleeps[:] = random.getstate(), []
        wire = Wire(failing(httpx.Response(503), 3))
        wire.sync(retries=DEFAULT).container.image.generate(prompt="p")
        assert random.getstate() == expected
        waits.append(list(clock.sleeps))
    assert waits[0] != waits[1]
