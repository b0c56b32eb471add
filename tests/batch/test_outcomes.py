"""What a batch gives for its jobs."""

import hashlib
import os
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from friendli_facade import ServerError, SyncFriendli, ValidationError, batch
from tests.batch.running import but, jobs, rows, run
from tests.samples import PNG, answer
from tests.transports import Wire, right

BROKEN = {"p1": lambda: httpx.Response(500), "p2": lambda: httpx.Response(504)}


async def test_each_job_has_an_outcome_a_picture_and_a_row(way: str, tmp_path: Path) -> None:
    """An outcome has key, result, path, sha256 and seed; the file and the row are there then."""
    one = {"key": "a", "prompt": "p", "seed": 7}
    ran = await run(way, Wire(right), [one], tmp_path)
    (outcome,) = ran.outcomes
    assert (outcome.key, outcome.state, outcome.error) == ("a", "done", None)
    assert outcome.path == tmp_path / "a.png"
    assert outcome.path is not None
    assert outcome.result is not None
    assert outcome.path.read_bytes() == PNG == outcome.result.images[0].read()
    assert outcome.sha256 == hashlib.sha256(PNG).hexdigest()
    assert (outcome.seed, outcome.attempts, outcome.job) == (7, 1, one)
    row = rows(tmp_path)["a"]
    assert (row.state, row.file, row.sha256) == ("done", "a.png", outcome.sha256)
    assert (row.seed, row.attempts, row.images) == (7, 1, 1)
    assert row.arguments == {"prompt": "p", "seed": 7}
    assert (ran.progress.done, ran.progress.images, ran.progress.stopped) == (1, 1, None)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.png", "ledger.sqlite3"]


async def test_a_job_fails_alone(way: str, tmp_path: Path) -> None:
    """A server's error concerns its job; one that may be paid for is ambiguous."""
    ran = await run(way, Wire(but(BROKEN)), jobs(4), tmp_path)
    assert ran.states == {"k0": "done", "k1": "failed", "k2": "ambiguous", "k3": "done"}
    assert isinstance(ran.of("k1").error, ServerError)
    assert {key: row.state for key, row in rows(tmp_path).items()} == ran.states
    assert "500" in str(rows(tmp_path)["k1"].error)


BAD: dict[str, tuple[Any, str]] = {
    "job 1": (7, "job 1 must be a mapping of arguments to values, not 7"),
    "a": ({"key": "a", "prompt": ""}, "prompt must not be empty"),
    "b": ({"key": "b", "prompt": "p", "prmt": 1}, "'prmt' is no argument of generate"),
    "job 4": ({"key": "", "prompt": "p"}, "key must be an integer, or a text of 1 to"),
    "c": ({"key": "c"}, "prompt is required"),
    "job 6": ({"key": "\ud800", "prompt": "p"}, "key must be an integer, or a text of 1 to"),
}


async def test_a_bad_job_fails_alone_before_anything_is_sent(way: str, tmp_path: Path) -> None:
    """What is no job, or breaks a rule, is told with the rule; the others are done."""
    wire = Wire(right)
    bad = [job for job, _ in BAD.values()]
    ran = await run(way, wire, [*bad, {"key": "good", "prompt": "p"}], tmp_path)
    for key, (_, words) in BAD.items():
        assert ran.of(key).state == "failed"
        assert isinstance(ran.of(key).error, ValidationError)
        assert words in str(ran.of(key).error)
    assert ran.of("good").state == "done"
    assert len(wire.requests) == 1


async def test_a_key_belongs_to_one_job(way: str, tmp_path: Path) -> None:
    """The second job of a key fails unsent, and so does one like another, without a seed."""
    wire = Wire(right)
    twice = [*jobs(2), {"key": "k0", "prompt": "other"}, {"prompt": "p"}, {"prompt": "p"}]
    ran = await run(way, wire, twice, tmp_path, concurrency=1)
    assert [outcome.state for outcome in ran.outcomes].count("failed") == 2
    told = sorted(str(outcome.error) for outcome in ran.outcomes if outcome.error)
    assert "must be given, or a seed, where jobs are alike" in told[0]
    assert told[1] == "key 'k0' must be unique, and another job has this one"
    assert len(wire.requests) == 3


async def test_jobs_are_taken_as_they_are_needed(way: str, tmp_path: Path) -> None:
    """A table without end is no trouble: no more of it is read than is in hand."""
    taken = 0

    def endless() -> Iterator[dict[str, Any]]:
        nonlocal taken
        while True:
            taken += 1
            yield {"prompt": "p", "seed": taken}

    ran = await run(way, Wire(right), endless(), tmp_path, max_images=10, concurrency=4)
    assert ran.progress.done == 10
    assert taken < 10 + 2 * 4 + 2 * 32


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_jobs_may_come_from_an_async_iterable(tmp_path: Path, anyio_backend: str) -> None:
    """A queue's jobs, say."""

    async def coming() -> AsyncIterator[dict[str, Any]]:
        for job in jobs(3):
            yield job

    assert len((await run(anyio_backend, Wire(right), coming(), tmp_path)).outcomes) == 3


async def test_an_error_of_the_table_ends_the_batch(way: str, tmp_path: Path) -> None:
    """What was read before it is done; then it is raised as it is."""

    def broken() -> Iterator[dict[str, Any]]:
        yield from jobs(1)
        raise LookupError("row 2")

    with pytest.raises(LookupError, match="row 2"):
        await run(way, Wire(right), broken(), tmp_path)


async def test_a_broken_answer_is_ambiguous(way: str, tmp_path: Path) -> None:
    """The picture in it is paid for."""
    cut = httpx.Response(200, content=b'{"image": "' + b"A" * 20)
    ran = await run(way, Wire(but({"p0": lambda: cut})), jobs(1), tmp_path)
    assert ran.states == {"k0": "ambiguous"}


async def test_progress_is_told(way: str, tmp_path: Path) -> None:
    """After each outcome, with what it cost."""
    told: list[batch.Progress] = []
    answers = Wire(but(BROKEN))
    await run(way, answers, jobs(4), tmp_path, on_progress=told.append, price_per_image=0.5)
    assert [one.jobs for one in told] == [1, 2, 3, 4]
    last = told[-1]
    assert (last.done, last.failed, last.ambiguous, last.images) == (2, 1, 1, 2)
    assert last.cost == 1.5  # the ambiguous one may be paid for


WRONG: dict[str, Any] = {
    "concurrency": 0,
    "rate": -1,
    "max_images": True,
    "max_failures": 0.5,
    "max_cost": 3,
    "ambiguous": "perhaps",
    "jobs": 3,
    "name": 3,
    "directory": 3,
}


@pytest.mark.parametrize("argument", WRONG)
def test_wrong_settings_are_told_before_anything_is_done(argument: str, tmp_path: Path) -> None:
    """All of them at once, with name and value."""
    given: dict[str, Any] = {
        "jobs": jobs(1),
        "directory": tmp_path / "new",
        argument: WRONG[argument],
    }
    method = Wire(right).sync().container.image.generate
    with pytest.raises(ValidationError) as told:
        batch.run(method, **given)
    named = "price_per_image" if argument == "max_cost" else argument
    assert [violation.argument for violation in told.value.violations] == [named]
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("path", ["a\0b", os.fsencode("bytes"), 3])
def test_a_directory_is_a_path(path: Any) -> None:
    """Told with all else that is wrong, and not by the system."""
    with pytest.raises(ValidationError, match="directory must be a path"):
        batch.run(Wire(right).sync().container.image.generate, [], directory=path)


@pytest.mark.parametrize("value", [10**400, 10**5000, float("inf"), float("nan")], ids=range(4))
@pytest.mark.parametrize("argument", ["rate", "max_cost", "price_per_image"])
def test_a_setting_is_a_finite_number(tmp_path: Path, argument: str, value: Any) -> None:
    """One that arithmetic breaks on, once a picture is paid for, is refused."""
    given: dict[str, Any] = {"max_cost": 1, "price_per_image": 1, argument: value}
    with pytest.raises(ValidationError, match=f"{argument} must be a finite number"):
        batch.run(Wire(right).sync().container.image.generate, [], directory=tmp_path, **given)


def test_the_method_is_one_of_a_client(tmp_path: Path) -> None:
    """Another function, or a method of the other client, is refused with what to do."""
    with pytest.raises(ValidationError, match="must be a method of a client"):
        batch.run(print, [], directory=tmp_path)
    with pytest.raises(ValidationError, match=r"SyncFriendli, or use batch\.arun"):
        batch.run(Wire(right).asynchronous().container.image.generate, [], directory=tmp_path)


async def test_every_picture_of_an_answer_is_saved(tmp_path: Path) -> None:
    """The first under the job's name, and the others with a number."""
    item = answer("/dedicated")["data"][0]
    wire = Wire(lambda _: httpx.Response(200, json={"data": [item, item, item]}))
    async with wire.asynchronous() as friendli:
        method, one = friendli.dedicated.image.generate, {"key": "a", "model": "m", "prompt": "p"}
        async with batch.arun(method, [one], directory=tmp_path) as outcomes:
            (outcome,) = [outcome async for outcome in outcomes]
    assert [path.name for path in outcome.paths] == ["a.png", "a(2).png", "a(3).png"]
    assert all(path.read_bytes() == PNG for path in outcome.paths)
    assert rows(tmp_path)["a"].images == 3


async def test_a_number_is_a_key(way: str, tmp_path: Path) -> None:
    """As its digits."""
    ran = await run(way, Wire(right), [{"key": 7, "prompt": "p"}], tmp_path)
    assert ran.states == {"7": "done"}


async def test_a_file_that_came_meanwhile_is_left_alone(way: str, tmp_path: Path) -> None:
    """The picture is paid for, so it has another name."""

    def slow(request: httpx.Request) -> httpx.Response:
        (tmp_path / "k0.png").write_bytes(b"mine")
        return right(request)

    ran = await run(way, Wire(slow), jobs(1), tmp_path)
    place = ran.of("k0").path
    assert place is not None
    assert (place.read_bytes(), (tmp_path / "k0.png").read_bytes()) == (PNG, b"mine")
    assert place.name.startswith("k0.png-") or place.name.startswith("k0-")


def test_what_a_hook_raises_is_told_of_its_job(tmp_path: Path) -> None:
    """The request may be paid for, so the job is ambiguous; the others go on."""

    def hook(response: httpx.Response) -> None:
        if b'"p0"' in response.request.content:
            raise LookupError("a hook's own")

    transport = httpx.MockTransport(Wire(right))
    http = httpx.Client(transport=transport, event_hooks={"response": [hook]})
    with SyncFriendli(http_client=http) as friendli:
        method = friendli.container.image.generate
        with batch.run(method, jobs(2), directory=tmp_path) as ran:
            outcomes = {outcome.key: outcome for outcome in ran}
    assert {key: outcome.state for key, outcome in outcomes.items()} == {
        "k0": "ambiguous",
        "k1": "done",
    }
    assert isinstance(outcomes["k0"].error, LookupError)


def test_what_no_call_can_send_ends_the_batch(tmp_path: Path) -> None:
    """A cookie of the caller's that no header can hold: all other jobs would fail likewise."""
    wire = Wire(right)
    http = httpx.Client(transport=httpx.MockTransport(wire), cookies={"name": "漢"})
    with SyncFriendli(http_client=http) as friendli:
        method = friendli.container.image.generate
        with batch.run(method, jobs(9), directory=tmp_path, concurrency=1) as ran:
            assert "failed" in [outcome.state for outcome in ran]
    assert wire.requests == []
    assert "http_client adds what cannot be sent" in str(ran.progress.stopped)
    assert ran.progress.failed < 9


async def test_a_table_that_cannot_be_closed_is_told_as_it_is(
    tmp_path: Path, anyio_backend: str
) -> None:
    """With the error of its own, when the block is left before its end."""

    async def table() -> AsyncGenerator[dict[str, Any]]:
        try:
            for job in jobs(100):
                yield job
        finally:
            raise LookupError("mine")

    async with Wire(right).asynchronous() as friendli:
        method = friendli.container.image.generate

        async def leave() -> None:
            async with batch.arun(method, table(), directory=tmp_path, concurrency=1) as outcomes:
                await anext(outcomes)

        with pytest.raises(LookupError, match="mine"):
            await leave()


async def test_any_async_iterable_gives_jobs(tmp_path: Path) -> None:
    """It need not be a generator, which would be closed."""

    class Jobs:
        def __init__(self) -> None:
            self.left = jobs(2)

        def __aiter__(self) -> "Jobs":
            return self

        async def __anext__(self) -> dict[str, Any]:
            if not self.left:
                raise StopAsyncIteration
            return self.left.pop()

    ran = await run("async", Wire(right), Jobs(), tmp_path)
    assert ran.states == {"k0": "done", "k1": "done"}
