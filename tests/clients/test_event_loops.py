"""One AsyncFriendli, many event loops: each has connections of its own, and takes them along."""

import asyncio
import base64
import gc
import weakref
from collections import Counter
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

import anyio
import anyio.to_thread
import httpx
import pytest
import trio

from friendli_facade import APITimeoutError, AsyncFriendli, ClientClosedError, models
from friendli_facade._delivery.connections import async_connections, idle
from friendli_facade._delivery.connections.own_clients import AsyncClient
from scripts.faults.server import Answer, FaultServer, Request, answer, of_json, serving
from tests import samples
from tests.samples import PNG
from tests.storage import of_url
from tests.transports import Wire, right


@contextmanager
def drawing() -> Generator[FaultServer]:
    """A server that draws."""
    with serving(lambda request: of_json(samples.answer(request.target))) as server:
        yield server


def test_a_client_serves_one_loop_after_the_other() -> None:
    """asyncio, asyncio again, trio: each call is answered, and each loop's end closes what it had.

    Nothing warns of a connection that was left open.
    """
    with drawing() as server:
        friendli = AsyncFriendli(server_url=server.url)

        async def draw() -> bytes:
            return (await friendli.container.image.generate(prompt="p")).images[0].read()

        for run in (asyncio.run(draw()), asyncio.run(draw()), trio.run(draw), anyio.run(draw)):
            assert run == PNG
        assert server.idle()
        assert (server.connections, len(server.requests)) == (4, 4)
    gc.collect()


def test_a_loop_uses_its_connections_again_until_the_client_is_closed() -> None:
    """Calls of a loop follow each other on one connection; `aclose` closes it before the end."""

    async def calls() -> None:
        async with AsyncFriendli(server_url=server.url) as friendli:
            for _ in range(3):
                await friendli.container.image.generate(prompt="p")
            assert server.connections == server.open == 1
        assert await anyio.to_thread.run_sync(server.idle)

    with drawing() as server:
        asyncio.run(calls())
    with drawing() as server:
        trio.run(calls)


def test_threads_with_a_loop_each_share_a_client() -> None:
    """Every answer is the one that was asked for; none is lost, and no connection is shared."""
    with serving(lambda request: of_json({"image": echoed(request)})) as server:
        friendli = AsyncFriendli(server_url=server.url)

        def work(number: int) -> Counter[str]:
            async def calls() -> Counter[str]:
                return Counter([await call(f"{number} {turn}") for turn in range(40)])

            return asyncio.run(calls()) if number % 2 else trio.run(calls)

        async def call(prompt: str) -> str:
            result = await friendli.container.image.generate(prompt=prompt)
            return "right" if result.images[0].read() == PNG + prompt.encode() else "wrong"

        with ThreadPoolExecutor(4) as threads:
            assert list(threads.map(work, range(4))) == [{"right": 40}] * 4
        assert server.idle()
        assert server.connections == 4


def echoed(request: Request) -> str:
    """A picture, as base64, that ends with the prompt that was asked for."""
    return base64.b64encode(PNG + request.json["prompt"].encode()).decode()


def test_a_picture_of_one_loop_is_downloaded_on_another() -> None:
    """A result outlives the loop that it came on."""
    with (
        serving(lambda _: answer("200 OK", PNG)) as storage,
        serving(lambda _: of_url(f"{storage.url}/cat.png")) as server,
    ):
        friendli = AsyncFriendli(token="t", server_url=server.url)

        async def draw() -> models.Image:
            return (await friendli.dedicated.image.generate(model="m", prompt="p")).images[0]

        image = asyncio.run(draw())
        assert trio.run(image.aread) == PNG


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # of the loop's transports
def test_a_loop_that_is_closed_without_a_word_is_forgotten() -> None:
    """`loop.close()` alone ends no generator; the next loop drops what it left."""
    with drawing() as server:
        friendli = AsyncFriendli(server_url=server.url)
        loop = asyncio.new_event_loop()
        loop.run_until_complete(friendli.container.image.generate(prompt="p"))
        loop.close()
        closed = weakref.ref(loop)
        del loop

        async def draw() -> None:
            await friendli.container.image.generate(prompt="p")
            gc.collect()
            assert closed() is None

        asyncio.run(draw())
        assert server.idle()


def test_a_loop_that_has_ended_is_forgotten() -> None:
    """A client that serves one loop after the other, for years, holds none of them."""
    ended: list[weakref.ref[object]] = []
    with drawing() as server:
        friendli = AsyncFriendli(server_url=server.url)

        async def draw() -> None:
            await friendli.container.image.generate(prompt="p")
            ended.append(weakref.ref(trio.lowlevel.current_trio_token()))

        for _ in range(3):
            trio.run(draw)
        gc.collect()
        assert [token() for token in ended] == [None] * 3


def test_a_callers_http_client_stays_on_its_loop() -> None:
    """On a second one the call is refused before it is sent: its answer could not be read."""
    with drawing() as server:
        http = httpx.AsyncClient()
        friendli = AsyncFriendli(server_url=server.url, http_client=http)

        async def draw() -> None:
            await friendli.container.image.generate(prompt="p")

        with asyncio.Runner() as runner:
            runner.run(draw())
            with ThreadPoolExecutor(1) as threads:
                elsewhere = threads.submit(asyncio.run, draw())
                with pytest.raises(ClientClosedError, match="connections of another event loop"):
                    elsewhere.result()
            runner.run(draw())
            runner.run(http.aclose())
        assert len(server.requests) == 2


def test_an_http_client_without_sockets_serves_any_loop() -> None:
    """A sandbox in process has nothing that belongs to one."""
    friendli = Wire(right).asynchronous()
    for _ in range(2):
        assert len(asyncio.run(friendli.container.image.generate(prompt="p")).images) == 1


async def test_a_burst_has_a_limit_and_leaves_little_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests beyond the limit wait for a connection; of idle ones a few are kept."""
    monkeypatch.setattr(async_connections, "MOST_AT_ONCE", 8)
    monkeypatch.setattr(idle, "MOST", 3)
    opened, most = 0, 0

    class Counted(AsyncClient):
        """Each has one connection, which the server may see closed much later."""

        def __init__(self, **settings: Any) -> None:
            nonlocal opened, most
            super().__init__(**settings)
            opened += 1
            most = max(most, opened)

        async def aclose(self) -> None:
            nonlocal opened
            await super().aclose()
            opened -= 1

    monkeypatch.setattr(async_connections.AsyncConnections, "own_type", Counted)
    with drawing() as server:
        async with AsyncFriendli(server_url=server.url, retries=None) as friendli:

            async def draw() -> None:
                await friendli.container.image.generate(prompt="p", timeout=20)

            async with anyio.create_task_group() as tasks:
                for _ in range(40):
                    tasks.start_soon(draw)
            assert 8 <= most <= 8 + 3  # three are idle
            assert len(server.requests) == 40
            assert await anyio.to_thread.run_sync(server.idle, 3)
            assert server.open == 3


async def test_waiting_for_a_connection_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that gets none within its time is an error, and was not sent."""
    monkeypatch.setattr(async_connections, "MOST_AT_ONCE", 1)
    asked, leave = Event(), Event()

    def slow(request: Request) -> Answer:
        asked.set()
        leave.wait(60)
        return of_json(samples.answer(request.target))

    with serving(slow) as server:
        async with AsyncFriendli(server_url=server.url) as friendli:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(lambda: friendli.container.image.generate(prompt="p"))
                await anyio.to_thread.run_sync(asked.wait)
                with pytest.raises(APITimeoutError, match="none of its 1 connections") as failed:
                    await friendli.container.image.generate(prompt="p", timeout=0.5, retries=None)
                assert not failed.value.ambiguous
                leave.set()
            assert len(server.requests) == 1


async def test_a_connection_that_is_idle_for_long_is_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The next call closes what was not used for five seconds, but for the one that it uses."""
    now = 1000.0
    monkeypatch.setattr(idle, "monotonic", lambda: now)
    with drawing() as server:
        async with AsyncFriendli(server_url=server.url) as friendli:

            async def draw() -> None:
                await friendli.container.image.generate(prompt="p")

            async with anyio.create_task_group() as tasks:
                for _ in range(10):
                    tasks.start_soon(draw)
            assert server.open > 1
            now += 5.5
            await draw()
            assert await anyio.to_thread.run_sync(server.idle, 1)
            assert server.open == 1
