"""The server that fails byte by byte, where a client says less than a request."""

import socket

import pytest

from scripts.faults.server import Answer, Request, answer, serving


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nab",
        b"GET / HTTP/1.1\r\n\r\nGET",
    ],
    ids=["nothing", "a part of a body", "a request and a part of one"],
)
def test_only_whole_requests_are_requests(said: bytes) -> None:
    """A client that leaves before one is whole leaves a connection that is closed, and no more."""

    def respond(request: Request) -> Answer:
        return answer(body=request.method.encode())

    with serving(respond) as server:
        with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2]))) as client:
            client.sendall(said)
            client.shutdown(socket.SHUT_WR)
            received = client.makefile("rb").read()
        assert server.idle()
        whole = said.count(b"GET /")
        assert (len(server.requests), server.connections) == (whole, 1)
        assert received.count(b"200 OK") == whole
