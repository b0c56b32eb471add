"""What our own clients write to the network, and how often."""

import base64
import io
import zlib
from collections.abc import Callable
from importlib import import_module
from typing import Any

import httpcore
import httpx
import pytest

from friendli_facade import APIConnectionError, ContentTooLargeError, SyncFriendli
from friendli_facade._delivery import streams
from friendli_facade._delivery.connections.own_clients import AsyncClient, SyncClient
from friendli_facade._delivery.unpacking import CODINGS, Unpacker
from scripts.faults.server import Answer, Then, answer, of_json, serving
from tests import samples
from tests.callers import Caller
from tests.conftest import Clock
from tests.samples import PNG, PNG_BASE64

OF_HTTPCORE = {
    "sync": ("sync", "SyncStream"),
    "asyncio": ("anyio", "AnyIOStream"),
    "trio": ("trio", "TrioStream"),
}
RESULT = {"data": [{"seed": 7, "response_format": "png", "b64_json": PNG_BASE64}]}


def of_httpcore(way: str) -> Any:
    """The class of httpcore's streams, below ours."""
    module, name = OF_HTTPCORE[way]
    return getattr(import_module(f"httpcore._backends.{module}"), name)


@pytest.fixture
def written(way: str, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What is written to the network, a piece for each time."""
    stream = of_httpcore(way)
    write, pieces = stream.write, list[bytes]()

    def recorded(self: Any, buffer: bytes, *arguments: Any, **options: Any) -> Any:
        pieces.append(buffer)
        return write(self, buffer, *arguments, **options)

    monkeypatch.setattr(stream, "write", recorded)
    return pieces


async def test_a_small_request_is_written_at_once(
    client: Callable[..., Caller], written: list[bytes]
) -> None:
    """Headers and body together, on a new connection and on a kept one."""
    with serving(lambda _: of_json(RESULT)) as server:
        async with client(server_url=server.url) as friendli:
            for _ in range(3):
                await friendli.draw()
    assert len(written) == 3
    assert all(piece.startswith(b"POST /") and piece.endswith(b"}") for piece in written)


async def test_sixteen_kibibytes_wait_for_what_follows_and_no_more(
    client: Callable[..., Caller], written: list[bytes]
) -> None:
    """What comes before the end of a body, a picture say, is held back up to that and not above."""
    picture = PNG + bytes(9000)
    sizes: list[list[int]] = []
    length = 1000
    with serving(lambda _: of_json(RESULT)) as server:
        async with client(server_url=server.url) as friendli:
            for more in (None, 0, 1):
                written.clear()
                if more is not None:
                    length += more
                await friendli.draw(prompt="p" * length, control_images=[picture])
                sent = b"".join(written)
                sizes.append([len(piece) for piece in written])
                if more is None:
                    before, _, after = sent.rpartition(base64.b64encode(picture))
                    assert before
                    length += 16_384 - (len(sent) - len(after))
    assert [len(pieces) for pieces in sizes] == [1, 1, 2]
    assert sizes[2][0] == 16_385


async def test_a_large_body_is_written_in_pieces(
    client: Callable[..., Caller], written: list[bytes], way: str
) -> None:
    """All of it arrives; a thread writes no more than 64 KiB at once, for each is waited for."""
    picture = PNG + bytes(range(250)) * 1000
    with serving(lambda _: of_json(RESULT)) as server:
        async with client(server_url=server.url) as friendli:
            await friendli.draw(control_images=[picture])
    (request,) = server.requests
    assert base64.b64decode(request.json["control_images"][0]["image"]) == picture
    if way == "sync":
        assert max(len(piece) for piece in written) == 65_536


def test_a_call_within_a_call_has_a_time_of_its_own(clock: Clock) -> None:
    """A file that is read by calling, within its time, leaves to the call around it the rest."""

    class Drawn(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if is_sending:
                friendli.container.image.generate(prompt="p", timeout=60)
                clock.now += 100
            return super().read(size)

    is_sending: list[bool] = []

    def greet() -> None:
        is_sending.append(True)

    with (
        serving(lambda request: of_json(samples.answer(request.target)), greet) as server,
        SyncFriendli(server_url=server.url) as friendli,
    ):
        friendli.container.image.generate(prompt="p")
        result = friendli.container.image.edit(
            image=Drawn(PNG + bytes(3_000_000)), prompt="p", timeout=10_000
        )
    assert result.images
    assert clock.now > 1000


@pytest.mark.parametrize("prompt", ["p", "p" * 100_000], ids=["small", "large"])
async def test_an_answer_to_half_a_request_is_told(
    prompt: str, client: Callable[..., Caller], way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server may refuse and close before it has read all; what it said is the error."""

    stream = of_httpcore(way)
    write = stream.write

    def fail(self: Any, buffer: bytes, timeout: float | None = None) -> None:
        write(self, buffer, timeout)
        raise httpcore.WriteError("broken pipe")

    async def afail(self: Any, buffer: bytes, timeout: float | None = None) -> None:
        await write(self, buffer, timeout)
        raise httpcore.WriteError("broken pipe")

    monkeypatch.setattr(stream, "write", fail if way == "sync" else afail)
    refusal = Answer(answer("413 Content Too Large", b"too large").data, Then.CLOSE)
    with serving(lambda _: refusal, lambda: refusal) as server:
        async with client(server_url=server.url, retries=None) as friendli:
            with pytest.raises(ContentTooLargeError):
                await friendli.draw(prompt=prompt, timeout=60)


def test_a_name_without_an_address_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A resolver may find a name, and no address for it; nothing was sent then."""

    def nothing(*_: object, **__: object) -> list[object]:
        return []

    monkeypatch.setattr("socket.getaddrinfo", nothing)
    with (
        SyncFriendli(server_url="http://nowhere.example", retries=None) as friendli,
        pytest.raises(APIConnectionError, match="has no address") as caught,
    ):
        friendli.container.image.generate(prompt="p")
    assert not caught.value.ambiguous


@pytest.mark.parametrize("coding", CODINGS)
def test_what_is_packed_comes_out_however_it_is_cut(coding: str) -> None:
    """Its end is known, and what follows that is left out."""
    content = bytes(range(256)) * 1_000
    packer = zlib.compressobj(wbits=CODINGS[coding])
    packed = packer.compress(content) + packer.flush()
    unpacker = Unpacker(coding)
    pieces = [packed[:1], packed[1:50], packed[50:-1]]
    unpacked = b"".join(part for piece in pieces for part in unpacker.pieces(piece))
    assert not unpacker.is_done
    unpacked += b"".join(unpacker.pieces(packed[-1:] + b"more"))
    assert unpacked == content
    assert unpacker.is_done


@pytest.mark.parametrize("kind", [SyncClient, AsyncClient])
def test_a_host_without_a_proxy_is_reached_by_our_own_streams(
    kind: type[SyncClient | AsyncClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the environment names a proxy for the others."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "plain.example")
    http: Any = kind()
    plain, other = (
        http._transport_for_url(httpx.URL(f"http://{host}"))
        for host in ("plain.example", "other.example")
    )
    assert plain is http._transport
    assert other is not plain
    transport: Any
    for transport in (plain, other):
        backend = transport._pool._network_backend
        assert type(backend).__module__ == streams.__name__
