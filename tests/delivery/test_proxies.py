"""The proxies that the environment names: what goes through them, and what past them."""

from collections.abc import Callable
from inspect import isawaitable

import pytest

from friendli_facade import SyncFriendli, ValidationError
from scripts.faults.server import Answer, Request, of_json, serving
from tests.callers import Caller
from tests.delivery.test_addresses import NAME, addresses
from tests.samples import answer

__all__ = ["addresses"]


def drawn(request: Request) -> Answer:
    """An answer with a picture."""
    return of_json(answer(request.target))


@pytest.mark.parametrize("kind", ["dedicated", "container"])
@pytest.mark.parametrize("host", [NAME, "127.0.0.1", "localhost"])
async def test_a_token_and_what_stays_on_this_machine_go_past_proxies_of_plain_http(
    client: Callable[..., Caller],
    addresses: list[str],
    monkeypatch: pytest.MonkeyPatch,
    *,
    kind: str,
    host: str,
) -> None:
    """They would read all of it: only what is for elsewhere, and has no token, goes through."""
    addresses.append("127.0.0.1")
    with serving(drawn) as proxy, serving(drawn) as server:
        for name in ("HTTP_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        url = server.url.replace("127.0.0.1", host)
        async with client(server_url=url, allow_insecure_http=True) as caller:
            if kind == "dedicated":
                await caller.draw()
            else:
                result = caller.friendli.container.image.generate(prompt="p")
                if isawaitable(result):
                    await result
    is_for_the_proxy = (host, kind) == (NAME, "container")
    assert len(proxy.requests) == is_for_the_proxy
    assert len(server.requests) == (not is_for_the_proxy)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:9", "the 'socksio' package is not installed"),
        ("NO_PROXY", "fe80::/10", "InvalidURL"),
        ("HTTPS_PROXY", "foo://user:SECRET@proxy.example:1", "ValueError"),
    ],
)
def test_a_proxy_that_httpx_cannot_use_is_refused_in_words(
    name: str, value: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variables of the environment are named, and a password in them is not."""
    monkeypatch.setenv(name, value)
    with (
        SyncFriendli(token="t", retries=None) as friendli,
        pytest.raises(ValidationError, match="ALL_PROXY or NO_PROXY must name proxies") as failed,
    ):
        friendli.dedicated.image.generate(model="m", prompt="p")
    assert reason in str(failed.value)
    assert "SECRET" not in str(failed.value)
