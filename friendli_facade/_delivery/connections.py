"""The connections of a client: what both kinds share, and those of a sync one.

A connection belongs to one process, one event loop and one request at a time. Whoever has a
request, a call or a picture that is downloaded later, brings it here and keeps no connection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic

import httpx

from friendli_facade._delivery import forks
from friendli_facade._delivery.exchange import Receiver, receive
from friendli_facade._delivery.idle import MOST, HttpClient, Idle
from friendli_facade._delivery.lifetime import Lifetime
from friendli_facade._requests import urls
from friendli_facade._requests.settings import DEFAULT_TIMEOUT
from friendli_facade.errors import ClientClosedError, FriendliError

if TYPE_CHECKING:
    from friendli_facade._requests.prepared_request import Prepared


class Connections(Generic[HttpClient]):
    """What sync and async share.

    Args:
        http: An httpx client of the caller's, through which everything goes; None for our own.
        name: What errors call the client.
    """

    http_type: type[HttpClient]

    def __init__(self, http: HttpClient | None, name: str) -> None:
        self.lifetime = Lifetime(name)
        self._name = name
        self._http = http
        self._is_inherited = False
        if http is None:
            self._ssl = httpx.create_ssl_context()  # takes longer than all the rest of a client

    @property
    def timeout(self) -> httpx.Timeout:
        """What counts where nobody set another."""
        return DEFAULT_TIMEOUT if self._http is None else self._http.timeout

    def request(self, prepared: Prepared) -> httpx.Request:
        """A new request, with what the caller's httpx client adds to every one."""
        if self._http is not None:
            return self._http.build_request(
                prepared.method,
                prepared.url,
                headers=prepared.headers,
                content=prepared.content,
                timeout=prepared.timeout,
            )
        # Our own have nothing to add, and merging nothing takes its time.
        return httpx.Request(
            prepared.method,
            prepared.url,
            headers=prepared.headers,
            content=prepared.content,
            extensions={"timeout": prepared.timeout.as_dict()},
        )

    def forked(self) -> None:
        """Leaves the connections to the process that made them: two cannot share one."""
        self.lifetime.forked()
        self._is_inherited = True

    def _new_idle(self) -> Idle[HttpClient]:
        return Idle(self.http_type, self._ssl)

    @property
    def _most(self) -> int:
        """How many idle connections are kept."""
        return 0 if self.lifetime.is_closed else MOST

    def _check_process(self) -> None:
        """Raises ClientClosedError where the caller's httpx client was made in another process."""
        if self._is_inherited:
            raise ClientClosedError(
                "the process was forked, and http_client belongs to its parent: make a new "
                f"httpx client and a new {self._name}"
            )


class SyncConnections(Connections[httpx.Client]):
    """Connections of the caller's threads."""

    http_type = httpx.Client

    def __init__(self, http: httpx.Client | None, name: str) -> None:
        super().__init__(http, name)
        if http is None:
            self._idle = self._new_idle()
        forks.watch(self)

    def receive(
        self, request: httpx.Request, body: Receiver, attempt: int, auth: Any = None
    ) -> httpx.Response:
        """The response to a request, whose body is now in `body`; raises APIConnectionError."""
        if self._http is not None:
            self._check_process()
            return receive(self._http, request, body, attempt, auth)
        direct, idle = is_direct(request), self._idle
        http = idle.take(direct=direct)
        try:
            response = receive(http, request, body, attempt)
        except FriendliError:
            self._keep(idle, http, direct=direct)
            raise
        # After any other error, which may have come at any moment (KeyboardInterrupt, or what a
        # signal handler raises), the client is left to the garbage collector: its pool may be
        # locked for good, and closing it would wait for that.
        self._keep(idle, http, direct=direct)
        return response

    def _keep(self, idle: Idle[httpx.Client], http: httpx.Client, *, direct: bool) -> None:
        idle.put(http, direct=direct)
        # Looked at last: a client that another thread closes meanwhile leaves nothing open.
        for surplus in idle.surplus(self._most):
            surplus.close()

    def close(self) -> None:
        """Closes what is idle, unless it is the caller's; a call closes its own when it ends."""
        if self._http is None:
            for http in self._idle.surplus(0):
                http.close()

    def forked(self) -> None:
        """Closes this process' ends of the idle connections, of which the parent notices nothing.

        No thread of the parent used one of these, so none of them is locked.
        """
        super().forked()
        if self._http is None:
            self.close()
            self._idle = self._new_idle()


def is_direct(request: httpx.Request) -> bool:
    """Whether a request goes past the proxies of the environment.

    Over plain http a proxy reads all of it, and what stays on this machine, or carries a token,
    is nobody else's to read.
    """
    if request.url.scheme != "http":
        return False
    return urls.is_loopback(request.url.host) or "Authorization" in request.headers
