"""A batch that is left early loses no picture that is paid for."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio.from_thread import BlockingPortal

from friendli_facade import AsyncFriendli, SyncFriendli, batch
from friendli_facade.batch._ledger.ledger import NAME, Ledger
from scripts.batches.kills import respond
from scripts.faults.server import Answer, FaultServer, Then, serving
from tests.batch.running import jobs, rows, run
from tests.transports import Wire, right

WORKER = """
import itertools, sys
from friendli_facade import SyncFriendli, batch
jobs = ({"key": f"k{n}", "prompt": str(n)} for n in itertools.count())  # until it is interrupted
with SyncFriendli(server_url=sys.argv[1]) as friendli:
    method = friendli.container.image.generate
    with batch.run(method, jobs, directory=sys.argv[2], concurrency=4) as outcomes:
        for outcome in outcomes:
            print(outcome.key, flush=True)
"""


ASYNC = """
import sys, anyio
from friendli_facade import AsyncFriendli, batch
async def main():
    jobs = ({"key": f"k{n}", "prompt": str(n)} for n in range(1000))
    async with AsyncFriendli(server_url=sys.argv[1]) as friendli:
        method = friendli.container.image.generate
        async with batch.arun(method, jobs, directory=sys.argv[2], concurrency=4) as outcomes:
            async for outcome in outcomes:
                print(outcome.key, flush=True)
anyio.run(main, backend=sys.argv[3])
"""


def numbered(number: int) -> list[dict[str, Any]]:
    """Jobs whose prompts are numbers."""
    return [{"key": job["key"], "prompt": str(n)} for n, job in enumerate(jobs(number))]


def all_kept(directory: Path, server: FaultServer) -> None:
    """What the server was asked for is done, and nothing else."""
    found = rows(directory)
    assert {row.state for row in found.values()} == {"done"}
    assert len(found) == len(server.requests)
    for row in found.values():
        assert (directory / str(row.file)).stat().st_size > 1000


@pytest.mark.parametrize("raises", [False, True])
def test_leaving_the_block_finishes_what_is_in_flight(tmp_path: Path, *, raises: bool) -> None:
    """After `break` or an exception, each request that was made has its picture and its row."""
    with serving(respond) as server, SyncFriendli(server_url=server.url) as friendli:
        method = friendli.container.image.generate
        with (
            suppress(LookupError),
            batch.run(method, numbered(500), directory=tmp_path) as outcomes,
        ):
            for _ in outcomes:
                if raises:
                    raise LookupError
                break
        assert outcomes.progress.stopped == "its block was left"
        assert len(server.requests) < 500
        all_kept(tmp_path, server)


async def cancelled_by_anyio(run: Callable[[anyio.Event], Any]) -> None:
    """Cancels a scope once something is in flight."""
    begun = anyio.Event()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(run, begun)
        await begun.wait()
        tasks.cancel_scope.cancel()


async def cancelled_by_asyncio(run: Callable[[anyio.Event], Any]) -> None:
    """Cancels a task once something is in flight."""
    begun = anyio.Event()
    task = asyncio.ensure_future(run(begun))
    await begun.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


@pytest.mark.parametrize(
    ("anyio_backend", "cancelled"),
    [
        ("asyncio", cancelled_by_anyio),
        ("trio", cancelled_by_anyio),
        ("asyncio", cancelled_by_asyncio),
    ],
)
async def test_a_cancelled_task_finishes_what_is_in_flight(
    tmp_path: Path, cancelled: Callable[..., Any]
) -> None:
    """Each request that was made has its picture and its row when the cancellation is through."""
    with serving(respond) as server:

        async def run(begun: anyio.Event) -> None:
            async with AsyncFriendli(server_url=server.url) as friendli:
                method = friendli.container.image.generate
                async with batch.arun(method, numbered(500), directory=tmp_path) as outcomes:
                    async for _ in outcomes:
                        begun.set()

        await cancelled(run)
        assert len(server.requests) < 500
        all_kept(tmp_path, server)


def test_an_interrupt_finishes_what_is_in_flight(tmp_path: Path) -> None:
    """Ctrl-C ends the process with KeyboardInterrupt, once each request has its picture."""
    with serving(respond) as server:
        command = [sys.executable, "-c", WORKER, server.url, str(tmp_path)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            assert server.read(10, 60)
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=60)
        finally:
            process.kill()
        assert said.decode().rstrip().endswith("KeyboardInterrupt")
        all_kept(tmp_path, server)


def test_an_interrupt_takes_no_outcome_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who goes on after Ctrl-C has each outcome once, in whatever moment that came."""
    soon, asked = BlockingPortal.start_task_soon, list[object]()

    def interrupted(portal: BlockingPortal, *arguments: Any, **options: Any) -> Any:
        """Behind every second task that is begun, before anybody knows of it."""
        began = soon(portal, *arguments, **options)
        asked.append(began)
        if len(asked) % 2:
            raise KeyboardInterrupt
        return began

    keys = list[str]()
    with Wire(right).sync() as friendli:
        method = friendli.container.image.generate
        with batch.run(method, jobs(5), directory=tmp_path) as outcomes:
            with monkeypatch.context() as patched:
                patched.setattr(BlockingPortal, "start_task_soon", interrupted)
                while len(keys) < 5:
                    with suppress(KeyboardInterrupt):
                        keys.append(next(outcomes).key)
            assert list(outcomes) == []
    assert sorted(keys) == [f"k{number}" for number in range(5)]
    assert len(asked) == 10


@pytest.mark.parametrize("words", [(WORKER,), (ASYNC, "asyncio"), (ASYNC, "trio")])
def test_a_second_interrupt_does_not_wait(tmp_path: Path, words: tuple[str, ...]) -> None:
    """The process ends; what was in flight is ambiguous."""
    with serving(lambda _: Answer(b"", Then.STALL)) as server:
        program, *backend = words
        command = [sys.executable, "-c", program, server.url, str(tmp_path), *backend]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert server.read(4, 60)
        for _ in range(50):
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=0.5)
                break
        process.kill()
        assert process.returncode not in {None, 0}
    with batch.Ledger(tmp_path) as ledger:
        assert {state: n for state, n in ledger.counts().items() if n} == {"ambiguous": 4}


async def test_a_batch_runs_in_its_block(tmp_path: Path) -> None:
    """Iterated without one, it says what to write; after one, it is at its end."""
    run = batch.run(SyncFriendli().container.image.generate, [], directory=tmp_path)
    with pytest.raises(RuntimeError, match=r"with batch\.run"):
        iter(run)
    with run as outcomes:
        assert list(outcomes) == []
    assert list(run) == []
    arun = batch.arun(AsyncFriendli().container.image.generate, [], directory=tmp_path)
    with pytest.raises(RuntimeError, match=r"async with batch\.arun"):
        aiter(arun)
    async with arun:
        pass
    assert [outcome async for outcome in arun] == []


async def test_a_batch_runs_once(tmp_path: Path) -> None:
    """Before its block it has no progress and cannot be stopped; a second block is refused."""
    async with Wire(right).asynchronous() as friendli:
        method = friendli.container.image.generate
        ran = batch.arun(method, jobs(1), directory=tmp_path)
        assert ran.progress == batch.Progress()
        with pytest.raises(RuntimeError, match="with"):
            ran.stop()
        async with ran as outcomes:
            assert [outcome.state async for outcome in outcomes] == ["done"]
        with pytest.raises(RuntimeError, match="a batch runs once"):
            async with ran:
                pass
    with Wire(right).sync() as sync:
        with batch.run(sync.container.image.generate, jobs(2), directory=tmp_path) as left:
            pass
        ended = left.progress
        left.stop("too late")
        assert left.progress == ended


async def test_a_ledger_that_cannot_begin_is_closed(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it could not do is raised from the block."""
    closed: list[Path] = []
    close = Ledger.close

    def begin(self: Ledger) -> None:
        raise OSError("no locks here")

    def noted(self: Ledger) -> None:
        closed.append(self.path)
        close(self)

    monkeypatch.setattr(Ledger, "begin", begin)
    monkeypatch.setattr(Ledger, "close", noted)
    with pytest.raises(OSError, match="no locks here"):
        await run(way, Wire(right), jobs(1), tmp_path)
    assert closed == [tmp_path / NAME]
