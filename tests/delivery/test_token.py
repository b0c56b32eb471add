"""The token is in nothing but the request to the server that it is for."""

import logging
import pickle
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from friendli_facade import (
    APIConnectionError,
    AsyncFriendli,
    FriendliError,
    SyncFriendli,
    ValidationError,
)
from scripts.faults.matrix import LIMIT, REFUSALS, faults
from scripts.faults.server import Answer, Request, answer, of_json, serving
from tests.callers import Caller
from tests.samples import PNG, PNG_BASE64
from tests.three_ways import TOKEN

pytestmark = pytest.mark.filterwarnings("ignore:Async generator 'http:ResourceWarning")


def frames(error: BaseException) -> Iterator[tuple[str, str]]:
    """Each frame of an error and of its causes: its file, and its local variables."""
    chain = [traceback.TracebackException.from_exception(error, capture_locals=True)]
    while chain:
        one = chain.pop()
        for frame in one.stack:
            yield frame.filename, repr(frame.locals)
        chain += [cause for cause in (one.__cause__, one.__context__) if cause]


async def test_no_error_shows_it(
    client: Callable[..., Caller], caplog: pytest.LogCaptureFixture
) -> None:
    """Neither words, pickle nor local variables of any error, nor any log down to DEBUG."""
    caplog.set_level(logging.DEBUG)
    for name in ("friendli_facade", "httpcore"):
        caplog.set_level(logging.DEBUG, name)
    shown: set[str] = set()
    matrix = [*faults(b"{}"), *REFUSALS]  # the first needs a new connection
    fault = matrix[0]
    with serving(lambda _: fault.answer, lambda: fault.answer if fault.before else None) as server:
        settings = {"server_url": server.url, "max_response_bytes": LIMIT, "retries": None}
        async with client(**settings) as friendli:
            for fault in matrix:
                with pytest.raises(FriendliError) as failed:
                    await friendli.draw(timeout=fault.timeout)
                error = failed.value
                assert type(error) is fault.error
                for text in (str(error), repr(error), repr(error.args), repr(vars(error))):
                    assert TOKEN not in text
                assert TOKEN.encode() not in pickle.dumps(error)
                shown |= {file for file, names in frames(error) if TOKEN in names}
    assert not [file for file in shown if "tests" not in file]
    names = {record.name.partition(".")[0] for record in caplog.records}
    assert names >= {"friendli_facade", "httpcore"}
    assert TOKEN not in caplog.text
    assert {request.headers["authorization"] for request in server.requests} == {f"Bearer {TOKEN}"}


async def test_no_result_or_client_shows_it(client: Callable[..., Caller]) -> None:
    """Clients, their parts and their results are printed without it, and are not pickled."""
    item = {"seed": 7, "response_format": "png", "b64_json": PNG_BASE64}
    with serving(lambda _: of_json({"data": [item]})) as server:
        async with client(server_url=server.url) as caller:
            result = await caller.draw()
    friendli = caller.friendli
    own = friendli._settings  # pyright: ignore[reportPrivateUsage]
    for shown in (friendli, vars(friendli), own, result, result.images[0]):
        assert TOKEN not in f"{shown!r} {shown!s}"
    for secret in (friendli, own, own.token):
        with pytest.raises(TypeError, match="not pickled"):
            pickle.dumps(secret)


@pytest.mark.parametrize("kind", [SyncFriendli, AsyncFriendli])
def test_no_refusal_shows_it(kind: type[SyncFriendli] | type[AsyncFriendli]) -> None:
    """A token that is refused, or that stands beside other mistakes, is in no frame of ours."""
    mistakes: list[dict[str, Any]] = [{"token": TOKEN + "\n"}, {"token": TOKEN, "timeout": -1}]
    for mistake in mistakes:
        with pytest.raises(ValidationError) as failed:
            kind(**mistake)
        assert TOKEN not in str(failed.value)
        ours = [names for file, names in frames(failed.value) if "friendli_facade" in file]
        assert ours
        assert TOKEN not in repr(ours)


async def test_no_other_server_gets_it(client: Callable[..., Caller]) -> None:
    """Not a host that the POST is redirected to, nor a storage host, nor where that redirects."""
    others: list[Request] = []

    def other(request: Request) -> Answer:
        others.append(request)
        place = f"Location: {last.url}/b"
        return answer("302 Found", b"", place) if request.target == "/a" else answer("200 OK", PNG)

    with serving(other) as storage, serving(other) as last:
        left = [
            answer("307 Temporary Redirect", b"", f"Location: {last.url}/c"),
            of_json({"data": [{"seed": 7, "response_format": "url", "url": f"{storage.url}/a"}]}),
        ]
        with serving(lambda _: left.pop(0)) as server:
            async with client(server_url=server.url) as friendli:
                with pytest.raises(FriendliError, match="answered 307"):
                    await friendli.draw()
                (image,) = (await friendli.draw()).images
                assert await friendli.read(image) == PNG
    assert [request.target for request in others] == ["/a", "/b"]
    assert TOKEN not in repr(others)


def test_the_words_of_a_transport_are_told_without_it() -> None:
    """One that is not httpx's own may quote the request in its error, headers and all."""

    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError(f"no answer, by any means, for {dict(request.headers)}")

    transport = httpx.MockTransport(fail)
    for token in (TOKEN, "an"):
        with (
            httpx.Client(transport=transport) as http,
            SyncFriendli(token=token, http_client=http, retries=None) as friendli,
            pytest.raises(
                APIConnectionError, match=r"no answer, by any means, .*'\*\*\*'"
            ) as failed,
        ):
            friendli.dedicated.image.generate(model="m", prompt="p")
        told = [str(failed.value), repr(failed.value), repr(failed.value.__cause__)]
        assert not any(f"Bearer {token}" in words for words in told)
