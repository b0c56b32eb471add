"""Fixtures with which every test runs three ways: sync, on asyncio and on trio."""

import ssl
from collections.abc import Callable
from typing import Any

import pytest

from tests.callers import AsyncCaller, Caller, SyncCaller


@pytest.fixture(params=["sync", "asyncio", "trio"])
def way(request: pytest.FixtureRequest) -> str:
    """How the client under test is called."""
    name: str = request.param
    return name


@pytest.fixture
def anyio_backend(way: str) -> str:
    """The event loop of the test itself."""
    return "asyncio" if way == "sync" else way


@pytest.fixture
def client(way: str) -> Callable[..., Caller]:
    """Makes a client to be called that way."""

    def make(**settings: Any) -> Caller:
        return (SyncCaller if way == "sync" else AsyncCaller)(**{"token": TOKEN, **settings})

    return make


@pytest.fixture(autouse=True)
def one_ssl_context(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading all certificates takes longer than most tests here, and none uses them."""

    def create(**_: object) -> ssl.SSLContext:
        return _CONTEXT

    monkeypatch.setattr("httpx.create_ssl_context", create)


_CONTEXT = ssl.create_default_context()
TOKEN = "flp_marker_that_no_one_else_has"
