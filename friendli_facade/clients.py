"""The two clients: their settings, their resources, and their `with` blocks."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic, NoReturn, Self, TypeVar, cast

import attrs
import httpx

from friendli_facade._delivery import logs
from friendli_facade._delivery.connections.idle import HttpClient
from friendli_facade._language.lazy_resource import resource
from friendli_facade._language.named_arguments import NamedArguments
from friendli_facade._language.unset import UNSET
from friendli_facade._sender import AsyncSender, Sender, SyncSender

if TYPE_CHECKING:
    from friendli_facade._language.unset import Unset
    from friendli_facade._requests.settings import Settings
    from friendli_facade._resources import (
        AsyncContainer,
        AsyncDedicated,
        SyncContainer,
        SyncDedicated,
    )
    from friendli_facade._rules.violations import Violation
    from friendli_facade.utils import Cache, RetryConfig, Timeout

__all__ = ["AsyncFriendli", "SyncFriendli"]


_Sender = TypeVar("_Sender", bound="Sender[Any]")
_TokenFunction = TypeVar("_TokenFunction", bound=Callable[[], Any])


def _resources() -> Any:
    """The module of the methods: the types in their signatures are imported when one is used."""
    from friendli_facade import _resources

    return _resources


@contextmanager
def _noted(error: BaseException | None) -> Generator[None]:
    """Where `error` is on its way, calls in flight are a note of it, and no error that hides it."""
    from friendli_facade.errors import ClientClosedError

    try:
        yield
    except ClientClosedError as closed:
        if error is None:
            raise
        error.add_note(str(closed))


class _Friendli(NamedArguments, Generic[HttpClient, _Sender, _TokenFunction]):
    """What both clients are told, checked."""

    _http_type: type[HttpClient]
    _sender_type: Callable[[Settings, HttpClient | None, str], _Sender]

    def __init__(
        self,
        *,
        token: str | _TokenFunction | None = None,
        x_friendli_team: str | None = None,
        server_url: str | None = None,
        timeout: Timeout = UNSET,
        retries: RetryConfig | None | Unset = UNSET,
        http_headers: Mapping[str, str] | None = None,
        http_client: HttpClient | None = None,
        max_response_bytes: int = 256 * 1024 * 1024,
        allow_insecure_http: bool = False,
        cache: Cache | str | os.PathLike[str] | None = None,
    ) -> None:
        """A client that is ready to use; raises ValidationError.

        Args:
            token: A Friendli token, or a function that gives one and is called for each request,
                retries included; without it, that of FRIENDLI_TOKEN. It is sent to dedicated
                endpoints alone, over https or loopback alone. The function of an AsyncFriendli may
                be async; what it raises leaves the call as it is.
            x_friendli_team: Id of the team to run as; without it, that of FRIENDLI_TEAM.
            server_url: Where to send every call; without it, that of FRIENDLI_SERVER_URL, else
                https://api.friendli.ai for dedicated endpoints and http://localhost:8000 for a
                container.
            timeout: Seconds for a call in all, retries included, and for a download; None for no
                limit. By default 10 minutes, of which 5 seconds to connect. An `httpx.Timeout`
                limits each step, as in httpx, and the whole to 10 minutes, or to its longest step.
            retries: How a failed call is repeated; None for never.
            http_headers: Further headers of every call; a call's own come on top. An
                `Authorization` among them goes to containers too, and replaces the token.
            http_client: An httpx client of the caller's, which stays open when this one is closed.
                It is used as it is, with its own proxies, hooks and cookies, in one process and,
                if it is async, in one event loop.
            max_response_bytes: The largest answer, or download, that is taken.
            allow_insecure_http: Send the token over plain http to any host.
            cache: A folder, or a `utils.Cache`, from which a call with a seed is answered where the
                same was asked before; pictures at URLs are fetched at once, to be kept there.

        What goes over plain http to loopback, or with the token, goes past the proxies of the
        environment (HTTP_PROXY, ALL_PROXY), which would read it. Everything else goes through
        them, as httpx has it.
        """
        # Who imports this package may never make a client.
        from friendli_facade._requests import headers, option_rules
        from friendli_facade._requests.settings import Settings, Token
        from friendli_facade._rules.violations import Violation
        from friendli_facade.errors import ValidationError

        token_name = "the argument token" if token else "FRIENDLI_TOKEN"
        token_name = "the function token" if callable(token) else token_name
        secret = Token(token) or Token(os.environ.get("FRIENDLI_TOKEN"))
        del token  # so that no traceback with local variables shows it
        server_url_name = "server_url"
        if server_url is None:
            server_url_name = "FRIENDLI_SERVER_URL"
            server_url = os.environ.get(server_url_name) or None
        found: list[Violation] = []
        self._settings = Settings(
            token=secret,
            token_name=token_name,
            x_friendli_team=x_friendli_team or os.environ.get("FRIENDLI_TEAM") or None,
            server_url=server_url,
            server_url_name=server_url_name,
            timeout=timeout,
            retries=retries,
            http_headers=headers.taken(http_headers, found),
            max_response_bytes=max_response_bytes,
            allow_insecure_http=allow_insecure_http,
        )
        del server_url, http_headers  # nor a password in them
        if cache is not None:
            from friendli_facade.utils import Cache

            try:
                kept = cache if isinstance(cache, Cache) else Cache(cache)
                self._settings = attrs.evolve(self._settings, cache=kept)
            except ValidationError as error:
                found += error.violations
        found += self._settings.violations(is_async=self._http_type is httpx.AsyncClient)
        if not isinstance(cast("object", http_client), self._http_type | None):
            rule = f"must be an httpx.{self._http_type.__name__} for {type(self).__name__}"
            found.append(Violation("http_client", rule, type(http_client).__name__))
        elif http_client is not None:
            found += option_rules.timeout("http_client.timeout", http_client.timeout)
        if found:
            raise ValidationError(found)
        logs.enable_from_environment()
        self._sender = self._sender_type(self._settings, http_client, type(self).__name__)

    def with_options(
        self,
        *,
        timeout: Timeout = UNSET,
        retries: RetryConfig | None | Unset = UNSET,
        x_friendli_team: str | None = None,
        server_url: str | None = None,
        http_headers: Mapping[str, str] | None = None,
    ) -> Self:
        """A client with other settings, on the same connections; raises ValidationError.

        What is left out is as it is here, and this client stays as it is. The two are closed
        together: whichever is closed first closes the connections of both.

        Args:
            timeout: Seconds for a call in all, or an `httpx.Timeout`; None for no limit.
            retries: How a failed call is repeated; None for never.
            x_friendli_team: Id of the team to run as.
            server_url: Where to send every call.
            http_headers: Further headers of every call, on top of those of this client.
        """
        from friendli_facade._requests import headers
        from friendli_facade.errors import ValidationError

        now = self._settings
        found: list[Violation] = []
        settings = attrs.evolve(
            now,
            timeout=now.timeout if timeout is UNSET else timeout,
            retries=now.retries if retries is UNSET else retries,
            x_friendli_team=now.x_friendli_team if x_friendli_team is None else x_friendli_team,
            server_url=now.server_url if server_url is None else server_url,
            server_url_name=now.server_url_name if server_url is None else "server_url",
            http_headers=headers.taken(http_headers or {}, found),
        )
        del server_url, http_headers  # nor a password in them
        found += settings.violations(is_async=self._http_type is httpx.AsyncClient)
        if found:
            raise ValidationError(found)
        both = headers.merged(now.http_headers or {}, settings.http_headers or {})
        other = object.__new__(type(self))
        vars(other).update(vars(self), _settings=attrs.evolve(settings, http_headers=both))
        other._sender = self._sender.with_settings(other._settings)
        return other

    def __repr__(self) -> str:
        from friendli_facade._requests.urls import without_password

        settings = self._settings
        server_url = settings.server_url and without_password(settings.server_url)
        return f"{type(self).__name__}(token={settings.token}, server_url={server_url!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} is not pickled: make one in each process")


class SyncFriendli(_Friendli[httpx.Client, SyncSender, Callable[[], str]]):
    """Friendli's image API; one client may serve many threads.

    `dedicated.image` and `container.image` each have `generate` and `edit`.

    A process that is forked may go on with the client, and with pictures that are not downloaded
    yet: it makes connections of its own. A call that KeyboardInterrupt ends costs a connection.
    """

    _http_type = httpx.Client
    _sender_type = SyncSender

    dedicated: SyncDedicated = resource(lambda: _resources().SyncDedicated)
    """Friendli's dedicated endpoints."""

    container: SyncContainer = resource(lambda: _resources().SyncContainer)
    """A self-hosted Friendli Container."""

    def close(self) -> None:
        """Closes the connections, unless the httpx client is the caller's.

        Raises ClientClosedError if calls are in flight; they go on to their end.
        """
        self._sender.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        with _noted(error):
            self.close()

    if not TYPE_CHECKING:  # type checkers shall refuse it too

        def __aenter__(self):
            raise TypeError("a SyncFriendli is used in `with`; for `async with` use AsyncFriendli")

        __aexit__ = __aenter__


class AsyncFriendli(
    _Friendli[httpx.AsyncClient, AsyncSender, Callable[[], str] | Callable[[], Awaitable[str]]]
):
    """Friendli's image API for asyncio and trio; one client may serve many tasks.

    `dedicated.image` and `container.image` each have `generate` and `edit`, to be awaited.

    One client may also serve many event loops, one after the other or each in a thread: every loop
    has connections of its own, at most 256 at a time, which are closed when it ends, or by `aclose`
    in it. So does every process that is forked. A call that is cancelled costs a connection.

    With `http_client` there is one pool for everything: a second event loop is refused before
    anything is sent, and calls that are cancelled while more are in flight than the pool has places
    (100, unless httpx.Limits say else) may cost it places for good, by a fault of httpcore.
    """

    _http_type = httpx.AsyncClient
    _sender_type = AsyncSender

    dedicated: AsyncDedicated = resource(lambda: _resources().AsyncDedicated)
    """Friendli's dedicated endpoints."""

    container: AsyncContainer = resource(lambda: _resources().AsyncContainer)
    """A self-hosted Friendli Container."""

    async def aclose(self) -> None:
        """Closes the connections, unless the httpx client is the caller's.

        Raises ClientClosedError if calls are in flight; they go on to their end.
        """
        await self._sender.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, _: object, error: BaseException | None, __: object) -> None:
        with _noted(error):
            await self.aclose()

    if not TYPE_CHECKING:  # type checkers shall refuse it too

        def __enter__(self):
            raise TypeError("an AsyncFriendli is used in `async with`; for `with` use SyncFriendli")

        __exit__ = __enter__
