"""What would pay twice, lose a picture, hang, or end a batch for the sake of one job."""

import io
import os
import queue
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest

from friendli_facade import ValidationError, batch
from friendli_facade.utils import BackoffStrategy, RetryConfig
from scripts.batches.kills import respond
from scripts.faults.server import serving
from tests.batch.running import jobs, rows, run
from tests.samples import PNG
from tests.transports import Wire, right

QUICK = BackoffStrategy(1, 10, 1.1, 3_600_000)
ALL = RetryConfig(backoff=QUICK, retry_ambiguous_errors=True, status_codes=[429, 504])


def in_turn(*statuses: int) -> Wire:
    """A wire that answers with these, one after the other."""
    left = iter(statuses)

    def handler(request: httpx.Request) -> httpx.Response:
        status = next(left, 200)
        return right(request) if status == 200 else httpx.Response(status)

    return Wire(handler)


def test_a_folder_has_many_names_and_one_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch of the same process that is told of the folder by another name pays for nothing."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to("out")
    begun, released = Event(), Event()

    def slow(request: httpx.Request) -> httpx.Response:
        begun.set()
        assert released.wait(60)
        return right(request)

    wire, again = Wire(slow), Wire(right)
    with wire.sync() as friendli, again.sync() as other:
        method = friendli.container.image.generate
        with batch.run(method, jobs(1), directory=tmp_path / "out") as first:
            assert begun.wait(60)
            for name in ("out", "link"):
                with batch.Ledger(name) as ledger:
                    assert ledger.counts()["sending"] == 1
                method = other.container.image.generate
                with batch.run(method, jobs(1), directory=name, ambiguous="retry") as second:
                    assert list(second) == []
            released.set()
            assert [outcome.state for outcome in first] == ["done"]
    assert not again.requests


async def test_pictures_stay_where_the_batch_began(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the process goes to another folder meanwhile."""
    monkeypatch.chdir(tmp_path)

    def coming() -> Iterator[dict[str, Any]]:
        os.chdir("/")
        yield from jobs(1)

    ran = await run(way, Wire(right), coming(), Path("out"))
    assert ran.of("k0").path == Path("out") / "k0.png"
    assert (tmp_path / "out" / "k0.png").read_bytes() == PNG
    assert rows(tmp_path / "out")["k0"].state == "done"


async def test_what_may_be_paid_for_stays_so_when_it_is_refused(way: str, tmp_path: Path) -> None:
    """A 504 before a 429 and a 422: the job is ambiguous, and its row never says otherwise."""
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(rows(tmp_path)["k0"].state)
        return statuses.handler(request)

    statuses = in_turn(504, 429, 422)
    ran = await run(way, Wire(handler), jobs(1), tmp_path, {"retries": ALL})
    assert ran.states == {"k0": "ambiguous"}
    assert seen == ["sending"] * 3
    assert rows(tmp_path)["k0"].attempts == ran.of("k0").attempts == 3


async def test_a_row_counts_each_attempt_once(way: str, tmp_path: Path) -> None:
    """Refused twice and then taken, it was sent three times."""
    retries = RetryConfig(backoff=QUICK)
    ran = await run(way, in_turn(429, 429), jobs(1), tmp_path, {"retries": retries})
    assert rows(tmp_path)["k0"].attempts == ran.of("k0").attempts == 3


def files(_: Path) -> Any:
    """A stream in memory."""
    return io.BytesIO(PNG)


def opened(folder: Path) -> Any:
    """A file that is open."""
    path = folder / "in.png"
    path.write_bytes(PNG)
    return path.open("rb")


@pytest.mark.parametrize("make", [files, opened])
async def test_a_job_may_hold_an_open_file(
    way: str, tmp_path: Path, make: Callable[[Path], Any]
) -> None:
    """It is read once, to be checked, and what was read is sent."""
    wire = Wire(right)
    with make(tmp_path) as file:
        job = {"prompt": "p", "control_images": [file, PNG], "controlnet_weights": [1, 1]}
        ran = await run(way, wire, [job], tmp_path / "out")
    assert [outcome.state for outcome in ran.outcomes] == ["done"]
    first, second = wire.bodies[0]["control_images"]
    assert first == second


async def test_an_answer_without_a_picture_is_ambiguous(tmp_path: Path) -> None:
    """It may be paid for, and is not done."""
    wire = Wire(lambda _: httpx.Response(200, json={"data": []}))
    async with wire.asynchronous() as friendli:
        method, one = friendli.dedicated.image.generate, {"key": "a", "model": "m", "prompt": "p"}
        async with batch.arun(method, [one], directory=tmp_path) as outcomes:
            (outcome,) = [outcome async for outcome in outcomes]
    assert (outcome.state, "it has no picture" in str(outcome.error)) == ("ambiguous", True)
    assert rows(tmp_path)["a"].state == "ambiguous"


class Unreadable(Mapping[str, Any]):
    """A mapping that breaks."""

    def __getitem__(self, key: str) -> Any:
        raise LookupError(key)

    def __iter__(self) -> Iterator[str]:
        return iter(["prompt"])

    def __len__(self) -> int:
        return 1


@pytest.mark.parametrize("bad", [{"key": 10**5000, "prompt": "p"}, Unreadable()], ids=range(2))
async def test_a_hostile_job_fails_alone(way: str, tmp_path: Path, bad: Any) -> None:
    """A key that Python refuses to write, and a mapping that breaks."""
    ran = await run(way, Wire(right), [bad, *jobs(1)], tmp_path)
    assert ran.states == {"job 1": "failed", "k0": "done"}
    assert isinstance(ran.of("job 1").error, ValidationError)


async def test_a_name_that_is_no_text_fails_its_job(way: str, tmp_path: Path) -> None:
    """The error says so, and nothing is sent."""
    naming: dict[str, Any] = {"k0": None, "k1": "kite"}

    def name(key: str, _: Mapping[str, Any]) -> Any:
        return naming[key]

    ran = await run(way, Wire(right), jobs(2), tmp_path, name=name)
    assert str(ran.of("k0").error) == "name must give a text, not None"
    assert ran.of("k1").path == tmp_path / "kite.png"


def same(key: str, _: Mapping[str, Any]) -> str:
    """The key, as it is."""
    return key


async def test_no_two_names_differ_by_their_case_alone(way: str, tmp_path: Path) -> None:
    """Nor do those of an earlier batch."""
    for key in ("Kite", "kite"):
        job = {"key": key, "prompt": "p"}
        await run(way, Wire(right), [job], tmp_path, name=same)
    names = [path.name for path in tmp_path.glob("*.png")]
    assert len({name.lower() for name in names}) == 2


def test_progress_and_stop_may_be_used_on_the_batchs_thread(tmp_path: Path) -> None:
    """`on_progress` stops the batch that it is told of."""
    runs: list[batch.SyncRun[Any]] = []
    with Wire(right).sync() as friendli:
        ran = batch.run(
            friendli.container.image.generate,
            jobs(100),
            directory=tmp_path,
            concurrency=1,
            on_progress=lambda _: runs[0].stop(f"after {runs[0].progress.done}"),
        )
        runs.append(ran)
        with ran as outcomes:
            assert len(list(outcomes)) < 10
    assert ran.progress.stopped == "after 1"
    with pytest.raises(RuntimeError, match="a batch runs once"), ran:
        pass


def exits(*_: object) -> Any:
    """What ends a program."""
    raise SystemExit(3)


@pytest.mark.parametrize("on_progress", [exits, None])
async def test_an_exit_loses_no_picture(way: str, tmp_path: Path, on_progress: Any) -> None:
    """Raised by a function of the caller's, it comes after all that is in flight."""

    begun = Event()

    def handler(request: httpx.Request) -> httpx.Response:
        begun.set()
        return right(request)

    def coming() -> Iterator[dict[str, Any]]:
        yield from jobs(6)
        assert begun.wait(60)
        exits()

    wire = Wire(handler)
    with pytest.raises(SystemExit):
        await run(way, wire, coming(), tmp_path, on_progress=on_progress)
    found = rows(tmp_path)
    assert {row.state for row in found.values()} == {"done"}
    assert len(found) == len(wire.requests)


async def test_a_job_does_not_wait_for_the_next(way: str, tmp_path: Path) -> None:
    """A queue gives jobs as they come; the batch can be left while it gives none."""
    waiting: queue.Queue[Any] = queue.Queue()
    waiting.put(jobs(1)[0])
    wire, told = Wire(right), list[int]()
    ran: list[Any] = []

    def stop(progress: batch.Progress) -> None:
        told.append(progress.done)
        ran[0].stop()

    try:
        if way == "sync":
            with wire.sync() as sync:
                method, coming = sync.container.image.generate, iter(waiting.get, None)
                ran.append(batch.run(method, coming, directory=tmp_path, on_progress=stop))
                with ran[0] as outcomes:
                    assert [outcome.key for outcome in outcomes] == ["k0"]
        else:
            async with wire.asynchronous() as friendli:
                amethod, coming = friendli.container.image.generate, iter(waiting.get, None)
                ran.append(batch.arun(amethod, coming, directory=tmp_path, on_progress=stop))
                async with ran[0] as outcomes:
                    assert [outcome.key async for outcome in outcomes] == ["k0"]
    finally:
        waiting.put(None)
    assert told == [1]


ENTERING = """
import os, signal, sys
from threading import Event
from friendli_facade import SyncFriendli, batch
from friendli_facade.batch import _runs
opened, interrupted = _runs._opened, Event()
def interrupt(*_):
    interrupted.set()
    raise KeyboardInterrupt
signal.signal(signal.SIGINT, interrupt)
def interrupting(plan):
    os.kill(os.getpid(), signal.SIGINT)
    assert interrupted.wait(60)
    return opened(plan)
_runs._opened = interrupting
jobs = ({"key": f"k{n}", "prompt": str(n)} for n in range(1000))
with SyncFriendli(server_url=sys.argv[1]) as friendli:
    with batch.run(friendli.container.image.generate, jobs, directory=sys.argv[2]) as outcomes:
        list(outcomes)
"""


def test_an_interrupt_while_it_begins_ends_it(tmp_path: Path) -> None:
    """Ctrl-C while the ledger is opened: the batch does not go on behind its caller's back."""
    with serving(respond) as server:
        command = [sys.executable, "-c", ENTERING, server.url, str(tmp_path)]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert ended.stderr.rstrip().endswith("KeyboardInterrupt")
        assert len(server.requests) < 100
