"""One client, many threads, tasks and processes."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import anyio
import anyio.to_thread
import httpx

from friendli_facade import AsyncFriendli, SyncFriendli
from friendli_facade.sandbox import Sandbox
from tests.samples import answer
from tests.servers import Received, Reply, recording


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
