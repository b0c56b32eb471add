"""The two clients. They differ in how they send; everything else is shared."""

from __future__ import annotations

import os
import ssl
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, NoReturn, Self, TypeVar, cast

import attrs
import httpx

from friendli_facade._delivery import logs
from friendli_facade._delivery.lifetime import Lifetime
from friendli_facade._requests.settings import DEFAULT_TIMEOUT, Settings, Token
from friendli_facade._rules.violations import Violation
from friendli_facade._unset import UNSET, Timeout, Unset
from friendli_facade.binding import (
    AsyncContainerImage,
    AsyncDedicatedImage,
    SyncContainerImage,
    SyncDedicatedImage,
)
from friendli_facade.errors import ClientClosedError, ValidationError
from friendli_facade.utils import RetryConfig

if TYPE_CHECKING:
    # What only calls need is imported when the first one is made.
    from friendli_facade._answers.downloads import Limits
    from friendli_facade._answers.scanning import Scanner
    from friendli_facade._delivery.connections import Shards
    from friendli_facade._requests.calls import Call, Result
    from friendli_facade._requests.prepared_request import Prepared

__all__ = ["AsyncFriendli", "SyncFriendli"]

_HttpClient = TypeVar("_HttpClient", httpx.Client, httpx.AsyncClient)
_Image = TypeVar("_Image")


@attrs.frozen
class Surface(Generic[_Image]):
    """One side of Friendli: its dedicated endpoints, or a container."""

    image: _Image


class _Friendli(Generic[_HttpClient]):
    """What both clients share: settings, and the life of the httpx client."""

    _http_type: type[_HttpClient]

    def __init__(
        self,
        *,
        token: str | None = None,
        x_friendli_team: str | None = None,
        server_url: str | None = None,
        timeout: Timeout = UNSET,
        retries: RetryConfig | None | Unset = UNSET,
        http_client: _HttpClient | None = None,
        max_response_bytes: int = 256 * 1024 * 1024,
        allow_insecure_http: bool = False,
    ) -> None:
        """A client that is ready to use; raises ValidationError.

        Args:
            token: A Friendli token; without it, that of FRIENDLI_TOKEN. It is sent to dedicated
                endpoints alone, over https or loopback alone.
            x_friendli_team: Id of the team to run as; without it, that of FRIENDLI_TEAM.
            server_url: Where to send every call; without it, https://api.friendli.ai for
                dedicated endpoints and http://localhost:8000 for a container.
            timeout: Seconds, or an `httpx.Timeout`; None for no limit. By default 5 seconds to
                connect, and 10 minutes to read and to write.
            retries: How a failed call is repeated; None for never.
            http_client: An httpx client of the caller's; it stays open when this one is closed.
            max_response_bytes: The largest answer, or download, that is taken.
            allow_insecure_http: Send the token over plain http to any host.
        """
        secret = Token(token or os.environ.get("FRIENDLI_TOKEN"))
        del token  # so that no traceback with local variables shows it
        self._settings = Settings(
            token=secret,
            x_friendli_team=x_friendli_team or os.environ.get("FRIENDLI_TEAM") or None,
            server_url=server_url,
            timeout=timeout,
            retries=retries,
            max_response_bytes=max_response_bytes,
            allow_insecure_http=allow_insecure_http,
        )
        found = self._settings.violations()
        if not isinstance(cast("object", http_client), self._http_type | None):
            rule = f"must be an httpx.{self._http_type.__name__} for {type(self).__name__}"
            found.append(Violation("http_client", rule, type(http_client).__name__))
        if found:
            raise ValidationError(found)
        logs.enable_from_environment()
        self._owns_http = http_client is None
        self._http: _HttpClient = http_client or self._new_http()
        self._process = os.getpid()
        self._lifetime = Lifetime()

    def __repr__(self) -> str:
        settings = self._settings
        return f"{type(self).__name__}(token={settings.token}, server_url={settings.server_url!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} is not pickled: make one in each process")

    def _prepare(self, call: Call[Any]) -> Prepared:
        """The call's request; raises ClientClosedError and ValidationError."""
        if self._process != os.getpid():
            self._renew_after_fork()
        if self._lifetime.is_closed or self._http.is_closed:
            raise ClientClosedError(f"this {type(self).__name__} is closed: make a new one")
        from friendli_facade._requests.prepared_request import prepare

        return prepare(call, self._settings, self._http.timeout)

    @cached_property
    def _ssl(self) -> ssl.SSLContext:
        return httpx.create_ssl_context()  # takes longer than all the rest of a client

    def _new_http(self) -> _HttpClient:
        return self._http_type(timeout=DEFAULT_TIMEOUT, verify=self._ssl)

    def _renew_after_fork(self) -> None:
        """Leaves the connections to the process that made them: two cannot share one."""
        if not self._owns_http:
            raise ClientClosedError(
                "the process was forked, and http_client belongs to its parent: make a new "
                f"httpx client and a new {type(self).__name__}"
            )
        self._http = self._new_http()
        self.__dict__.pop("_shards", None)
        self._process, self._lifetime = os.getpid(), Lifetime()

    def _request(self, prepared: Prepared, content: Any) -> tuple[httpx.Request, Any]:
        """A new request for an attempt, and how httpx shall authenticate it."""
        arguments: dict[str, Any] = {"headers": prepared.headers, "content": content}
        if self._owns_http:
            # Our own client has nothing to add, and merging nothing takes its time.
            extensions = {"timeout": prepared.timeout.as_dict()}
            request = httpx.Request(
                prepared.method, prepared.url, extensions=extensions, **arguments
            )
        else:
            request = self._http.build_request(
                prepared.method, prepared.url, timeout=prepared.timeout, **arguments
            )
        if not prepared.token:
            return request, httpx.USE_CLIENT_DEFAULT
        request.headers.setdefault("Authorization", self._settings.token.header())
        # Nothing that the httpx client or the URL holds replaces our token.
        return request, _as_it_is

    def _limits(self, prepared: Prepared) -> Limits:
        from friendli_facade._answers.downloads import Limits

        return Limits(prepared.retries, prepared.timeout, self._settings.max_response_bytes)

    def _body(self) -> Scanner:
        from friendli_facade._answers.scanning import Scanner

        return Scanner(self._settings.max_response_bytes)


class SyncFriendli(_Friendli[httpx.Client]):
    """Friendli's image API; one client may serve many threads.

    `dedicated.image` and `container.image` each have `generate` and `edit`.
    """

    _http_type = httpx.Client

    @cached_property
    def dedicated(self) -> Surface[SyncDedicatedImage]:
        """Friendli's dedicated endpoints."""
        return Surface(SyncDedicatedImage(self._send))

    @cached_property
    def container(self) -> Surface[SyncContainerImage]:
        """A self-hosted Friendli Container."""
        return Surface(SyncContainerImage(self._send))

    def _send(self, call: Call[Result]) -> Result:
        from friendli_facade._answers import downloads, reading
        from friendli_facade._delivery import exchange, retries

        call.inputs.read()
        prepared = self._prepare(call)
        pictures = downloads.SyncDownloads(self._http, self._limits(prepared))

        def once(attempt: int) -> Result:
            (request, auth), body = self._request(prepared, prepared.content), self._body()
            response = exchange.receive(self._http, request, body, attempt, auth)
            return reading.result(call, response, body, pictures)

        self._lifetime.begin()
        try:
            return retries.run(once, prepared.retries)
        finally:
            if self._lifetime.end() and self._owns_http:
                self._http.close()

    def close(self) -> None:
        """Closes the connections, unless the httpx client is the caller's.

        Raises ClientClosedError if calls are in flight; they go on to their end.
        """
        if self._lifetime.close() and self._owns_http:
            self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncFriendli(_Friendli[httpx.AsyncClient]):
    """Friendli's image API for asyncio and trio; one client may serve many tasks.

    `dedicated.image` and `container.image` each have `generate` and `edit`, to be awaited.
    """

    _http_type = httpx.AsyncClient

    @cached_property
    def _shards(self) -> Shards:
        from friendli_facade._delivery.connections import Shards

        return Shards(self._http, self._new_http if self._owns_http else None)

    @cached_property
    def dedicated(self) -> Surface[AsyncDedicatedImage]:
        """Friendli's dedicated endpoints."""
        return Surface(AsyncDedicatedImage(self._send))

    @cached_property
    def container(self) -> Surface[AsyncContainerImage]:
        """A self-hosted Friendli Container."""
        return Surface(AsyncContainerImage(self._send))

    async def _send(self, call: Call[Result]) -> Result:
        from friendli_facade._answers import downloads, reading
        from friendli_facade._delivery import exchange, retries
        from friendli_facade._requests.body import AsyncContent, Content

        if not call.inputs.is_read:
            import anyio.to_thread

            await anyio.to_thread.run_sync(call.inputs.read)
        prepared = self._prepare(call)
        content: object = prepared.content
        if isinstance(prepared.content, Content):
            content = AsyncContent(prepared.content)
        pictures = downloads.AsyncDownloads(self._shards, self._limits(prepared))

        async def once(attempt: int) -> Result:
            (request, auth), body = self._request(prepared, content), self._body()
            with self._shards.use() as http:
                response = await exchange.areceive(http, request, body, attempt, auth)
            return reading.result(call, response, body, pictures)

        self._lifetime.begin()
        try:
            return await retries.arun(once, prepared.retries)
        finally:
            if self._lifetime.end() and self._owns_http:
                await self._shards.aclose()

    async def aclose(self) -> None:
        """Closes the connections, unless the httpx client is the caller's.

        Raises ClientClosedError if calls are in flight; they go on to their end.
        """
        if self._lifetime.close() and self._owns_http:
            await self._shards.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def _as_it_is(request: httpx.Request) -> httpx.Request:
    return request
