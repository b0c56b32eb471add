"""What comes on a connection to the sandbox: odd, ambiguous, too large, too slow, too much."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Semaphore

import httpx
import pytest

from friendli_facade.sandbox import Request, Response, Sandbox, Server
from friendli_facade.sandbox._serving import connection
from friendli_facade.sandbox._serving import server as serving
from tests.sandbox.asking import CONTAINER_GENERATE, DEDICATED_GENERATE
from tests.sandbox.wire import address, raw

BODY = b'{"model": "m", "prompt": "p", "num_inference_steps": 1}'
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"

# What is wrong, and the bytes between the request line and the end of the request.
AMBIGUOUS = {
    "length and chunks": b"Host: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
    "chunks and length": b"Host: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}",
    "two lengths": b"Host: x\r\nContent-Length: 2\r\nX: y\r\ncontent-length: 3\r\n\r\n{}",
    "one length twice": b"Host: x\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
    "a list of lengths": b"Host: x\r\nContent-Length: 2, 2\r\n\r\n{}",
    "a space before the colon": b"Host: x\r\nContent-Length : 2\r\n\r\n{}",
    "a folded header": b"Host: x\r\nX: y\r\n Content-Length: 2\r\n\r\n{}",
    "a bare LF": b"Host: x\r\nX: y\nContent-Length: 2\r\n\r\n{}",
    "a bare LF at the end": b"Host: x\r\nX: y\r\n\n",
    "a bare CR": b"Host: x\r\nX: y\rContent-Length: 2\r\n\r\n{}",
    "a NUL": b"Host: x\r\nX: y\0z\r\n\r\n",
    "a line that is no header": b"Host: x\r\nnonsense\r\nContent-Length: 2\r\n\r\n{}",
    "a header without a name": b"Host: x\r\n: y\r\n\r\n",
    "no Host": b"X: y\r\n\r\n",
    "two Hosts": b"Host: x\r\nHost: y\r\n\r\n",
    "markup for a Host": b"Host: <script>\r\n\r\n",
    "a path in the Host": b"Host: x/../v1/images/edits?\r\n\r\n",
    "a user in the Host": b"Host: me:secret@x\r\n\r\n",
}


@pytest.mark.parametrize("rest", AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_an_ambiguous_request_is_refused(friendli_sandbox: Sandbox, rest: bytes) -> None:
    """Two readers may read it as two requests, so it is a 400, nobody's, and the last."""
    with friendli_sandbox.serve() as server:
        received = raw(server, b"POST /v1/images/generations HTTP/1.1\r\n" + rest + GET)
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"\r\nconnection: close" in head
    assert json.loads(body).keys() == {"detail"}
    assert friendli_sandbox.requests == []


@pytest.mark.parametrize(
    "line",
    [
        b"GET  / HTTP/1.1",
        b"GET / HTTP/1.1 ",
        b"GET /",
        b" GET / HTTP/1.1",
        b"GET pictures HTTP/1.1",
        b"GET /#x HTTP/1.1",
        b"GET http://<script>/ HTTP/1.1",
        b"GET http://me@x/ HTTP/1.1",
        b"GET ftp://x/ HTTP/1.1",
        b"CONNECT x:443 HTTP/1.1",
        b"\x16\x03\x01\x02",
    ],
)
def test_a_request_line_that_is_none(server: Server, line: bytes) -> None:
    """A malformed first line, or a target that is no path or http URL, is a 400."""
    assert raw(server, line + b"\r\nHost: x\r\n\r\n").startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    ("target", "host", "url"),
    [
        (b"/a?b=c", b"sandbox_1.internal:8000", "http://sandbox_1.internal:8000/a?b=c"),
        (b"/", b"[::1]:80", "http://[::1]:80/"),
        (b"http://there:81/a", b"here", "http://there:81/a"),
        (b"https://there/", b"here", "https://there/"),
    ],
)
def test_the_url_that_was_asked(
    friendli_sandbox: Sandbox, target: bytes, host: bytes, url: str
) -> None:
    """It is under the Host, unless the target names another, as to a proxy."""
    with friendli_sandbox.serve() as server:
        raw(server, b"GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n" % (target, host))
    assert [request.url for request in friendli_sandbox.requests] == [url]


def test_headers_of_one_name_come_together(friendli_sandbox: Sandbox) -> None:
    """A header that comes twice is kept as one with both values, as httpx has it."""
    head = b"GET / HTTP/1.1\r\nHost: x\r\nX-A: 1\r\nx-a: \xe9\r\nConnection: close\r\n\r\n"
    with friendli_sandbox.serve() as server:
        raw(server, head)
    assert friendli_sandbox.requests[0].headers["x-a"] == "1, é"


@pytest.mark.parametrize(
    ("header", "body", "status"),
    [
        (b"Content-Length: many", b"", 400),
        (b"Content-Length: -1", b"", 400),
        (b"Content-Length: +5", b"", 400),
        (b"Content-Length: 536870913", b"", 413),
        (b"Content-Length: " + b"9" * 5000, b"", 400),
        (b"Expect: 100-continue\r\nContent-Length: 536870913", b"", 413),
        (b"Transfer-Encoding: gzip", b"", 501),
        (b"Transfer-Encoding: chunked", b"zz\r\n", 400),
        (b"Transfer-Encoding: chunked", b"-5\r\n", 400),
        (b"Transfer-Encoding: chunked", b"1\r\nabc\r\n0\r\n\r\n", 400),
    ],
)
def test_unusable_length(server: Server, header: bytes, body: bytes, status: int) -> None:
    """A body whose length is malformed or too large is refused, and the connection ends."""
    received = raw(
        server, b"POST /v1/images/edits HTTP/1.1\r\nHost: x\r\n" + header + b"\r\n\r\n" + body
    )
    assert received.startswith(b"HTTP/1.1 %d " % status)
    assert b"\r\nconnection: close\r\n" in received


def test_chunks_without_end(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks that come to more than a body may have are refused as they come."""
    monkeypatch.setattr(connection, "LARGEST", 10)
    head = b"POST /v1/images/edits HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert raw(server, head + b"6\r\n{      \r\n6\r\n").startswith(b"HTTP/1.1 400 ")
    assert raw(server, head + b"6\r\n{     \r\n6\r\n     }").startswith(b"HTTP/1.1 413 ")


def test_a_head_that_is_too_large(server: Server) -> None:
    """Headers of more than 64 KiB are a 431."""
    head = b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 70_000
    assert raw(server, head).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "GET"])
def test_any_method_is_answered_in_json(server: Server, method: str) -> None:
    """A method that an operation does not have is a 405 in JSON, be it a common one or not."""
    response = httpx.request(method, server.url + CONTAINER_GENERATE)
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert response.json() == {"detail": "Method Not Allowed"}


def test_expectation_is_met_at_once(server: Server) -> None:
    """A client that waits to be told to go on is told so before it sends its body."""
    with socket.create_connection(address(server), timeout=60) as client:
        client.sendall(
            b"POST /v1/images/edits HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
            b"Content-Length: 2\r\n\r\n"
        )
        assert client.recv(1000).startswith(b"HTTP/1.1 100 ")
        client.sendall(b"{}")
        assert client.recv(1000).startswith(b"HTTP/1.1 422 ")


def test_without_a_host(server: Server) -> None:
    """A client of HTTP/1.0 that names no host gets URLs under the server's own address."""
    request = b"POST %s HTTP/1.0\r\nAuthorization: Bearer t\r\nContent-Type: application/json\r\n"
    length = b"Content-Length: %d\r\n\r\n" % len(BODY)
    received = raw(server, request % DEDICATED_GENERATE.encode() + length + BODY)
    assert f'"url":"{server.url}/pictures/'.encode() in received


def test_client_that_goes_away(server: Server, capfd: pytest.CaptureFixture[str]) -> None:
    """A client that leaves in the middle of its request is nothing to talk about."""
    with socket.create_connection(address(server), timeout=60) as client:
        client.sendall(b"POST /v1/images/edits HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1000) == b""
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("sent", "received"),
    [
        (b"", b""),
        (b"GET / HT", b"HTTP/1.1 408 "),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n{", b"HTTP/1.1 408 "),
    ],
)
def test_a_client_that_waits_too_long(
    monkeypatch: pytest.MonkeyPatch, sent: bytes, received: bytes
) -> None:
    """A connection on which nothing comes is ended; half a request is told why."""
    monkeypatch.setattr(serving, "_PATIENCE", 0.05)
    server = Sandbox().serve()
    # It listens already: what is sent is there before anything is waited for.
    with socket.create_connection(address(server), timeout=60) as client:
        client.sendall(sent)
        with server:
            assert client.makefile("rb").read()[:13] == received


def test_connections_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients beyond the limit wait until others are answered, and are answered then."""
    monkeypatch.setattr(serving, "_MOST", 2)
    entered, more, go_on = Semaphore(0), Event(), Event()

    class Slow(Sandbox):
        def handle(self, request: Request) -> Response:
            if request.url.endswith("/3"):
                more.set()
            entered.release()
            assert go_on.wait(60)
            return Response(200, {}, b"done")

    def ask(number: int) -> bytes:
        last = b"Connection: close\r\n\r\n"
        return raw(server, b"GET /%d HTTP/1.1\r\nHost: x\r\n" % number + last)

    with Slow().serve() as server, ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(ask, number) for number in (1, 2)]
        assert entered.acquire(timeout=60)
        assert entered.acquire(timeout=60)
        answers += [pool.submit(ask, 3) for _ in range(2)]
        assert not more.wait(0.1)
        go_on.set()
        received = [answer.result(60) for answer in answers]
    assert all(one.endswith(b"done") for one in received)


def test_a_connection_is_not_kept_where_others_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """With as many connections as there may be, each ends with its answer."""
    monkeypatch.setattr(serving, "_MOST", 1)
    with Sandbox().serve() as server:
        assert b"\r\nconnection: close\r\n" in raw(server, GET)


@pytest.mark.parametrize("host", ["", None])
def test_a_server_listens_where_it_is_told(host: str) -> None:
    """No host at all does not mean every address of the machine."""
    with pytest.raises(ValueError, match=r"host must be an address: 127\.0\.0\.1, or 0\.0\.0\.0"):
        Sandbox().serve(host)


def test_who_does_not_stop_sending_is_cut_off(friendli_sandbox: Sandbox) -> None:
    """After the answer that there is too much, the server reads on for a while, not for ever."""
    with (
        friendli_sandbox.serve() as server,
        socket.create_connection(address(server), timeout=60) as client,
    ):
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 536870913\r\n\r\n")
        with pytest.raises(ConnectionError):
            client.sendall(bytes(536870913))
