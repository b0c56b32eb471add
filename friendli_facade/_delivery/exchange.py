"""What sync and async share about an exchange: its limits, its failures and its log records."""

import logging
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import Any

import httpx

from friendli_facade._delivery import aiohttp_failures
from friendli_facade._delivery.deadline import Attempt, Deadline
from friendli_facade._delivery.failures import Progress, told
from friendli_facade._delivery.logs import logger
from friendli_facade._delivery.receiving import Incoming, Receiver
from friendli_facade._delivery.streams import until
from friendli_facade._error_answers.printing import hidden, secrets, shown
from friendli_facade.errors import Answer, ClientClosedError

# Seconds after a deadline in which httpx's own limits, cut to it, come first: they close what is
# open, and know what was sent. Cancelling is for what they let pass.
_GRACE = 0.1


def receive(
    http: httpx.Client, progress: Progress, body: Receiver, attempt: Attempt, auth: Any = None
) -> Answer:
    """The answer to a request: a success has its body in `body` now, anything else brings it.

    Raises APIConnectionError, and the SDKError of a success that cannot be unpacked; before
    anything is sent, ClientClosedError where the httpx client is closed.
    """
    _extend(progress.request, attempt.deadline, progress.note)
    with _exchange(http, progress, body, attempt) as received, until(attempt.deadline):
        incoming = _receive(http, progress.request, body, attempt.deadline, auth)
        received(incoming)
    return incoming.answer()


def _receive(
    http: httpx.Client, request: httpx.Request, body: Receiver, deadline: Deadline, auth: Any
) -> Incoming:
    try:
        response = http.send(request, auth=auth, follow_redirects=False, stream=True)
    except httpx.HTTPStatusError as error:
        return _raised_by_hook(error, request, body)
    incoming = Incoming(response, body)
    try:
        is_read = response.is_stream_consumed  # by a hook of the caller's
        is_late = False
        for piece in response.iter_bytes() if is_read else response.iter_raw():
            if not incoming.add(piece):
                break
            # What an httpx client of the caller's lets pass. What is there by then is a result.
            if is_late:
                raise httpx.ReadTimeout("", request=request)
            is_late = not deadline.left
    except httpx.TransportError:
        # What an error says is worth less than that it is one.
        if incoming.is_success:
            raise
    finally:
        response.close()
    return incoming


async def areceive(
    http: httpx.AsyncClient,
    progress: Progress,
    body: Receiver,
    attempt: Attempt,
    auth: Any = None,
) -> Answer:
    """The same as `receive`, awaited."""
    import anyio

    request = progress.request
    _extend(request, attempt.deadline, progress.anote)
    incoming: Incoming | None = None
    with _exchange(http, progress, body, attempt) as received:
        with anyio.move_on_after(attempt.deadline.left + _GRACE) as time:
            try:
                response = await http.send(request, auth=auth, follow_redirects=False, stream=True)
            except httpx.HTTPStatusError as error:
                incoming = _raised_by_hook(error, request, body)
            else:
                incoming = Incoming(response, body)
                await _read(response, incoming)
        if incoming is None or (time.cancelled_caught and incoming.is_success):
            raise httpx.ReadTimeout("", request=request)
        received(incoming)
    return incoming.answer()


async def _read(response: httpx.Response, incoming: Incoming) -> None:
    try:
        if incoming.status_code < 200:  # which httpcore never calls one
            raise httpx.RemoteProtocolError(f"{incoming.status_code} is no final answer")
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


def _raised_by_hook(
    error: httpx.HTTPStatusError, request: httpx.Request, body: Receiver
) -> Incoming:
    """The answer that `raise_for_status`, a hook of the caller's, made an error; and closed."""
    if error.request is not request:
        raise error
    incoming = Incoming(error.response, body)
    with suppress(httpx.ResponseNotRead):
        incoming.add(error.response.content)
    return incoming


def _extend(request: httpx.Request, deadline: Deadline, trace: Callable[..., object]) -> None:
    """Tells httpx how long each step may take, and whom to tell of them."""
    request.extensions = {**request.extensions, "timeout": deadline.steps(), "trace": trace}


@contextmanager
def _exchange(
    http: httpx.Client | httpx.AsyncClient, progress: Progress, body: Receiver, attempt: Attempt
) -> Generator[Callable[[Incoming], None]]:
    """Logs an attempt, and raises httpx's failures as ours."""
    request, deadline = progress.request, attempt.deadline
    started = deadline.elapsed

    def log(outcome: object, size: int) -> None:
        if logger.isEnabledFor(logging.DEBUG):
            logger.debug(
                "%s %s: %s after %.3f s, attempt %d, %s bytes sent, %d received",
                *(request.method, shown(request.url), outcome, deadline.elapsed - started),
                *(attempt.number, request.headers.get("Content-Length", "0"), size),
            )

    body.restart()
    try:
        if not deadline.left:
            raise httpx.ConnectTimeout("", request=request)
        yield lambda incoming: log(incoming.status_code, incoming.receiver.size)
    except RuntimeError:
        if not http.is_closed:
            raise
        closed = "http_client is closed: leave it open as long as calls are made through it"
        raise ClientClosedError(closed) from None
    except Exception as error:
        failed = aiohttp_failures.as_httpx(error)
        if not isinstance(failed, httpx.RequestError | httpx.InvalidURL | UnicodeError):
            raise
        progress.peer = progress.peer or aiohttp_failures.peer(error)
        log(type(failed).__name__, body.size)
        failure = told(failed, progress, deadline)
        for one in (failed, error):
            _forget_request(one, progress)
        raise failure from failed


def _forget_request(error: BaseException | None, progress: Progress) -> None:
    """Leaves an error of httpx's, and those it came of, their words alone.

    Its request has the token in a header, and so have frames that its traceback goes through.
    """
    sent = secrets(progress.request.headers)
    while error is not None and error is not progress.callers:
        error.__traceback__ = None
        aiohttp_failures.forget_request(error)
        # Servers repeat what they were sent, and transports that are not httpx's own quote it.
        error.args = tuple(hidden(one, sent) if isinstance(one, str) else one for one in error.args)
        if isinstance(error, httpx.RequestError):
            error.request = httpx.Request(progress.request.method, shown(progress.request.url))
        error = error.__cause__ or error.__context__
