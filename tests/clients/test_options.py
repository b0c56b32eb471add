"""Clients with other settings on the same connections, and headers that every call has."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import anyio.to_thread
import httpx
import pytest

from friendli_facade import (
    AsyncFriendli,
    ClientClosedError,
    ServerError,
    SyncFriendli,
    ValidationError,
    utils,
)
from scripts.faults.server import of_json, serving
from tests.samples import PNG, answer
from tests.transports import Wire, always, right

QUICK = utils.RetryConfig("backoff", utils.BackoffStrategy(1, 1, 1, 1000), max_attempts=3)


def sent(friendli: SyncFriendli, wire: Wire, **arguments: Any) -> httpx.Request:
    """The request of a dedicated call."""
    friendli.dedicated.image.generate(model="m", prompt="p", **arguments)
    return wire.requests[-1]


def test_each_option_replaces_the_clients() -> None:
    """Timeout, team and server are those of `with_options`; those of the first client stay."""
    wire = Wire(right)
    friendli = wire.sync(timeout=7, x_friendli_team="first", server_url="https://first.example")
    other = friendli.with_options(
        timeout=9, x_friendli_team="second", server_url="https://second.example"
    )
    for client, seconds, name in ((friendli, 7, "first"), (other, 9, "second")):
        request = sent(client, wire)
        assert request.extensions["timeout"]["read"] == seconds
        assert request.headers["x-friendli-team"] == name
        assert request.url.host == f"{name}.example"
        assert request.headers["authorization"] == "Bearer flp_test"


def test_what_is_left_out_stays() -> None:
    """Options go on top of those of the client that they come of, one set on the other."""
    wire = Wire(right)
    first = wire.sync(timeout=7, x_friendli_team="team", http_headers={"X-A": "1", "X-B": "1"})
    third = first.with_options(http_headers={"x-b": "2"}).with_options(timeout=None)
    request = sent(third, wire)
    assert request.extensions["timeout"]["read"] is None
    assert request.headers["x-friendli-team"] == "team"
    assert (request.headers["x-a"], request.headers.get_list("x-b")) == ("1", ["2"])
    assert sent(first, wire).headers["x-b"] == "1"
    assert sent(first.with_options(), wire).extensions["timeout"]["read"] == 7


def test_retries_are_replaced_and_none_is_never() -> None:
    """`retries=None` is a choice, and leaving it out is not."""
    wire = Wire(always(503))
    patient = wire.sync(retries=QUICK)
    for client, attempts in ((patient.with_options(retries=None), 1), (patient.with_options(), 3)):
        with pytest.raises(ServerError) as failed:
            client.container.image.generate(prompt="p")
        assert failed.value.attempts == attempts


async def test_one_connection_serves_both_and_closing_either_closes_both() -> None:
    """A client and what comes of it are one, as far as connections go; sync and async."""
    with serving(lambda request: of_json(answer(request.target))) as server:
        friendli = SyncFriendli(server_url=server.url)
        with friendli.with_options(timeout=9) as other:
            friendli.container.image.generate(prompt="p")
            other.container.image.generate(prompt="p")
            assert server.open == 1
        assert server.idle()
        with pytest.raises(ClientClosedError, match="this SyncFriendli is closed"):
            friendli.container.image.generate(prompt="p")
        asynchronous = AsyncFriendli(server_url=server.url)
        async_other = asynchronous.with_options(timeout=9)
        await asynchronous.container.image.generate(prompt="p")
        await async_other.container.image.generate(prompt="p")
        assert server.open == 1
        await asynchronous.aclose()
        assert await anyio.to_thread.run_sync(server.idle)
        with pytest.raises(ClientClosedError, match="this AsyncFriendli is closed"):
            await async_other.container.image.generate(prompt="p")


def test_the_callers_http_client_serves_both_and_stays_open() -> None:
    """With `http_client`, closing closes neither."""
    wire = Wire(right)
    http = httpx.Client(transport=httpx.MockTransport(wire))
    friendli = SyncFriendli(http_client=http)
    with friendli.with_options(timeout=9) as other:
        (image,) = other.container.image.generate(prompt="p").images
    assert image.read() == PNG
    assert not http.is_closed


def test_a_subclass_stays_one_with_what_it_has() -> None:
    """An attribute that a subclass adds goes along."""

    class Named(SyncFriendli):
        name = ""

    friendli = Named()
    friendli.name = "mine"
    other = friendli.with_options(timeout=9)
    assert (type(other), other.name) == (Named, "mine")


@pytest.mark.parametrize("client", [SyncFriendli, AsyncFriendli])
def test_wrong_options_are_refused_at_once(client: Any) -> None:
    """All that is wrong stands in one error; headers, which may be secret, are not shown."""
    wrong: dict[str, Any] = {
        "timeout": -1,
        "retries": "x",
        "x_friendli_team": "a\nb",
        "server_url": "https://u:hidden@a?b",
        "http_headers": {"X": "hidden\n", "Host": "a"},
    }
    for make in (client().with_options, client):
        with pytest.raises(ValidationError) as refused:
            make(**wrong)
        names = {violation.argument for violation in refused.value.violations}
        assert names == {*wrong, "http_headers['X']", "http_headers['Host']"} - {"http_headers"}
        assert "hidden" not in str(refused.value)
        traceback = refused.value.__traceback__
        assert traceback is not None
        while traceback := traceback.tb_next:
            assert "hidden" not in repr(traceback.tb_frame.f_locals)


class Broken(Mapping[str, str]):
    """A mapping that cannot be read."""

    def __getitem__(self, name: str) -> str:
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        raise OSError("gone")

    def __len__(self) -> int:
        return 1


@pytest.mark.parametrize(
    ("headers", "rule"),
    [
        (Broken(), "must be readable"),
        ([("X", "y")], "must be a mapping"),
        ({f"X-{number}": "1" for number in range(1001)}, "must be at most 1000 headers"),
    ],
)
def test_headers_that_cannot_be_read_are_refused(headers: Any, rule: str) -> None:
    """For a client as for a call."""
    makers: tuple[Callable[..., Any], ...] = (SyncFriendli, SyncFriendli().with_options)
    for make in makers:
        with pytest.raises(ValidationError, match=rf"^http_headers {rule}"):
            make(http_headers=headers)


def test_a_thousand_headers_are_sent() -> None:
    """That is the most, and all of them go along."""
    wire = Wire(right)
    headers = {f"X-{number}": "1" for number in range(1000)}
    request = sent(wire.sync(), wire, http_headers=headers)
    assert {name for name in headers if name not in request.headers} == set()


def test_the_clients_headers_are_copied_and_a_calls_come_on_top() -> None:
    """What is changed later is not sent; a call's header wins, whatever its case."""
    wire = Wire(right)
    headers = {"X-A": "client", "User-Agent": "mine"}
    friendli = wire.sync(http_headers=headers)
    headers["X-A"] = "changed\n"
    request = sent(friendli, wire, http_headers={"x-a": "call"})
    assert request.headers.get_list("x-a") == ["call"]
    assert request.headers["user-agent"] == "mine"
    assert sent(friendli, wire).headers["x-a"] == "client"
    assert "client" not in repr(vars(friendli))


def test_an_authorization_of_the_client_replaces_the_token_and_no_download_has_it() -> None:
    """The rules of a call's `http_headers` hold: it goes to every operation, and nowhere else."""

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, content=PNG)
        if request.url.path.startswith("/v1"):
            return right(request)
        item = {"seed": 7, "response_format": "url", "url": "https://storage.example/cat.png"}
        return httpx.Response(200, json={"data": [item]})

    wire = Wire(handler)
    friendli = wire.sync(http_headers={"authorization": "Mine x", "X-A": "1"})
    friendli.container.image.generate(prompt="p")
    friendli.dedicated.image.generate(model="m", prompt="p").images[0].read()
    friendli.dedicated.image.generate(
        model="m", prompt="p", http_headers={"Authorization": "Call y"}
    )
    said = [request.headers.get("authorization") for request in wire.requests]
    assert said == ["Mine x", "Mine x", None, "Call y"]
    assert "x-a" not in wire.requests[2].headers
    with pytest.raises(ValidationError, match="token is required on dedicated endpoints"):
        wire.sync(token=None, http_headers={"Authorization": "Mine x"}).dedicated.image.generate(
            model="m", prompt="p"
        )
