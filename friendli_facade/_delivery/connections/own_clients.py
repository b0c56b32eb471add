"""httpx clients of our own, which bring a request to its transport as it is.

httpx would look for what they never have, a login, hooks, cookies and redirects to follow, and
spend a fifth of a small call on that.
"""

from typing import Any

import httpx

from friendli_facade._delivery import streams


class SyncClient(httpx.Client):
    """Sends a request, streams its answer, and adds nothing to either."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for transport in (self._transport, *self._mounts.values()):
            if isinstance(transport, httpx.HTTPTransport):
                streams.bind(transport)

    def send(self, request: httpx.Request, **_: Any) -> httpx.Response:
        """The answer, to be read and closed; raises httpx.TransportError."""
        response = self._transport_for_url(request.url).handle_request(request)
        response.request = request
        return response


class AsyncClient(httpx.AsyncClient):
    """The same, awaited."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for transport in (self._transport, *self._mounts.values()):
            if isinstance(transport, httpx.AsyncHTTPTransport):
                streams.abind(transport)

    async def send(self, request: httpx.Request, **_: Any) -> httpx.Response:
        """The answer, to be read and closed; raises httpx.TransportError."""
        response = await self._transport_for_url(request.url).handle_async_request(request)
        response.request = request
        return response
