"""Prism, 5.14.2, as a Friendli made of a document, and as a judge between client and sandbox.

The document is Friendli's own where FRIENDLI_UPSTREAM has it, and else this project's contract.
"""

import os
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from friendli_facade import (
    AsyncFriendli,
    InvalidResponseError,
    SDKError,
    ServerError,
    SyncFriendli,
    UnprocessableEntityError,
)
from friendli_facade.sandbox import Sandbox, Server
from scripts.generation.installation import PACKAGE
from scripts.peers.programs import ROOT, prism
from tests.peers.running import free_port, running
from tests.samples import JPEG, PNG
from tests.three_ways import one_ssl_context

__all__ = ["one_ssl_context"]

PRISM = prism()
pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif(PRISM is None, reason="no Prism: scripts/setup --peers"),
]

CONTRACT = ROOT / PACKAGE / "openapi.json"
UPSTREAM = os.environ.get("FRIENDLI_UPSTREAM")
DOCUMENTS = [CONTRACT, *([Path(UPSTREAM)] if UPSTREAM else [])]
LEAST: dict[str, dict[str, Any]] = {
    "dedicated.generate": {"model": "m", "prompt": "p"},
    "dedicated.edit": {"image": PNG, "model": "m", "prompt": "p"},
    "container.generate": {"prompt": "p"},
    "container.edit": {"image": [PNG, JPEG], "prompt": "p"},
}
MORE = {"model": "m:r", "num_inference_steps": 50, "guidance_scale": 3.5, "seed": 7}
NOTHING = {"guidance_scale": None, "seed": None, "response_format": None}
CONTROLS = {"control_images": [PNG, JPEG], "controlnet_weights": [0, 1.0]}
CALLS = [
    *LEAST.items(),
    *((name, {**least, **MORE}) for name, least in LEAST.items()),
    *((name, {**least, **NOTHING}) for name, least in LEAST.items()),
    *((name, {**LEAST[name], **CONTROLS}) for name in LEAST if name.endswith("generate")),
    *(
        (name, {**least, "response_format": wanted})
        for name, least in LEAST.items()
        for wanted in ("raw", "jpeg", *(("url", "png", "jpg") if name[0] == "d" else ()))
    ),
]
Called = Callable[..., Any]


@pytest.fixture(scope="module", params=DOCUMENTS, ids=lambda path: path.stem)
def mock(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[tuple[str, Path]]:
    """The URL of a Friendli that answers with a document's examples, and that document."""
    port, log = free_port(), tmp_path_factory.mktemp("prism") / "log"
    command = (*(PRISM or ()), "mock", request.param, "--port", str(port))
    with running(*command, port=port, log=log) as url:
        yield url, request.param


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    """The Friendli behind the judge."""
    return Sandbox()


@pytest.fixture(scope="module")
def server(sandbox: Sandbox) -> Generator[Server]:
    """Where it listens."""
    with sandbox.serve() as server:
        yield server


@pytest.fixture(scope="module")
def judge(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """The URL of a proxy that refuses what its document does not know, of both sides."""
    port, log = free_port(), tmp_path_factory.mktemp("prism") / "log"
    options = ("--errors", "--port", str(port))
    command = (*(PRISM or ()), "proxy", DOCUMENTS[-1], server.url, *options)
    with running(*command, port=port, log=log) as url:
        yield url


async def called(way: str, url: str, operation: str, **arguments: Any) -> Any:
    """The result of a call, sync or async."""
    room, _, name = operation.partition(".")
    settings: dict[str, Any] = {"token": "flp_test", "server_url": url, "retries": None}
    if way == "sync":
        with SyncFriendli(**settings) as friendli:
            return getattr(getattr(friendli, room).image, name)(**arguments)
    async with AsyncFriendli(**settings) as friendli:
        return await getattr(getattr(friendli, room).image, name)(**arguments)


@pytest.mark.parametrize(("operation", "arguments"), CALLS)
async def test_a_documents_mock_takes_every_call(
    operation: str, arguments: dict[str, Any], way: str, mock: tuple[str, Path]
) -> None:
    """Friendli's document finds nothing wrong with a request; its examples are read, or told."""
    url, document = mock
    if document == CONTRACT or operation.startswith("dedicated"):
        assert (await called(way, url, operation, **arguments)).images
        return
    # Friendli's own example of a container's picture is words about one.
    with pytest.raises(InvalidResponseError) as failed:
        await called(way, url, operation, **arguments)
    assert failed.value.status_code == 200
    assert b"<base64 encoded image>" in failed.value.body


@pytest.mark.parametrize("operation", LEAST)
async def test_a_documents_422_is_raised(operation: str, way: str, mock: tuple[str, Path]) -> None:
    """The one failure that the document knows, without a body."""
    wanted = {**LEAST[operation], "http_headers": {"Prefer": "code=422"}}
    with pytest.raises(UnprocessableEntityError) as failed:
        await called(way, mock[0], operation, **wanted)
    assert failed.value.details == ()


@pytest.mark.parametrize(("operation", "arguments"), CALLS)
async def test_a_judge_finds_no_fault_in_client_and_sandbox(
    operation: str, arguments: dict[str, Any], way: str, judge: str
) -> None:
    """Request and answer both fit the document, and the picture comes through."""
    result = await called(way, judge, operation, **arguments)
    (image,) = result.images
    assert image.url or image.read()


async def test_a_judge_sees_a_fault(way: str, judge: str, sandbox: Sandbox) -> None:
    """An answer of another shape is refused by it, and its words are read."""
    sandbox.misshape_next()
    with pytest.raises(ServerError) as failed:
        await called(way, judge, "container.generate", **LEAST["container.generate"])
    assert failed.value.status_code == 500
    assert "Your request/response is not valid" in failed.value.message
    assert b"required property 'image'" in failed.value.body


async def test_what_is_too_large_for_a_judge_is_413(way: str, judge: str) -> None:
    """It takes 10 MB; what of a longer upload is not read is no disconnect."""
    with pytest.raises(SDKError) as failed:
        await called(way, judge, "container.edit", image=PNG + bytes(12_000_000), prompt="p")
    assert failed.value.status_code == 413
