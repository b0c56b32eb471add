"""Whatever a server answers, a call or a download ends well or in a FriendliError."""

import gzip
import json
import pickle
import zlib
from collections.abc import Callable, Generator
from typing import Any

import anyio
import attrs
import httpx
import pytest
from hypothesis import event, example, given
from hypothesis import strategies as st

from friendli_facade import AsyncFriendli, FriendliError, SDKError, SyncFriendli, models
from friendli_facade.utils import BackoffStrategy, RetryConfig
from scripts.faults.server import Answer, FaultServer, Request, Then, serving
from tests.samples import PNG, PNG_BASE64

SHORT = RetryConfig(backoff=BackoffStrategy(max_elapsed_time=2000))
ITEMS = [
    {"seed": 7, "response_format": "png", "b64_json": PNG_BASE64},
    {"seed": 7, "response_format": "url", "url": "https://storage.example.com/cat.png"},
]
RESULT = json.dumps({"data": ITEMS}).encode()


def of(*choices: str) -> st.SearchStrategy[str]:
    """Some of the choices, one behind the other."""
    return st.lists(st.sampled_from(choices), max_size=6).map("".join)


PLACES = st.one_of(
    of("http:", "https:", "data:", "//", "/", "xn--", "a", "..", ".", "@", ":", "[", "]", "::1")
    | of("http://xn--", "a", "-", "é", "٣", "%", "%zz", "\x7f", "\x1b", "?", "#", ":99999", ":٣"),
    st.builds("{}://{}{}".format, st.text(max_size=5), st.text(max_size=9), st.text(max_size=9)),
)
WAITS = of("Sun", ", ", "-", " ", "Feb24", "6", "9999", ":", "08:49:37", "EST", "XYZ", "+9999")
CODINGS = of("gzip", "deflate", "x-gzip", "br", "zstd", "identity", "none", "utf-8", ",", " ")
VALUES = {
    b"Location": PLACES,
    b"Retry-After": WAITS | st.floats().map(str),
    b"Content-Encoding": CODINGS,
    b"Content-Type": of("text/html", "application/json", ";", "charset=", "utf-99", "\x1b", "/"),
    b"Content-Length": st.integers(-9, 99).map(str) | of("9", "-", "x", ","),
    b"Set-Cookie": of("a=b", ";", "Expires=", "Sun, 99 Feb 9999", "Max-Age=x", "Domain=.", "é"),
}
HEADERS: st.SearchStrategy[list[tuple[bytes, bytes]]] = st.lists(
    st.sampled_from(sorted(VALUES)).flatmap(
        lambda name: st.tuples(
            st.just(name),
            st.binary(max_size=20) | VALUES[name].map(lambda text: text.encode(errors="replace")),
        )
    ),
    max_size=4,
)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(PNG_BASE64),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.fixed_dictionaries({"data": st.lists(inner)})
        | st.dictionaries(
            st.sampled_from(["data", "seed", "b64_json", "url", "image", "detail", "msg", "loc"])
            | st.text(),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
BODIES = st.one_of(
    st.binary(max_size=60),
    JSON.map(lambda value: json.dumps(value).encode()),
    st.just(RESULT),
    st.integers(0, len(RESULT)).map(lambda size: RESULT[:size]),
    st.sampled_from([b'{"error":', b'{"detail":[', b"["]).map(lambda opening: opening * 500),
    st.sampled_from([b'{"data":', b'{"detail":']).map(lambda name: name * 500 + b"1" + b"}" * 500),
    st.just(PNG),
).flatmap(
    lambda body: st.sampled_from(
        [body, gzip.compress(body), gzip.compress(body)[:-9], zlib.compress(body)]
    )
)
COMMON = [200, 200, 200, 203, 302, 401, 403, 404, 409, 413, 422, 429, 500, 503]
STATUSES = st.sampled_from(COMMON) | st.integers(100, 999)


@attrs.frozen
class Script:
    """An answer, and who gets it."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    download: bool
    asynchronous: bool
    retries: RetryConfig | None

    def respond(self, request: httpx.Request) -> httpx.Response:
        """The answer of the server, or a result if it is the storage host that is to fail."""
        if self.download and request.method == "POST":
            return httpx.Response(200, json={"data": ITEMS[1:]})
        stream = httpx.ByteStream(self.body)
        return httpx.Response(self.status, headers=self.headers, stream=stream)


SCRIPTS = st.builds(
    Script, STATUSES, HEADERS, BODIES, st.booleans(), st.booleans(), st.sampled_from([None, SHORT])
)


Result = models.DedicatedImageGenerateSuccess


def call(script: Script, **settings: Any) -> Result:
    """The result of a call, whose pictures are fetched if that is what shall fail."""
    with SyncFriendli(token="t", retries=script.retries, **settings) as friendli:
        result = friendli.dedicated.image.generate(model="m", prompt="p")
        for image in result.images if script.download else ():
            image.read()
        return result


async def acall(script: Script, **settings: Any) -> Result:
    """The same, awaited."""
    async with AsyncFriendli(token="t", retries=script.retries, **settings) as friendli:
        result = await friendli.dedicated.image.generate(model="m", prompt="p")
        for image in result.images if script.download else ():
            await image.aread()
        return result


def outcome(run: Callable[[], Result]) -> str:
    """The class of what comes of a call; fails where that is neither a result nor an error."""
    try:
        assert "images=(" in repr(run())
    except FriendliError as error:
        failed = error
    else:
        return "result"
    words = str(failed).replace("\u3000", " ").replace("\xa0", " ")
    assert words.splitlines() == [words]
    there = pickle.loads(pickle.dumps(failed))
    assert (repr(there), len(there.images)) == (repr(failed), len(failed.images))
    if isinstance(failed, SDKError):
        assert failed.retry_after is None or failed.retry_after >= 0
        assert getattr(failed, "details", ()) is not None
    return type(failed).__name__


def mocked(script: Script) -> Result:
    """A call on httpx's own mock, which hands on what no real connection would."""
    transport = httpx.MockTransport(script.respond)
    if not script.asynchronous:
        return call(script, http_client=httpx.Client(transport=transport))
    http = httpx.AsyncClient(transport=transport)
    return anyio.run(lambda: acall(script, http_client=http))


@given(script=SCRIPTS)
@example(Script(302, [(b"Location", b"data:x")], b"", False, False, None))
@example(Script(302, [(b"Location", b"http://xn--a/")], b"", True, True, SHORT))
@example(Script(429, [(b"Retry-After", b"Sun-Feb24:0099999")], b"", False, False, SHORT))
@example(Script(200, [], b'{"data":' * 500 + b"1" + b"}" * 500, False, False, None))
@example(Script(500, [], b'{"error":' * 500 + b"1" + b"}" * 500, True, False, SHORT))
def test_only_our_errors_leave_a_call(script: Script) -> None:
    """Status, headers and body at random, sync and async, of calls and of downloads."""
    event(outcome(lambda: mocked(script)))


@pytest.fixture(scope="module")
def server() -> Generator[FaultServer]:
    """A server whose answers are set from outside."""
    with serving(lambda _: Answer()) as server:
        yield server


@pytest.fixture(scope="module")
def friendli(server: FaultServer) -> Generator[SyncFriendli]:
    """A client of it; to make one takes longer than to call it."""
    with SyncFriendli(token="t", server_url=server.url, retries=None) as friendli:
        yield friendli


@given(
    status=STATUSES,
    reason=st.binary(max_size=9),
    line=st.binary(max_size=30),
    headers=HEADERS,
    body=BODIES,
)
def test_only_our_errors_leave_a_connection(
    server: FaultServer,
    friendli: SyncFriendli,
    status: int,
    reason: bytes,
    line: bytes,
    headers: list[tuple[bytes, bytes]],
    body: bytes,
) -> None:
    """The same on a real connection, whose server may not know HTTP."""
    lines = [b"HTTP/1.1 %d %b" % (status, reason), *([line] if len(line) > 20 else [])]
    lines += [name + b": " + value for name, value in headers]
    answer = Answer(b"\r\n".join(lines) + b"\r\n\r\n" + body, Then.CLOSE)

    def respond(_: Request) -> Answer:
        return answer

    server.answers = respond
    event(outcome(lambda: friendli.dedicated.image.generate(model="m", prompt="p")))
