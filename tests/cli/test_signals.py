"""Signals from the beginning of a run to its last word, in the process itself."""

import asyncio
import signal
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from pathlib import Path
from threading import Event, Thread, get_ident
from typing import Any

import pytest

from friendli_facade.cli import _signals
from friendli_facade.cli._batches import progress
from friendli_facade.cli._batches import run as batches
from friendli_facade.cli._signals import Signals
from tests.cli.batches.test_runs import table
from tests.cli.running import run
from tests.servers import Recorder

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


async def _work(
    signals: Signals, *, ended: int, came: list[str], number: int = signal.SIGINT
) -> None:
    """Work that `ended` signals come to, and that says how it was asked to end."""
    signals.gently(lambda: came.append("gently"))
    for _ in range(ended):
        signal.raise_signal(number)
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
        assert signals.run(partial(_work, signals, ended=ended, came=seen)) is ("whole" in came)
    assert seen == came
    assert signals.number == (signal.SIGINT if ended else 0)


@pytest.mark.parametrize("number", [one for one in _ENDING if one != signal.SIGINT])
@pytest.mark.parametrize(("seconds", "came"), [(0.9, ["gently", "whole"]), (1.0, ["gently"])])
def test_two_within_a_second_that_nobody_typed_are_one(
    number: int, seconds: float, came: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a terminal that closes both the system and bash tell: what is in flight is paid for."""
    monkeypatch.setattr(_signals, "monotonic", count(1000, seconds).__next__)
    seen: list[str] = []
    with Signals() as signals:
        signals.run(partial(_work, signals, ended=2, came=seen, number=number))
    assert (seen, signals.number) == (came, number)


@pytest.mark.parametrize("number", _ENDING)
def test_one_more_is_let_pass_when_the_work_is_over(number: int) -> None:
    """What was pressed twice ends the work, and what it has to say is said."""
    with Signals() as signals:
        signals.run(partial(_work, signals, ended=1, came=[]))
        signal.raise_signal(number)
    assert signals.number == signal.SIGINT


def test_a_third_ends_the_last_words_too() -> None:
    """Nobody has to wait for a pipe that nobody reads."""
    with Signals() as signals:
        signals.run(partial(_work, signals, ended=2, came=[]))
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_last_words_of_work_that_nothing_ended_are_ended_as_any() -> None:
    """There is nothing of which it could be the second."""
    with Signals() as signals:
        signals.run(partial(_work, signals, ended=0, came=[]))
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_work_that_does_not_listen_is_ended_by_the_first() -> None:
    """That is while it begins: nothing was sent."""

    async def work() -> None:
        signal.raise_signal(signal.SIGTERM)

    with Signals() as signals:
        assert not signals.run(work)
    assert signals.number == signal.SIGTERM


def test_work_that_does_not_let_go_is_ended_by_the_third() -> None:
    """It came to the event loop twice, which did not look."""

    async def work() -> None:
        signals.gently(lambda: None)
        for _ in range(3):
            signal.raise_signal(signal.SIGINT)
        raise AssertionError("it goes on")

    with Signals() as signals:
        assert not signals.run(work)


def test_work_does_not_begin_where_one_came_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """As soon as it is listened for: what was set up until then is taken down, and is told."""
    handle = signal.signal

    def eager(number: int, handler: Any) -> Any:
        before = handle(number, handler)
        if number == signal.SIGINT and handler is not before:
            monkeypatch.setattr(signal, "signal", handle)
            signal.raise_signal(number)
        return before

    async def work() -> None:
        raise AssertionError("it begins")

    monkeypatch.setattr(signal, "signal", eager)
    with Signals() as signals:
        assert not signals.run(work)
    assert signals.number == signal.SIGINT


def test_two_before_the_work_end_it_at_once() -> None:
    """Nobody has to wait for what only begins."""
    with Signals():
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="only POSIX has it")
def test_one_that_comes_to_another_thread_wakes_the_work() -> None:
    """The kernel gives it to any thread, and the event loop waits in this one."""
    ended: list[str] = []

    def other() -> None:
        Event().wait(0.1)  # so that the loop waits: it is woken, or it has seen the signal before
        signal.pthread_kill(get_ident(), signal.SIGTERM)

    async def work() -> None:
        over = asyncio.Event()
        signals.gently(over.set)
        thread = Thread(target=other)
        thread.start()
        late = asyncio.get_running_loop().call_later(30, ended.append, "late")
        await over.wait()
        late.cancel()
        thread.join()
        ended.append("gently")

    with Signals() as signals:
        assert signals.run(work)
    assert ended == ["gently"]


def test_those_that_come_as_the_loop_closes_are_let_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """The work is over: there is nothing to end, and nothing is left half closed."""

    async def lingering() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            signal.raise_signal(signal.SIGINT)

    async def work() -> None:
        signals.gently(lambda: seen.append("gently"))
        loop = asyncio.get_running_loop()
        remove = loop.remove_reader

        def closed(reader: Any) -> bool:
            assert loop.is_closed()
            signal.raise_signal(signal.SIGTERM)
            return remove(reader)

        monkeypatch.setattr(loop, "remove_reader", closed)
        tasks.append(asyncio.create_task(lingering()))
        await asyncio.sleep(0)

    tasks: list[asyncio.Task[None]] = []
    seen: list[str] = []
    with Signals() as signals:
        assert signals.run(work)
    assert (seen, signals.number) == ([], signal.SIGINT)


def test_a_loop_that_needs_no_waking_is_not_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    """That of Windows, which watches no sockets and does so itself."""

    def none(*_: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr("asyncio.SelectorEventLoop.add_reader", none)
    with Signals() as signals:
        assert signals.run(partial(_work, signals, ended=1, came=[]))
    assert signals.number == signal.SIGINT


def test_in_a_thread_nothing_is_listened_for() -> None:
    """Its host has the handlers, and the work is done all the same."""
    before = [signal.getsignal(number) for number in _ENDING]
    came: list[str] = []

    def run() -> None:
        with Signals() as signals:
            assert [signal.getsignal(number) for number in _ENDING] == before
            assert signals.run(partial(_work, signals, ended=0, came=came))

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result()
    assert came == ["whole"]


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
        assert signals.run(work)
    assert (taken, signals.number) == ([signal.SIGTERM], 0)


def test_each_handler_is_what_it_was_afterwards() -> None:
    """The command may be called by a program that goes on."""
    before = [signal.getsignal(number) for number in _ENDING]
    with Signals() as signals:
        signals.run(partial(_work, signals, ended=2, came=[]))
    assert [signal.getsignal(number) for number in _ENDING] == before
    assert signal.set_wakeup_fd(-1) == -1


def pressed_as(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Has Ctrl-C pressed as a function is called."""
    called = getattr(module, name)

    def pressing(*arguments: Any) -> Any:
        signal.raise_signal(signal.SIGINT)
        return called(*arguments)

    monkeypatch.setattr(module, name, pressing)


def test_a_batch_that_was_not_begun_speaks_of_nothing_in_flight(
    server: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was sent, and nothing is written."""
    words = ["batch", table(2), "-o", "out", "--container", "--server-url", server.url]
    pressed_as(monkeypatch, progress, "watching")
    done = run(*words)
    _, *said = done.err.splitlines()
    assert (done.status, said, server.requests) == (130, ["interrupted"], [])
    assert not Path("out").exists()


def test_a_batch_that_ends_leaves_no_hidden_files(
    server: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However late Ctrl-C comes."""
    pressed_as(monkeypatch, batches, "is_same_file")
    Path("t.jsonl").write_text('{"prompt": "a"}\nno row')
    done = run("batch", "t.jsonl", "-o", "out", "--container", "--server-url", server.url)
    assert (done.status, len(list(Path("out").glob("*.png")))) == (130, 1)
    assert list(Path("out").glob(".*")) == []
