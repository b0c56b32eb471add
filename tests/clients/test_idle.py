"""Connections that wait for the next request: how many are kept, and for how long."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx
import pytest

from friendli_facade import SyncFriendli
from friendli_facade._delivery.connections import idle
from friendli_facade._delivery.connections.idle import Idle
from scripts.faults.server import Answer, Request, of_json, serving
from tests.samples import answer


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time by which they wait, as its last number."""
    times = [1000.0]
    monkeypatch.setattr(idle, "monotonic", lambda: times[-1])
    return times


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize("direct", [True, False])
def test_sixty_four_of_a_kind_are_kept(*, direct: bool) -> None:
    """Of more, those that wait longest are closed, though there be none of the other kind."""
    waiting: Idle[httpx.Client] = Idle(lambda _: httpx.Client())
    clients = [httpx.Client(verify=False) for _ in range(66)]
    for http in clients:
        waiting.put(http, direct=direct)
    assert list(waiting.surplus()) == clients[:2]
    assert list(waiting.surplus()) == []
    assert waiting.take(direct=direct) is clients[-1]


def test_five_seconds_are_waited_and_no_more(now: list[float]) -> None:
    """Each counts from when it was put there."""
    waiting: Idle[httpx.Client] = Idle(lambda _: httpx.Client())
    first, second = (httpx.Client(verify=False) for _ in range(2))
    waiting.put(first, direct=True)
    now.append(1001)
    waiting.put(second, direct=True)
    for time, expected in ((1005, []), (1005.5, [first]), (1006, []), (1006.5, [second])):
        now.append(time)
        assert list(waiting.surplus()) == expected


def test_threads_leave_little_open(now: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a burst a few connections are kept, and after five seconds the one that is used."""
    monkeypatch.setattr(idle, "MOST", 3)
    together = Barrier(8)

    def slow(request: Request) -> Answer:
        if request.json["prompt"] == "burst":
            together.wait(30)
        return of_json(answer(request.target))

    with serving(slow) as server, SyncFriendli(server_url=server.url) as friendli:

        def draw(prompt: str) -> None:
            friendli.container.image.generate(prompt=prompt)

        with ThreadPoolExecutor(8) as threads:
            list(threads.map(draw, ["burst"] * 8))
        assert server.connections == 8
        assert server.idle(3)
        assert server.open == 3
        now.append(1005.5)
        draw("later")
        assert server.idle(1)
        assert server.open == 1
        assert server.connections == 8
