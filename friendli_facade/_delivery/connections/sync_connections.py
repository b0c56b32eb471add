"""The connections of a client: what both kinds share, and those of a sync one.

A connection belongs to one process, one event loop and one request at a time. Whoever has a
request, a call or a picture that is downloaded later, brings it here and keeps no connection.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any, Generic

import httpx

from friendli_facade._delivery.connections import forks, idle
from friendli_facade._delivery.connections.idle import HttpClient, Idle
from friendli_facade._delivery.connections.lifetime import Lifetime
from friendli_facade._delivery.connections.own_clients import SyncClient
from friendli_facade._delivery.exchange import receive
from friendli_facade._delivery.failures import Progress
from friendli_facade._error_answers.printing import shown
from friendli_facade._requests import urls
from friendli_facade._requests.body import Whole
from friendli_facade._requests.time_limits import DEFAULT_TIMEOUT
from friendli_facade._rules.violations import Violation
from friendli_facade.errors import APIConnectionError, ClientClosedError, ValidationError

if TYPE_CHECKING:
    from friendli_facade._delivery.deadline import Attempt
    from friendli_facade._delivery.receiving import Receiver
    from friendli_facade._requests.prepared_request import Prepared
    from friendli_facade.errors import Answer


class Connections(Generic[HttpClient]):
    """What sync and async share.

    Args:
        http: An httpx client of the caller's, through which everything goes; None for our own.
        name: What errors call the client.
    """

    own_type: type[HttpClient]

    def __init__(self, http: HttpClient | None, name: str) -> None:
        self.lifetime = Lifetime(name)
        self._name = name
        self._http = http
        self._is_inherited = False
        if http is None:
            self._ssl = _certificates()

    @property
    def timeout(self) -> httpx.Timeout:
        """What counts where nobody set another."""
        return DEFAULT_TIMEOUT if self._http is None else self._http.timeout

    def request(self, prepared: Prepared) -> httpx.Request:
        """A new request, with what the caller's httpx client adds; raises APIConnectionError."""
        method, url, content = prepared.method, prepared.url, prepared.content
        if self._http is None:
            # All that httpx would add, for which it would read every header again.
            headers = prepared.headers.copy()
            headers["Host"] = url.netloc.decode("ascii")
            stream = Whole(content) if isinstance(content, bytes) else content
            return httpx.Request(method, url, headers=headers, stream=stream)
        try:
            request = self._http.build_request(
                method, url, headers=prepared.headers, content=content
            )
        except UnicodeError as error:  # a cookie that a server left there, say
            reason = f"http_client adds what cannot be sent: {error}"
            place = shown(url)
            raise APIConnectionError(
                method, place, reason, ambiguous=False, lasting=True
            ) from error
        if isinstance(content, httpx.AsyncByteStream):
            # httpx put it into an async generator: of one that is left at its middle, trio warns.
            request.stream = content
        return request

    def forked(self) -> None:
        """Leaves the connections to the process that made them: two cannot share one."""
        self.lifetime.forked()
        self._is_inherited = True

    def _make(self, direct: bool) -> HttpClient:
        """An httpx client of our own."""
        try:
            return self.own_type(verify=self._ssl, trust_env=not direct)
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            # The words of the others may hold a proxy's password.
            reason = str(error) if isinstance(error, ImportError) else type(error).__name__
        rule = f"must name proxies that httpx can use ({reason})"
        raise ValidationError([Violation("HTTP_PROXY, HTTPS_PROXY, ALL_PROXY or NO_PROXY", rule)])

    @property
    def _most_idle(self) -> int:
        return 0 if self.lifetime.is_closed else idle.MOST

    def _check_process(self) -> None:
        """Raises ClientClosedError where the caller's httpx client was made in another process."""
        if self._is_inherited:
            raise ClientClosedError(
                "the process was forked, and http_client belongs to its parent: make a new "
                f"httpx client and a new {self._name}"
            )


class SyncConnections(Connections[httpx.Client]):
    """Connections of the caller's threads."""

    own_type = SyncClient

    def __init__(self, http: httpx.Client | None, name: str) -> None:
        super().__init__(http, name)
        self._idle = Idle(self._make)
        forks.watch(self)

    def receive(
        self, request: httpx.Request, body: Receiver, attempt: Attempt, auth: Any = None
    ) -> Answer:
        """The answer to a request, a success with its body in `body`; raises FriendliError."""
        if self._http is not None:
            self._check_process()
            return receive(self._http, Progress(request), body, attempt, auth)
        # A fork within a request finds others here, and leaves this one to the parent too.
        direct, idle = is_direct(request), self._idle
        http = idle.take(direct=direct)
        try:
            answer = receive(http, Progress(request), body, attempt)
        except BaseException:
            http.close()
            raise
        idle.put(http, direct=direct)
        # Looked at last: a client that another thread closes meanwhile leaves nothing open.
        for surplus in idle.surplus(self._most_idle):
            surplus.close()
        return answer

    def close(self) -> None:
        """Closes what is idle, unless it is the caller's; a call closes its own when it ends."""
        for http in self._idle.surplus(0):
            http.close()

    def forked(self) -> None:
        """Closes this process' ends of idle connections, of which the parent notices nothing."""
        super().forked()
        self.close()
        self._idle = Idle(self._make)


def _certificates() -> ssl.SSLContext:
    """Those that TLS trusts; takes longer than all the rest of a client."""
    try:
        return httpx.create_ssl_context()
    except OSError as error:
        rule = f"must name certificates that can be read ({error.strerror or error})"
    raise ValidationError([Violation("SSL_CERT_FILE or SSL_CERT_DIR", rule)])


def is_direct(request: httpx.Request) -> bool:
    """Whether a request goes past the proxies of the environment.

    Over plain http a proxy reads all of it, and what stays on this machine, or carries a token,
    is nobody else's to read.
    """
    if request.url.scheme != "http":
        return False
    return urls.is_loopback(request.url.host) or "Authorization" in request.headers
