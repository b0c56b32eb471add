"""Short ways to a server, with http.client and with bytes."""

import http.client
import socket
from collections.abc import Generator
from contextlib import contextmanager

import httpx

from friendli_facade.sandbox import Server


def address(server: Server) -> tuple[str, int]:
    url = httpx.URL(server.url)
    assert url.port is not None
    return url.host, url.port


@contextmanager
def connected(server: Server) -> Generator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(*address(server), timeout=60)
    try:
        yield connection
    finally:
        connection.close()


def raw(server: Server, request: bytes) -> bytes:
    """All that comes back to some bytes until the server hangs up."""
    with socket.create_connection(address(server), timeout=60) as connection:
        connection.sendall(request)
        received = b""
        while part := connection.recv(65536):
            received += part
        return received
