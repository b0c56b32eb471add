"""What the official SDK (0.16.3) gets wrong on the wire, one by one, right here.

That `SyncFriendli` is exported for strict type checkers is held by `tests/typing/api.py`.
"""

import io
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from friendli_facade import (
    APITimeoutError,
    NotFoundError,
    RateLimitError,
    SDKError,
    ServerError,
    SyncFriendli,
    UnprocessableEntityError,
    ValidationError,
)
from scripts.faults.matrix import HASTE
from scripts.faults.server import Answer, Then, answer, of_json, serving
from tests.callers import Caller
from tests.conftest import Clock
from tests.samples import PNG_BASE64
from tests.three_ways import TOKEN
from tests.transports import Wire, right

DRAWN = of_json({"data": [{"seed": 7, "response_format": "png", "b64_json": PNG_BASE64}]})


async def test_a_picture_may_take_minutes() -> None:
    """httpx is told to wait ten minutes for it, where the official SDK waits five seconds."""
    wire = Wire(right)
    wire.sync().dedicated.image.generate(model="m", prompt="p")
    await wire.asynchronous().dedicated.image.generate(model="m", prompt="p")
    assert [request.extensions["timeout"]["read"] for request in wire.requests] == [600, 600]


async def test_a_post_that_timed_out_is_not_paid_for_again(client: Callable[..., Caller]) -> None:
    """One request, where the official SDK sends eight in the first minute."""
    with serving(lambda _: Answer(then=Then.STALL)) as server:
        async with client(server_url=server.url) as friendli:
            with pytest.raises(APITimeoutError):
                await friendli.draw(timeout=HASTE)
        assert server.read(1)
        assert len(server.requests) == 1


@pytest.mark.parametrize("wish", ["86400", "inf", "1e999", "nan", "-1", "soon"])
async def test_no_wish_to_wait_puts_a_call_to_sleep_or_crashes_it(
    wish: str, client: Callable[..., Caller], clock: Clock
) -> None:
    """A Retry-After of a day is raised at once; one that is no time counts as absent."""
    with serving(lambda _: answer("429 Too Many", b"", f"Retry-After: {wish}")) as server:
        async with client(server_url=server.url) as friendli:
            with pytest.raises(RateLimitError) as failed:
                await friendli.draw()
    assert failed.value.attempts == len(server.requests)
    assert sum(clock.sleeps) <= 120
    assert (len(server.requests) == 1) == (wish in {"86400", "inf", "1e999"})


@pytest.mark.parametrize(
    ("status", "kind"), [(404, NotFoundError), (429, RateLimitError), (529, ServerError)]
)
async def test_every_status_has_a_class(
    status: int, kind: type[SDKError], client: Callable[..., Caller]
) -> None:
    """Statuses are told apart, where the official SDK has one class for all."""
    with serving(lambda _: answer(f"{status} No", b'{"detail": "because"}')) as server:
        async with client(server_url=server.url, retries=None) as friendli:
            with pytest.raises(SDKError) as failed:
                await friendli.draw()
    assert (type(failed.value), failed.value.message) == (kind, "because")


async def test_a_422_says_which_argument(client: Callable[..., Caller]) -> None:
    """The entries of FastAPI's `detail` are read, where the official SDK leaves them raw."""
    entry = {"loc": ["body", "seed"], "msg": "Input should be an integer", "type": "int_type"}
    body = json.dumps({"detail": [entry]}).encode()
    with serving(lambda _: answer("422 Unprocessable Content", body)) as server:
        async with client(server_url=server.url) as friendli:
            with pytest.raises(UnprocessableEntityError) as failed:
                await friendli.draw()
    (detail,) = failed.value.details
    assert (detail.location, detail.type) == (("body", "seed"), "int_type")


async def test_the_clients_team_is_sent(client: Callable[..., Caller]) -> None:
    """X-Friendli-Team is the client's, unless the call has its own."""
    with serving(lambda _: DRAWN) as server:
        async with client(server_url=server.url, x_friendli_team="ours") as friendli:
            await friendli.draw()
            await friendli.draw(x_friendli_team="theirs")
    teams = [request.headers["x-friendli-team"] for request in server.requests]
    assert teams == ["ours", "theirs"]


def test_a_container_call_goes_to_the_clients_server() -> None:
    """`server_url` of the client counts for containers too."""
    drawn = of_json({"image": PNG_BASE64})
    with serving(lambda _: drawn) as server, SyncFriendli(server_url=server.url) as friendli:
        friendli.container.image.generate(prompt="p")
    assert [request.target for request in server.requests] == ["/v1/images/generations"]


def test_the_token_is_in_no_repr_of_the_configuration() -> None:
    """Neither client nor settings print it."""
    with SyncFriendli(token=TOKEN) as friendli:
        assert TOKEN not in repr(friendli) + repr(vars(friendli))


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ({"num_inference_steps": 51}, "num_inference_steps"),
        ({"num_inference_steps": 0}, "num_inference_steps"),
        ({"guidance_scale": math.nan}, "guidance_scale"),
        ({"prompt": ""}, "prompt"),
        (
            {"control_images": ["https://e/x.png"], "controlnet_weights": [1.5]},
            "controlnet_weights[0]",
        ),
        (
            {"control_images": ["https://e/x.png"], "controlnet_weights": [0.5, 0.5]},
            "controlnet_weights",
        ),
        ({"control_images": [Path("missing.png")]}, "control_images[0]"),
        ({"control_images": ["missing.png"]}, "control_images[0]"),
        ({"control_images": [b"\x89PNG\r\n\x1a\n" + bytes(70 * 2**20)]}, "control_images[0]"),
        ({"control_images": [io.BytesIO(bytes(70 * 2**20))]}, "control_images[0]"),
    ],
)
async def test_a_wrong_argument_costs_nothing(
    arguments: dict[str, Any], argument: str, client: Callable[..., Caller]
) -> None:
    """It is refused by name, and no connection is made for it."""
    with serving(lambda _: DRAWN) as server:
        async with client(server_url=server.url) as friendli:
            with pytest.raises(ValidationError) as failed:
                await friendli.draw(**arguments)
    assert [violation.argument for violation in failed.value.violations] == [argument]
    assert server.connections == 0


async def test_a_missing_token_is_not_sent_as_none(client: Callable[..., Caller]) -> None:
    """A dedicated call without a token is refused, and no connection is made for it."""
    with serving(lambda _: DRAWN) as server:
        async with client(server_url=server.url, token=None) as friendli:
            with pytest.raises(ValidationError, match="token is required"):
                await friendli.draw()
    assert server.connections == 0
