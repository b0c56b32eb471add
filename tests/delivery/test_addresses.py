"""A name that has several addresses, or none."""

import socket
from collections.abc import Callable
from typing import Any

import pytest

from friendli_facade import APIConnectionError, SyncFriendli
from scripts.faults.server import answer, of_json, serving
from tests.callers import Caller
from tests.delivery.test_faults import GOOD
from tests.samples import PNG

Client = Callable[..., Caller]
NAME = "far.example"


@pytest.fixture
def addresses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Those that the name has."""
    lookup, known = socket.getaddrinfo, list[str]()

    def getaddrinfo(host: Any, *arguments: Any, **named: Any) -> Any:
        if host not in {NAME, NAME.encode()}:
            return lookup(host, *arguments, **named)
        return [entry for one in known for entry in lookup(one, *arguments, **named)]

    monkeypatch.setattr("socket.getaddrinfo", getaddrinfo)
    return known


@pytest.mark.parametrize("dead", [0, 1, 2])
async def test_an_address_that_refuses_is_passed_over(
    dead: int, client: Client, addresses: list[str]
) -> None:
    """The next one is tried, in the same attempt, until one takes the connection."""
    addresses += [*(f"127.0.0.{number}" for number in range(2, 2 + dead)), "127.0.0.1"]
    with serving(lambda _: of_json(GOOD)) as server:
        url = server.url.replace("127.0.0.1", NAME)
        async with client(server_url=url, allow_insecure_http=True, retries=None) as friendli:
            assert await friendli.read((await friendli.draw()).images[0]) == PNG
    assert server.connections == 1


async def test_where_all_addresses_refuse_the_server_is_not_there(
    client: Client, addresses: list[str]
) -> None:
    """The error is that of the last one."""
    addresses += ["127.0.0.2", "127.0.0.3"]
    with serving(lambda _: answer()) as server:
        url = server.url.replace("127.0.0.1", NAME)
        async with client(server_url=url, allow_insecure_http=True, retries=None) as friendli:
            with pytest.raises(APIConnectionError) as failed:
                await friendli.draw()
    place = url.removeprefix("http://")
    hint = "is the server, or the container, running there?"
    assert failed.value.reason == f"{place} refuses connections: {hint}"
    assert server.connections == 0


@pytest.mark.usefixtures("addresses")
def test_a_name_without_an_address_is_told() -> None:
    """Some resolvers know a name, and no address of it."""
    url = f"http://{NAME}:81"
    with (
        SyncFriendli(server_url=url, retries=None) as friendli,
        pytest.raises(APIConnectionError) as failed,
    ):
        friendli.container.image.generate(prompt="p")
    assert failed.value.reason == f"no connection to {NAME}:81: {NAME} has no address"
