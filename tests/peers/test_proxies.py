"""Proxies of the environment: what goes through them, and what must not.

proxy.py is a real one; requests that come through it have a Via header.
"""

import sys
from collections.abc import Callable, Generator
from importlib.util import find_spec
from pathlib import Path

import pytest

from friendli_facade import APIConnectionError, AsyncFriendli, SDKError, SyncFriendli
from scripts.faults.server import FaultServer, Request, answer, of_json, serving
from tests import samples
from tests.callers import Caller
from tests.conftest import Clock
from tests.delivery.test_token import frames
from tests.peers.nginx import COMMAND, issued, nginx
from tests.peers.running import free_port, running
from tests.samples import PNG
from tests.storage import of_url
from tests.three_ways import TOKEN

pytestmark = pytest.mark.peers
Client = Callable[..., Caller]
ELSEWHERE = "0.0.0.0"
needs_proxy = pytest.mark.skipif(find_spec("proxy") is None, reason="proxy.py is not installed")


@pytest.fixture(scope="module")
def proxy() -> Generator[str]:
    """The URL of a forward proxy."""
    port = free_port()
    command = (sys.executable, "-m", "proxy", "--hostname", "127.0.0.1", "--port", str(port))
    with running(*command, "--num-workers", "1", "--num-acceptors", "1", port=port) as url:
        yield url


@pytest.fixture
def server() -> Generator[FaultServer]:
    """A server that draws."""
    with serving(lambda request: of_json(samples.answer(request.target))) as server:
        yield server


def use(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    """Makes a proxy that of the environment, for everything."""
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name.lower(), raising=False)
        monkeypatch.setenv(name, proxy)


def through(requests: list[Request]) -> list[bool]:
    """Whether each request came through the proxy."""
    return ["via" in request.headers for request in requests]


@needs_proxy
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "LOCALHOST"])
async def test_plain_http_to_loopback_goes_past_a_proxy(
    host: str, client: Client, proxy: str, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither token, prompt nor pictures are told to it."""
    use(monkeypatch, proxy)
    url = server.url.replace("127.0.0.1", host)
    # The server listens on one address of loopback alone; a proxy would say so with a 502.
    if host == "127.8.8.8":
        async with client(server_url=url, retries=None) as friendli:
            with pytest.raises(APIConnectionError, match=r"127\.8\.8\.8:\d+ refuses connections"):
                await friendli.draw()
        return
    async with client(server_url=url) as friendli:
        assert (await friendli.draw()).images[0].read() == PNG
    assert through(server.requests) == [False]


@needs_proxy
async def test_a_download_from_loopback_goes_past_a_proxy(
    client: Client, proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container's storage on this machine is asked directly too; another one is not."""
    use(monkeypatch, proxy)
    with serving(lambda _: answer("200 OK", PNG)) as storage:
        places = [storage.url, storage.url.replace("127.0.0.1", ELSEWHERE)]
        with serving(lambda _: of_url(places.pop(0) + "/cat.png")) as server:
            async with client(server_url=server.url) as friendli:
                for _ in range(2):
                    (image,) = (await friendli.draw()).images
                    assert await friendli.read(image) == PNG
        assert through(storage.requests) == [False, True]


@needs_proxy
async def test_a_token_over_plain_http_goes_past_a_proxy(
    client: Client, proxy: str, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`allow_insecure_http` allows the way to the server, and no proxy on it."""
    use(monkeypatch, proxy)
    url = server.url.replace("127.0.0.1", ELSEWHERE)
    async with client(server_url=url, allow_insecure_http=True) as friendli:
        await friendli.draw()
    assert through(server.requests) == [False]
    assert server.requests[0].headers["authorization"] == f"Bearer {TOKEN}"


@needs_proxy
async def test_plain_http_to_a_container_elsewhere_goes_through_a_proxy(
    proxy: str, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be the only way there, and no token goes along; NO_PROXY counts as httpx has it."""
    use(monkeypatch, proxy)
    url = server.url.replace("127.0.0.1", ELSEWHERE)
    with SyncFriendli(token=TOKEN, server_url=url) as friendli:
        friendli.container.image.generate(prompt="p")
    async with AsyncFriendli(token=TOKEN, server_url=url) as async_friendli:
        await async_friendli.container.image.generate(prompt="p")
    monkeypatch.setenv("NO_PROXY", ELSEWHERE)
    with SyncFriendli(token=TOKEN, server_url=url) as friendli:
        friendli.container.image.generate(prompt="p")
    assert through(server.requests) == [True, True, False]
    assert TOKEN not in repr(server.requests)


async def test_a_proxy_that_is_gone_is_no_hindrance_on_loopback(
    client: Client, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is handed to it; where it must be asked, no frame of the error holds the token."""
    use(monkeypatch, f"http://127.0.0.1:{free_port()}")
    async with client(server_url=server.url, retries=None) as friendli:
        assert (await friendli.draw()).images[0].read() == PNG
        with pytest.raises(APIConnectionError, match=r"the proxy 127\.0\.0\.1:") as failed:
            await friendli.draw(server_url="https://api.friendli.ai")
    shown = [file for file, names in frames(failed.value) if TOKEN in names]
    assert [file for file in shown if "tests" not in file] == []


@pytest.fixture(scope="module")
def guarded_proxy() -> Generator[str]:
    """The URL of a forward proxy that wants a password, without it."""
    port = free_port()
    command = (sys.executable, "-m", "proxy", "--hostname", "127.0.0.1", "--port", str(port))
    options = ("--num-workers", "1", "--num-acceptors", "1", "--basic-auth", "user:s3cret")
    with running(*command, *options, port=port) as url:
        yield url


@needs_proxy
@pytest.mark.parametrize("known", ["", "user:wrong@"])
async def test_a_proxy_that_wants_a_password_is_told_at_once(
    known: str, client: Client, guarded_proxy: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its 407 is not the server's, no repetition mends it, and no password is shown."""
    use(monkeypatch, guarded_proxy.replace("//", "//" + known))
    async with client(server_url="https://api.friendli.ai") as friendli:
        with pytest.raises(APIConnectionError) as failed:
            await friendli.draw()
    assert (failed.value.attempts, failed.value.ambiguous, clock.sleeps) == (1, False, [])
    assert failed.value.reason.startswith(
        "the proxy refused to connect to api.friendli.ai:443: 407 "
    )
    assert "wrong" not in str(failed.value) + repr(failed.value)


@needs_proxy
async def test_a_container_behind_a_proxy_with_a_password_draws(
    guarded_proxy: str, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The password of the proxy's URL is for the proxy alone; a wrong one is its 407."""
    url = server.url.replace("127.0.0.1", ELSEWHERE)
    use(monkeypatch, guarded_proxy.replace("//", "//user:s3cret@"))
    with SyncFriendli(token=TOKEN, server_url=url) as friendli:
        friendli.container.image.generate(prompt="p")
    async with AsyncFriendli(token=TOKEN, server_url=url) as async_friendli:
        await async_friendli.container.image.generate(prompt="p")
    assert through(server.requests) == [True, True]
    assert "authorization" not in server.requests[0].headers
    assert "proxy-authorization" not in server.requests[0].headers
    use(monkeypatch, guarded_proxy)
    with SyncFriendli(server_url=url) as friendli, pytest.raises(SDKError) as failed:
        friendli.container.image.generate(prompt="p")
    assert (failed.value.status_code, failed.value.attempts) == (407, 1)


@needs_proxy
@pytest.mark.skipif(COMMAND is None, reason="no nginx: apt-get install nginx")
@pytest.mark.parametrize("password", ["", "user:s3cret@"])
async def test_a_tunnel_through_a_proxy_draws(
    password: str,
    client: Client,
    proxy: str,
    guarded_proxy: str,
    server: FaultServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """https goes through it unseen: the token arrives at the server, where nothing says proxy."""
    certificate = issued(tmp_path, ELSEWHERE)
    (tmp_path / "authority.pem").write_text(certificate.authority)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    use(monkeypatch, (guarded_proxy if password else proxy).replace("//", "//" + password))
    with nginx(tmp_path, server.url, certificate=certificate) as local:
        url = local.replace("127.0.0.1", ELSEWHERE)
        async with client(server_url=url) as friendli:
            assert (await friendli.draw()).images[0].read() == PNG
        use(monkeypatch, guarded_proxy)  # which tells that the way leads through a proxy
        async with client(server_url=url) as friendli:
            with pytest.raises(APIConnectionError, match="the proxy refused to connect"):
                await friendli.draw()
    (request,) = server.requests
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.headers.keys() & {"via", "proxy-authorization"} == set()
