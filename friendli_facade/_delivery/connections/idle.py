"""httpx clients of our own, each for one request at a time, kept for the next one.

httpx's pool looks through all of its requests whenever one begins or ends, so hundreds of them
hold each other up; and what interrupts a request, such as `task.cancel()` or KeyboardInterrupt,
can cost the pool a place for good. With a client to each request none is held up, and one whose
request failed is thrown away.
"""

from collections import deque
from collections.abc import Callable, Iterator
from time import monotonic
from typing import Generic, TypeVar

import httpx

HttpClient = TypeVar("HttpClient", bound=httpx.Client | httpx.AsyncClient)

MOST = 64  # idle clients of a kind: as many as a usual burst, and few enough to leave open
SECONDS = 5  # what httpx keeps an idle connection for


class Idle(Generic[HttpClient]):
    """The clients that wait for a request, of one process and one event loop.

    They are of two kinds: `direct`, and those that go through the proxies of the environment.

    Args:
        make: Makes one of the kind.
    """

    def __init__(self, make: Callable[[bool], HttpClient]) -> None:
        self._make = make
        self._waiting: dict[bool, deque[tuple[HttpClient, float]]] = {
            direct: deque() for direct in (True, False)
        }

    def take(self, *, direct: bool) -> HttpClient:
        """The client that was used last, whose connection is warm, or a new one."""
        try:
            return self._waiting[direct].pop()[0]
        except IndexError:
            return self._make(direct)

    def put(self, http: HttpClient, *, direct: bool) -> None:
        """Keeps a client for the next request."""
        self._waiting[direct].append((http, monotonic()))

    def surplus(self, most: int = MOST) -> Iterator[HttpClient]:
        """Those that are more than `most`, or waited for too long, to be closed."""
        oldest = monotonic() - SECONDS
        for waiting in self._waiting.values():
            try:
                while len(waiting) > most or waiting[0][1] < oldest:
                    yield waiting.popleft()[0]
            except IndexError:  # none is left
                continue
