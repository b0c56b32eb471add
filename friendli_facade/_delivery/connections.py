"""Keeps an async client quick with many requests in flight.

httpx's pool looks through all of its requests whenever one begins or ends, so hundreds of them
hold each other up. A few to each httpx client, and none of them notices.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager

import attrs
import httpx

_MOST = 4  # requests at a time; measured best among 1 to 64


@attrs.define(eq=False)
class _Shard:
    http: httpx.AsyncClient
    requests: int = 0


class Shards:
    """The httpx clients of an AsyncFriendli: one of the caller's, or as many as it takes.

    Args:
        first: The client to begin with.
        make: Makes another; None where the first is the caller's, and is to take everything.
    """

    def __init__(
        self, first: httpx.AsyncClient, make: Callable[[], httpx.AsyncClient] | None
    ) -> None:
        self._make = make
        self._shards = [_Shard(first)]
        # Those with room; the last is the one used last, whose connections are warm.
        self._free = list(self._shards)

    @contextmanager
    def use(self) -> Generator[httpx.AsyncClient]:
        """A client for one request, to its end."""
        if self._make is None:
            yield self._shards[0].http
            return
        if not self._free:
            shard = _Shard(self._make())
            self._shards.append(shard)
            self._free.append(shard)
        shard = self._free[-1]
        shard.requests += 1
        if shard.requests == _MOST:
            self._free.pop()
        try:
            yield shard.http
        finally:
            if shard.requests == _MOST:
                self._free.append(shard)
            shard.requests -= 1

    async def aclose(self) -> None:
        """Closes all of them."""
        for shard in self._shards:
            await shard.http.aclose()
