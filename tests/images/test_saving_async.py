"""Saving while an event loop runs: it is not held up, and giving up leaves nothing."""

import asyncio
import errno
import gc
import os
import threading
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any

import anyio
import anyio.from_thread
import anyio.to_thread
import attrs
import httpx
import pytest

from friendli_facade import AsyncFriendli, MetadataWarning, models
from friendli_facade._delivery.receiving import Body
from friendli_facade._images.saving import Part
from scripts.faults.server import Answer, Then, serving
from tests.images.wires import item, wire
from tests.samples import PNG
from tests.storage import PICTURE, of_url
from tests.three_ways import TOKEN
from tests.transports import Wire

OPEN: Any = Path.open


@pytest.fixture(params=["asyncio", "trio"])
def way(request: pytest.FixtureRequest) -> str:
    """The event loops of AsyncFriendli."""
    name: str = request.param
    return name


async def drawn(*items: dict[str, Any]) -> models.Image:
    """The picture of a result of AsyncFriendli."""
    result = await wire(*items).asynchronous().dedicated.image.generate(model="m", prompt="p")
    return result.images[0]


@attrs.define
class Notes:
    """Which threads called what, of what has to do with a folder."""

    folder: Path
    threads: dict[str, set[int]] = attrs.field(factory=dict[str, set[int]])

    def of(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, noted under a name."""

        def noted(*arguments: Any, **options: Any) -> Any:
            place = arguments[0] if arguments else None
            if not isinstance(place, Path) or self.folder in place.parents:
                self.threads.setdefault(name, set()).add(threading.get_ident())
            return function(*arguments, **options)

        return noted


@attrs.frozen
class Noted:
    """A file whose every use is noted."""

    file: Any
    notes: Notes

    def __getattr__(self, name: str) -> Any:
        return self.notes.of(f"file.{name}", getattr(self.file, name))


@pytest.mark.parametrize("picture", [item(PNG), item()], ids=["base64", "url"])
async def test_the_loop_does_no_file_work(
    picture: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Folders, the file, each piece of it, its sync and its name: all in other threads."""
    image, notes = await drawn(picture), Notes(tmp_path)
    for name in ("mkdir", "hardlink_to", "unlink", "lstat", "is_dir"):
        monkeypatch.setattr(Path, name, notes.of(name, getattr(Path, name)))

    def open_noted(path: Path, *arguments: Any, **options: Any) -> Any:
        file = OPEN(path, *arguments, **options)
        return Noted(file, notes) if tmp_path in path.parents else file

    monkeypatch.setattr(Path, "open", notes.of("open", open_noted))
    monkeypatch.setattr(os, "fsync", notes.of("fsync", os.fsync))
    path = await image.asave(tmp_path / "new" / "cat")
    monkeypatch.undo()
    assert path.read_bytes() == PNG
    used = {"mkdir", "open", "file.write", "file.close", "fsync", "hardlink_to", "unlink"}
    assert used <= set(notes.threads)
    assert threading.get_ident() not in set[int]().union(*notes.threads.values())


async def test_a_warning_is_of_the_line_that_awaits(tmp_path: Path) -> None:
    """What it says is about the place; it is the caller's who asked for metadata."""
    with pytest.warns(MetadataWarning, match=r"cat\.png: its metadata is beside it") as told:
        place = await (await drawn(item(PNG[:-9]))).asave(tmp_path / "cat", metadata=True)
    assert [one.filename for one in told] == [__file__]
    assert sorted(tmp_path.iterdir()) == [place, tmp_path / "cat.png.json"]


async def test_every_worker_thread_may_save_at_once(tmp_path: Path) -> None:
    """While all of anyio's threads wait for the loop, the loop does not wait for one of them."""
    image, count = await drawn(item(PNG)), 40
    started = threading.Barrier(count)

    def work(number: int) -> None:
        started.wait()
        anyio.from_thread.run(image.asave, tmp_path / str(number))

    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            for number in range(count):
                tasks.start_soon(anyio.to_thread.run_sync, work, number)
    assert len(list(tmp_path.glob("*.png"))) == count


async def test_a_save_that_is_cancelled_leaves_nothing(tmp_path: Path) -> None:
    """No `.part` stays behind when a task gives up in the middle of a download."""
    with (
        serving(lambda _: Answer(PICTURE.data[:-9], Then.STALL)) as storage,
        serving(lambda _: of_url(storage.url)) as server,
    ):
        async with AsyncFriendli(token=TOKEN, server_url=server.url) as friendli:
            result = await friendli.dedicated.image.generate(model="m", prompt="p")
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(result.images[0].asave, tmp_path / "cat")
                assert await anyio.to_thread.run_sync(storage.read, 1)
                assert [path.suffix for path in tmp_path.iterdir()] == [".part"]
                tasks.cancel_scope.cancel()
            assert await anyio.to_thread.run_sync(storage.idle)
    assert list(tmp_path.iterdir()) == []


async def test_a_save_may_be_cancelled_between_two_pieces(tmp_path: Path) -> None:
    """httpx's generators end with it: trio warns of those that are left to the collector."""
    scope, ended = anyio.CancelScope(), list[str]()

    class Pieces(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncGenerator[bytes]:
            try:
                scope.cancel()
                yield PNG[:9]
                await anyio.sleep_forever()
            except anyio.get_cancelled_exc_class():
                ended.append("cancelled")
                raise

    def respond(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, stream=Pieces())
        return httpx.Response(200, json={"data": [item()]})

    friendli = Wire(respond).asynchronous()
    result = await friendli.dedicated.image.generate(model="m", prompt="p")
    with scope:
        await result.images[0].asave(tmp_path / "cat")
    assert (ended, list(tmp_path.iterdir())) == (["cancelled"], [])


async def test_a_disk_that_fills_up_leaves_no_generator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of httpx's, which trio would warn of; nor a file."""

    def add(_: Body, __: bytes) -> bool:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Body, "add", add)
    with serving(lambda _: PICTURE) as storage, serving(lambda _: of_url(storage.url)) as server:
        async with AsyncFriendli(token=TOKEN, server_url=server.url) as friendli:
            (image,) = (await friendli.dedicated.image.generate(model="m", prompt="p")).images
            with pytest.raises(OSError, match="No space"):
                await image.asave(tmp_path / "cat")
            gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_a_thread_that_comes_late_begins_nothing(tmp_path: Path) -> None:
    """Whoever gave up before it began has cleared already."""
    part = Part(tmp_path / "a" / "cat", "image", PNG, False)
    part.discard()
    part.begin()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("way", ["asyncio"])
@pytest.mark.parametrize("step", ["open", "hardlink_to"])
async def test_a_save_that_is_cancelled_within_a_step_leaves_no_part(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """asyncio's own cancellation does not wait for a thread: what that does is cleared too."""
    image, plain = await drawn(item(PNG)), getattr(Path, step)
    reached, given_up = threading.Event(), threading.Event()

    def slow(*arguments: Any) -> Any:
        reached.set()
        assert given_up.wait(60)
        return plain(*arguments)

    monkeypatch.setattr(Path, step, slow)
    task = asyncio.create_task(image.asave(tmp_path / "cat"))
    assert await anyio.to_thread.run_sync(reached.wait, 60)
    task.cancel()
    await asyncio.sleep(0)
    given_up.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert {path.suffix for path in tmp_path.iterdir()} <= {".png"}
