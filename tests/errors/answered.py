"""Calls that fail as a test says."""

from typing import Any

import httpx
import pytest

from friendli_facade import FriendliError, SDKError
from friendli_facade.utils import RetryConfig
from tests.transports import Wire, always

ITEM = {"seed": 7, "response_format": "url", "url": "https://storage.example.com/cat.png"}


def failure(answer: Any, **arguments: Any) -> SDKError:
    """The error of a call that is answered so."""
    with pytest.raises(SDKError) as failed:
        Wire(answer).sync().dedicated.image.generate(model="m", prompt="p", **arguments)
    return failed.value


def download_failure(answer: Any, retries: RetryConfig | None = None) -> FriendliError:
    """The error of a download that is answered so."""
    stored = always(200, json={"data": [ITEM]})
    wire = Wire(lambda request: stored(request) if request.method == "POST" else answer(request))
    friendli = wire.sync(retries=retries)
    (image,) = friendli.dedicated.image.generate(model="m", prompt="p").images
    with pytest.raises(FriendliError) as failed:
        image.read()
    return failed.value


def streamed(status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> httpx.Response:
    """An answer as the wire has it, which httpx has not looked into yet."""
    return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))
