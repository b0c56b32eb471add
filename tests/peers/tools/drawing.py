"""What a user's tests share: a token that must be nowhere, and calls, sync and async."""

import asyncio
import base64
from typing import Any

from friendli_facade import AsyncFriendli, SyncFriendli
from friendli_facade.utils import BackoffStrategy, RetryConfig
from tests.samples import PNG

__all__ = ["ANSWER", "HASTE", "PNG", "SERVER", "TOKEN", "both", "drawn", "drawn_async"]

TOKEN = "flp_marker_that_no_one_else_has"
SERVER = "https://friendli.example"
ANSWER = {
    "data": [{"seed": 7, "response_format": "png", "b64_json": base64.b64encode(PNG).decode()}]
}
HASTE = RetryConfig("backoff", BackoffStrategy(initial_interval=1, max_interval=1))


SETTINGS: dict[str, Any] = {"token": TOKEN, "server_url": SERVER, "retries": HASTE}


def drawn(**settings: Any) -> bytes:
    """The picture of an edit that uploads one."""
    with SyncFriendli(**{**SETTINGS, **settings}) as friendli:
        result = friendli.dedicated.image.edit(model="m", image=PNG, prompt="A kite")
        return result.images[0].read()


async def drawn_async(**settings: Any) -> bytes:
    """The same, async."""
    async with AsyncFriendli(**{**SETTINGS, **settings}) as friendli:
        result = await friendli.dedicated.image.edit(model="m", image=PNG, prompt="A kite")
        return await result.images[0].aread()


def both(**settings: Any) -> list[bytes]:
    """Both pictures."""
    return [drawn(**settings), asyncio.run(drawn_async(**settings))]
