"""A password in a server's URL, and a token that is more than a token."""

import logging
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from friendli_facade import FriendliError, SyncFriendli, ValidationError
from friendli_facade._requests.urls import without_password
from tests.clients.test_secrets import with_locals
from tests.transports import Wire, always, right

URL = "http://user:hunter2@127.0.0.1:8000"


def test_a_password_is_in_no_repr_and_no_record(caplog: pytest.LogCaptureFixture) -> None:
    """Neither a client, its settings, its requests nor httpx's own log show it."""
    caplog.set_level(logging.DEBUG)
    wire = Wire(right)
    friendli = wire.sync(server_url=URL)
    friendli.container.image.generate(prompt="p")
    friendli.container.image.generate(prompt="p", server_url=URL)
    assert repr(friendli) == "SyncFriendli(token='***', server_url='http://***@127.0.0.1:8000')"
    assert "hunter2" not in f"{vars(friendli)} {wire.requests} {caplog.text}"
    assert "POST http://127.0.0.1:8000/v1/images/generations" in caplog.text


def test_a_password_is_sent_to_a_container_alone() -> None:
    """It is Basic authentication, as httpx has it, where no token and no header takes its place."""
    wire = Wire(right)
    friendli = wire.sync(server_url="http://us%40er:hunter%3A2@localhost")
    friendli.container.image.generate(prompt="p")
    friendli.dedicated.image.generate(model="m", prompt="p")
    friendli.container.image.generate(prompt="p", http_headers={"Authorization": "Mine x"})
    sent = [request.headers["authorization"] for request in wire.requests]
    basic = next(httpx.BasicAuth("us@er", "hunter:2").auth_flow(httpx.Request("GET", "http://a")))
    assert sent == [basic.headers["authorization"], "Bearer flp_test", "Mine x"]


@pytest.mark.parametrize(
    "url",
    [
        *("http://user:hunter2@elsewhere.example", "https://user:hunter2@a:99999"),
        *("user:hunter2@localhost:8000", "ftp://user:hunter2@a", "https://a:hunter2@b@c?d"),
        *("https://user:hunter2 @a", "https://user:x/hunter2@a"),
    ],
)
def test_a_refusal_does_not_show_a_password(url: str) -> None:
    """What is wrong with a server's URL is told without it, local variables included."""
    arguments: dict[str, Any] = {"model": "m", "prompt": "p"}
    with pytest.raises(ValidationError) as failed:
        Wire(right).sync().dedicated.image.generate(**arguments, server_url=url)
    assert "hunter2" not in f"{failed.value} {failed.value.violations}"
    with pytest.raises(FriendliError) as failed_later:
        Wire(always(500)).sync(server_url=url, allow_insecure_http=True).dedicated.image.generate(
            **arguments
        )
    shown = with_locals(failed_later.value).split('\n  File "')
    assert "hunter2" not in "".join(frame for frame in shown if "/friendli_facade/" in frame)


@given(st.text(), st.text(), st.text())
@settings(deadline=None)
def test_nothing_before_the_last_at_sign_is_shown(scheme: str, user: str, rest: str) -> None:
    """Whatever stands where a password may stand is left out, however broken the URL is."""
    secret = "hunter2\N{SNOWMAN}"
    assert secret not in without_password(f"{scheme}{user}{secret}@{rest}")
    assert without_password(f"https://{secret.replace('@', '')}") == f"https://{secret}"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://user:x@a/b", "https://***@a/b"),
        ("HTTPS://user:x@a", "HTTPS://***@a"),
        ("https://user:\nx@a", "https://***@a"),
        ("user\n:x@a", "***@a"),
        ("https://a", "https://a"),
    ],
)
def test_the_scheme_of_a_url_is_shown(url: str, shown: str) -> None:
    """Whatever its case; a line break hides nothing."""
    assert without_password(url) == shown


@pytest.mark.parametrize("token", ["Bearer flp_x", "bearer flp_x", "BEARER flp_x"])
def test_a_token_with_its_scheme_is_refused(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client adds `Bearer`; twice, the server would refuse it."""
    rule = "token must be the token alone, without 'Bearer' before it: the client adds that"
    with pytest.raises(ValidationError) as failed:
        SyncFriendli(token=token)
    assert str(failed.value) == rule
    monkeypatch.setenv("FRIENDLI_TOKEN", token)
    with pytest.raises(ValidationError) as failed:
        SyncFriendli()
    assert str(failed.value) == rule
