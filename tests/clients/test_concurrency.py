"""One client, many threads and tasks."""

import gc
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from itertools import count
from pathlib import Path
from threading import Barrier, Event

import anyio
import anyio.from_thread
import anyio.to_thread
import httpx

from friendli_facade import AsyncFriendli, SyncFriendli
from friendli_facade.sandbox import Sandbox
from scripts.faults.server import Answer, Request, of_json, serving
from tests.samples import PNG, answer
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
        leave.wait(60)
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
            with anyio.fail_after(30):
                result = await friendli.container.image.generate(prompt="p")
            assert len(result.images) == 1


def cookie_jars() -> list[CookieJar]:
    """All that there are, of other tests too."""
    return [one for one in gc.get_objects() if isinstance(one, CookieJar)]


async def test_an_own_client_keeps_no_cookies() -> None:
    """Answers that set cookies make a client no larger: nothing would ever read them."""
    numbers = count()

    def cookies(request: Request) -> Answer:
        return of_json(
            answer(request.target), *(f"Set-Cookie: c{next(numbers)}=1" for _ in range(9))
        )

    with serving(cookies) as server:
        before = cookie_jars()
        with SyncFriendli(server_url=server.url) as friendli:
            friendli.container.image.generate(prompt="p")
        async with AsyncFriendli(server_url=server.url) as async_friendli:
            await async_friendli.container.image.generate(prompt="p")
            jars = [jar for jar in cookie_jars() if not any(jar is other for other in before)]
            assert jars
            assert [cookie.name for jar in jars for cookie in jar] == []


async def test_worker_threads_that_call_back_do_not_starve_reading(tmp_path: Path) -> None:
    """All of anyio's threads wait for an edit each, and their files are read all the same."""
    path = tmp_path / "cat.png"
    path.write_bytes(PNG)
    together = Barrier(int(anyio.to_thread.current_default_thread_limiter().total_tokens))

    with serving(lambda request: of_json(answer(request.target))) as server:
        async with AsyncFriendli(server_url=server.url) as friendli:

            async def edit() -> int:
                result = await friendli.container.image.edit(image=path, prompt="p", timeout=60)
                return len(result.images)

            def work() -> None:
                together.wait(30)
                assert anyio.from_thread.run(edit) == 1

            with anyio.fail_after(60):
                async with anyio.create_task_group() as tasks:
                    for _ in range(together.parties):
                        tasks.start_soon(anyio.to_thread.run_sync, work)
