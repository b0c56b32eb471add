"""Hints stand where they are known to be right, and nowhere else."""

import inspect
import pickle
import socket
import ssl
from threading import Thread
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from friendli_facade import (
    APIConnectionError,
    AsyncFriendli,
    AuthenticationError,
    NotFoundError,
    SDKError,
    SyncFriendli,
    ValidationError,
    utils,
)
from friendli_facade._language.named_arguments import NamedArguments
from tests.transports import Wire, always, right

TOKEN = "flp_marker_that_no_one_else_has"


class Mine(NamedArguments):
    """A class of a test's own."""

    def draw(self, *, red_coat: int = 1, blue_coat: int = 2) -> int:
        return red_coat + blue_coat

    async def adraw(self, *, red_coat: int = 1) -> int:
        return red_coat

    def mixed(self, coat: int, *, size: int = 1) -> int:
        return coat * size


def own_words(name: str) -> str:
    """Python's words for an unknown argument, of a method that is not wrapped."""
    method: Any = inspect.unwrap(SyncFriendli(token=TOKEN).dedicated.image.generate.__func__)  # type: ignore[attr-defined]
    with pytest.raises(TypeError) as failed:
        method(None, model="m", prompt="p", **{name: 1})
    return str(failed.value)


def refused(**named: Any) -> str:
    """What is said to a dedicated call with an argument that there is not."""
    friendli: Any = Wire(right).sync()
    with pytest.raises(TypeError) as failed:
        friendli.dedicated.image.generate(model="m", prompt="p", **named)
    return str(failed.value)


@pytest.mark.parametrize(
    "name", ["quality", "negative_prompt", "api_key", "client", "x", "stream", "max_retries_"]
)
def test_an_argument_that_is_like_no_other_has_pythons_words_alone(name: str) -> None:
    """Nor is one of another method meant, nor one that another library's client has."""
    assert refused(**{name: 1}).split(";")[0] == own_words(name)
    if name != "max_retries_":
        assert ";" not in refused(**{name: 1})


@pytest.mark.slow
@given(name=st.text("qxzjvk", min_size=3, max_size=12))
def test_so_it_is_for_any_name_of_strange_letters(name: str) -> None:
    """A name that shares hardly a letter with an argument is no slip of it."""
    assert refused(**{name: 1}) == own_words(name)


def test_a_name_that_could_be_two_is_not_guessed() -> None:
    """`coat` is neither of two coats; `green_coat` is like none."""
    mine: Any = Mine()
    for name in ("coat", "green_coat"):
        with pytest.raises(TypeError) as failed:
            mine.draw(**{name: 1})
        assert "did you mean" not in str(failed.value)
    with pytest.raises(TypeError, match="did you mean red_coat for red_coats"):
        mine.draw(red_coats=1)


async def test_an_async_method_is_told_as_a_sync_one() -> None:
    """When it is awaited; and it stays one for `inspect`."""
    friendli: Any = Wire(right).asynchronous()
    with pytest.raises(TypeError, match=r"did you mean num_inference_steps for steps\?$"):
        await friendli.container.image.generate(prompt="p", steps=3)
    with pytest.raises(TypeError, match=r"as in edit\(image=\.\.\., prompt=\.\.\.\)$"):
        await friendli.container.image.edit("p")
    assert inspect.iscoroutinefunction(Mine.adraw)
    assert await Mine().adraw(red_coat=3) == 3


def test_what_is_not_named_is_left_alone() -> None:
    """A method whose arguments need no names is not wrapped; another shows its own signature."""
    assert not hasattr(Mine.mixed, "__wrapped__")
    assert (
        str(inspect.signature(Mine().draw)) == "(*, red_coat: int = 1, blue_coat: int = 2) -> int"
    )
    assert str(inspect.signature(SyncFriendli)).startswith("(*, token: ")


def test_a_type_error_from_within_is_the_callers_own() -> None:
    """What a callback raises has its own words, even those of an unknown argument."""
    words = ("draw() got an unexpected keyword argument 'steps'", "and more")

    def fail(_: utils.Retry) -> None:
        raise TypeError(*words)

    friendli = Wire(always(503)).sync(retries=utils.RetryConfig(on_retry=fail))
    with pytest.raises(TypeError) as failed:
        friendli.container.image.generate(prompt="p")
    assert failed.value.args == words


def test_what_a_client_is_not_made_for_is_not_explained_by_calls() -> None:
    """A client has no size, and makes no pictures; its own name stands in Python's words."""
    kind: Any = SyncFriendli
    for name in ("n", "size", "image"):
        with pytest.raises(TypeError, match=rf"unexpected keyword argument '{name}'$"):
            kind(**{name: 1})


def test_no_frame_of_a_refusal_holds_the_token() -> None:
    """Neither the words nor the local variables of a client that is not made."""
    kind: Any = SyncFriendli
    for wrong in ({"api_key": TOKEN}, {"token": TOKEN, "n": 1}, {"token": TOKEN, "timeout": -1}):
        with pytest.raises((TypeError, ValidationError)) as failed:
            kind(**wrong)
        assert TOKEN not in str(failed.value)
        traceback = failed.value.__traceback__
        assert traceback is not None
        while traceback := traceback.tb_next:
            assert TOKEN not in repr(traceback.tb_frame.f_locals)


def test_type_checkers_refuse_the_wrong_kind_of_with() -> None:
    """The methods that say so are hidden from them: an ignore that is not needed is an error."""
    with pytest.raises(TypeError, match=r"use SyncFriendli$"), AsyncFriendli():  # type: ignore[attr-defined]  # pyright: ignore
        pass


async def test_so_for_async_with() -> None:
    """The same the other way round."""
    with pytest.raises(TypeError, match=r"use AsyncFriendli$"):
        async with SyncFriendli():  # type: ignore[attr-defined]  # pyright: ignore
            pass


def hint(status: int, surface: str = "dedicated", call: Any = None, **settings: Any) -> str:
    """That of an error."""
    friendli = Wire(always(status)).sync(**{"token": TOKEN, **settings})
    model = {"model": "my-endpoint"} if surface == "dedicated" else {}
    with pytest.raises(SDKError) as failed:
        getattr(friendli, surface).image.generate(prompt="p", **model, **(call or {}))
    error = failed.value
    assert str(error).endswith(f" ({error.hint})") == bool(error.hint)
    assert TOKEN not in str(error)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    return error.hint


def test_a_401_names_where_what_was_refused_came_from(monkeypatch: pytest.MonkeyPatch) -> None:
    """An argument, a variable, a header, a URL; and what a container never gets."""
    argument, variable = "its token is that of the argument token", "its token is that of {}"
    header = "its Authorization is that of http_headers"
    mine: dict[str, Any] = {"http_headers": {"authorization": f"Basic {TOKEN}"}}
    assert hint(401) == argument
    assert hint(401, call=mine) == hint(401, **mine) == header
    assert hint(401, "container", call=mine) == header
    nothing = "it was sent no token: that goes to dedicated endpoints alone"
    assert hint(401, "container") == nothing
    url = "https://user:password@example.com"
    assert hint(401, "container", server_url=url) == "its Authorization is that of server_url"
    monkeypatch.setenv("FRIENDLI_TOKEN", TOKEN)
    assert hint(401) == argument
    assert hint(401, token=None) == variable.format("FRIENDLI_TOKEN")
    monkeypatch.setenv("FRIENDLI_SERVER_URL", url)
    assert hint(401, "container") == "its Authorization is that of FRIENDLI_SERVER_URL"


@pytest.mark.parametrize("status", [400, 402, 403, 405, 422, 429, 500])
def test_other_statuses_have_no_hint(status: int) -> None:
    """They may be about anything."""
    assert hint(status) == hint(status, server_url="https://a.example/dedicated") == ""


def test_a_404_names_the_endpoint_or_the_path_that_is_there_twice() -> None:
    """Of a container neither is known, unless its URL holds what the client adds."""
    endpoint = "the endpoint meant is model='my-endpoint'"
    assert hint(404) == hint(404, server_url="https://gateway.example/friendli") == endpoint
    assert hint(404, "container") == hint(404, "container", server_url="http://a/v10") == ""
    for place, url in (("/v1", "http://a/v1/"), ("/v1/images", "http://a/b/v1/images")):
        said = f"server_url ends in {place}, which the client adds: leave it out there"
        assert hint(404, "container", server_url=url) == said
        assert hint(404, "container", call={"server_url": url}) == said


def test_a_long_model_is_shortened() -> None:
    """As any value is that is shown."""
    with pytest.raises(NotFoundError) as failed:
        Wire(always(404)).sync().dedicated.image.generate(model="m" * 500, prompt="p")
    assert len(failed.value.hint) < 120


@pytest.mark.parametrize("path", ["/v1/images/edits", "/dedicated/v1/images/generations/"])
def test_a_server_url_with_a_path_of_an_operation_is_refused_unsent(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever operation it is of; another path is a gateway's."""
    wire = Wire(right)
    monkeypatch.setenv("FRIENDLI_SERVER_URL", f"http://user:{TOKEN}@localhost:8000{path}")
    friendli = wire.sync()
    with pytest.raises(
        ValidationError, match=r"^FRIENDLI_SERVER_URL must not hold an op"
    ) as failed:
        friendli.container.image.generate(prompt="p")
    assert TOKEN not in str(failed.value)
    assert wire.requests == []
    wire.sync(server_url=f"http://a/b{path}more").container.image.generate(prompt="p")
    assert len(wire.requests) == 1


@pytest.mark.parametrize(
    ("retries", "hinted"),
    [
        (0, " (None is for no retries)"),
        (1, " (utils.RetryConfig(max_attempts=2) repeats a call once at most)"),
        (5, " (utils.RetryConfig(max_attempts=6) repeats a call 5 times at most)"),
        (999, " (utils.RetryConfig(max_attempts=1000) repeats a call 999 times at most)"),
        *((wrong, "") for wrong in (-1, True, False, "3", 2.5, 1000, 10**6)),
    ],
)
def test_a_number_of_retries_is_shown_as_it_is_written(retries: Any, hinted: str) -> None:
    """For a client and for a call; what is no number of retries has no hint."""
    words = f"retries must be a utils.RetryConfig or None{hinted}, not {retries!r}"
    wire = Wire(always(503))
    friendli = wire.sync()
    with pytest.raises(ValidationError) as failed:
        friendli.container.image.generate(prompt="p", retries=retries)
    assert str(failed.value) == words
    with pytest.raises(ValidationError) as failed:
        friendli.with_options(retries=retries)
    assert str(failed.value) == words


def test_the_retries_that_are_shown_are_those_that_were_meant() -> None:
    """`max_attempts` counts the first attempt."""
    wire = Wire(always(503))
    config = utils.RetryConfig(backoff=utils.BackoffStrategy(1, 1, 1), max_attempts=4)
    with pytest.raises(SDKError):
        wire.sync(retries=config).container.image.generate(prompt="p")
    assert len(wire.requests) == 1 + 3


def test_tls_that_fails_otherwise_is_not_taken_for_a_plain_port() -> None:
    """A server that speaks TLS, though another version of it, is no server of http."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.minimum_version = ssl.TLSVersion.TLSv1_3
    ours = ssl.create_default_context()
    ours.maximum_version = ssl.TLSVersion.TLSv1_2
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def refuse() -> None:
            connection, _ = listener.accept()
            try:
                server.wrap_socket(connection, server_side=True)
            except OSError:
                connection.close()

        thread = Thread(target=refuse)
        thread.start()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        http = httpx.Client(verify=ours)
        with pytest.raises(APIConnectionError) as failed:
            SyncFriendli(http_client=http, retries=None, server_url=url).container.image.generate(
                prompt="p"
            )
        thread.join(10)
        http.close()
    assert failed.value.reason.startswith("no TLS with 127.0.0.1:")
    assert failed.value.reason.endswith(")")


def test_the_hint_of_a_401_is_that_of_the_last_attempt_too() -> None:
    """Errors keep it, wherever they are made."""
    answers = iter([httpx.Response(503), httpx.Response(401)])
    quick = utils.RetryConfig(backoff=utils.BackoffStrategy(1, 1, 1))
    with pytest.raises(AuthenticationError, match=r"argument token\) \(after 2 attempts\)$"):
        Wire(lambda _: next(answers)).sync(retries=quick).dedicated.image.generate(
            model="m", prompt="p"
        )
