"""One client, many processes: a fork shares no connection, no count and no lock."""

import asyncio
import logging
import os
import signal
import ssl
import sys
import warnings
from threading import Barrier, Event, Thread, current_thread, main_thread
from typing import Any

import httpx
import pytest
import trio

from friendli_facade import AsyncFriendli, SyncFriendli
from scripts.faults.server import Answer, Request, answer, of_json, serving
from tests import samples
from tests.processes import in_child, needs_fork, waiting_child
from tests.samples import PNG
from tests.transports import Wire, right

pytestmark = needs_fork


def drawn(request: Request) -> Answer:
    """An answer with a picture."""
    return of_json(samples.answer(request.target))


def test_a_fork_shares_no_connection() -> None:
    """A child makes one of its own; the parent's goes on, and is the same as before."""
    with serving(drawn) as server, SyncFriendli(server_url=server.url) as friendli:

        def draw() -> bytes:
            return friendli.container.image.generate(prompt="p").images[0].read()

        assert draw() == PNG
        assert in_child(draw) == repr(PNG)
        assert draw() == PNG
        assert server.connections == 2


def test_pictures_that_are_not_downloaded_yet_can_be_read_on_both_sides() -> None:
    """Parent and child each get the pictures that they ask for, over connections of their own."""
    with (
        serving(lambda request: answer("200 OK", PNG + request.target.encode())) as storage,
        serving(lambda _: of_json({"data": items(storage.url)})) as server,
        SyncFriendli(token="t", server_url=server.url) as friendli,
    ):
        images = friendli.dedicated.image.generate(model="m", prompt="p").images

        def read(*numbers: int) -> list[bool]:
            return [images[n].read() == PNG + f"/{n}".encode() for n in numbers]

        assert read(0) == [True]
        assert in_child(lambda: read(1, 3, 5)) == "[True, True, True]"
        assert read(2, 4) == [True, True]
        assert storage.connections == 2


def items(url: str) -> list[dict[str, Any]]:
    """The entries of an answer, each with another picture's URL."""
    item = {"seed": 7, "response_format": "url"}
    return [{**item, "url": f"{url}/{number}"} for number in range(6)]


def test_a_client_that_was_closed_stays_closed() -> None:
    """What a parent has closed does not work again in its child, nor do its pictures."""
    friendli = SyncFriendli()
    friendli.close()
    said = in_child(lambda: friendli.container.image.generate(prompt="p"))
    assert "this SyncFriendli is closed" in said


def test_calls_of_the_parents_threads_are_not_the_childs() -> None:
    """A child can close its client while a thread of its parent has a call in flight."""
    entered, leave = Event(), Event()

    def slow(request: Request) -> Answer:
        entered.set()
        leave.wait(60)
        return drawn(request)

    with serving(slow) as server, SyncFriendli(server_url=server.url) as friendli:
        thread = Thread(target=lambda: friendli.container.image.generate(prompt="p"))
        thread.start()
        assert entered.wait(30)
        assert in_child(friendli.close) == "None"
        leave.set()
        thread.join(60)


def test_threads_of_a_child_do_not_race() -> None:
    """Many threads make a child's first calls at once, and none is counted wrongly."""

    def race() -> None:
        sys.setswitchinterval(1e-6)
        barrier = Barrier(8)

        def draw() -> None:
            barrier.wait()
            friendli.container.image.generate(prompt="p")

        threads = [Thread(target=draw) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        friendli.close()

    with serving(drawn) as server, SyncFriendli(server_url=server.url) as friendli:
        friendli.container.image.generate(prompt="p")
        assert {in_child(race) for _ in range(8)} == {"None"}


def test_a_fork_while_a_thread_makes_a_client_waits_for_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A child makes a client although its parent's thread was in the middle of making one."""
    context, entered, leave = ssl.create_default_context(), Event(), Event()

    def create() -> ssl.SSLContext:
        if current_thread() is not main_thread():
            entered.set()
            leave.wait(60)
        return context

    monkeypatch.setattr(httpx, "create_ssl_context", create)
    thread = Thread(target=SyncFriendli)
    thread.start()
    assert entered.wait(30)
    assert in_child(lambda: SyncFriendli().close()) == "None"
    leave.set()
    thread.join(60)


def test_a_child_does_not_keep_its_parents_connections_open() -> None:
    """What the parent closes is closed at the server, however long the child lives."""
    with serving(drawn) as server:
        friendli = SyncFriendli(server_url=server.url)
        friendli.container.image.generate(prompt="p")
        with waiting_child():
            friendli.close()
            assert server.idle()


def test_a_child_that_is_forked_within_a_call_shares_no_connection_after_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It may end that call, whose connection is the parent's, and makes its own for the next."""
    children: list[int] = []

    def fork(record: logging.LogRecord) -> bool:
        if not children and record.getMessage().startswith("send_request_headers"):
            children.append(os.fork())
            if children[0]:
                os.waitpid(children[0], 0)
                raise ChildProcessError("it has gone on with the call")
        return True

    caplog.set_level(logging.DEBUG, "httpcore.http11")
    monkeypatch.setattr(logging.getLogger("httpcore.http11"), "filters", [fork])
    with serving(drawn) as server, SyncFriendli(server_url=server.url) as friendli:
        with pytest.raises(ChildProcessError):
            two_calls(friendli, children)
        assert len(server.requests) == 2
        assert server.connections == 2


def two_calls(friendli: SyncFriendli, children: list[int]) -> None:
    """Two of them, and the end of a process that turns out to be a child."""
    try:
        friendli.container.image.generate(prompt="p")
        signal.alarm(60)
        friendli.container.image.generate(prompt="p")
    finally:
        if children == [0]:
            os._exit(0)


def test_a_forked_http_client_of_the_caller_is_refused() -> None:
    """An httpx client that was passed in cannot be renewed, and the error says so."""
    friendli = Wire(right).sync()
    said = in_child(lambda: friendli.container.image.generate(prompt="p"))
    assert "the process was forked, and http_client belongs to its parent" in said
    assert len(friendli.container.image.generate(prompt="p").images) == 1


def test_so_is_one_of_an_async_client() -> None:
    """In the child alone."""
    friendli = Wire(right).asynchronous()

    async def draw() -> int:
        return len((await friendli.container.image.generate(prompt="p")).images)

    said = in_child(lambda: asyncio.run(draw()))
    assert "the process was forked, and http_client belongs to its parent" in said
    assert asyncio.run(draw()) == 1


@pytest.mark.parametrize("is_parents", [False, True])
def test_an_async_client_is_forked_beside_a_running_loop(*, is_parents: bool) -> None:
    """A child has a connection of its own, on a loop of its own and on its parent's.

    The parent's loop and connection are undisturbed.
    """
    with serving(drawn) as server:
        friendli = AsyncFriendli(server_url=server.url)

        async def draw() -> bytes:
            return (await friendli.container.image.generate(prompt="p")).images[0].read()

        with asyncio.Runner() as runner:
            in_loop = runner.run if is_parents else asyncio.run
            assert runner.run(draw()) == PNG
            assert in_child(lambda: in_loop(draw())) == repr(PNG)
            assert runner.run(draw()) == PNG
            assert server.connections == 2
            runner.run(friendli.aclose())


def test_a_child_that_is_forked_within_trio_is_warned_of_nothing() -> None:
    """What the parent's event loop has open is not lost there, where trio would miss its end."""

    async def fork() -> str:
        async with AsyncFriendli(server_url=server.url) as friendli:
            await friendli.container.image.generate(prompt="p")
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                return in_child(
                    lambda: [w.message for w in caught if w.category is ResourceWarning]
                )

    with serving(drawn) as server:
        assert trio.run(fork) == "[]"
