"""Network streams of our own clients: a small request is one packet, and no thread waits too long.

httpcore writes headers and body apart; sending both together saves a tenth of a small call.

httpx limits each wait for bytes: a server that sends one now and then is never late. An async call
is cancelled at its deadline; in a thread, every single wait has to be cut to what is left. Looking
a name up is the operating system's, and alone is not cut.
"""

import socket
import ssl
from collections.abc import Generator, Iterable
from contextlib import contextmanager, nullcontext, suppress
from contextvars import ContextVar
from math import inf
from typing import Any

import httpcore
import httpx

from friendli_facade._delivery.deadline import Deadline

_PIECE = 64 * 1024  # bytes written at once: each wait for room has a limit of its own
_SMALL = 16 * 1024  # bytes that wait for what follows: headers and a small body are sent at once
_current: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


@contextmanager
def until(deadline: Deadline) -> Generator[None]:
    """Within it, no stream waits longer than what is left."""
    token = _current.set(deadline)
    try:
        yield
    finally:
        _current.reset(token)


def bind(transport: httpx.HTTPTransport) -> None:
    """Gives such streams to a transport of our own, for one request at a time, and takes its lock.

    httpx takes no network backend, so it is put where httpcore keeps it; the tests of the lowest
    and the highest versions notice if it moves. Where an interrupt (KeyboardInterrupt, say) comes
    while the pool takes its lock, it would wait for itself without end.
    """
    pool = transport._pool  # pyright: ignore[reportPrivateUsage]
    pool._network_backend = _Backend()  # pyright: ignore[reportPrivateUsage]
    unlocked: Any = nullcontext()
    pool._optional_thread_lock = unlocked  # pyright: ignore[reportPrivateUsage]


def abind(transport: httpx.AsyncHTTPTransport) -> None:
    """Gives such streams to an async transport of our own."""
    pool = transport._pool  # pyright: ignore[reportPrivateUsage]
    of_httpcore = pool._network_backend  # pyright: ignore[reportPrivateUsage]
    pool._network_backend = _AsyncBackend(of_httpcore)  # pyright: ignore[reportPrivateUsage]


def _cut(limit: float | None, late: type[httpcore.TimeoutException]) -> float | None:
    """A limit, or what is left of the call if that is less; raises `late` if that is nothing."""
    deadline = _current.get()
    left = inf if deadline is None else deadline.left
    if not left:
        raise late("the call's time is over")
    if left == inf:
        return limit
    return left if limit is None else min(limit, left)


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream
        self._unsent = b""
        self._limit: float | None = None

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._unsent:
            with suppress(httpcore.WriteError):  # the server may have answered already
                self._send()
        return self._stream.read(max_bytes, _cut(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._unsent, self._limit = self._unsent + buffer, timeout
        if len(self._unsent) > _SMALL:
            self._send()

    def _send(self) -> None:
        unsent, self._unsent = self._unsent, b""
        for start in range(0, len(unsent), _PIECE):
            piece = unsent[start : start + _PIECE]
            self._stream.write(piece, _cut(self._limit, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        try:
            limit = _cut(timeout, httpcore.ConnectTimeout)
            return _Stream(self._stream.start_tls(ssl_context, server_hostname, limit))
        except BaseException:  # httpcore closes it after errors of its own alone
            self.close()
            raise

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Backend(httpcore.SyncBackend):
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        # One by one: the socket module would give each address the whole limit.
        for number, (*_, address) in enumerate(found, 1):
            limit = _cut(timeout, httpcore.ConnectTimeout)
            try:
                return _Stream(
                    super().connect_tcp(str(address[0]), port, limit, local_address, socket_options)
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(found):
                    raise
        raise httpcore.ConnectError(f"{host} has no address")


class _AsyncStream(httpcore.AsyncNetworkStream):
    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._unsent = b""
        self._limit: float | None = None

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._unsent:
            with suppress(httpcore.WriteError):
                await self._send()
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._unsent, self._limit = self._unsent + buffer, timeout
        if len(self._unsent) > _SMALL:
            await self._send()

    async def _send(self) -> None:
        unsent, self._unsent = self._unsent, b""
        await self._stream.write(unsent, self._limit)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        import anyio

        try:
            secured = await self._stream.start_tls(ssl_context, server_hostname, timeout)
        except BaseException:  # httpcore closes it after errors, and not where it is cancelled
            with anyio.CancelScope(shield=True):
                await self._stream.aclose()
            raise
        return _AsyncStream(secured)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _AsyncBackend(httpcore.AsyncNetworkBackend):
    def __init__(self, backend: httpcore.AsyncNetworkBackend) -> None:
        self._backend = backend

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        return _AsyncStream(
            await self._backend.connect_tcp(host, port, timeout, local_address, socket_options)
        )
