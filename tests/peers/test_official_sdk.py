"""Friendli's own SDK, 0.16.3, takes the sandbox for Friendli."""

import base64
import io
import json
import subprocess
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from PIL import Image

from friendli_facade.sandbox import Sandbox
from scripts.peers.programs import python
from tests.samples import PNG_BASE64

PYTHON = python("official")
pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif(PYTHON is None, reason="no official SDK: scripts/setup --peers"),
]

PICTURE = {"image": PNG_BASE64}
ALL = {
    "prompt": "A kite",
    "model": "m",
    "num_inference_steps": 10,
    "guidance_scale": 3.5,
    "seed": 7,
}
CONTROLS = {"control_images": [PICTURE, PICTURE], "controlnet_weights": [0.5, 1]}
OPERATIONS: dict[str, dict[str, Any]] = {
    "dedicated.image.generate": {"prompt": "A kite", "model": "m"},
    "dedicated.image.edit": {"image": PICTURE, "prompt": "A kite", "model": "m"},
    "container.image.generate": {"prompt": "A kite"},
    "container.image.edit": {"image": [PICTURE, PICTURE], "prompt": "A kite"},
}
FORMATS = [
    *(("dedicated.image.generate", name) for name in ("url", "raw", "png", "jpeg", "jpg")),
    *(("dedicated.image.edit", name) for name in ("url", "raw", "png", "jpeg", "jpg")),
    *(("container.image.generate", name) for name in ("raw", "jpeg")),
    *(("container.image.edit", name) for name in ("raw", "jpeg")),
]
Outcome = dict[str, Any]
Call = Callable[..., Outcome]


@pytest.fixture(scope="module")
def sdk() -> Generator[Callable[[dict[str, Any]], Outcome]]:
    """One process that has imported it, for all calls."""
    command = [str(PYTHON), str(Path(__file__).with_name("official_sdk.py"))]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin
        assert process.stdout
        into, out = process.stdin, process.stdout

        def ask(call: dict[str, Any]) -> Outcome:
            into.write(json.dumps(call) + "\n")
            into.flush()
            answer: Outcome = json.loads(out.readline())
            return answer

        yield ask
        into.close()


@pytest.fixture
def sandbox() -> Sandbox:
    """A Friendli with one endpoint."""
    return Sandbox(endpoints=["m"])


@pytest.fixture(params=["SyncFriendli", "AsyncFriendli"])
def call(
    request: pytest.FixtureRequest,
    sandbox: Sandbox,
    sdk: Callable[[dict[str, Any]], Outcome],
) -> Generator[Call]:
    """Calls an operation of the SDK over a socket; `retries` is the pause between, in ms."""
    with sandbox.serve() as server:

        def ask(operation: str, retries: int | None = None, **arguments: Any) -> Outcome:
            settings = {
                "token": arguments.pop("token", "flp_test"),
                "picture_of": arguments.pop("picture_of", 0),
                "server_url": server.url,
                "kind": request.param,
            }
            wanted = {**OPERATIONS[operation], **arguments}
            called = {"operation": operation, "arguments": wanted, "retries": retries}
            return sdk({**called, **settings})

        yield ask


def drawn(outcome: Outcome) -> bytes:
    """The bytes of the one picture that a call gave."""
    assert outcome.keys() == {"result", "type"}, outcome
    result = outcome["result"]
    if "image" in result:
        return base64.b64decode(result["image"], validate=True)
    (item,) = result["data"]
    if "url" in item:
        with urlopen(item["url"]) as answer:
            content: bytes = answer.read()
            return content
    return base64.b64decode(item["b64_json"], validate=True)


@pytest.mark.parametrize(("operation", "wanted"), FORMATS)
def test_every_operation_draws_in_every_format(operation: str, wanted: str, call: Call) -> None:
    """Its result class is the right one, and the picture is of the format that was asked for."""
    outcome = call(operation, response_format=wanted)
    kind = "Dedicated" if operation.startswith("dedicated") else "Container"
    assert outcome["type"] == f"{kind}ImageGenerateSuccess"
    picture = Image.open(io.BytesIO(drawn(outcome)))
    assert picture.format == ("JPEG" if wanted in {"jpeg", "jpg"} else "PNG")
    if kind == "Dedicated":
        (item,) = outcome["result"]["data"]
        assert item["response_format"] == wanted


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_argument_is_taken(operation: str, call: Call, sandbox: Sandbox) -> None:
    """All that the SDK can send is accepted, and arrives."""
    arguments = {**ALL, **(CONTROLS if operation.endswith("generate") else {})}
    outcome = call(operation, **arguments)
    assert drawn(outcome)
    assert sandbox.requests[0].json().items() >= arguments.items()
    if operation.startswith("dedicated"):
        assert outcome["result"]["data"][0]["seed"] == 7


@pytest.mark.parametrize("operation", ["dedicated.image.generate", "dedicated.image.edit"])
def test_no_token_is_401(operation: str, call: Call) -> None:
    """It raises what it raises of Friendli's own 401."""
    outcome = call(operation, token=None)
    assert (outcome["error"], outcome["status"]) == ("SDKError", 401)
    assert json.loads(outcome["body"]) == {"detail": "Not authenticated"}


def test_an_unknown_endpoint_is_404(call: Call) -> None:
    """The sandbox knows its endpoints."""
    outcome = call("dedicated.image.generate", model="another")
    assert (outcome["error"], outcome["status"]) == ("SDKError", 404)


def test_a_picture_above_50_mib_is_413(call: Call) -> None:
    """The SDK sends it, and is told."""
    outcome = call("container.image.edit", picture_of=(50 * 2**20 + 3) * 4 // 3 // 4 * 4)
    assert (outcome["error"], outcome["status"]) == ("SDKError", 413)


@pytest.mark.parametrize(
    ("operation", "arguments", "place"),
    [
        ("dedicated.image.generate", {"num_inference_steps": 51}, ["num_inference_steps"]),
        (
            "container.image.generate",
            {"control_images": [PICTURE], "controlnet_weights": [1.5]},
            ["controlnet_weights", 0],
        ),
        (
            "dedicated.image.generate",
            {"control_images": [PICTURE], "controlnet_weights": [0.5, 0.5]},
            ["controlnet_weights"],
        ),
        ("dedicated.image.edit", {"image": {"image": "no picture"}}, ["image", "image"]),
        ("container.image.edit", {"image": []}, ["image"]),
    ],
)
def test_what_breaks_a_rule_is_422(
    operation: str, arguments: dict[str, Any], place: list[str | int], call: Call
) -> None:
    """What it sends unchecked is refused by the field's name, as FastAPI refuses."""
    outcome = call(operation, **arguments)
    assert (outcome["error"], outcome["status"]) == ("SDKError", 422)
    assert [entry["loc"] for entry in json.loads(outcome["body"])["detail"]] == [["body", *place]]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422, 429, 500, 502, 503, 504, 529])
def test_every_status_is_an_error(status: int, call: Call, sandbox: Sandbox) -> None:
    """Whatever fails, fails in the SDK's own class, with what the sandbox said."""
    sandbox.fail_next(status, detail="because")
    outcome = call("dedicated.image.generate")
    assert (outcome["error"], outcome["status"]) == ("SDKError", status)
    assert json.loads(outcome["body"]) == {"detail": "because"}


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
@pytest.mark.parametrize("operation", ["dedicated.image.generate", "container.image.edit"])
def test_its_retries_end_in_a_picture(
    operation: str, status: int, call: Call, sandbox: Sandbox
) -> None:
    """What it repeats is answered once the faults are used up."""
    sandbox.fail_next(status, times=2)
    assert drawn(call(operation, retries=1))
    posts = [request for request in sandbox.requests if request.method == "POST"]
    assert [request.json()["prompt"] for request in posts] == ["A kite"] * 3


def test_a_wish_to_wait_is_read(call: Call, sandbox: Sandbox) -> None:
    """Its reading of Retry-After takes the sandbox's header."""
    sandbox.fail_next(429, retry_after=0)
    assert drawn(call("container.image.generate", retries=1))
    assert len(sandbox.requests) == 2


@pytest.mark.parametrize("broken", ["disconnect_next", "truncate_next"])
def test_a_broken_answer_is_no_picture(broken: str, call: Call, sandbox: Sandbox) -> None:
    """It sees the connection end."""
    getattr(sandbox, broken)()
    outcome = call("dedicated.image.generate")
    assert outcome["error"] == "RemoteProtocolError"
