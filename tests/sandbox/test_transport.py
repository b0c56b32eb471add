"""The sandbox behind httpx, without a port."""

import asyncio
import sys

import httpx
import pytest

from friendli_facade.sandbox import Sandbox
from tests.sandbox.asking import DEDICATED_GENERATE, ORIGIN

URL = ORIGIN + DEDICATED_GENERATE
BODY = {"model": "m", "prompt": "p"}
HEADERS = {"Authorization": "Bearer t"}


def test_sync_client(sandbox: Sandbox) -> None:
    """A client of the sandbox draws and downloads without a network."""
    with sandbox.http_client() as client:
        response = client.post(URL, json=BODY, headers=HEADERS)
        picture = client.get(response.json()["data"][0]["url"])
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert picture.content.startswith(b"\x89PNG")


def test_async_client(sandbox: Sandbox) -> None:
    """An async client gets the same answer as a sync one."""

    async def ask() -> httpx.Response:
        async with sandbox.async_http_client() as client:
            return await client.post(URL, json=BODY, headers=HEADERS)

    with httpx.Client(transport=sandbox.transport) as client:
        expected = client.post(URL, json=BODY, headers=HEADERS).json()
    assert asyncio.run(ask()).json() == expected


def test_headers_of_a_refusal(sandbox: Sandbox) -> None:
    """Status and headers arrive as the sandbox gave them."""
    with sandbox.http_client() as client:
        response = client.post(URL, json=BODY)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("missing", ["PIL", "arabic_reshaper", "bidi", "h11", "jsonschema"])
def test_missing_extra(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    """Without what the extra brings, the import says how to get it."""
    for name in list(sys.modules):
        if name.startswith("friendli_facade.sandbox"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ImportError, match=r"pip install 'friendli-facade\[sandbox\]'"):
        import friendli_facade.sandbox  # noqa: F401  # pyright: ignore[reportUnusedImport]
