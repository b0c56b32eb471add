"""httpx clients whose answers are written by the test, without a socket."""

import json
from collections.abc import Callable
from typing import Any

import attrs
import httpx

from friendli_facade import AsyncFriendli, SyncFriendli
from tests.samples import answer


@attrs.define
class Wire:
    """Answers every request by `handler`, and keeps what was sent."""

    handler: Callable[[httpx.Request], httpx.Response]
    requests: list[httpx.Request] = attrs.field(factory=list[httpx.Request])

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """The answer to a request."""
        self.requests.append(request)
        return self.handler(request)

    @property
    def bodies(self) -> list[Any]:
        """The JSON of each request."""
        return [json.loads(request.content) for request in self.requests]

    def sync(self, **arguments: Any) -> SyncFriendli:
        """A sync client on this wire, that does not retry unless told."""
        http = httpx.Client(transport=httpx.MockTransport(self))
        arguments = {"token": "flp_test", "retries": None, **arguments}
        return SyncFriendli(http_client=http, **arguments)

    def asynchronous(self, **arguments: Any) -> AsyncFriendli:
        """An async client on this wire, that does not retry unless told."""
        http = httpx.AsyncClient(transport=httpx.MockTransport(self))
        arguments = {"token": "flp_test", "retries": None, **arguments}
        return AsyncFriendli(http_client=http, **arguments)


def right(request: httpx.Request) -> httpx.Response:
    """An answer of the contract's shape."""
    return httpx.Response(200, json=answer(request.url.path))


def always(*arguments: Any, **options: Any) -> Callable[[httpx.Request], httpx.Response]:
    """The same answer to everything."""
    return lambda _: httpx.Response(*arguments, **options)
