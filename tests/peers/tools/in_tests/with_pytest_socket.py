"""Beside pytest-socket."""

# pyright: basic, reportMissingImports=false

import asyncio

import pytest
from pytest_socket import SocketBlockedError

from friendli_facade import AsyncFriendli, SyncFriendli
from friendli_facade.sandbox import Sandbox
from tests.peers.tools.drawing import TOKEN, drawn


@pytest.mark.disable_socket
def test_the_sandbox_in_process_needs_no_socket() -> None:
    """It draws where sockets are forbidden."""
    with Sandbox().http_client() as http:
        assert drawn(http_client=http).startswith(b"\x89PNG")


@pytest.mark.disable_socket
def test_our_fixture_needs_no_socket(friendli: SyncFriendli) -> None:
    """`friendli` draws there too."""
    assert friendli.dedicated.image.generate(model="m", prompt="p").images[0].read()


@pytest.mark.disable_socket
def test_our_async_fixture_needs_no_socket(async_friendli: AsyncFriendli) -> None:
    """Nor does `async_friendli`, but for the pair that an event loop wakes itself with."""
    result = asyncio.run(async_friendli.dedicated.image.generate(model="m", prompt="p"))
    assert result.images


@pytest.mark.disable_socket
def test_its_refusal_is_its_own() -> None:
    """It is no failure of a network: it is not repeated, and leaves the call as it is."""
    with pytest.raises(SocketBlockedError) as failed:
        drawn()
    assert TOKEN not in str(failed.value)
