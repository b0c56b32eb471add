"""Local pictures go into the request piece by piece."""

import base64
import io
import json
import os
import tempfile
import tracemalloc
from contextlib import nullcontext
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from friendli_facade import AsyncFriendli, SyncFriendli, ValidationError
from friendli_facade._inputs.pictures import Picture
from friendli_facade._inputs.reading import PIECE, Held
from friendli_facade._requests.body import AsyncContent, Content, encoded
from friendli_facade.utils import BackoffStrategy, RetryConfig
from tests.samples import PNG, answer
from tests.servers import Received, Reply, recording
from tests.transports import Wire, right

SIZES = st.sampled_from([0, 1, 2, 3, 4, 5, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE + 2])
AT_ONCE = RetryConfig(backoff=BackoffStrategy(0, 0))


class Pipe(io.RawIOBase):
    """A binary file that cannot be read twice, and gives less than it is asked for."""

    def __init__(self, content: bytes) -> None:
        self._rest = io.BytesIO(content)

    def read(self, size: int = -1, /) -> bytes:
        return self._rest.read(min(size, 100_000) if size >= 0 else size)

    def seekable(self) -> bool:
        return False


@settings(deadline=None)
@given(
    text=st.text(st.characters(exclude_categories=["Cs"])),
    sizes=st.lists(SIZES, max_size=4),
    seed=st.integers(),
)
async def test_the_bytes_are_those_of_json_dumps(text: str, sizes: list[int], seed: int) -> None:
    """Spliced in, the pictures make the body that `json.dumps` would have made."""
    random = Random(seed)
    contents = [random.randbytes(size) for size in sizes]
    names = {f"name-{index}": content for index, content in enumerate(contents)}
    pictures = {
        name: Picture("image", "image/png", Held(content)) for name, content in names.items()
    }
    body: dict[str, Any] = {"prompt": text, "image": [{"image": name} for name in names], "s": 1}
    expected = dict(body)
    expected["image"] = [{"image": base64.b64encode(content).decode()} for content in contents]
    whole = json.dumps(expected, ensure_ascii=False, separators=(",", ":")).encode()
    made = encoded(body, pictures)
    if isinstance(made, bytes):
        assert made == whole
    else:
        assert b"".join(made) == whole
        assert made.length == len(whole)
        assert b"".join([piece async for piece in AsyncContent(made)]) == whole


def test_a_dozen_pictures_keep_their_order() -> None:
    """Each of many pictures of one call stands at its own place."""
    pictures = [PNG + bytes([index]) for index in range(25)]
    wire = Wire(right)
    wire.sync().container.image.edit(image=pictures, prompt="p")
    sent = [base64.b64decode(entry["image"]) for entry in wire.bodies[0]["image"]]
    assert sent == pictures


def large(tmp_path: Path, size: int) -> Path:
    """A file that begins like a picture."""
    path = tmp_path / "large.png"
    path.write_bytes(PNG + os.urandom(size - len(PNG)))
    return path


@pytest.mark.parametrize("is_open", [False, True])
def test_a_large_file_is_never_held(tmp_path: Path, *, is_open: bool) -> None:
    """Making the whole body of a 20 MiB file holds less than 1 MiB at any time."""
    path = large(tmp_path, 20 * 1024 * 1024)
    sizes: list[int] = []

    class Transport(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            assert isinstance(request.stream, httpx.SyncByteStream)
            sizes.append(sum(len(piece) for piece in request.stream))
            return right(request)

    friendli = SyncFriendli(http_client=httpx.Client(transport=Transport()))
    friendli.container.image.edit(image=PNG, prompt="warm up")
    with path.open("rb") if is_open else nullcontext(path) as image:
        tracemalloc.start()
        try:
            friendli.container.image.edit(image=image, prompt="p")
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert sizes[-1] > 27_000_000
    assert peak < 1024 * 1024


@pytest.mark.parametrize("kind", ["path", "bytes", "file", "temporary", "pipe"])
async def test_a_retry_sends_the_same_again(kind: str, tmp_path: Path) -> None:
    """Every kind of picture can be sent twice, with an exact length, in sync and async."""
    path = large(tmp_path, 400_000)
    content = path.read_bytes()

    def image() -> Any:
        temporary = tempfile.SpooledTemporaryFile(max_size=10)  # noqa: SIM115
        temporary.write(content)
        temporary.seek(0)
        file = path.open("rb")
        kinds = {"path": path, "bytes": content, "file": file, "temporary": temporary}
        closing.extend((temporary, file))
        return {**kinds, "pipe": Pipe(content)}[kind]

    closing: list[Any] = []
    expected = base64.b64encode(content).decode()
    for sync in (True, False):
        left = [503, 429]

        def busy(request: httpx.Request, left: list[int] = left) -> httpx.Response:
            assert request.headers["content-length"] == str(len(request.content))
            assert json.loads(request.content)["image"]["image"] == expected
            return httpx.Response(left.pop()) if left else right(request)

        wire = Wire(busy)
        if sync:
            wire.sync(retries=AT_ONCE).container.image.edit(image=image(), prompt="p")
        else:
            friendli = wire.asynchronous(retries=AT_ONCE)
            await friendli.container.image.edit(image=image(), prompt="p")
        assert len(wire.requests) == 3
    for file in closing:
        file.close()


def test_a_file_that_changed_between_attempts_is_an_error(tmp_path: Path) -> None:
    """A retry never sends another picture than the one that was checked."""
    path = large(tmp_path, 300_000)

    def changing(request: httpx.Request) -> httpx.Response:
        path.write_bytes(PNG + bytes(300_000))
        return httpx.Response(503)

    wire = Wire(changing)
    with pytest.raises(ValidationError, match=r"image\[1\] must stay as it is until it is sent"):
        wire.sync(retries=AT_ONCE).container.image.edit(image=[PNG, path], prompt="p")
    assert len(wire.requests) == 1


def test_a_file_that_shrinks_is_an_error(tmp_path: Path) -> None:
    """A file object that has less than it had is not sent on."""

    def changing(request: httpx.Request) -> httpx.Response:
        file.truncate(100_000)
        return httpx.Response(503)

    with large(tmp_path, 300_000).open("rb+") as file:
        wire = Wire(changing)
        with pytest.raises(ValidationError, match="image must stay as it is"):
            wire.sync(retries=AT_ONCE).container.image.edit(image=file, prompt="p")
    assert len(wire.requests) == 1


async def test_it_arrives_over_a_real_socket(tmp_path: Path) -> None:
    """A streamed body arrives whole, with its length and not in chunks."""
    path = large(tmp_path, 3_000_000)

    def reply(request: Received) -> Reply:
        return 200, {}, json.dumps(answer(request.path)).encode()

    with recording(reply) as server:
        async with AsyncFriendli(server_url=server.url) as friendli:
            await friendli.container.image.edit(image=[path, PNG], prompt="p")
    (request,) = server.requests
    assert "transfer-encoding" not in request.headers
    first, second = json.loads(request.body)["image"]
    assert base64.b64decode(first["image"]) == path.read_bytes()
    assert base64.b64decode(second["image"]) == PNG


def test_pieces_of_a_content_can_be_counted() -> None:
    """A piece of a body is at most 128 KiB."""
    content = Content([b"{", Picture("image", "image/png", Held(bytes(10 * PIECE))), b"}"])
    lengths = [len(piece) for piece in content]
    assert max(lengths) == PIECE // 3 * 4
    assert len(lengths) == 12
