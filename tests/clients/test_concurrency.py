"""One client, many threads, tasks and processes."""

import os
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

import anyio
import anyio.to_thread
import httpx
import pytest

from friendli_facade import AsyncFriendli, ClientClosedError, SyncFriendli
from friendli_facade._delivery.lifetime import Lifetime
from friendli_facade.sandbox import Sandbox
from tests.samples import answer
from tests.servers import Received, Reply, recording
from tests.transports import Wire, right


def test_threads_share_a_sync_client() -> None:
    """Calls from many threads each get their own picture."""
    with Sandbox().serve() as server, SyncFriendli(token="t", server_url=server.url) as friendli:

        def seed_of(seed: int) -> int | None:
            result = friendli.dedicated.image.generate(
                model="m", prompt="p", seed=seed, num_inference_steps=1
            )
            return result.images[0].seed

        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(seed_of, range(24))) == list(range(24))


async def test_tasks_share_an_async_client() -> None:
    """Calls from many tasks each get their own picture."""
    seeds: dict[int, int | None] = {}
    with Sandbox().serve() as server:
        async with AsyncFriendli(token="t", server_url=server.url) as friendli:

            async def draw(seed: int) -> None:
                result = await friendli.dedicated.image.generate(
                    model="m", prompt="p", seed=seed, num_inference_steps=1
                )
                seeds[seed] = result.images[0].seed

            async with anyio.create_task_group() as tasks:
                for seed in range(24):
                    tasks.start_soon(draw, seed)
    assert seeds == {seed: seed for seed in range(24)}


async def test_a_cancelled_task_releases_its_connection() -> None:
    """After cancelled calls the client is usable, and their connections are not held."""
    entered, leave = Event(), Event()

    def slow(request: Received) -> Reply:
        entered.set()
        leave.wait(10)
        return 200, {}, httpx.Response(200, json=answer(request.path)).content

    with recording(slow) as server:
        http = httpx.AsyncClient(limits=httpx.Limits(max_connections=1))
        async with http, AsyncFriendli(http_client=http, server_url=server.url) as friendli:
            for _ in range(3):
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(lambda: friendli.container.image.generate(prompt="p"))
                    await anyio.to_thread.run_sync(entered.wait)
                    tasks.cancel_scope.cancel()
                entered.clear()
            leave.set()
            with anyio.fail_after(10):
                result = await friendli.container.image.generate(prompt="p")
            assert len(result.images) == 1


def test_closing_with_a_call_in_flight_is_an_error_and_loses_nothing() -> None:
    """Leaving `with` says that a call is in flight; the call ends well, and closes the client."""
    entered, leave = Event(), Event()

    def slow(request: Received) -> Reply:
        entered.set()
        leave.wait(10)
        return 200, {}, httpx.Response(200, json=answer(request.path)).content

    with recording(slow) as server:
        friendli = SyncFriendli(server_url=server.url)
        pictures: list[object] = []
        thread = Thread(
            target=lambda: pictures.extend(friendli.container.image.generate(prompt="p").images)
        )
        thread.start()
        entered.wait(10)
        with pytest.raises(ClientClosedError, match="calls in flight: 1"), friendli:
            pass
        with pytest.raises(ClientClosedError, match="is closed"):
            friendli.container.image.generate(prompt="p")
        friendli.close()  # a second time takes nothing away from the call
        leave.set()
        thread.join(10)
    assert len(pictures) == 1


def test_a_call_that_comes_while_the_client_closes_is_refused() -> None:
    """A client that another thread closes after the first look is a clear error all the same."""
    lifetime = Lifetime("SyncFriendli")
    lifetime.close()
    with pytest.raises(ClientClosedError, match="this SyncFriendli is closed"), lifetime.call():
        pytest.fail("the call began")
    lifetime.close()


async def test_closing_an_async_client_with_a_task_in_flight_is_an_error_too() -> None:
    """The task goes on to its end, and closes the connections."""
    entered, leave = anyio.Event(), anyio.Event()

    async def slow(request: httpx.Request) -> httpx.Response:
        entered.set()
        await leave.wait()
        return right(request)

    http = httpx.AsyncClient(transport=httpx.MockTransport(slow))
    friendli = AsyncFriendli(http_client=http)
    pictures: list[object] = []

    async def draw() -> None:
        pictures.extend((await friendli.container.image.generate(prompt="p")).images)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(draw)
        await entered.wait()
        with pytest.raises(ClientClosedError, match="calls in flight: 1"):
            await friendli.aclose()
        leave.set()
    assert len(pictures) == 1
    await http.aclose()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_client_makes_its_own_connections() -> None:
    """A child process does not talk over its parent's connections; the parent's go on."""
    with Sandbox().serve() as server, SyncFriendli(server_url=server.url) as friendli:
        friendli.container.image.generate(prompt="p")
        child = os.fork()
        if not child:
            status = 1
            try:
                friendli.container.image.generate(prompt="p")
                status = 0
            finally:
                os._exit(status)
        _, ended = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(ended) == 0
        friendli.container.image.generate(prompt="p")


def test_a_forked_http_client_of_the_caller_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """An httpx client that was passed in cannot be renewed, and the error says so."""
    friendli = Wire(right).sync()
    monkeypatch.setattr(os, "getpid", lambda: -1)
    with pytest.raises(ClientClosedError, match="the process was forked"):
        friendli.container.image.generate(prompt="p")
