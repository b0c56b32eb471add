"""From a call to its result: the one place where sync and async differ.

Comes in: an operation's name and its arguments. Goes out: a result, or an error. It leads a call
through the rooms: `_requests`, `_delivery`, `_answers`.
"""

from __future__ import annotations

import os
import ssl
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import httpx

from friendli_facade._delivery.lifetime import Lifetime
from friendli_facade._requests.settings import Settings
from friendli_facade._requests.time_limits import DEFAULT_TIMEOUT
from friendli_facade.errors import ClientClosedError

if TYPE_CHECKING:
    # What only calls need is imported when the first one is made.
    from friendli_facade._answers.downloads import Limits
    from friendli_facade._answers.scanning import Scanner
    from friendli_facade._delivery.connections import Shards
    from friendli_facade._delivery.deadline import Attempt
    from friendli_facade._requests.calls import Call
    from friendli_facade._requests.prepared_request import Prepared

HttpClient = TypeVar("HttpClient", httpx.Client, httpx.AsyncClient)
Result = TypeVar("Result")


class Sender(Generic[HttpClient]):
    """What both share: settings, and the life of the httpx client.

    Args:
        settings: What holds for every call, unless the call says otherwise.
        http: An httpx client of the caller's, which stays open; None for one of our own.
        name: What errors call the client.
    """

    http_type: type[HttpClient]

    def __init__(self, settings: Settings, http: HttpClient | None, name: str) -> None:
        self.settings = settings
        self._name = name
        self._owns_http = http is None
        self._http: HttpClient = http or self._new_http()
        self._process = os.getpid()
        self._lifetime = Lifetime()

    def _prepare(self, call: Call) -> Prepared:
        """The call's request; raises ClientClosedError and ValidationError."""
        if self._process != os.getpid():
            self._renew_after_fork()
        if self._lifetime.is_closed or self._http.is_closed:
            raise ClientClosedError(f"this {self._name} is closed: make a new one")
        from friendli_facade._requests.prepared_request import prepare

        return prepare(call, self.settings, self._http.timeout)

    @cached_property
    def _ssl(self) -> ssl.SSLContext:
        return httpx.create_ssl_context()  # takes longer than all the rest of a client

    def _new_http(self) -> HttpClient:
        return self.http_type(timeout=DEFAULT_TIMEOUT, verify=self._ssl)

    def _renew_after_fork(self) -> None:
        """Leaves the connections to the process that made them: two cannot share one."""
        if not self._owns_http:
            raise ClientClosedError(
                "the process was forked, and http_client belongs to its parent: make a new "
                f"httpx client and a new {self._name}"
            )
        self._http = self._new_http()
        self.__dict__.pop("_shards", None)
        self._process, self._lifetime = os.getpid(), Lifetime()

    def _request(self, prepared: Prepared, content: Any) -> tuple[httpx.Request, Any]:
        """A new request for an attempt, and how httpx shall authenticate it."""
        arguments: dict[str, Any] = {"headers": prepared.headers, "content": content}
        if self._owns_http:
            # Our own client has nothing to add, and merging nothing takes its time.
            request = httpx.Request(prepared.method, prepared.url, **arguments)
        else:
            request = self._http.build_request(prepared.method, prepared.url, **arguments)
        if not prepared.token:
            return request, httpx.USE_CLIENT_DEFAULT
        request.headers.setdefault("Authorization", self.settings.token.header())
        # Nothing that the httpx client or the URL holds replaces our token.
        return request, _as_it_is

    def _limits(self, prepared: Prepared) -> Limits:
        from friendli_facade._answers.downloads import Limits

        return Limits(prepared.retries, prepared.time_limits, self.settings.max_response_bytes)

    def _body(self) -> Scanner:
        from friendli_facade._answers.scanning import Scanner

        return Scanner(self.settings.max_response_bytes)


class SyncSender(Sender[httpx.Client]):
    """Sends in the caller's thread."""

    http_type = httpx.Client

    def _new_http(self) -> httpx.Client:
        from friendli_facade._delivery import streams

        return streams.bound(super()._new_http())

    def send(self, kind: type[Result], operation: str, **arguments: Any) -> Result:
        """The result, of type `kind`, of a call of an operation; raises FriendliError."""
        from friendli_facade._answers import downloads, reading
        from friendli_facade._delivery import exchange, retries
        from friendli_facade._delivery.deadline import Deadline
        from friendli_facade._requests import calls

        call = calls.describe(operation, arguments)
        del arguments  # a traceback with local variables shows them once, and not here too
        call.inputs.read()
        prepared = self._prepare(call)
        pictures = downloads.SyncDownloads(self._http, self._limits(prepared))

        def once(attempt: Attempt) -> Result:
            (request, auth), body = self._request(prepared, prepared.content), self._body()
            response = exchange.receive(self._http, request, body, attempt, auth)
            return reading.result(kind, call, response, body, pictures)

        self._lifetime.begin()
        deadline = Deadline(prepared.time_limits)
        try:
            return retries.run(once, prepared.retries, deadline)
        finally:
            if self._lifetime.end() and self._owns_http:
                self._http.close()

    def close(self) -> None:
        """Closes the connections, unless they are the caller's; raises ClientClosedError."""
        if self._lifetime.close() and self._owns_http:
            self._http.close()


class AsyncSender(Sender[httpx.AsyncClient]):
    """Sends on the running event loop, of asyncio or trio."""

    http_type = httpx.AsyncClient

    @cached_property
    def _shards(self) -> Shards:
        from friendli_facade._delivery.connections import Shards

        return Shards(self._http, self._new_http if self._owns_http else None)

    async def send(self, kind: type[Result], operation: str, **arguments: Any) -> Result:
        """The result, of type `kind`, of a call of an operation; raises FriendliError."""
        from friendli_facade._answers import downloads, reading
        from friendli_facade._delivery import exchange, retries
        from friendli_facade._delivery.deadline import Deadline
        from friendli_facade._requests import calls
        from friendli_facade._requests.body import AsyncContent, Content

        call = calls.describe(operation, arguments)
        del arguments  # a traceback with local variables shows them once, and not here too
        if not call.inputs.is_read:
            import anyio.to_thread

            await anyio.to_thread.run_sync(call.inputs.read)
        prepared = self._prepare(call)
        content: object = prepared.content
        if isinstance(prepared.content, Content):
            content = AsyncContent(prepared.content)
        pictures = downloads.AsyncDownloads(self._shards, self._limits(prepared))

        async def once(attempt: Attempt) -> Result:
            (request, auth), body = self._request(prepared, content), self._body()
            with self._shards.use() as http:
                response = await exchange.areceive(http, request, body, attempt, auth)
            return reading.result(kind, call, response, body, pictures)

        self._lifetime.begin()
        deadline = Deadline(prepared.time_limits)
        try:
            return await retries.arun(once, prepared.retries, deadline)
        finally:
            if self._lifetime.end() and self._owns_http:
                await self._shards.aclose()

    async def close(self) -> None:
        """Closes the connections, unless they are the caller's; raises ClientClosedError."""
        if self._lifetime.close() and self._owns_http:
            await self._shards.aclose()


def _as_it_is(request: httpx.Request) -> httpx.Request:
    return request
