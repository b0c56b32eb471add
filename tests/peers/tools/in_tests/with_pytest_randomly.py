"""Beside pytest-randomly."""

# pyright: basic, reportMissingImports=false

import random

import pytest

from friendli_facade import SyncFriendli
from friendli_facade.sandbox import Sandbox


def test_it_is_there(pytestconfig: pytest.Config) -> None:
    """Else the others would prove nothing."""
    assert pytestconfig.pluginmanager.has_plugin("randomly")


@pytest.mark.parametrize("run", range(3))
def test_each_test_has_a_sandbox_of_its_own(
    run: int, friendli: SyncFriendli, friendli_sandbox: Sandbox
) -> None:
    """Whatever ran before."""
    friendli_sandbox.fail_next(429)
    friendli.container.image.generate(prompt=f"p{run}")
    assert [request.json()["prompt"] for request in friendli_sandbox.requests] == [f"p{run}"] * 2


def test_nothing_is_drawn_from_the_callers_random_numbers(
    friendli: SyncFriendli, friendli_sandbox: Sandbox
) -> None:
    """A test that is seeded gets the numbers of its seed, though calls and retries were between."""
    before = random.getstate()
    friendli_sandbox.fail_next(500, times=2)
    friendli.dedicated.image.generate(model="m", prompt="p").images[0].read()
    assert random.getstate() == before
