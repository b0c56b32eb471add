"""Pictures at URLs: what the storage host is asked, what is refused, and what lies on disk."""

import gzip
import json
import pickle
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from friendli_facade import DownloadError, models
from friendli_facade._delivery.deadline import Deadline
from friendli_facade.utils import RetryConfig
from scripts.faults.matrix import LIMIT
from scripts.faults.server import Answer, Then, answer, serving
from tests.callers import Caller
from tests.conftest import Clock
from tests.samples import PNG
from tests.storage import PICTURE, of_url, offered
from tests.three_ways import TOKEN
from tests.transports import Wire

_CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
_CHUNK = f"{len(PNG):x}\r\n".encode() + PNG + b"\r\n"

# What goes wrong on the way: a GET may be repeated.
REPEATED = {
    "reset": Answer(then=Then.RESET),
    "closed": Answer(then=Then.CLOSE),
    "reset within the picture": Answer(PICTURE.data[:-9], Then.RESET),
    "stall": Answer(then=Then.STALL),
    "stall within the picture": Answer(PICTURE.data[:-9], Then.STALL),
    "cut, with Content-Length": answer("200 OK", PNG, cut=9),
    "cut, in chunks": Answer(_CHUNKED + _CHUNK[:-9], Then.CLOSE),
    "cut, before the last chunk": Answer(_CHUNKED + _CHUNK, Then.CLOSE),
    "503": answer("503 Service Unavailable"),
    "429": answer("429 Too Many Requests"),
}
# What no repetition mends, and the words that name it.
FINAL = {
    "HTML": (
        answer("200 OK", b"<html>Sign in</html>", "Content-Type: text/html"),
        "no picture came, but text/html: Sign in",
    ),
    "nothing": (answer("200 OK", b""), "no picture came, but no content type: nothing"),
    "204": (Answer(b"HTTP/1.1 204 No Content\r\n\r\n"), "answered 204 No Content"),
    "299": (answer("299 Odd", PNG), "answered 299 Odd"),
    "302, to nowhere": (answer("302 Found"), "answered 302 Found"),
    "304": (answer("304 Not Modified", b"", "Location: /b"), "answered 304 Not Modified"),
    "403": (
        answer("403 Forbidden", b"<Error>expired</Error>"),
        "the storage host answered 403 Forbidden: <Error>expired</Error>; the URL may have expired",
    ),
    "404": (answer("404 Not Found"), "answered 404 Not Found; the URL may have expired"),
    "410": (answer("410 Gone"), "answered 410 Gone; the URL may have expired"),
    "529": (answer("529 "), "answered 529"),
    "too large": (answer("200 OK", PNG + bytes(LIMIT)), "more than 100000 bytes"),
    "gzip bomb": (
        answer("200 OK", gzip.compress(PNG + bytes(10**7)), "Content-Encoding: gzip"),
        "more than 100000 bytes",
    ),
    "to ftp": (answer("302 Found", b"", "Location: ftp://127.0.0.1/x"), "scheme is ftp"),
    "to a file": (answer("302 Found", b"", "Location: file:///etc/passwd"), "scheme is file"),
    "to no port": (answer("302 Found", b"", "Location: http://127.0.0.1:99999/"), "its port"),
    "to no name": (answer("302 Found", b"", "Location: http://a..b/"), "cannot be asked"),
}


@pytest.mark.parametrize("fault", REPEATED.values(), ids=REPEATED)
async def test_a_download_is_repeated_until_it_is_whole(
    fault: Answer,
    client: Callable[..., Caller],
    clock: Clock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The storage host counts two failed GETs and a good one; one whole file is on disk."""
    plain = Deadline.steps

    def fails() -> bool:
        return len(clock.sleeps) < 2

    def brief(deadline: Deadline) -> dict[str, float | None]:
        # Who waits for what comes has the time that it takes; only what stalls is left soon.
        is_left = fault.then is Then.STALL and fails()
        return {**plain(deadline), "read": 0.1} if is_left else plain(deadline)

    answers = iter(lambda: fault if fails() else PICTURE, None)
    async with offered(client, answers, timeout=httpx.Timeout(60)) as (friendli, image, storage):
        monkeypatch.setattr(Deadline, "steps", brief)
        path = await friendli.save(image, tmp_path / "cat")
        assert storage.read(3)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == {path: PNG}
    assert [request.method for request in storage.requests] == ["GET"] * 3
    assert len(clock.sleeps) == 2


@pytest.mark.parametrize(("fault", "words"), FINAL.values(), ids=FINAL)
async def test_a_download_that_nothing_mends_is_told(
    fault: Answer, words: str, client: Callable[..., Caller], tmp_path: Path
) -> None:
    """One GET, and an error that names what came and hides the signature; nothing is on disk."""
    async with offered(client, [fault, fault]) as (friendli, image, storage):
        for verb in (friendli.read(image), friendli.save(image, tmp_path / "cat")):
            with pytest.raises(DownloadError) as failed:
                await verb
            assert words in str(failed.value)
            assert str(failed.value).count("could not be fetched") == 1
            assert "s3cret" not in str(failed.value)
            cause = failed.value.__cause__
            assert b"s3cret" not in pickle.dumps([failed.value, cause])
            assert failed.value.attempts == 1
        assert await friendli.read(image) == PNG
    assert len(storage.requests) == 3
    assert list(tmp_path.iterdir()) == []


async def test_a_download_that_fails_for_good_leaves_nothing(
    client: Callable[..., Caller], clock: Clock, tmp_path: Path
) -> None:
    """After the last attempt an older file is as it was, and there is no other."""
    (tmp_path / "cat.png").write_bytes(b"precious")
    cut = REPEATED["cut, with Content-Length"]
    async with offered(client, [cut] * 1000) as (friendli, image, storage):
        with pytest.raises(DownloadError, match="could not be fetched: no answer: ") as failed:
            await friendli.save(image, tmp_path / "cat.png", overwrite=True)
    assert failed.value.attempts == len(storage.requests) == len(clock.sleeps) + 1
    assert sum(clock.sleeps) <= 120
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"cat.png": b"precious"}


async def test_a_failed_download_counts_its_attempts(client: Callable[..., Caller]) -> None:
    """An attempt that cannot be mended counts those before it, which could."""
    answers = [REPEATED["503"], REPEATED["closed"], FINAL["HTML"][0]]
    async with offered(client, answers) as (friendli, image, storage):
        with pytest.raises(DownloadError) as failed:
            await friendli.read(image)
        assert failed.value.attempts == len(storage.requests) == 3


async def test_a_download_is_not_repeated_where_retries_are_off(
    client: Callable[..., Caller], tmp_path: Path
) -> None:
    """`retries=None` counts for downloads too."""
    cut = REPEATED["cut, with Content-Length"]
    async with offered(client, [cut], retries=None) as (friendli, image, storage):
        with pytest.raises(DownloadError):
            await friendli.save(image, tmp_path / "cat")
    assert (len(storage.requests), list(tmp_path.iterdir())) == (1, [])


async def test_the_storage_host_learns_nothing(client: Callable[..., Caller]) -> None:
    """A download has no header but those that HTTP needs: no token, team, cookie or client name."""
    own = "Set-Cookie: id=mine"
    with (
        serving(lambda _: answer("200 OK", PNG, own)) as storage,
        serving(lambda _: of_url(f"{storage.url}/x", own)) as server,
    ):
        settings = {"server_url": server.url, "x_friendli_team": "team-7"}
        async with client(**settings) as friendli:
            for _ in range(2):
                (image,) = (await friendli.draw(http_headers={"X-Own": "1"})).images
                assert await friendli.read(image) == PNG
    assert [set(request.headers) for request in storage.requests] == [{"host"}] * 2
    assert {request.headers["authorization"] for request in server.requests} == {f"Bearer {TOKEN}"}


async def test_user_and_password_of_a_url_log_in(client: Callable[..., Caller]) -> None:
    """They are Basic authentication there, as httpx has it, and nothing for another host."""
    with serving(lambda _: PICTURE) as other, serving(lambda _: steps.pop(0)) as storage:
        place = storage.url.replace("http://", "http://us%40er:hunter2@")
        steps = [
            answer("302 Found", b"", "Location: /b"),
            answer("302 Found", b"", f"Location: {other.url}/c"),
        ]
        with serving(lambda _: of_url(f"{place}/a")) as server:
            async with client(server_url=server.url) as friendli:
                (image,) = (await friendli.draw()).images
                assert await friendli.read(image) == PNG
    basic = next(httpx.BasicAuth("us@er", "hunter2").auth_flow(httpx.Request("GET", "http://a")))
    sent = [request.headers.get("authorization") for request in storage.requests]
    assert sent == [basic.headers["Authorization"]] * 2
    assert [set(request.headers) for request in other.requests] == [{"host"}]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_of_a_picture_is_followed(
    status: int, client: Callable[..., Caller]
) -> None:
    """From http to http, relative or to another host, which gets no more than a plain GET."""
    with serving(lambda _: PICTURE) as other:
        steps = [
            answer(f"{status} Moved", b"", "Location: /b"),
            answer(f"{status} Moved", b"", f"Location: {other.url}/c"),
        ]
        async with offered(client, steps) as (friendli, image, storage):
            assert await friendli.read(image) == PNG
    assert [request.target for request in storage.requests] == ["/cat.png?signature=s3cret", "/b"]
    assert [(one.target, set(one.headers)) for one in other.requests] == [("/c", {"host"})]


async def test_redirects_end_after_ten(client: Callable[..., Caller]) -> None:
    """A loop of redirects is asked eleven times, once; ten redirects are fine."""
    loop = answer("302 Found", b"", "Location: /again")
    async with offered(client, [loop] * 11) as (friendli, image, storage):
        with pytest.raises(DownloadError, match="redirects more than 10 times"):
            await friendli.read(image)
        assert len(storage.requests) == 11
    async with offered(client, [loop] * 10) as (friendli, image, storage):
        assert await friendli.read(image) == PNG


async def test_a_picture_is_a_picture_whatever_its_location(client: Callable[..., Caller]) -> None:
    """A 200 may say where else it lies."""
    here = answer("200 OK", PNG, "Location: /b")
    async with offered(client, [here]) as (friendli, image, storage):
        assert await friendli.read(image) == PNG
    assert len(storage.requests) == 1


def redirected(start: str, place: str) -> tuple[Wire, models.Image]:
    """A picture whose URL redirects to a place, where it is, and its wire."""
    item = {"seed": 7, "response_format": "url", "url": start}

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(200, json={"data": [item]})
        if request.url == place:
            return httpx.Response(200, content=PNG)
        return httpx.Response(302, headers={"Location": place})

    wire = Wire(handler)
    return wire, wire.sync().dedicated.image.generate(model="m", prompt="p").images[0]


def test_a_redirect_from_https_to_http_is_refused() -> None:
    """What was asked for in secret is not fetched in the open."""
    wire, image = redirected("https://storage.example/a", "http://storage.example/b")
    with pytest.raises(DownloadError, match="it redirects from https to http"):
        image.read()
    assert [request.method for request in wire.requests] == ["POST", "GET"]


@pytest.mark.parametrize("start", ["http", "https"])
def test_a_redirect_to_https_is_followed(start: str) -> None:
    """From where it may come."""
    wire, image = redirected(f"{start}://storage.example/a", "https://other.example/b")
    assert (image.read(), len(wire.requests)) == (PNG, 3)


def test_a_redirect_that_cannot_be_followed_names_the_picture() -> None:
    """It is the redirect that is wrong, and not the picture's URL."""
    for start, place, words in (
        ("https://storage.example/a", "ftp://e.com/b", "it redirects to what cannot be asked: "),
        ("ftp://storage.example/a", "https://e.com/b", "its URL cannot be asked: "),
    ):
        with pytest.raises(DownloadError, match=words) as failed:
            redirected(start, place)[1].read()
        assert failed.value.url == start


@given(url=st.text() | st.builds("http://{}:{}/{}".format, st.text(), st.integers(), st.text()))
@example("file:///etc/passwd")
@example("http://127.0.0.1:99999/x")
@example("http://127.0.0.1:0/x")
@example("http://a..b/x")
@example(f"http://{'a' * 64}/x")
@example("http://a/\ud800")
@example("http://user:s3cret@a..b/x")
@example("http://[::1")
@settings(max_examples=300, deadline=None)
def test_no_url_of_an_answer_raises_anything_but_a_download_error(url: str) -> None:
    """Whatever an answer calls a URL is asked over http(s), or refused at once."""

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            item = {"seed": 7, "response_format": "url", "url": url}
            return httpx.Response(200, content=json.dumps({"data": [item]}))
        assert request.url.scheme in {"http", "https"}
        return httpx.Response(404)

    wire = Wire(handler)
    friendli = wire.sync(retries=RetryConfig())
    (image,) = friendli.dedicated.image.generate(model="m", prompt="p").images
    with pytest.raises(DownloadError) as failed:
        image.read()
    assert failed.value.attempts == 1
    assert "s3cret" not in str(failed.value)
