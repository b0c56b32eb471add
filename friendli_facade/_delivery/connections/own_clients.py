"""httpx clients of our own, which bring a request to its transport as it is.

httpx would look for what they never have, a login, hooks, cookies and redirects to follow, and
spend a fifth of a small call on that. Where somebody watches httpx's own way, as Sentry does by
putting a function in the place of `httpx.Client.send`, and vcrpy before its version 8 in that of
`_send_single_request`, that way is taken.
"""

from types import FunctionType
from typing import Any

import httpx

from friendli_facade._delivery import streams

_SOURCE = httpx.Client.close.__code__.co_filename
_STEPS = ("send", "_send_handling_auth", "_send_handling_redirects", "_send_single_request")


class SyncClient(httpx.Client):
    """Sends a request, streams its answer, and adds nothing to either."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for transport in (self._transport, *self._mounts.values()):
            if isinstance(transport, httpx.HTTPTransport):
                streams.bind(transport)

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        """The answer, to be read and closed; raises httpx.TransportError."""
        if _is_watched(httpx.Client):
            return super().send(request, **options)
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

    async def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        """The answer, to be read and closed; raises httpx.TransportError."""
        if _is_watched(httpx.AsyncClient):
            return await super().send(request, **options)
        response = await self._transport_for_url(request.url).handle_async_request(request)
        response.request = request
        return response


def _is_watched(kind: type[httpx.Client | httpx.AsyncClient]) -> bool:
    """Whether a step of sending is not httpx's own any more."""
    own = vars(kind)
    for name in _STEPS:
        step = own.get(name)
        # An object around it may pretend to be the function that it holds, as those of wrapt do.
        if type(step) is not FunctionType or step.__code__.co_filename != _SOURCE:
            return True
    return False
