"""Fetches a picture from the URL of a result.

The storage host is not Friendli: it gets a plain GET, without the token or any other header of
the client. Redirects are followed by hand, to http(s) alone and from https never to http.
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import BinaryIO, Protocol

import attrs
import httpx

from friendli_facade._delivery import retries
from friendli_facade._delivery.connections import Shards
from friendli_facade._delivery.deadline import Attempt, Deadline
from friendli_facade._delivery.exchange import Body, areceive, receive
from friendli_facade._error_answers.bodies import beginning
from friendli_facade._inputs import media_types
from friendli_facade._requests import urls
from friendli_facade._requests.time_limits import TimeLimits
from friendli_facade.errors import Answer, DownloadError, FriendliError, of_status, shown
from friendli_facade.utils import RetryConfig

_MOST_REDIRECTS = 10


class Downloads(Protocol):
    """Fetches pictures into files, in the caller's thread or on the event loop."""

    def fetch(self, url: str, file: BinaryIO) -> None:
        """Writes the picture at `url` to `file`; raises DownloadError."""
        ...

    async def afetch(self, url: str, file: BinaryIO) -> None:
        """Writes the picture at `url` to `file`; raises DownloadError."""
        ...


@attrs.frozen
class Limits:
    """How often a download is tried, how long it waits, and how many bytes it takes."""

    retries: RetryConfig
    time: TimeLimits
    most: int

    def config(self) -> RetryConfig:
        """A GET may be repeated, however it failed."""
        return attrs.evolve(self.retries, retry_ambiguous_errors=True)


@attrs.frozen
class SyncDownloads:
    """Downloads through an `httpx.Client`."""

    http: httpx.Client
    limits: Limits

    def fetch(self, url: str, file: BinaryIO) -> None:
        """Writes the picture at `url` to `file`; raises DownloadError."""
        body = Body(self.limits.most, file)

        def once(attempt: Attempt) -> None:
            steps = _steps(url, body)
            request = next(steps)
            while True:
                try:
                    request = steps.send(receive(self.http, request, body, attempt))
                except StopIteration:
                    return

        with _errors(url):
            retries.run(once, self.limits.config(), Deadline(self.limits.time))

    async def afetch(self, url: str, file: BinaryIO) -> None:
        """The same, in a thread."""
        import anyio.to_thread

        await anyio.to_thread.run_sync(self.fetch, url, file)


@attrs.frozen
class AsyncDownloads:
    """Downloads through an async client's httpx clients."""

    shards: Shards
    limits: Limits

    def fetch(self, url: str, file: BinaryIO) -> None:  # noqa: ARG002
        """Raises DownloadError always: only the event loop can fetch it."""
        raise DownloadError(_place(url), "it came from AsyncFriendli; await its aread() first")

    async def afetch(self, url: str, file: BinaryIO) -> None:
        """Writes the picture at `url` to `file`; raises DownloadError."""
        body = Body(self.limits.most, file)

        async def once(attempt: Attempt) -> None:
            steps = _steps(url, body)
            request = next(steps)
            while True:
                try:
                    with self.shards.use() as http:
                        response = await areceive(http, request, body, attempt)
                    request = steps.send(response)
                except StopIteration:
                    return

        with _errors(url):
            await retries.arun(once, self.limits.config(), Deadline(self.limits.time))


def _steps(url: str, body: Body) -> Generator[httpx.Request, httpx.Response, None]:
    """The requests of a download, one for each redirect, until a picture is in `body`."""
    target = _target(url, url)
    for _ in range(_MOST_REDIRECTS + 1):
        # Built apart from the client, whose default headers and cookies are not for this host.
        response = yield httpx.Request("GET", target)
        if not response.has_redirect_location:
            if response.status_code != 200:
                raise of_status(Answer.of(response, body.content()))
            _check(response, body)
            return
        following = _target(url, response.headers["Location"], target)
        if target.scheme == "https" and following.scheme == "http":
            raise DownloadError(_place(url), "it redirects from https to http")
        target = following
    raise DownloadError(_place(url), f"it redirects more than {_MOST_REDIRECTS} times")


def _target(url: str, reference: str, base: httpx.URL | None = None) -> httpx.URL:
    """Where a picture's URL, or a redirect from `base` on its way, leads; raises DownloadError."""
    try:
        return urls.parsed(reference if base is None else str(base.join(reference)))
    except (ValueError, httpx.InvalidURL) as error:
        what = "its URL cannot be asked" if base is None else "it redirects to what cannot be asked"
        raise DownloadError(_place(url), f"{what}: {error}") from None


def _check(response: httpx.Response, body: Body) -> None:
    """Raises DownloadError for what is no whole picture."""
    place = shown(response.request.url)
    if body.is_cut:
        raise DownloadError(place, f"it has more than {body.limit} bytes (max_response_bytes)")
    if not media_types.media_type(body.head(media_types.HEAD)):
        kind = response.headers.get("Content-Type", "no content type")
        start = beginning(body.head(1000))
        raise DownloadError(place, f"no picture came, but {kind}: {start or 'nothing'}")


@contextmanager
def _errors(url: str) -> Generator[None]:
    try:
        yield
    except DownloadError:
        raise
    except FriendliError as error:
        failed = DownloadError(_place(url), str(error))
        failed.attempts = error.attempts
        raise failed from error
    except RuntimeError as error:
        raise DownloadError(_place(url), "the client is closed; read it inside `with`") from error


def _place(url: str) -> str:
    """The URL as errors may show it: without a query, which may be signed, or a password."""
    try:
        return shown(httpx.URL(url))
    except (ValueError, httpx.InvalidURL):
        return "an invalid URL"
