"""Beside pytest-asyncio."""

# pyright: basic, reportMissingImports=false

from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from friendli_facade import AsyncFriendli
from friendli_facade.sandbox import Sandbox
from tests.peers.tools.drawing import TOKEN

SANDBOX = Sandbox()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def shared() -> AsyncGenerator[AsyncFriendli]:
    """A client that lives in one event loop, on a real port, and is used in others."""
    with SANDBOX.serve() as server:
        async with AsyncFriendli(token=TOKEN, server_url=server.url) as friendli:
            yield friendli


@pytest.mark.asyncio
@pytest.mark.parametrize("seed", [1, 2])
async def test_a_loop_for_each_test(seed: int, shared: AsyncFriendli) -> None:
    """A client serves tests whose loops come and go."""
    result = await shared.dedicated.image.generate(model="m", prompt="p", seed=seed)
    assert (await result.images[0].aread()).startswith(b"\x89PNG")
    assert SANDBOX.requests[-1].method == "GET"


@pytest.mark.asyncio(loop_scope="module")
async def test_a_loop_for_the_module(shared: AsyncFriendli) -> None:
    """In the loop that it was made in, too."""
    assert (await shared.container.image.generate(prompt="p")).images


@pytest.mark.asyncio
async def test_our_fixtures(async_friendli: AsyncFriendli, friendli_sandbox: Sandbox) -> None:
    """The fixtures of friendli_facade.testing are plain values there."""
    friendli_sandbox.fail_next(503)
    result = await async_friendli.dedicated.image.generate(model="m", prompt="p")
    assert (await result.images[0].aread()).startswith(b"\x89PNG")
    assert TOKEN not in repr(friendli_sandbox.requests[0])
