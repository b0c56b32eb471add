"""The body of an answer as it comes: what is kept of it, and where it ends."""

import gzip
import random
import zlib
from collections.abc import Iterator

import httpx
import pytest

from friendli_facade import DownloadError, InvalidResponseError
from friendli_facade._delivery.receiving import Body, Incoming
from friendli_facade._delivery.unpacking import Unpacker
from friendli_facade._images.media_types import HEAD
from tests.samples import PNG
from tests.transports import Wire

NOISE = PNG + random.Random(0).randbytes(5000)  # gzip makes it longer


class Counting(Body):
    """Counts the pieces that it is given."""

    pieces = 0

    def add(self, piece: bytes) -> bool:
        self.pieces += 1
        return super().add(piece)


class Pieces(httpx.SyncByteStream):
    """A body that comes in pieces of a few bytes."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self._content), 100):
            yield self._content[start : start + 100]


def incoming(body: Body, status: int = 200, **headers: str) -> Incoming:
    """An answer on its way."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Incoming(httpx.Response(status, headers=named, stream=Pieces(b"")), body)


def test_a_body_is_kept_up_to_its_limit() -> None:
    """What fits exactly is not cut; of what does not, the beginning is kept."""
    body = Body(10)
    assert (body.add(b"01234"), body.add(b"56789"), body.is_cut) == (True, True, False)
    assert (body.content(), body.size) == (b"0123456789", 10)
    assert (body.add(b"x"), body.is_cut) == (False, True)
    assert (body.content(), body.size) == (b"0123456789", 10)


def test_a_body_begins_again() -> None:
    """A shorter one after a longer one has nothing of it."""
    body = Body(10)
    assert not body.add(b"a longer one")
    body.restart()
    assert (body.add(b"short"), body.is_cut, body.head) == (True, False, b"short")
    assert (body.content(), body.file.seek(0, 2)) == (b"short", 5)


def test_how_a_body_begins_is_known_to_a_length() -> None:
    """Whatever the pieces are that it comes in."""
    content = bytes(range(256)) * 8
    for size in (1, 7, 1000, HEAD, HEAD + 1, len(content)):
        body = Body(len(content))
        for start in range(0, len(content), size):
            body.add(content[start : start + size])
        assert body.head == content[:HEAD]


def test_nothing_more_is_given_to_who_is_full() -> None:
    """Of a piece that unpacks to much more than there is room for, one part too many is made."""
    body = Counting(100_000)
    assert not incoming(body, Content_Encoding="gzip").add(gzip.compress(bytes(5_000_000)))
    assert (body.pieces, body.size) == (2, 100_000)


async def test_nor_on_an_event_loop() -> None:
    """The same, awaited."""
    body = Counting(100_000)
    packed = gzip.compress(bytes(5_000_000))
    assert not await incoming(body, Content_Encoding="gzip").aadd(packed)
    assert (body.pieces, body.size) == (2, 100_000)


@pytest.mark.parametrize(("status", "is_success"), [(200, True), (299, True), (300, False)])
def test_a_redirect_is_no_success(status: int, *, is_success: bool) -> None:
    """What comes with one is no result, and is taken apart."""
    body = Body(10)
    answer = incoming(body, status)
    assert answer.is_success == is_success
    answer.add(b"text")
    assert body.size == (4 if is_success else 0)


@pytest.mark.parametrize(
    ("length", "announced"),
    [("12", 12), ("0", 0), ("-1", 0), ("x", 0), ("9" * 5000, 999_999_999_999_999_999)],
)
def test_what_is_announced_is_a_number(length: str, announced: int) -> None:
    """Of one that no body has, and that Python would not read, the beginning is enough."""
    body = Body(10)
    incoming(body, Content_Length=length)
    assert body.announced == announced


def test_the_length_of_what_is_packed_is_not_that_of_the_body() -> None:
    """So nothing is announced."""
    body = Body(10)
    incoming(body, Content_Encoding="gzip", Content_Length="5")
    assert body.announced == 0


def test_a_packed_body_that_does_not_fit_is_too_large() -> None:
    """Though it would fit unpacked; nothing that lacks its end is taken for a picture."""
    packed = gzip.compress(NOISE)
    assert len(packed) > len(NOISE)

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            item = {"seed": 7, "response_format": "png", "url": "https://e.example/a.png"}
            return httpx.Response(200, json={"data": [item]})
        return httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=Pieces(packed))

    for most in (len(NOISE), len(packed)):
        friendli = Wire(handler).sync(max_response_bytes=most)
        (image,) = friendli.dedicated.image.generate(model="m", prompt="p").images
        if most == len(packed):
            assert image.read() == NOISE
        else:
            with pytest.raises(DownloadError, match=rf"more than {most} bytes \(max_resp"):
                image.read()


def test_a_packed_result_that_does_not_fit_is_called_too_large() -> None:
    """And not broken JSON."""

    def handler(_: httpx.Request) -> httpx.Response:
        stream = Pieces(gzip.compress(NOISE))
        return httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=stream)

    with pytest.raises(InvalidResponseError, match="max_response_bytes"):
        Wire(handler).sync(max_response_bytes=len(NOISE)).container.image.generate(prompt="p")


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_piece_of_nothing_changes_nothing(coding: str) -> None:
    """Not even how a body is taken to be packed, of which the first byte tells."""
    packed = gzip.compress(NOISE) if coding == "gzip" else zlib.compress(NOISE)
    body = Body(10_000)
    answer = incoming(body, Content_Encoding=coding)
    for piece in (b"", packed[:100], b"", packed[100:], b""):
        assert answer.add(piece)
    assert body.content() == NOISE


def test_a_little_is_unpacked_at_a_time() -> None:
    """64 KiB, to the last byte."""
    pieces = list(Unpacker("gzip").pieces(gzip.compress(bytes(200_000))))
    assert [len(piece) for piece in pieces if piece] == [65_536, 65_536, 65_536, 3_392]
