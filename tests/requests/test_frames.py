"""What an error tracker that keeps local variables sees of a call."""

import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import anyio
import httpx
import pytest

from friendli_facade import AsyncFriendli, SyncFriendli, ValidationError
from friendli_facade._inputs.pictures import Picture
from friendli_facade._inputs.reading import PIECE, File
from friendli_facade._requests.body import AsyncContent, Content
from tests.samples import PNG
from tests.transports import Wire, right

PROMPT = "a prompt that is nobody's business"
CONTENT = PNG.ljust(4 * PIECE, b"x")
SECRETS = ("nobody's business", "x" * 40, "eHh4" * 10, repr(PNG)[2:20])
ROOMS = ("_inputs", "_requests", "_rules")


def frames(error: BaseException | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """The functions of those rooms that an error, or what led to it, went through."""
    while error is not None:
        traceback: TracebackType | None = error.__traceback__
        while traceback is not None:
            code = traceback.tb_frame.f_code
            if Path(code.co_filename).parent.name in ROOMS:
                yield code.co_qualname, traceback.tb_frame.f_locals
            traceback = traceback.tb_next
        error = error.__cause__ or error.__context__


def check(error: BaseException) -> None:
    """Functions of those rooms were seen, and nothing in them that is the caller's own."""
    seen = list(frames(error))
    assert seen
    for name, variables in seen:
        for variable, value in variables.items():
            shown = repr(value)
            assert not [secret for secret in SECRETS if secret in shown], f"{name}: {variable}"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "cat.png"
    found.write_bytes(CONTENT)
    return found


class Changing(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Cuts a file when a part of it was received."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def _take(self, piece: bytes) -> None:
        if len(piece) > PIECE:
            os.truncate(self._path, 2 * PIECE + 100)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.SyncByteStream)
        for piece in request.stream:
            self._take(piece)
        return right(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.AsyncByteStream)
        async for piece in request.stream:
            self._take(piece)
        return right(request)


@pytest.mark.parametrize("image", [CONTENT, [CONTENT, "no picture"], {"image": "x" * 1000}])
def test_a_refusal_shows_nothing_else(image: Any) -> None:
    """The frames of a ValidationError hold neither the prompt nor a picture."""
    with pytest.raises(ValidationError) as refused:
        Wire(right).sync().container.image.edit(image=image, prompt=PROMPT, num_inference_steps=51)
    check(refused.value)


async def test_a_file_that_changed_shows_nothing(path: Path) -> None:
    """Nor do those of an error while a body is sent."""
    friendli = SyncFriendli(http_client=httpx.Client(transport=Changing(path)))
    with pytest.raises(ValidationError) as raised:
        friendli.container.image.edit(image=path, prompt=PROMPT)
    check(raised.value)
    path.write_bytes(CONTENT)
    http = httpx.AsyncClient(transport=Changing(path))
    with pytest.raises(ValidationError) as raised:
        await AsyncFriendli(http_client=http).container.image.edit(image=path, prompt=PROMPT)
    check(raised.value)


async def test_a_cancelled_call_shows_nothing(path: Path) -> None:
    """Nor do those of a call that is cancelled while it reads."""
    parts: list[bytes | Picture] = [
        PROMPT.encode(),
        Picture("image", "image/png", File.of(path)),
        b"}",
    ]
    cancelled: list[BaseException] = []

    async def send(scope: anyio.CancelScope) -> None:
        pieces = 0
        try:
            async for _ in AsyncContent(Content(parts)):
                pieces += 1
                if pieces == 3:
                    scope.cancel()
        except BaseException as error:
            cancelled.append(error)
            raise

    with anyio.CancelScope() as scope:
        await send(scope)
    check(cancelled[0])
