"""Calls every operation, sync and async; run by another Python, with other versions installed."""

import asyncio
import base64
import socket
from contextlib import suppress
from threading import Event, Thread
from typing import Any
from unittest.mock import patch

import httpx

from friendli_facade import (
    APIConnectionError,
    APITimeoutError,
    AsyncFriendli,
    ServerError,
    SyncFriendli,
    UnprocessableEntityError,
    ValidationError,
    utils,
)

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(32)
TEXT = base64.b64encode(PICTURE).decode()
RETRIES = utils.RetryConfig("backoff", utils.BackoffStrategy(1, 5000, 1.0, 10_000), False)
DEDICATED: dict[str, Any] = {"model": "m", "prompt": "p", "retries": RETRIES, "seed": None}
CONTAINER: dict[str, Any] = {"prompt": "p", "retries": RETRIES, "num_inference_steps": 20}


busy = [429, 503]
waited: list[float] = []


async def wait(seconds: float) -> None:
    """Waits no time, and says how long it would have been."""
    waited.append(seconds)


def answer(request: httpx.Request) -> httpx.Response:
    """What the path asks for: a picture, a link to one, or an error."""
    path = request.url.path
    if path.startswith("/busy") and busy:
        return httpx.Response(busy.pop(), headers={"Retry-After": "4"})
    if path.startswith("/error/"):
        return httpx.Response(int(path.split("/")[2]), json={"detail": "No."})
    if path.startswith("/silence"):
        raise httpx.ConnectError("refused", request=request)
    if path == "/picture.png":
        return httpx.Response(200, content=PICTURE)
    if path.endswith("/edits") and path.startswith("/dedicated"):
        item = {"seed": 7, "response_format": "url", "url": "https://example.com/picture.png"}
        return httpx.Response(200, json={"data": [item]})
    if path.startswith("/dedicated"):
        item = {"seed": 7, "response_format": "png", "b64_json": TEXT}
        return httpx.Response(200, json={"data": [item]})
    return httpx.Response(200, json={"image": TEXT})


def sync() -> None:
    """All operations and every kind of error, by the sync client."""
    http = httpx.Client(transport=httpx.MockTransport(answer))
    with http, SyncFriendli(token="t", http_client=http) as friendli:
        dedicated, container = friendli.dedicated.image, friendli.container.image
        for result in (
            dedicated.generate(control_images=[PICTURE], controlnet_weights=[0.5], **DEDICATED),
            dedicated.edit(image=[PICTURE, TEXT], timeout=5, **DEDICATED),
            container.generate(http_headers={"X-Trace": "1"}, **CONTAINER),
            container.edit(image=PICTURE, timeout=httpx.Timeout(None), **CONTAINER),
        ):
            assert result.images[0].read() == PICTURE
        for kind, server, steps in (
            (ValidationError, "http://localhost", 51),
            (UnprocessableEntityError, "http://localhost/error/422", 50),
            (ServerError, "http://localhost/error/529", 50),
            (APIConnectionError, "http://localhost/silence", 50),
        ):
            # pytest is not installed where this runs.
            with suppress(kind):
                container.generate(
                    prompt="p", num_inference_steps=steps, server_url=server, retries=None
                )
                raise AssertionError(kind)
        busy[:] = [429, 503]
        assert container.generate(server_url="http://localhost/busy", **CONTAINER).image == TEXT
        assert (busy, waited) == ([], [4, 4])
    with SyncFriendli(server_url=late, timeout=0.2) as friendli:
        assert "SyncFriendli" in repr(friendli)
        with suppress(APITimeoutError):
            friendli.container.image.generate(prompt="p")
            raise AssertionError("a server that drips bytes was waited for")


async def asynchronous() -> None:
    """All operations, by the async client."""
    http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    async with http, AsyncFriendli(token="t", http_client=http) as friendli:
        dedicated, container = friendli.dedicated.image, friendli.container.image
        for result in await asyncio.gather(
            dedicated.generate(**DEDICATED), dedicated.edit(image=PICTURE, **DEDICATED)
        ):
            assert await result.images[0].aread() == PICTURE
        for drawn in await asyncio.gather(
            container.generate(**CONTAINER), container.edit(image=[PICTURE], **CONTAINER)
        ):
            assert drawn.image == TEXT
        busy[:] = [429, 503]
        drawn = await container.generate(server_url="http://localhost/busy", **CONTAINER)
        assert (drawn.image, busy, waited) == (TEXT, [], [4, 4, 4, 4])
    with suppress(APITimeoutError):
        async with AsyncFriendli(server_url=late, timeout=0.2) as friendli:
            await friendli.container.image.generate(prompt="p")
            raise AssertionError("a server that drips bytes was waited for")


def drip(listener: socket.socket) -> None:
    """Sends a byte now and then, for five seconds each time, and then the end of the headers."""
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:  # it is shut down
            return
        with suppress(OSError), connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 500 Too late\r\nX: ")
            for _ in range(100):
                connection.sendall(b"x")
                Event().wait(0.05)
            connection.sendall(b"\r\n\r\n")


with (
    socket.create_server(("127.0.0.1", 0)) as dripping,
    patch("time.sleep", waited.append),
    patch("friendli_facade._delivery.retries.pause", wait),
):
    late = f"http://127.0.0.1:{dripping.getsockname()[1]}"
    thread = Thread(target=drip, args=(dripping,))
    thread.start()
    sync()
    asyncio.run(asynchronous())
    # A call that was given up before it was sent has no connection, and none is waited for.
    dripping.shutdown(socket.SHUT_RDWR)
    thread.join()
