"""How fast a batch goes, on a clock that tests turn."""

from collections import deque
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from trio.testing import MockClock

from friendli_facade import RateLimitError, utils
from friendli_facade.batch._limits.pace import Pace
from scripts.batches.rate import Server
from tests.batch.running import jobs, run
from tests.transports import Wire, right

# Time passes at once where all tasks wait; beside threads they must wait for a moment.
faked = pytest.mark.parametrize(
    "anyio_backend", [("trio", {"clock": MockClock(autojump_threshold=0.01)})], ids=["faked"]
)
SOON = utils.RetryConfig("backoff", utils.BackoffStrategy(400, 400, 1))


@pytest.fixture
def anyio_backend() -> Any:
    """A clock for each test, which passes as soon as all wait."""
    return ("trio", {"clock": MockClock(autojump_threshold=0)})


async def follow(pace: Pace, server: Server, number: int) -> None:
    """Sends so many requests, each until it is taken."""
    room = anyio.CapacityLimiter(128)

    async def request() -> None:
        async with room:
            while True:
                async with pace.turn() as turn:
                    answer = await server(httpx.Request("POST", "http://e"))
                    if answer.status_code == 200:
                        turn.succeeded()
                        return
                    asked = answer.headers.get("Retry-After")
                    turn.refused(None if asked is None else float(asked))
                await anyio.sleep(0.4)

    async with anyio.create_task_group() as tasks:
        for _ in range(number):
            tasks.start_soon(request)


@pytest.mark.parametrize(("latency", "retry_after"), [(0.01, None), (0.2, None), (0.2, "1")])
async def test_it_finds_the_rate_that_is_allowed(latency: float, retry_after: str | None) -> None:
    """Of 20 a second at least 90 percent are used, and of all requests under 5 are refused."""
    server = Server(20, latency, retry_after)
    began = anyio.current_time()
    await follow(Pace(64), server, 700)
    seconds = anyio.current_time() - began
    assert server.allowed / (20 * seconds) >= 0.9
    assert server.refused / (server.allowed + server.refused) < 0.05


async def test_it_finds_how_many_are_allowed_at_once() -> None:
    """A server with 15 places, which refuses more, is kept busy, and refuses few."""
    busy, taken, refused = 0, 0, 0

    async def request(pace: Pace) -> None:
        nonlocal busy, taken, refused
        while True:
            async with pace.turn() as turn:
                if busy < 15:
                    busy += 1
                    await anyio.sleep(0.5)
                    busy, taken = busy - 1, taken + 1
                    turn.succeeded()
                    return
                refused += 1
                turn.refused(None)
            await anyio.sleep(0.4)

    began, pace = anyio.current_time(), Pace(64)
    async with anyio.create_task_group() as tasks:
        for _ in range(1_000):
            tasks.start_soon(request, pace)
    assert taken / ((anyio.current_time() - began) * 30) > 0.75
    assert refused / taken < 0.05


async def test_requests_begin_one_after_the_other() -> None:
    """`rate` is kept to evenly, and not in bursts."""
    pace, times = Pace(64, rate=10), deque[float]()

    async def request() -> None:
        async with pace.turn():
            times.append(anyio.current_time())

    async with anyio.create_task_group() as tasks:
        for _ in range(50):
            tasks.start_soon(request)
    gaps = [after - before for before, after in zip(times, list(times)[1:], strict=False)]
    assert sum(gaps) == pytest.approx(4.9, abs=0.4)
    assert sorted(gaps)[5] == pytest.approx(0.1)


@faked
async def test_retry_after_holds_the_whole_batch(tmp_path: Path) -> None:
    """Nothing is sent for as long as one answer asks; then the refused job is sent again."""
    times: list[float] = []

    def handler(request: httpx.Request) -> httpx.Response:
        times.append(anyio.current_time())
        if len(times) == 3:
            return httpx.Response(503, headers={"Retry-After": "30"})
        return right(request)

    ran = await run("trio", Wire(handler), jobs(20), tmp_path, {"retries": SOON}, concurrency=2)
    assert set(ran.states.values()) == {"done"}
    begin, *_ = times
    during = [time for time in times[4:] if time - begin < 30]
    assert (len(times), during) == (21, [])
    assert sorted(outcome.attempts for outcome in ran.outcomes)[-2:] == [1, 2]


@faked
async def test_a_long_retry_after_ends_the_batch(tmp_path: Path) -> None:
    """Where the call's own retries would not wait so long, no further job is begun."""
    wire = Wire(lambda _: httpx.Response(429, headers={"Retry-After": "3600"}))
    ran = await run("trio", wire, jobs(50), tmp_path, {"retries": SOON}, concurrency=2)
    assert "the server asks to wait 3600 s, more than 120 s" in str(ran.progress.stopped)
    assert len(wire.requests) <= 2
    assert isinstance(ran.outcomes[0].error, RateLimitError)


@faked
async def test_the_own_retries_of_a_call_stay(tmp_path: Path) -> None:
    """Refusals are repeated as often as the call says, and told to its `on_retry`."""
    told: list[int] = []
    twice = utils.RetryConfig(
        "backoff",
        utils.BackoffStrategy(400, 400, 1),
        max_attempts=2,
        on_retry=lambda retry: told.append(retry.attempt),
    )
    wire = Wire(lambda _: httpx.Response(429))
    job = {"prompt": "p", "retries": twice}
    ran = await run("trio", wire, [job], tmp_path)
    assert len(wire.requests) == 2
    assert told == [1]
    assert (ran.outcomes[0].attempts, ran.outcomes[0].state) == (2, "failed")
    never = await run("trio", wire, [{"prompt": "q", "retries": None}], tmp_path)
    assert (len(wire.requests), never.outcomes[0].attempts) == (3, 1)
