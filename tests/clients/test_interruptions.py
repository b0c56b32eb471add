"""Calls that are cancelled, or interrupted, at any step: the client outlives them all."""

import asyncio
import gc
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import anyio
import anyio.lowlevel
import anyio.to_thread
import httpx
import pytest

from friendli_facade import AsyncFriendli, SyncFriendli
from scripts.faults.server import Answer, Request, of_json, serving
from tests import samples
from tests.servers import Received, Reply, recording

STEPS = 80  # of an event loop: a call takes some thirty


def drawn(request: Request) -> Answer:
    """An answer with a picture."""
    return of_json(samples.answer(request.target))


@pytest.fixture(params=["own", "http_client"])
def http(request: pytest.FixtureRequest) -> httpx.AsyncClient | None:
    """No httpx client, and one of the caller's with few places."""
    limits = httpx.Limits(max_connections=5)
    return httpx.AsyncClient(limits=limits) if request.param == "http_client" else None


async def survives(
    http: httpx.AsyncClient | None,
    cancelled: Callable[[Callable[[], Any], int], Any],
) -> None:
    """Cancels a call at each step, three times; then all is as if there had been none."""
    with serving(drawn) as server:
        async with AsyncFriendli(server_url=server.url, http_client=http) as friendli:

            async def draw() -> None:
                await friendli.container.image.generate(prompt="p")

            for steps in 3 * [*range(STEPS)]:
                await cancelled(draw, steps)
            assert await anyio.to_thread.run_sync(server.idle, 1)
            with anyio.fail_after(60):
                async with anyio.create_task_group() as tasks:
                    for _ in range(20):
                        tasks.start_soon(draw)
            assert await anyio.to_thread.run_sync(server.idle, 20)
        if http is not None:
            await http.aclose()
        assert await anyio.to_thread.run_sync(server.idle)


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_calls_cancelled_by_asyncio_cost_no_place(http: httpx.AsyncClient | None) -> None:
    """After `task.cancel()` at each step no connection is open, and the next calls are answered."""

    async def cancelled(draw: Callable[[], Any], steps: int) -> None:
        task = asyncio.ensure_future(draw())
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    await survives(http, cancelled)


# Where a request is cancelled httpx leaves a generator behind, of which trio warns.
@pytest.mark.filterwarnings("ignore:Async generator 'http:ResourceWarning")
async def test_calls_in_a_cancelled_scope_cost_no_place(http: httpx.AsyncClient | None) -> None:
    """The same for the cancellation of anyio and trio."""

    async def cancelled(draw: Callable[[], Any], steps: int) -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(draw)
            for _ in range(steps):
                await anyio.lowlevel.checkpoint()
            tasks.cancel_scope.cancel()

    await survives(http, cancelled)


async def test_a_timeout_of_asyncio_is_a_timeout(
    http: httpx.AsyncClient | None, anyio_backend_name: str
) -> None:
    """What cancels a call from outside gets its own exception."""
    if anyio_backend_name != "asyncio":
        pytest.skip("asyncio's own")

    def never(request: Received) -> Reply:
        return 200, {"Content-Length": "9"}, b"{"

    with recording(never) as server:
        async with AsyncFriendli(server_url=server.url, http_client=http) as friendli:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await friendli.container.image.generate(prompt="p")
        if http is not None:
            await http.aclose()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_interrupted_calls_cost_no_place() -> None:
    """KeyboardInterrupt where a signal may raise it, at one step after the other of a call.

    No call waits for a lock that an earlier one left behind, and none is in flight in the end.
    """
    with serving(drawn) as server:
        friendli = SyncFriendli(server_url=server.url, retries=None)
        friendli.container.image.generate(prompt="p")
        steps, left = 0, 0
        while left <= 0:
            steps += 7
            left = steps

            def interrupt(_frame: object, event: str, _: object) -> None:
                nonlocal left
                if event in {"call", "c_return"}:
                    left -= 1
                    if not left:
                        raise KeyboardInterrupt

            with suppress(KeyboardInterrupt):
                sys.setprofile(interrupt)
                try:
                    friendli.container.image.generate(prompt="p")
                finally:
                    sys.setprofile(None)
        assert steps > 1000
        friendli.container.image.generate(prompt="p")
        friendli.close()
        gc.collect()  # of a close that was interrupted itself, the collector closes the rest
        assert server.idle()
