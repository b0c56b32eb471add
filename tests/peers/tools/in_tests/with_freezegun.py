"""Beside freezegun."""

# pyright: basic, reportMissingImports=false

import time

import freezegun
import pytest

from friendli_facade import SyncFriendli
from friendli_facade.sandbox import Sandbox
from friendli_facade.utils import RetryConfig
from tests.peers.tools.drawing import TOKEN, both


def test_a_call_in_a_time_that_stands_still() -> None:
    """No deadline passes, and every call ends."""
    frozen = freezegun.freeze_time("1999-12-31 23:59:59", real_asyncio=True)
    with frozen, Sandbox().serve() as server:
        both(server_url=server.url, timeout=5)


def test_a_date_to_wait_for_is_the_frozen_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retry-After is compared with the frozen time, and sleeping moves it."""
    sandbox, waits = Sandbox(), []
    sandbox.fail_next(429, retry_after="Fri, 31 Dec 1999 23:59:59 GMT")
    with freezegun.freeze_time("1999-12-31 23:59:30") as frozen:
        monkeypatch.setattr(time, "sleep", frozen.tick)
        retries = RetryConfig(on_retry=lambda retry: waits.append(retry.delay))
        with sandbox.http_client() as http, SyncFriendli(token=TOKEN, http_client=http) as friendli:
            assert friendli.dedicated.image.generate(model="m", prompt="p", retries=retries)
    assert [round(wait) for wait in waits] == [29]
