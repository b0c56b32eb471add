"""The fixtures that pytest finds once the package is installed."""

import multiprocessing

import pytest

from tests.package.test_exports import imported_by

USER = """
import pytest

from friendli_facade import ServerError

CALL = {"model": "my-endpoint", "prompt": "A kite"}


def test_sync(friendli, friendli_sandbox):
    friendli_sandbox.fail_next(503)
    with pytest.raises(ServerError):
        friendli.dedicated.image.generate(**CALL, retries=None)
    image = friendli.dedicated.image.generate(**CALL).images[0]
    assert image.read().startswith(b"\\x89PNG")
    friendli.container.image.generate(prompt="A kite")
    sent = [request.url for request in friendli_sandbox.requests]
    assert sent[0] == sent[1] == "https://api.friendli.ai/dedicated/v1/images/generations"
    assert sent[2].startswith("https://api.friendli.ai/pictures/")
    assert sent[3:] == ["http://localhost:8000/v1/images/generations"]


@pytest.mark.anyio
async def test_async(async_friendli, friendli_sandbox):
    assert len(friendli_sandbox.requests) == 0
    result = await async_friendli.dedicated.image.generate(**CALL)
    assert (await result.images[0].aread()).startswith(b"\\x89PNG")
    assert [request.method for request in friendli_sandbox.requests] == ["POST", "GET"]
"""

# Code under test that makes clients of its own.
DRAWING = """
from friendli_facade import AsyncFriendli, SyncFriendli

CALL = {"model": "my-endpoint", "prompt": "A kite"}


async def app(scope, receive, send):
    async with AsyncFriendli() as friendli:
        result = await friendli.dedicated.image.generate(**CALL)
        body = await result.images[0].aread()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


def work(prompt):
    with SyncFriendli() as friendli:
        friendli.dedicated.image.generate(model="my-endpoint", prompt=prompt)
        return friendli.container.image.generate(prompt=prompt).images[0].read()
"""
OWN_CLIENTS = """
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor

import httpx
import pytest
from drawing import app, work


@pytest.mark.anyio
async def test_an_app(friendli_sandbox):
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
        response = await client.get("/")
    assert response.content.startswith(b"\\x89PNG")
    assert [request.method for request in friendli_sandbox.requests] == ["POST", "GET"]


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # since Python 3.12
@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_workers(friendli_sandbox, method):
    with ProcessPoolExecutor(1, multiprocessing.get_context(method)) as workers:
        assert workers.submit(work, "A kite").result(100).startswith(b"\\xff\\xd8")
    assert [request.json()["prompt"] for request in friendli_sandbox.requests] == ["A kite"] * 2


def test_nothing_of_the_environment_goes_along(friendli, friendli_sandbox):
    friendli.dedicated.image.generate(model="my-endpoint", prompt="A kite")
    work("A kite")
    assert os.environ["FRIENDLI_TOKEN"] == "flp_sandbox"
    sent = [request.headers.get("x-friendli-team") for request in friendli_sandbox.requests]
    assert sent == [None] * 3


def test_the_environment_is_as_before():
    names = ("FRIENDLI_TOKEN", "FRIENDLI_TEAM", "FRIENDLI_SERVER_URL")
    assert [os.environ.get(name) for name in names] == ["flp_real", "ours", None]
"""


def test_the_fixtures_are_there(pytester: pytest.Pytester) -> None:
    """Without any import, tests get clients whose every request their own sandbox answers."""
    pytester.makepyfile(USER)
    result = pytester.runpytest_subprocess("-W", "error")
    result.assert_outcomes(passed=3)  # the async one on asyncio and on trio


def test_clients_of_the_code_under_test(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clients that an app or a worker process makes reach the test's sandbox, and nothing else."""
    monkeypatch.setenv("FRIENDLI_TOKEN", "flp_real")
    monkeypatch.setenv("FRIENDLI_TEAM", "ours")
    pytester.makepyfile(OWN_CLIENTS, drawing=DRAWING)
    result = pytester.runpytest_subprocess("-W", "error")
    starts = len(multiprocessing.get_all_start_methods())
    result.assert_outcomes(passed=2 + starts + 2)


FORBIDDEN = """
import socket

import pytest


@pytest.fixture(autouse=True)
def no_sockets(monkeypatch):
    def refused(*_, **__):
        raise RuntimeError("no sockets")

    monkeypatch.setattr(socket, "create_server", refused)
    monkeypatch.setattr(socket, "create_connection", refused)
"""


def test_they_draw_where_sockets_are_forbidden(pytester: pytest.Pytester) -> None:
    """As pytest-socket forbids them; other clients have none there to reach Friendli with."""
    pytester.makeconftest(FORBIDDEN)
    pytester.makepyfile(USER)
    result = pytester.runpytest_subprocess("-W", "error")
    result.assert_outcomes(passed=3)


def test_they_need_the_sandbox_extra(pytester: pytest.Pytester) -> None:
    """Without Pillow the fixtures fail with the words that help, and other tests run."""
    pytester.makeconftest("import sys; sys.modules['PIL'] = None")
    pytester.makepyfile("def test_a(friendli): ...\n\ndef test_b(): ...")
    result = pytester.runpytest_subprocess("-W", "error")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines("*needs PIL: pip install 'friendli-facade[[]sandbox]'*")


def test_the_plugin_costs_nothing() -> None:
    """Whoever has the package installed and does not use its fixtures imports pytest alone."""
    extra = imported_by("import friendli_facade.testing") - imported_by("import pytest")
    assert extra == {
        "friendli_facade",
        "friendli_facade._version",
        "friendli_facade.testing",
    }
