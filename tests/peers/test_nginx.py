"""What nginx, Debian's, does to a call before a server that draws."""

from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest

from friendli_facade import (
    APIConnectionError,
    OtherStatusError,
    SDKError,
    ServerError,
)
from friendli_facade.sandbox import Sandbox
from friendli_facade.utils import RetryConfig
from scripts.faults.server import Answer, FaultServer, Request, Then, of_json, serving
from tests.callers import Caller
from tests.conftest import Clock
from tests.delivery.test_faults import GOOD
from tests.peers.nginx import COMMAND, Certificate, issued, nginx, signed_by_itself
from tests.samples import PNG
from tests.three_ways import TOKEN

pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif(COMMAND is None, reason="no nginx: apt-get install nginx"),
]
Client = Callable[..., Caller]


@contextmanager
def drawing(folder: Path, options: str = "", **more: Any) -> Generator[tuple[str, FaultServer]]:
    """The URL of an nginx, and the server behind it, which draws at once."""
    with (
        serving(lambda _: of_json(GOOD)) as upstream,
        nginx(folder, upstream.url, options, **more) as url,
    ):
        yield url, upstream


@asynccontextmanager
async def trusting(
    certificate: Certificate, client: Client, way: str, url: str
) -> AsyncGenerator[Caller]:
    """A client with an httpx client that trusts a certificate."""
    if way == "sync":
        with httpx.Client(verify=certificate.trust) as http:
            yield client(server_url=url, http_client=http)
    else:
        async with httpx.AsyncClient(verify=certificate.trust) as http:
            yield client(server_url=url, http_client=http)


@pytest.mark.parametrize("status", [504, 502])
async def test_a_picture_behind_nginx_is_drawn_once(
    status: int, client: Client, tmp_path: Path, clock: Clock
) -> None:
    """Its 504 comes while the picture is drawn, its 502 after a crash: neither is paid twice."""
    drawn: list[str] = []
    finished = Event()

    def draw(request: Request) -> Answer:
        if status == 502:
            return Answer(then=Then.CLOSE)
        Event().wait(0.3)
        drawn.append(request.json["prompt"])
        finished.set()
        return of_json(GOOD)

    hasty = "proxy_read_timeout 100ms;" if status == 504 else ""
    with serving(draw) as upstream, nginx(tmp_path, upstream.url, hasty) as url:
        async with client(server_url=url) as friendli:
            with pytest.raises(ServerError) as failed:
                await friendli.draw()
            assert failed.value.status_code == status
            assert (failed.value.attempts, failed.value.ambiguous) == (1, True)
            assert upstream.read(1)
            assert (len(upstream.requests), clock.sleeps) == (1, [])
            if status == 504:
                assert finished.wait(60)
                assert drawn == ["p"]
            opted = RetryConfig(retry_ambiguous_errors=True, max_attempts=3)
            with pytest.raises(ServerError):
                await friendli.draw(retries=opted)
            assert upstream.read(4)
            assert len(upstream.requests) == 4


async def test_an_upload_above_its_limit_is_told(client: Client, tmp_path: Path) -> None:
    """Its 413 comes before the upload is read, and then it hangs up: that is no disconnect."""
    with drawing(tmp_path, "client_max_body_size 1m;") as (url, upstream):
        async with client(server_url=url) as friendli:
            for size in (2_000_000, 30_000_000):
                with pytest.raises(SDKError) as failed:
                    await friendli.draw(control_images=[PNG + bytes(size)])
                assert (failed.value.status_code, failed.value.attempts) == (413, 1)
            await friendli.draw()
    assert len(upstream.requests) == 1


@pytest.mark.parametrize("place", ["https://$host$request_uri", "/elsewhere$request_uri"])
async def test_its_redirect_is_not_followed(place: str, client: Client, tmp_path: Path) -> None:
    """Neither to https, which a token should begin with, nor to another path; the place is told."""
    with drawing(tmp_path, f"return 301 {place};") as (url, upstream):
        async with client(server_url=url) as friendli:
            with pytest.raises(OtherStatusError, match="is not followed: is server_url") as failed:
                await friendli.draw()
    assert (failed.value.status_code, failed.value.attempts) == (301, 1)
    assert place.partition("$")[0] in str(failed.value)
    assert upstream.requests == []


@pytest.mark.parametrize(
    "options", ["keepalive_requests 1;", "keepalive_requests 2;", "keepalive_timeout 0;"]
)
async def test_connections_that_it_ends_are_made_anew(
    options: str, client: Client, tmp_path: Path
) -> None:
    """However few requests it serves on each, every call is sent once, and drawn."""
    with drawing(tmp_path, options) as (url, upstream):
        async with client(server_url=url, retries=None) as friendli:
            for _ in range(6):
                assert (await friendli.draw()).images[0].read() == PNG
    assert len(upstream.requests) == 6


async def test_a_connection_that_it_ended_meanwhile_is_made_anew(
    client: Client, tmp_path: Path
) -> None:
    """It hangs up on a client that says nothing for a while; the next call does not see it."""
    with drawing(tmp_path, "keepalive_timeout 20ms;") as (url, upstream):
        async with client(server_url=url, retries=None) as friendli:
            for _ in range(4):
                assert (await friendli.draw()).images[0].read() == PNG
                Event().wait(0.1)
    assert len(upstream.requests) == 4


@pytest.mark.parametrize(
    "options",
    [
        "gzip on; gzip_types application/json; gzip_min_length 1; gzip_proxied any;",
        "proxy_buffering off; proxy_request_buffering off; proxy_http_version 1.1;",
        "proxy_buffers 3 4k; proxy_buffer_size 4k; proxy_max_temp_file_size 0;",
    ],
    ids=["packed", "as it comes", "in small buffers"],
)
async def test_a_large_picture_comes_through_whole(
    options: str, client: Client, tmp_path: Path
) -> None:
    """Both ways, however it keeps, packs or passes on what it is given."""
    content = PNG + bytes(range(256)) * 8_000

    def draw(request: Request) -> Answer:
        (sent,) = request.json["control_images"]
        return of_json({"data": [{**GOOD["data"][0], "b64_json": sent["image"]}]})

    with serving(draw) as upstream, nginx(tmp_path, upstream.url, options) as url:
        async with client(server_url=url, retries=None) as friendli:
            for _ in range(2):
                result = await friendli.draw(control_images=[content])
                assert result.images[0].read() == content
    assert len(upstream.requests) == 2


async def test_a_header_that_it_finds_too_long_is_told(client: Client, tmp_path: Path) -> None:
    """Its 400 is a page of HTML, which the message begins with; it shows no token."""
    with drawing(tmp_path, "large_client_header_buffers 2 1k;") as (url, upstream):
        async with client(server_url=url) as friendli:
            with pytest.raises(SDKError, match="400") as failed:
                await friendli.draw(http_headers={"X-Trace": "a" * 3_000})
    assert failed.value.attempts == 1
    assert b"Request Header Or Cookie Too Large" in failed.value.body
    assert TOKEN not in str(failed.value)
    assert upstream.requests == []


@pytest.mark.parametrize("certify", [issued, signed_by_itself])
async def test_a_certificate_that_nobody_knows_is_told_at_once(
    certify: Callable[..., Certificate], client: Client, clock: Clock, tmp_path: Path
) -> None:
    """Nothing is sent to who shows it, be it signed by a stranger or by itself."""
    certificate = certify(tmp_path, "127.0.0.1")
    with drawing(tmp_path, certificate=certificate) as (url, upstream):
        async with client(server_url=url) as friendli:
            with pytest.raises(APIConnectionError) as failed:
                await friendli.draw()
    assert (failed.value.attempts, failed.value.ambiguous, clock.sleeps) == (1, False, [])
    assert "certificate" in failed.value.reason
    assert upstream.requests == []


@pytest.mark.parametrize("certify", [issued, signed_by_itself])
async def test_a_certificate_that_an_httpx_client_trusts_serves(
    certify: Callable[..., Certificate], way: str, client: Client, tmp_path: Path
) -> None:
    """That is how a caller brings it, and the token goes along."""
    certificate = certify(tmp_path, "127.0.0.1")
    with drawing(tmp_path, certificate=certificate) as (url, upstream):
        async with trusting(certificate, client, way, url) as friendli:
            assert (await friendli.draw()).images[0].read() == PNG
    assert upstream.requests[0].headers["authorization"] == f"Bearer {TOKEN}"


async def test_a_certificate_of_the_environment_serves(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SSL_CERT_FILE names the authorities of whoever has their own."""
    certificate = issued(tmp_path, "127.0.0.1")
    (tmp_path / "authority.pem").write_text(certificate.authority)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with drawing(tmp_path, certificate=certificate) as (url, _):
        async with client(server_url=url) as friendli:
            assert (await friendli.draw()).images[0].read() == PNG


async def test_the_sandbox_behind_tls_offers_pictures_there(
    way: str, client: Client, tmp_path: Path
) -> None:
    """X-Forwarded-Proto and Host tell the sandbox its address, so that its URLs can be fetched."""
    certificate = issued(tmp_path, "127.0.0.1")
    told = "proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Proto $scheme;"
    with (
        Sandbox().serve() as server,
        nginx(tmp_path, server.url, told, certificate=certificate) as url,
    ):
        async with trusting(certificate, client, way, url) as friendli:
            (image,) = (await friendli.draw()).images
            assert (image.url or "").startswith(url + "/pictures/")
            assert (await friendli.read(image)).startswith(b"\x89PNG")
