"""What the sandbox remembers of requests."""

import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import pytest

from friendli_facade.sandbox import Request, Sandbox
from friendli_facade.sandbox._received import Received
from tests.sandbox.asking import CONTAINER_GENERATE, ORIGIN


def request(number: int, size: int = 0) -> Request:
    return Request("POST", f"{ORIGIN}/{number}", {}, b"x" * size)


def test_requests_are_kept_whole_and_in_order(friendli_sandbox: Sandbox) -> None:
    """Each request has its method, URL, headers and body, and clearing forgets all."""
    with friendli_sandbox.http_client() as client:
        client.post(ORIGIN + CONTAINER_GENERATE, json={"prompt": 1}, headers={"X-Team": "a"})
        client.get(f"{ORIGIN}/pictures/none.png?size=1")
    first, second = friendli_sandbox.requests
    assert (first.method, first.url) == ("POST", ORIGIN + CONTAINER_GENERATE)
    assert (first.headers["x-team"], first.json()) == ("a", {"prompt": 1})
    assert (second.method, second.url) == ("GET", f"{ORIGIN}/pictures/none.png?size=1")
    assert friendli_sandbox.requests[-1] == second
    assert friendli_sandbox.requests[:1] == [first]
    assert friendli_sandbox.requests != 2
    friendli_sandbox.requests.clear()
    assert friendli_sandbox.requests == []


def test_asking_by_hand_records_nothing(friendli_sandbox: Sandbox) -> None:
    """`handle` is a function of the request alone."""
    friendli_sandbox.fail_next(500)
    assert friendli_sandbox.handle(Request("POST", ORIGIN + CONTAINER_GENERATE)).status_code == 422
    assert friendli_sandbox.requests == []


def test_the_oldest_go_when_there_is_no_room() -> None:
    """Bodies count, small requests count too, and the newest is kept however large it is."""
    received = Received(11_000)
    for number in range(3):
        received.append(request(number, 4000))
    assert received == [request(1, 4000), request(2, 4000)]
    received.append(request(3, 20_000))
    assert received == [request(3, 20_000)]
    for number in range(100):
        received.append(request(number))
    assert received[0] != request(0)
    assert 5 < len(received) < 50


@pytest.mark.parametrize(("count", "size"), [(1, 10_000), (100, 10), (0, 0)])
def test_the_limit_is_one_of_memory(count: int, size: int) -> None:
    """Headers need room as bodies do, be they large or many: no more is held than was allowed."""
    received = Received(200_000)
    tracemalloc.start()
    for number in range(2000):
        headers = {f"x-{index}": f"{number} {'y' * size}" for index in range(count)}
        received.append(Request("GET", f"{ORIGIN}/{number}", headers))
        if tracemalloc.get_traced_memory()[0] > 400_000:
            break
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 100_000 < held < 250_000


def test_threads_share_it() -> None:
    """Nothing is lost or torn when many threads append while others read."""
    received = Received(1 << 30)

    def append(number: int) -> int:
        received.append(request(number))
        return len(list(received))

    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(append, range(500)))
    assert max(counts) == len(received) == 500


def test_no_token_is_shown() -> None:
    """A failing test prints requests, and their token stays out of it."""
    received = Received(10_000)
    received.append(Request("POST", ORIGIN, {"Authorization": "Bearer flp_secret", "X-A": "b"}))
    assert "flp_secret" not in repr(received)
    assert "'x-a': 'b'" in repr(received)
    assert received[0].headers["authorization"] == "Bearer ***"
