"""Rooms of this project by themselves, without the wire."""

from collections.abc import Callable

from friendli_facade import SyncFriendli
from friendli_facade._requests.calls import Call, describe
from friendli_facade._rules import request_bodies
from scripts.benchmark.measuring.contenders import EVERY_ARGUMENT


def checking(url: str) -> Callable[[], object]:
    """Finds nothing wrong in the body of a call."""
    del url
    call = _call()
    return lambda: request_bodies.violations(call.operation, call.body, call.inputs.violations)


def preparing(url: str) -> Callable[[], object]:
    """Makes a request of arguments, checks included."""
    sender = SyncFriendli(server_url=url)._sender  # pyright: ignore[reportPrivateUsage]
    return lambda: sender._request(sender.prepare(_call()))  # pyright: ignore[reportPrivateUsage]


def _call() -> Call:
    return describe("containerImagesGenerate", EVERY_ARGUMENT)
