"""The end of a client: what is in flight is not lost, and what is on its way is not hidden."""

import gc
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import anyio
import anyio.to_thread
import httpx
import pytest

from friendli_facade import AsyncFriendli, ClientClosedError, DownloadError, SyncFriendli
from friendli_facade._delivery.connections.lifetime import Lifetime
from scripts.faults.server import Answer, FaultServer, Request, answer, of_json, serving
from tests import samples
from tests.samples import PNG
from tests.storage import of_url
from tests.transports import right


@contextmanager
def waiting(reply: Callable[[Request], Answer]) -> Generator[tuple[FaultServer, Event, Event]]:
    """A server that answers when it is let; the events say that it was asked, and let it."""
    asked, leave = Event(), Event()

    def slow(request: Request) -> Answer:
        asked.set()
        leave.wait(60)
        return reply(request)

    with serving(slow) as server:
        try:
            yield server, asked, leave
        finally:
            leave.set()


def drawn(request: Request) -> Answer:
    """An answer with a picture."""
    return of_json(samples.answer(request.target))


def background(work: Callable[[], Any]) -> tuple[Thread, list[Any]]:
    """A thread that works, and what the work gave in the end."""
    results: list[Any] = []
    thread = Thread(target=lambda: results.append(work()))
    thread.start()
    return thread, results


def test_closing_with_a_call_in_flight_is_an_error_and_loses_nothing() -> None:
    """Leaving `with` says that a call is in flight; it ends well, and closes its connection."""
    with waiting(drawn) as (server, asked, leave):
        friendli = SyncFriendli(server_url=server.url)
        thread, results = background(lambda: friendli.container.image.generate(prompt="p"))
        assert asked.wait(30)
        with pytest.raises(ClientClosedError, match="calls in flight: 1"), friendli:
            pass
        with pytest.raises(ClientClosedError, match="is closed"):
            friendli.container.image.generate(prompt="p")
        friendli.close()  # a second time takes nothing away from the call
        leave.set()
        thread.join(60)
        assert results[0].images[0].read() == PNG
        assert server.idle()


def test_closing_with_a_download_in_flight_is_an_error_and_loses_nothing() -> None:
    """A picture on its way counts as a call does."""
    with (
        waiting(lambda _: answer("200 OK", PNG)) as (storage, asked, leave),
        serving(lambda _: of_url(f"{storage.url}/cat.png")) as server,
    ):
        friendli = SyncFriendli(token="t", server_url=server.url)
        (image,) = friendli.dedicated.image.generate(model="m", prompt="p").images
        thread, results = background(image.read)
        assert asked.wait(30)
        with pytest.raises(ClientClosedError, match="calls in flight: 1"):
            friendli.close()
        leave.set()
        thread.join(60)
        assert results == [PNG]
        assert storage.idle()
        assert server.idle()


async def test_closing_an_async_client_with_tasks_in_flight_is_an_error_too() -> None:
    """The call and the download go on to their ends, and close their connections."""
    asked = 0
    leave = anyio.Event()

    async def slow(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        if request.url.path.startswith("/first"):
            item = {"seed": 7, "response_format": "url", "url": "https://storage.example/cat.png"}
            return httpx.Response(200, json={"data": [item]})
        asked += 1
        await leave.wait()
        return right(request) if request.method == "POST" else httpx.Response(200, content=PNG)

    http = httpx.AsyncClient(transport=httpx.MockTransport(slow))
    friendli = AsyncFriendli(token="t", http_client=http)
    first = "https://api.friendli.ai/first"
    generate = friendli.dedicated.image.generate
    (image,) = (await generate(model="m", prompt="p", server_url=first)).images
    pictures: list[bytes] = []

    async def draw() -> None:
        pictures.append((await generate(model="m", prompt="p")).images[0].read())

    async def download() -> None:
        pictures.append(await image.aread())

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(draw)
        tasks.start_soon(download)
        while asked < 2:
            await anyio.lowlevel.checkpoint()
        with pytest.raises(ClientClosedError, match="calls in flight: 2"):
            await friendli.aclose()
        leave.set()
    assert pictures == [PNG, PNG]
    await http.aclose()


async def test_a_call_that_connects_after_its_client_was_closed_leaves_nothing_behind() -> None:
    """It waited for its token meanwhile; it ends well, and closes its connection."""
    asked, given = anyio.Event(), anyio.Event()
    pictures: list[bytes] = []

    async def token() -> str:
        asked.set()
        await given.wait()
        return "t"

    async def draw(friendli: AsyncFriendli) -> None:
        result = await friendli.dedicated.image.generate(model="m", prompt="p")
        pictures.append(await result.images[0].aread())

    async def close(friendli: AsyncFriendli) -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(draw, friendli)
            await asked.wait()
            with pytest.raises(ClientClosedError, match="calls in flight: 1"):
                await friendli.aclose()
            given.set()

    with serving(drawn) as server:
        await close(AsyncFriendli(token=token, server_url=server.url))
        assert pictures == [PNG]
        assert server.idle()
    gc.collect()  # trio warns of generators that nobody ended
    await anyio.lowlevel.checkpoint()


@pytest.mark.parametrize("error", [KeyboardInterrupt(), KeyError("mine"), SystemExit(3)])
async def test_an_exception_on_its_way_out_of_with_is_not_replaced(error: BaseException) -> None:
    """That calls are in flight becomes a note of it."""
    with waiting(drawn) as (server, asked, leave):
        friendli = SyncFriendli(server_url=server.url)
        thread, _ = background(lambda: friendli.container.image.generate(prompt="p"))
        await anyio.to_thread.run_sync(asked.wait, 30)
        with pytest.raises(type(error)) as failed, friendli:
            raise error
        assert failed.value is error
        assert [note[:18] for note in error.__notes__] == ["calls in flight: 1"]
        leave.set()
        thread.join(60)
        del error.__notes__


async def test_a_cancelled_with_block_is_cancelled() -> None:
    """Cancellation leaves `async with` as cancellation, though a call is in flight."""
    with waiting(drawn) as (server, asked, leave):
        friendli = AsyncFriendli(server_url=server.url)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(lambda: friendli.container.image.generate(prompt="p"))
            await anyio.to_thread.run_sync(asked.wait, 30)
            with anyio.move_on_after(0) as scope:
                async with friendli:
                    await anyio.sleep_forever()
            assert scope.cancelled_caught
            leave.set()
        assert await anyio.to_thread.run_sync(server.idle)


def test_a_picture_of_a_closed_client_says_so() -> None:
    """What was not downloaded inside `with` is an error that says what to do."""
    with serving(lambda _: of_url("http://127.0.0.1:1/cat.png")) as server:
        with SyncFriendli(token="t", server_url=server.url) as friendli:
            (image,) = friendli.dedicated.image.generate(model="m", prompt="p").images
        with pytest.raises(DownloadError, match=r"is closed: .* inside its `with"):
            image.read()


def test_a_call_that_comes_while_the_client_closes_is_refused() -> None:
    """A client that another thread has closed meanwhile is a clear error all the same."""
    lifetime = Lifetime("SyncFriendli")
    lifetime.close()
    with pytest.raises(ClientClosedError, match="this SyncFriendli is closed"), lifetime.call():
        pass
    lifetime.close()
