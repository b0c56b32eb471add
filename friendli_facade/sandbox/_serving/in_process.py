"""The in-process skin: httpx without a port, and without waiting."""

import math
from collections.abc import AsyncIterator, Iterator

import httpx

from friendli_facade.sandbox._messages import Request
from friendli_facade.sandbox._serving.application import Application


def transport(application: Application) -> httpx.MockTransport:
    """A transport for `httpx.Client` and `httpx.AsyncClient` that asks `application`."""

    def answer(request: httpx.Request) -> httpx.Response:
        url = str(request.url)
        fault = application.next_fault(request.method, url)
        if fault.ends == "unread":
            raise httpx.ReadError("Connection reset by peer")
        received = Request(request.method, url, request.headers, request.content)
        application.requests.append(received)
        if fault.delay > _patience(request):
            raise httpx.ReadTimeout("The read operation timed out")
        if fault.ends == "unanswered":
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
        response = fault.response or application.handle(received)
        headers = dict(response.headers)
        if fault.ends == "unfinished":
            headers["content-length"] = str(len(response.content))
            half = _Half(response.content)
            return httpx.Response(response.status_code, headers=headers, stream=half)
        return httpx.Response(response.status_code, headers=headers, content=response.content)

    return httpx.MockTransport(answer)


def _patience(request: httpx.Request) -> float:
    """The seconds that the client waits for an answer."""
    limit: float | None = request.extensions.get("timeout", {}).get("read")
    return math.inf if limit is None else limit


class _Half(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The first half of a body, and then the error that httpx has for the missing one."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        half = self._content[: len(self._content) // 2]
        yield half
        raise httpx.RemoteProtocolError(
            "peer closed connection without sending complete message body "
            f"(received {len(half)} bytes, expected {len(self._content)})"
        )

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self:
            yield part
