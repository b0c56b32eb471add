"""What holds for our own connections holds on those of aiohttp, but for what stands here."""

from collections.abc import Callable
from typing import Any

import httpx
import httpx_aiohttp
import pytest

from tests.callers import AsyncCaller, Caller
from tests.three_ways import TOKEN, one_ssl_context

__all__ = ["one_ssl_context"]

# What is different, as README.md and docs/aiohttp.md say; an xfail that passes is an error.
_PLAIN = "aiohttp says its name, and which codings it knows, to a storage host too"
_ITSELF = "aiohttp itself repeats a GET on a kept connection, which counts as no attempt"
_WORDS = "its words are aiohttp's"
DIFFERENT = {
    "test_http_to_a_server_of_tls_is_told": _WORDS,
    "test_no_error_shows_it": "its log is not httpcore's",
    "test_a_download_is_repeated_until_it_is_whole[reset]": _ITSELF,
    "test_a_download_is_repeated_until_it_is_whole[closed]": _ITSELF,
    "test_a_failed_download_counts_its_attempts": _ITSELF,
    "test_the_storage_host_learns_nothing": _PLAIN,
    "test_user_and_password_of_a_url_log_in": _PLAIN,
    **{f"test_a_redirect_of_a_picture_is_followed[{n}]": _PLAIN for n in (301, 302, 303, 307, 308)},
}

# It waits for a proxy as long as for a connection: here a minute, of real time.
TOO_LONG = "test_a_proxy_that_says_nothing_leaves_no_doubt"


class AiohttpCaller(AsyncCaller):
    """`AsyncFriendli` on connections of aiohttp, as its documentation has it."""

    def __init__(self, **settings: Any) -> None:
        self.http = httpx_aiohttp.HttpxAiohttpClient(limits=httpx.Limits(max_connections=4000))
        super().__init__(**{"http_client": self.http, **settings})

    async def __aexit__(self, *_: object) -> None:
        await self.friendli.aclose()
        await self.http.aclose()


@pytest.fixture
def way() -> str:
    """aiohttp knows no trio."""
    return "asyncio"


@pytest.fixture
def anyio_backend(way: str) -> str:
    """The event loop of the test."""
    return way


@pytest.fixture
def client() -> Callable[..., Caller]:
    """Makes a client on connections of aiohttp."""

    def make(**settings: Any) -> Caller:
        return AiohttpCaller(**{"token": TOKEN, **settings})

    return make


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leaves the tests of others that use a client, and marks what is different."""
    here = [item for item in items if item.nodeid.startswith("tests/on_aiohttp/")]
    own = "tests/on_aiohttp/test_aiohttp.py"
    others = {
        item
        for item in here
        if item.name == TOO_LONG
        or ("client" not in getattr(item, "fixturenames", ()) and not item.nodeid.startswith(own))
    }
    items[:] = [item for item in items if item not in others]
    for item in here:
        if item.name in DIFFERENT:
            item.add_marker(pytest.mark.xfail(strict=True, reason=DIFFERENT[item.name]))
