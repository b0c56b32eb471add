"""Fetches a picture from the URL of a result.

The storage host is not Friendli: it gets a plain GET, without the token or any other header of
the client. Redirects are followed by hand, to http(s) alone and from https never to http.
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, ClassVar, Self

import attrs
import httpx

from friendli_facade._delivery import retries
from friendli_facade._delivery.connections.sync_connections import SyncConnections
from friendli_facade._delivery.deadline import Attempt, Deadline
from friendli_facade._delivery.failures import is_bad_redirect
from friendli_facade._delivery.receiving import Body
from friendli_facade._error_answers.bodies import beginning
from friendli_facade._error_answers.printing import shortened, shown
from friendli_facade._images import media_types
from friendli_facade._requests import urls
from friendli_facade._requests.time_limits import DEFAULT_TIMEOUT, TimeLimits
from friendli_facade.errors import (
    Answer,
    APIConnectionError,
    DownloadError,
    FriendliError,
    InvalidResponseError,
    SDKError,
    of_status,
)
from friendli_facade.utils import RetryConfig

if TYPE_CHECKING:
    from friendli_facade._delivery.connections.async_connections import AsyncConnections

_MOST_REDIRECTS = 10
_REDIRECTS = {301, 302, 303, 307, 308}
_GONE = {403, 404, 410}  # what storage hosts answer when a signed URL has expired


@attrs.frozen
class Limits:
    """How often a download is tried, how long it waits, and how many bytes it takes."""

    retries: RetryConfig
    time: TimeLimits
    most: int

    def config(self) -> RetryConfig:
        """A GET may be repeated, however it failed."""
        return attrs.evolve(self.retries, retry_ambiguous_errors=True)


class _OfClient:
    """Downloads through a client's connections, which stay in their process."""

    __slots__ = ()

    def __reduce__(self) -> tuple[type["ElsewhereDownloads"], tuple[()]]:
        return ElsewhereDownloads, ()

    def __deepcopy__(self, _: object) -> Self:
        return self


@attrs.frozen
class SyncDownloads(_OfClient):
    """Downloads over a sync client's connections."""

    connections: SyncConnections
    limits: Limits
    is_awaited: ClassVar[bool] = False

    def fetch(self, url: str, file: BinaryIO) -> None:
        """Writes the picture at `url` to `file`; raises DownloadError."""
        with _errors(url), self.connections.lifetime.call():
            self._fetch(url, file)

    async def afetch(self, url: str, file: BinaryIO) -> None:
        """The same, in a thread, which a task that is cancelled leaves to itself."""
        from friendli_facade._language import threads

        # Counted here, for such a task has given the download up: it holds up no closing.
        with _errors(url), self.connections.lifetime.call():
            await threads.run(self._fetch, url, file, abandon_on_cancel=True)

    def _fetch(self, url: str, file: BinaryIO) -> None:
        body = Body(self.limits.most, file)

        def once(attempt: Attempt) -> None:
            steps = _steps(url, body)
            request = next(steps)
            while True:
                with _final(url):
                    answer = self.connections.receive(request, body, attempt)
                try:
                    request = steps.send(answer)
                except StopIteration:
                    return

        retries.run(once, self.limits.config(), Deadline(self.limits.time))


@attrs.frozen
class AsyncDownloads(_OfClient):
    """Downloads over an async client's connections."""

    connections: "AsyncConnections"
    limits: Limits
    is_awaited: ClassVar[bool] = True

    def fetch(self, url: str, file: BinaryIO) -> None:  # noqa: ARG002
        """Raises DownloadError always: only the event loop can fetch it."""
        raise DownloadError(shown(url), "it came from AsyncFriendli; await its aread() first")

    async def afetch(self, url: str, file: BinaryIO) -> None:
        """Writes the picture at `url` to `file`; raises DownloadError."""
        body = Body(self.limits.most, file)

        async def once(attempt: Attempt) -> None:
            steps = _steps(url, body)
            request = next(steps)
            while True:
                with _final(url):
                    answer = await self.connections.receive(request, body, attempt)
                try:
                    request = steps.send(answer)
                except StopIteration:
                    return

        with _errors(url), self.connections.lifetime.call():
            await retries.arun(once, self.limits.config(), Deadline(self.limits.time))


_DEFAULTS = Limits(RetryConfig(), TimeLimits.of(DEFAULT_TIMEOUT), 256 * 1024 * 1024)  # a client's


@attrs.frozen
class ElsewhereDownloads:
    """Downloads of a picture that came from another process: by a client made for each."""

    is_awaited: ClassVar[bool] = False

    def fetch(self, url: str, file: BinaryIO) -> None:
        """Writes the picture at `url` to `file`; raises DownloadError."""
        connections = SyncConnections(None, "client")
        try:
            SyncDownloads(connections, _DEFAULTS).fetch(url, file)
        finally:
            connections.close()

    async def afetch(self, url: str, file: BinaryIO) -> None:
        """Writes the picture at `url` to `file`; raises DownloadError."""
        from friendli_facade._delivery.connections.async_connections import AsyncConnections

        connections = AsyncConnections(None, "client")
        try:
            await AsyncDownloads(connections, _DEFAULTS).afetch(url, file)
        finally:
            await connections.aclose()


def _steps(url: str, body: Body) -> Generator[httpx.Request, Answer, None]:
    """The requests of a download, one for each redirect, until a picture is in `body`."""
    target = _target(url, url)
    for _ in range(_MOST_REDIRECTS + 1):
        # Built apart from the client, whose default headers and cookies are not for this host.
        credentials = urls.login(target)
        headers = None if credentials is None else {"Authorization": credentials}
        plain = target if headers is None else target.copy_with(userinfo=b"")
        answer = yield httpx.Request("GET", plain, headers=headers)
        if answer.status_code not in _REDIRECTS or "Location" not in answer.headers:
            if answer.status_code != 200:
                error = of_status(answer)
                # Nothing is paid for here: a success without a picture is not worth another try.
                error.ambiguous &= answer.status_code >= 300
                raise error
            _check(answer, body)
            return
        following = _target(url, answer.headers["Location"], target)
        if target.scheme == "https" and following.scheme == "http":
            raise DownloadError(shown(url), "it redirects from https to http")
        target = following
    raise DownloadError(shown(url), f"it redirects more than {_MOST_REDIRECTS} times")


def _target(url: str, reference: str, base: httpx.URL | None = None) -> httpx.URL:
    """Where a picture's URL, or a redirect from `base` on its way, leads; raises DownloadError."""
    try:
        return urls.parsed(reference if base is None else str(base.join(reference)))
    except (ValueError, httpx.InvalidURL) as error:
        what = "its URL cannot be asked" if base is None else "it redirects to what cannot be asked"
        raise DownloadError(shown(url), f"{what}: {error}") from None


def _check(answer: Answer, body: Body) -> None:
    """Raises DownloadError for what is no whole picture."""
    if body.is_cut:
        raise DownloadError(answer.url, f"it has more than {body.limit} bytes (max_response_bytes)")
    if not media_types.may_be_picture(body.head):
        kind = shortened(answer.headers.get("Content-Type", "no content type"))
        reason = f"no picture came, but {kind}: {beginning(body.head) or 'nothing'}"
        raise DownloadError(answer.url, reason)


@contextmanager
def _final(url: str) -> Generator[None]:
    """Raises as a DownloadError, which is not repeated, what no repetition mends."""
    try:
        yield
    except (APIConnectionError, InvalidResponseError) as error:
        if isinstance(error, APIConnectionError) and not is_bad_redirect(error.__cause__):
            raise
        raise DownloadError(shown(url), _reason(url, error)) from error


@contextmanager
def _errors(url: str) -> Generator[None]:
    try:
        yield
    except DownloadError:
        raise
    except FriendliError as error:
        failed = DownloadError(shown(url), _reason(url, error))
        failed.attempts = error.attempts
        raise failed from error


def _reason(url: str, error: FriendliError) -> str:
    """Why it could not be fetched, for an error that names the URL already."""
    match error:
        case SDKError():
            host = "the storage host" if error.url == shown(url) else error.url
            hint = "; the URL may have expired" if error.status_code in _GONE else ""
            return f"{host} answered {error.reason}{hint}"
        case APIConnectionError():
            return f"no answer: {error.reason}"
        case _:
            return str(error)
