"""The sandbox on a port."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Event

import httpx
import pytest

from friendli_facade.sandbox import Request, Response, Sandbox, Server
from friendli_facade.sandbox._serving import server as serving
from tests.sandbox.asking import CONTAINER_GENERATE, DEDICATED_GENERATE, HEADERS
from tests.sandbox.wire import address, connected, raw

BODY = b'{"model": "m", "prompt": "p", "num_inference_steps": 1}'


def test_generate_and_download(server: Server) -> None:
    """A picture can be asked for and downloaded, under the name that the client used."""
    with httpx.Client(base_url=server.url, timeout=60) as client:
        response = client.post(DEDICATED_GENERATE, content=BODY, headers=HEADERS)
        (item,) = response.json()["data"]
        assert item["url"].startswith(f"{server.url}/pictures/")
        assert client.get(item["url"]).content.startswith(b"\x89PNG")
        assert client.head(item["url"]).content == b""


def test_connection_is_kept(server: Server) -> None:
    """Several requests go over one connection, refused ones among them."""
    with connected(server) as connection:
        statuses: list[int] = []
        sockets: set[object] = set()
        for path in (CONTAINER_GENERATE, "/nowhere", CONTAINER_GENERATE):
            connection.request("POST", path, BODY, HEADERS)
            response = connection.getresponse()
            response.read()
            statuses.append(response.status)
            sockets.add(connection.sock)
    assert statuses == [200, 404, 200]
    assert len(sockets) == 1


def test_many_at_once(server: Server) -> None:
    """Clients in parallel get the same answer to the same request."""
    with httpx.Client(base_url=server.url, timeout=60) as client, ThreadPoolExecutor(8) as pool:

        def ask(_: int) -> bytes:
            return client.post(CONTAINER_GENERATE, content=BODY, headers=HEADERS).content

        assert len(set(pool.map(ask, range(32)))) == 1


def test_chunked_body(server: Server) -> None:
    """A body without a declared length is read in its chunks, and the connection goes on."""
    with connected(server) as connection:
        for _ in range(2):
            connection.request(
                "POST", CONTAINER_GENERATE, iter((BODY[:9], BODY[9:])), HEADERS, encode_chunked=True
            )
            response = connection.getresponse()
            assert json.loads(response.read()).keys() == {"image"}


def test_stopping_ends_idle_connections() -> None:
    """Leaving the block ends kept connections, and the port takes no new ones."""
    with Sandbox().serve() as server:
        connection = socket.create_connection(address(server), timeout=60)
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(1000).startswith(b"HTTP/1.1 404 ")
    with connection:
        assert connection.recv(1000) == b""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address(server), timeout=60)


def test_stopping_lets_an_answer_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that is being answered when the server stops gets its answer."""
    monkeypatch.setattr(serving, "_MOMENT", 60)
    asked = Event()
    server: Server

    class Slow(Sandbox):
        def handle(self, request: Request) -> Response:
            asked.set()
            # Goes on only when the server has begun to stop.
            with suppress(OSError):
                while True:
                    socket.create_connection(address(server), timeout=60).close()
            return Response(200, {}, b"done")

    with ThreadPoolExecutor(1) as pool:
        server = Slow().serve()
        with server:
            answer = pool.submit(raw, server, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert asked.wait(60)
        assert answer.result(60).endswith(b"done")


def test_stopping_waits_for_no_answer_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that does not come in a moment loses its client."""
    monkeypatch.setattr(serving, "_MOMENT", 0.01)
    asked, over = Event(), Event()

    class Stuck(Sandbox):
        def handle(self, request: Request) -> Response:
            asked.set()
            over.wait(60)
            return Response(200, {}, b"done")

    try:
        with (
            Stuck().serve() as server,
            socket.create_connection(address(server), timeout=60) as connection,
        ):
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert asked.wait(60)
            kept = connection.dup()
        with kept:
            assert kept.recv(1000) == b""
    finally:
        over.set()


def test_ipv6() -> None:
    """An IPv6 address can be listened on, and stands in brackets in the URL."""
    try:
        server = Sandbox().serve("::1")
    except OSError:
        pytest.skip("no IPv6 here")
    with server:
        assert server.url.startswith("http://[::1]:")
        assert httpx.get(server.url, timeout=60).status_code == 404


@contextmanager
def process(*arguments: str) -> Generator[subprocess.Popen[str]]:
    command = [sys.executable, "-W", "error", "-m", "friendli_facade.sandbox", *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as running:
        try:
            yield running
        finally:
            running.kill()


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_command(number: signal.Signals) -> None:
    """The command prints its URL first, serves, and exits with 0 and no word on a signal."""
    with process("--port", "0", "--endpoint", "mine", "--endpoint", "ours") as running:
        assert running.stdout is not None
        url = running.stdout.readline().strip()
        statuses = {
            model: httpx.post(
                url + DEDICATED_GENERATE,
                json={"model": model, "prompt": "p"},
                headers=HEADERS,
                timeout=60,
            ).status_code
            for model in ("mine", "ours", "yours")
        }
        assert statuses == {"mine": 200, "ours": 200, "yours": 404}
        running.send_signal(number)
        assert running.communicate(timeout=60) == ("", "")
        assert running.returncode == 0


def test_command_on_a_taken_port(server: Server) -> None:
    """A port that is taken is one line on stderr and exit status 1."""
    host, port = address(server)
    with process("--port", str(port)) as running:
        out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (1, "")
    (line,) = err.splitlines()
    assert line.startswith("cannot listen: Address already in use")
    assert f"('{host}', {port})" in line


def test_command_without_a_host() -> None:
    """An empty host, as of an empty variable in a shell, does not open the server to all."""
    with process("--host", "") as running:
        out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (1, "")
    assert err.startswith("cannot listen: host must be an address")
