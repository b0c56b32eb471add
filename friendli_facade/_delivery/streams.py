"""Network streams of a sync client, which never wait past the deadline of the call they serve.

httpx limits each wait for bytes: a server that sends one now and then is never late. An async call
is cancelled at its deadline; in a thread, every single wait has to be cut to what is left. Looking
a name up is the operating system's, and alone is not cut.
"""

import socket
import ssl
from collections.abc import Generator, Iterable
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from math import inf
from typing import Any

import httpcore
import httpx

from friendli_facade._delivery.deadline import Deadline

_PIECE = 64 * 1024  # bytes written at once: each wait for room has a limit of its own
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


def _cut(limit: float | None, late: type[httpcore.TimeoutException]) -> float | None:
    """A limit, or what is left of the call if that is less; raises `late` if that is nothing."""
    deadline = _current.get()
    left = inf if deadline is None else deadline.left
    if not left:
        raise late("the call's time is over")
    return limit if left == inf or (limit is not None and limit <= left) else left


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _cut(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _PIECE):
            piece = buffer[start : start + _PIECE]
            self._stream.write(piece, _cut(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        limit = _cut(timeout, httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, limit))

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
        hosts = [host] if len(found) == 1 else [str(address[0]) for *_, address in found]
        for number, one in enumerate(hosts, 1):
            limit = _cut(timeout, httpcore.ConnectTimeout)
            try:
                return _Stream(super().connect_tcp(one, port, limit, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(hosts):
                    raise
        raise httpcore.ConnectError(f"{host} has no address")
