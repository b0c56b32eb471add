"""What really goes over the wire, through a real socket."""

import json
from collections.abc import Generator
from typing import Any

import pytest

from friendli_facade import AsyncFriendli, SyncFriendli, __version__
from tests.samples import answer
from tests.servers import Received, Recorder, Reply, recording

IMAGE = {"image": "https://e/x.png"}
ALL: dict[str, Any] = {
    "prompt": "p",
    "num_inference_steps": 10,
    "guidance_scale": 3.5,
    "seed": 7,
}
DEDICATED_ALL = {**ALL, "model": "m", "response_format": "png"}
CONTROL = {"control_images": [IMAGE], "controlnet_weights": [0.5]}

# surface, operation, arguments; the body is the same but for defaults, which are not sent.
TABLE: list[tuple[str, str, dict[str, Any]]] = [
    ("dedicated", "generate", {"model": "m", "prompt": "p"}),
    ("dedicated", "generate", {**DEDICATED_ALL, **CONTROL}),
    ("dedicated", "edit", {"image": IMAGE, "prompt": "p", "model": "m"}),
    ("dedicated", "edit", {**DEDICATED_ALL, "image": [IMAGE, IMAGE]}),
    ("container", "generate", {"prompt": "p"}),
    ("container", "generate", {**ALL, "model": "a", "response_format": "jpeg", **CONTROL}),
    ("container", "edit", {"image": IMAGE, "prompt": "p"}),
    ("container", "edit", {**ALL, "model": "a", "response_format": "raw", "image": [IMAGE]}),
]
PATHS = {
    ("dedicated", "generate"): "/dedicated/v1/images/generations",
    ("dedicated", "edit"): "/dedicated/v1/images/edits",
    ("container", "generate"): "/v1/images/generations",
    ("container", "edit"): "/v1/images/edits",
}


def _reply(request: Received) -> Reply:
    body = json.dumps(answer(request.path)).encode()
    return 200, {"Content-Type": "application/json"}, body


@pytest.fixture
def server() -> Generator[Recorder]:
    with recording(_reply) as recorder:
        yield recorder


def call(friendli: Any, surface: str, operation: str, arguments: dict[str, Any]) -> Any:
    return getattr(getattr(friendli, surface).image, operation)(**arguments)


@pytest.mark.parametrize(("surface", "operation", "arguments"), TABLE)
def test_the_body_is_what_the_caller_gave_and_nothing_more(
    server: Recorder, surface: str, operation: str, arguments: dict[str, Any]
) -> None:
    """The body holds each given argument under its name, and no default."""
    with SyncFriendli(token="flp_x", server_url=server.url) as friendli:
        call(friendli, surface, operation, arguments)
    (request,) = server.requests
    assert json.loads(request.body) == arguments
    assert (request.method, request.path) == ("POST", PATHS[surface, operation])


@pytest.mark.parametrize(("surface", "operation", "arguments"), TABLE)
async def test_sync_and_async_send_the_same_bytes(
    server: Recorder, surface: str, operation: str, arguments: dict[str, Any]
) -> None:
    """Both clients send the same request, byte for byte."""
    with SyncFriendli(token="flp_x", server_url=server.url) as friendli:
        call(friendli, surface, operation, arguments)
    async with AsyncFriendli(token="flp_x", server_url=server.url) as async_friendli:
        await call(async_friendli, surface, operation, arguments)
    sync_request, async_request = server.requests
    assert sync_request == async_request


def test_the_token_goes_to_dedicated_operations_alone(server: Recorder) -> None:
    """Authorization is sent where the contract asks for a token, and nowhere else."""
    with SyncFriendli(token="flp_x", server_url=server.url) as friendli:
        for surface, operation, arguments in TABLE:
            call(friendli, surface, operation, arguments)
    sent = [request.headers.get("authorization") for request in server.requests]
    assert sent == ["Bearer flp_x"] * 4 + [None] * 4


def test_the_headers_are_ours(server: Recorder) -> None:
    """User-Agent names this package, and the content is declared as JSON."""
    with SyncFriendli(server_url=server.url) as friendli:
        friendli.container.image.generate(prompt="p")
    headers = server.requests[0].headers
    assert headers["user-agent"] == f"friendli-facade/{__version__}"
    assert headers["content-type"] == headers["accept"] == "application/json"


def test_the_team_is_sent_where_set_and_a_call_overrides_it(server: Recorder) -> None:
    """X-Friendli-Team is the call's team, else the client's, on dedicated operations alone."""
    with SyncFriendli(token="t", x_friendli_team="team-1", server_url=server.url) as friendli:
        friendli.dedicated.image.generate(model="m", prompt="p")
        friendli.dedicated.image.generate(model="m", prompt="p", x_friendli_team="team-2")
        friendli.container.image.generate(prompt="p")
    with SyncFriendli(token="t", server_url=server.url) as friendli:
        friendli.dedicated.image.generate(model="m", prompt="p")
    sent = [request.headers.get("x-friendli-team") for request in server.requests]
    assert sent == ["team-1", "team-2", None, None]


def test_token_and_team_come_from_the_environment(
    server: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FRIENDLI_TOKEN and FRIENDLI_TEAM stand in for arguments that are missing or empty."""
    monkeypatch.setenv("FRIENDLI_TOKEN", "flp_env")
    monkeypatch.setenv("FRIENDLI_TEAM", "team-env")
    with SyncFriendli(token="", server_url=server.url) as friendli:
        friendli.dedicated.image.generate(model="m", prompt="p")
    headers = server.requests[0].headers
    sent = (headers["authorization"], headers["x-friendli-team"])
    assert sent == ("Bearer flp_env", "team-env")


def test_none_is_null_where_the_contract_has_null_and_is_dropped_elsewhere(
    server: Recorder,
) -> None:
    """An explicit None is sent as null on a nullable field and left out of any other."""
    nothing: dict[str, Any] = dict.fromkeys(
        ("num_inference_steps", "guidance_scale", "seed", "response_format")
    )
    control: dict[str, Any] = dict.fromkeys(("control_images", "controlnet_weights"))
    with SyncFriendli(token="t", server_url=server.url) as friendli:
        friendli.dedicated.image.generate(model="m", prompt="p", **nothing, **control)
        friendli.container.image.generate(model=None, prompt="p", **nothing, **control)
    dedicated, container = (json.loads(request.body) for request in server.requests)
    null = dict.fromkeys(("seed", "response_format", "control_images", "controlnet_weights"))
    assert dedicated == {"model": "m", "prompt": "p", "guidance_scale": None, **null}
    assert container == {"model": None, "prompt": "p", **null}


def test_a_calls_server_url_overrides_the_clients(server: Recorder) -> None:
    """`server_url` of a call wins, on both surfaces, with or without a slash at its end."""
    with SyncFriendli(token="t", server_url="http://127.0.0.1:9") as friendli:
        friendli.dedicated.image.generate(model="m", prompt="p", server_url=server.url + "/")
        friendli.container.image.generate(prompt="p", server_url=server.url + "/proxy")
    paths = [request.path for request in server.requests]
    assert paths == ["/dedicated/v1/images/generations", "/proxy/v1/images/generations"]


def test_http_headers_are_added_and_win_over_ours(server: Recorder) -> None:
    """A call's `http_headers` go along, and replace ours whatever their case."""
    with SyncFriendli(server_url=server.url) as friendli:
        friendli.container.image.generate(
            prompt="p", http_headers={"x-trace": "1", "user-agent": "mine"}
        )
    headers = server.requests[0].headers
    assert (headers["x-trace"], headers["user-agent"]) == ("1", "mine")
