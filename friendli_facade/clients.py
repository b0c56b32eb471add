"""The two clients. They differ in how they send; everything else is shared."""

from collections.abc import Generator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Generic, Self, TypeVar, cast

import attrs
import httpx
from friendli_api.types import UNSET, Unset

from friendli_facade import answers
from friendli_facade.binding import (
    AsyncContainerImage,
    AsyncDedicatedImage,
    SyncContainerImage,
    SyncDedicatedImage,
)
from friendli_facade.calls import Call, Result, Timeout
from friendli_facade.downloads import AsyncDownloads, SyncDownloads
from friendli_facade.errors import (
    APIConnectionError,
    APITimeoutError,
    ClientClosedError,
    ValidationError,
)
from friendli_facade.settings import DEFAULT_TIMEOUT, Settings
from friendli_facade.utils import RetryConfig
from friendli_facade.violations import Violation

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
        """
        self._settings = Settings.of(
            token=token,
            x_friendli_team=x_friendli_team,
            server_url=server_url,
            timeout=timeout,
            retries=retries,
        )
        if not isinstance(cast("object", http_client), self._http_type | None):
            rule = f"must be an httpx.{self._http_type.__name__} for {type(self).__name__}"
            raise ValidationError([Violation("http_client", rule, type(http_client).__name__)])
        self._owns_http = http_client is None
        self._http: _HttpClient = http_client or self._http_type(timeout=DEFAULT_TIMEOUT)
        self._closed = False

    def __repr__(self) -> str:
        token = "'***'" if self._settings.token else None
        return f"{type(self).__name__}(token={token}, server_url={self._settings.server_url!r})"

    def _request(self, call: Call[Any]) -> tuple[httpx.Request, Any]:
        """The call's request, and how httpx shall authenticate it."""
        if self._closed or self._http.is_closed:
            raise ClientClosedError(f"this {type(self).__name__} is closed: make a new one")
        prepared = self._settings.prepare(call, self._http.timeout)
        request = self._http.build_request(
            prepared.method,
            prepared.url,
            headers=prepared.headers,
            content=prepared.content,
            timeout=prepared.timeout,
        )
        # Where our token is sent, nothing that the httpx client or the URL holds replaces it.
        return request, _as_it_is if prepared.token else httpx.USE_CLIENT_DEFAULT


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
        request, auth = self._request(call)
        with _no_answer(request):
            response = self._http.send(request, auth=auth, follow_redirects=False)
        return answers.result(call, response, SyncDownloads(self._http))

    def close(self) -> None:
        """Closes the connections, unless the httpx client is the caller's."""
        self._closed = True
        if self._owns_http:
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
    def dedicated(self) -> Surface[AsyncDedicatedImage]:
        """Friendli's dedicated endpoints."""
        return Surface(AsyncDedicatedImage(self._send))

    @cached_property
    def container(self) -> Surface[AsyncContainerImage]:
        """A self-hosted Friendli Container."""
        return Surface(AsyncContainerImage(self._send))

    async def _send(self, call: Call[Result]) -> Result:
        request, auth = self._request(call)
        with _no_answer(request):
            response = await self._http.send(request, auth=auth, follow_redirects=False)
        return answers.result(call, response, AsyncDownloads(self._http))

    async def aclose(self) -> None:
        """Closes the connections, unless the httpx client is the caller's."""
        self._closed = True
        if self._owns_http:
            await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


@contextmanager
def _no_answer(request: httpx.Request) -> Generator[None]:
    """Raises httpx's failures as ours."""
    try:
        yield
    except httpx.RequestError as error:
        kind = APITimeoutError if isinstance(error, httpx.TimeoutException) else APIConnectionError
        reason = str(error) or type(error).__name__
        raise kind(request.method, answers.shown(request.url), reason) from error


def _as_it_is(request: httpx.Request) -> httpx.Request:
    return request
