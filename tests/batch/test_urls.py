"""Pictures that the jobs of a batch have at URLs, and files that change while a job is read."""

from pathlib import Path
from typing import Any

import attrs
import httpx

from friendli_facade import batch, utils
from tests.samples import PNG
from tests.transports import Wire

JOB = {"key": "a", "model": "m", "prompt": "p"}
SOON = utils.RetryConfig("backoff", utils.BackoffStrategy(1, 1, 1))


def stored(request: httpx.Request) -> httpx.Response:
    """A picture at a URL, and what is there."""
    if request.method == "GET":
        return httpx.Response(200, content=PNG)
    item = {"seed": 7, "response_format": "url", "url": "https://storage.example/cat.png"}
    return httpx.Response(200, json={"data": [item]})


async def drawn(way: str, wire: Wire, directory: Path, **settings: Any) -> batch.Outcome[Any]:
    """The outcome of one job."""
    if way == "sync":
        with wire.sync(**settings) as sync:
            generate = sync.dedicated.image.generate
            with batch.run(generate, [JOB], directory=directory) as ran:
                (outcome,) = list(ran)
                return outcome
    async with wire.asynchronous(**settings) as friendli:
        agenerate = friendli.dedicated.image.generate
        async with batch.arun(agenerate, [JOB], directory=directory) as aran:
            (aoutcome,) = [one async for one in aran]
            return aoutcome


async def test_a_download_that_is_repeated_is_no_attempt_of_its_job(
    way: str, tmp_path: Path
) -> None:
    """It is told to `on_retry` as it is for a call alone, and costs nothing."""
    told = list[tuple[int, str]]()

    def on_retry(retry: utils.Retry) -> None:
        told.append((retry.attempt, str(retry.error)))

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "GET" and not told:
            return httpx.Response(503)
        return stored(request)

    retries = attrs.evolve(SOON, on_retry=on_retry)
    outcome = await drawn(way, Wire(handler), tmp_path, retries=retries)
    assert (outcome.state, outcome.attempts) == ("done", 1)
    ((number, words),) = told
    assert number == 1
    assert "storage.example" in words


async def test_a_file_that_came_while_a_picture_was_fetched_is_left_alone(
    way: str, tmp_path: Path
) -> None:
    """The picture is paid for, so it has another name."""

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            (tmp_path / "a.png").write_bytes(b"mine")
        return stored(request)

    outcome = await drawn(way, Wire(handler), tmp_path)
    assert outcome.path is not None
    assert (outcome.path.read_bytes(), (tmp_path / "a.png").read_bytes()) == (PNG, b"mine")
    assert outcome.path.name.startswith("a-")


@attrs.frozen
class Changing:
    """The path of a picture; who asks for it changes another file."""

    path: Path
    other: Path

    def __fspath__(self) -> str:
        self.other.write_bytes(PNG + b"x")
        return str(self.path)


async def test_a_picture_that_changes_while_its_job_is_read_fails_it(
    way: str, tmp_path: Path
) -> None:
    """What was recorded would be another picture than what is sent."""
    for name in ("first", "second"):
        (tmp_path / f"{name}.png").write_bytes(PNG)
    first = tmp_path / "first.png"
    job = {"key": "a", "prompt": "p", "image": [first, Changing(tmp_path / "second.png", first)]}
    wire = Wire(stored)
    if way == "sync":
        edit: Any = wire.sync().container.image.edit
        with batch.run(edit, [job], directory=tmp_path / "x") as ran:
            (outcome,) = list(ran)
    else:
        async with wire.asynchronous() as friendli:
            edit = friendli.container.image.edit
            async with batch.arun(edit, [job], directory=tmp_path / "x") as aran:
                (outcome,) = [one async for one in aran]
    assert (outcome.state, wire.requests) == ("failed", [])
    assert "image[0] must be a readable file that stays as it is" in str(outcome.error)
