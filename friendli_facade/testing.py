"""Fixtures for pytest, there as soon as this package is installed.

    def test_a_kite_is_drawn(friendli: SyncFriendli, friendli_sandbox: Sandbox) -> None:
        draw_kite(friendli)
        assert friendli_sandbox.requests[0].json()["prompt"] == "A kite"

Nothing leaves the process: the sandbox answers every request, whatever its host.
"""

from collections.abc import Generator
from typing import TYPE_CHECKING

# Every run of pytest imports this module, so it costs nothing until a fixture is used.
import pytest

if TYPE_CHECKING:
    from friendli_facade import AsyncFriendli, SyncFriendli
    from friendli_facade.sandbox import Sandbox
    from friendli_facade.utils import RetryConfig

_TOKEN = "flp_sandbox"  # noqa: S105


@pytest.fixture
def friendli_sandbox() -> "Sandbox":
    """A Sandbox of the test's own, without requests and faults."""
    from friendli_facade.sandbox import Sandbox

    return Sandbox()


@pytest.fixture
def friendli(friendli_sandbox: "Sandbox") -> "Generator[SyncFriendli]":
    """A SyncFriendli on `friendli_sandbox`, with a token."""
    from friendli_facade import SyncFriendli

    with (
        friendli_sandbox.http_client() as http,
        SyncFriendli(token=_TOKEN, http_client=http, retries=_without_waiting()) as client,
    ):
        yield client


@pytest.fixture
def async_friendli(friendli_sandbox: "Sandbox") -> "AsyncFriendli":
    """An AsyncFriendli on `friendli_sandbox`, with a token, for asyncio and trio alike."""
    from friendli_facade import AsyncFriendli

    # It holds no connection, so there is nothing to close, and no event loop is needed here.
    http = friendli_sandbox.async_http_client()
    return AsyncFriendli(token=_TOKEN, http_client=http, retries=_without_waiting())


def _without_waiting() -> "RetryConfig":
    """The default retries, without a pause."""
    from friendli_facade.utils import BackoffStrategy, RetryConfig

    return RetryConfig(backoff=BackoffStrategy(initial_interval=0, max_interval=0))
