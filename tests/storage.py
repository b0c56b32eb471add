"""A storage host for pictures that are at URLs."""

from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread

from friendli_facade import models
from scripts.faults.matrix import LIMIT
from scripts.faults.server import Answer, FaultServer, answer, of_json, serving
from tests.callers import Caller
from tests.samples import PNG

PICTURE = answer("200 OK", PNG, "Content-Type: image/png")


def of_url(url: str, *headers: str) -> Answer:
    """Friendli's answer with a picture at a URL."""
    return of_json({"data": [{"seed": 7, "response_format": "url", "url": url}]}, *headers)


@asynccontextmanager
async def offered(
    client: Callable[..., Caller],
    answers: Iterable[Answer],
    path: str = "/cat.png?signature=s3cret",
    **settings: Any,
) -> AsyncGenerator[tuple[Caller, models.Image, FaultServer]]:
    """A picture at a storage host, which gives these answers and then the picture."""
    left = iter(answers)
    with (
        serving(lambda _: next(left, PICTURE)) as storage,
        serving(lambda _: of_url(storage.url + path)) as server,
    ):
        async with client(server_url=server.url, max_response_bytes=LIMIT, **settings) as friendli:
            yield friendli, (await friendli.draw()).images[0], storage
        assert await anyio.to_thread.run_sync(storage.idle)
        assert len(server.requests) == 1
