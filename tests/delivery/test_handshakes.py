"""TLS that does not come about: the connection below it is closed."""

import gc
from collections.abc import Callable
from threading import Event
from typing import Any

import anyio
import anyio.to_thread
import httpcore
import pytest

from friendli_facade import APITimeoutError
from scripts.faults.server import answer, serving
from tests.callers import Caller
from tests.conftest import Clock

Client = Callable[..., Caller]


@pytest.mark.parametrize("way", ["asyncio", "trio"])
async def test_a_call_that_is_cancelled_within_a_handshake_leaves_no_connection(
    client: Client,
) -> None:
    """Its end is there at once, and not when the collector finds it, or the event loop ends."""
    asked, leave = Event(), Event()

    def greet() -> None:
        asked.set()
        leave.wait(60)

    with serving(lambda _: answer(), greet) as server:
        async with client(server_url=server.url.replace("http:", "https:")) as friendli:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(friendli.draw)
                await anyio.to_thread.run_sync(asked.wait, 30)
                tasks.cancel_scope.cancel()
            leave.set()
            assert await anyio.to_thread.run_sync(server.idle, 0, 10)


@pytest.mark.parametrize("way", ["sync"])
async def test_a_handshake_that_would_begin_too_late_leaves_no_connection(
    client: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Connecting took all the time of the call: what is connected is closed, and nothing warns."""
    connect = httpcore.SyncBackend.connect_tcp

    def slowly(self: Any, *arguments: Any, **named: Any) -> httpcore.NetworkStream:
        stream = connect(self, *arguments, **named)
        clock.now += 1000
        return stream

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", slowly)
    with serving(lambda _: answer()) as server:
        async with client(server_url=server.url.replace("http:", "https:")) as friendli:
            with pytest.raises(APITimeoutError) as failed:
                await friendli.draw()
        gc.collect()
        assert server.idle()
    assert not failed.value.ambiguous
