"""Where calls go that name no server."""

from typing import Any

import pytest

from friendli_facade import ValidationError
from friendli_facade._requests import urls
from tests.transports import Wire, right

CALL: dict[str, Any] = {"model": "m", "prompt": "p"}


@pytest.fixture
def wire() -> Wire:
    return Wire(right)


def test_the_environment_names_a_server(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """FRIENDLI_SERVER_URL is both surfaces' server, unless the client or the call names one."""
    monkeypatch.setenv("FRIENDLI_SERVER_URL", "http://127.0.0.1:81")
    friendli = wire.sync()
    friendli.dedicated.image.generate(**CALL)
    friendli.container.image.generate(prompt="p")
    friendli.container.image.generate(prompt="p", server_url="http://127.0.0.1:82")
    wire.sync(server_url="http://127.0.0.1:83").container.image.generate(prompt="p")
    assert [str(request.url) for request in wire.requests] == [
        "http://127.0.0.1:81/dedicated/v1/images/generations",
        "http://127.0.0.1:81/v1/images/generations",
        "http://127.0.0.1:82/v1/images/generations",
        "http://127.0.0.1:83/v1/images/generations",
    ]
    assert repr(friendli).endswith("server_url='http://127.0.0.1:81')")


def test_an_empty_variable_names_none(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty FRIENDLI_SERVER_URL is as good as none."""
    monkeypatch.setenv("FRIENDLI_SERVER_URL", "")
    wire.sync().container.image.generate(prompt="p")
    assert wire.requests[0].url == "http://localhost:8000/v1/images/generations"


@pytest.mark.parametrize("url", ["sandbox:8000", "http://x?y", "ftp://x", "http://"])
def test_the_variable_is_checked(wire: Wire, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """A FRIENDLI_SERVER_URL that is no server's URL is refused by its own name."""
    monkeypatch.setenv("FRIENDLI_SERVER_URL", url)
    with pytest.raises(ValidationError) as caught:
        wire.sync()
    (violation,) = caught.value.violations
    assert violation.argument == "FRIENDLI_SERVER_URL"
    assert str(violation).startswith("FRIENDLI_SERVER_URL must be an http(s) URL")


def test_no_token_goes_where_the_variable_should_not_send_it(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plain http to another machine is refused by the variable's name, before anything is sent."""
    monkeypatch.setenv("FRIENDLI_SERVER_URL", "http://sandbox.internal")
    with pytest.raises(ValidationError, match="FRIENDLI_SERVER_URL must be https, or loopback"):
        wire.sync().dedicated.image.generate(**CALL)
    assert wire.requests == []
    with pytest.raises(ValidationError, match=r"^server_url must be https, or loopback"):
        wire.sync().dedicated.image.generate(**CALL, server_url="http://other.internal")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://a/b", "its scheme is ftp, not http or https"),
        ("a/b", "its scheme is missing, not http or https"),
        ("https:///b", "it has no host"),
        ("https://a:0", "its port is not one from 1 to 65535"),
    ],
)
def test_a_url_that_cannot_be_asked_is_told_why(url: str, words: str) -> None:
    """Where a server names it, say: as that of a picture."""
    with pytest.raises(ValueError, match=f"^{words}$"):
        urls.parsed(url)
