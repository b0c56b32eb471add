"""Over HTTP/2: hypercorn with TLS, and httpx[http2] as `http_client`."""

# pyright: basic, reportMissingImports=false

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Generator
from threading import Event, Thread
from typing import Any

import attrs
import httpx
import pytest
import trustme
from hypercorn.asyncio import serve
from hypercorn.config import Config

from friendli_facade import APIConnectionError, AsyncFriendli, RateLimitError, SyncFriendli
from friendli_facade.sandbox import Request, Sandbox
from tests.peers.running import free_port
from tests.peers.tools.drawing import HASTE, PNG, TOKEN

MORE = PNG + bytes(3_000_000)  # more than the windows of flow control take at once


@attrs.define
class Application:
    """The sandbox as an ASGI application; `breaks` requests end without an answer."""

    sandbox: Sandbox = attrs.field(factory=Sandbox)
    versions: set[str] = attrs.field(factory=set[str])
    clients: set[Any] = attrs.field(factory=set[Any])
    answered: list[bytes] = attrs.field(factory=list[bytes])
    statuses: list[int] = attrs.field(factory=list[int])
    breaks: int = 0
    config: Config = attrs.field(factory=Config)

    async def __call__(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Awaitable[dict[str, Any]]],
        send: Callable[[dict[str, Any]], Awaitable[None]],
    ) -> None:
        if scope["type"] != "http":
            return
        self.versions.add(scope["http_version"])
        self.clients.add(tuple(scope["client"]))
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        self.answered.append(body)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        url = f"https://{headers.get('host', '127.0.0.1')}{scope['path']}"
        if self.breaks:
            self.breaks -= 1
            head = {"type": "http.response.start", "status": 200, "headers": []}
            await send({**head, "headers": [(b"content-type", b"application/json")]})
            await send({"type": "http.response.body", "body": b'{"data": [', "more_body": True})
            raise ConnectionResetError
        status = self.statuses.pop(0) if self.statuses else None
        answer = self.sandbox.handle(Request(scope["method"], url, headers, body))
        pairs = [(name.encode(), value.encode()) for name, value in answer.headers.items()]
        await send(
            {
                "type": "http.response.start",
                "status": status or answer.status_code,
                "headers": pairs,
            }
        )
        await send({"type": "http.response.body", "body": answer.content})


@pytest.fixture
def application() -> Application:
    """What is served."""
    return Application()


@pytest.fixture
def served(application: Application, tmp_path: Any) -> Generator[tuple[str, ssl.SSLContext]]:
    """Where it is served over TLS, and a context that trusts that."""
    authority, port = trustme.CA(), free_port()
    certificate = authority.issue_cert("127.0.0.1")
    certificate.private_key_pem.write_to_path(tmp_path / "key.pem")
    certificate.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    config = application.config
    config.bind = [f"127.0.0.1:{port}"]
    config.keyfile, config.certfile = str(tmp_path / "key.pem"), str(tmp_path / "cert.pem")
    config.keep_alive_timeout = 600
    config.errorlog = config.accesslog = None
    started, stopping = Event(), Event()

    async def wait() -> None:  # it is called once all is listened on
        started.set()
        while not stopping.is_set():
            await asyncio.sleep(0.01)

    def run() -> None:
        asyncio.run(serve(application, config, shutdown_trigger=wait))

    thread = Thread(target=run)
    thread.start()
    assert started.wait(60)
    trust = ssl.create_default_context(cadata=authority.cert_pem.bytes().decode())
    yield f"https://127.0.0.1:{port}", trust
    stopping.set()
    thread.join()


def test_a_sync_client(application: Application, served: tuple[str, ssl.SSLContext]) -> None:
    """Calls, a large upload and a download share one connection."""
    url, trust = served
    with (
        httpx.Client(http2=True, verify=trust) as http,
        SyncFriendli(token=TOKEN, server_url=url, http_client=http) as friendli,
    ):
        image = friendli.dedicated.image.edit(model="m", image=PNG, prompt="p").images[0]
        assert image.read().startswith(b"\x89PNG")
        with pytest.raises(Exception, match="422"):
            friendli.container.image.edit(image=b"GIF89a" + MORE, prompt="p")
        friendli.container.image.generate(prompt="p", control_images=[PNG])
    assert application.versions == {"2"}
    assert len(application.clients) == 1
    assert max(map(len, application.answered)) > 4_000_000


def test_an_async_client(application: Application, served: tuple[str, ssl.SSLContext]) -> None:
    """Thirty calls at once are thirty streams of one connection."""
    url, trust = served

    async def draw() -> list[bytes]:
        async with httpx.AsyncClient(http2=True, verify=trust) as http:
            friendli = AsyncFriendli(token=TOKEN, server_url=url, http_client=http)

            async def one(seed: int) -> bytes:
                result = await friendli.dedicated.image.generate(
                    model="m", prompt="p", seed=seed, control_images=[PNG] * 3
                )
                return await result.images[0].aread()

            return await asyncio.gather(*map(one, range(30)))

    pictures = asyncio.run(draw())
    assert len(set(pictures)) == 30
    assert application.versions == {"2"}
    assert len(application.clients) == 1


def test_failures(application: Application, served: tuple[str, ssl.SSLContext]) -> None:
    """A refusal is repeated; a stream that is reset within its answer is ambiguous, and is not."""
    url, trust = served
    with (
        httpx.Client(http2=True, verify=trust) as http,
        SyncFriendli(token=TOKEN, server_url=url, http_client=http, retries=HASTE) as friendli,
    ):
        application.statuses = [429, 503]
        assert friendli.container.image.generate(prompt="p").images
        assert len(application.answered) == 3
        application.statuses = [429]
        with pytest.raises(RateLimitError) as limited:
            friendli.container.image.generate(prompt="p", retries=None)
        assert limited.value.status_code == 429
        application.breaks = 1
        application.config.keep_alive_timeout = 0.3  # after it a stream that broke is closed
        with pytest.raises(APIConnectionError) as failed:
            friendli.container.image.generate(prompt="p")
        assert (failed.value.attempts, failed.value.ambiguous) == (1, True)
        assert TOKEN not in str(failed.value)
        assert friendli.container.image.generate(prompt="p").images
    assert application.versions == {"2"}
