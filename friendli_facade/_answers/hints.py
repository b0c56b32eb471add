"""What a caller can look at after an error that is about what the client was given."""

import httpx
from friendli_api.rules import OPERATIONS

from friendli_facade._requests.calls import Call
from friendli_facade._requests.prepared_request import Prepared
from friendli_facade._requests.settings import Settings
from friendli_facade._rules.violations import shortened


def of_status(
    status: int, call: Call, prepared: Prepared, request: httpx.Request, settings: Settings
) -> str:
    """Where a refused token came from, or what was not found; empty where neither is known."""
    match status:
        case 401:
            return _token(call, prepared, request, settings)
        case 404:
            return _place(call, prepared, settings)
        case _:
            return ""


def _token(call: Call, prepared: Prepared, request: httpx.Request, settings: Settings) -> str:
    added = [*(call.options.http_headers or ()), *(settings.http_headers or ())]
    if "authorization" in map(str.lower, added):
        return "its Authorization is that of http_headers"
    if prepared.token:
        return f"its token is that of {settings.token_name}"
    if "Authorization" in prepared.headers:
        return f"its Authorization is that of {_server_name(call, settings)}"
    if "Authorization" in request.headers:
        return "its Authorization is that of http_client"
    return "it was sent no token: that goes to dedicated endpoints alone"


def _place(call: Call, prepared: Prepared, settings: Settings) -> str:
    path: str = OPERATIONS[call.operation]["path"]
    before, steps = prepared.url.path.removesuffix(path), path.split("/")
    for end in range(2, len(steps)):
        beginning = "/".join(steps[:end])
        if before.endswith(beginning):
            name = _server_name(call, settings)
            return f"{name} ends in {beginning}, which the client adds: leave it out there"
    # Of a container only an adapter is named by `model`, and the path may be what is not there.
    if not prepared.token:
        return ""
    return f"the endpoint meant is model={shortened(call.body['model'])}"


def _server_name(call: Call, settings: Settings) -> str:
    return settings.server_url_name if call.options.server_url is None else "server_url"
