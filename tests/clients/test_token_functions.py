"""A token that a function gives, for each request anew."""

import inspect
from collections.abc import Callable, Generator
from typing import Any

import anyio
import attrs
import pytest

from friendli_facade import (
    APITimeoutError,
    AsyncFriendli,
    SyncFriendli,
    ValidationError,
    utils,
)
from tests.samples import PNG
from tests.transports import Wire, always, right

QUICK = utils.RetryConfig("backoff", utils.BackoffStrategy(1, 1, 1, 1000), max_attempts=3)
TOKEN = "flp_marker_that_no_one_else_has"


def rotating() -> Callable[[], str]:
    """Gives another token each time."""
    left = iter(range(1, 100))
    return lambda: f"flp_{next(left)}"


def sent(wire: Wire) -> list[str | None]:
    """The credentials of each request."""
    return [request.headers.get("authorization") for request in wire.requests]


def test_each_request_has_a_token_of_its_own() -> None:
    """Calls and their retries; a container, a download and a call with credentials ask for none."""
    wire = Wire(always(503))
    friendli = wire.sync(token=rotating(), retries=QUICK)
    with pytest.raises(Exception, match="503"):
        friendli.dedicated.image.generate(model="m", prompt="p")
    wire.handler = right
    mine = {"Authorization": "Mine x"}
    friendli.dedicated.image.generate(model="m", prompt="p", http_headers=mine)
    friendli.container.image.generate(prompt="p")
    result = friendli.with_options(timeout=9).dedicated.image.generate(model="m", prompt="p")
    assert result.images[0].read() == PNG
    assert sent(wire) == [
        "Bearer flp_1",
        "Bearer flp_2",
        "Bearer flp_3",
        "Mine x",
        None,
        "Bearer flp_4",
    ]


@pytest.mark.parametrize("is_async", [True, False])
async def test_an_async_client_takes_functions_of_both_kinds(is_async: bool) -> None:
    """One is awaited and the other is not."""
    plain = rotating()

    async def awaited() -> str:
        return plain()

    wire = Wire(right)
    friendli = wire.asynchronous(token=awaited if is_async else plain)
    for _ in range(2):
        await friendli.dedicated.image.generate(model="m", prompt="p")
    assert sent(wire) == ["Bearer flp_1", "Bearer flp_2"]


class Promise:
    """What can be awaited, and is no coroutine."""

    def __await__(self) -> Generator[Any, Any, str]:
        """Is not asked for it."""
        raise AssertionError
        yield


def test_a_sync_client_does_not_take_an_async_function() -> None:
    """At once where it can be told, else before anything is sent; and nothing is left unawaited."""

    async def awaited() -> str:
        return TOKEN

    words = "^token must be a text, or a function that gives one without being awaited"
    kind: Any = SyncFriendli
    with pytest.raises(ValidationError, match=words):
        kind(token=awaited)
    wire = Wire(right)
    for given in (awaited, Promise):
        friendli = wire.sync(token=lambda given=given: given())
        with pytest.raises(ValidationError, match=words):
            friendli.dedicated.image.generate(model="m", prompt="p")
    assert wire.requests == []


@pytest.mark.parametrize("wrong", [None, "", 5, f"{TOKEN}\n", f"Bearer {TOKEN}"])
async def test_what_is_no_token_is_refused_unsent_and_unseen(wrong: Any) -> None:
    """By the rules of a token that is given as it is; sync and async."""
    wire = Wire(right)

    async def awaited() -> Any:
        return wrong

    with pytest.raises(ValidationError, match=r"^what the function token gave must be ") as failed:
        wire.sync(token=lambda: wrong).dedicated.image.generate(model="m", prompt="p")
    generate = wire.asynchronous(token=awaited).dedicated.image.generate
    with pytest.raises(ValidationError, match=r"^what the function token gave must be ") as afailed:
        await generate(model="m", prompt="p")
    assert wire.requests == []
    for error in (failed.value, afailed.value):
        assert TOKEN not in str(error)
        for frame in inspect.getinnerframes(error.__traceback__):  # type: ignore[arg-type]
            if "friendli_facade" in frame.filename:
                assert TOKEN not in repr(frame.frame.f_locals)


def test_what_the_function_raises_comes_as_it_is() -> None:
    """It is the caller's error, and is not retried."""
    calls: list[int] = []

    def broken() -> str:
        calls.append(1)
        raise LookupError("no secret store")

    wire = Wire(right)
    with pytest.raises(LookupError, match="no secret store"):
        wire.sync(token=broken, retries=QUICK).dedicated.image.generate(model="m", prompt="p")
    assert (len(calls), wire.requests) == (1, [])


@pytest.mark.parametrize(("status", "notes"), [(502, 1), (503, 0)])
async def test_what_the_function_raises_tells_of_an_attempt_that_may_be_paid(
    status: int, notes: int
) -> None:
    """A note says so, for the error is the caller's; where nothing may be, nothing is said."""
    again = attrs.evolve(QUICK, retry_ambiguous_errors=True)
    wire = Wire(always(status))
    friendli = wire.sync(token=[TOKEN].pop, retries=again)
    with pytest.raises(IndexError) as failed:
        friendli.dedicated.image.generate(model="m", prompt="p")
    generate = wire.asynchronous(token=[TOKEN].pop, retries=again).dedicated.image.generate
    with pytest.raises(IndexError) as afailed:
        await generate(model="m", prompt="p")
    assert len(wire.requests) == 2
    for error in (failed.value, afailed.value):
        assert len(getattr(error, "__notes__", [])) == notes


async def test_a_token_that_does_not_come_ends_with_the_call() -> None:
    """Nothing was sent by then, and the function is cancelled."""
    ended: list[bool] = []

    async def hung() -> str:
        try:
            await anyio.sleep_forever()
        finally:
            ended.append(True)
        return TOKEN

    wire = Wire(right)
    friendli = wire.asynchronous(token=hung, timeout=0.3)
    words = "got no answer: the function token gave none in time$"
    with pytest.raises(APITimeoutError, match=words) as failed:
        await friendli.dedicated.image.generate(model="m", prompt="p")
    assert (failed.value.ambiguous, wire.requests, len(ended)) == (False, [], 1)


def test_a_function_that_is_empty_too_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache, say, that gives tokens and holds none yet: no other token is sent in its place."""

    class Cache(dict[str, str]):
        def __call__(self) -> str:
            return self.setdefault("token", TOKEN)

    monkeypatch.setenv("FRIENDLI_TOKEN", "flp_of_somebody_else")
    wire = Wire(right)
    wire.sync(token=Cache()).dedicated.image.generate(model="m", prompt="p")
    assert sent(wire) == [f"Bearer {TOKEN}"]


def test_a_401_says_that_the_function_gave_it() -> None:
    """Its repr says no more than that of a token."""
    friendli = Wire(always(401)).sync(token=lambda: TOKEN)
    with pytest.raises(Exception, match=r"\(its token is that of the function token\)$"):
        friendli.dedicated.image.generate(model="m", prompt="p")
    assert repr(friendli) == "SyncFriendli(token='***', server_url=None)"
    assert repr(AsyncFriendli(token=rotating())).startswith("AsyncFriendli(token='***'")
