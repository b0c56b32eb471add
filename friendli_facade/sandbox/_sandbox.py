"""The sandbox itself: from a request to its response, without any I/O."""

import base64
from collections.abc import Collection
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from friendli_facade.sandbox._faults import Fault, Faults
from friendli_facade.sandbox._messages import RefusalError, Request, Response, json_response
from friendli_facade.sandbox._pictures.drawing import Scene, draw, encoded
from friendli_facade.sandbox._pictures.store import Picture, Store
from friendli_facade.sandbox._received import Received
from friendli_facade.sandbox._requests.operations import Operation, operations
from friendli_facade.sandbox._requests.scenes import scene
from friendli_facade.sandbox._requests.validation import parsed
from friendli_facade.sandbox._serving.server import Server

if TYPE_CHECKING:
    import httpx

_JPEG = frozenset({"jpeg", "jpg"})


class Sandbox(Faults):
    """A Friendli that answers every operation of the contract with drawn pictures.

    `requests` are those that came in, in process and on a server: the last 256 MiB of them.

    Args:
        endpoints: The ids of the dedicated endpoints that exist; without it, any id does.
    """

    def __init__(self, *, endpoints: Collection[str] | None = None) -> None:
        super().__init__()
        self.requests = Received(256 * 1024 * 1024)
        self._endpoints = None if endpoints is None else frozenset(endpoints)
        # What `url` answers point to, and what identical requests are answered from. Both
        # hold the same objects, so a picture in both is in memory once.
        self._published = Store(256 * 1024 * 1024)
        self._drawn = Store(64 * 1024 * 1024)

    def handle(self, request: Request) -> Response:
        """The response to a request: a 200, or the 4xx that FastAPI would give; never raises.

        It meets no fault and is not in `requests`: those are of the ways that lead here.
        """
        try:
            return self._response(request)
        except RefusalError as refusal:
            return refusal.response

    def next_fault(self, method: str, url: str) -> Fault:
        """What goes wrong with a request that begins to come in; taken off its queue."""
        try:
            path = urlsplit(url).path
        except ValueError:
            return Fault()
        if method == "POST" and path in operations():
            return self._take("operations")
        if method == "GET" and path.startswith("/pictures/"):
            return self._take("downloads")
        return Fault()

    @cached_property
    def transport(self) -> "httpx.MockTransport":
        """An httpx transport that brings every request here, sync or async, whatever its host."""
        # Of all this package that line alone imports httpx, which a server does without.
        from friendli_facade.sandbox._serving.in_process import transport

        return transport(self)

    def http_client(self) -> "httpx.Client":
        """A new httpx client whose requests are all answered here."""
        import httpx

        return httpx.Client(transport=self.transport)

    def async_http_client(self) -> "httpx.AsyncClient":
        """A new async httpx client whose requests are all answered here."""
        import httpx

        return httpx.AsyncClient(transport=self.transport)

    def serve(self, host: str = "127.0.0.1", port: int = 0) -> Server:
        """A server of this sandbox that listens at once and answers inside its `with` block.

        Raises:
            OSError: The port is taken or not ours to take.
            ValueError: `host` is empty.
        """
        return Server(self, host, port)

    def _response(self, request: Request) -> Response:
        try:
            url = urlsplit(request.url)
        except ValueError:
            raise RefusalError(400, "Invalid URL") from None
        if url.path.startswith("/pictures/"):
            return self._download(request.method, url.path)
        operation = operations().get(url.path)
        if operation is None:
            raise RefusalError(404, "Not Found")
        if request.method != "POST":
            raise RefusalError(405, "Method Not Allowed", allow="POST")
        if operation.needs_token and not _has_token(request):
            raise RefusalError(401, "Not authenticated", www_authenticate="Bearer")
        origin = f"{_scheme(request) or url.scheme}://{url.netloc.rpartition('@')[2]}"
        return self._operate(operation, request, origin)

    def _download(self, method: str, path: str) -> Response:
        picture = self._published.at(path)
        if picture is None:
            raise RefusalError(404, "Not Found")
        if method not in {"GET", "HEAD"}:
            raise RefusalError(405, "Method Not Allowed", allow="GET, HEAD")
        return Response(200, {"content-type": picture.media_type}, picture.content)

    def _operate(self, operation: Operation, request: Request, origin: str) -> Response:
        body = parsed(request)
        wished = scene(operation, body, self._published)
        if operation.is_dedicated and self._endpoints is not None:
            endpoint = body["model"].partition(":")[0]
            if endpoint not in self._endpoints:
                raise RefusalError(404, f"Endpoint '{endpoint[:100]}' not found")
        wanted = operation.argument(body, "response_format")
        picture = self._picture(wished, "image/jpeg" if wanted in _JPEG else "image/png")
        if not operation.is_dedicated:
            return json_response(200, {"image": _base64(picture)})
        item: dict[str, Any] = {"seed": wished.seed, "response_format": wanted}
        if wanted == "url":
            self._published.put(picture.name, picture)
            item["url"] = origin + picture.path
        else:
            item["b64_json"] = _base64(picture)
        return json_response(200, {"data": [item]})

    def _picture(self, wished: Scene, media_type: str) -> Picture:
        key = f"{wished.key} {media_type}"
        picture = self._drawn.get(key)
        if picture is None:
            picture = encoded(draw(wished), media_type)
            self._drawn.put(key, picture)
        return picture


def _has_token(request: Request) -> bool:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and bool(token.strip())


def _scheme(request: Request) -> str | None:
    """How the client reached the proxy that passed the request on, if one did and tells."""
    forwarded = request.headers.get("x-forwarded-proto", "").partition(",")[0].strip().lower()
    return forwarded if forwarded in {"http", "https"} else None


def _base64(picture: Picture) -> str:
    return base64.b64encode(picture.content).decode("ascii")
