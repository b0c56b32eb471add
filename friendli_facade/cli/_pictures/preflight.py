"""What would be sent: each call is made in full, checks and all, but for the sending."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import attrs
import httpx

from friendli_facade import AsyncFriendli, ValidationError
from friendli_facade._rules.json_types import is_array, is_object
from friendli_facade.cli._arguments.calls import Call, Calls
from friendli_facade.errors import Violation

_LONGEST = 200  # characters of a picture's text that are shown


@attrs.frozen
class Request:
    """A request that was made and not sent, fit to be shown."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: Any

    def lines(self) -> list[str]:
        """The request as HTTP writes it."""
        head = [f"{self.method} {self.url}", *(f"{n}: {v}" for n, v in self.headers.items())]
        return [*head, "", json.dumps(self.body, ensure_ascii=False), ""]


class _NotSentError(Exception):
    """Carries the request that a client would have sent."""

    def __init__(self, request: httpx.Request) -> None:
        super().__init__(request)
        self.request = request


class _Recorder(httpx.AsyncBaseTransport):
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises NotSentError: nothing leaves."""
        raise _NotSentError(request)


async def check(calls: Calls) -> tuple[list[httpx.Request], list[Violation]]:
    """The requests of calls, and all that is wrong with any of them."""
    missing = dict.fromkeys(name for call in calls.calls for name in call.missing)
    found = {name: Violation(name, "is required") for name in missing}
    requests: list[httpx.Request] = []
    async with httpx.AsyncClient(transport=_Recorder()) as http:
        http.headers.clear()  # the library's own client adds none either
        async with calls.connection.client(http) as friendli:
            for call in calls.calls:
                try:
                    await method(friendli, call)(**dict.fromkeys(call.missing), **call.arguments)
                except _NotSentError as recorded:
                    requests.append(recorded.request)
                except ValidationError as error:
                    for one in error.violations:
                        found.setdefault(one.argument if one.argument in found else str(one), one)
    return requests, list(found.values())


def method(friendli: AsyncFriendli, call: Call) -> Any:
    """The client's method that makes the call."""
    return getattr(getattr(friendli, call.surface).image, call.method)


async def shown(request: httpx.Request) -> Request:
    """A request to be looked at: the token masked, pictures shortened."""
    content = request.stream
    if not isinstance(content, httpx.AsyncByteStream):
        raise AssertionError
    body = b"".join([piece async for piece in content])
    headers = {
        name: f"{value.partition(' ')[0]} ***" if name == "authorization" else value
        for name, value in request.headers.items()
    }
    return Request(request.method, str(request.url), headers, _shortened(json.loads(body)))


def _shortened(value: Any) -> Any:
    if is_object(value):
        # What stands for a picture in the contract is an object with `image`; prompts stay whole.
        return {
            name: _cut(part) if name == "image" else _shortened(part)
            for name, part in value.items()
        }
    return [_shortened(part) for part in value] if is_array(value) else value


def _cut(value: Any) -> Any:
    if not isinstance(value, str):
        return _shortened(value)
    if len(value) <= _LONGEST:
        return value
    return f"{value[:40]}... ({len(value)} characters)"
