"""One limit for all holders of turns."""

import sys
from typing import Any

import anyio
import pytest
from trio.testing import MockClock

from friendli_facade.errors import ValidationError
from friendli_facade.ray import Limit
from friendli_facade.ray._limit import Turns


@pytest.fixture
def anyio_backend() -> Any:
    """A clock for each test, which passes as soon as all wait."""
    return ("trio", {"clock": MockClock(autojump_threshold=0)})


async def test_no_more_are_lent_than_there_are() -> None:
    """A holder waits until another gives back."""
    turns = Turns(None, 2)
    first = await turns.take("a")
    await turns.take("b")
    with anyio.move_on_after(10) as scope:
        await turns.take("b")
    assert scope.cancelled_caught
    await turns.give_back(first, "failed")
    with anyio.fail_after(1):
        await turns.take("b")


async def test_the_rate_is_of_all_together() -> None:
    """Two holders get ten turns a second, and not twenty."""
    turns, began = Turns(10, 64), anyio.current_time()

    async def follow(holder: str) -> None:
        for _ in range(50):
            await turns.give_back(await turns.take(holder), "succeeded")

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(follow, "a")
        tasks.start_soon(follow, "b")
    assert 9 < anyio.current_time() - began < 11


async def test_a_refusal_holds_all() -> None:
    """Nobody gets a turn before the Retry-After has passed."""
    turns = Turns(None, 8)
    began = anyio.current_time()
    await turns.give_back(await turns.take("a"), "refused", 40)
    await turns.take("b")
    assert anyio.current_time() - began >= 40


async def test_a_limit_says_what_it_was_made_with() -> None:
    """By which another one of its name is known to be the same."""
    assert await Turns(2.5, 3).settings() == (2.5, 3)


async def test_turns_of_who_is_gone_come_back() -> None:
    """After half a minute without a sign of life; those of who lives stay lent."""
    turns = Turns(None, 2)
    lost = await turns.take("killed")
    await turns.take("alive")
    for _ in range(6):
        await anyio.sleep(6)
        await turns.alive("alive")
    with anyio.fail_after(1):
        await turns.take("alive")
    with anyio.move_on_after(10) as scope:
        await turns.take("alive")
    assert scope.cancelled_caught
    await turns.give_back(lost, "refused", 1000)  # it was not gone after all: that changes nothing
    with anyio.move_on_after(10) as scope:
        await turns.take("alive")
    assert scope.cancelled_caught


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"name": ""}, "name must be a text"),
        ({"rate": 0}, "rate must be a number above 0"),
        ({"rate": float("nan")}, "rate must be a number above 0"),
        ({"at_once": 0}, "at_once must be an integer of at least 1"),
        ({"at_once": True}, "at_once must be an integer of at least 1"),
    ],
)
def test_a_wrong_limit_is_refused(arguments: Any, said: str) -> None:
    """Before any actor is made."""
    with pytest.raises(ValidationError, match=said):
        Limit(**arguments)


def test_without_ray_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Importing costs nothing; using it says what to install."""
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ImportError, match=r"ray needs ray: pip install 'friendli-facade\[ray\]'"):
        Limit()
