"""A connection that fails: how long it is tried, and what the error says to look at."""

import socket
import ssl
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import httpx
import pytest
import trustme

from friendli_facade import APIConnectionError, APITimeoutError
from friendli_facade.utils import RetryConfig
from scripts.faults.server import Answer, Then, answer, of_json, serving
from tests.callers import Caller
from tests.conftest import Clock
from tests.delivery.test_faults import GOOD
from tests.servers import refusing

SERVER = "https://api.friendli.ai"
Client = Callable[..., Caller]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of whoever runs the tests has no say."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


async def failure(client: Client, url: str, **arguments: Any) -> APIConnectionError:
    """The error of a call."""
    async with client(server_url=url) as friendli:
        with pytest.raises(APIConnectionError) as failed:
            await friendli.draw(**arguments)
    assert not failed.value.ambiguous
    return failed.value


def reason(error: APIConnectionError) -> str:
    """What it says beside method, URL and attempts."""
    assert str(error).startswith(f"{error.method} {error.url} got no answer: {error.reason}")
    return error.reason


@contextmanager
def tls(*, names: list[str], trusted: bool) -> Generator[tuple[str, ssl.SSLContext]]:
    """A TLS server's place, and what a client knows of authorities."""
    authority = trustme.CA()
    ours, theirs = ssl.create_default_context(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with authority.issue_cert(*names).private_key_and_cert_chain_pem.tempfile() as file:
        theirs.load_cert_chain(file)
    if trusted:
        ours.load_verify_locations(cadata=authority.cert_pem.bytes().decode())
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                try:
                    with theirs.wrap_socket(connection, server_side=True):
                        pass
                except OSError:
                    connection.close()

        thread = Thread(target=serve)
        thread.start()
        try:
            yield f"https://127.0.0.1:{listener.getsockname()[1]}", ours
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


async def test_a_server_that_is_not_there_is_tried_for_five_seconds(
    client: Client, clock: Clock
) -> None:
    """A refused connection may be a restart; the error asks whether the container is running."""
    with refusing() as place:
        error = await failure(client, f"http://{place}")
    assert 3 <= error.attempts <= 8
    assert 2 <= sum(clock.sleeps) <= 5
    hint = "is the server, or the container, running there?"
    assert reason(error) == f"{place} refuses connections: {hint}"


async def test_an_error_that_the_caller_is_handling_explains_nothing(client: Client) -> None:
    """A call from an `except` block is told by its own failure alone."""
    with refusing() as place:
        try:
            raise socket.gaierror(socket.EAI_NONAME, "no such host")
        except socket.gaierror:
            error = await failure(client, f"http://{place}", retries=None)
    assert reason(error).startswith(f"{place} refuses connections: ")


async def test_a_server_that_starts_slowly_can_be_waited_for(client: Client, clock: Clock) -> None:
    """`max_connection_time` is for a container that takes a minute to load its model."""
    with refusing() as place:
        port = int(place.partition(":")[2])
        patient = RetryConfig(max_connection_time=60_000)
        error = await failure(client, f"http://127.0.0.1:{port}", retries=patient)
    assert 30 <= sum(clock.sleeps) <= 60
    assert error.attempts == len(clock.sleeps) + 1


async def test_an_unknown_host_is_told_at_once(
    client: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that does not exist will not in five seconds; the error says which it is."""

    def getaddrinfo(*_: object, **__: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", getaddrinfo)
    error = await failure(client, "https://nowhere.example/api")
    assert (error.attempts, clock.sleeps) == (1, [])
    assert reason(error) == (
        "nowhere.example:443 is not found: there is no such host (Name or service not known)"
    )
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    error = await failure(client, SERVER)
    assert (error.attempts, clock.sleeps) == (1, [])
    assert reason(error).startswith("the proxy proxy.example:3128 is not found: ")


async def test_a_name_that_cannot_be_looked_up_now_is_tried_again(
    client: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A resolver that is not reached says nothing about the name."""

    def getaddrinfo(*_: object, **__: object) -> object:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr("socket.getaddrinfo", getaddrinfo)
    error = await failure(client, SERVER)
    assert error.attempts > 2
    assert sum(clock.sleeps) <= 5
    assert "Temporary failure in name resolution" in reason(error)


@pytest.mark.parametrize(
    ("names", "trusted", "words"),
    [
        (["127.0.0.1"], False, "unable to get local issuer certificate"),
        (["other.example"], True, "IP address mismatch, certificate is not valid for '127.0.0.1'"),
    ],
)
async def test_a_certificate_that_is_not_accepted_is_told_at_once(
    names: list[str],
    trusted: bool,
    words: str,
    client: Client,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No repetition mends it; the error says what is wrong with it, and what can be done."""
    with tls(names=names, trusted=trusted) as (url, context):

        def create(**_: object) -> ssl.SSLContext:
            return context

        for module in ("httpx", "httpx._transports.default"):
            monkeypatch.setattr(f"{module}.create_ssl_context", create)
        error = await failure(client, url)
    assert (error.attempts, clock.sleeps) == (1, [])
    place = url.removeprefix("https://")
    assert reason(error).startswith(f"the certificate of {place} is not accepted ({words}")
    assert reason(error).endswith("http_client=httpx.Client(verify=...)")


async def test_https_to_a_server_of_http_is_told_at_once(client: Client, clock: Clock) -> None:
    """The error asks whether the URL should be http."""
    with serving(lambda _: answer(), lambda: answer("400 Bad Request")) as server:
        error = await failure(client, server.url.replace("http:", "https:"))
    assert (error.attempts, clock.sleeps) == (1, [])
    assert reason(error).startswith(f"no TLS with {server.url.removeprefix('http://')} (")
    assert reason(error).endswith("): is its URL http, and not https?")


async def test_http_to_a_server_of_tls_is_told(client: Client) -> None:
    """An alert of TLS is no HTTP; the error asks whether the URL should be https."""
    alert = Answer(b"\x15\x03\x01\x00\x02\x02\x46", Then.CLOSE)
    with serving(lambda _: alert) as server:
        async with client(server_url=server.url) as friendli:
            with pytest.raises(APIConnectionError) as failed:
                await friendli.draw()
    assert failed.value.attempts == 1
    words = "what came is no HTTP, and may be TLS: is its URL https, and not http?"
    assert reason(failed.value) == words


async def test_a_proxy_that_refuses_is_told_at_once(
    client: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error says that it was the proxy, which server it did not let through, and why."""
    with serving(lambda _: answer("403 Forbidden")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        error = await failure(client, SERVER)
    assert (error.attempts, clock.sleeps, len(proxy.requests)) == (1, [], 1)
    assert reason(error) == "the proxy refused to connect to api.friendli.ai:443: 403 Forbidden"


async def test_a_proxy_that_does_not_reach_the_server_is_tried_for_five_seconds(
    client: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was sent yet, so it is as if the server refused."""
    with serving(lambda _: answer("502 Bad Gateway")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        error = await failure(client, SERVER)
    assert error.attempts == len(proxy.requests) > 2
    assert sum(clock.sleeps) <= 5


async def test_a_proxy_that_is_not_there_is_called_the_proxy(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not the server that refuses."""
    with refusing() as place:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{place}")
        error = await failure(client, SERVER)
    assert reason(error).startswith(f"the proxy {place} refuses connections: ")


async def test_a_proxy_that_says_nothing_leaves_no_doubt(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was asked to connect, and nothing was sent to the server: the error is not ambiguous."""
    with serving(lambda _: Answer(then=Then.STALL)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        haste = httpx.Timeout(60, read=0.1)
        error = await failure(client, SERVER, timeout=haste, retries=None)
    assert type(error) is APITimeoutError
    assert reason(error) == "nothing came within 0.1 s"


async def test_a_server_that_is_too_busy_to_answer_the_door(client: Client) -> None:
    """A connection that is not made in time is told as that, and not as an answer's delay."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        place = listener.getsockname()
        queue = [socket.socket() for _ in range(3)]
        for one in queue:  # which fills the backlog: further ones get no word
            one.setblocking(False)
            one.connect_ex(place)
        haste = httpx.Timeout(60, connect=0.1)
        url = f"http://127.0.0.1:{place[1]}"
        error = await failure(client, url, timeout=haste, retries=None)
        for one in queue:
            one.close()
    assert type(error) is APITimeoutError
    assert reason(error) == (
        f"no connection to 127.0.0.1:{place[1]} within 0.1 s: is the address right?"
    )


async def test_the_same_through_the_callers_own_httpx_client(way: str, client: Client) -> None:
    """What failed is found out without touching it."""
    kind: Any = httpx.Client if way == "sync" else httpx.AsyncClient
    http = kind()
    with refusing() as place:
        async with client(server_url=f"http://{place}", http_client=http) as friendli:
            with pytest.raises(APIConnectionError, match=f"{place} refuses connections"):
                await friendli.draw()
    with serving(lambda _: of_json(GOOD)) as server:
        async with client(server_url=server.url, http_client=http) as friendli:
            assert (await friendli.draw()).images
        await (http.aclose() if way != "sync" else _closed(http))


async def _closed(http: httpx.Client) -> None:
    http.close()
