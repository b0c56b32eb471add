"""Rooms of this project by themselves, without the wire."""

from collections.abc import Callable

import httpx

from friendli_facade._requests.calls import Call, describe
from friendli_facade._requests.prepared_request import prepare
from friendli_facade._requests.settings import Settings, Token
from friendli_facade._rules import request_bodies
from scripts.benchmark.measuring.contenders import EVERY_ARGUMENT, TIMEOUT


def checking(url: str) -> Callable[[], object]:
    """Finds nothing wrong in the body of a call."""
    del url
    call = _call()
    return lambda: request_bodies.violations(call.operation, call.body, call.inputs.violations)


def preparing(url: str) -> Callable[[], object]:
    """Makes a request of arguments, checks included."""
    settings = Settings(
        token=Token(None),
        x_friendli_team=None,
        server_url=url,
        server_url_name="server_url",
        timeout=TIMEOUT,
        retries=None,
        max_response_bytes=1,
        allow_insecure_http=False,
    )
    timeout = httpx.Timeout(TIMEOUT)
    return lambda: prepare(_call(), settings, timeout)


def _call() -> Call:
    return describe("containerImagesGenerate", EVERY_ARGUMENT)
