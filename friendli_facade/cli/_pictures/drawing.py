"""Draws many pictures, some at a time, and keeps each as soon as it is there."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from time import monotonic
from typing import Any, Literal

import attrs

from friendli_facade import (
    APIConnectionError,
    FriendliError,
    InvalidResponseError,
    NotFoundError,
    PermissionDeniedError,
    models,
)
from friendli_facade.batch._limits.attempts import refuses_account
from friendli_facade.cli._arguments import destinations
from friendli_facade.cli._arguments.calls import Call
from friendli_facade.utils import Retry, RetryConfig


@attrs.define(eq=False)
class Job:
    """A call of the command's, and what has become of it."""

    call: Call
    state: Literal["waiting", "drawing", "done", "failed"] = "waiting"
    attempts: int = 1
    error: Exception | None = None
    # Where pictures are that were drawn and not saved; "" for one that could be kept nowhere.
    kept: list[str] = attrs.field(factory=list[str])

    @property
    def place(self) -> Path | None:
        """Where its picture belongs; None is standard output."""
        return self.call.place

    @property
    def prompt(self) -> str:
        """The prompt that is drawn."""
        return str(self.call.arguments["prompt"])

    @property
    def seed(self) -> int | None:
        """The seed that is asked for."""
        return self.call.arguments.get("seed")


@attrs.frozen
class Drawn:
    """A picture that was drawn and saved."""

    job: Job
    image: models.Image
    path: Path | None
    content: bytes = attrs.field(repr=False)
    seconds: float
    note: str

    def record(self) -> dict[str, Any]:
        """The values of a line of JSON."""
        return {
            "path": None if self.path is None else str(self.path),
            "seed": self.image.seed,
            "bytes": len(self.content),
            "media_type": self.image.media_type,
            "sha256": hashlib.sha256(self.content).hexdigest(),
            "attempts": self.job.attempts,
            "seconds": round(self.seconds, 3),
        }


@attrs.frozen
class Saving:
    """How pictures are saved: over files that exist, and with how they were made."""

    overwrite: bool
    metadata: bool


@attrs.frozen
class Watcher:
    """Who is told of what happens, when it does."""

    drawn: Callable[[Drawn], None]
    failed: Callable[[Job], None]
    retried: Callable[[Retry], None]


# The method of the client that makes a call.
Methods = Callable[[Call], Callable[..., Awaitable[Any]]]


async def draw(
    methods: Methods, jobs: Sequence[Job], *, at_once: int, saving: Saving, watcher: Watcher
) -> None:
    """Does all jobs; after a failure that the others would share, no new one is begun."""
    turns = asyncio.Semaphore(at_once)
    is_hopeless = False

    async def do(job: Job) -> None:
        nonlocal is_hopeless
        async with turns:
            if is_hopeless:
                return
            job.state = "drawing"
            try:
                await _one(methods, job, saving, watcher)
            except Exception as error:  # whatever it is, it must not take the others with it
                job.state, job.error = "failed", error
                is_hopeless = is_hopeless or _concerns_all(error)
                watcher.failed(job)

    async with asyncio.TaskGroup() as group:
        for job in jobs:
            group.create_task(do(job))


async def _one(methods: Methods, job: Job, saving: Saving, watcher: Watcher) -> None:
    def retried(retry: Retry) -> None:
        job.attempts = retry.attempt + 1
        watcher.retried(retry)

    started = monotonic()
    retries = RetryConfig(on_retry=retried)
    try:
        result = await methods(job.call)(**job.call.arguments, retries=retries)
    except FriendliError as error:
        job.kept = [*_kept(error, job.place, saving)]
        raise
    failures: list[Exception] = []
    for number, image in enumerate(result.images, 1):
        try:
            drawn = await _save(job, number, image, saving, started)
        except asyncio.CancelledError:
            job.kept += [one.url for one in result.images[number:] if one.url]
            raise
        except Exception as error:  # the other pictures are paid for as well
            failures.append(error)
        else:
            job.state = "done"
            watcher.drawn(drawn)
    if failures:
        raise failures[0]


async def _save(
    job: Job, number: int, image: models.Image, saving: Saving, started: float
) -> Drawn:
    """Puts a picture where it belongs, or notes where one lies that cannot be put there."""
    content = None
    path, note = None, ""
    name = "picture" if job.place is None else destinations.further(job.place, number).name
    try:
        content = await image.aread()
        if job.place is not None:
            place = destinations.further(job.place, number)
            is_replacing = saving.overwrite and number == 1
            path, note = destinations.save(
                image, place, overwrite=is_replacing, metadata=saving.metadata
            )
        elif number == 1:
            destinations.write_to_pipe(content)
        else:
            kept = (
                destinations.rescue(content, name) or image.url or "there was no place to keep it"
            )
            note = f"a pipe is for one picture, and another came: {kept}"
    except BaseException:
        kept = "" if content is None else destinations.rescue(content, name)
        job.kept.append(kept or image.url or "")
        raise
    written = content if path is None else path.read_bytes()
    return Drawn(job, image, path, written, monotonic() - started, note)


def _kept(error: FriendliError, place: Path | None, saving: Saving) -> Iterator[str]:
    """Where the pictures that came before a call failed lie now, or else what came at all."""
    for number, image in enumerate(error.images, 1):
        try:
            if place is not None:
                further = destinations.further(place, number)
                yield str(destinations.save(image, further, metadata=saving.metadata)[0])
                continue
        except OSError:
            pass
        yield destinations.rescue(image.read(), "picture")
    body = error.body if isinstance(error, APIConnectionError | InvalidResponseError) else b""
    if body and not error.images:
        yield destinations.rescue(body, "answer")


def _concerns_all(error: Exception) -> bool:
    if isinstance(error, APIConnectionError):
        return not error.ambiguous
    return refuses_account(error) or isinstance(
        error, PermissionDeniedError | NotFoundError | OSError
    )
