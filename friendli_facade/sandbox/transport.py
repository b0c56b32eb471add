"""The in-process skin: httpx without a port."""

from collections.abc import Callable

import httpx

from friendli_facade.sandbox.messages import Request, Response


def transport(handle: Callable[[Request], Response]) -> httpx.MockTransport:
    """A transport for `httpx.Client` and `httpx.AsyncClient` that asks `handle`."""

    def answer(request: httpx.Request) -> httpx.Response:
        response = handle(
            Request(request.method, str(request.url), request.headers, request.content)
        )
        return httpx.Response(
            response.status_code, headers=dict(response.headers), content=response.content
        )

    return httpx.MockTransport(answer)
