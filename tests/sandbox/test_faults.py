"""Each fault, as a client sees it: in process, sync and async, and on a server."""

import threading
from collections.abc import Callable, Generator
from typing import Any

import httpx
import pytest

from friendli_facade.sandbox import Sandbox
from tests.sandbox.asking import CONTAINER_GENERATE, DEDICATED_GENERATE, HEADERS, ORIGIN, came

BODY = {"model": "m", "prompt": "p", "num_inference_steps": 1}
LOST = httpx.RemoteProtocolError

# A status with the body's beginning, or httpx's error.
Outcome = tuple[int, bytes] | type[httpx.TransportError]

# What is queued, and what comes of it.
FAULTS: dict[str, tuple[Callable[[Sandbox], None], Outcome]] = {
    "fail": (lambda sandbox: sandbox.fail_next(503), (503, b'{"detail":"Service Unav')),
    "fail with a status of no standard": (
        lambda sandbox: sandbox.fail_next(529),
        (529, b'{"detail":"Status 529"}'),
    ),
    "fail with a detail": (
        lambda sandbox: sandbox.fail_next(422, detail=[{"msg": "no"}]),
        (422, b'{"detail":[{"msg":"no"}'),
    ),
    "not modified": (lambda sandbox: sandbox.fail_next(304), (304, b"")),
    "disconnect": (lambda sandbox: sandbox.disconnect_next(), LOST),
    "truncate": (lambda sandbox: sandbox.truncate_next(), LOST),
    "garble": (lambda sandbox: sandbox.garble_next(), (200, b"<!doctype html><title>S")),
    "misshape": (lambda sandbox: sandbox.misshape_next(), (200, b'{"pictures":[]}')),
    "delay": (lambda sandbox: sandbox.delay_next(60), httpx.ReadTimeout),
    "no delay to speak of": (lambda sandbox: sandbox.delay_next(0.01), (200, b'{"image":"')),
}
each_fault = pytest.mark.parametrize(("queue", "expected"), FAULTS.values(), ids=FAULTS)
DOWNLOAD_FAULTS: dict[str, tuple[Callable[[Sandbox], None], Outcome]] = {
    "fail": (lambda sandbox: sandbox.fail_next(404, of="downloads"), (404, b'{"detail":"Not')),
    "disconnect": (lambda sandbox: sandbox.disconnect_next(of="downloads"), LOST),
    "truncate": (lambda sandbox: sandbox.truncate_next(of="downloads"), LOST),
    "garble": (lambda sandbox: sandbox.garble_next(of="downloads"), (200, b"<!doctype html>")),
    "delay": (lambda sandbox: sandbox.delay_next(60, of="downloads"), httpx.ReadTimeout),
}
IMPOSSIBLE: list[tuple[Callable[[Any], None], str]] = [
    (lambda sandbox: sandbox.fail_next(200), "from 300 to 599, not 200"),
    (lambda sandbox: sandbox.fail_next(600), "from 300 to 599, not 600"),
    (lambda sandbox: sandbox.fail_next(500, times=0), "at least 1, not 0"),
    (lambda sandbox: sandbox.fail_next(500, of="uploads"), "'downloads', not 'uploads'"),
    (
        lambda sandbox: sandbox.fail_next(500, headers={"Content-Length": "1"}),
        "content-length is for the sandbox",
    ),
    (
        lambda sandbox: sandbox.fail_next(500, headers={"X-A": "b\r\nX-C: d"}),
        "no server could send these headers: Illegal header value",
    ),
    (lambda sandbox: sandbox.fail_next(500, headers={"X A": ""}), "Illegal header name"),
    (lambda sandbox: sandbox.fail_next(429, retry_after="später"), "could send these headers"),
    (lambda sandbox: sandbox.delay_next(float("nan")), "finite, not nan"),
    (lambda sandbox: sandbox.delay_next(float("inf")), "finite, not inf"),
    (lambda sandbox: sandbox.delay_next(-1), "0 or more, and finite, not -1"),
]


@pytest.fixture(params=["in process", "on a server"])
def client(request: pytest.FixtureRequest, friendli_sandbox: Sandbox) -> Generator[httpx.Client]:
    """A client of the sandbox."""
    if request.param == "in process":
        with friendli_sandbox.http_client() as client:
            client.base_url, client.headers = ORIGIN, HEADERS
            yield client
    else:
        with (
            friendli_sandbox.serve() as server,
            httpx.Client(base_url=server.url, headers=HEADERS, timeout=60) as client,
        ):
            yield client


def patience(expected: Outcome) -> httpx.Timeout:
    """A timeout that nothing meets but what is to meet one."""
    return httpx.Timeout(60, read=0.1 if expected is httpx.ReadTimeout else 60)


def outcome(send: Callable[[], httpx.Response]) -> Outcome:
    try:
        return seen(send())
    except httpx.TransportError as error:
        return seen(error)


def seen(what: httpx.Response | httpx.TransportError) -> Outcome:
    return (what.status_code, what.content) if isinstance(what, httpx.Response) else type(what)


def assert_seen(expected: Outcome, found: Outcome) -> None:
    if isinstance(expected, tuple) and isinstance(found, tuple):
        found = (found[0], found[1][: len(expected[1])])
    assert expected == found


@each_fault
def test_a_fault_is_met_once(
    client: httpx.Client,
    friendli_sandbox: Sandbox,
    queue: Callable[[Sandbox], None],
    expected: Outcome,
) -> None:
    """The next request meets the fault and the one after it does not; both are recorded."""
    queue(friendli_sandbox)
    found = outcome(lambda: client.post(CONTAINER_GENERATE, json=BODY, timeout=patience(expected)))
    assert_seen(expected, found)
    assert came(friendli_sandbox, 1)
    assert client.post(CONTAINER_GENERATE, json=BODY).status_code == 200
    assert [request.json() for request in friendli_sandbox.requests] == [BODY, BODY]


@each_fault
async def test_a_fault_is_met_once_by_an_async_client(
    friendli_sandbox: Sandbox, queue: Callable[[Sandbox], None], expected: Outcome
) -> None:
    """On asyncio and on trio the faults are the same."""
    queue(friendli_sandbox)
    found: list[Outcome] = []
    async with friendli_sandbox.async_http_client() as client:
        for _ in range(2):
            try:
                found.append(seen(await client.post(ORIGIN + CONTAINER_GENERATE, json=BODY)))
            except httpx.TransportError as error:
                found.append(seen(error))
    assert_seen(expected, found[0])
    assert_seen((200, b'{"image":"'), found[1])
    assert len(friendli_sandbox.requests) == 2


@pytest.mark.parametrize(("queue", "expected"), DOWNLOAD_FAULTS.values(), ids=DOWNLOAD_FAULTS)
def test_a_fault_of_downloads(
    client: httpx.Client,
    friendli_sandbox: Sandbox,
    queue: Callable[[Sandbox], None],
    expected: Outcome,
) -> None:
    """A fault of downloads passes by the operation and is met by the picture's GET alone."""
    queue(friendli_sandbox)
    (item,) = client.post(DEDICATED_GENERATE, json=BODY).raise_for_status().json()["data"]
    found = outcome(lambda: client.get(item["url"], timeout=patience(expected)))
    assert_seen(expected, found)
    assert came(friendli_sandbox, 2)
    assert client.get(item["url"]).content.startswith(b"\x89PNG")
    assert [request.method for request in friendli_sandbox.requests] == ["POST", "GET", "GET"]


def test_a_connection_can_end_before_the_request_is_read(
    client: httpx.Client, friendli_sandbox: Sandbox
) -> None:
    """The client gets no answer, and the sandbox never had the request."""
    friendli_sandbox.disconnect_next(after_request=False)
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        client.post(CONTAINER_GENERATE, content=b" " * 10_000_000)
    assert friendli_sandbox.requests == []
    assert client.post(CONTAINER_GENERATE, json=BODY).status_code == 200


def test_faults_are_met_in_order(client: httpx.Client, friendli_sandbox: Sandbox) -> None:
    """Faults queue up, each as many times as it says; other requests leave them waiting."""
    friendli_sandbox.fail_next(500, times=2)
    friendli_sandbox.disconnect_next()
    friendli_sandbox.fail_next(307)
    assert client.get(CONTAINER_GENERATE).status_code == 405
    assert client.post("/elsewhere").status_code == 404
    found = [outcome(lambda: client.post(CONTAINER_GENERATE, json=BODY)) for _ in range(5)]
    assert [one[0] if isinstance(one, tuple) else one for one in found] == [
        500,
        500,
        LOST,
        307,
        200,
    ]
    assert len(friendli_sandbox.requests) == 7


@pytest.mark.parametrize("retry_after", [2, 0.5, "inf", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_headers_of_a_failure(
    client: httpx.Client, friendli_sandbox: Sandbox, retry_after: float | str
) -> None:
    """Retry-After and other headers arrive as they were given, and may replace the usual ones."""
    headers = {"X-Request-Id": "7", "Content-Type": "application/problem+json"}
    friendli_sandbox.fail_next(429, retry_after=retry_after, headers=headers)
    response = client.post(CONTAINER_GENERATE, json=BODY)
    assert response.headers["Retry-After"] == str(retry_after)
    assert (
        headers.items() <= {name.title(): value for name, value in response.headers.items()}.items()
    )
    assert len(response.headers.get_list("Content-Type")) == 1


def test_a_delay_in_process_takes_no_time(friendli_sandbox: Sandbox) -> None:
    """A client without a limit, or with a longer one, has its answer at once."""
    friendli_sandbox.delay_next(3600, times=2)
    with friendli_sandbox.http_client() as client:
        for timeout in (None, 3600):
            response = client.post(ORIGIN + CONTAINER_GENERATE, json=BODY, timeout=timeout)
            assert response.status_code == 200


def test_a_delay_ends_with_the_server(friendli_sandbox: Sandbox) -> None:
    """A server that stops does not wait for an answer that is delayed."""
    friendli_sandbox.delay_next(3600)
    others = set(threading.enumerate())
    with friendli_sandbox.serve() as server, pytest.raises(httpx.ReadTimeout):
        httpx.post(server.url + CONTAINER_GENERATE, json=BODY, timeout=patience(httpx.ReadTimeout))
    for thread in set(threading.enumerate()) - others:
        thread.join(60)
    assert set(threading.enumerate()) <= others


def test_a_truncated_stream_begins(friendli_sandbox: Sandbox) -> None:
    """In process too, a truncated answer has its headers and half of its body."""
    friendli_sandbox.truncate_next()
    with (
        friendli_sandbox.http_client() as client,
        client.stream("POST", ORIGIN + CONTAINER_GENERATE, json=BODY) as response,
    ):
        with pytest.raises(LOST, match=r"received \d+ bytes, expected \d+") as caught:
            response.read()
        assert response.num_bytes_downloaded == int(response.headers["Content-Length"]) // 2
    assert caught.value.request.url == ORIGIN + CONTAINER_GENERATE


@pytest.mark.parametrize(("queue", "words"), IMPOSSIBLE)
def test_a_fault_that_cannot_be(
    friendli_sandbox: Sandbox, queue: Callable[[Any], None], words: str
) -> None:
    """What no server could do is refused when it is queued."""
    with pytest.raises(ValueError, match=words):
        queue(friendli_sandbox)
