"""On uvloop."""

# pyright: basic, reportMissingImports=false

import asyncio

import pytest
import uvloop

from friendli_facade import APIConnectionError, APITimeoutError, AsyncFriendli
from friendli_facade.sandbox import Sandbox
from tests.peers.tools.drawing import PNG, TOKEN, drawn_async


def test_calls_failures_and_cancellation() -> None:
    """All is as on asyncio's own loop: uploads, retries, downloads, deadlines, and many at once."""
    sandbox = Sandbox()
    with sandbox.serve() as server:

        async def work() -> None:
            assert "uvloop" in type(asyncio.get_running_loop()).__module__
            sandbox.fail_next(503)
            pictures = await asyncio.gather(*(drawn_async(server_url=server.url) for _ in range(8)))
            assert len(set(pictures)) == 1
            async with AsyncFriendli(token=TOKEN, server_url=server.url) as friendli:
                edit = friendli.container.image.edit
                sandbox.delay_next(5, times=2)
                with pytest.raises(APITimeoutError):
                    await edit(image=PNG, prompt="p", timeout=1)
                sandbox.requests.clear()
                task = asyncio.create_task(edit(image=PNG, prompt="p"))
                while not sandbox.requests:
                    await asyncio.sleep(0.01)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                sandbox.disconnect_next()
                with pytest.raises(APIConnectionError) as failed:
                    await edit(image=PNG, prompt="p")
                assert failed.value.ambiguous
                assert (await edit(image=PNG, prompt="p")).images

        uvloop.run(work())
