"""What a library sees of calls that puts functions of its own in the place of httpx's."""

from collections.abc import Callable
from types import FunctionType
from typing import Any

import httpx
import pytest

from scripts.faults.server import of_json, serving
from tests.callers import Caller
from tests.delivery.test_faults import GOOD
from tests.three_ways import anyio_backend, client, one_ssl_context, way

__all__ = ["anyio_backend", "client", "one_ssl_context", "way"]


class Wrapped:
    """A function within an object that pretends to be httpx's own, as those of wrapt do."""

    __code__ = httpx.Client.close.__code__

    def __init__(self, function: Any) -> None:
        self.function = function

    def __getattribute__(self, name: str) -> Any:
        return FunctionType if name == "__class__" else super().__getattribute__(name)

    def __get__(self, instance: Any, owner: Any) -> Any:
        return self.function.__get__(instance, owner)


STEPS = ["send", "_send_handling_auth", "_send_handling_redirects", "_send_single_request"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("is_object", [False, True])
async def test_whoever_replaces_a_step_of_httpx_sees_each_request(
    way: str,
    client: Callable[..., Caller],
    monkeypatch: pytest.MonkeyPatch,
    *,
    step: str,
    is_object: bool,
) -> None:
    """As Sentry and vcrpy 7 do, also of a client that was made and used before."""
    seen: list[str] = []
    kind = httpx.Client if way == "sync" else httpx.AsyncClient
    usual: Any = getattr(kind, step)

    def watched(self: Any, request: httpx.Request, *given: Any, **options: Any) -> Any:
        seen.append(request.url.path)
        return usual(self, request, *given, **options)

    with serving(lambda _: of_json(GOOD)) as server:
        async with client(server_url=server.url) as friendli:
            await friendli.draw()
            assert seen == []
            monkeypatch.setattr(kind, step, Wrapped(watched) if is_object else watched)
            await friendli.draw()
    assert seen == ["/dedicated/v1/images/generations"]
    assert len(server.requests) == 2
