"""Signals from the beginning of a run to its last word, in the process itself."""

import asyncio
import signal
from collections.abc import Generator

import pytest

from friendli_facade.cli._signals import Signals

_ENDING = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


@pytest.fixture(autouse=True)
def as_in_a_shell() -> Generator[None]:
    """Each handler is what it is in a process that a shell starts, and again what it was."""
    before = {number: signal.getsignal(number) for number in _ENDING}
    for number in _ENDING:
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


async def _work(signals: Signals, *, ended: int, came: list[str]) -> None:
    """Work that `ended` signals come to, and that says how it was asked to end."""
    signals.gently(lambda: came.append("gently"))
    for _ in range(ended):
        signal.raise_signal(signal.SIGTERM)
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    came.append("whole")


@pytest.mark.parametrize(
    ("ended", "came"), [(0, ["whole"]), (1, ["gently", "whole"]), (2, ["gently"])]
)
def test_the_first_ends_work_gently_and_the_second_at_once(ended: int, came: list[str]) -> None:
    """Gently is as the work says; work that ends by itself is whole."""
    seen: list[str] = []
    with Signals() as signals:
        assert signals.run(_work(signals, ended=ended, came=seen)) is ("whole" in came)
    assert seen == came
    assert signals.number == (signal.SIGTERM if ended else 0)


@pytest.mark.parametrize("number", _ENDING)
def test_one_more_is_let_pass_when_the_work_is_over(number: int) -> None:
    """What was pressed twice ends the work, and what it has to say is said."""
    with Signals() as signals:
        signals.run(_work(signals, ended=1, came=[]))
        signal.raise_signal(number)
    assert signals.number == signal.SIGTERM


def test_a_third_ends_the_last_words_too() -> None:
    """Nobody has to wait for a pipe that nobody reads."""
    with Signals() as signals:
        signals.run(_work(signals, ended=2, came=[]))
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_last_words_of_work_that_nothing_ended_are_ended_as_any() -> None:
    """There is nothing of which it could be the second."""
    with Signals() as signals:
        signals.run(_work(signals, ended=0, came=[]))
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_work_that_does_not_listen_is_ended_by_the_first() -> None:
    """That is while it begins: nothing was sent."""

    async def work() -> None:
        signal.raise_signal(signal.SIGTERM)

    with Signals() as signals:
        assert not signals.run(work())
    assert signals.number == signal.SIGTERM


def test_work_that_does_not_let_go_is_ended_by_the_third() -> None:
    """It came to the event loop twice, which did not look."""

    async def work() -> None:
        signals.gently(lambda: None)
        for _ in range(3):
            signal.raise_signal(signal.SIGINT)
        raise AssertionError("it goes on")  # pragma: no cover  # as the test would fail

    with Signals() as signals:
        assert not signals.run(work())


def test_a_loop_that_closes_is_ended_by_the_first() -> None:
    """Nothing of it would ever be called."""
    loops: list[asyncio.AbstractEventLoop] = []

    async def work() -> None:
        signals.gently(lambda: None)
        loops.append(asyncio.get_running_loop())

    async def outer() -> None:
        await asyncio.to_thread(asyncio.run, work())
        signal.raise_signal(signal.SIGINT)

    with Signals() as signals:
        assert not signals.run(outer())
    assert loops[0].is_closed()


def test_what_is_ignored_or_taken_stays_so() -> None:
    """nohup ignores SIGHUP, a shell SIGINT in the background, and a host may have its own."""
    taken: list[int] = []
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, _: taken.append(number))

    async def work() -> None:
        signals.gently(lambda: taken.append(0))
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.raise_signal(number)
            await asyncio.sleep(0)

    with Signals() as signals:
        assert signals.run(work())
    assert (taken, signals.number) == ([signal.SIGTERM], 0)


def test_each_handler_is_what_it_was_afterwards() -> None:
    """The command may be called by a program that goes on."""
    before = [signal.getsignal(number) for number in _ENDING]
    with Signals() as signals:
        signals.run(_work(signals, ended=2, came=[]))
    assert [signal.getsignal(number) for number in _ENDING] == before
