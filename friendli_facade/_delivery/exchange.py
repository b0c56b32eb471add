"""What sync and async share about an exchange: its failures and its log records."""

import logging
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import httpx

from friendli_facade._delivery.logs import logger
from friendli_facade._delivery.receiving import Incoming, Receiver
from friendli_facade._error_answers.printing import shown
from friendli_facade.errors import Answer, APIConnectionError, APITimeoutError

# Failures of httpx after which nothing of the request can have reached the server.
_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


def receive(
    http: httpx.Client, request: httpx.Request, body: Receiver, attempt: int, auth: Any = None
) -> Answer:
    """The answer to a request: a success has its body in `body` now, anything else brings it.

    Raises APIConnectionError, and the SDKError of a success that cannot be unpacked.
    """
    with _exchange(request, body, attempt) as received:
        response = http.send(request, auth=auth, follow_redirects=False, stream=True)
        incoming = Incoming(response, body)
        try:
            is_read = response.is_stream_consumed  # by a hook of the caller's
            for piece in response.iter_bytes() if is_read else response.iter_raw():
                if not incoming.add(piece):
                    break
        except httpx.TransportError:
            # What an error says is worth less than that it is one.
            if incoming.is_success:
                raise
        finally:
            response.close()
        received(incoming)
    return incoming.answer()


async def areceive(
    http: httpx.AsyncClient, request: httpx.Request, body: Receiver, attempt: int, auth: Any = None
) -> Answer:
    """The same as `receive`, awaited."""
    with _exchange(request, body, attempt) as received:
        response = await http.send(request, auth=auth, follow_redirects=False, stream=True)
        incoming = Incoming(response, body)
        try:
            is_read = response.is_stream_consumed
            async for piece in response.aiter_bytes() if is_read else response.aiter_raw():
                if not await incoming.aadd(piece):
                    # No `break`: trio warns of httpx's generators that are left before their end.
                    await response.aclose()
        except httpx.TransportError:
            if incoming.is_success and not incoming.is_full:
                raise
        finally:
            await response.aclose()
        received(incoming)
    return incoming.answer()


def is_bad_redirect(error: BaseException | None) -> bool:
    """Whether httpx failed to prepare the request of a redirect, which nobody follows here."""
    return isinstance(error, httpx.InvalidURL | UnicodeError) or (
        isinstance(error, httpx.RemoteProtocolError)
        and isinstance(error.__context__, httpx.InvalidURL)
    )


@contextmanager
def _exchange(
    request: httpx.Request, body: Receiver, attempt: int
) -> Generator[Callable[[Incoming], None]]:
    """Logs an attempt, and raises httpx's failures as ours."""
    started = monotonic()
    outer = sys.exception()  # what the caller is handling is none of this

    def log(outcome: object, size: int) -> None:
        if logger.isEnabledFor(logging.DEBUG):
            logger.debug(
                "%s %s: %s after %.3f s, attempt %d, %s bytes sent, %d received",
                *(request.method, shown(request.url), outcome, monotonic() - started, attempt),
                *(request.headers.get("Content-Length", "0"), size),
            )

    body.restart()
    try:
        yield lambda incoming: log(incoming.status_code, incoming.receiver.size)
    except (httpx.RequestError, httpx.InvalidURL, UnicodeError) as error:
        name, place = type(error).__name__, shown(request.url)
        log(name, body.size)
        kind = APITimeoutError if isinstance(error, httpx.TimeoutException) else APIConnectionError
        reason = str(error) or name
        if is_bad_redirect(error):
            reason = f"its redirect cannot be read ({reason})"
        ambiguous = not isinstance(error, _NOT_SENT)
        _forget_request(error, request, outer)
        raise kind(request.method, place, reason, ambiguous=ambiguous) from error


def _forget_request(
    error: BaseException | None, request: httpx.Request, outer: BaseException | None
) -> None:
    """Leaves an error of httpx's, and those it came from, their words alone, up to `outer`.

    Its request has the token in a header, and so have frames that its traceback goes through.
    """
    while error is not None and error is not outer:
        error.__traceback__ = None
        if isinstance(error, httpx.RequestError):
            error.request = httpx.Request(request.method, shown(request.url))
        error = error.__cause__ or error.__context__
