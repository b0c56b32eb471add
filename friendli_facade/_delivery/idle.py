"""httpx clients of our own, each for one request at a time, kept for the next one.

httpx's pool looks through all of its requests whenever one begins or ends, so hundreds of them
hold each other up; and what interrupts a request, such as `task.cancel()` or KeyboardInterrupt,
can cost the pool a place, or leave it locked, for good. With a client to each request none is
held up, and an interrupted one is thrown away.
"""

from collections import deque
from collections.abc import Iterator
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ssl import SSLContext
from time import monotonic
from typing import Generic, TypeVar

import httpx

HttpClient = TypeVar("HttpClient", bound=httpx.Client | httpx.AsyncClient)

MOST = 64  # idle clients of a kind: as many as a usual burst, and few enough to leave open
SECONDS = 5  # what httpx keeps an idle connection for


class Idle(Generic[HttpClient]):
    """The clients that wait for a request, of one process and one event loop.

    They come in two kinds: `direct`, and those that go through the environment's proxies.
    """

    def __init__(self, http_type: type[HttpClient], ssl: SSLContext) -> None:
        self._http_type = http_type
        self._ssl = ssl
        self._waiting: dict[bool, deque[tuple[HttpClient, float]]] = {
            direct: deque() for direct in (True, False)
        }

    def take(self, *, direct: bool) -> HttpClient:
        """The client that was used last, whose connection is warm, or a new one."""
        try:
            return self._waiting[direct].pop()[0]
        except IndexError:
            # Nothing reads its cookies, so it keeps none.
            cookies = CookieJar(DefaultCookiePolicy(allowed_domains=()))
            return self._http_type(verify=self._ssl, trust_env=not direct, cookies=cookies)

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
