"""Fetches a picture from the URL of a result.

The storage host is not Friendli: it gets a plain GET, without token or any other header of
the client.
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Protocol

import httpx

from friendli_facade.errors import DownloadError


class Downloads(Protocol):
    """Fetches pictures, in the caller's thread or on the event loop."""

    def read(self, url: str) -> bytes:
        """The picture at `url`."""
        ...

    async def aread(self, url: str) -> bytes:
        """The picture at `url`."""
        ...


class SyncDownloads:
    """Downloads through an `httpx.Client`."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def read(self, url: str) -> bytes:
        """The picture at `url`; raises DownloadError."""
        with _errors(url):
            return _content(self._http.send(_request(url), auth=None, follow_redirects=True))

    async def aread(self, url: str) -> bytes:
        """The same, in a thread."""
        import anyio.to_thread

        return await anyio.to_thread.run_sync(self.read, url)


class AsyncDownloads:
    """Downloads through an `httpx.AsyncClient`."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    def read(self, url: str) -> bytes:
        """Raises DownloadError always: only the event loop can fetch it."""
        raise DownloadError(_shown(url), "it came from AsyncFriendli; await its aread() first")

    async def aread(self, url: str) -> bytes:
        """The picture at `url`; raises DownloadError."""
        with _errors(url):
            return _content(await self._http.send(_request(url), auth=None, follow_redirects=True))


def _request(url: str) -> httpx.Request:
    # Built apart from the client, whose default headers and cookies are not for this host.
    return httpx.Request("GET", url, extensions={"timeout": httpx.Timeout(60).as_dict()})


@contextmanager
def _errors(url: str) -> Generator[None]:
    try:
        yield
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise DownloadError(_shown(url), str(error) or type(error).__name__) from error
    except RuntimeError as error:
        raise DownloadError(_shown(url), "the client is closed; read it inside `with`") from error


def _content(response: httpx.Response) -> bytes:
    if response.status_code != 200:
        reason = f"{response.status_code} {response.reason_phrase}".rstrip()
        raise DownloadError(_shown(str(response.request.url)), reason)
    return response.content


def _shown(url: str) -> str:
    """`url` without its query, which may hold a signature."""
    return url.partition("?")[0]
