"""Settings of a client and of a call: what they mean, and which are refused unsent."""

import math
from typing import Any

import httpx
import pytest

from friendli_facade import AsyncFriendli, SyncFriendli, ValidationError
from friendli_facade._requests.time_limits import DEFAULT_TIMEOUT, TimeLimits
from tests.transports import Wire, right

STEPS = ("connect", "read", "write", "pool")


def limited(step: str, value: Any) -> httpx.Timeout:
    """An `httpx.Timeout` with one step that httpx itself does not look at."""
    return httpx.Timeout(5, **{step: value})


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("value", [-1, 0, math.nan, math.inf, "x", True, 10**400, 1e300])
async def test_a_step_of_a_timeout_is_looked_at(step: str, value: Any) -> None:
    """For a call, for a client and for the caller's own httpx client: nothing is sent."""
    wire, wrong = Wire(right), limited(step, value)
    transport = httpx.MockTransport(wire)
    with pytest.raises(ValidationError, match=rf"^timeout\.{step} must be "):
        wire.sync().container.image.generate(prompt="p", timeout=wrong)
    with pytest.raises(ValidationError, match=rf"^timeout\.{step} must be "):
        await wire.asynchronous().container.image.generate(prompt="p", timeout=wrong)
    with pytest.raises(ValidationError, match=rf"^timeout\.{step} must be "):
        SyncFriendli(timeout=wrong)
    with pytest.raises(ValidationError, match=rf"^http_client\.timeout\.{step} must be "):
        SyncFriendli(http_client=httpx.Client(transport=transport, timeout=wrong))
    with pytest.raises(ValidationError, match=rf"^http_client\.timeout\.{step} must be "):
        AsyncFriendli(http_client=httpx.AsyncClient(transport=transport, timeout=wrong))
    http = httpx.Client(transport=transport)
    friendli = SyncFriendli(http_client=http)
    http.timeout = wrong
    with pytest.raises(ValidationError, match=rf"^http_client\.timeout\.{step} must be "):
        friendli.container.image.generate(prompt="p")
    assert wire.requests == []


@pytest.mark.parametrize("seconds", [10**400, -(10**400), 1e300, 1_000_000_001, [5], b"5"])
def test_a_timeout_is_a_number_that_clocks_can_count(seconds: Any) -> None:
    """A number too large for a socket is refused as one below zero is."""
    wire = Wire(right)
    with pytest.raises(ValidationError, match=r"^timeout must be "):
        wire.sync().container.image.generate(prompt="p", timeout=seconds)
    with pytest.raises(ValidationError, match=r"^timeout must be "):
        AsyncFriendli(timeout=seconds)
    assert wire.requests == []


@pytest.mark.parametrize("seconds", [1_000_000_000, 0.001])
def test_a_timeout_may_be_long_or_short(seconds: float) -> None:
    """A billion seconds is one, and so is a thousandth of one."""
    wire = Wire(right)
    wire.sync(timeout=seconds).container.image.generate(prompt="p")
    (request,) = wire.requests
    assert request.extensions["timeout"] == dict.fromkeys(STEPS, seconds)


def test_where_nobody_says_how_long_a_call_has_ten_minutes() -> None:
    """httpx's own five seconds are nobody's choice; any others are the caller's."""
    wire = Wire(right)
    wire.sync().container.image.generate(prompt="p")
    for seconds in (4, 6):
        http = httpx.Client(transport=httpx.MockTransport(wire), timeout=seconds)
        SyncFriendli(http_client=http).container.image.generate(prompt="p")
    said = [request.extensions["timeout"] for request in wire.requests]
    usual = {"connect": 5, "read": 600, "write": 600, "pool": 600}
    assert said == [usual, dict.fromkeys(STEPS, 4), dict.fromkeys(STEPS, 6)]


@pytest.mark.parametrize(
    ("timeout", "total"),
    [
        (7, 7),
        (0.5, 0.5),
        (None, None),
        (DEFAULT_TIMEOUT, 600),
        (httpx.Timeout(5), 600),
        (httpx.Timeout(5, read=3600), 3600),
        (httpx.Timeout(5, read=None), None),
        (httpx.Timeout(None, connect=5), None),
        (httpx.Timeout(5, pool=None), 600),
    ],
)
def test_what_a_timeout_means_for_the_whole(timeout: Any, total: float | None) -> None:
    """A number is the time in all; beside steps, ten minutes, or as long as one may take."""
    limits = TimeLimits.of(timeout)
    assert limits.total == total
    assert limits.steps == httpx.Timeout(timeout)


@pytest.mark.parametrize("most", [0, -1, True, "x", 1.5, None, math.inf])
def test_max_response_bytes_is_a_whole_number(most: Any) -> None:
    """No answer would fit into less than a byte."""
    words = r"^max_response_bytes must be an integer of at least 1, not "
    for kind in (SyncFriendli, AsyncFriendli):
        with pytest.raises(ValidationError, match=words):
            kind(max_response_bytes=most)
    assert SyncFriendli(max_response_bytes=1)


@pytest.mark.parametrize(("port", "is_one"), [(1, True), (65535, True), (0, False), (65536, False)])
def test_a_port_is_one_from_1_to_65535(port: int, is_one: bool) -> None:
    """A server URL with another port is refused before a socket fails on it."""
    wire = Wire(right)
    url = f"http://localhost:{port}"
    if is_one:
        wire.sync(server_url=url).container.image.generate(prompt="p")
        assert wire.requests[0].url.port == port
    else:
        with pytest.raises(ValidationError, match=r"^server_url must be an http\(s\) URL"):
            wire.sync(server_url=url)
        assert wire.requests == []
