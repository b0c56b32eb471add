"""What sync and async share about an exchange: its limits, its failures and its log records."""

import io
import logging
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, BinaryIO, Protocol

import attrs
import httpx

from friendli_facade._delivery.deadline import Attempt, Deadline
from friendli_facade._delivery.failures import Progress, told
from friendli_facade._delivery.logs import logger
from friendli_facade._delivery.streams import until
from friendli_facade.errors import shown

# Seconds after a deadline in which httpx's own limits, cut to it, come first: they close what is
# open, and know what was sent. Cancelling is for what they let pass.
_GRACE = 0.1
_CODINGS = {"identity", "gzip", "deflate"}


@attrs.define
class Body:
    """A body that comes in pieces and is kept in a file, up to a limit."""

    limit: int
    file: BinaryIO = attrs.field(factory=io.BytesIO)
    size: int = 0
    is_cut: bool = False

    def restart(self) -> None:
        """Forgets what came before."""
        self.file.seek(0)
        self.file.truncate()
        self.size, self.is_cut = 0, False

    def add(self, piece: bytes) -> bool:
        """Whether there is room for more after this piece, of which no more is kept than fits."""
        room = self.limit - self.size
        self.is_cut = len(piece) > room
        self.file.write(piece[:room] if self.is_cut else piece)
        self.size += min(len(piece), room)
        return not self.is_cut

    def head(self, length: int) -> bytes:
        """How it begins."""
        self.file.seek(0)
        return self.file.read(length)

    def content(self) -> bytes:
        """All of it."""
        self.file.seek(0)
        return self.file.read()


class Receiver(Protocol):
    """Takes a body piece by piece."""

    size: int
    is_cut: bool

    def restart(self) -> None:
        """Forgets what came before."""
        ...

    def add(self, piece: bytes) -> bool:
        """Whether there is room for more after this piece."""
        ...


def receive(
    http: httpx.Client, request: httpx.Request, body: Receiver, attempt: Attempt, auth: Any = None
) -> httpx.Response:
    """The response to a request, whose body is now in `body`; raises APIConnectionError."""
    progress = Progress(request)
    _extend(request, attempt.deadline, progress.note)
    with _exchange(progress, body, attempt) as received, until(attempt.deadline):
        response = http.send(request, auth=auth, follow_redirects=False, stream=True)
        try:
            _check_coding(response)
            for piece in response.iter_bytes():
                if not attempt.deadline.left:  # which an httpx client of the caller's lets pass
                    raise httpx.ReadTimeout("", request=request)
                if not body.add(piece):
                    break
        finally:
            response.close()
        received(response)
    return response


async def areceive(
    http: httpx.AsyncClient,
    request: httpx.Request,
    body: Receiver,
    attempt: Attempt,
    auth: Any = None,
) -> httpx.Response:
    """The same as `receive`, awaited."""
    import anyio

    progress = Progress(request)
    _extend(request, attempt.deadline, progress.anote)
    with _exchange(progress, body, attempt) as received:
        with anyio.move_on_after(attempt.deadline.left + _GRACE):
            response = await _areceive(http, request, body, auth)
            received(response)
            return response
        raise httpx.ReadTimeout("", request=request)


async def _areceive(
    http: httpx.AsyncClient, request: httpx.Request, body: Receiver, auth: Any
) -> httpx.Response:
    response = await http.send(request, auth=auth, follow_redirects=False, stream=True)
    try:
        _check_coding(response)
        async for piece in response.aiter_bytes():
            if not body.add(piece):
                # No `break`: trio warns of httpx's generators that are left before their end.
                await response.aclose()
    except httpx.RequestError:
        if not body.is_cut:
            raise
    finally:
        await response.aclose()
    return response


def _extend(request: httpx.Request, deadline: Deadline, trace: Callable[..., object]) -> None:
    """Tells httpx how long each step may take, and whom to tell of them."""
    request.extensions = {**request.extensions, "timeout": deadline.steps(), "trace": trace}


def _check_coding(response: httpx.Response) -> None:
    """Raises DecodingError for what could unpack without bound before a byte is counted.

    One layer of gzip makes a thousand bytes of one; two make a million, and so may Brotli.
    """
    if "Content-Encoding" not in response.headers:
        return
    codings = response.headers.get_list("Content-Encoding", split_commas=True)
    if len(codings) > 1 or not {coding.lower() for coding in codings} <= _CODINGS:
        reason = f"the body's coding is {', '.join(codings)}, which nobody asked for"
        raise httpx.DecodingError(reason, request=response.request)


@contextmanager
def _exchange(
    progress: Progress, body: Receiver, attempt: Attempt
) -> Generator[Callable[[httpx.Response], None]]:
    """Logs an attempt, and raises httpx's failures as ours."""
    request, deadline = progress.request, attempt.deadline
    started = deadline.elapsed

    def log(outcome: object) -> None:
        if logger.isEnabledFor(logging.DEBUG):
            logger.debug(
                "%s %s: %s after %.3f s, attempt %d, %s bytes sent, %d received",
                *(request.method, shown(request.url), outcome, deadline.elapsed - started),
                *(attempt.number, request.headers.get("Content-Length", "0"), body.size),
            )

    body.restart()
    try:
        if not deadline.left:
            raise httpx.ConnectTimeout("", request=request)
        yield lambda response: log(response.status_code)
    except httpx.RequestError as error:
        log(type(error).__name__)
        raise told(error, progress, deadline) from error
