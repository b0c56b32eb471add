"""Fixtures for pytest, there as soon as this package is installed.

    def test_a_kite_is_drawn(friendli: SyncFriendli, friendli_sandbox: Sandbox) -> None:
        draw_kite(friendli)
        assert friendli_sandbox.requests[0].json()["prompt"] == "A kite"

Nothing reaches Friendli. `friendli` and `async_friendli` are answered in process. The sandbox is
also on a port of loopback, where every other client finds it that is given no address: while one
of these fixtures is used, FRIENDLI_SERVER_URL and FRIENDLI_TOKEN are the sandbox's, in this
process and in those that it starts. A client that was made before, at an import say, keeps
its own. Where pytest-socket forbids sockets, there is no port.
"""

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, TypeVar

# Every run of pytest imports this module, so it costs nothing until a fixture is used.
import pytest

if TYPE_CHECKING:
    from friendli_facade import AsyncFriendli, SyncFriendli
    from friendli_facade.sandbox import Sandbox

_Client = TypeVar("_Client")
_TOKEN = "flp_sandbox"  # noqa: S105


@pytest.fixture
def friendli_sandbox(monkeypatch: pytest.MonkeyPatch) -> "Generator[Sandbox]":
    """A Sandbox of the test's own, which every client goes to that is not told otherwise."""
    from friendli_facade.sandbox import Sandbox

    sandbox = Sandbox()
    monkeypatch.setenv("FRIENDLI_TOKEN", _TOKEN)
    monkeypatch.delenv("FRIENDLI_TEAM", raising=False)
    try:
        server = sandbox.serve()
    except RuntimeError:  # pytest-socket forbids sockets, and so those of other clients
        monkeypatch.setenv("FRIENDLI_SERVER_URL", "https://friendli-sandbox.invalid")
        yield sandbox
        return
    with server:
        monkeypatch.setenv("FRIENDLI_SERVER_URL", server.url)
        yield sandbox


@pytest.fixture
def friendli(friendli_sandbox: "Sandbox") -> "Generator[SyncFriendli]":
    """A SyncFriendli on `friendli_sandbox`, with a token."""
    from friendli_facade import SyncFriendli

    with friendli_sandbox.http_client() as http, _in_process(SyncFriendli, http) as client:
        yield client


@pytest.fixture
def async_friendli(friendli_sandbox: "Sandbox") -> "AsyncFriendli":
    """An AsyncFriendli on `friendli_sandbox`, with a token, for asyncio and trio alike."""
    from friendli_facade import AsyncFriendli

    # It holds no connection, so there is nothing to close, and no event loop is needed here.
    return _in_process(AsyncFriendli, friendli_sandbox.async_http_client())


def _in_process(client: "Callable[..., _Client]", http: object) -> "_Client":
    """A client with the contract's own addresses, and with retries that do not wait."""
    from friendli_facade.utils import BackoffStrategy, RetryConfig

    retries = RetryConfig(backoff=BackoffStrategy(initial_interval=0, max_interval=0))
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("FRIENDLI_SERVER_URL", raising=False)
        return client(http_client=http, retries=retries)
